"""How well given deviations agree with the levels and with what is known of patients: one number to be made small.

Knows the likelihood of a level, seen or below quantification, and the prior. It seeks nothing. Everything here takes
complex etas, so that derivatives by the complex step are exact (`derivatives.py`).

    objective = sum_k w_k [log v_k + (y_k - f_k)^2 / v_k] + eta' Omega^-1 eta        v_k = SD(f_k)^2
    a level below the limit L:    -2 w_k log Phi((L - f_k) / SD(f_k))

It is -2 log(posterior) up to a constant. Source: Beal and Sheiner's objective without its constants, as written in
`tests/authorities/map_estimates/README.md`; below quantification: Beal 2001, J Pharmacokinet Pharmacodyn 28:481, M3.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.estimation.normal_tail import log_normal_share
from inotrope.estimation.problem import Problem
from inotrope.population.forms import Array

LEAST_VARIANCE = 1e-200
"""(ng/mL)^2. An error in proportion to a level that has washed out to nothing would otherwise divide by 0."""


def objective(problem: Problem, etas: Array) -> Array:
    """Return -2 log(posterior) up to a constant.

    Args:
        problem: Of one patient, or of many of one design.
        etas: (..., [patients,] k), real or complex.

    Returns:
        (..., [patients]); without units. A change of unit adds a constant.

    Raises:
        KineticsError: Etas so far out that a parameter is 0 or infinite.
    """
    given = np.asarray(etas)
    return np.asarray(deviation(problem, given) - 2 * weighted_logarithms(problem, given))


def log_likelihood(problem: Problem, etas: Array) -> Array:
    """Return the natural logarithm of the likelihood of the levels, with its constants, and without the prior.

    A level seen has a density, 1/(ng/mL), and so takes -log(2 pi) / 2 along; one below a limit has a probability.

    Args:
        problem: As for `objective`.
        etas: As for `objective`.

    Returns:
        (..., [patients]).

    Raises:
        KineticsError: As `objective`.
    """
    levels = problem.levels
    constants = np.where(levels.below, 0.0, levels.weight * (-math.log(2 * math.pi) / 2)).sum(axis=-1)
    return np.asarray(weighted_logarithms(problem, np.asarray(etas)) + constants)


def deviation(problem: Problem, etas: Array) -> Array:
    """Return eta' Omega^-1 eta, (..., [patients]): the square of how many SDs of the prior a patient lies out."""
    # Written out as sums, since a matrix product may add in another order for another number of patients.
    white = (problem.whitening * np.asarray(etas)[..., None, :]).sum(axis=-1)
    return np.asarray((white * white).sum(axis=-1))


def weighted_logarithms(problem: Problem, etas: Array) -> Array:
    """Return the weighted sum of the logarithms of the levels' likelihoods, without constants; see `objective`."""
    levels = problem.levels
    predicted = problem.predict(etas)
    variance = problem.error.variance(predicted)
    variance = np.where(variance.real > LEAST_VARIANCE, variance, LEAST_VARIANCE)
    residual = levels.level_ng_per_ml - predicted
    share = -(np.log(variance) + residual * residual / variance) / 2
    if levels.below.any():
        share = np.where(levels.below, log_normal_share(residual / np.sqrt(variance)), share)
    return np.asarray((levels.weight * share).sum(axis=-1))
