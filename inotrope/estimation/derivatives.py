"""The objective with its exact gradient and a Hessian good to nine digits, all columns in one call.

Knows the complex step: with an imaginary part of 1e-30 on one eta the imaginary part of the objective is the derivative
by that eta, without any subtraction. A difference of two such derivatives gives the second one. It knows no minimum.

Source: Squire and Trapp 1998, SIAM Review 40:110.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inotrope.estimation.objective import objective
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
    count = problem.count
    above, beside = np.triu_indices(count)
    pairs = above.size
    columns = np.zeros((count + 2 * pairs, count), dtype=np.complex128)
    columns[:count] = 1j * IMAGINARY * np.eye(count)
    for start, apart in ((count, APART), (count + pairs, -APART)):
        place = start + np.arange(pairs)
        columns[place, above] += apart
        columns[place, beside] += 1j * IMAGINARY
    columns = columns.reshape(len(columns), *[1] * (etas.ndim - 1), count)
    found = objective(problem, etas + columns)
    slope = found.imag / IMAGINARY
    hessian = np.empty((*etas.shape, count))
    second = np.moveaxis(slope[count : count + pairs] - slope[count + pairs :], 0, -1) / (2 * APART)
    hessian[..., above, beside] = second
    hessian[..., beside, above] = second
    return Derivatives(found[0].real.copy(), np.moveaxis(slope[:count], 0, -1).copy(), hessian)


def jacobian(problem: Problem, etas: Floats) -> tuple[Array, Array]:
    """Return the predicted levels, ng/mL (..., [patients,] levels), and how each eta moves them (..., levels, k)."""
    count = problem.count
    columns = (1j * IMAGINARY * np.eye(count)).reshape(count, *[1] * (etas.ndim - 1), count)
    found = problem.predict(etas + columns)
    return found[0].real.copy(), np.moveaxis(found.imag, 0, -1) / IMAGINARY
