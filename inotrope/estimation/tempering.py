"""The posterior from the prior by degrees: draws of the prior, on which the levels weigh a little more step by step.

Knows sequential Monte Carlo. A step raises the power of the likelihood as far as half the effective draws last,
resamples, and moves each draw some times so that the new distribution stays as it is: by a random walk, and by the
difference of two other draws, which leads along a curved ridge and from one mode to another. It needs no minimum, and
has none to miss. How good the answer is, it tells by families, the draws that descend from one draw of the prior: where
each family still keeps to a place of its own, the draws are worth less than their number, and moves go on.

Source: Del Moral, Doucet and Jasra 2006, J R Stat Soc B 68:411; power by effective draws: Jasra and others 2011, Scand
J Stat 38:1; differences: ter Braak 2006, Stat Comput 16:239; errors by families: Lee and Whiteley 2018, Biometrika
105:609.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.objective import deviation, log_likelihood
from inotrope.estimation.problem import Bools, Floats, Problem
from inotrope.estimation.psis import effective_share
from inotrope.population import Stream, standard_normals

Indices = NDArray[np.int64]

KEPT = 0.5
"""Effective draws that a step keeps, as a share."""
MOVES, LAST_MOVES = 8, 12
"""Of each draw, in a step (with 4 instead more families die out, and the log marginal is a third less sure); and in the
last one, again and again until the answer is good enough."""
MOST_MOVES = 360
"""In the last step."""
IN_A_ROW = 2
"""Who looks at errors again and again until they are small sees them too small: after the first look two agree."""
MEAN_ERROR, SD_ERROR = 0.025, 0.04
"""Good enough: standard errors of a mean, in SDs of the posterior, and of an SD, as a share of it. A judgement: errors
of 0.08 SDs and of 15 % then lie three standard errors out."""
MOST_STEPS = 60
"""Three to eight are the rule; a likelihood that needs more than this is as good as a point."""
WIDEST = 2.38
"""Of a random walk, over sqrt(k): Roberts, Gelman and Gilks 1997, Ann Appl Probab 7:110."""
ACCEPTED = 0.25
"""Share of moves that should be taken, Roberts 1997; lengths follow."""
_HALVINGS = 60
_WALK, _PART, _WHOLE = range(3)
_KINDS = (_WALK, _PART, _WALK, _WHOLE)
"""Moves in turn: a random walk, a difference shortened, and one as it is, which leads from mode to mode."""


class Tempered(NamedTuple):
    """Draws of the posterior, equally weighted.

    Attributes:
        etas: (particles, k).
        mean_error: Standard error of the mean of the eta that is worst off, in SDs of the posterior, by families.
        sd_error: Standard error of the SD of the eta that is worst off, as a share of it, by families.
        log_marginal: Natural logarithm of the integral of likelihood x prior; 1/(ng/mL) for each level seen.
        log_marginal_sd: Its standard error, by families: 1 / sqrt(families), counted by their sizes.
        steps: How many there were.
        power: That the likelihood has reached; 1 at the end.
        moves: Of each draw, in the last step.
        accepted: Share of the last of them that were taken.
        families: Draws of the prior that have descendants.
        good: Whether the likelihood counts in full, and the standard errors are small enough.
    """

    etas: Floats
    mean_error: float
    sd_error: float
    log_marginal: float
    log_marginal_sd: float
    steps: int
    power: float
    moves: int
    accepted: float
    families: int
    good: bool

    @property
    def effective_fraction(self) -> float:
        """How many independent draws would know the mean of the eta that is worst off as well, as a share of all."""
        return 1 / max(self.mean_error**2 * len(self.etas), 1.0)


class _Swarm:
    """The draws on their way, with what is known of each."""

    def __init__(self, problem: Problem, particles: int, seed: int) -> None:
        self.problem, self.seed, self.turn = problem, seed, 1
        self.prior_root = np.linalg.cholesky(problem.omega)
        numbers = self._numbers(particles, problem.count)
        self.etas: Floats = (self.prior_root * numbers[:, None, :]).sum(axis=-1)
        self.likelihood: Floats = log_likelihood(problem, self.etas)
        self.deviation: Floats = deviation(problem, self.etas)
        self.family: Indices = np.arange(particles)
        self.length = [1.0, 1.0]  # of random walk and shortened difference

    def _numbers(self, particles: int, count: int) -> Floats:
        found = standard_normals(self.seed, np.arange(particles), count, Stream.POSTERIOR, turn=self.turn)
        self.turn += 1
        return found

    def resample(self, weights: Floats) -> None:
        """Draw anew by weight."""
        kept = resampled(weights, len(weights), uniform(self._numbers(1, 2)[0]))
        self.etas, self.likelihood = self.etas[kept], self.likelihood[kept]
        self.deviation, self.family = self.deviation[kept], self.family[kept]

    def move(self, power: float, times: int) -> float:
        """Move each draw some times; return which share of the moves was taken."""
        taken = 0.0
        for turn in range(times):
            kind = _KINDS[turn % len(_KINDS)]
            share = float(self._once(power, kind).mean())
            if kind != _WHOLE:
                self.length[kind] *= math.exp(min(max(2 * (share - ACCEPTED), -1.0), 0.5))
            taken += share / times
        return taken

    def _once(self, power: float, kind: int) -> Bools:
        """Offer each draw one place, and return who went there."""
        particles, count = self.etas.shape
        numbers = self._numbers(particles, count + 2)
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
        numbers = self._numbers(2, 2)
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
    power, log_marginal, steps, accepted = 0.0, 0.0, 0, 0.0
    sizes = np.full(particles, 1 / particles)
    while power < 1 and steps < MOST_STEPS:
        rise = next_rise(swarm.likelihood, 1 - power)
        power, steps = (1.0 if rise == 1 - power else power + rise), steps + 1
        log_weights = rise * swarm.likelihood
        largest = log_weights.max()
        weights = np.exp(log_weights - largest)
        log_marginal += float(largest + np.log(weights.mean()))
        weights /= weights.sum()
        sizes = np.bincount(swarm.family, weights, minlength=particles)
        swarm.resample(weights)
        if power < 1:
            accepted = swarm.move(power, MOVES)
    errors, moves, good = _errors(swarm), 0, 0
    while power == 1 and moves < MOST_MOVES and good < (1 if moves <= LAST_MOVES else IN_A_ROW):
        accepted, moves = swarm.move(power, LAST_MOVES), moves + LAST_MOVES
        errors = _errors(swarm)
        good = good + 1 if errors[0] <= MEAN_ERROR and errors[1] <= SD_ERROR else 0
    return Tempered(
        etas=swarm.etas,
        mean_error=errors[0],
        sd_error=errors[1],
        log_marginal=log_marginal,
        log_marginal_sd=math.sqrt(max(float((sizes * sizes).sum()) - 1 / particles, 0.0)),
        steps=steps,
        power=power,
        moves=moves,
        accepted=accepted,
        families=int(np.unique(swarm.family).size),
        good=good >= (1 if moves <= LAST_MOVES else IN_A_ROW),
    )


def resampled(weights: Floats, draws: int, at: float) -> Indices:
    """Return which of weighted draws are kept: systematic resampling, each about as often as its weight says.

    Args:
        weights: Their sum is 1.
        draws: How many to keep.
        at: One uniform number.
    """
    ends = weights.cumsum()
    kept = np.searchsorted(ends, (np.arange(draws) + at) * (ends[-1] / draws), side="right")
    return np.asarray(np.minimum(kept, weights.size - 1), dtype=np.int64)


def log_uniform(pair: Floats) -> Floats:
    """Return the logarithm of a uniform number, from two standard normal ones on the last axis: -(x^2 + y^2) / 2."""
    return np.asarray(-(pair * pair).sum(axis=-1) / 2)


def uniform(pair: Floats) -> float:
    """Return a uniform number from two standard normal ones."""
    return math.exp(float(log_uniform(pair)))


def next_rise(likelihood: Floats, left: float) -> float:
    """Return by how much the power can rise."""
    if effective_share(left * likelihood) >= KEPT:
        return left
    low, high = 0.0, left
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if effective_share(middle * likelihood) >= KEPT else (low, middle)
    return low


def _errors(swarm: _Swarm) -> tuple[float, float]:
    """Return the standard errors of the worst mean, in SDs, and of the worst SD, as a share of it."""
    etas, family = swarm.etas, swarm.family
    away = (etas - etas.mean(axis=0)) / etas.std(axis=0)
    squares = (away * away - 1) / 2  # what an SD moves by, to first order
    sums = np.stack([np.bincount(family, column) for column in (*away.T, *squares.T)])
    errors = np.sqrt((sums * sums).sum(axis=-1)) / len(etas)
    means, spreads = errors.reshape(2, -1).max(axis=-1)
    return float(means), float(spreads)
