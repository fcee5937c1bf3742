"""Scores of many rates: held against counting the levels of each, and against worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.forecast.dose_search import hours_to_range, narrowing, score_rates

Floats = NDArray[np.float64]


def curves(seed: int, draws: int = 60, times: int = 25) -> tuple[Floats, Floats, Floats]:
    """A load that washes out and a rate that builds up, one compartment, each draw with its own clearance."""
    make = np.random.default_rng(seed)
    hours = np.linspace(0.0, 24.0, times)
    k = 0.3 * np.exp(0.4 * make.standard_normal(draws))[:, None]
    volume = 30.0 * np.exp(0.3 * make.standard_normal(draws))[:, None]
    base = make.uniform(0, 400) * np.exp(-k * hours)
    unit = 70 * 60 / volume / k * -np.expm1(-k * hours)  # 70 kg, 1 mcg/kg/min
    return base, unit, hours


def by_levels(curve: tuple[Floats, Floats], rates: Floats, low: float, high: float, each: Floats) -> Floats:
    """Shares below, in and above by each rate's own levels, (rates, 3)."""
    found, (base, unit) = [], curve
    for rate in rates:
        level = base + rate * unit
        below, above = level < low, level > high
        found.append([(where * each).sum() / each.sum() / len(base) for where in (below, ~below & ~above, above)])
    return np.array(found)


@pytest.mark.parametrize("seed", range(20))
def test_counting_intervals_is_simulating_every_rate(seed: int) -> None:
    base, unit, hours = curves(seed)
    make = np.random.default_rng(1000 + seed)
    rates = make.permutation(np.concatenate([[0.0], make.uniform(0, 1.2, 40)]))
    weights = make.uniform(0, 1, hours.size)
    low, high = sorted(make.uniform(20, 400, 2))
    found = score_rates(base, unit, rates, low=low, high=high, weights=weights)
    wanted = by_levels((base, unit), rates, low, high, weights)
    np.testing.assert_allclose(np.column_stack([found.below, found.inside, found.above]), wanted, atol=1e-12)
    np.testing.assert_allclose(found.score, wanted[:, 1] - 2 * wanted[:, 2], atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_even_steps_of_a_pump_are_counted_alike(seed: int) -> None:
    base, unit, hours = curves(seed)
    make = np.random.default_rng(2000 + seed)
    rates = make.uniform(0, 0.1) + np.arange(61) * make.choice([0.0125, 0.1 / 7, 0.02])
    low, high = sorted(make.uniform(20, 400, 2))
    found = score_rates(base, unit, rates, low=low, high=high)
    wanted = by_levels((base, unit), rates, low, high, np.ones(hours.size))
    np.testing.assert_allclose(np.column_stack([found.below, found.inside, found.above]), wanted, atol=1e-12)


def test_worked_by_hand() -> None:
    # Two draws, two times. Rate 1 gives 100, 200 / 50, 100; rate 2 gives 200, 400 / 100, 200; the range is 100 to 200.
    unit = np.array([[100.0, 200.0], [50.0, 100.0]])
    found = score_rates(np.zeros((2, 2)), unit, [1.0, 2.0], low=100, high=200)
    assert found.below.tolist() == [0.25, 0.0]
    assert found.inside.tolist() == [0.75, 0.75]
    assert found.above.tolist() == [0.0, 0.25]
    assert found.score.tolist() == [0.75, 0.25]
    assert found.best(2).tolist() == [0, 1]
    assert found.formula == "share of time in the range - 2 x share of time above it"


@pytest.mark.parametrize("further", [[], [1000.0]])  # even steps, and steps that are not
def test_the_ends_of_the_range_are_in_it(further: list[float]) -> None:
    # 0.1 x 3 is not 0.3: a threshold rounds, and a level at an end must not fall out for it.
    rates = np.concatenate([np.arange(1, 400) * 0.1, further])
    ends = score_rates(np.zeros((1, 1)), np.full((1, 1), 3.0), rates, low=3 * 0.7, high=3 * 1.9)
    assert ends.inside.nonzero()[0].tolist() == list(range(6, 19))


@pytest.mark.parametrize(("level", "place"), [(50.0, "below"), (100.0, "inside"), (200.0, "inside"), (201.0, "above")])
def test_where_a_rate_moves_nothing_the_base_counts(level: float, place: str) -> None:
    found = score_rates(np.full((3, 1), level), np.zeros((3, 1)), [0.0, 5.0], low=100, high=200)
    assert getattr(found, place).tolist() == [1.0, 1.0]


def test_a_range_from_zero_has_nothing_below() -> None:
    found = score_rates(np.zeros((1, 2)), np.array([[0.0, 10.0]]), [0.0, 1.0], low=0.0, high=5.0)
    assert found.below.tolist() == [0.0, 0.0]
    assert found.above.tolist() == [0.0, 0.5]


def test_more_rate_is_never_more_below_nor_less_above() -> None:
    base, unit, _ = curves(7)
    found = score_rates(base, unit, np.linspace(0, 2, 81), low=100, high=300)
    assert (np.diff(found.below) <= 1e-15).all()
    assert (np.diff(found.above) >= -1e-15).all()
    np.testing.assert_allclose(found.below + found.inside + found.above, 1.0, atol=1e-15)


def test_of_equal_scores_the_lower_rate_goes_first() -> None:
    found = score_rates(np.zeros((1, 1)), np.ones((1, 1)), [3.0, 1.0, 2.0], low=0.5, high=5.0)
    assert found.best(3).tolist() == [1, 2, 0]


def test_hours_to_the_range() -> None:
    unit = np.array([[0.0, 50.0, 120.0], [0.0, 10.0, 20.0], [250.0, 220.0, 180.0]])
    found = hours_to_range(np.zeros((3, 3)), unit, 1.0, np.array([0.0, 1.0, 2.0]), low=100, high=200)
    assert found.tolist() == [2.0, np.inf, 2.0]


def test_a_level_narrows_as_two_normal_quantities_do() -> None:
    make = np.random.default_rng(3)
    z = make.standard_normal(400_000)
    own = make.standard_normal(400_000)
    levels = np.column_stack([z, own, 0.6 * z + 0.8 * own])  # correlations 1, 0 and 0.6
    exact = narrowing(z, levels, np.zeros_like(levels))
    np.testing.assert_allclose(exact, [0.0, 1.0, 0.8], atol=5e-3)
    noisy = narrowing(z, levels, np.ones_like(levels))
    np.testing.assert_allclose(noisy, np.sqrt([0.5, 1.0, 1 - 0.36 / 2]), atol=5e-3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rates": [-0.1]}, "at least 0"),
        ({"rates": []}, "at least 0"),
        ({"rates": [np.nan]}, "at least 0"),
        ({"low": 300.0}, "lower end first"),
        ({"low": -1.0}, "lower end first"),
        ({"unit": np.full((2, 3), -1.0)}, "one shape"),
        ({"unit": np.ones((2, 2))}, "one shape"),
        ({"base": np.full((2, 3), np.inf)}, "finite"),
        ({"base": np.zeros(3)}, "(draws, times)"),
        ({"base": np.zeros((0, 3))}, "(draws, times)"),
        ({"weights": [1.0, 1.0]}, "weights"),
        ({"weights": [0.0, 0.0, 0.0]}, "weights"),
        ({"weights": [1.0, -1.0, 1.0]}, "weights"),
        ({"penalty": -1.0}, "penalty"),
    ],
)
def test_what_cannot_be_scored_is_said(change: dict[str, object], says: str) -> None:
    asked = {"base": np.zeros((2, 3)), "unit": np.ones((2, 3)), "rates": [0.5], "low": 100.0, "high": 200.0} | change
    base, unit, rates = asked.pop("base"), asked.pop("unit"), asked.pop("rates")
    with pytest.raises(RequestError) as problem:
        score_rates(base, unit, rates, **asked)
    assert says in problem.value.says


def test_an_answer_without_spread_cannot_be_narrowed() -> None:
    with pytest.raises(RequestError, match="nothing that a level could narrow"):
        narrowing(np.ones(5), np.zeros((5, 2)), np.ones((5, 2)))
    with pytest.raises(RequestError, match="nothing that a level could narrow"):
        narrowing(np.ones(1), np.zeros((1, 2)), np.ones((1, 2)))
