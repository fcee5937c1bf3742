"""Draws of a patient under every allowed rate, as two curves for each stage: what flows anyway, and a rate of 1.

Knows that a level is linear in the rate, also where clearance changes in time, so that no rate is simulated by itself.
It knows no range and no score (`forecast/dose_search.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.problem import ErrorModel, Floats
from inotrope.kinetics import concentrations
from inotrope.plan.fitting.person import Person
from inotrope.plan.target.allowing.ways import RATE, Way
from inotrope.population import Flow, timeline

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
        base, of_moment = self.levels(self.past, times_h), dict[float, Floats]()

        def unit(from_h: float) -> Floats:
            if from_h not in of_moment:
                of_moment[from_h] = self.unit(from_h, times_h)
            return of_moment[from_h]

        return tuple(_of_way(way, base, unit) for way in ways)

    def unit(self, from_h: float, times_h: Floats) -> Floats:
        """Return the levels of 1 mcg/kg/min from a moment on, started from nothing, (draws, times) ng/mL."""
        return self.levels((Flow(from_h, np.inf, self.weight_kg * _MINUTES),), times_h)

    def levels(self, flowing: tuple[Flow, ...], times_h: Floats) -> Floats:
        """Return the levels of each draw under anything that flows, (draws, times) ng/mL.

        A rate that changes within a stretch of the person's set-up cuts it in two of the same parameters.
        """
        person = self.person
        begin, edges = person.setting.begin_h, [edge for flow in flowing for edge in (flow.start_h, flow.end_h)]
        first = min(edges, default=begin[0])  # before it nothing flows, and nobody need reckon
        cut = np.union1d(begin[begin >= first], [edge for edge in edges if begin[0] <= edge < np.inf])
        row = np.asarray(person.row)[np.searchsorted(begin, cut, side="right") - 1]
        found = concentrations(timeline(flowing, cut, row), person.body, times_h)
        return np.asarray(found)


def _of_way(way: Way, base: Floats, unit: Callable[[float], Floats]) -> tuple[Curves, ...]:
    begins = [float(stage.from_h) for stage in way.stages]
    end: Floats | float = 0.0
    if way.ends_h is not None:
        begins, end = [min(begin, float(way.ends_h)) for begin in begins], unit(float(way.ends_h))
    if way.load is not None:
        base = base + float(way.load_rate.in_unit(RATE)) * (unit(0.0) - unit(begins[0]))
    found = []
    for place, begin in enumerate(begins):
        # What ends after it began is at least 0; the difference of two curves that meet may round below it.
        found.append(Curves(base, np.maximum(unit(begin) - end, 0.0)))
        if place + 1 < len(begins):
            highest = float(way.stages[place].highest.in_unit(RATE))
            base = base + highest * (unit(begin) - unit(begins[place + 1]))
    return tuple(found)


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
            few = min(own, max(round(most * own / self.count), 1))
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
