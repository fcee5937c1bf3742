"""CV to omega and back, the matrix, individuals, occasions, and both residual errors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.population import (
    Model,
    cv_of_omega,
    individual,
    load_model,
    omega_matrix,
    omega_of_cv,
    on_occasions,
    residual_sd,
)

from .conftest import STEADY, Write


def test_a_cv_and_its_omega() -> None:
    # The second reading, 1.3: CV 35 % is omega 0.34.
    assert omega_of_cv(0.35) == pytest.approx(0.34, abs=0.005)
    assert omega_of_cv(1.0) == pytest.approx(math.sqrt(math.log(2)))
    for cv in (0.0, 1e-9, 0.24, 0.45, 3.0):
        assert cv_of_omega(omega_of_cv(cv)) == pytest.approx(cv, rel=1e-12)


def test_the_cv_of_drawn_parameters_is_the_cv() -> None:
    draws = np.exp(omega_of_cv(0.45) * np.random.default_rng(1).standard_normal(400_000))
    assert draws.std() / draws.mean() == pytest.approx(0.45, rel=0.02)


def test_the_matrix_has_variances_and_correlations(model: Model) -> None:
    names, matrix = omega_matrix(model)
    assert names == ("clearance", "v2", "volume")
    clearance, v2 = math.sqrt(math.log(1.09)), math.sqrt(math.log(1.04))
    assert matrix == pytest.approx(
        np.array([[clearance**2, 0, 0.5 * clearance * 0.25], [0, v2**2, 0], [0.5 * clearance * 0.25, 0, 0.0625]])
    )
    assert np.linalg.eigvalsh(matrix)[0] > 0
    names, matrix = omega_matrix(model, between_occasions=True)
    assert names == ("clearance",)
    assert matrix == pytest.approx(np.array([[math.log(1.01)]]))


def test_a_model_without_spread_has_an_empty_matrix(write: Write) -> None:
    names, matrix = omega_matrix(load_model(write(text=STEADY)))
    assert names == ()
    assert matrix.shape == (0, 0)


def test_individuals_are_typical_times_exp_eta() -> None:
    typical = {"clearance": np.array([2.0, 4.0]), "volume": np.array([10.0])}
    found = individual(typical, {"clearance": np.array([[0.0], [math.log(2)]])})
    assert found["clearance"] == pytest.approx(np.array([[2, 4], [4, 8]]))
    assert found["volume"].tolist() == [10]
    with pytest.raises(RequestError, match="no parameter 'q2' to vary"):
        individual(typical, {"q2": 0.0})


def test_each_stretch_takes_the_deviation_of_its_occasion() -> None:
    found = on_occasions(np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([0.0, 24.0]), np.array([-1.0, 0.0, 23.0, 24.0]))
    assert found.tolist() == [[0.1, 0.1, 0.1, 0.2], [0.3, 0.3, 0.3, 0.4]]


def test_both_residual_errors(write: Write) -> None:
    root = load_model(write()).residual
    total = load_model(write(('form = "sqrt(a^2 + (b f)^2)"', 'form = "a + b f"'), name="b_1.toml")).residual
    assert root is not None and total is not None
    assert residual_sd(root, np.array([0.0, 100.0])) == pytest.approx([3, 5])  # 3, 4, 5
    assert residual_sd(total, np.array([0.0, 100.0])) == pytest.approx([3, 7])
