"""The objective and the likelihood by hand, in closed form, and in other words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from mpmath import mp

from inotrope.estimation import ErrorModel, Levels, Problem, log_likelihood, objective
from inotrope.estimation.objective import deviation
from inotrope.population import ResidualForm
from inotrope.population.forms import Array

OMEGA = np.array([[0.09, 0.03], [0.03, 0.04]])
ETAS = np.array([0.3, -0.2])
"""Prior: by Cramer's rule eta' Omega^-1 eta = (0.04 x 0.09 - 2 x 0.03 x -0.06 + 0.09 x 0.04) / 0.0027 = 4."""


def given(etas: Array) -> Array:
    """Two levels of 100 and 20 ng/mL in the typical patient; the first eta moves both, the second the last."""
    both = np.stack([100 * np.exp(-etas[..., 0]), 20 * np.exp(etas[..., 0] + etas[..., 1])], axis=-1)
    return np.asarray(both)


def problem(levels: Levels, form: ResidualForm = ResidualForm.ROOT_OF_SQUARES) -> Problem:
    return Problem(("clearance", "volume"), OMEGA, levels, ErrorModel(form, 3.0, 0.04), given)


def test_no_level_leaves_the_prior() -> None:
    bare = Problem(
        ("clearance", "volume"), OMEGA, Levels.none(), ErrorModel(ResidualForm.SUM, 1, 0), lambda e: e[..., :0]
    )
    assert objective(bare, ETAS) == pytest.approx(4)
    assert log_likelihood(bare, ETAS) == 0
    assert deviation(bare, np.stack([ETAS, -ETAS, 0 * ETAS])) == pytest.approx([4, 4, 0])


def test_two_levels_by_hand() -> None:
    """At 0: SD 5 of 100 (3, 4, 5) and sqrt(9.64) of 20; measured 110 and 20."""
    found = problem(Levels.of([1, 2], [110, 20]))
    by_hand = math.log(25) + 100 / 25 + math.log(9.64)
    assert objective(found, np.zeros(2)) == pytest.approx(by_hand)
    assert log_likelihood(found, np.zeros(2)) == pytest.approx(-by_hand / 2 - math.log(2 * math.pi))
    total = problem(Levels.of([1, 2], [114, 20]), ResidualForm.SUM)
    assert objective(total, np.zeros(2)) == pytest.approx(math.log(49) + 196 / 49 + math.log(3.8**2))


def test_below_quantification_by_the_normal_distribution() -> None:
    found = problem(Levels.of([1, 2], [110, 25], below=[False, True]))
    share = float(mp.ncdf(5 / mp.sqrt("9.64")))
    seen = math.log(25) + 4
    assert objective(found, np.zeros(2)) == pytest.approx(seen - 2 * math.log(share))
    assert log_likelihood(found, np.zeros(2)) == pytest.approx(-seen / 2 - math.log(2 * math.pi) / 2 + math.log(share))
    tail = problem(Levels.of([1, 2], [1e-9, 25], below=[True, False]))  # 20 SDs out
    with mp.workdps(40):
        exact = -2 * mp.log(mp.ncdf((mp.mpf("1e-9") - 100) / 5))
    assert objective(tail, np.zeros(2)) == pytest.approx(float(exact) + math.log(9.64) + 25 / 9.64)


def test_the_likelihood_is_that_of_the_measured_levels() -> None:
    """Over all values that one level can have it comes to 1; what lies below a limit is what is missing above it."""
    at = np.arange(0, 250, 0.125)

    def density(level: float, *, below: bool = False) -> float:
        levels = Levels.of([1, 2], [level, 20], below=[below, False], weight=[1, 0])
        return math.exp(log_likelihood(problem(levels), np.zeros(2)))

    values = np.array([density(level) for level in at])
    assert np.trapezoid(values, at) == pytest.approx(1, abs=1e-9)
    above = at >= 104
    assert density(104, below=True) + np.trapezoid(values[above], at[above]) == pytest.approx(1, abs=2e-5)


def test_weights() -> None:
    twice, repeated = Levels.of([1, 2], [110, 20], weight=[2, 1]), Levels.of([1, 2, 1], [110, 20, 110])
    wide = Problem(
        ("clearance", "volume"), OMEGA, repeated, problem(twice).error, lambda etas: given(etas)[..., [0, 1, 0]]
    )
    for of in (objective, log_likelihood):
        assert of(problem(twice), ETAS) == pytest.approx(float(of(wide, ETAS)), rel=1e-15)


def test_many_draws_and_many_patients() -> None:
    levels = Levels.of([1, 2], [[110, 20], [90, 30], [100, 25]], below=[[False, False], [False, True], [False, False]])
    together = problem(levels)
    etas = np.linspace(-0.5, 0.5, 24).reshape(4, 3, 2)
    for of in (objective, log_likelihood):
        found = of(together, etas)
        assert found.shape == (4, 3)
        for patient in range(3):
            own = Levels.of([1, 2], levels.level_ng_per_ml[patient], below=levels.below[patient])
            assert found[:, patient] == pytest.approx(of(problem(own), etas[:, patient]), rel=1e-14)
