"""Gradient and Hessian against those of mpmath, with a level below its limit; and how levels move with each eta."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

from inotrope.estimation import ErrorModel, Levels, Problem, derivatives, objective
from inotrope.estimation.derivatives import jacobian
from inotrope.population import ResidualForm
from inotrope.population.forms import Array
from tests.estimation.independent import Question

OMEGA = np.array([[0.16, 0.06], [0.06, 0.0625]])
TIMES, LEVELS, BELOW, WEIGHTS = [0.3, 2.0, 6.0], [230.0, 61.0, 10.0], [False, False, True], [1.0, 0.5, 1.0]


def predict(etas: Array) -> Array:
    """One compartment after 3,000 mcg, as `independent.py` has it."""
    volume = 12 * np.exp(etas[..., 1, None])
    return np.asarray(3_000 / volume * np.exp(-8 * np.exp(etas[..., 0, None]) / volume * np.array(TIMES)))


ERROR = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 5.0, 0.15)
LEVELS_GIVEN = Levels.of(TIMES, LEVELS, below=BELOW, weight=WEIGHTS)
PROBLEM = Problem(("clearance", "volume"), OMEGA, LEVELS_GIVEN, ERROR, predict)


@pytest.mark.parametrize("etas", [[0.0, 0.0], [0.5, -0.3], [-1.0, 1.0]])
def test_both_derivatives(etas: list[float]) -> None:
    question = Question(TIMES, LEVELS, BELOW, WEIGHTS, OMEGA, lambda f: mp.sqrt(25 + (mp.mpf("0.15") * f) ** 2))
    found = derivatives(PROBLEM, np.array(etas))
    with mp.workdps(40):
        at = tuple(mp.mpf(value) for value in etas)
        value = float(question.objective(*at))
        gradient = [float(mp.diff(question.objective, at, order)) for order in ((1, 0), (0, 1))]
        second = [float(mp.diff(question.objective, at, order)) for order in ((2, 0), (1, 1), (0, 2))]
    assert found.value == pytest.approx(value, rel=1e-14)
    assert found.value == objective(PROBLEM, np.array(etas))
    assert found.gradient == pytest.approx(gradient, rel=1e-12)
    exact = np.array([[second[0], second[1]], [second[1], second[2]]])
    assert found.hessian == pytest.approx(exact, abs=1e-7 * np.abs(exact).max())
    assert (found.hessian == found.hessian.T).all()


def test_shapes_of_draws_and_patients() -> None:
    many = Problem(
        ("clearance", "volume"), OMEGA, Levels.of(TIMES, [LEVELS, LEVELS], below=BELOW, weight=WEIGHTS), ERROR, predict
    )
    etas = np.linspace(-0.3, 0.3, 12).reshape(3, 2, 2)
    found = derivatives(many, etas)
    assert (found.value.shape, found.gradient.shape, found.hessian.shape) == ((3, 2), (3, 2, 2), (3, 2, 2, 2))
    alone = derivatives(PROBLEM, etas[1, 1])
    assert found.gradient[1, 1] == pytest.approx(alone.gradient, rel=1e-13)
    assert found.hessian[1, 1] == pytest.approx(alone.hessian, rel=1e-7)


def test_how_levels_move_with_each_eta() -> None:
    """d log f / d eta = -k t for the clearance and -1 + k t for the volume, k = 8 / 12 in the typical patient."""
    levels, slopes = jacobian(PROBLEM, np.zeros(2))
    passed = 8 / 12 * np.array(TIMES)
    assert levels == pytest.approx(250 * np.exp(-passed))
    assert slopes == pytest.approx(levels[:, None] * np.stack([-passed, passed - 1], axis=-1), rel=1e-14)
    assert jacobian(PROBLEM, np.zeros((5, 2)))[1].shape == (5, 3, 2)
