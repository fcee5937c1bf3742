"""Many patients on an even grid of times: two products and sums a mode and point, and no exponential for any of them.

Knows that the exponential of a time is a product of three: of the time at which the first of up to 64 points lies in
its segment, of the eights from there on, and of the one to seven points further. The last two are those of a patient's
parameters (`tabulate`). Agrees with `walk.py` at the same times to a few units in the last place, not to the bit. The
answer does not depend on the number of threads nor on the order of patients.

With c left of a mode at one time and f behind it, c f is left and (1 - c) + c (1 - f) is gone: no difference of near
equals.

The exponentials of a whole stretch of segments are made before the first of them is entered (`look_ahead`). They take
longest to wait for and need nothing of the state.

One long function, as in `walk.py`, and for the same reason: its entering of a segment stands there too.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.many.disposition import enter_steady, feed, gather, invert, project, solve
from inotrope.kinetics.many.exponential import left_and_gone
from inotrope.kinetics.many.machine import (
    LANES,
    SOURCES,
    Floats,
    Integers,
    eight_at,
    fused,
    inlined,
    kernel,
    put_eight,
)
from inotrope.kinetics.many.patients import Many, buffer, walked
from inotrope.kinetics.many.walk import coefficients

BLOCK = LANES * LANES
"""Points that share one exponential of each mode, times two of the patient's."""
MARKS = 4
"""Exponentials made for each mode at once: at the next segment, and at the first points of three blocks."""
STRETCH = 16
"""Segments looked ahead at most."""
NEXT, FIRST, FURTHER, NEAR, FAR, EVEN, ODD = range(0, 7 * LANES, LANES)
"""Where in `lanes` stand: how much of the next segment's hours, of those of the first point, and what more goes into
each mark; the hours of eight points, and of eight times eight; which marks are of a mode, and of the one behind it."""


@inlined
def lay_lanes(step_h: float, lanes: Floats) -> None:
    """Write what is the same for all patients."""
    for lane in range(LANES):
        mark = lane % MARKS
        lanes[NEXT + lane] = 1.0 if mark == 0 else 0.0
        lanes[FIRST + lane] = 0.0 if mark == 0 else 1.0
        lanes[FURTHER + lane] = 0.0 if mark == 0 else (mark - 1) * BLOCK * step_h
        lanes[NEAR + lane] = lane * step_h
        lanes[FAR + lane] = lane * LANES * step_h
        lanes[EVEN + lane] = 1.0 if lane < MARKS else 0.0
        lanes[ODD + lane] = 0.0 if lane < MARKS else 1.0


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
def tabulate(compartments: int, root: Floats, lanes: Floats, near: Floats, far: Floats, roots: Floats) -> None:
    """Write what of each mode is left, and gone, at the points near and far; and the root that each mark is of."""
    for mode in range(compartments):
        left, gone = left_and_gone(fused(eight_at(lanes, NEAR), root[mode], -0.0))
        put_eight(near, 2 * LANES * mode, left)
        put_eight(near, 2 * LANES * mode + LANES, gone)
        left, gone = left_and_gone(fused(eight_at(lanes, FAR), root[mode], -0.0))
        put_eight(far, 2 * LANES * mode, left)
        put_eight(far, 2 * LANES * mode + LANES, gone)
    # Not number by number: reading eight at once would wait until all of them had come to rest.
    for mode in range(0, compartments, 2):
        both = fused(eight_at(lanes, EVEN), root[mode], -0.0)
        if mode + 1 < compartments:
            both = fused(eight_at(lanes, ODD), root[mode + 1], both)
        put_eight(roots, MARKS * mode, both)


@inlined
def mark(
    compartments: int,
    roots: Floats,
    lanes: Floats,
    next_h: float,
    first_h: float,
    at: int,
    left: Floats,
    gone: Floats,
) -> None:
    """Write what of each mode is left, and gone, at the next segment and at the first points of three blocks."""
    hours = fused(eight_at(lanes, NEXT), next_h, fused(eight_at(lanes, FIRST), first_h, eight_at(lanes, FURTHER)))
    for some in range(0, MARKS * compartments, LANES):
        some_left, some_gone = left_and_gone(fused(hours, eight_at(roots, some), -0.0))
        put_eight(left, at + some, some_left)
        put_eight(gone, at + some, some_gone)


@inlined
def look_ahead(
    compartments: int,
    start_h: float,
    step_h: float,
    same: int,
    start: int,
    place: int,
    end: int,
    begin_h: Floats,
    steady: Integers,
    row: Integers,
    roots: Floats,
    lanes: Floats,
    stops: Integers,
    left: Floats,
    gone: Floats,
) -> int:
    """Write where each segment from this one on stops being read, and its marks; return the first one not looked at.

    A stretch ends with the parameters, with the last point, and after `STRETCH` segments.
    """
    per_step, ahead, more = 1.0 / step_h, 0, True
    own, here_h = row[np.uint64(place)], begin_h[np.uint64(place)]
    while more:
        following = np.uint64(place + ahead + 1)
        first_h, next_h, stop, more = start_h + start * step_h - here_h, 0.0, same, False
        if place + ahead + 1 < end:
            here_h, next_h = begin_h[following], begin_h[following] - here_h
            stop = first_on_grid(start_h, step_h, per_step, start, same, here_h)
            more = row[following] == own and steady[following] < 0 and ahead + 1 < STRETCH and stop < same
        mark(compartments, roots, lanes, next_h, first_h, ahead * 2 * LANES, left, gone)
        stops[np.uint64(ahead)] = stop
        start = stop
        ahead += 1
    return place + ahead


@inlined
def pass_on(
    compartments: int, inverse: Floats, hours: float, at: int, left: Floats, gone: Floats, held: Floats, fed: Floats
) -> None:
    """Let the modes fall and fill until the next segment: as `step`, with exponentials that are there."""
    for mode in range(compartments):
        own = np.uint64(at + MARKS * mode)
        some = left[own]
        filled = gone[own] * inverse[mode] if inverse[mode] > 0.0 else hours
        for to in range(compartments):
            held[mode, to] = held[mode, to] * some + fed[mode, to] * filled


@inlined
def draw_line(
    compartments: int,
    level: Floats,
    fill: Floats,
    slope: float,
    hours: float,
    at: int,
    left: Floats,
    gone: Floats,
    lanes: Floats,
    far: Floats,
    line: Floats,
) -> None:
    """Write for each eight points of a block what the tables of `near` are multiplied by, and what is added."""
    common = fused(eight_at(lanes, FAR), slope, slope * hours)
    for mode in range(compartments):
        own = np.uint64(at + MARKS * mode)
        some, rest = left[own], gone[own]
        filled = fill[mode] * some
        further, further_gone = eight_at(far, 2 * LANES * mode), eight_at(far, 2 * LANES * mode + LANES)
        common = fused(further_gone, filled, fused(rest, fill[mode], common))
        put_eight(line, 2 * LANES * mode, fused(further, level[mode] * some, -0.0))
        put_eight(line, 2 * LANES * mode + LANES, fused(further, filled, -0.0))
    put_eight(line, 6 * LANES, common)


@inlined
def read_block(
    compartments: int,
    slope: float,
    lanes: Floats,
    near: Floats,
    line: Floats,
    out: Floats,
    start: int,
    stop: int,
    end: int,
    tail: Floats,
) -> None:
    """Write the concentrations of at most `BLOCK` points, ng/mL, eight at once.

    Args:
        compartments: 1, 2 or 3.
        slope: As `coefficients` returns it.
        lanes: As `lay_lanes` writes it.
        near: As `tabulate` writes it.
        line: As `draw_line` writes it.
        out: ng/mL. Up to seven points past the last are written too, which the next segment or patient writes anew.
        start: The place of the first point.
        stop: The place behind the last point.
        end: The first place that must not be written to.
        tail: Scratch for eight numbers.
    """
    rising = fused(eight_at(lanes, NEAR), slope, -0.0)
    second, third = min(1, compartments - 1) * 2 * LANES, min(2, compartments - 1) * 2 * LANES
    left1, gone1 = eight_at(near, 0), eight_at(near, LANES)
    left2, gone2 = eight_at(near, second), eight_at(near, second + LANES)
    left3, gone3 = eight_at(near, third), eight_at(near, third + LANES)
    eighth = np.uint64(0)  # without a sign, an index needs no look at whether it counts from the end
    for place in range(start, stop, LANES):
        total = fused(rising, 1.0, line[np.uint64(6 * LANES) + eighth])
        total = fused(left1, line[eighth], fused(gone1, line[np.uint64(LANES) + eighth], total))
        if compartments > 1:
            total = fused(gone2, line[np.uint64(3 * LANES) + eighth], total)
            total = fused(left2, line[np.uint64(2 * LANES) + eighth], total)
        if compartments > 2:  # noqa: PLR2004 - there are three compartments
            total = fused(gone3, line[np.uint64(5 * LANES) + eighth], total)
            total = fused(left3, line[np.uint64(4 * LANES) + eighth], total)
        eighth += np.uint64(1)
        if place + LANES <= end:
            put_eight(out, place, total)
        else:
            put_eight(tail, 0, total)
            for more in range(end - place):
                out[place + more] = tail[more]


@functools.cache
def grid_kernel_of(compartments: int) -> Callable[..., None]:
    """Return the kernel for one number of compartments.

    It is called with the arrays of `Many` up to `parameters`, in their order; with the first time and the step of the
    grid (h), the number of its points, the patients from the first number up to the second, and where to write, one
    patient after the other.
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
        near, far, roots = np.zeros(6 * LANES), np.zeros(6 * LANES), np.zeros(2 * LANES)
        left, gone = np.zeros(2 * LANES * STRETCH), np.zeros(2 * LANES * STRETCH)
        stops = np.zeros(STRETCH, np.int64)
        lanes, line, tail = np.zeros(7 * LANES), np.zeros(7 * LANES), np.zeros(LANES)
        lay_lanes(step_h, lanes)
        end_of_part = stop_patient * same  # what lies behind belongs to another thread
        for patient in range(start_patient, stop_patient):
            first, end, shift = offset[patient], offset[patient + 1], patient * same
            # In front of the first segment all is 0.
            start = first_on_grid(start_h, step_h, 1.0 / step_h, 0, same, begin_h[first]) if first < end else same
            for early in range(start):
                out[shift + early] = 0.0
            solved, per_volume, known, looked = -1, 0.0, first, first
            for place in range(first, end):
                if start == same:
                    break
                at = np.uint64(place)  # as in `read_block`
                if place > first:
                    hours = begin_h[at] - begin_h[np.uint64(place - 1)]
                    pass_on(compartments, inverse, hours, (place - 1 - looked) * 2 * LANES, left, gone, held, fed)
                if place == first or reset[at]:
                    for mode in range(compartments):
                        for to in range(compartments):
                            held[mode, to] = 0.0
                cycle = steady[at]
                if cycle >= 0 or row[at] != solved:
                    gather(compartments, held, state)
                    if cycle >= 0:
                        solve(parameters, cycle_row[cycle], compartments, root, projector)
                        enter_steady(compartments, cycles, cycle, cycle_add[cycle], root, projector, state)
                    solved = row[at]
                    solve(parameters, solved, compartments, root, projector)
                    invert(compartments, root, inverse)
                    per_volume = 1.0 / parameters[solved, 1]
                    project(compartments, projector, state, held)
                    tabulate(compartments, root, lanes, near, far, roots)
                if place == known:
                    looked = place
                    known = look_ahead(
                        *(compartments, start_h, step_h, same, start, place, end, begin_h, steady, row),
                        *(roots, lanes, stops, left, gone),
                    )
                feed(compartments, projector, bolus[at], rate[at], held, fed)
                slope = coefficients(per_volume, compartments, inverse, held, fed, level, fill)
                marks, block, stop = (place - looked) * 2 * LANES, 1, stops[np.uint64(place - looked)]
                while start < stop:
                    hours = start_h + start * step_h - begin_h[at]
                    if block == MARKS:
                        next_h = begin_h[place + 1] - begin_h[at] if place + 1 < end else 0.0
                        mark(compartments, roots, lanes, next_h, hours, marks, left, gone)
                        block = 1
                    draw_line(compartments, level, fill, slope, hours, marks + block, left, gone, lanes, far, line)
                    until = min(stop, start + BLOCK)
                    read_block(
                        compartments, slope, lanes, near, line, out, start + shift, until + shift, end_of_part, tail
                    )
                    start = until
                    block += 1

    return walk


def concentrations_even(
    many: Many, *, step_h: float, count: int, start_h: float = 0.0, out: Floats | None = None, threads: int = 1
) -> Floats:
    """Return the concentration of each patient at `start_h + k step_h` for k from 0 up to `count`.

    Args:
        many: The patients; their own times are not looked at.
        step_h: h, above 0.
        count: How many times, at least 0.
        start_h: h, the first time.
        out: `(N, count)` float64, contiguous, written to and returned; None makes an array, which takes longer than
            what is written to it.
        threads: How many work at once.

    Returns:
        ng/mL, `(N, count)`; 0 before everything. At the time of a dose: just after it.

    Raises:
        KineticsError: The grid is none, `out` does not fit, or `threads` is below 1.
    """
    for name, value, sound in (
        ("step_h", step_h, math.isfinite(step_h) and step_h > 0),
        ("start_h", start_h, math.isfinite(start_h)),
        ("count", count, count >= 0 and count == int(count)),
    ):
        if not sound:
            accepted = {"step_h": "hours above 0", "start_h": "finite hours", "count": "a whole number of at least 0"}
            raise KineticsError(f"'{name}' is '{value}'.", value=value, accepted=accepted[name], where=name)
    result = buffer(out, (many.patients, int(count)))
    return walked(many, grid_kernel_of(many.compartments), result, (float(start_h), float(step_h)), threads=threads)
