"""Smoothed weights: tails of a known shape, and what has no tail. Beside ArviZ: `tests/authorities`."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation.psis import effective_share, fit_pareto, normalized, smooth


@pytest.mark.parametrize("shape", [-0.4, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 300.0])
def test_a_pareto_distribution_has_its_own_shape(shape: float, scale: float) -> None:
    """2,000 of its quantiles; the weak prior draws the shape toward 0.5 by 10 parts in 2,010."""
    shares = (np.arange(2000) + 0.5) / 2000
    found, width = fit_pareto(scale * ((1 - shares) ** -shape - 1) / shape)
    assert (2010 * found - 5) / 2000 == pytest.approx(shape, abs=0.02)
    assert width == pytest.approx(scale, rel=0.02)


def test_smoothed_weights_keep_their_order_and_their_largest() -> None:
    generator = np.random.default_rng(1)
    given = 1.5 * generator.standard_normal(4000)
    found = smooth(given)
    cut = np.sort(given)[-math.ceil(3 * math.sqrt(4000)) - 1]
    assert (found.log_weights[given <= cut] == given[given <= cut]).all()
    assert (found.log_weights[given.argsort()] == np.sort(found.log_weights)).all()
    assert found.log_weights.max() <= given.max()
    assert smooth(given + 700).k_hat == pytest.approx(found.k_hat, rel=1e-9)


def test_the_shape_of_a_tail_that_is_exponential() -> None:
    """exp(-x) has the shape 0, which the formula of the quantiles divides by."""
    excesses = -np.log1p(-(np.arange(190) + 0.5) / 190)
    given = np.log(np.concatenate([np.full(3810, 1.0), 1 + excesses]))
    found = smooth(given)
    assert abs(found.k_hat) < 0.1
    assert np.abs(found.log_weights - given).max() < 0.1


def test_weights_without_a_tail() -> None:
    assert smooth(np.zeros(4000)).k_hat == -math.inf
    few = smooth(np.array([0.0] * 100 + [1.0, 2.0]))
    assert few.k_hat == math.inf
    assert few.log_weights.tolist() == [0.0] * 100 + [1.0, 2.0]
    assert smooth(np.array([3.0])).k_hat == -math.inf


def test_what_weighs_nothing_stays_nothing() -> None:
    given = np.concatenate([np.full(3000, -math.inf), np.random.default_rng(2).standard_normal(1000)])
    found = smooth(given)
    assert (found.log_weights[:3000] == -math.inf).all()
    assert math.isfinite(found.k_hat)


@pytest.mark.parametrize(
    "weights",
    [np.zeros((2, 2)), np.array([]), np.array([0.0, math.nan]), np.array([0.0, math.inf]), np.full(3, -math.inf)],
)
def test_what_are_no_weights(weights: np.ndarray) -> None:
    with pytest.raises(RequestError, match="one row of logarithms"):
        smooth(weights)


def test_the_effective_share() -> None:
    """Kish by hand: weights 1, 1, 2 give 16 / (3 x 6)."""
    assert effective_share(np.log([1.0, 1.0, 2.0])) == pytest.approx(16 / 18)
    assert effective_share(np.full(7, 900.0)) == 1.0


def test_weights_from_their_logarithms() -> None:
    """1, 3 and 0: shares of a quarter, three quarters and nothing, their mean 4/3; also where exp() would overflow."""
    logs = np.array([0.0, np.log(3.0), -np.inf])
    for beyond in (0.0, 1000.0, -1000.0):
        weights, log_mean = normalized(logs + beyond)
        assert weights == pytest.approx([0.25, 0.75, 0.0], rel=1e-12)
        assert log_mean == pytest.approx(np.log(4 / 3) + beyond, rel=1e-12)
