"""Draws by degrees from the prior: against the algebra of normal distributions, a grid, and ends that are no answer."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.estimation import ErrorModel, swarm, tempering
from inotrope.estimation.swarm import temper
from inotrope.population import ResidualForm
from tests.estimation.exact import by_grid, linear
from tests.estimation.test_newton import made


@pytest.mark.parametrize(("seed", "error"), [(0, 5.0), (1, 5.0), (2, 0.5)])
def test_a_normal_posterior(seed: int, error: float) -> None:
    """A curve linear in the etas, also with levels so exact that many steps are needed."""
    problem, exact = linear(seed=seed, error=error)
    found = temper(problem, particles=4000, seed=seed)
    assert found.way.good and found.way.power == 1
    assert found.way.mean_error <= tempering.MEAN_ERROR and found.way.sd_error <= tempering.SD_ERROR
    assert np.abs((found.etas.mean(axis=0) - exact.mean) / exact.sd).max() < 4 * found.way.mean_error
    assert np.abs(found.etas.std(axis=0) / exact.sd - 1).max() < 4 * found.way.sd_error
    assert abs(found.way.log_marginal - exact.log_marginal) < 4 * found.way.log_marginal_sd
    assert 0.4 < found.way.effective_fraction <= 1
    assert 0.1 < found.way.accepted < 0.5
    assert len(np.unique(found.etas[:, 0])) > 3000


def test_two_modes_in_their_shares() -> None:
    """f = 100 + 90 eta^2 + 12 eta with 130 measured: two sides of unlike mass, by a grid."""
    problem = made(lambda etas: 100 + 90 * etas**2 + 12 * etas, 130.0)
    exact, found = by_grid(problem, points=20_001), temper(problem, particles=4000, seed=5)
    assert found.way.good
    assert found.etas.mean(axis=0) == pytest.approx(exact.mean, abs=4 * found.way.mean_error * exact.sd[0])
    assert found.etas.std(axis=0) == pytest.approx(exact.sd, rel=4 * found.way.sd_error)
    assert found.way.log_marginal == pytest.approx(exact.log_marginal, abs=4 * found.way.log_marginal_sd)


def test_the_errors_are_those_seen_between_seeds() -> None:
    """Sixteen seeds: the means and log marginals scatter as their standard errors say, within a factor of 1.7."""
    wide = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 10.0, 0.0)
    problem = made(lambda etas: 100 + 90 * etas**2 + 12 * etas, 130.0, error=wide)
    found = [temper(problem, particles=4000, seed=seed) for seed in range(16)]
    seen = np.std([one.etas.mean() for one in found], ddof=1) / found[0].etas.std()
    assert 1 / 1.7 < seen / np.mean([one.way.mean_error for one in found]) < 1.7
    marginals = np.std([one.way.log_marginal for one in found], ddof=1)
    assert 1 / 1.7 < marginals / np.mean([one.way.log_marginal_sd for one in found]) < 1.7


def test_looking_on_until_two_looks_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, _ = linear()
    looks = iter([(1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (1.0, 1.0), (0.0, 0.0), (0.01, 0.02), (9.0, 9.0)])
    monkeypatch.setattr(tempering.Swarm, "errors", lambda _: next(looks))
    found = temper(problem, particles=1000, seed=0)
    assert found.way.good and found.way.moves == 5 * tempering.LAST_MOVES
    assert (found.way.mean_error, found.way.sd_error) == (0.01, 0.02)


def test_an_answer_that_does_not_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, _ = linear()
    monkeypatch.setattr(tempering.Swarm, "errors", lambda _: (0.3, 0.2))
    monkeypatch.setattr(swarm, "MOST_MOVES", 24)
    found = temper(problem, particles=1000, seed=0)
    assert not found.way.good and found.way.moves == 24 and found.way.power == 1


def test_levels_that_are_exact_beyond_measure() -> None:
    """An error of 1e-9 ng/mL: no number of steps is enough."""
    problem, _ = linear(error=1e-9)
    found = temper(problem, particles=1000, seed=0)
    assert (
        not found.way.good and found.way.power < 1 and found.way.steps == tempering.MOST_STEPS and found.way.moves == 0
    )
