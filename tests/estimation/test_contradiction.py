"""Levels that no one patient can have together: by hand, and against the chi-squared of SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2, norm

from inotrope.estimation.contradiction import CONTRADICTS, contradict, squares_nearest
from inotrope.estimation.problem import ErrorModel, Floats, Levels
from inotrope.population import ResidualForm

SHARE = ErrorModel(a_ng_per_ml=0.0, b=0.15, form=ResidualForm.ROOT_OF_SQUARES)
EVERY = np.arange(20.0, 900.0, 1.0)
"""ng/mL, of draws whose level stands still."""


def of(*values: float, below: tuple[bool, ...] = ()) -> tuple[Levels, Floats]:
    levels = Levels.of([-float(place) for place in range(len(values))], values, below=below or (False,) * len(values))
    return levels, np.repeat(EVERY[:, None], len(values), axis=1)


def test_the_squares_are_those_of_the_nearest_draw() -> None:
    """ln(y) / 0.15 has an error of 1: between 100 and 400 the nearest is 200, ln 2 / 0.15 from both."""
    levels, seen = of(100.0, 400.0)
    assert squares_nearest(levels, SHARE, seen) == pytest.approx(2 * (math.log(2) / 0.15) ** 2, rel=1e-4)
    assert squares_nearest(*_args(of(200.0, 200.0))) == pytest.approx(0, abs=1e-12)


def _args(pair: tuple[Levels, Floats]) -> tuple[Levels, ErrorModel, Floats]:
    return pair[0], SHARE, pair[1]


@pytest.mark.parametrize("count", [2, 3, 6])
def test_the_limit_is_a_chi_squared(count: int) -> None:
    """Levels that alternate by a factor e^(2 d): n (d / 0.15)^2 crosses the quantile within the formula's 8 %."""
    quantile = chi2.isf(norm.sf(CONTRADICTS), count)
    for factor, expected in ((0.97, False), (1.08, True)):
        away = 0.15 * math.sqrt(factor * quantile / count)
        values = [250 * math.exp(away if place % 2 else -away) for place in range(count)]
        levels, _ = of(*values)
        seen = np.full((1, count), 250.0)
        assert contradict(levels, SHARE, seen) is expected


def test_one_level_contradicts_nothing_and_two_near_ones_neither() -> None:
    assert not contradict(*_args(of(900.0)))
    assert not contradict(*_args(of(200.0, 300.0)))
    assert contradict(*_args(of(80.0, 600.0)))


def test_below_quantification_only_what_lies_above_counts() -> None:
    """<50 beside 30 is no contradiction; <50 beside 400 is one."""
    assert not contradict(*_args(of(50.0, 30.0, below=(True, False))))
    assert contradict(*_args(of(50.0, 400.0, below=(True, False))))
