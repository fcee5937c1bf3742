"""Draws around the minima of the objective, weighted by how probable each is: the posterior, where it is near normal.

Knows a proposal with heavier tails than a normal distribution has: multivariate t with 7 degrees of freedom at every
minimum, with the inverse of half the Hessian there, and a part of the draws twice as wide: the tail of a curved ridge
is seldom met otherwise, and what was never met leaves no trace in the weights. It weighs; it does not judge
(`posterior.py`), and of a minimum that nobody found it knows nothing.

Source: Geweke 1989, Econometrica 57:1317; several minima in one proposal: Owen and Zhou 2000, J Am Stat Assoc 95:135.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.derivatives import derivatives
from inotrope.estimation.mode import Mode
from inotrope.estimation.objective import deviation, log_likelihood
from inotrope.estimation.problem import Floats, Problem
from inotrope.estimation.psis import effective_share, normalized, smooth
from inotrope.population import Stream, standard_normals
from inotrope.population.forms import Array

FREEDOM = 7
"""Degrees of freedom. On the reference patients a normal proposal has k-hat up to 0.54, one with 4 loses a tenth."""
LEAST_SHARE = 0.05
"""Of the draws, at a minimum of little mass: what its Hessian says of its mass may be wrong by much."""
WIDE, WIDE_SHARE = 2.0, 0.15
"""How much wider some draws are, in SDs, and how many. They cost a tenth of the effective draws."""
GOLDEN = (math.sqrt(5) - 1) / 2
_LOG_2PI = math.log(2 * math.pi)


class Weighted(NamedTuple):
    """Weighted draws.

    Attributes:
        etas: (draws, k).
        weights: (draws,), smoothed; their sum is 1.
        k_hat: See `psis.smooth`.
        effective_fraction: Effective draws as a share of all.
        log_marginal: Natural logarithm of the mean of likelihood x prior / proposal; 1/(ng/mL) for each level seen.
        log_marginal_sd: Its standard error.
        shift: How far a weighted mean lies from what the Hessians promise, in SDs of that; the largest.
        stretch: By which share an SD differs from what the Hessians promise; the largest.
    """

    etas: Floats
    weights: Floats
    k_hat: float
    effective_fraction: float
    log_marginal: float
    log_marginal_sd: float
    shift: float
    stretch: float


class Proposal(NamedTuple):
    """A mixture of multivariate t distributions.

    Attributes:
        centers: (parts, k).
        roots: (parts, k, k), lower triangles with root root' = scale.
        shares: (parts,), their sum is 1.
        mean: (k,), of the posterior, if it were as normal around each minimum as the Hessian there says.
        sd: (k,), the same.
    """

    centers: Floats
    roots: Floats
    shares: Floats
    mean: Floats
    sd: Floats

    def draw(self, draws: int, seed: int) -> Floats:
        """Return (draws, k). Minima take turns, so that each first part of the draws has them in their shares."""
        count = self.centers.shape[1]
        numbers = standard_normals(seed, np.arange(draws), count + FREEDOM, Stream.POSTERIOR)
        squares = (numbers[:, count:] ** 2).sum(axis=-1)
        deviates = numbers[:, :count] * np.sqrt(FREEDOM / squares)[:, None]
        which = in_turn(draws, GOLDEN, self.shares)
        return np.asarray(self.centers[which] + (self.roots[which] * deviates[:, None, :]).sum(axis=-1))

    def log_density(self, etas: Floats) -> Floats:
        """Return the natural logarithm of the density, (draws,)."""
        count = self.centers.shape[1]
        inverse = np.linalg.inv(self.roots)
        away = (inverse[:, None] * (etas - self.centers[:, None])[:, :, None, :]).sum(axis=-1)
        each = -(FREEDOM + count) / 2 * np.log1p((away * away).sum(axis=-1) / FREEDOM)
        each += (np.log(self.shares) - _log_root(self.roots))[:, None]
        constant = math.lgamma((FREEDOM + count) / 2) - math.lgamma(FREEDOM / 2)
        return np.asarray(np.logaddexp.reduce(each, axis=0) + constant - count / 2 * math.log(FREEDOM * math.pi))


def propose(problem: Problem, mode: Mode) -> Proposal:
    """Return the proposal at the distinct minima of one patient, each with the share that its Hessian promises.

    Args:
        problem: Of one patient.
        mode: Of a search that converged.
    """
    there = np.isfinite(mode.rises)
    centers = mode.minima[there]
    hessian = derivatives(problem, centers).hessian
    roots = np.linalg.cholesky(2 * np.linalg.inv(hessian))
    masses = np.exp(_log_root(roots) - mode.rises[there] / 2)
    masses /= masses.sum()
    shares = np.maximum(masses, LEAST_SHARE)
    shares /= shares.sum()
    mean = (masses[:, None] * centers).sum(axis=0)
    variance = (masses[:, None] * ((roots * roots).sum(axis=-1) + (centers - mean) ** 2)).sum(axis=0)
    return Proposal(
        np.concatenate([centers, centers]),
        np.concatenate([roots, WIDE * roots]),
        np.concatenate([(1 - WIDE_SHARE) * shares, WIDE_SHARE * shares]),
        mean,
        np.sqrt(variance),
    )


def weigh(problem: Problem, mode: Mode, *, draws: int, seed: int) -> Weighted:
    """Return draws from the proposal with their smoothed weights.

    Args:
        problem: Of one patient.
        mode: Of a search that converged.
        draws: How many.
        seed: Draw k of a seed is the same however many there are.

    Raises:
        RequestError: A seed that is none.
        KineticsError: As `log_likelihood`.
    """
    proposal = propose(problem, mode)
    etas = proposal.draw(draws, seed)
    smoothed = smooth(log_likelihood(problem, etas) + log_prior(problem, etas) - proposal.log_density(etas))
    weights, log_marginal = normalized(smoothed.log_weights)
    fraction = effective_share(smoothed.log_weights)
    mean = (weights[:, None] * etas).sum(axis=0)
    sd = np.sqrt((weights[:, None] * (etas - mean) ** 2).sum(axis=0))
    return Weighted(
        etas=etas,
        weights=weights,
        k_hat=smoothed.k_hat,
        effective_fraction=fraction,
        log_marginal=log_marginal,
        log_marginal_sd=math.sqrt((1 / fraction - 1) / draws),
        shift=float(np.abs((mean - proposal.mean) / proposal.sd).max()),
        stretch=float(np.abs(sd / proposal.sd - 1).max()),
    )


def in_turn(draws: int, step: float, shares: Floats) -> NDArray[np.int64]:
    """Return 0, 1, ... so that each first part of the draws has them about in their shares.

    Args:
        draws: How many.
        step: Between two draws, of 1; not a ratio of small whole numbers.
        shares: Their sum is 1.
    """
    places = (np.arange(draws) + 0.5) * step % 1.0
    return np.asarray(np.minimum(np.searchsorted(shares.cumsum(), places, side="right"), shares.size - 1))


def log_prior(problem: Problem, etas: Floats) -> Floats:
    """Return the natural logarithm of the density of the etas before anything was measured, (draws,)."""
    constant = problem.count / 2 * _LOG_2PI + float(_log_root(np.linalg.cholesky(problem.omega)))
    return np.asarray(-deviation(problem, etas) / 2 - constant)


def _log_root(roots: Array) -> Floats:
    """Return the logarithm of the determinant of lower triangles, (...)."""
    return np.asarray(np.log(np.diagonal(roots, axis1=-2, axis2=-1)).sum(axis=-1))
