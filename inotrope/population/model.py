"""A published model as data: what was estimated, in whom, with what spread, and what is not known.

Knows the parts of a model and how sure each number is. It computes nothing (`typical.py`, `spread.py`, `steady.py`)
and reads no file (`model_files/reading.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from inotrope.drug import Counted, Sourced
from inotrope.findings import SourceReference, Status

Number: TypeAlias = Sourced | Counted


class ModelKind(StrEnum):
    """Whether a curve over time may be drawn from a model."""

    TIME_COURSE = "time_course"
    STEADY_STATE_ONLY = "steady_state_only"


class Structure(StrEnum):
    """How many compartments the publication found; none for steady states, not seen where it lacks them all."""

    ONE = "one compartment"
    TWO = "two compartments"
    THREE = "three compartments"
    NONE = "no compartments"
    NOT_SEEN = "not seen"


class OverTime(StrEnum):
    """Which entry of a covariate holds between two entries."""

    NEXT_CARRIED_BACKWARD = "next_carried_backward"
    LAST_CARRIED_FORWARD = "last_carried_forward"
    LINEAR = "linear"


class Standing(StrEnum):
    """Where a patient stands to those who were studied, the worst last."""

    INSIDE = "inside"
    UNKNOWN = "unknown"
    EXTRAPOLATION = "extrapolation"
    REFUSAL = "refusal"


class Answer(StrEnum):
    """What may be asked of a model."""

    TIME_COURSE = "time course"
    STEADY_LEVEL = "steady level"


class ResidualForm(StrEnum):
    """How the two parts of a residual error join, with f the predicted level."""

    ROOT_OF_SQUARES = "sqrt(a^2 + (b f)^2)"
    SUM = "a + b f"


class SpreadForm(StrEnum):
    """How a parameter spreads: log-normal is typical value x exp(eta)."""

    LOG_NORMAL = "log-normal"


DISPOSITION = {
    Structure.ONE: ("clearance", "volume"),
    Structure.TWO: ("clearance", "volume", "q2", "v2"),
    Structure.THREE: ("clearance", "volume", "q2", "v2", "q3", "v3"),
    Structure.NONE: (),
    Structure.NOT_SEEN: (),
}
"""The parameters that a curve needs: elimination, central volume, and exchange with each further volume."""


REPLACEMENT = "kidney replacement"
"""The covariate, `present`, `absent` or `unknown`, that tells whether a machine replaces the kidneys."""
CLEARANCES = ("creatinine clearance", "own creatinine clearance")
"""The covariates that tell what the patient's own kidneys clear."""
IMPAIRED = "renal impairment"
"""The covariate, `present`, `absent` or `unknown`, that tells of the kidneys where no clearance does."""
GIVES_VALUE = ("line", "weight_over_clearance")
"""The forms that give a value and no factor, whatever their numbers."""


@dataclass(frozen=True, slots=True)
class Covariate:
    """What must be known of a patient: in a unit, or as one of some words; `values` is empty for any word."""

    name: str
    unit: str
    values: tuple[str, ...]
    over_time: OverTime
    note: str

    @property
    def in_words(self) -> bool:
        """Tell whether it is a word and no number."""
        return not self.unit


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a `category`: whom it holds for, and its value or factor.

    Attributes:
        of: The covariate; empty in a last row for everybody else.
        is_: The word that it must be.
        below: The limit below which it must lie.
        up_to: The limit that it must not exceed.
        value: A value of the parameter, or a factor.
        sd: The spread that the publication prints beside the value; shown, and used by no calculation.
    """

    of: str
    is_: str
    below: Sourced | None
    up_to: Sourced | None
    value: Number
    sd: Sourced | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One named form with its numbers, by the names of its function in `forms.py`."""

    form: str
    of: str
    numbers: dict[str, Number]
    groups: tuple[Group, ...]

    @property
    def gives_value(self) -> bool:
        """Tell whether it gives the parameter itself and no factor of it."""
        return self.form in GIVES_VALUE or any(isinstance(group.value, Sourced) for group in self.groups)

    @property
    def needs(self) -> tuple[str, ...]:
        """The covariates that it reads."""
        weight = "weight" if self.form == "weight_over_clearance" else ""
        named = (weight, self.of, *(group.of for group in self.groups))
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typical value and what changes it; the value is absent where the first effect gives it."""

    name: str
    typical: Sourced | None
    effects: tuple[Effect, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The covariates that it reads."""
        return tuple(dict.fromkeys(name for effect in self.effects for name in effect.needs))


@dataclass(frozen=True, slots=True)
class Within:
    """One limit of who was studied.

    Attributes:
        of: The covariate.
        lowest: Studied from here on.
        highest: Studied up to here.
        refuse_below: No answer below.
        refuse_above: No answer above.
        is_: The words that were studied.
        otherwise: What another word means.
        says: What is said when a patient lies outside.
    """

    of: str
    lowest: Sourced | None
    highest: Sourced | None
    refuse_below: Sourced | None
    refuse_above: Sourced | None
    is_: tuple[str, ...]
    otherwise: Standing
    says: str


@dataclass(frozen=True, slots=True)
class Studied:
    """Who was studied, and how long a curve was followed, where that is known."""

    who: str
    sources: tuple[SourceReference, ...]
    status: Status
    observed_for: Sourced | None
    limits: tuple[Within, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How far one parameter spreads: a CV, a standard deviation in its unit, or omega itself, as it was printed."""

    parameter: str
    stated_as: str
    size: Number
    omega: float


@dataclass(frozen=True, slots=True)
class Correlation:
    """How the deviations of two parameters go together between subjects."""

    of: tuple[str, str]
    value: Counted


@dataclass(frozen=True, slots=True)
class Variability:
    """How patients differ from each other and from themselves; empty where the publication does not say."""

    form: SpreadForm
    between_subjects: dict[str, Spread]
    between_occasions: dict[str, Spread]
    correlations: tuple[Correlation, ...]


@dataclass(frozen=True, slots=True)
class Residual:
    """How far a measured level lies from the predicted one: `a` in ng/mL, `b` a share."""

    form: ResidualForm
    a: Sourced
    b: Sourced


@dataclass(frozen=True, slots=True)
class Level:
    """Steady levels as they were observed or fitted at one rate.

    Attributes:
        at_rate: The rate; another rate gives a level in proportion.
        effect: A `category` of levels, or `weight_over_clearance`: slope x weight / clearance + intercept.
    """

    at_rate: Sourced
    effect: Effect


@dataclass(frozen=True, slots=True)
class Lack:
    """What a model needs and nobody could read, and which answers are therefore withheld."""

    what: str
    withholds: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A known conflict with its sources."""

    says: str
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class DataUnits:
    """The units of the columns of a table of many subjects that this model reads and writes."""

    time: str
    amount: str
    concentration: str


@dataclass(frozen=True)
class Model:
    """One publication made runnable, or catalogued with what is known of it.

    Attributes:
        name: `<drug>/<file>`, or the file's name where it lies outside the library.
        drug: The drug.
        kind: Whether a curve may be drawn.
        structure: Compartments.
        title: The publication in a few words.
        note: What a reader must know.
        sources: Where the model stands.
        status: How sure the model as a whole is said to be.
        studied: In whom.
        covariates: What must be known of a patient, by name.
        parameters: Typical values, by name.
        level: Steady levels as observed; None where the model has a clearance instead.
        variability: Spread between and within patients.
        residual: Spread of a measured level; None where it is not known.
        known: Further numbers of the publication that no calculation uses.
        lacks: What is missing.
        conflicts: Shown with every answer.
        unknown: Shown with every answer.
        data: Units of a table's columns; None where the file does not say.
        path: The file.
        digest: SHA-256 of the file.
    """

    name: str
    drug: str
    kind: ModelKind
    structure: Structure
    title: str
    note: str
    sources: tuple[SourceReference, ...]
    status: Status
    studied: Studied
    covariates: dict[str, Covariate]
    parameters: dict[str, Parameter]
    level: Level | None
    variability: Variability
    residual: Residual | None
    known: dict[str, Number]
    lacks: tuple[Lack, ...]
    conflicts: tuple[Statement, ...]
    unknown: tuple[str, ...]
    data: DataUnits | None
    path: Path
    digest: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The covariates without which there is no answer; others only tell who was studied."""
        effects = () if self.level is None else ("weight", *self.level.effect.needs)
        named = (name for parameter in self.parameters.values() for name in parameter.needs)
        return tuple(dict.fromkeys((*named, *effects)))

    @property
    def numbers(self) -> tuple[tuple[str, Number], ...]:
        """Every number that an answer rests on, by its place in the file; not who was studied, and not `known`."""
        return tuple(_numbers(self))

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The places of those numbers that were recalled and never read."""
        return tuple(place for place, number in self.numbers if number.source.status is Status.UNCONFIRMED)

    @property
    def judged(self) -> tuple[str, ...]:
        """The places of those numbers that are this project's choice."""
        return tuple(place for place, number in self.numbers if number.source.status is Status.JUDGEMENT)

    def lacking(self, answer: Answer) -> tuple[str, ...]:
        """Return what an answer lacks; empty where the model can give it."""
        lacks = [lack.what for lack in self.lacks if answer in lack.withholds]
        if answer is Answer.TIME_COURSE and self.kind is ModelKind.STEADY_STATE_ONLY:
            lacks.insert(0, "a course over time: the publication gives steady states only")
        if answer is Answer.STEADY_LEVEL and self.level is None and "clearance" not in self.parameters:
            lacks.append("a clearance, or levels at a known rate")
        return tuple(dict.fromkeys(lacks))


def _numbers(model: Model) -> Iterator[tuple[str, Number]]:
    for name, parameter in model.parameters.items():
        place = f"parameters.{name}"
        if parameter.typical is not None:
            yield f"{place}.typical", parameter.typical
        for effect in parameter.effects:
            yield from _of_effect(f"{place}.{effect.form}", effect)
    if model.level is not None:
        yield "level.at_rate", model.level.at_rate
        yield from _of_effect("level", model.level.effect)
    for kind, spreads in (
        ("between_subjects", model.variability.between_subjects),
        ("between_occasions", model.variability.between_occasions),
    ):
        for name, spread in spreads.items():
            yield f"variability.{kind}.{name}", spread.size
    for correlation in model.variability.correlations:
        yield f"variability.correlation of {' and '.join(correlation.of)}", correlation.value
    if model.residual is not None:
        yield from (("residual.a", model.residual.a), ("residual.b", model.residual.b))


def _of_effect(place: str, effect: Effect) -> Iterator[tuple[str, Number]]:
    for name, number in effect.numbers.items():
        yield f"{place}.{name}", number
    for index, group in enumerate(effect.groups):
        limits = (("below", group.below), ("up_to", group.up_to), ("value", group.value))
        yield from ((f"{place}.group[{index}].{name}", number) for name, number in limits if number is not None)
