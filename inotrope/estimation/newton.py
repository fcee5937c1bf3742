"""The most probable deviations of a patient (MAP): damped Newton steps from several starts, for all patients together.

Knows how to step and when to stop. Proportional error can drive plain Newton to infinity, since a predicted level that
is far too high excuses itself by its error; so steps are bounded, and so is the place. What the answer came to, and
whether it is one, `mode.py` tells.

A step is -V |L|^-1 V' g with the Hessian V L V', so that it goes downhill also where the objective curves down; no
eigenvalue counts less than a floor, and no step is longer than 1; one that does not lead down is made shorter. Source:
modified Newton, Nocedal and Wright, Numerical Optimization, 2nd edition, sections 3.1 and 3.4; settings by the
project's trial on the reference patients.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.estimation.derivatives import Derivatives, derivatives
from inotrope.estimation.mode import FARTHEST, Mode, best_of
from inotrope.estimation.objective import deviation
from inotrope.estimation.problem import Floats, Problem
from inotrope.population import Stream, standard_normals
from inotrope.population.virtual.randoms import whole

MOST_STEPS = 400
"""Eight are the rule; levels known to a part in a thousand make a narrow, curved valley, which takes two hundred."""
LONGEST = 1.0
"""Of a step, in etas: a factor of 2.7 of a parameter."""
FULL = 1e-3
"""A step shorter than this is taken as it is: the objective's own rounding would judge a shorter one."""
SHORTER = 0.25
"""Share of a step that is tried next, where the step did not lead down."""
STILL = 1e-10
"""A step as short as this is the last one, and what the derivatives were before it they are behind it."""
STUCK = 1e-9
"""Where not even a step of this length leads down, the start goes no further."""
WIDER = 2.0
"""Random starts spread twice as far as patients do."""
_COLUMNS = 20_000
"""Etas in one call, about; more would leave the cache. No answer depends on it."""


def find_mode(problem: Problem, *, starts: int = 8, seed: int = 0) -> Mode:
    """Return the most probable etas of each patient, with their covariance, and what the starts found.

    Args:
        problem: Of one patient, or of many of one design; each is found as if he were alone.
        starts: How many: the first at 0, the others at random, the same for every patient.
        seed: Of the random starts.

    Returns:
        See `Mode`; where no start ended in a minimum, `converged` is False, and the rest is where the best start got.

    Raises:
        RequestError: No start, or a seed that is none.
    """
    if whole("count of starts", starts) == 0:
        raise RequestError("A search without a start finds nothing. Give 1 or more.", value="0")
    begin = _starts(problem, starts, seed)
    of_patients = int(np.prod(problem.patients)) * problem.count * (problem.count + 2)
    many = max(1, _COLUMNS // max(of_patients, 1))
    parts = [_walk(problem, begin[first : first + many]) for first in range(0, starts, many)]
    etas, steps = (np.concatenate([part[which] for part in parts]) for which in (0, 2))
    ends = [part[1] for part in parts]
    found = Derivatives(*(np.concatenate(column) for column in zip(*ends, strict=True)))
    return best_of(problem, etas, found, steps)


def _starts(problem: Problem, starts: int, seed: int) -> Floats:
    """Return (starts, [patients,] k): 0, and random places, no farther than an answer may lie."""
    places = starting_places(problem, starts, seed)
    shape = (starts, *[1] * len(problem.patients), problem.count)
    return np.broadcast_to(places.reshape(shape), (starts, *problem.patients, problem.count)).copy()


def starting_places(problem: Problem, starts: int, seed: int) -> Floats:
    """Return (starts, k): where the search begins, the same for every patient."""
    deviates = _deviates(starts, seed, problem.count)
    return _inside(problem, WIDER * (np.linalg.cholesky(problem.omega) * deviates[:, None, :]).sum(axis=-1))


def least_curvature(problem: Problem) -> float:
    """Return what no eigenvalue of a Hessian counts less than: 1, or the prior's own where that is wide."""
    return min(1.0, 1 / float(np.linalg.eigvalsh(problem.omega)[-1]))


@functools.lru_cache(maxsize=64)
def _deviates(starts: int, seed: int, count: int) -> Floats:
    """Return (starts, k): 0, and normal deviates, the same for every problem."""
    deviates = standard_normals(seed, np.arange(starts), count, Stream.START)
    deviates[0] = 0.0
    deviates.flags.writeable = False
    return deviates


def _inside(problem: Problem, etas: Floats) -> Floats:
    """Return the etas, drawn back to where an answer may lie."""
    outside = np.sqrt(deviation(problem, etas)) / FARTHEST
    return np.asarray(etas / np.maximum(outside, 1.0)[..., None])


def _walk(problem: Problem, begin: Floats) -> tuple[Floats, Derivatives, NDArray[np.int64]]:
    """Return where the starts end, the derivatives there, and how many steps each tried by itself."""
    etas, now, floor = begin.copy(), derivatives(problem, begin), least_curvature(problem)
    reach, steps = np.full(begin.shape[:-1], LONGEST), np.zeros(begin.shape[:-1], dtype=np.int64)
    moving = np.full(begin.shape[:-1], True)
    for _ in range(MOST_STEPS):
        step = _step(now, floor)
        length = np.sqrt((step * step).sum(axis=-1))
        step *= np.minimum(1.0, reach / np.maximum(length, STILL))[..., None]
        there = _inside(problem, etas + step)
        steps += moving
        last = moving & (length <= STILL)
        etas[last] = there[last]
        moving &= ~last
        some = np.flatnonzero(moving.reshape(len(begin), -1).any(axis=-1))
        if not some.size:
            break
        then = derivatives(problem, there[some])
        down = (then.value < now.value[some]) | (length[some] <= FULL)
        taken = moving[some] & down
        for kept, new in zip((etas, *now), (there[some], *then), strict=True):
            kept[some] = np.where(taken.reshape(*taken.shape, *[1] * (new.ndim - taken.ndim)), new, kept[some])
        reach[some] = np.where(down, LONGEST, SHORTER * np.minimum(length, reach)[some])
        moving &= reach >= STUCK
    return etas, now, steps


def _step(now: Derivatives, floor: float) -> Floats:
    """Return the damped Newton step, (..., k)."""
    curvature, vectors = np.linalg.eigh(now.hessian)
    along = (vectors * now.gradient[..., :, None]).sum(axis=-2)
    along = -along / np.maximum(np.abs(curvature), floor)
    return np.asarray((vectors * along[..., None, :]).sum(axis=-1))
