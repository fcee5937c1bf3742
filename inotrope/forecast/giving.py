"""What flows into the patient over time: what was given before `now`, and the regimen from then on.

Knows what of it flows when; how that becomes stretches of one rate, `population` knows.
"""

from __future__ import annotations

import numpy as np

from inotrope.dosing import History, WrittenRegimen
from inotrope.population import Flow
from inotrope.units import Quantity


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
