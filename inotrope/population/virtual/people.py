"""Who patients that nobody has met are drawn from: the distributions of a population, each number with its source.

Knows the parts of a population file and the units in which traits come out. It draws nobody (`drawing.py`) and reads no
file (`reading.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from inotrope.drug import Counted, Sourced
from inotrope.population.spread import omega_of_cv
from inotrope.population.virtual.normal import Floats

UNITS = {
    "age": "year",
    "height": "cm",
    "weight": "kg",
    "serum creatinine": "mg/dL",
    "gestational age": "week",
}
"""The traits that are drawn, in the order of their random numbers, each in the unit in which it comes out."""
DERIVED = {
    "creatinine clearance": "mL/min/1.73 m2",
    "own creatinine clearance": "mL/min",
    "postnatal age": "day",
    "postmenstrual age": "week",
}
"""What follows from the traits by an equation, where those that it needs are there."""
KIDNEY = frozenset({"weight", "height", "serum creatinine"})
"""The traits that a creatinine clearance follows from, beside age and sex."""
SEXES = ("female", "male")


class TraitForm(StrEnum):
    """How a trait spreads: around a mean, around a median by a factor, or between two ends that move with age."""

    NORMAL = "normal"
    LOG_NORMAL = "log-normal"
    BETWEEN_ENDS = "log-normal between ends by age"


@dataclass(frozen=True, slots=True)
class Shape:
    """Center and spread: mean and standard deviation, or median and CV."""

    center: Sourced
    spread: Sourced


@dataclass(frozen=True, slots=True)
class Ends:
    """At one age the lowest and the highest value; straight lines lead from age to age."""

    age: Sourced
    lowest: Sourced
    highest: Sourced


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait.

    Attributes:
        name: A key of `UNITS`.
        form: How it spreads.
        shapes: By sex; empty where ends by age say all.
        ends: In ascending age; the first and the last hold beyond.
        ends_at: How many standard deviations of the logarithm lie between an end and the middle, which is the root of
            lowest x highest.
        lowest: No patient lies below; None where ends by age say it.
        highest: No patient lies above; None as before.
    """

    name: str
    form: TraitForm
    shapes: dict[str, Shape]
    ends: tuple[Ends, ...]
    ends_at: Counted | None
    lowest: Sourced | None
    highest: Sourced | None

    @property
    def unit(self) -> str:
        """The unit in which it comes out."""
        return UNITS[self.name]

    def values(self, deviates: Floats, *, female: np.ndarray, age_years: Floats | None) -> Floats:
        """Return the trait for standard normal deviates.

        Args:
            deviates: (patients,).
            female: (patients,), whether a woman or girl.
            age_years: (patients,), for a trait that moves with age.
        """
        if self.form is TraitForm.BETWEEN_ENDS:
            assert age_years is not None and self.ends_at is not None  # reading demands both
            low, high = (np.log(end) for end in self.ends_by_age(age_years))
            return np.asarray(np.exp((low + high) / 2 + (high - low) / (2 * float(self.ends_at.value)) * deviates))
        center, spread = (np.where(female, *pair) for pair in zip(*(self._numbers(sex) for sex in SEXES), strict=True))
        if self.form is TraitForm.NORMAL:
            return np.asarray(center + spread * deviates)
        return np.asarray(np.exp(center + spread * deviates))

    def inside(self, values: Floats, *, age_years: Floats | None) -> np.ndarray:
        """Tell for each patient whether the trait lies between its limits, both included."""
        if self.form is TraitForm.BETWEEN_ENDS:
            assert age_years is not None  # as above
            low, high = self.ends_by_age(age_years)
            return (values >= low) & (values <= high)
        return between(values, self.lowest, self.highest, self.unit)

    def ends_by_age(self, age_years: Floats) -> tuple[Floats, Floats]:
        """Return both ends at each age: straight lines between the ages of the file, the nearest beyond them."""
        ages = [float(item.age.value.in_unit("year")) for item in self.ends]
        low, high = (
            np.interp(age_years, ages, [float(end.value.in_unit(self.unit)) for end in side])
            for side in zip(*((item.lowest, item.highest) for item in self.ends), strict=True)
        )
        return low, high

    def _numbers(self, sex: str) -> tuple[float, float]:
        """Return center and spread on the scale of the deviates."""
        shape = self.shapes[sex]
        center = float(shape.center.value.in_unit(self.unit))
        if self.form is TraitForm.NORMAL:
            return center, float(shape.spread.value.in_unit(self.unit))
        return float(np.log(center)), omega_of_cv(float(shape.spread.value.in_unit("%")) / 100)


@dataclass(frozen=True, slots=True)
class Bound:
    """Limits of the creatinine clearance, outside of which nobody is drawn."""

    lowest: Sourced | None
    highest: Sourced | None


@dataclass(frozen=True, slots=True)
class Together:
    """How the deviates of two traits go together, within a sex."""

    of: tuple[str, str]
    value: Counted


@dataclass(frozen=True)
class Population:
    """A named population.

    Attributes:
        name: Of its file.
        title: Who they are, in a few words.
        note: What a reader must know.
        female: The share of women or girls.
        traits: By name, in the order of `UNITS`.
        correlations: Of their deviates.
        clearance: Limits of the creatinine clearance; None where nobody is held back.
        holds: Words that are true of all of them, such as an indication.
        unknown: What is not known; shown with every answer.
        path: The file.
        digest: SHA-256 of the file.
    """

    name: str
    title: str
    note: str
    female: Sourced
    traits: dict[str, Trait]
    correlations: tuple[Together, ...]
    clearance: Bound | None
    holds: dict[str, str]
    unknown: tuple[str, ...]
    path: Path
    digest: str

    @property
    def correlation(self) -> Floats:
        """The correlation matrix of the traits' deviates, in the order of `traits`."""
        names = tuple(self.traits)
        matrix = np.eye(len(names))
        for item in self.correlations:
            row, column = (names.index(name) for name in item.of)
            matrix[row, column] = matrix[column, row] = float(item.value.value)
        return matrix


def between(values: Floats, lowest: Sourced | None, highest: Sourced | None, unit: str) -> np.ndarray:
    """Tell for each value whether it lies between two limits, both included; an absent one holds nobody back."""
    found = np.full(values.shape, True)
    if lowest is not None:
        found &= values >= float(lowest.value.in_unit(unit))
    if highest is not None:
        found &= values <= float(highest.value.in_unit(unit))
    return found
