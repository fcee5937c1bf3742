"""The posterior of one patient's etas from the prior by degrees, as `tempering.py` has it.

Knows the moves: by a random walk, and by the difference of two other draws, which leads along a curved ridge and from
one mode to another.

Source: as there; differences: ter Braak 2006, Stat Comput 16:239.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from inotrope.estimation import tempering
from inotrope.estimation.objective import deviation, log_likelihood
from inotrope.estimation.problem import Bools, Floats, Problem
from inotrope.estimation.tempering import Way, from_prior, log_uniform, uniform
from inotrope.population import Stream

MOVES, MOST_MOVES = 8, 360
"""Of each draw, in a step (with 4 instead more families die out, and the log marginal is a third less sure); and in the
last one."""
WIDEST = 2.38
"""Of a random walk, over sqrt(k): Roberts, Gelman and Gilks 1997, Ann Appl Probab 7:110."""
_WALK, _PART, _WHOLE = range(3)


class Tempered(NamedTuple):
    """Draws of the posterior, equally weighted.

    Attributes:
        etas: (particles, k).
        way: How they came there; the log marginal in 1/(ng/mL) for each level seen.
    """

    etas: Floats
    way: Way


class _Swarm(tempering.Swarm):
    """Draws of the etas: a random walk, a difference shortened, and one as it is, which leads from mode to mode."""

    KNOWN = ("etas", "likelihood", "deviation", "family")
    KINDS = (_WALK, _PART, _WALK, _WHOLE)
    STREAM = Stream.POSTERIOR

    def __init__(self, problem: Problem, particles: int, seed: int) -> None:
        super().__init__(particles, seed, turn=1)
        self.problem = problem
        self.prior_root = np.linalg.cholesky(problem.omega)
        numbers = self.numbers(particles, problem.count)
        self.etas: Floats = (self.prior_root * numbers[:, None, :]).sum(axis=-1)
        self.likelihood = log_likelihood(problem, self.etas)
        self.deviation: Floats = deviation(problem, self.etas)
        self.length, self.longest = [1.0, 1.0], (math.inf, math.inf)  # of random walk and shortened difference

    @property
    def unknowns(self) -> Floats:
        return self.etas

    def once(self, power: float, kind: int) -> Bools:
        particles, count = self.etas.shape
        numbers = self.numbers(particles, count + 2)
        walk, chance = numbers[:, :count], log_uniform(numbers[:, count:])
        if kind == _WALK:
            spread = np.atleast_2d(np.cov(self.etas, rowvar=False)) + 1e-12 * self.problem.omega
            root = np.linalg.cholesky(spread) * (self.length[0] * WIDEST / math.sqrt(count))
            step = (root * walk[:, None, :]).sum(axis=-1)
        else:
            # Others by two shifts of the row, random and unequal.
            first, second = self._shifts(particles)
            apart = np.roll(self.etas, first, axis=0) - np.roll(self.etas, second, axis=0)
            step = apart if kind == _WHOLE else (self.length[1] * WIDEST / math.sqrt(2 * count)) * apart
            step += 1e-3 * (self.prior_root * walk[:, None, :]).sum(axis=-1)
        there = self.etas + step
        likelihood, away = log_likelihood(self.problem, there), deviation(self.problem, there)
        gain = power * (likelihood - self.likelihood) - (away - self.deviation) / 2
        goes = chance < gain
        self.etas = np.where(goes[:, None], there, self.etas)
        self.likelihood = np.where(goes, likelihood, self.likelihood)
        self.deviation = np.where(goes, away, self.deviation)
        return np.asarray(goes)

    def _shifts(self, particles: int) -> tuple[int, int]:
        numbers = self.numbers(2, 2)
        first = 1 + int(uniform(numbers[0]) * (particles - 1))
        between = 1 + int(uniform(numbers[1]) * (particles - 2))
        return first, between + (between >= first)


def temper(problem: Problem, *, particles: int, seed: int) -> Tempered:
    """Return draws of the posterior of one patient by tempering.

    Args:
        problem: Of one patient, with a level.
        particles: How many draws; 4,000 or more, since an error is never below 1 / sqrt(particles).
        seed: Of the random numbers.

    Raises:
        RequestError: A seed that is none.
        KineticsError: As `log_likelihood`.
    """
    swarm = _Swarm(problem, particles, seed)
    way = from_prior(swarm, moves=MOVES, most_moves=MOST_MOVES)
    return Tempered(swarm.etas, way)
