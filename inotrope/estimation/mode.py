"""What a search for the most probable deviations came to: the place, how sure it is, and whether it is one.

Knows when an end of a search is a minimum: the gradient vanishes and every direction curves upward. An end at the
boundary, or anywhere else, is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.derivatives import Derivatives
from inotrope.estimation.objective import deviation
from inotrope.estimation.problem import Bools, Floats, Problem

FARTHEST = 8.0
"""SDs of the prior, over all etas together: of ten thousand million patients with ten etas not one lies farther out."""
AT_THE_EDGE = 1 - 1e-6
STATIONARY = 1e-6
"""SDs of the posterior: what is left of Newton's step. The answer itself is better by the square."""
SAME = 1e-3
"""SDs of the prior: minima nearer than this are one."""


@dataclass(frozen=True, slots=True, eq=False)
class Mode:
    """The most probable etas of each patient.

    Attributes:
        etas: ([patients,] k).
        objective: ([patients,]), see `objective`.
        hessian: ([patients,] k, k), of the objective.
        covariance: ([patients,] k, k), the inverse of half the Hessian; nan where the search did not converge.
        gradient: ([patients,]), the largest component's size.
        step: ([patients,]), SDs of the posterior to the exact minimum, by Newton's step; nan without curvature.
        iterations: ([patients,]), of the start that led here.
        converged: ([patients,]), whether this is a minimum, inside the boundary.
        on_boundary: ([patients,]), whether it lies as far out as the search goes.
        ended: ([patients,]), how many starts ended in a minimum.
        minima: (minima, [patients,] k), every distinct one from the lowest on; nan where a patient has fewer.
        rises: (minima, [patients]), how far each lies above the lowest; nan where a patient has fewer.
    """

    etas: Floats
    objective: Floats
    hessian: Floats
    covariance: Floats
    gradient: Floats
    step: Floats
    iterations: NDArray[np.int64]
    converged: Bools
    on_boundary: Bools
    ended: NDArray[np.int64]
    minima: Floats
    rises: Floats

    @property
    def distinct(self) -> NDArray[np.int64]:
        """How many distinct minima each patient has, ([patients])."""
        return np.asarray(np.isfinite(self.rises).sum(axis=0))


def best_of(problem: Problem, etas: Floats, found: Derivatives, steps: NDArray[np.int64]) -> Mode:
    """Return the lowest minimum of each patient, or, where there is none, the lowest end.

    Args:
        problem: The problem.
        etas: (starts, [patients,] k), where the starts ended.
        found: The derivatives there.
        steps: (starts, [patients]), how many each took.
    """
    curvature = np.linalg.eigvalsh(found.hessian)
    upward = curvature[..., 0] > 0
    left = np.where(upward, _step_left(found, upward), np.nan)
    edge = np.sqrt(deviation(problem, etas)) > FARTHEST * AT_THE_EDGE
    minimum = upward & ~edge & (np.where(upward, left, np.inf) <= STATIONARY)
    ranked = np.where(minimum, found.value, np.inf)
    best = np.where(minimum.any(axis=0), ranked.argmin(axis=0), found.value.argmin(axis=0))

    def at_best(array: NDArray[Any]) -> NDArray[Any]:
        index = best.reshape(1, *best.shape, *[1] * (array.ndim - 1 - best.ndim))
        return np.asarray(np.take_along_axis(array, index, axis=0)[0])

    converged, hessian = at_best(minimum), at_best(found.hessian)
    sound = np.where(converged[..., None, None], hessian, np.eye(problem.count))
    covariance = np.where(converged[..., None, None], 2 * np.linalg.inv(sound), np.nan)
    minima, rises = _distinct(problem, etas, ranked)
    return Mode(
        etas=at_best(etas),
        objective=at_best(found.value),
        hessian=hessian,
        covariance=(covariance + np.swapaxes(covariance, -1, -2)) / 2,
        gradient=np.abs(at_best(found.gradient)).max(axis=-1),
        step=at_best(left),
        iterations=at_best(steps),
        converged=converged,
        on_boundary=at_best(edge),
        ended=minimum.sum(axis=0),
        minima=minima,
        rises=rises,
    )


def _step_left(found: Derivatives, upward: Bools) -> Floats:
    """Return how many SDs of the posterior Newton's step is long: sqrt(g' H^-1 g / 2)."""
    count = found.gradient.shape[-1]
    sound = np.where(upward[..., None, None], found.hessian, np.eye(count))
    step = np.linalg.solve(sound, found.gradient[..., None])[..., 0]
    return np.asarray(np.sqrt(np.maximum((step * found.gradient).sum(axis=-1), 0.0) / 2))


def _distinct(problem: Problem, etas: Floats, ranked: Floats) -> tuple[Floats, Floats]:
    """Return every distinct minimum from the lowest on, and how far each lies above the lowest."""
    order = ranked.argsort(axis=0, kind="stable")
    values = np.take_along_axis(ranked, order, axis=0)
    places = np.take_along_axis(etas, order[..., None], axis=0)
    new = np.isfinite(values)
    for rank in range(1, len(values)):
        near = deviation(problem, places[:rank] - places[rank]) <= SAME * SAME
        new[rank] &= ~(near & new[:rank]).any(axis=0)
    front = (~new).argsort(axis=0, kind="stable")
    kept = np.take_along_axis(new, front, axis=0)
    rises = np.where(new, values, 0.0) - np.where(new[0], values[0], 0.0)
    rises = np.where(kept, np.take_along_axis(rises, front, axis=0), np.nan)
    minima = np.where(kept[..., None], np.take_along_axis(places, front[..., None], axis=0), np.nan)
    most = max(1, int(new.sum(axis=0).max(initial=0)))
    return minima[:most], rises[:most]
