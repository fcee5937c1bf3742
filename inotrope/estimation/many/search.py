"""The most probable etas of many subjects, in machine code: the same search as `inotrope.estimation.newton` makes.

Knows what each of eight columns is for: a direction of a derivative. Every subject and start is
alone, so that neither threads nor neighbors change a bit of an answer. Loads Numba.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.derivatives import APART
from inotrope.estimation.many.eights import SOURCES
from inotrope.estimation.many.likelihood import objective_of_eight
from inotrope.estimation.many.modes import SLOTS
from inotrope.estimation.many.steps import newton_step
from inotrope.estimation.mode import FARTHEST
from inotrope.estimation.newton import FULL, LONGEST, MOST_STEPS, SHORTER, STILL, STUCK
from inotrope.kinetics.many.machine import LANES, Floats, Integers, called, kernel


@called
def bring_inside(count: int, whitening: Floats, etas: Floats) -> None:
    """Draw etas back to where an answer may lie."""
    square = 0.0
    for to in range(count):
        white = 0.0
        for source in range(to + 1):
            white += whitening[to, source] * etas[source]
        square += white * white
    outside = math.sqrt(square) / FARTHEST
    if outside > 1.0:
        for place in range(count):
            etas[place] /= outside


@called
def lay_columns(count: int, block: int, here: Floats, etas: Floats, detas: Floats) -> None:
    """Write eight of the columns of `inotrope.estimation.derivatives`; beyond the last one, the place itself."""
    pairs = count * (count + 1) // 2
    for lane in range(LANES):
        for place in range(count):
            etas[LANES * place + lane] = here[place]
            detas[LANES * place + lane] = 0.0
        column = LANES * block + lane
        if column < count:
            detas[LANES * column + lane] = 1.0
        elif column < count + 2 * pairs:
            apart = APART if column < count + pairs else -APART
            pair = (column - count) % pairs
            above = 0
            while pair >= count - above:
                pair -= count - above
                above += 1
            etas[LANES * above + lane] += apart
            detas[LANES * (above + pair) + lane] = 1.0


@called
def gather_derivatives(count: int, slopes: Floats, gradient: Floats, hessian: Floats) -> None:
    """Write gradient and Hessian, from the slopes of all columns."""
    pairs, pair = count * (count + 1) // 2, count
    for above in range(count):
        gradient[above] = slopes[above]
        for beside in range(above, count):
            second = (slopes[pair] - slopes[pair + pairs]) / (2.0 * APART)
            hessian[above, beside] = second
            hessian[beside, above] = second
            pair += 1


@kernel
def search(
    compartments: int,
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
    typical: Floats,
    offset_time: Integers,
    time_h: Floats,
    first_time: Integers,
    level: Floats,
    below: NDArray[np.bool_],
    weight: Floats,
    place_of_eta: Integers,
    whitening: Floats,
    form: int,
    a: float,
    b: float,
    floor: float,
    begin: Floats,
    start_subject: int,
    stop_subject: int,
    end_etas: Floats,
    end_value: Floats,
    end_gradient: Floats,
    end_hessian: Floats,
    end_steps: Integers,
    sources: int = SOURCES,
) -> None:
    """Write where each start of each subject ends, the derivatives there, and how many steps it took.

    Up to `b` it takes what `objective_of_eight` takes; then the least curvature that counts, the places to begin at
    (starts, k), the first subject and the one behind the last, and where to write: etas (starts, N, k), values
    (starts, N), gradients (starts, N, k), Hessians (starts, N, k, k) and steps (starts, N).
    """
    starts, count = begin.shape
    pairs = count * (count + 1) // 2
    blocks = (count + 2 * pairs + LANES - 1) // LANES
    room, droom = np.zeros(SLOTS * LANES), np.zeros(SLOTS * LANES)
    etas, detas = np.zeros(count * LANES), np.zeros(count * LANES)
    numbers, found, dfound = np.zeros(2 * LANES), np.zeros(LANES), np.zeros(LANES)
    slopes, here, step, trial = np.zeros(blocks * LANES), np.zeros(count), np.zeros(count), np.zeros(count)
    gradient, hessian, spent = np.zeros(count), np.zeros((count, count)), np.zeros((count, count))
    lower, vectors = np.zeros((count, count)), np.zeros((count, count))
    for subject in range(start_subject, stop_subject):
        for start in range(starts):
            for place in range(count):
                trial[place] = begin[start, place]
            value, length, reach, taken = 0.0, 0.0, LONGEST, 0
            while True:
                down = True
                for block in range(blocks):
                    lay_columns(count, block, trial, etas, detas)
                    objective_of_eight(
                        compartments, subject, offset, begin_h, rate, bolus, reset, steady, row, cycles, cycle_add,
                        cycle_row, typical, offset_time, time_h, first_time, level, below, weight, place_of_eta,
                        whitening, form, a, b, etas, detas, room, droom, numbers, found, dfound,
                    )  # fmt: skip
                    if block == 0:
                        down = length <= FULL or found[0] < value
                        if not down:
                            break
                        value = found[0]
                    for lane in range(LANES):
                        slopes[LANES * block + lane] = dfound[lane]
                if down:
                    reach = LONGEST
                    gather_derivatives(count, slopes, gradient, hessian)
                    for place in range(count):
                        here[place] = trial[place]
                        for other in range(count):
                            spent[place, other] = hessian[place, other]
                    newton_step(count, gradient, spent, floor, lower, vectors, step)
                    square = 0.0
                    for place in range(count):
                        square += step[place] * step[place]
                    length = math.sqrt(square)
                else:
                    reach = SHORTER * min(length, reach)
                if reach < STUCK or taken >= MOST_STEPS:
                    break
                taken += 1
                for place in range(count):
                    trial[place] = here[place] + min(1.0, reach / max(length, STILL)) * step[place]
                bring_inside(count, whitening, trial)
                if length <= STILL:
                    for place in range(count):
                        here[place] = trial[place]
                    break
            end_value[start, subject] = value
            end_steps[start, subject] = taken
            for place in range(count):
                end_etas[start, subject, place] = here[place]
                end_gradient[start, subject, place] = gradient[place]
                for other in range(count):
                    end_hessian[start, subject, place, other] = hessian[place, other]
