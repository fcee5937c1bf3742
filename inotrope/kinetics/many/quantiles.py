"""Quantiles over many patients, without ever holding all their curves: times are taken in blocks.

Knows that at one time a quantile needs every patient, and that at another time it needs none of them. So a million
patients need room for a few times each, not for their curves. Does not know why a level is asked for.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike

from inotrope.errors import KineticsError
from inotrope.kinetics.many.choosing import quantiles_of_columns
from inotrope.kinetics.many.laying import shared_times
from inotrope.kinetics.many.machine import Floats
from inotrope.kinetics.many.patients import Many, concentrations_of_many

BLOCK = 16
"""Times in one go: of a million patients 128 MB."""


def quantiles_of_many(
    many: Many, times_h: ArrayLike, levels: ArrayLike, *, block: int = BLOCK, threads: int = 1
) -> Floats:
    """Return quantiles of the concentration over all patients, at each time.

    Args:
        many: The patients; their own times are not looked at.
        times_h: h, in order, the same for all.
        levels: Shares from 0 to 1, such as 0.05, 0.5 and 0.95.
        block: How many times are held at once; the answer is the same for any number.
        threads: How many work at once.

    Returns:
        ng/mL, `(times, levels)`, interpolated linearly between patients, as `numpy.quantile` does.

    Raises:
        KineticsError: A level is not from 0 to 1, `block` or `threads` is below 1, there is no patient, or times are
            not finite or not in order.
    """
    times, asked = shared_times(times_h), np.atleast_1d(np.asarray(levels, dtype=np.float64))
    for name, value, sound, accepted in (
        ("levels", levels, asked.ndim == 1 and bool(((asked >= 0) & (asked <= 1)).all()), "shares from 0 to 1"),
        ("block", block, block >= 1, "a number of at least 1"),
        ("many", many.patients, many.patients >= 1, "one patient or more"),
    ):
        if not sound:
            raise KineticsError(f"'{name}' is '{value!s}'.", value=value, accepted=accepted, where=name)
    found = np.empty((times.size, asked.size))
    room = np.empty(many.patients * min(block, times.size))

    for start in range(0, times.size, block):
        few = times[start : start + block]
        curves = room[: many.patients * few.size].reshape(many.patients, few.size)
        concentrations_of_many(many, few, out=curves, threads=threads)

        def at(place: int, curves: Floats = curves, start: int = start) -> None:
            found[start + place] = quantiles_of_columns(curves[:, place : place + 1], asked)[0]

        if threads == 1:
            found[start : start + few.size] = quantiles_of_columns(curves, asked)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(at, range(few.size)))
    return found
