"""The objective with its exact gradient and a Hessian good to nine digits, all columns in one call.

Knows the complex step: with an imaginary part of 1e-30 on one eta the imaginary part of a likelihood is its derivative
by that eta, without any subtraction. A difference of two such derivatives gives the second one. It knows no minimum.

Source: Squire and Trapp 1998, SIAM Review 40:110.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.objective import weighted_logarithms
from inotrope.estimation.problem import Floats, Problem
from inotrope.population.forms import Array

IMAGINARY = 1e-30
"""So small that its square is lost beside 1: the derivative is exact and the value unchanged."""
APART = 2e-5
"""Of the etas whose gradients are subtracted: the rest of the series is 1e-9 of a second derivative, rounding less."""


class Derivatives(NamedTuple):
    """The objective at some etas.

    Attributes:
        value: (..., [patients]).
        gradient: (..., [patients,] k).
        hessian: (..., [patients,] k, k), symmetric.
    """

    value: Floats
    gradient: Floats
    hessian: Floats


def derivatives(problem: Problem, etas: Floats) -> Derivatives:
    """Return the objective with its first and second derivatives.

    Args:
        problem: Of one patient, or of many of one design.
        etas: (..., [patients,] k), real.

    Raises:
        KineticsError: As `objective`.
    """
    count, given = problem.count, np.asarray(etas)
    columns, above, beside = columns_of(count)
    pairs = above.size
    shares = weighted_logarithms(problem, given + columns.reshape(len(columns), *[1] * (given.ndim - 1), count))
    slope = np.moveaxis(shares.imag, 0, -1) * (-2 / IMAGINARY)
    second = (slope[..., count : count + pairs] - slope[..., count + pairs :]) / (2 * APART)
    # What the prior brings is a square, whose derivatives are plain.
    precision = problem.whitening.T @ problem.whitening
    pulled = (precision * given[..., None, :]).sum(axis=-1)
    hessian = np.empty((*given.shape, count))
    hessian[..., above, beside] = hessian[..., beside, above] = second
    hessian += 2 * precision
    value = (given * pulled).sum(axis=-1) - 2 * shares[0].real
    return Derivatives(value, slope[..., :count] + 2 * pulled, hessian)


@functools.cache
def columns_of(count: int) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Return what is added to the etas for all derivatives at once, and the pairs of the second ones.

    Returns:
        (columns, k) complex: first k of the gradient; then for each pair of etas, the first one farther and the second
        with the complex step; then the same with the first one nearer. Then the pairs' first and second etas.
    """
    above, beside = np.triu_indices(count)
    pairs = above.size
    columns = np.zeros((count + 2 * pairs, count), dtype=np.complex128)
    columns[:count] = 1j * IMAGINARY * np.eye(count)
    for start, apart in ((count, APART), (count + pairs, -APART)):
        place = start + np.arange(pairs)
        columns[place, above] += apart
        columns[place, beside] += 1j * IMAGINARY
    for array in (columns, above, beside):
        array.flags.writeable = False
    return columns, above, beside


def jacobian(problem: Problem, etas: Floats) -> tuple[Array, Array]:
    """Return the predicted levels, ng/mL (..., [patients,] levels), and how each eta moves them (..., levels, k)."""
    count = problem.count
    columns = (1j * IMAGINARY * np.eye(count)).reshape(count, *[1] * (etas.ndim - 1), count)
    found = problem.predict(etas + columns)
    return found[0].real.copy(), np.moveaxis(found.imag, 0, -1) / IMAGINARY
