"""How far a model's predictions lie from the measured levels of a table: in shares, and in SDs of a measurement.

Knows means and medians. Whether a number is good enough is not for it to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.evaluation.record import Floats, TableFit

NINETY_FIVE = 1.959964
"""SDs to either side that hold 95 % of normal deviates."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Errors are (predicted - measured) / measured; levels below quantification, of 0, or before any dose have none.

    Attributes:
        levels: How many were counted.
        median_error: A share.
        median_absolute_error: A share.
        rms_error: A share, the root of the mean square.
    """

    levels: int
    median_error: float
    median_absolute_error: float
    rms_error: float


@dataclass(frozen=True, slots=True)
class Residuals:
    """The weighted residuals; as many SDs of a measurement as a level lies above its individual prediction.

    Attributes:
        levels: How many have one.
        mean: Of all; 0 where the model and its error are right.
        sd: Of all; 1 where they are right, and less the fewer levels each subject has (shrinkage).
        beyond: The share that lies more than 1.96 off; 5 % of normal deviates do.
    """

    levels: int
    mean: float
    sd: float
    beyond: float


def agreement(fit: TableFit, predicted_ng_per_ml: Floats) -> Agreement | None:
    """Return how predictions agree with the measured levels; None where no level can be counted.

    Args:
        fit: Of the table.
        predicted_ng_per_ml: (levels,) ng/mL, such as `fit.rows.pred`; nan counts not.
    """
    measured = fit.rows.dv_ng_per_ml
    counted = fit.rows.has_error & np.isfinite(predicted_ng_per_ml)
    if not counted.any():
        return None
    error = predicted_ng_per_ml[counted] / measured[counted] - 1
    return Agreement(
        levels=int(counted.sum()),
        median_error=float(np.median(error)),
        median_absolute_error=float(np.median(np.abs(error))),
        rms_error=float(np.sqrt(np.mean(error * error))),
    )


def residuals(fit: TableFit) -> Residuals | None:
    """Return what the weighted residuals come to; None where fewer than two levels have one."""
    found = fit.rows.weighted
    found = found[np.isfinite(found)]
    if found.size < 2:  # noqa: PLR2004 - one has no SD
        return None
    beyond = float(np.mean(np.abs(found) > NINETY_FIVE))
    return Residuals(found.size, float(found.mean()), float(found.std(ddof=1)), beyond)
