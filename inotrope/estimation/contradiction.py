"""Levels that no one patient can have together: how far even the draw that comes nearest to all of them stays away.

Knows draws that levels left and the error of a measurement. Whether a level is plausible by itself is asked before
(`plausibility.py`); what is done about a contradiction, a plan decides.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.estimation.plausibility import IMPLAUSIBLE, even_scale
from inotrope.estimation.problem import ErrorModel, Floats, Levels

CONTRADICTS = IMPLAUSIBLE
"""SDs of a normal quantity, a judgement: the distance at which one level by itself is called implausible. Two levels of
one moment then contradict each other where one is about 2.7 times the other, at an error of 15 %."""


def squares_nearest(levels: Levels, error: ErrorModel, seen: Floats) -> float:
    """Return the sum of squared distances, each in SDs of the error, of all levels from the draw nearest to them.

    Distances are taken on the scale on which every level has an error of 1. A level below quantification is away only
    from a draw that lies above its limit, and one with a weight of 0 is left out.

    Args:
        levels: (levels,) of one patient.
        error: Of the measurement.
        seen: (draws, levels) ng/mL, of the draws that these levels left.
    """
    away = even_scale(error, seen) - even_scale(error, levels.level_ng_per_ml)
    away = np.where(levels.below, np.maximum(away, 0.0), away)
    return float((away * away)[:, levels.weight > 0].sum(axis=1).min())


def contradict(levels: Levels, error: ErrorModel, seen: Floats) -> bool:
    """Tell whether levels contradict each other, also by the draw that comes nearest to all of them.

    The squares are held against the chi-squared of as many degrees as there are levels, although the draw was chosen
    among many by them: so that a doubt is raised later and never earlier than the limit says. Its quantile is that of
    Wilson and Hilferty 1931, Proc Natl Acad Sci 17:684.

    Args:
        levels: (levels,) of one patient; fewer than two contradict nothing.
        error: Of the measurement.
        seen: (draws, levels) ng/mL, of the draws that these levels left.
    """
    count = int((levels.weight > 0).sum())
    if count < 2:  # noqa: PLR2004 - it takes two to contradict each other
        return False
    return squares_nearest(levels, error, seen) > _limit(count)


def _limit(count: int) -> float:
    """Return the quantile of a chi-squared of so many degrees at the chance to lie `CONTRADICTS` SDs above a middle."""
    part = 2 / (9 * count)
    return float(count * (1 - part + CONTRADICTS * math.sqrt(part)) ** 3)
