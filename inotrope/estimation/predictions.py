"""What the typical and the most probable patient would have shown at each level, and how much of him the levels told.

Knows predictions, residuals and shrinkage, for one patient or for many of one design. It draws nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.derivatives import jacobian
from inotrope.estimation.mode import Mode
from inotrope.estimation.problem import Floats, Problem
from inotrope.population.forms import Array

_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Predicted levels at the times of the measured ones, each ([patients,] levels).

    Attributes:
        typical_ng_per_ml: With every eta 0.
        individual_ng_per_ml: With the most probable etas.
        individual_sd_ng_per_ml: How sure that is: by the covariance of the etas and the slope of the level (the delta
            method); without the error of a measurement. nan where the search did not converge.
        residual: (measured - individual) / SD of the measurement there; nan below quantification.
        typical_residual: (measured - typical) / SD of the measurement there; nan below quantification.
    """

    typical_ng_per_ml: Floats
    individual_ng_per_ml: Floats
    individual_sd_ng_per_ml: Floats
    residual: Floats
    typical_residual: Floats


def predict_levels(problem: Problem, mode: Mode) -> Predictions:
    """Return the typical and the individual predictions of each level, with residuals.

    Args:
        problem: Of one patient, or of many of one design.
        mode: What was found for it.
    """
    typical = problem.predict(np.zeros_like(mode.etas))
    own, slope = jacobian(problem, mode.etas)
    spread = (slope[..., :, None] * mode.covariance[..., None, :, :] * slope[..., None, :]).sum(axis=(-1, -2))
    levels = problem.levels

    def weighted(predicted: Array) -> Floats:
        found = (levels.level_ng_per_ml - predicted) / problem.error.sd(predicted)
        return np.where(levels.below, np.nan, found)

    return Predictions(typical, own, np.sqrt(spread), weighted(own), weighted(typical))


def uncertainty_left(problem: Problem, mode: Mode) -> Floats:
    """Return for each eta the variance after the levels as a share of that before, ([patients,] k).

    1: the levels said nothing of this eta, and the estimate is the typical value. nan where the search did not
    converge. Source: the shrinkage of one patient, Combes and others 2013, Pharm Res 30:2355.
    """
    return np.asarray(np.diagonal(mode.covariance, axis1=-2, axis2=-1) / np.diagonal(problem.omega))


def shrinkage(problem: Problem, mode: Mode) -> Floats:
    """Return for each eta 1 - SD of the patients' estimates / omega, (k,); patients without an answer are left out.

    Near 0 where levels tell patients apart, near 1 where all estimates stay typical. Source: Savic and Karlsson 2009,
    AAPS J 11:558.

    Raises:
        RequestError: Fewer than two patients with an answer.
    """
    etas = mode.etas.reshape(-1, problem.count)[np.reshape(mode.converged, -1)]
    if len(etas) < _TWO:
        raise RequestError(
            f"Shrinkage needs two patients or more with an answer; here are {len(etas)}. For one see uncertainty_left."
        )
    return np.array(
        [shrinkage_of(own, sd) for own, sd in zip(etas.T, np.sqrt(np.diagonal(problem.omega)), strict=True)]
    )


def shrinkage_of(estimates: Floats, sd: float) -> float:
    """Return 1 - SD of the estimates / the SD that they were to have; nan of fewer than two.

    Args:
        estimates: (n,), of one eta over patients; or weighted residuals, which were to have 1.
        sd: As many of them have without levels, or without a fit.
    """
    return float(1 - estimates.std(ddof=1) / sd) if estimates.size >= _TWO else math.nan
