"""When a studied range is left, and how probably: of each draw the first moment outside, of all draws how many by when.

Knows curves of draws on a grid of times, straight between them. A range is no limit of safety, and leaving it no harm
that anybody has shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from inotrope.drug import StudiedRange
from inotrope.forecast.record import SHARES_LEFT, Floats, Leaving, Side


def leaving_of(levels_ng_per_ml: Floats, times_h: Floats, bands: Iterable[StudiedRange]) -> tuple[Leaving, ...]:
    """Return how each range is left, above and below.

    Args:
        levels_ng_per_ml: (draws, times).
        times_h: (times,), ascending.
        bands: The ranges.
    """
    found = []
    for band in bands:
        low, high = (float(end.value.in_unit("ng/mL")) for end in (band.low, band.high))
        beyond, under = levels_ng_per_ml > high, levels_ng_per_ml < low
        been_in = np.logical_or.accumulate(~under, axis=1)
        for side, end, outside, first in (
            (Side.ABOVE, high, beyond, beyond),
            (Side.BELOW, low, under, under & been_in),
        ):
            left = np.sort(_first_h(levels_ng_per_ml, times_h, first, end))
            share = float(np.isfinite(left).mean())
            by = tuple(_reached(left, wanted) for wanted in SHARES_LEFT)
            now, at_the_end = float(outside[:, 0].mean()), float(outside[:, -1].mean())
            found.append(Leaving(band.id, side, now, at_the_end, share, by))
    return tuple(found)


def _first_h(levels: Floats, times_h: Floats, outside: NDArray[np.bool_], end: float) -> Floats:
    """Return when each draw first lies outside, (draws,) h: where its straight line crosses the end; inf for never."""
    place = outside.argmax(axis=1)
    before, row = np.maximum(place - 1, 0), np.arange(len(levels))
    rise = levels[row, place] - levels[row, before]
    share = np.where(rise == 0, 0.0, (end - levels[row, before]) / np.where(rise == 0, 1.0, rise))
    crossed = times_h[before] + share * (times_h[place] - times_h[before])
    return np.where(outside.any(axis=1), np.where(place == 0, times_h[0], crossed), np.inf)


def _reached(ordered_h: Floats, share: float) -> float | None:
    """Return when so large a share of the draws has left."""
    time = float(ordered_h[math.ceil(share * ordered_h.size - 1e-9) - 1])
    return time if math.isfinite(time) else None
