"""What flows into the patient over time: what was given before `now`, and the regimen from then on.

Knows how pieces that may overlap become stretches of one rate. It does not know where the drug goes (`kinetics`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from inotrope.dosing import History, WrittenRegimen
from inotrope.forecast.record import Floats
from inotrope.kinetics import Timeline
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class Flow:
    """A rate from one moment to another, in hours from `now`."""

    start_h: float
    end_h: float
    mcg_per_h: float


def flows(past: History, regimen: WrittenRegimen | None, weight: Quantity) -> tuple[Flow, ...]:
    """Return everything that flows.

    Args:
        past: What was given; a dose that is still going in goes on beside the regimen, an infusion that ran is taken
            over by it.
        regimen: From `now` on; None for nothing.
        weight: The body weight that doses.
    """
    kg = float(weight.in_unit("kg"))
    found = [
        Flow(float(piece.start_h), float(piece.end_h), float(piece.rate_mcg_per_kg_h) * kg) for piece in past.pieces
    ]
    for timed in () if regimen is None else regimen.timed():
        end = np.inf if timed.end_h is None else float(timed.end_h)
        found.append(Flow(float(timed.start_h), end, float(timed.part.mcg_per_h(weight))))
    return tuple(found)


def changes(flowing: Iterable[Flow]) -> Floats:
    """Return the moments at which the rate changes, `now` among them, ascending."""
    times = {0.0}
    for flow in flowing:
        times |= {flow.start_h, flow.end_h}
    return np.array(sorted(time for time in times if np.isfinite(time)))


def timeline(flowing: Iterable[Flow], begin_h: Floats, row: object) -> Timeline:
    """Return the stretches of one rate.

    Args:
        flowing: What flows; what flows at one time adds up.
        begin_h: (segments,), ascending, every change of rate among them.
        row: The parameter row of each segment.
    """
    rates = np.zeros(begin_h.size)
    for flow in flowing:
        rates += np.where((begin_h >= flow.start_h) & (begin_h < flow.end_h), flow.mcg_per_h, 0.0)
    return Timeline.of_rates(begin_h, rates, row=np.asarray(row))
