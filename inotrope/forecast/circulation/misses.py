"""By how much a patient on the drug misses the model: drawn as his readings leave it, and part of what is foreseen.

Knows that a response file gives such a misfit for each number of a bedside, that readings on the drug share it, and
that who is read 8 mmHg below what the model makes of him stays below it. Without the drug nobody misses: there the
circulation is calibrated. Up to the lowest level at which the patient was read or a response was fitted, a miss grows
with the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from inotrope.circulation import Bedside, Circulation, resistances_dyn_s_per_cm5, stroke_volume_ml
from inotrope.circulation.arrays import Array
from inotrope.estimation.response import KINDS, Target
from inotrope.estimation.response.target import Indices
from inotrope.population import Stream, standard_normals
from inotrope.population.response import Expected, ResponseFile

_TURN = 90
"""Which set of the numbers of learning these take: the draws themselves take the first few."""
_LEAST = 1e-9
"""ng/mL: a level that is no level, so that none is divided by."""
_INDEX = "cardiac_index_l_per_min_m2"
_RATE, _OUTPUT, _PRESSURE, _VENOUS, _WEDGE, _PULMONARY, _LEFT, _RIGHT = KINDS


@dataclass(frozen=True, slots=True, eq=False)
class Misses:
    """By how much each draw of a patient misses the model on the drug.

    Attributes:
        sizes: (8, draws), at full size, in the coordinates of the readings.
        full_ng_per_ml: (draws,), the level from which a miss has its full size.
    """

    sizes: Array
    full_ng_per_ml: Array

    @classmethod
    def unread(cls, file: ResponseFile, draws: int, *, seed: int) -> Misses:
        """Return by how much draws of a patient miss of whom nothing was read on the drug.

        Args:
            file: The response.
            draws: How many.
            seed: Of the random numbers.
        """
        numbers = _numbers(draws, seed=seed)
        return cls(file.readings.misfits[:, None] * numbers, _fitted_from(file, draws))

    def taken(self, draws: Indices) -> Misses:
        """Return those of some draws."""
        return Misses(self.sizes[:, draws], self.full_ng_per_ml[draws])

    def at(self, levels_ng_per_ml: Array) -> Array:
        """Return by how much each misses at levels, (times, draws) to (8, times, draws)."""
        return np.asarray(np.minimum(levels_ng_per_ml / self.full_ng_per_ml, 1.0) * self.sizes[:, None])


def misses_of(target: Target, deviates: Array, members: Indices, kinetics: Indices, *, seed: int) -> Misses:
    """Return by how much each draw misses.

    Args:
        target: What was asked: readings on the drug tell of the miss of their kind, no others do.
        deviates: (draws, names), learned from it.
        members: (draws,).
        kinetics: (draws,), by place among the kinetic draws.
        seed: Of the random numbers.
    """
    readings, rules = target.readings, target.ensemble.file.readings
    levels = target.levels[kinetics]
    shown, _ = target.shown(deviates, members, levels)
    precision, pull = np.zeros(len(KINDS)), np.zeros((len(KINDS), len(members)))
    full = _fitted_from(target.ensemble.file, len(members))
    for moment, kind, value in zip(readings.moments, readings.kinds, readings.values, strict=True):
        if readings.on_drug[moment]:
            precision[kind] += 1 / rules.errors[kind] ** 2
            pull[kind] += (value - shown[moment, kind]) / rules.errors[kind] ** 2
            full = np.minimum(full, levels[:, moment])
    variance = rules.misfits**2
    left = (variance / (1 + variance * precision))[:, None]
    return Misses(left * pull + np.sqrt(left) * _numbers(len(members), seed=seed), np.maximum(full, _LEAST))


def _numbers(draws: int, *, seed: int) -> Array:
    return standard_normals(seed, np.arange(draws), len(KINDS), Stream.LEARNING, turn=_TURN).T


def _fitted_from(file: ResponseFile, draws: int) -> Array:
    """Return the lowest level that a response was fitted at, for each draw."""
    return np.full(draws, min(item.level_ng_per_ml for item in file.observed))


def missed(found: Circulation, misses: Misses, level_ng_per_ml: float) -> Bedside:
    """Return what draws show at one level, with their misses in it: (draws,) each."""
    shown = {name: np.asarray(getattr(found, name)) for name in KINDS}
    levels = np.full((1, misses.full_ng_per_ml.size), level_ng_per_ml)
    return Bedside.unchecked(**_moved(shown, misses.at(levels)[:, 0], output=_OUTPUT))


def with_misses(expected: Expected, misses: Misses, levels_ng_per_ml: Array, surface_m2: float) -> Expected:
    """Return what is expected of draws at levels, (times, draws), with their misses in it.

    Resistances and stroke volume follow from the others, so that they agree; no filling pressure falls below zero, and
    none of the lungs below that of the left atrium.
    """
    now = _moved(expected.now, misses.at(levels_ng_per_ml), output=_INDEX)
    flow = now[_INDEX] * surface_m2
    now["stroke_volume_ml"] = stroke_volume_ml(output_l_per_min=flow, heart_rate_per_min=now[_RATE])
    return replace(expected, now={**now, **resistances_dyn_s_per_cm5(now, flow)})


def _moved(shown: Mapping[str, Array], by: Array, *, output: str) -> dict[str, Array]:
    """Return numbers with their misses in them; those of a bedside, and others as they were.

    Args:
        shown: By name; a right ejection fraction may be missing.
        by: (8, ...), the misses.
        output: The name that the output has here, or its index.
    """
    rate, flow, pressure, venous, wedge, pulmonary, left, right = by
    now = dict(shown)
    now[_RATE] = now[_RATE] * np.exp(rate)
    now[output] = now[output] * np.exp(flow)
    now[_VENOUS] = np.maximum(now[_VENOUS] + venous, 0.0)
    now[_PRESSURE] = np.maximum(now[_PRESSURE] + pressure, now[_VENOUS])
    now[_WEDGE] = np.maximum(now[_WEDGE] + wedge, 0.0)
    now[_PULMONARY] = np.maximum(now[_PULMONARY] + pulmonary, now[_WEDGE])
    now[_LEFT] = np.clip(now[_LEFT] + left, 0.0, 1.0)
    if _RIGHT in now:
        now[_RIGHT] = np.clip(now[_RIGHT] + right, 0.0, 1.0)
    return now
