"""Even draws: moments from far fewer of them, posteriors that brute force confirms, and a shift for every seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.estimation.even_draws import even_posterior, even_prior, even_words
from inotrope.estimation.newton import find_mode
from inotrope.estimation.objective import log_likelihood
from inotrope.estimation.posterior import draw_prior, sample_posterior
from inotrope.estimation.problem import ErrorModel, Levels, Problem
from inotrope.population import ResidualForm

OMEGA = np.array([[0.09, 0.02], [0.02, 0.04]])


def problem(*levels: float) -> Problem:
    """One compartment at a constant rate: 2,100 mcg/h, CL = 9.8 e^eta1 L/h, V = 31.5 e^eta2 L, levels at 2, 8, 20 h."""
    hours = np.array([2.0, 8.0, 20.0])[: len(levels)]

    def predict(etas: np.ndarray) -> np.ndarray:
        clearance, volume = 9.8 * np.exp(etas[..., 0, None]), 31.5 * np.exp(etas[..., 1, None])
        return 2100 / clearance * -np.expm1(-clearance / volume * hours)

    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 10.0, 0.1)
    return Problem(("clearance", "volume"), OMEGA, Levels.of(hours, list(levels)), error, predict)


def test_golden_ratio_in_one_dimension() -> None:
    words = even_words(5, 1, seed=1)[:, 0]
    golden = (5**0.5 - 1) / 2
    steps = np.diff(words) / 2.0**64
    assert steps == pytest.approx(golden, abs=1e-12)


@pytest.mark.parametrize("seed", [1, 2])
def test_moments_err_far_less_than_those_of_random_draws(seed: int) -> None:
    even = even_prior(OMEGA, draws=4000, seed=seed)
    assert even.shape == (4000, 2)
    # SDs of 0.3 and 0.2: random means err by 0.0047 and 0.0032.
    assert np.abs(even.mean(axis=0)).max() < 0.0012
    assert np.cov(even.T) == pytest.approx(OMEGA, rel=0.02, abs=2e-4)
    assert np.abs(even[:500].mean(axis=0)).max() < 5e-3  # each first part lies evenly too


def test_each_seed_has_a_shift_of_its_own() -> None:
    one, two = (even_prior(OMEGA, draws=50, seed=seed) for seed in (1, 2))
    assert not np.isclose(one, two).any()
    assert (even_prior(OMEGA, draws=20, seed=1) == one[:20]).all()


@pytest.mark.parametrize("levels", [(150.0,), (150.0, 210.0, 190.0), (60.0, 100.0)])
def test_the_posterior_is_that_of_brute_force(levels: tuple[float, ...]) -> None:
    """200,000 draws of the prior, weighted by the likelihood: exact up to a few thousandths of an SD."""
    asked = problem(*levels)
    prior = draw_prior(OMEGA, draws=200_000, seed=9)
    log_likely = log_likelihood(asked, prior)
    weights = np.exp(log_likely - log_likely.max())
    log_marginal = np.log(weights.mean()) + log_likely.max()
    weights /= weights.sum()
    mean = weights @ prior
    sd = np.sqrt(weights @ (prior - mean) ** 2)
    found = even_posterior(asked, find_mode(asked, seed=1), draws=4000, seed=1)
    assert found.etas.shape == (4000, 2) and 0.4 < found.effective_fraction <= 1
    assert np.abs(found.etas.mean(axis=0) - mean).max() < (0.03 * sd).max()
    assert found.etas.std(axis=0) == pytest.approx(sd, rel=0.03)
    assert found.log_marginal == pytest.approx(log_marginal, abs=0.02)
    assert np.abs(found.etas[:1000].mean(axis=0) - mean).max() < (0.08 * sd).max()


def test_two_seeds_agree_better_than_random_draws_do() -> None:
    asked = problem(150.0)
    mode = find_mode(asked, seed=1)
    even = [even_posterior(asked, mode, draws=2000, seed=seed).etas.mean(axis=0) for seed in range(6)]
    chance = [sample_posterior(asked, mode, draws=2000, seed=seed).etas.mean(axis=0) for seed in range(6)]
    assert np.std(even, axis=0).max() < np.std(chance, axis=0).max() / 2


def test_an_exact_level_pins_the_curve() -> None:
    sharp = replace(problem(150.0), error=ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.5, 0.0))
    found = even_posterior(sharp, find_mode(sharp, seed=1), draws=1000, seed=1)
    assert sharp.predict(found.etas)[:, 0] == pytest.approx(150.0, abs=2.5)
