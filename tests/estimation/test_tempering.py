"""What all ways by degrees share: resampling by weight, uniform numbers, and how far a power can rise."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.estimation.psis import effective_share
from inotrope.estimation.tempering import KEPT, log_uniform, next_rise, resampled, uniform
from inotrope.population import Stream, standard_normals


def test_systematic_resampling_keeps_each_about_as_often_as_its_weight_says() -> None:
    weights = np.random.default_rng(0).exponential(1, 500)
    weights /= weights.sum()
    for at in (0.0, 0.3, 1.0):
        times = np.bincount(resampled(weights, 4000, at), minlength=500)
        assert times.sum() == 4000
        assert np.abs(times - 4000 * weights).max() < 1 + 1e-9
    assert resampled(np.array([0.0, 1.0, 0.0]), 3, 0.5).tolist() == [1, 1, 1]


def test_uniform_numbers_from_normal_ones() -> None:
    pairs = standard_normals(1, np.arange(20_000), 2, Stream.POSTERIOR)
    numbers = np.sort(np.exp(log_uniform(pairs)))
    assert np.abs(numbers - (np.arange(20_000) + 0.5) / 20_000).max() < 1.95 / np.sqrt(20_000)  # Kolmogorov, 0.1 %
    assert uniform(np.array([0.0, 2.0])) == pytest.approx(np.exp(-2))


def test_a_power_rises_as_far_as_half_of_the_draws_last() -> None:
    """Of a normal likelihood; one that is the same for all lets it rise at once."""
    likelihood = -100 * np.random.default_rng(4).standard_normal(4000) ** 2
    assert effective_share(next_rise(likelihood, 1.0) * likelihood) == pytest.approx(KEPT, rel=1e-9)
    assert next_rise(np.zeros(10), 0.4) == 0.4
