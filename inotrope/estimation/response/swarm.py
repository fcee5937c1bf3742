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
from inotrope.estimation import tempering
from inotrope.estimation.response.target import Indices, Target
from inotrope.estimation.tempering import Way, from_prior, log_uniform
from inotrope.population import Stream
from inotrope.population.response import draw

MOVES, MOST_MOVES = 6, 120
"""Of each draw, in a step and in the last one: these moves forget faster than a random walk."""
_AROUND, _APART, _KINETICS, _MEMBER = range(4)
_EXTRA = 4
"""Numbers of each draw beside the deviates: two for the chance, two for what is chosen."""
_FLOOR = 1e-6


class Settled(NamedTuple):
    """Equally weighted draws.

    Attributes:
        deviates: (particles, names).
        members: (particles,).
        kinetics: (particles,).
        way: How they came there.
    """

    deviates: Array
    members: Indices
    kinetics: Indices
    way: Way


class _Swarm(tempering.Swarm):
    """Draws of patient, member and kinetics."""

    KNOWN = ("deviates", "members", "kinetics", "likelihood", "family")
    KINDS = (_AROUND, _KINETICS, _AROUND, _APART, _AROUND, _MEMBER)
    STREAM = Stream.LEARNING

    def __init__(self, target: Target, particles: int, seed: int) -> None:
        super().__init__(particles, seed, turn=2)  # turns 0 and 1 were used for weighted draws
        self.target = target
        drawn = draw(target.ensemble, patients=np.arange(particles), seed=seed)
        self.deviates, self.members = drawn.deviates, drawn.members
        self.kinetics: Indices = np.arange(particles) % len(target.levels)
        self.likelihood = target.log_likelihood(self.deviates, self.members, self.kinetics)
        # Of moves around the others, as a share of them; of differences.
        self.length, self.longest = [0.7, 1.0], (1.0, math.inf)

    @property
    def unknowns(self) -> Array:
        return self.deviates

    def once(self, power: float, kind: int) -> Mask:
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
    way = from_prior(swarm, moves=MOVES, most_moves=MOST_MOVES)
    return Settled(swarm.deviates, swarm.members, swarm.kinetics, way)


def _one_of(uniform_numbers: Array, count: int) -> Indices:
    return np.asarray(np.minimum((uniform_numbers * count).astype(np.int64), count - 1))
