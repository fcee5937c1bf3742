"""How the concentrations of one segment are read: at any times, and on an even grid.

Knows the loops that the compiler turns into vector instructions. Each runs over a multiple of eight times, and so past
the end of its segment, where the next one writes anew: a remainder of single numbers would cost as much as the rest.
Does not know what a segment begins with (`walk.py`).
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.kinetics.many.exponential import LANES, Floats, fused, inlined, left_and_gone

BISECT_ABOVE = 256
"""Times of one patient from which on the first of a segment is looked for by halving before it is by strides."""
BLOCK = 64
"""Points of an even grid that share one exponential of each mode, times a table."""


@inlined
def first_not_before(times: Floats, low: int, high: int, begin: float) -> int:
    """Return the first place from low on whose time is not before the beginning; high where there is none."""
    while high - low > BISECT_ABOVE:
        middle = (low + high) >> 1
        if times[middle] < begin:
            low = middle + 1
        else:
            high = middle
    while low + LANES <= high and times[low + LANES - 1] < begin:
        low += LANES
    while low < high and times[low] < begin:
        low += 1
    return low


@inlined
def coefficients(
    per_volume: float, compartments: int, inverse: Floats, held: Floats, fed: Floats, level: Floats, fill: Floats
) -> float:
    """Write what each mode brings to the concentration; return the slope of modes that do not fall, ng/mL/h."""
    slope = 0.0
    for mode in range(compartments):
        level[mode] = held[mode, 0] * per_volume
        brought = fed[mode, 0] * per_volume
        fill[mode] = brought * inverse[mode]
        if inverse[mode] == 0.0:
            slope += brought
    return slope


@inlined
def read(
    times: Floats,
    out: Floats,
    start: int,
    shift: int,
    count: int,
    begin: float,
    slope: float,
    compartments: int,
    root: Floats,
    level: Floats,
    fill: Floats,
) -> None:
    """Write the concentrations of so many times, ng/mL; a time before the beginning reads the beginning.

    Args:
        times: h.
        out: ng/mL.
        start: The first place of `times`.
        shift: How much further on its concentration is written.
        count: How many.
        begin: h, of the segment.
        slope: As `coefficients` returns it.
        compartments: 1, 2 or 3.
        root: 1/h.
        level: ng/mL.
        fill: ng/mL.
    """
    # Without a sign, an index needs no look at whether it counts from the end.
    first, further = np.uint64(start), np.uint64(shift)
    root1, level1, fill1 = root[0], level[0], fill[0]
    if compartments == 1:
        for ahead in range(np.uint64(count)):
            place = first + ahead
            hours = times[place] - begin
            hours = 0.0 if hours < 0.0 else hours
            left, gone = left_and_gone(root1 * hours)
            out[place + further] = fused(level1, left, fused(fill1, gone, slope * hours))
        return
    root2, level2, fill2 = root[1], level[1], fill[1]
    if compartments == 2:  # noqa: PLR2004
        for ahead in range(np.uint64(count)):
            place = first + ahead
            hours = times[place] - begin
            hours = 0.0 if hours < 0.0 else hours
            left, gone = left_and_gone(root1 * hours)
            other_left, other_gone = left_and_gone(root2 * hours)
            total = fused(level1, left, fused(fill1, gone, slope * hours))
            out[place + further] = fused(level2, other_left, fused(fill2, other_gone, total))
        return
    root3, level3, fill3 = root[2], level[2], fill[2]
    for ahead in range(np.uint64(count)):
        place = first + ahead
        hours = times[place] - begin
        hours = 0.0 if hours < 0.0 else hours
        left, gone = left_and_gone(root1 * hours)
        other_left, other_gone = left_and_gone(root2 * hours)
        last_left, last_gone = left_and_gone(root3 * hours)
        total = fused(level1, left, fused(fill1, gone, slope * hours))
        total = fused(level2, other_left, fused(fill2, other_gone, total))
        out[place + further] = fused(level3, last_left, fused(fill3, last_gone, total))


@inlined
def first_on_grid(start_h: float, step_h: float, per_step: float, low: int, high: int, begin: float) -> int:
    """Return the first point from low on whose time is not before the beginning; high where there is none."""
    place = int(min(max(math.ceil((begin - start_h) * per_step), float(low)), float(high)))
    # The product may be one off; the time itself decides, as where times are given one by one.
    while place > low and start_h + (place - 1) * step_h >= begin:
        place -= 1
    while place < high and start_h + place * step_h < begin:
        place += 1
    return place


@inlined
def tabulate(
    compartments: int, root: Floats, start: int, stop: int, left: Floats, gone: Floats, ahead_h: Floats
) -> None:
    """Write what is left of each mode, and gone, at these points behind the first of a block."""
    # Products of entries that are there would save exponentials, and took longer: they wait for one another.
    first = np.uint64(start)
    for mode in range(compartments):
        own = root[mode]
        for more in range(np.uint64(stop - start)):
            place = first + more
            left[mode, place], gone[mode, place] = left_and_gone(own * ahead_h[place])


@inlined
def read_grid(
    hours: float,
    out: Floats,
    start: int,
    count: int,
    slope: float,
    compartments: int,
    root: Floats,
    level: Floats,
    fill: Floats,
    left: Floats,
    gone: Floats,
    ahead_h: Floats,
) -> None:
    """Write the concentrations of at most `BLOCK` points of a grid, ng/mL.

    With c left of a mode at the first point and f behind it, c f is left and (1 - c) + c (1 - f) is gone: two products
    and sums a mode, and no difference of near equals.

    Args:
        hours: h, from the beginning of the segment to the first point.
        out: ng/mL.
        start: Where the first one is written.
        count: How many.
        slope: As `coefficients` returns it.
        compartments: 1, 2 or 3.
        root: 1/h.
        level: ng/mL.
        fill: ng/mL.
        left: As `tabulate` writes it.
        gone: As `tabulate` writes it.
        ahead_h: h, from the first point to each of them.
    """
    first = np.uint64(start)
    left1, gone1 = left_and_gone(root[0] * hours)
    common = fused(fill[0], gone1, slope * hours)
    level1, fill1 = level[0] * left1, fill[0] * left1
    if compartments == 1:
        for ahead in range(np.uint64(count)):
            total = fused(slope, ahead_h[ahead], common)
            out[first + ahead] = fused(level1, left[0, ahead], fused(fill1, gone[0, ahead], total))
        return
    left2, gone2 = left_and_gone(root[1] * hours)
    common = fused(fill[1], gone2, common)
    level2, fill2 = level[1] * left2, fill[1] * left2
    if compartments == 2:  # noqa: PLR2004
        for ahead in range(np.uint64(count)):
            total = fused(slope, ahead_h[ahead], common)
            total = fused(level1, left[0, ahead], fused(fill1, gone[0, ahead], total))
            out[first + ahead] = fused(level2, left[1, ahead], fused(fill2, gone[1, ahead], total))
        return
    left3, gone3 = left_and_gone(root[2] * hours)
    common = fused(fill[2], gone3, common)
    level3, fill3 = level[2] * left3, fill[2] * left3
    for ahead in range(np.uint64(count)):
        total = fused(slope, ahead_h[ahead], common)
        total = fused(level1, left[0, ahead], fused(fill1, gone[0, ahead], total))
        total = fused(level2, left[1, ahead], fused(fill2, gone[1, ahead], total))
        out[first + ahead] = fused(level3, left[2, ahead], fused(fill3, gone[2, ahead], total))
