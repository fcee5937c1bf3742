"""Quantiles, without putting all numbers in order: only those near a wanted rank are sorted.

Knows counting: numbers fall into even steps between the lowest and the highest, in the order that they have. A number
is read three times and seldom moved, which takes a third of the time that sorting or parting all of them takes. Does
not know what the numbers are.
"""

from __future__ import annotations

import numpy as np

from inotrope.kinetics.many.machine import Floats, Integers, kernel

MOST_STEPS = 4096
EACH = 4
"""Numbers that a step holds on the average, until there are so many steps."""


def quantiles_of_columns(values: Floats, shares: Floats) -> Floats:
    """Return quantiles of each column, `(columns, shares)`, linear between ranks: the bits of `numpy.quantile`.

    Args:
        values: `(numbers, columns)`, at least one number, all finite.
        shares: `(shares,)`, from 0 to 1.
    """
    last = values.shape[0] - 1
    place = last * shares
    before = np.floor(place).astype(np.int64)
    ranks, back = np.unique(np.concatenate([before, np.minimum(before + 1, last)]), return_inverse=True)
    found, room = np.empty((values.shape[1], ranks.size)), np.empty(values.shape[0])
    for column, chosen in zip(values.T, found, strict=True):
        # Laid side by side first: numbers that lie apart take several times as long to read.
        choose(column.copy(), ranks, room, chosen)
    low, high = np.split(found[:, back], 2, axis=1)
    part = place - before
    # Counted from the nearer end, as NumPy does.
    return np.asarray(np.where(part < 1 / 2, low + (high - low) * part, high - (high - low) * (1 - part)))


@kernel
def choose(numbers: Floats, ranks: Integers, room: Floats, out: Floats) -> None:
    """Write the numbers at some ranks to `out`.

    Args:
        numbers: `(numbers,)`, finite.
        ranks: Ascending, each once, from 0.
        room: `(numbers,)`, whose content is lost.
        out: `(ranks,)`, for the answer.
    """
    low, high = numbers[0], numbers[0]
    for number in numbers:
        low, high = min(low, number), max(high, number)
    steps = min(MOST_STEPS, max(1, numbers.size // EACH))
    scale = steps / (high - low) if high > low else np.inf
    if scale == np.inf:  # all alike, or too near to each other to be told apart by steps
        room[:] = numbers
        room.sort()
        for place in range(ranks.size):
            out[place] = room[ranks[place]]
        return
    held, begins = np.zeros(steps, np.int64), np.full(steps, -1)
    for number in numbers:
        held[min(int((number - low) * scale), steps - 1)] += 1
    # Room for the steps that hold a wanted rank, one behind the other; `lies` is where the rank will be found.
    lies = np.empty(ranks.size, np.int64)
    below, used, place = 0, 0, 0
    for step in range(steps):
        first = place
        while place < ranks.size and ranks[place] < below + held[step]:
            lies[place] = ranks[place] - below + used
            place += 1
        if place > first:
            begins[step] = used
            used += held[step]
        below += held[step]
    for number in numbers:
        step = min(int((number - low) * scale), steps - 1)
        if begins[step] >= 0:
            room[begins[step]] = number
            begins[step] += 1
    for step in range(steps):
        if begins[step] >= 0:
            room[begins[step] - held[step] : begins[step]].sort()
    for place in range(ranks.size):
        out[place] = room[lies[place]]
