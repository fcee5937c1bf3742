"""What flows into a patient over time, as stretches of one rate.

Knows how pieces that may overlap add up. It does not know what was given or is planned (`dosing`), nor where the drug
goes (`kinetics`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inotrope.kinetics import Timeline


@dataclass(frozen=True, slots=True)
class Flow:
    """A rate from one moment to another, in hours from `now`."""

    start_h: float
    end_h: float
    mcg_per_h: float


def changes(flowing: Iterable[Flow]) -> NDArray[np.float64]:
    """Return the moments at which the rate changes, `now` among them, ascending."""
    times = {0.0}
    for flow in flowing:
        times |= {flow.start_h, flow.end_h}
    return np.array(sorted(time for time in times if np.isfinite(time)))


def timeline(flowing: Iterable[Flow], begin_h: NDArray[np.float64], row: object) -> Timeline:
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
