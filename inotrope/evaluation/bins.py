"""Bins of measured levels by time, and percentiles where some levels are only known to lie below a limit.

Knows arithmetic only. A percentile that falls among levels below the limit is below it too, and stands as nan.
"""

from __future__ import annotations

import numpy as np

from inotrope.evaluation.record import Bools, Floats, Ints

MOST, IN_ONE = 10, 20
"""Bins at most, and levels in one at the least where there are enough: of fewer the 5th and 95th percentile are nearly
the lowest and the highest. Judgement."""


def bins_of(time_h: Floats) -> Ints:
    """Return the bin of each level, (n,), counted from 0 in the order of time.

    Bins hold about as many levels each; levels of one time are never parted, so that planned times are bins themselves.

    Args:
        time_h: (n,), in any order; one or more.
    """
    wanted = min(max(time_h.size // IN_ONE, 1), MOST)
    _, place, count = np.unique(time_h, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - count / 2
    coarse = np.minimum((middle * wanted / time_h.size).astype(np.int64), wanted - 1)
    _, numbered = np.unique(coarse, return_inverse=True)
    return np.asarray(numbered[place])


def percentiles(levels: Floats, below: Bools, shares: Floats) -> Floats:
    """Return percentiles over the last axis, (..., shares); nan where one falls among the levels below the limit.

    Between two levels on a straight line: definition 7 of Hyndman and Fan 1996, Am Stat 50:361. A level below the limit
    counts as lower than every other one.

    Args:
        levels: (..., n), one or more.
        below: (..., n), which are only known to lie below the limit.
        shares: (shares,), from 0 to 1.
    """
    ordered = np.sort(np.where(below, -np.inf, levels), axis=-1)
    at = shares * (ordered.shape[-1] - 1)
    lower = at.astype(np.int64)
    upper = np.minimum(lower + 1, ordered.shape[-1] - 1)
    from_level = ordered[..., lower]
    from_level = np.where(np.isneginf(from_level), np.nan, from_level)
    return np.asarray(from_level + (at - lower) * (ordered[..., upper] - from_level))
