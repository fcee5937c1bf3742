"""What many draws of one patient come to: percentiles, and the shares below, in and above each studied range.

Knows arrays whose first axis is the draws. It draws nothing itself (`population`).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from inotrope.drug import StudiedRange
from inotrope.forecast.record import Chances, Floats, Spread

Integers = NDArray[np.int64]

PERCENTILES = np.array([5.0, 25.0, 50.0, 75.0, 95.0])
"""The ends of the 90 % and 50 % intervals, and the median between them."""


def places_of_percentiles(count: int | Integers) -> tuple[Integers, Floats]:
    """Return where `PERCENTILES` lie among draws in order: below which draw, and how far on the way to the next.

    Draw k of n in order stands in the middle of its share, at (k + 1/2) / n, as even draws are made
    (`population.virtual.even`); beyond the first and the last stands that one (Hazen's way).

    Args:
        count: n; one number, or (...) for rows of unlike length. Of no draw it is the first place.

    Returns:
        Twice (percentiles, ...): the place from 0 on, and a share of 1.
    """
    place = np.clip(np.multiply.outer(PERCENTILES / 100, count) - 0.5, 0, np.maximum(np.subtract(count, 1), 0))
    below = np.floor(place).astype(np.int64)
    return below, place - below


def spread_of(values: Floats) -> Spread:
    """Return how the draws lie, (draws, ...) to arrays (...), by straight lines between the ordered draws."""
    return Spread(*(np.asarray(end) for end in _percentiles(values)))


def _percentiles(values: Floats) -> Floats:
    """Return them in front of the other axes: `np.percentile(method="hazen")` without the masked arrays it loads."""
    ordered = np.sort(values, axis=0)
    below, share = places_of_percentiles(len(ordered))
    share = share.reshape(-1, *(1 for _ in ordered.shape[1:]))
    lower, upper = ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)]
    return np.asarray(lower + share * (upper - lower))


def chances_of(levels_ng_per_ml: Floats, bands: Iterable[StudiedRange]) -> tuple[Chances, ...]:
    """Return the shares of draws below, in and above each range, (draws, ...) to arrays (...); the ends are inside."""
    found = []
    for band in bands:
        low, high = (float(end.value.in_unit("ng/mL")) for end in (band.low, band.high))
        below, above = levels_ng_per_ml < low, levels_ng_per_ml > high
        shares = (np.asarray(where.mean(axis=0)) for where in (below, ~(below | above), above))
        found.append(Chances(band.id, *shares))
    return tuple(found)
