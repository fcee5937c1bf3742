"""A predictive check as it goes into JSON: in the units of the model file, null for what lies below the limit."""

from __future__ import annotations

import math
from typing import Any

from inotrope.evaluation.predictive_check import SHARES, PredictiveCheck
from inotrope.evaluation.record import Floats, TableFit
from inotrope.simulation.answer import INTERNAL, factor


def check_to_plain(fit: TableFit, check: PredictiveCheck) -> dict[str, Any]:
    """Return the JSON shape of one check.

    Args:
        fit: Of the table.
        check: Of it.
    """
    units = fit.model.data or INTERNAL
    scale, hours = factor("ng/mL", units.concentration), factor("h", units.time)
    limit = check.limit_ng_per_ml * scale
    return {
        "corrected": check.corrected,
        "tables": check.replicates,
        "seed": check.seed,
        "units": {"time": units.time, "concentration": units.concentration},
        "limit": None if math.isnan(limit) else limit,
        "percentiles": (100 * SHARES).tolist(),
        "inside": int(check.inside.sum()),
        "of": int(check.inside.size),
        "drawn_with_as_few": check.as_few,
        "bins": [
            {
                "from": float(check.begin_h[place] * hours),
                "to": float(check.end_h[place] * hours),
                "levels": count,
                "measured": _levels(check.observed[place] * scale),
                "drawn_from": _levels(check.simulated[place, :, 0] * scale),
                "drawn_median": _levels(check.simulated[place, :, 1] * scale),
                "drawn_to": _levels(check.simulated[place, :, 2] * scale),
                "inside": check.inside[place].tolist(),
                "below": float(check.below[place]),
                "below_drawn_from": float(check.below_simulated[place, 0]),
                "below_drawn_to": float(check.below_simulated[place, 2]),
            }
            for place, count in enumerate(check.counts.tolist())
        ],
        "says": list(check.says),
    }


def _levels(levels: Floats) -> list[float | None]:
    return [None if math.isnan(level) else level for level in levels.tolist()]
