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
from inotrope.estimation.response.weighing import Weighted
from inotrope.estimation.tempering import Way, from_prior, from_weighted, log_uniform
from inotrope.population import Stream
from inotrope.population.response import draw

MOVES, MOST_MOVES = 6, 60
"""Of each draw, in a step and in the last one: these moves forget faster than a random walk."""
_AROUND, _APART, _KINETICS, _MEMBER = range(4)
_EXTRA = 4
"""Numbers of each draw beside the deviates: two for the chance, two for what is chosen."""
_FLOOR = 1e-6
_NEAR = 0.1
"""Of all kinetic draws, how far to either side one counts as near: a choice of speed, no result stands on it."""
MOST_OF_WEIGHTED = 48
"""Of each weighted draw: who is not there by then begins anew from the prior."""
_TURN, _TURN_MOVED = 2, 10_000
"""The first turn of the random numbers: turns 0 and 1 were used for weighted draws."""


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


class _Begin(NamedTuple):
    """Draws before any move, as in `Settled`, and the natural logarithm of their likelihood."""

    deviates: Array
    members: Indices
    kinetics: Indices
    likelihood: Array


class _Swarm(tempering.Swarm):
    """Draws of patient, member and kinetics."""

    KNOWN = ("deviates", "members", "kinetics", "likelihood", "family")
    KINDS = (_AROUND, _KINETICS, _APART, _KINETICS, _AROUND, _MEMBER)
    STREAM = Stream.LEARNING

    def __init__(self, target: Target, begin: _Begin, seed: int, turn: int) -> None:
        super().__init__(len(begin.members), seed, turn=turn)
        self.target = target
        self.deviates, self.members, self.kinetics, self.likelihood = begin
        # Of moves around the others, as a share of them; of differences.
        self.length, self.longest = [0.7, 1.0], (1.0, math.inf)
        self.places = np.log(target.levels[:, target.readings.on_drug] + _FLOOR)
        self.order = np.argsort(self.places.sum(axis=1), kind="stable")
        self.rank = np.empty_like(self.order)
        self.rank[self.order] = np.arange(len(self.order))
        self.near = False

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
            kinetics, there = self._other_kinetics(chosen)
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

    def _other_kinetics(self, chosen: Array) -> tuple[Indices, Array]:
        """Return another kinetic draw for each: any of them, and every other time a near one, the patient moved along.

        Where readings tell much of the drug's effect, hardly another level would do with the same patient: he goes as
        patients go with levels among all draws, by as much as he would come back. Near is told on a ring, the draws in
        the order of their levels and its ends joined, so that the way back is as likely as the way there.
        """
        count, self.near = len(self.order), not self.near
        if not self.near:
            return _one_of(chosen, count), self.deviates
        steps = np.rint((2 * chosen - 1) * _NEAR * count).astype(np.int64)
        kinetics = self.order[(self.rank[self.kinetics] + steps) % count]
        here = self.places[self.kinetics]
        around = here - here.mean(axis=0)
        slopes = np.linalg.solve(
            around.T @ around + len(here) * _FLOOR * np.eye(around.shape[1]), around.T @ self.deviates
        )
        return kinetics, self.deviates + (self.places[kinetics] - here) @ slopes

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
    drawn = draw(target.ensemble, patients=np.arange(particles), seed=seed)
    kinetics: Indices = np.arange(particles) % len(target.levels)
    likelihood = target.log_likelihood(drawn.deviates, drawn.members, kinetics)
    swarm = _Swarm(target, _Begin(drawn.deviates, drawn.members, kinetics, likelihood), seed, _TURN)
    way = from_prior(swarm, moves=MOVES, most_moves=MOST_MOVES)
    return Settled(swarm.deviates, swarm.members, swarm.kinetics, way)


def move(target: Target, weighted: Weighted, *, seed: int) -> Settled:
    """Return weighted draws moved until they are worth enough; where they do not come there, `way.good` is false.

    Args:
        target: With a reading.
        weighted: Draws of it of which no few count for the rest.
        seed: Of the random numbers.

    Raises:
        RequestError: A seed that is none.
    """
    begin = _Begin(weighted.deviates, weighted.members, weighted.kinetics, weighted.likelihood)
    swarm = _Swarm(target, begin, seed, _TURN_MOVED)
    way = from_weighted(swarm, weighted.weights, weighted.log_marginal, most_moves=MOST_OF_WEIGHTED)
    return Settled(swarm.deviates, swarm.members, swarm.kinetics, way)


def _one_of(uniform_numbers: Array, count: int) -> Indices:
    return np.asarray(np.minimum((uniform_numbers * count).astype(np.int64), count - 1))
