"""Draws of a patient under every allowed rate, as two curves for each stage: what flows anyway, and a rate of 1.

Knows that a level is linear in the rate, also where clearance changes in time, so that no rate is simulated by itself.
It knows no range and no score (`forecast/dose_search.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from inotrope.estimation.problem import ErrorModel, Floats
from inotrope.kinetics import concentrations
from inotrope.plan.fitting.person import Person
from inotrope.plan.target.allowed import RATE, Way
from inotrope.population import Flow, disposition

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
            ways: Every moment at which their rates change must be a stretch of the person's set-up.
            times_h: (times,) h from now.
        """
        levels = self.levels_of(times_h)
        base, of_moment = levels(self.past), dict[float, Floats]()

        def unit(from_h: float) -> Floats:
            if from_h not in of_moment:
                of_moment[from_h] = levels((Flow(from_h, np.inf, self.weight_kg * _MINUTES),))
            return of_moment[from_h]

        return tuple(_of_way(way, base, unit) for way in ways)

    def levels_of(self, times_h: Floats) -> Callable[[tuple[Flow, ...]], Floats]:
        """Return what gives the levels of each draw under anything that flows, (draws, times) ng/mL."""
        person = self.person
        values = disposition(person.setting.model, person.parameters)

        def levels(flowing: tuple[Flow, ...]) -> Floats:
            timeline = replace(person.setting, flowing=flowing).timeline(person.row)
            return np.asarray(concentrations(timeline, values, times_h))

        return levels


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


def joined(parts: list[tuple[tuple[Curves, ...], ...]]) -> tuple[tuple[Curves, ...], ...]:
    """Return the draws of several models under each other."""
    return tuple(
        tuple(
            Curves(np.concatenate([one.base for one in stage]), np.concatenate([one.unit for one in stage]))
            for stage in zip(*way, strict=True)
        )
        for way in zip(*parts, strict=True)
    )
