"""The most probable patient of each member, and how sharply the readings hold him: where the sampling begins.

Knows damped Gauss-Newton steps over deviates and log levels together, for all members at once, with derivatives by
differences. What it finds is a proposal and never an answer: a search that ends early costs draws, and no truth.

Source: Marquardt 1963, J Soc Ind Appl Math 11:431.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.estimation.response.target import Indices, Target

STEPS = 40
SETTLED = 1e-6
"""Of a step's gain: the logarithm of a density moves by no more."""
_DIFFERENCE = 1e-4
_SMALL_LEVEL, _LARGE_LEVEL = 1e-3, 1e5
"""ng/mL: the logarithm of no level, since a thousandth does nothing to anybody; and where a search goes no farther."""
_LEAST_VARIANCE = 1e-10
_EDGE = 0.98
"""Of a bound, where the search turns back."""
_DAMPED, _RELAXED, _MOST_DAMPED = 8.0, 0.25, 1e8
_STUCK = 1e5
"""Damping at which a step is too short to gain anything: before, a whole step may only have been too long."""


@dataclass(frozen=True, slots=True, eq=False)
class LogLevels:
    """Levels at the moments with drug as a normal distribution of their logarithms: mean + root u, u standard normal.

    Attributes:
        mean: (drug moments,).
        root: (drug moments, directions).
        places: (kinetic draws, directions), u of each draw.
    """

    mean: Array
    root: Array
    places: Array


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """What was found, one of each member.

    Attributes:
        centers: (members, names + directions), deviates and then u.
        hessians: (members, names + directions, same), of minus the logarithm of the density.
        heights: (members,), the logarithm of likelihood x prior there, without its constants.
        levels: In what u is counted.
    """

    centers: Array
    hessians: Array
    heights: Array
    levels: LogLevels

    @property
    def names(self) -> int:
        """How many of the coordinates are deviates; the others are u."""
        return int(self.centers.shape[1] - self.levels.places.shape[1])

    def pulls(self, member: int) -> Array:
        """Return by how much the most probable deviates of a member fall as u rises, (names, directions)."""
        names, hessian = self.names, self.hessians[member]
        return np.asarray(np.linalg.solve(hessian[:names, :names], hessian[:names, names:]))


def log_levels(target: Target) -> LogLevels:
    """Return the levels of a target as a normal distribution; only directions in which draws differ count."""
    logs = np.log(np.maximum(target.levels[:, target.readings.on_drug], _SMALL_LEVEL))
    mean = logs.mean(axis=0)
    away = logs - mean
    values, vectors = np.linalg.eigh(away.T @ away / len(logs))
    kept = values > _LEAST_VARIANCE
    scales = np.sqrt(values[kept])
    return LogLevels(mean, vectors[:, kept] * scales, away @ vectors[:, kept] / scales)


def find_modes(target: Target) -> Modes:
    """Return the most probable patient of each member, from the typical one on."""
    levels, names = log_levels(target), len(target.ensemble.farthest)
    count, size = len(target.ensemble.ids), names + levels.root.shape[1]
    bounds = np.concatenate([_EDGE * target.ensemble.farthest, np.full(levels.root.shape[1], np.inf)])
    centers, damping = np.zeros((count, size)), np.full(count, 1e-3)
    away, costs = _costs(target, levels, centers, np.arange(count))
    slopes = _slopes(target, levels, centers, away)
    for _ in range(STEPS):
        hessians = _hessians(slopes)
        pulls = centers + (slopes.transpose(0, 2, 1) @ away[:, :, None])[..., 0]
        damped = hessians + damping[:, None, None] * np.eye(size)
        tried = np.clip(centers - np.linalg.solve(damped, pulls[..., None])[..., 0], -bounds, bounds)
        away_there, costs_there = _costs(target, levels, tried, np.arange(count))
        better = costs_there < costs
        gain = np.where(better, costs - costs_there, 0.0)
        centers = np.where(better[:, None], tried, centers)
        away, costs = np.where(better[:, None], away_there, away), np.where(better, costs_there, costs)
        damping = np.clip(damping * np.where(better, _RELAXED, _DAMPED), 1e-9, _MOST_DAMPED)
        if better.any():
            slopes = _slopes(target, levels, centers, away)
        if (gain <= SETTLED).all() and (better | (damping >= _STUCK)).all():
            break
    hessians = _hessians(slopes)
    return Modes(centers, hessians, -costs, levels)


def _costs(target: Target, levels: LogLevels, centers: Array, members: Indices) -> tuple[Array, Array]:
    """Return what readings miss by, and minus the logarithm of the density; infinite where nobody can be so."""
    names = len(target.ensemble.farthest)
    at = np.zeros((len(centers), target.readings.on_drug.size))
    logs = levels.mean + centers[:, names:] @ levels.root.T
    at[:, target.readings.on_drug] = np.exp(np.minimum(logs, np.log(_LARGE_LEVEL)))
    away, sound = target.whitened(centers[:, :names], members, at)
    cost = ((away * away).sum(axis=1) + (centers * centers).sum(axis=1)) / 2
    return away, np.where(sound, cost, np.inf)


def _slopes(target: Target, levels: LogLevels, centers: Array, away: Array) -> Array:
    """Return the derivatives of what readings miss by, (members, readings, names + directions)."""
    count, size = centers.shape
    moved = centers[:, None] + _DIFFERENCE * np.eye(size)
    there, _ = _costs(target, levels, moved.reshape(-1, size), np.repeat(np.arange(count), size))
    return np.asarray((there.reshape(count, size, -1) - away[:, None]).transpose(0, 2, 1) / _DIFFERENCE)


def _hessians(slopes: Array) -> Array:
    """Return those of minus the logarithm of the density, without the bend of what readings miss by."""
    return np.asarray(np.eye(slopes.shape[2]) + slopes.transpose(0, 2, 1) @ slopes)
