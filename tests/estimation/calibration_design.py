"""Simulated patients of every model that can be fitted: who they are, what they are given, and what is measured.

A patient's etas and the errors of his levels are drawn as the model says, by NumPy's own random numbers and not the
program's; or, to see that the trial notices, from another spread or with another error than the program takes. What is
given and when a level is drawn is drawn before either, so that it tells nothing of them. The sizes of the designs are
choices: rates and loads as adults are given, a course as newborns were, one to four levels at any hour.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np

from inotrope.drug import load_drug
from inotrope.estimation import ErrorModel, Levels, Problem, problem_of
from inotrope.estimation.many import Subject
from inotrope.kinetics import Timeline
from inotrope.plan.fitting.making import can_be_fitted
from inotrope.plan.fitting.telling import error_of
from inotrope.population import Model, draw_patients, load_model, load_models, load_population, typical_values
from tests.estimation.models import ROOT, TYPICAL, write_model
from tests.estimation.reference import BEGIN_H, RATE_PER_KG

LATER_H = 12.0
"""h after the last level: the level that the draws foretell."""
ADULT_LIMIT, BELOW = 20.0, 5.0
"""ng/mL: below the limit a level is only known to lie below it. The first for models of the library (4 times the part
of the error that every level has), the second for the model of the reference patients."""
HEAVIEST = 120.0
"""kg: as far as the label's tables go."""


class Wrong(Enum):
    """What differs between the patients and what the program takes them for."""

    NOTHING = "nothing"
    RESIDUAL = "error of 20 % taken as 15 %"
    VARIANCE = "variance of 0.0625 taken as 0.09"

    @property
    def etas(self) -> float:
        """By what the deviations of the patients are multiplied; of 0.3 this leaves 0.25."""
        return math.sqrt(0.0625 / 0.09) if self is Wrong.VARIANCE else 1.0

    def error(self, taken: ErrorModel) -> ErrorModel:
        """Return the error of their levels."""
        if self is not Wrong.RESIDUAL:
            return taken
        assert taken.b == 0.15
        return replace(taken, b=0.20)


@dataclass(frozen=True)
class Patient:
    """One simulated patient: the question that the program is asked, alone and as one of many, and the truth."""

    number: int
    problem: Problem
    subject: Subject
    later: Problem
    etas: np.ndarray

    @property
    def later_level(self) -> float:
        """The level at a later hour, without an error."""
        return float(self.later.predict(self.etas)[0])


@dataclass(frozen=True)
class Design:
    """A model with its patients.

    Attributes:
        name: Of the model, or what differs from it.
        model: The model.
        error: That the program takes.
        seed: Fixed before the first run.
        limit: ng/mL, of quantification.
        typical: By parameter, (patients, 1); as many patients as were asked for, again and again.
        weight_kg: (patients,)
        course: How they are treated.
    """

    name: str
    model: Model
    error: ErrorModel
    seed: int
    limit: float
    typical: Mapping[str, np.ndarray] = field(repr=False)
    weight_kg: np.ndarray = field(repr=False)
    course: str

    def patients(self, numbers: range, wrong: Wrong = Wrong.NOTHING) -> Iterator[Patient]:
        for number in numbers:
            yield self.patient(number, wrong)

    def patient(self, number: int, wrong: Wrong) -> Patient:
        make = np.random.default_rng([self.seed, number])
        weight = float(self.weight_kg[number % self.weight_kg.size])
        timeline, hours = COURSES[self.course](make, weight, 1 + number % 4)
        rows = {name: value[number % len(value)] for name, value in self.typical.items()}

        def asked(levels: Levels) -> Problem:
            return problem_of(self.model, timeline=timeline, typical=rows, levels=levels, error=self.error)

        blank, later = asked(Levels.of(hours, np.ones(hours.size))), asked(Levels.of([hours[-1] + LATER_H], [1.0]))
        etas = wrong.etas * np.linalg.cholesky(blank.omega) @ make.standard_normal(blank.count)
        seen = blank.predict(etas)
        measured = seen + wrong.error(self.error).sd(seen) * make.standard_normal(hours.size)
        below = measured < self.limit
        levels = Levels.of(hours, np.where(below, self.limit, measured), below=below)
        return Patient(number, asked(levels), Subject(timeline, rows, levels), later, etas)


def of_adults(make: np.random.Generator, weight: float, levels: int) -> tuple[Timeline, np.ndarray]:
    """Half with 50 mcg/kg in 10 minutes; 0.2 to 0.75 mcg/kg/min, changed once; a third stop; 1 to 4 levels."""
    load, stops = make.uniform() < 0.5, make.uniform() < 1 / 3
    rates = 60 * make.uniform(0.2, 0.75, 2)  # mcg/kg/h
    begin = np.array([0.0, 1 / 6, make.uniform(6, 18), make.uniform(24, 36)])
    rate = weight * np.array([300.0 if load else rates[0], rates[0], rates[1], 0.0 if stops else rates[1]])
    return Timeline.of_rates(begin, rate), np.sort(make.uniform(1, 42, levels))


def of_newborns(make: np.random.Generator, weight: float, levels: int) -> tuple[Timeline, np.ndarray]:
    """0.75 mcg/kg/min for 3 h, then 0.2, as in the study of the model; a third stop; 1 to 4 levels."""
    stops = make.uniform() < 1 / 3
    rate = 60 * weight * np.array([0.75, 0.2, 0.0 if stops else 0.2])
    return Timeline.of_rates([0.0, 3.0, make.uniform(18, 36)], rate), np.sort(make.uniform(1, 42, levels))


def of_reference(make: np.random.Generator, weight: float, levels: int) -> tuple[Timeline, np.ndarray]:
    """The course and the four hours of the reference patients."""
    return Timeline.of_rates(BEGIN_H, weight * RATE_PER_KG), np.array([0.5, 5.5, 23.5, 47.0])


COURSES = {"adults": of_adults, "newborns": of_newborns, "reference": of_reference}
SEEDS = {
    "after_surgery_1998": 5101,
    "label_adult": 5102,
    "label_adult_bolus": 5103,
    "paradisis_2007": 5104,
    "prielipp_1996": 5105,
    "four etas of 30 %": 5106,
    "four etas of 60 %": 5107,
}
"""By design; chosen once, not searched for."""
MODELS, OTHERS = tuple(SEEDS)[:5], tuple(SEEDS)[5:]


@cache
def fittable() -> dict[str, Model]:
    """Return every model of the library that can be fitted."""
    models = load_models(load_drug("milrinone"))
    return {model.name.removeprefix("milrinone/"): model for model in models if can_be_fitted(model)}


def of_library(name: str, seed: int, people: int = 5000) -> Design:
    """Return the design of a model of the library."""
    model = fittable()[name]
    if name == "paradisis_2007":  # the numbers are those of its typical infant, whatever the weight
        weight = np.random.default_rng(seed).uniform(0.5, 1.3, people)
        typical = {key: np.asarray(value)[None] for key, value in typical_values(model, {}).items()}
        return Design(name, model, error_of(model)[0], seed, ADULT_LIMIT, typical, weight, "newborns")
    drawn = draw_patients(load_population("adults_in_heart_failure"), count=people, seed=seed)
    fits = drawn.numbers["weight"] <= HEAVIEST
    typical = {key: value[fits] for key, value in typical_values(model, drawn.covariates(model)).items()}
    return Design(name, model, error_of(model)[0], seed, ADULT_LIMIT, typical, drawn.numbers["weight"][fits], "adults")


def of_four_etas(folder: Path, name: str, seed: int, people: int = 5000) -> Design:
    """Return the design of the reference patients, whose four parameters vary by an omega of 0.3, or by 60 %."""
    omega = 0.3 if name == "four etas of 30 %" else math.sqrt(math.log1p(0.6**2))
    model = load_model(write_model(folder, omegas=dict.fromkeys(TYPICAL, omega), error=(ROOT, 0.5, 15)))
    weight = np.random.default_rng(seed).uniform(50, 100, people)
    typical = typical_values(model, {"weight": weight[:, None]})
    return Design(name, model, ErrorModel.of(model.residual), seed, BELOW, typical, weight, "reference")


def design(name: str, folder: Path, seed: int | None = None) -> Design:
    """Return a design by its name; another seed than its own for a look at something else."""
    chosen = SEEDS[name] if seed is None else seed
    return of_library(name, chosen) if name in MODELS else of_four_etas(folder, name, chosen)
