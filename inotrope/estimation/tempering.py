"""From the prior by degrees: draws on which what was measured weighs a little more step by step.

Knows sequential Monte Carlo, whatever is drawn. A step raises the power of the likelihood as far as half the effective
draws last, resamples, and moves each draw some times so that the new distribution stays as it is. It needs no minimum,
and has none to miss. How good the answer is, it tells by families, the draws that descend from one draw of the prior:
where each family still keeps to a place of its own, the draws are worth less than their number, and moves go on. What a
draw is and where it may go is told by the swarms: `swarm.py` of levels, `response/swarm.py` of readings.

Source: Del Moral, Doucet and Jasra 2006, J R Stat Soc B 68:411; power by effective draws: Jasra and others 2011, Scand
J Stat 38:1; errors by families: Lee and Whiteley 2018, Biometrika 105:609.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.problem import Bools, Floats
from inotrope.estimation.psis import effective_share, normalized
from inotrope.population import Stream, standard_normals

Indices = NDArray[np.int64]

KEPT = 0.5
"""Effective draws that a step keeps, as a share."""
LAST_MOVES = 12
"""Of each draw in the last step, again and again until the answer is good enough."""
IN_A_ROW = 2
"""Who looks at errors again and again until they are small sees them too small: after the first look two agree."""
MEAN_ERROR, SD_ERROR = 0.025, 0.04
"""Good enough: standard errors of a mean, in SDs of the posterior, and of an SD, as a share of it. A judgement: errors
of 0.08 SDs and of 15 % then lie three standard errors out."""
MOST_STEPS = 60
"""Three to eight are the rule; a likelihood that needs more than this is as good as a point."""
ACCEPTED = 0.25
"""Share of moves that should be taken, Roberts, Gelman and Gilks 1997, Ann Appl Probab 7:110; lengths follow."""
_HALVINGS = 60


class Way(NamedTuple):
    """How draws came from the prior, and what they are worth.

    Attributes:
        draws: How many there are.
        mean_error: Standard error of the mean of the unknown that is worst off, in SDs of the posterior, by families.
        sd_error: Standard error of the SD of the unknown that is worst off, as a share of it, by families.
        log_marginal: Natural logarithm of the integral of likelihood x prior.
        log_marginal_sd: Its standard error, by families: 1 / sqrt(families), counted by their sizes.
        steps: How many there were.
        power: That the likelihood has reached; 1 at the end.
        moves: Of each draw, in the last step.
        accepted: Share of the last of them that were taken.
        families: Draws of the prior that have descendants.
        good: Whether the likelihood counts in full, and the standard errors are small enough.
    """

    draws: int
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
        """How many independent draws would know the mean of the unknown that is worst off as well, as a share."""
        return 1 / max(self.mean_error**2 * self.draws, 1.0)

    @property
    def unsettled(self) -> str:
        """Why the draws are no answer though the likelihood counts in full; empty where they are one."""
        if self.good:
            return ""
        return (
            f"after {self.moves} moves of each draw a mean is still uncertain by {self.mean_error:.2g} SDs "
            f"(allowed: {MEAN_ERROR:g}) and an SD by {self.sd_error:.0%} (allowed: {SD_ERROR:.0%})"
        )


class Swarm(ABC):
    """The draws on their way, with what is known of each.

    Attributes:
        KNOWN: The arrays that have one row for each draw.
        KINDS: Moves in turn; the first few of them have a length that follows from how often they are taken.
        STREAM: Of the random numbers.
        likelihood: (particles,), natural logarithm.
        family: (particles,), the draw of the prior that each descends from.
        length: Of the first kinds of moves.
        longest: What each of these may grow to.
    """

    KNOWN: ClassVar[tuple[str, ...]]
    KINDS: ClassVar[tuple[int, ...]]
    STREAM: ClassVar[Stream]
    likelihood: Floats
    family: Indices
    length: list[float]
    longest: tuple[float, ...]

    def __init__(self, particles: int, seed: int, *, turn: int) -> None:
        """Begin with numbers of a seed, from one of its turns on."""
        self.seed, self.turn = seed, turn
        self.family = np.arange(particles)

    @property
    @abstractmethod
    def unknowns(self) -> Floats:
        """(particles, unknowns), whose means and SDs must be known well enough."""

    @abstractmethod
    def once(self, power: float, kind: int) -> Bools:
        """Offer each draw one place, and return who went there."""

    def numbers(self, particles: int, count: int) -> Floats:
        """Return the next standard normal numbers, (particles, count)."""
        found = standard_normals(self.seed, np.arange(particles), count, self.STREAM, turn=self.turn)
        self.turn += 1
        return found

    def resample(self, weights: Floats) -> None:
        """Draw anew by weight."""
        kept = resampled(weights, len(weights), uniform(self.numbers(1, 2)[0]))
        for name in self.KNOWN:
            setattr(self, name, getattr(self, name)[kept])

    def move(self, power: float, times: int) -> float:
        """Move each draw some times; return which share of the moves was taken."""
        taken = 0.0
        for turn in range(times):
            kind = self.KINDS[turn % len(self.KINDS)]
            share = float(self.once(power, kind).mean())
            if kind < len(self.length):
                grown = self.length[kind] * math.exp(min(max(2 * (share - ACCEPTED), -1.0), 0.5))
                self.length[kind] = min(grown, self.longest[kind])
            taken += share / times
        return taken

    def errors(self) -> tuple[float, float]:
        """Return the standard errors of the worst mean, in SDs, and of the worst SD, as a share of it."""
        away = (self.unknowns - self.unknowns.mean(axis=0)) / self.unknowns.std(axis=0)
        squares = (away * away - 1) / 2  # what an SD moves by, to first order
        sums = np.stack([np.bincount(self.family, column) for column in (*away.T, *squares.T)])
        errors = np.sqrt((sums * sums).sum(axis=-1)) / len(away)
        means, spreads = errors.reshape(2, -1).max(axis=-1)
        return float(means), float(spreads)


def from_prior(swarm: Swarm, *, moves: int, most_moves: int) -> Way:
    """Bring draws of the prior to the posterior, and return how they came there.

    Args:
        swarm: The draws, which are moved.
        moves: Of each draw, in a step.
        most_moves: In the last one.
    """
    particles = len(swarm.family)
    power, log_marginal, steps, accepted = 0.0, 0.0, 0, 0.0
    sizes = np.full(particles, 1 / particles)
    while power < 1 and steps < MOST_STEPS and np.isfinite(swarm.likelihood.max()):
        rise = next_rise(swarm.likelihood, 1 - power)
        power, steps = (1.0 if rise == 1 - power else power + rise), steps + 1
        weights, log_mean = normalized(rise * swarm.likelihood)
        log_marginal += log_mean
        sizes = np.bincount(swarm.family, weights, minlength=particles)
        swarm.resample(weights)
        if power < 1:
            accepted = swarm.move(power, moves)
    settled = _settle(swarm, most_moves if power == 1 else 0, accepted)
    return _way(swarm, settled, sizes, log_marginal, power=power, steps=steps)


def from_weighted(swarm: Swarm, weights: Floats, log_marginal: float, *, most_moves: int) -> Way:
    """Bring weighted draws of the posterior to equal weights, and move them until they are good enough.

    Weighted draws that miss nothing may still be worth too few independent ones: moves leave the posterior as it is,
    and make of draws that stand twice two. How good that is, is told as from the prior: here each weighted draw is a
    family.

    Args:
        swarm: The draws, one for each weight.
        weights: Of the draws; their sum is 1.
        log_marginal: Natural logarithm of the integral of likelihood x prior, as the weights tell it.
        most_moves: Of each draw.
    """
    swarm.resample(weights)
    return _way(swarm, _settle(swarm, most_moves, 0.0), weights, log_marginal, power=1.0, steps=0)


class _Moved(NamedTuple):
    """How draws of the posterior were moved: their standard errors as in `Way`, and whether these are small enough."""

    errors: tuple[float, float]
    moves: int
    accepted: float
    good: bool


def _settle(swarm: Swarm, most_moves: int, accepted: float) -> _Moved:
    errors, moved, good = swarm.errors(), 0, 0
    while moved < most_moves and good < (1 if moved <= LAST_MOVES else IN_A_ROW):
        accepted, moved = swarm.move(1.0, LAST_MOVES), moved + LAST_MOVES
        errors = swarm.errors()
        good = good + 1 if errors[0] <= MEAN_ERROR and errors[1] <= SD_ERROR else 0
    return _Moved(errors, moved, accepted, good >= (1 if moved <= LAST_MOVES else IN_A_ROW))


def _way(swarm: Swarm, settled: _Moved, sizes: Floats, log_marginal: float, *, power: float, steps: int) -> Way:
    """Return how draws came there; `sizes` are those of the families before the last moves, as shares."""
    errors, particles = settled.errors, len(swarm.family)
    return Way(
        draws=particles,
        mean_error=errors[0],
        sd_error=errors[1],
        log_marginal=log_marginal,
        log_marginal_sd=math.sqrt(max(float((sizes * sizes).sum()) - 1 / particles, 0.0)),
        steps=steps,
        power=power,
        moves=settled.moves,
        accepted=settled.accepted,
        families=int(np.unique(swarm.family).size),
        good=settled.good,
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
