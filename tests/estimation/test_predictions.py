"""Predictions, residuals and shrinkage of problems whose answers are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import (
    ErrorModel,
    Levels,
    Problem,
    find_mode,
    predict_levels,
    shrinkage,
    uncertainty_left,
)
from inotrope.population import ResidualForm
from inotrope.population.forms import Array


def line(etas: Array) -> Array:
    """A curve that is linear in its etas: 100 + 50 eta1 at every time, while eta2 moves nothing."""
    return np.asarray(100 + 50 * etas[..., [0, 0]])


def problem(levels: Levels) -> Problem:
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 10.0, 0.0)
    return Problem(("clearance", "volume"), np.diag([0.04, 0.09]), levels, error, line)


def test_a_linear_problem_by_hand() -> None:
    """Normal theory: precision 25 + 2 x 2500 / 100 = 75 of eta1, its mean (50 / 100) (20 + 30) / 75 = 1 / 3."""
    given = problem(Levels.of([1, 2], [120, 130]))
    mode = find_mode(given)
    assert mode.etas == pytest.approx([1 / 3, 0])
    assert mode.covariance == pytest.approx(np.diag([1 / 75, 0.09]))
    found = predict_levels(given, mode)
    level = 100 + 50 / 3
    assert found.typical_ng_per_ml.tolist() == [100, 100]
    assert found.individual_ng_per_ml == pytest.approx([level, level])
    assert found.individual_sd_ng_per_ml == pytest.approx([50 / np.sqrt(75)] * 2)
    assert found.residual == pytest.approx([(120 - level) / 10, (130 - level) / 10])
    assert found.typical_residual == pytest.approx([2, 3])
    assert uncertainty_left(given, mode) == pytest.approx([1 / 75 / 0.04, 1])


def test_below_quantification_there_is_no_residual() -> None:
    given = problem(Levels.of([1, 2], [120, 90], below=[False, True]))
    found = predict_levels(given, find_mode(given))
    assert np.isnan(found.residual).tolist() == [False, True]
    assert np.isnan(found.typical_residual).tolist() == [False, True]


def test_shrinkage_of_many() -> None:
    """Each estimate is 2 / 3 of what the levels say: (50 / 100) 2 y / 75 with y / 50 the patient's own eta1."""
    levels = np.array([[120.0, 120.0], [100.0, 100.0], [80.0, 80.0]])
    given = problem(Levels.of([1, 2], levels))
    mode = find_mode(given)
    assert mode.etas[:, 0] == pytest.approx([2 / 3 * 0.4, 0, -2 / 3 * 0.4], abs=1e-12)
    assert shrinkage(given, mode) == pytest.approx([1 - 2 / 3 * 0.4 / 0.2, 1], abs=1e-12)
    assert uncertainty_left(given, mode).shape == (3, 2)


def test_shrinkage_of_one_is_none() -> None:
    given = problem(Levels.of([1, 2], [120, 130]))
    with pytest.raises(RequestError, match="two patients or more"):
        shrinkage(given, find_mode(given))
