"""The readings of a case beside its levels: all that the patient may be, or why nothing is foreseen of him.

Knows the order: whom the model holds for, which readings count, whether they are enough, whether they can be of such a
patient, what they leave. Each may refuse, and then nothing after it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.estimation.response import (
    BedsideOfCase,
    Target,
    bedside_of_case,
    judge_hearts,
    judge_learned,
    judge_readings,
    learn,
)
from inotrope.findings import Refusal
from inotrope.forecast.circulation import Person
from inotrope.plan.circulation.course_record import CourseReading
from inotrope.plan.circulation.over_time.asking import Asked
from inotrope.plan.circulation.over_time.kinetics import DRAWS, Kinetics
from inotrope.plan.circulation.readings_needed import lacking
from inotrope.plan.forecast_numbers import SEED
from inotrope.population.response import Held, ensemble_of, judge_whom

FOUND = {
    "prior": "drawn as they were read, each with its error",
    "importance": "drawn by how probable the readings make each patient, answer and level together",
    "moved": "drawn by how probable the readings make each patient, and moved until enough of them count",
    "tempered": "drawn by going step by step from all such patients to those who show the readings",
}


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """The readings of a case.

    Attributes:
        held: Where the patient stands to the model.
        bedside: Which readings count, and why nothing may be learned of them.
    """

    held: Held
    bedside: BedsideOfCase

    @classmethod
    def of(cls, asked: Asked) -> Readings:
        """Return the readings of a case."""
        return cls(judge_whom(asked.file.refuses, asked.case), bedside_of_case(asked.case, asked.file.readings))

    @property
    def needs(self) -> tuple[str, ...]:
        """What is needed and does not count."""
        return lacking({item.measured.what for item in self.bedside.used})

    @property
    def told(self) -> tuple[CourseReading, ...]:
        """The readings that count, as a course shows them."""
        return tuple(
            CourseReading(item.measured.what, item.measured.value, item.measured.at, not item.before)
            for item in self.bedside.used
        )


def person_of(asked: Asked, readings: Readings, kinetics: Kinetics) -> tuple[Person, str] | tuple[Refusal, ...]:
    """Return all that the patient may be beside draws of his levels, and how he was found; or why nothing is foreseen.

    Args:
        asked: The case.
        readings: Of it; enough of them.
        kinetics: Draws of the levels.
    """
    target = target_of(asked, readings, kinetics)
    far = judge_readings(target, seed=SEED)
    if far:
        return far
    target = target.as_read()
    without = judge_hearts(target, seed=SEED)
    if without is not None:
        return (without,)
    learned = learn(target, draws=DRAWS, seed=SEED)
    refused = judge_learned(learned)
    return (
        (refused,)
        if refused is not None
        else (Person.learned(learned, target, misses_seed=SEED), FOUND[learned.method])
    )


def target_of(asked: Asked, readings: Readings, kinetics: Kinetics) -> Target:
    """Return what is asked of the readings, the drug present at every one that was taken on it."""
    bedside = readings.bedside
    return Target.of(
        ensemble_of(asked.file, surface_m2=asked.surface_m2),
        bedside.arrays(asked.file.readings),
        _levels(asked, bedside, kinetics),
        asked.drive,
    )


def _levels(asked: Asked, bedside: BedsideOfCase, kinetics: Kinetics) -> Array:
    """Return the levels at every moment of the readings, (kinetic draws, moments); 0 for the time before the drug."""
    on_drug = [hour for hour in bedside.hours if hour is not None]
    before = [hour is None for hour in bedside.hours]
    site = kinetics.site(asked.flowing, on_drug or [0.0], equilibration_per_h=asked.file.equilibration_per_h)
    found = np.zeros((len(site), len(before)))
    if on_drug:
        found[:, ~np.array(before)] = site
    return found
