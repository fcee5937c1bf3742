"""The walk of many patients through their segments, in machine code: one kernel for all that reads concentrations.

Knows the order at one moment (what is left, reset, steady state, bolus) and which times read which segment. Does not
know what becomes of the curves, nor how threads share the patients. The two passes of a segment: first its
coefficients, number by number; then a plain loop over its times, which the compiler turns into vector instructions. It
runs over a multiple of eight times, and so past the end of its segment, where the next one writes anew: a remainder of
single numbers would cost as much as the rest.

The kernel is one long function over plain arrays on purpose. Handed on in tuples or as slices, each array is counted
by Numba as referred to once more at every step, and that took longer than the exponentials.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inotrope.kinetics.many.disposition import enter_steady, feed, gather, invert, project, solve, step
from inotrope.kinetics.many.exponential import left_and_gone
from inotrope.kinetics.many.machine import LANES, SOURCES, Floats, Integers, fused, inlined, kernel

GENERAL, SHARED = 0, 1
"""Whose times: each patient's own, or one set for all."""
BISECT_ABOVE = 256
"""Times of one patient from which on the first of a segment is looked for by halving before it is by strides."""


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


@functools.cache
def kernel_of(compartments: int, kind: int) -> Callable[..., None]:
    """Return the kernel for one number of compartments and one kind of times: the compiler takes both for constants.

    It is called with the arrays of `Many` up to `first_time`, in their order; with the number of times of each patient
    where all have the same, the patients from the first number up to the second, and where to write, one patient after
    the other.
    """

    @kernel
    def walk(
        offset: Integers,
        begin_h: Floats,
        rate: Floats,
        bolus: Floats,
        reset: NDArray[np.bool_],
        steady: Integers,
        row: Integers,
        cycles: Floats,
        cycle_add: NDArray[np.bool_],
        cycle_row: Integers,
        parameters: Floats,
        offset_time: Integers,
        time_h: Floats,
        first_time: Integers,
        same: int,
        start_patient: int,
        stop_patient: int,
        out: Floats,
        sources: int = SOURCES,
    ) -> None:
        root, inverse, state = np.zeros(compartments), np.zeros(compartments), np.zeros(compartments)
        level, fill = np.zeros(compartments), np.zeros(compartments)
        projector = np.zeros((compartments, compartments, compartments))
        held, fed = np.zeros((compartments, compartments)), np.zeros((compartments, compartments))
        # Up to the end of this part and no further: what lies behind belongs to another thread.
        end_of_part = offset_time[stop_patient] if kind == GENERAL else stop_patient * same
        for patient in range(start_patient, stop_patient):
            if kind == GENERAL:
                start, count, shift = offset_time[patient], offset_time[patient + 1], 0
            else:
                start, count, shift = 0, same, patient * same
            first, end = offset[patient], offset[patient + 1]
            solved, per_volume = -1, 0.0
            for place in range(first - 1, end):
                if start == count:
                    break
                # Where the next segment begins to be read; in front of the first one all is 0.
                stop = count
                if place + 1 < end:
                    if kind == GENERAL and first_time.size:
                        stop = first_time[place + 1]
                    else:
                        stop = first_not_before(time_h, start, count, begin_h[place + 1])
                if place < first:
                    for early in range(start, stop):
                        out[early + shift] = 0.0
                    start = stop
                    continue

                if place > first:
                    hours = begin_h[place] - begin_h[place - 1]
                    if hours > 0:
                        step(compartments, root, inverse, hours, held, fed)
                if place == first or reset[place]:
                    for mode in range(compartments):
                        for to in range(compartments):
                            held[mode, to] = 0.0
                cycle = steady[place]
                if cycle >= 0 or row[place] != solved:
                    gather(compartments, held, state)
                    if cycle >= 0:
                        solve(parameters, cycle_row[cycle], compartments, root, projector)
                        enter_steady(compartments, cycles, cycle, cycle_add[cycle], root, projector, state)
                    solved = row[place]
                    solve(parameters, solved, compartments, root, projector)
                    invert(compartments, root, inverse)
                    per_volume = 1.0 / parameters[solved, 1]
                    project(compartments, projector, state, held)
                feed(compartments, projector, bolus[place], rate[place], held, fed)
                if stop == start:
                    continue

                slope = coefficients(per_volume, compartments, inverse, held, fed, level, fill)
                whole = min((stop - start + LANES - 1) // LANES * LANES, end_of_part - shift - start)
                whole = min(whole, time_h.size - start)
                read(time_h, out, start, shift, whole, begin_h[place], slope, compartments, root, level, fill)
                start = stop

    return walk
