"""Draws of a patient under every allowed rate, as two curves for each stage: what flows anyway, and a rate of 1.

Knows that a level is linear in the rate, also where clearance changes in time, so that no rate is simulated by itself.
It knows no range and no score (`forecast/dose_search.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.problem import ErrorModel, Floats
from inotrope.kinetics import concentrations
from inotrope.plan.fitting.person import Person
from inotrope.plan.target.allowing.ways import RATE, Way
from inotrope.population import Flow

_MINUTES = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What the rates of one stage come to: level = base + rate * unit, (draws, times) ng/mL.

    Attributes:
        base: What was given runs on, a load and the steps before this stage with it.
        unit: 1 mcg/kg/min from the beginning of the stage on, started from nothing.
    """

    base: Floats
    unit: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Draws of one model, and the error of a level that would be measured.

    Attributes:
        person: The draws.
        error: Of a measured level.
        past: What was given, and nothing from now on.
        weight_kg: That doses.
    """

    person: Person
    error: ErrorModel
    past: tuple[Flow, ...]
    weight_kg: float

    def curves(self, ways: tuple[Way, ...], times_h: Floats) -> tuple[tuple[Curves, ...], ...]:
        """Return for each way the curves of each of its stages.

        Args:
            ways: How it may begin.
            times_h: (times,) h from now.
        """
        base, unit = self.levels(self.past, times_h), cache(partial(self.unit, times_h=times_h))
        return tuple(_of_way(way, base, unit) for way in ways)

    def unit(self, from_h: float, times_h: Floats) -> Floats:
        """Return the levels of 1 mcg/kg/min from a moment on, started from nothing, (draws, times) ng/mL."""
        return self.levels((Flow(from_h, np.inf, self.weight_kg * _MINUTES),), times_h)

    def levels(self, flowing: tuple[Flow, ...], times_h: Floats) -> Floats:
        """Return the levels of each draw under anything that flows, (draws, times) ng/mL."""
        return np.asarray(concentrations(self.person.under(flowing), self.person.body, times_h))


def _of_way(way: Way, base: Floats, unit: Callable[[float], Floats]) -> tuple[Curves, ...]:
    begins, ends_h = [float(stage.from_h) for stage in way.stages], None
    if way.ends_h is not None:
        ends_h = float(way.ends_h)
        begins = [min(begin, ends_h) for begin in begins]
    if way.load is not None:
        base = base + float(way.load_rate.in_unit(RATE)) * (unit(0.0) - unit(begins[0]))
    found = []
    for place, begin in enumerate(begins):
        found.append(Curves(base, lasting(unit, begin, ends_h)))
        if place + 1 < len(begins):
            highest = float(way.stages[place].highest.in_unit(RATE))
            base = base + highest * (unit(begin) - unit(begins[place + 1]))
    return tuple(found)


def lasting(unit: Callable[[float], Floats], from_h: float, to_h: float | None) -> Floats:
    """Return the levels of 1 mcg/kg/min between two moments; without an end it goes on.

    Args:
        unit: The levels of 1 mcg/kg/min from a moment on, (draws, times) ng/mL.
        from_h: h from now.
        to_h: h from now, not before that.
    """
    # What ends after it began is at least 0; the difference of two curves that meet may round below it.
    return np.maximum(unit(from_h) - (0.0 if to_h is None else unit(to_h)), 0.0)


def few_of(own: int, every: int, most: int) -> int:
    """Return how many of its own draws a model keeps where at most so many of all are kept."""
    return min(own, max(round(most * own / every), 1))


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The draws of one model or of several, under each other."""

    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(len(part.person.etas) for part in self.parts)

    def few(self, most: int) -> tuple[Draws, NDArray[np.int64]]:
        """Return at most so many of them, each model as often as before but for rounding, and their places."""
        kept, first, parts = list[NDArray[np.int64]](), 0, list[Part]()
        for part in self.parts:
            own = len(part.person.etas)
            few = few_of(own, self.count, most)
            kept.append(first + np.arange(few))
            parts.append(replace(part, person=part.person.first(few)))
            first += own
        return Draws(tuple(parts)), np.concatenate(kept)

    def curves(self, ways: tuple[Way, ...], times_h: Floats) -> tuple[tuple[Curves, ...], ...]:
        """Return the curves of each stage of each way; see `Part`."""
        of_parts = [part.curves(ways, times_h) for part in self.parts]
        return tuple(
            tuple(
                Curves(np.concatenate([one.base for one in stage]), np.concatenate([one.unit for one in stage]))
                for stage in zip(*way, strict=True)
            )
            for way in zip(*of_parts, strict=True)
        )

    def unit(self, from_h: float, times_h: Floats) -> Floats:
        """Return the levels of 1 mcg/kg/min from a moment on, (draws, times) ng/mL."""
        return np.concatenate([part.unit(from_h, times_h) for part in self.parts])

    def levels(self, flowing: tuple[Flow, ...], times_h: Floats) -> Floats:
        """Return the levels under anything that flows, (draws, times) ng/mL."""
        return np.concatenate([part.levels(flowing, times_h) for part in self.parts])

    def error_sd(self, levels_ng_per_ml: Floats) -> Floats:
        """Return the standard deviation of a measurement of levels, each by its own model, (draws, ...) ng/mL."""
        ends = np.cumsum([len(part.person.etas) for part in self.parts])
        each = np.split(levels_ng_per_ml, ends[:-1])
        return np.concatenate([np.asarray(part.error.sd(few)) for part, few in zip(self.parts, each, strict=True)])
