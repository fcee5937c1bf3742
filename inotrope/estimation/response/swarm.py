"""Patient, member and kinetics by degrees from the prior, where weighted draws are no answer.

Knows sequential Monte Carlo as `estimation/tempering.py` has it, with moves for these unknowns: the patient drawn anew
from a normal distribution around the others, as far as it goes; the difference of two others; another kinetic draw;
another member. How good the answer is, it tells by families, and moves until they have forgotten where they came from.

Source: as there; moves around the others: Neal 1999, Bayesian Statistics 6:475 (preconditioned Crank-Nicolson).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from inotrope.circulation.arrays import Array, Mask
from inotrope.estimation.response.target import Indices, Target
from inotrope.estimation.tempering import (
    ACCEPTED,
    IN_A_ROW,
    LAST_MOVES,
    MEAN_ERROR,
    MOST_STEPS,
    SD_ERROR,
    log_uniform,
    next_rise,
    resampled,
    uniform,
)
from inotrope.population import Stream, standard_normals
from inotrope.population.response import draw

MOVES, MOST_MOVES = 6, 120
"""Of each draw, in a step and in the last one: these moves forget faster than a random walk."""
_AROUND, _APART, _KINETICS, _MEMBER = range(4)
_KINDS = (_AROUND, _KINETICS, _AROUND, _APART, _AROUND, _MEMBER)
"""Moves in turn."""
_EXTRA = 4
"""Numbers of each draw beside the deviates: two for the chance, two for what is chosen."""
_FLOOR = 1e-6


class Settled(NamedTuple):
    """Equally weighted draws.

    Attributes:
        deviates: (particles, names).
        members: (particles,).
        kinetics: (particles,).
        mean_error: Standard error of the mean of the deviate that is worst off, in SDs, by families.
        sd_error: Standard error of its SD, as a share.
        log_marginal: Natural logarithm of the integral of likelihood x prior.
        power: That the likelihood has reached.
        moves: Of each draw, in the last step.
        good: Whether the likelihood counts in full and the errors are small enough.
    """

    deviates: Array
    members: Indices
    kinetics: Indices
    mean_error: float
    sd_error: float
    log_marginal: float
    power: float
    moves: int
    good: bool

    @property
    def effective_fraction(self) -> float:
        """Independent draws that would know the mean of the deviate that is worst off as well, as a share of all."""
        return 1 / max(self.mean_error**2 * len(self.deviates), 1.0)


class _Swarm:
    """The draws on their way."""

    def __init__(self, target: Target, particles: int, seed: int) -> None:
        self.target, self.seed, self.turn = target, seed, 2  # turns 0 and 1 were used for weighted draws
        drawn = draw(target.ensemble, patients=np.arange(particles), seed=seed)
        self.deviates, self.members = drawn.deviates, drawn.members
        self.kinetics: Indices = np.arange(particles) % len(target.levels)
        self.likelihood = target.log_likelihood(self.deviates, self.members, self.kinetics)
        self.family: Indices = np.arange(particles)
        self.length = [0.7, 1.0]  # of moves around the others, as a share of them; of differences

    def numbers(self, particles: int, count: int) -> Array:
        """Return the next numbers."""
        found = standard_normals(self.seed, np.arange(particles), count, Stream.LEARNING, turn=self.turn)
        self.turn += 1
        return found

    def resample(self, weights: Array) -> None:
        """Draw anew by weight."""
        kept = resampled(weights, len(weights), uniform(self.numbers(1, 2)[0]))
        for name in ("deviates", "members", "kinetics", "likelihood", "family"):
            setattr(self, name, getattr(self, name)[kept])

    def move(self, power: float, times: int) -> None:
        """Move each draw some times."""
        for turn in range(times):
            kind = _KINDS[turn % len(_KINDS)]
            share = float(self._once(power, kind).mean())
            if kind in (_AROUND, _APART):
                self.length[kind] *= math.exp(min(max(2 * (share - ACCEPTED), -1.0), 0.5))
                self.length[_AROUND] = min(self.length[_AROUND], 1.0)

    def _once(self, power: float, kind: int) -> Mask:
        """Offer each draw one place, and return who went there."""
        particles, count = self.deviates.shape
        numbers = self.numbers(particles, count + _EXTRA)
        chances, chosen = log_uniform(numbers[:, count : count + 2]), np.exp(log_uniform(numbers[:, count + 2 :]))
        there, members, kinetics, gain = self.deviates, self.members, self.kinetics, np.zeros(particles)
        if kind == _AROUND:
            there, gain = self._around(numbers[:, :count])
        elif kind == _APART:
            first, second = 1 + (np.argsort(numbers[:2, 0]) + np.array([0, particles // 2]))
            apart = np.roll(self.deviates, first, axis=0) - np.roll(self.deviates, second + self.turn, axis=0)
            there = self.deviates + self.length[_APART] / math.sqrt(count) * apart
        elif kind == _KINETICS:
            kinetics = _one_of(chosen, len(self.target.levels))
        else:
            members = _one_of(chosen, len(self.target.ensemble.ids))
        likelihood = self.target.log_likelihood(there, members, kinetics)
        with np.errstate(invalid="ignore"):  # from nowhere to nowhere is no way
            gain = gain + power * (likelihood - self.likelihood)
        gain = gain - ((there * there).sum(axis=1) - (self.deviates * self.deviates).sum(axis=1)) / 2
        goes = np.asarray(chances < gain)
        self.deviates = np.where(goes[:, None], there, self.deviates)
        self.members, self.kinetics = np.where(goes, members, self.members), np.where(goes, kinetics, self.kinetics)
        self.likelihood = np.where(goes, likelihood, self.likelihood)
        return goes

    def _around(self, numbers: Array) -> tuple[Array, Array]:
        """Return places around the others, and by how much the way back is likelier than the way there."""
        center, count = self.deviates.mean(axis=0), numbers.shape[1]
        root = np.linalg.cholesky(np.cov(self.deviates, rowvar=False) + _FLOOR * np.eye(count))
        here = np.linalg.solve(root, (self.deviates - center).T).T
        share = self.length[_AROUND]
        moved = math.sqrt(1 - share * share) * here + share * numbers
        back = ((moved * moved).sum(axis=1) - (here * here).sum(axis=1)) / 2
        return center + moved @ root.T, back

    def errors(self) -> tuple[float, float]:
        """Return the standard errors of the worst mean, in SDs, and of the worst SD, as a share of it."""
        away = (self.deviates - self.deviates.mean(axis=0)) / self.deviates.std(axis=0)
        squares = (away * away - 1) / 2
        sums = np.stack([np.bincount(self.family, column) for column in (*away.T, *squares.T)])
        errors = np.sqrt((sums * sums).sum(axis=-1)) / len(away)
        means, spreads = errors.reshape(2, -1).max(axis=-1)
        return float(means), float(spreads)


def temper(target: Target, *, particles: int, seed: int) -> Settled:
    """Return draws by tempering.

    Args:
        target: With a reading.
        particles: How many; an error is never below 1 / sqrt(particles).
        seed: Of the random numbers.

    Raises:
        RequestError: A seed that is none.
    """
    swarm = _Swarm(target, particles, seed)
    power, log_marginal, steps = 0.0, 0.0, 0
    while power < 1 and steps < MOST_STEPS and np.isfinite(swarm.likelihood.max()):
        rise = next_rise(swarm.likelihood, 1 - power)
        power, steps = (1.0 if rise == 1 - power else power + rise), steps + 1
        log_weights = rise * swarm.likelihood
        largest = log_weights.max()
        weights = np.exp(log_weights - largest)
        log_marginal += float(largest + np.log(weights.mean()))
        swarm.resample(weights / weights.sum())
        if power < 1:
            swarm.move(power, MOVES)
    errors, moves, good = swarm.errors(), 0, 0
    while power == 1 and moves < MOST_MOVES and good < (1 if moves <= LAST_MOVES else IN_A_ROW):
        swarm.move(power, LAST_MOVES)
        moves, errors = moves + LAST_MOVES, swarm.errors()
        good = good + 1 if errors[0] <= MEAN_ERROR and errors[1] <= SD_ERROR else 0
    return Settled(
        deviates=swarm.deviates,
        members=swarm.members,
        kinetics=swarm.kinetics,
        mean_error=errors[0],
        sd_error=errors[1],
        log_marginal=log_marginal,
        power=power,
        moves=moves,
        good=good >= (1 if moves <= LAST_MOVES else IN_A_ROW),
    )


def _one_of(uniform_numbers: Array, count: int) -> Indices:
    return np.asarray(np.minimum((uniform_numbers * count).astype(np.int64), count - 1))
