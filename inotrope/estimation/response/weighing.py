"""Draws of patient, member and kinetics together, weighted by how probable the readings make them.

Knows a proposal: each kinetic draw as it comes; around the most probable patient of each member, moved along with the
kinetics, a normal distribution, once as wide as the readings say and once wider; and for a part the prior itself, so
that no weight can exceed that of the likelihood over that part. Only directions of which readings tell are widened:
in all others the prior is the answer, and a wider one would waste the draws. It weighs; it does not judge.

Source: as `estimation/importance.py`; informed directions: Cui and others 2014, Inverse Probl 30:114015.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.estimation.importance import GOLDEN, in_turn
from inotrope.estimation.psis import effective_share, normalized, smooth
from inotrope.estimation.response.modes import Modes
from inotrope.estimation.response.target import Indices, Target
from inotrope.estimation.tempering import resampled
from inotrope.population import Stream, standard_normals

WIDER, WIDER_SHARE, PRIOR_SHARE = 1.5, 0.15, 0.05
"""How much wider a part of the draws is where readings tell, how large that part is, and that of the prior."""
LEAST_SHARE = 0.05
"""Of the draws, of a member that the readings speak against: what the Hessian says of its mass may be wrong."""
ENOUGH, HELD = 150.0, 0.1
"""Effective draws of a member from which a covariance is told, and the share of the Hessian's that it keeps."""
SHARPENED, EVEN_SHARE = 0.8, 0.15
"""How much of the sharpness that readings add to the kinetics is used in choosing their draws, and the share that is
chosen evenly."""
_INFORMED, _LEAST = 1.05, 0.1
"""Of an eigenvalue of the Hessian, which is 1 where the readings tell nothing; and what rounding may leave of it."""


class Weighted(NamedTuple):
    """Weighted draws.

    Attributes:
        deviates: (draws, names).
        members: (draws,).
        kinetics: (draws,), by place among the kinetic draws.
        weights: (draws,), smoothed; their sum is 1.
        likelihood: (draws,), natural logarithm.
        k_hat: See `psis.smooth`.
        effective_fraction: Effective draws as a share of all.
        log_marginal: Natural logarithm of the mean of likelihood x prior / proposal.
    """

    deviates: Array
    members: Indices
    kinetics: Indices
    weights: Array
    likelihood: Array
    k_hat: float
    effective_fraction: float
    log_marginal: float


def weigh(target: Target, modes: Modes, *, draws: int, seed: int, turn: int = 0) -> Weighted:
    """Return draws from the proposal with their smoothed weights.

    Args:
        target: What is asked.
        modes: Of the same.
        draws: How many.
        seed: Draw k of a seed is the same however many there are.
        turn: Which set of numbers.

    Raises:
        RequestError: A seed that is none, or no draw that can be.
    """
    names, count = modes.names, len(target.ensemble.ids)
    eigenvalues = np.maximum(np.linalg.eigvalsh(modes.hessians), _LEAST)
    masses = modes.heights - np.log(eigenvalues).sum(axis=1) / 2
    shares = np.maximum(normalized(masses)[0], LEAST_SHARE)
    shares /= shares.sum()
    kinetics = np.empty(draws, np.int64)
    members = in_turn(draws, GOLDEN, shares)
    parts = in_turn(draws, math.sqrt(2) - 1, np.array([1 - WIDER_SHARE - PRIOR_SHARE, WIDER_SHARE, PRIOR_SHARE]))
    numbers = standard_normals(seed, np.arange(draws), names, Stream.LEARNING, turn=turn)
    deviates, density = np.empty((draws, names)), np.empty(draws)
    for member in range(count):
        own = np.flatnonzero(members == member)
        chances = _chances(modes, member)
        kinetics[own] = resampled(chances, own.size, 1 / 2)
        deviates[own], density[own] = _around(modes, member, kinetics[own], numbers[own], parts[own])
        density[own] += np.log(chances[kinetics[own]])
    prior = -(deviates * deviates).sum(axis=1) / 2 - names / 2 * math.log(2 * math.pi)
    prior -= math.log(count * len(target.levels))
    likelihood = target.log_likelihood(deviates, members, kinetics)
    smoothed = smooth(likelihood + prior - density - np.log(shares[members]))
    weights, log_marginal = normalized(smoothed.log_weights)
    return Weighted(
        deviates=deviates,
        members=members,
        kinetics=kinetics,
        weights=weights,
        likelihood=likelihood,
        k_hat=smoothed.k_hat,
        effective_fraction=effective_share(smoothed.log_weights),
        log_marginal=log_marginal,
    )


def refined(modes: Modes, weighted: Weighted) -> Modes:
    """Return the same with centers and Hessians as the weighted draws show them, for members that have enough draws."""
    centers, hessians = modes.centers.copy(), modes.hessians.copy()
    for member in range(len(centers)):
        own = weighted.members == member
        weights = weighted.weights[own]
        if weights.sum() ** 2 < ENOUGH * (weights * weights).sum():
            continue
        weights = weights / weights.sum()
        both = np.concatenate([weighted.deviates[own], modes.levels.places[weighted.kinetics[own]]], axis=1)
        mean = weights @ both
        spread = ((both - mean).T * weights) @ (both - mean)
        centers[member] = mean
        hessians[member] = np.linalg.inv((1 - HELD) * spread + HELD * np.linalg.inv(modes.hessians[member]))
    return Modes(centers, hessians, modes.heights, modes.levels)


def _chances(modes: Modes, member: int) -> Array:
    """Return how often each kinetic draw is taken: more often where the readings call for such levels."""
    places, names = modes.levels.places, modes.names
    center, hessian = modes.centers[member], modes.hessians[member]
    values, vectors = np.linalg.eigh(hessian[names:, names:] - hessian[names:, :names] @ modes.pulls(member))
    sharper = np.maximum(values - 1, 0.0) * SHARPENED
    turned, middle = places @ vectors, center[names:] @ vectors
    # The ratio of a normal distribution of precision 1 + sharper to the one of all draws.
    logs = -((turned - middle) ** 2 * (1 + sharper)).sum(axis=1) / 2 + (turned**2).sum(axis=1) / 2
    ratios = np.exp(logs - logs.max())
    return np.asarray((1 - EVEN_SHARE) * ratios / ratios.sum() + EVEN_SHARE / len(places))


def _around(modes: Modes, member: int, kinetics: Indices, numbers: Array, parts: Indices) -> tuple[Array, Array]:
    """Return draws around one member's patient, and the logarithm of their density."""
    names, center = modes.names, modes.centers[member]
    values, vectors = np.linalg.eigh(modes.hessians[member, :names, :names])
    values = np.maximum(values, _LEAST)
    away = modes.levels.places[kinetics] - center[names:]
    moved = center[:names] - away @ modes.pulls(member).T
    informed = values > _INFORMED
    sds = 1 / np.sqrt(values)
    widths = np.stack([sds, np.where(informed, WIDER, 1.0) * sds])
    # The symmetric root: no choice of vectors that share an eigenvalue changes a draw.
    steps = (widths[np.minimum(parts, 1)] * (numbers @ vectors)) @ vectors.T
    deviates = np.where((parts == len(widths))[:, None], numbers, moved + steps)
    turned = (deviates - moved) @ vectors
    shares = (1 - WIDER_SHARE - PRIOR_SHARE, WIDER_SHARE)
    each = [
        math.log(share) - np.log(width).sum() - ((turned / width) ** 2).sum(axis=1) / 2
        for share, width in zip(shares, widths, strict=True)
    ]
    each.append(math.log(PRIOR_SHARE) - (deviates * deviates).sum(axis=1) / 2)
    return deviates, np.logaddexp.reduce(each, axis=0) - names / 2 * math.log(2 * math.pi)
