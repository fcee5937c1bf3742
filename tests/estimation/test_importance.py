"""The proposal against SciPy's distributions, and weighted draws against the algebra of normal distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from inotrope.estimation import find_mode
from inotrope.estimation.importance import (
    FREEDOM,
    GOLDEN,
    WIDE,
    WIDE_SHARE,
    Proposal,
    in_turn,
    log_prior,
    propose,
    weigh,
)
from tests.estimation.exact import linear
from tests.estimation.test_newton import made


def two_parts() -> Proposal:
    roots = np.array([[[0.3, 0.0], [0.2, 0.1]], [[0.1, 0.0], [-0.3, 0.4]]])
    return Proposal(np.array([[0.0, 1.0], [2.0, -1.0]]), roots, np.array([0.3, 0.7]), np.zeros(2), np.ones(2))


def test_the_density_of_the_proposal_is_scipys() -> None:
    proposal = two_parts()
    places = np.random.default_rng(0).standard_normal((50, 2)) * 3
    expected = sum(
        share * stats.multivariate_t(center, root @ root.T, df=FREEDOM).pdf(places)
        for center, root, share in zip(proposal.centers, proposal.roots, proposal.shares, strict=True)
    )
    assert np.exp(proposal.log_density(places)) == pytest.approx(expected, rel=1e-12)


def test_the_draws_of_the_proposal_have_its_distribution() -> None:
    """By the distance from the nearer center: F(k, nu); parts in turn, also among the first draws."""
    proposal = two_parts()
    draws = proposal.draw(20_000, seed=3)
    second = np.arange(20_000)  # of which part a draw is, by its place alone
    part = ((second + 0.5) * (np.sqrt(5) - 1) / 2 % 1.0 >= 0.3).astype(int)
    assert part.mean() == pytest.approx(0.7, abs=1e-3) and part[:100].mean() == pytest.approx(0.7, abs=0.02)
    white = np.linalg.solve(proposal.roots[part], (draws - proposal.centers[part])[..., None])[..., 0]
    assert stats.kstest((white**2).sum(axis=-1) / 2, stats.f(2, FREEDOM).cdf).pvalue > 0.001
    angle = np.arctan2(white[:, 0], white[:, 1])
    assert stats.kstest(angle, stats.uniform(-np.pi, 2 * np.pi).cdf).pvalue > 0.001
    assert (proposal.draw(500, seed=3) == draws[:500]).all()


def test_the_prior_is_scipys() -> None:
    problem, _ = linear()
    places = np.random.default_rng(1).standard_normal((20, 3))
    expected = stats.multivariate_normal(np.zeros(3), problem.omega).logpdf(places)
    assert log_prior(problem, places) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_normal_posterior(seed: int) -> None:
    """A curve linear in the etas: mean, SD and log marginal are known, and the Hessian promises the truth."""
    problem, exact = linear(seed=seed)
    found = weigh(problem, find_mode(problem), draws=4000, seed=seed)
    mean = found.weights @ found.etas
    sd = np.sqrt(found.weights @ (found.etas - mean) ** 2)
    assert found.k_hat < 0.3 and found.effective_fraction > 0.7
    assert found.weights.sum() == pytest.approx(1)
    assert np.abs((mean - exact.mean) / exact.sd).max() < 0.06
    assert sd == pytest.approx(exact.sd, rel=0.05)
    assert abs(found.log_marginal - exact.log_marginal) < 4 * found.log_marginal_sd < 0.05
    assert found.shift < 0.06 and found.stretch < 0.05


def test_two_minima_share_the_draws() -> None:
    """f = 100 + 90 eta^2 with 130 measured: the two sides are mirrors of each other."""
    problem = made(lambda etas: 100 + 90 * etas**2, 130.0)
    mode = find_mode(problem)
    proposal = propose(problem, mode)
    assert proposal.shares == pytest.approx([s / 2 for s in (1 - WIDE_SHARE, 1 - WIDE_SHARE, WIDE_SHARE, WIDE_SHARE)])
    assert proposal.roots[2:] == pytest.approx(WIDE * proposal.roots[:2])
    assert proposal.mean == pytest.approx([0], abs=1e-9)
    assert proposal.sd == pytest.approx([np.sqrt(mode.covariance[0, 0] + mode.etas[0] ** 2)])
    found = weigh(problem, mode, draws=4000, seed=0)
    assert found.weights[found.etas[:, 0] > 0].sum() == pytest.approx(0.5, abs=0.03)


def test_a_minimum_of_little_mass_is_drawn_from_all_the_same() -> None:
    """A second minimum that promises less than a thousandth of the mass still has one draw in twenty."""
    problem = made(lambda etas: 100 + 90 * etas**2 + 90 * etas, 130.0)
    mode = find_mode(problem)
    assert mode.distinct == 2
    assert np.exp(-mode.rises[1] / 2) < 1e-3
    proposal = propose(problem, mode)
    assert proposal.shares[1] / (1 - WIDE_SHARE) == pytest.approx(0.05, rel=0.06)
    assert proposal.mean == pytest.approx(mode.etas, abs=2e-3)


@pytest.mark.parametrize("draws", [10, 89, 1000, 4000])
def test_each_first_part_of_the_draws_has_its_shares(draws: int) -> None:
    """Steps by the golden ratio lie so evenly that an interval misses its count by no more than a few."""
    shares = np.array([0.05, 0.6, 0.3, 0.05])
    found = np.bincount(in_turn(draws, GOLDEN, shares), minlength=4)
    assert found.sum() == draws and np.abs(found - draws * shares).max() < 3
