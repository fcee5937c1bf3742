"""The walk of many patients through their segments, in machine code: one kernel for all that reads concentrations.

Knows the order at one moment (what is left, reset, steady state, bolus) and which times read which segment. Does not
know what becomes of the curves, nor how threads share the patients. The two passes of a segment: first its
coefficients, number by number; then the plain loop over its times (`reading.py`).

The kernel is one long function over plain arrays on purpose. Handed on in tuples or as slices, each array is counted
by Numba as referred to once more at every step, and that took longer than the exponentials.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inotrope.kinetics.many.disposition import enter_steady, feed, gather, invert, project, solve, step
from inotrope.kinetics.many.exponential import LANES, SOURCES, Floats, Integers, kernel
from inotrope.kinetics.many.reading import (
    BLOCK,
    coefficients,
    first_not_before,
    first_on_grid,
    read,
    read_grid,
    tabulate,
)

GENERAL, SHARED, GRID = 0, 1, 2
"""Whose times: each patient's own, one set for all, or the points of an even grid."""


@functools.cache
def kernel_of(compartments: int, kind: int) -> Callable[..., None]:
    """Return the kernel for one number of compartments and one kind of times: the compiler takes both for constants.

    It is called with the arrays of `Many` up to `first_time`, in their order; with `start_h` and `step_h` of a grid,
    the number of times of each patient where all have the same, the patients from the first number up to the second,
    and where to write, one patient after the other.
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
        start_h: float,
        step_h: float,
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
        left, gone = np.zeros((compartments, BLOCK)), np.zeros((compartments, BLOCK))
        ahead_h = np.zeros(BLOCK)
        for ahead in range(BLOCK):
            ahead_h[ahead] = ahead * step_h
        per_step = 1.0 / step_h if kind == GRID else 0.0
        # Up to the end of this part and no further: what lies behind belongs to another thread.
        end_of_part = offset_time[stop_patient] if kind == GENERAL else stop_patient * same
        for patient in range(start_patient, stop_patient):
            if kind == GENERAL:
                start, count, shift = offset_time[patient], offset_time[patient + 1], 0
            else:
                start, count, shift = 0, same, patient * same
            first, end = offset[patient], offset[patient + 1]
            solved, tabled, ready, per_volume = -1, -1, 0, 0.0
            for place in range(first - 1, end):
                if start == count:
                    break
                # Where the next segment begins to be read; in front of the first one all is 0.
                stop = count
                if place + 1 < end:
                    if kind == GRID:
                        stop = first_on_grid(start_h, step_h, per_step, start, count, begin_h[place + 1])
                    elif kind == GENERAL and first_time.size:
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
                if kind != GRID:
                    whole = min((stop - start + LANES - 1) // LANES * LANES, end_of_part - shift - start)
                    whole = min(whole, time_h.size - start)
                    read(time_h, out, start, shift, whole, begin_h[place], slope, compartments, root, level, fill)
                    start = stop
                    continue
                if tabled != solved:
                    tabled, ready = solved, 0
                needed = min((stop - start + LANES - 1) // LANES * LANES, BLOCK)
                if ready < needed:
                    tabulate(compartments, root, ready, needed, left, gone, ahead_h)
                    ready = needed
                while start < stop:
                    whole = min((stop - start + LANES - 1) // LANES * LANES, end_of_part - shift - start)
                    hours = start_h + start * step_h - begin_h[place]
                    whole = min(whole, BLOCK)
                    read_grid(
                        *(hours, out, start + shift, whole, slope, compartments, root, level, fill, left, gone, ahead_h)
                    )
                    start = min(start + BLOCK, stop)

    return walk
