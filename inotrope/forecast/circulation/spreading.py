"""How draws lie of which some have no number: percentiles over those that have one, as `forecast.draws` takes them."""

from __future__ import annotations

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.forecast.draws import places_of_percentiles
from inotrope.forecast.record import Spread


def over_time(values: Array) -> Spread:
    """Return how draws lie at each time, (times, draws) to (times,); NaN where none has a number."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    ordered = np.sort(np.where(known, values, np.inf), axis=1)  # those without a number last
    (below, share), times = places_of_percentiles(count), np.arange(len(values))
    low, high = ordered[times, below], ordered[times, np.minimum(below + 1, np.maximum(count - 1, 0))]
    with np.errstate(invalid="ignore"):  # where nobody has a number, there is none
        ends = np.where(count > 0, low + share * (high - low), np.nan)
    return Spread(*ends)


def of_one(values: Array) -> Spread:
    """Return how draws of one number lie, (draws,) to one number each."""
    return at(over_time(values[None]), 0)


def at(spread: Spread, place: int) -> Spread:
    """Return how draws lie at one of the times, the last one at -1."""
    return Spread(*(end[place] for end in (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest)))
