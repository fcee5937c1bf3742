"""Draws that lie more evenly than random ones, before any level: the same means from far fewer of them.

Knows a rank-one sequence: point i is the fractional part of i times powers of one irrational number, after a shift that
the seed draws. Sums over such points err by about 1/draws where random ones err by its root, in the two or three
dimensions of one patient; many more dimensions want another way. Each first part of the draws lies evenly too.

Source: additive recurrences after Kronecker; the number is that of Roberts 2018, the root of x^(d+1) = x + 1, which for
one dimension is the golden ratio; the random shift: Cranley and Patterson 1976, SIAM J Numer Anal 13:904.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.importance import log_prior, propose
from inotrope.estimation.mode import Mode
from inotrope.estimation.objective import log_likelihood
from inotrope.estimation.posterior import strided
from inotrope.estimation.problem import Floats, Problem
from inotrope.estimation.psis import effective_share, normalized, smooth
from inotrope.estimation.tempering import resampled
from inotrope.population import Stream, standard_normals
from inotrope.population.virtual.even import golden
from inotrope.population.virtual.normal import correlated, normal_of_words

_WORD = 2.0**64
_PARTS = 32
PROPOSED = 2
"""Draws made for each one kept."""
WIDER, WIDER_SHARE, PRIOR_SHARE = 1.5, 0.3, 0.1
"""How much wider than the Hessian says a part of the draws is, how large that part is, and that of the prior."""


def even_words(draws: int, dimensions: int, *, seed: int) -> NDArray[np.uint64]:
    """Return points of the unit cube as 64-bit fractions, (draws, dimensions).

    Args:
        draws: How many, 1 or more.
        dimensions: Of each, 1 or more.
        seed: Draws the shift; another seed, other points that lie as evenly.
    """
    root = golden(dimensions)
    steps = np.array([int(root ** -(place + 1) % 1.0 * _WORD) for place in range(dimensions)], dtype=np.uint64)
    signs = standard_normals(seed, np.arange(2 * _PARTS), dimensions, Stream.EVEN) > 0
    bits = 2.0 ** np.arange(2 * _PARTS)
    shifts = np.array([sum(int(bit) for bit in bits[column]) for column in signs.T], dtype=np.uint64)
    return np.asarray(shifts + np.arange(draws, dtype=np.uint64)[:, None] * steps)


def even_prior(omega: Floats, *, draws: int, seed: int) -> Floats:
    """Return etas before any level, (draws, k), from their covariance (k, k), evenly spread.

    Args:
        omega: As `Problem`.
        draws: How many, 1 or more.
        seed: Of the shift.
    """
    return np.stack(correlated(omega, normal_of_words(even_words(draws, len(omega), seed=seed))), axis=-1)


class EvenPosterior(NamedTuple):
    """Evenly spread draws of a posterior.

    Attributes:
        etas: (draws, k), each first part of them a fair sample.
        log_marginal: Natural logarithm of the integral of likelihood x prior.
        effective_fraction: Of the weighted draws from which they were taken.
    """

    etas: Floats
    log_marginal: float
    effective_fraction: float


def even_posterior(problem: Problem, mode: Mode, *, draws: int, seed: int) -> EvenPosterior:
    """Return draws of a posterior that is near normal at its minima, evenly spread.

    The proposal is normal around every minimum, once as wide as the Hessian says and once wider, and for a part the
    prior itself: so no weight can exceed that of the likelihood over that part. Draws are sorted by their first
    deviation before systematic resampling, which then errs by no more than neighbors differ.

    Args:
        problem: Of one patient, with a level.
        mode: Of a search that converged.
        draws: How many to return.
        seed: Of the shift.
    """
    proposal, count = propose(problem, mode), problem.count
    made, half = PROPOSED * draws, len(proposal.centers) // 2
    centers = np.concatenate([proposal.centers[:half], proposal.centers[:half], np.zeros((1, count))])
    roots = np.concatenate(
        [proposal.roots[:half], WIDER * proposal.roots[:half], np.linalg.cholesky(problem.omega)[None]]
    )
    each = proposal.shares[:half] / proposal.shares[:half].sum()
    shares = np.concatenate([(1 - WIDER_SHARE - PRIOR_SHARE) * each, WIDER_SHARE * each, [PRIOR_SHARE]])
    words = even_words(made, count + 1, seed=seed)
    which = np.searchsorted(shares.cumsum()[:-1], words[:, 0] / _WORD, side="right")
    deviates = normal_of_words(words[:, 1:])
    etas = centers[which] + (roots[which] * deviates[:, None, :]).sum(axis=-1)
    smoothed = smooth(
        log_likelihood(problem, etas) + log_prior(problem, etas) - _log_density(etas, centers, roots, shares)
    )
    weights, log_marginal = normalized(smoothed.log_weights)
    order = np.argsort(etas[:, 0], kind="stable")
    kept = resampled(weights[order], draws, 1 / 2)
    return EvenPosterior(
        etas=etas[order][kept][strided(draws)],
        log_marginal=log_marginal,
        effective_fraction=effective_share(smoothed.log_weights),
    )


def _log_density(etas: Floats, centers: Floats, roots: Floats, shares: Floats) -> Floats:
    """Return the natural logarithm of the density of a mixture of normal distributions, (draws,)."""
    inverse = np.linalg.inv(roots)
    away = (inverse[:, None] * (etas - centers[:, None])[:, :, None, :]).sum(axis=-1)
    determinants = np.log(np.diagonal(roots, axis1=-2, axis2=-1)).sum(axis=-1)
    each = (np.log(shares) - determinants)[:, None] - (away * away).sum(axis=-1) / 2
    return np.asarray(np.logaddexp.reduce(each, axis=0) - etas.shape[1] / 2 * math.log(2 * math.pi))
