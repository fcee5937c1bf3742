"""What a plan holds of the forecast: numbers with their units, rounded to a tenth, models side by side.

Knows shapes only, and needs no arrays. Levels are those in the blood, without the error of a measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.errors import shorten
from inotrope.findings import Refusal, SourceReference
from inotrope.units import Quantity

IN_THE_END = "in the end"
"""When nothing changes any more: the steady level."""
THIS_SITE = "this-site"
"""The id of the band that a hospital's own file sets."""


@dataclass(frozen=True, slots=True)
class Values:
    """Numbers of one unit."""

    unit: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Intervals:
    """How the draws lie at each time: 90 % between lowest and highest, 50 % between lower and upper."""

    lowest: Values
    lower: Values
    median: Values
    upper: Values
    highest: Values


@dataclass(frozen=True, slots=True)
class LevelCurve:
    """Levels at the times of the forecast; `intervals` is null where the publication gives no spread."""

    typical: Values
    intervals: Intervals | None


@dataclass(frozen=True, slots=True)
class Spreading:
    """One number of the typical patient, and how the draws lie around it; those are null where no spread is known."""

    typical: Quantity
    median: Quantity | None
    half_from: Quantity | None
    half_to: Quantity | None
    ninety_from: Quantity | None
    ninety_to: Quantity | None


@dataclass(frozen=True, slots=True)
class BandChance:
    """The chance of being below, in and above a studied range, at the last time of the curve or in the end."""

    band: str
    when: str
    below: Quantity
    within: Quantity
    above: Quantity


@dataclass(frozen=True, slots=True)
class Band:
    """A range of levels that was studied; no limit of safety."""

    id: str
    who: str
    says: str
    low: Quantity
    high: Quantity
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class RangeLeft:
    """When a studied range is left on one side, `above` or `below`, by the share of the draws that has left.

    Attributes:
        band: The range.
        side: On which side.
        now: The share that lies outside on that side now.
        at_the_end: The share that lies outside on that side at the end of the chart.
        chance: The share that leaves within the chart. Above, that counts those that are above now; below, only those
            that were in the range or above it first: rising into it leaves nothing.
        by_5_percent: When 5 % have left; null where fewer do within the chart. The next two likewise.
        by_25_percent: When 25 % have.
        by_half: When half have.
    """

    band: str
    side: str
    now: Quantity
    at_the_end: Quantity
    chance: Quantity
    by_5_percent: Quantity | None
    by_25_percent: Quantity | None
    by_half: Quantity | None


@dataclass(frozen=True, slots=True)
class LevelsAhead:
    """The levels if moving kidneys go on in another way than unchanged: a judgement, no forecast of the kidneys."""

    kidneys: str
    curve: LevelCurve
    at_the_end: Spreading
    chances: tuple[BandChance, ...]
    leaves: tuple[RangeLeft, ...]


@dataclass(frozen=True, slots=True)
class KidneyPath:
    """The clearance of creatinine over time if the kidneys go on in one way: the most probable path, and the draws."""

    kidneys: str
    most_probable: Values
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class KidneyCourse:
    """Kidneys that move: a walk through the creatinines up to now, and three named ways ahead of it.

    Attributes:
        because: What speaks for a change.
        creatinines: Those that the walk stands on, with how old they are.
        now: The clearance of creatinine now; `typical` is that of the most probable path.
        time: Hours from now.
        paths: By way ahead; up to now they are the same.
        says: What a reader must know.
        sources: Of the judgements behind it.
    """

    because: tuple[str, ...]
    creatinines: tuple[str, ...]
    now: Spreading
    time: Values
    paths: tuple[KidneyPath, ...]
    says: tuple[str, ...]
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class ModelLevels:
    """What one model says; `refused` is empty where it answers, and every number is null where it does not.

    `kidneys` is `held`, `in motion` (`curve` and all beside it then suppose that they go on unchanged; `ahead` tells of
    the other ways) or `not used`.
    """

    model: str
    title: str
    kind: str
    standing: str
    remarks: tuple[str, ...]
    refused: str
    kidneys: str
    curve: LevelCurve | None
    now: Spreading | None
    at_the_end: Spreading | None
    peak: Spreading | None
    peak_at: Quantity | None
    steady: Spreading | None
    steady_says: str
    printed_deviation: Quantity | None
    time_to_90_percent: Spreading | None
    chances: tuple[BandChance, ...]
    leaves: tuple[RangeLeft, ...]
    ahead: tuple[LevelsAhead, ...]
    says: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    judged: tuple[str, ...]
    conflicts: tuple[str, ...]
    unknown: tuple[str, ...]
    note: str
    sources: tuple[SourceReference, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class HighestLevel:
    """Which model gives the highest level of all that answer."""

    model: str
    level: Quantity


@dataclass(frozen=True, slots=True)
class WhatIfMoment:
    """A level at one time, as the forecast has it and after the change."""

    when: str
    before: Spreading | None
    after: Spreading | None


@dataclass(frozen=True, slots=True)
class WhatIfModel:
    """One model that answers before the change; `refused` says why it does not answer after it."""

    model: str
    moments: tuple[WhatIfMoment, ...]
    refused: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A change that was asked about, such as a pause; `refused` is empty where it was answered. Nothing allows it.

    `says` warns, as of a rate above what the plan allows; `notes` tell how the change was understood.
    """

    asked: str
    regimen: str
    says: tuple[str, ...]
    notes: tuple[str, ...]
    models: tuple[WhatIfModel, ...]
    refused: str


@dataclass(frozen=True, slots=True)
class LevelForecast:
    """The levels ahead by every model of the drug; nothing is averaged, fitted or dosed from it.

    `supposes` says what is given, `regimen` as text; `kidney` is null where the kidneys are held; `first` is the model
    to show first, null where none draws a curve.
    """

    supposes: str
    regimen: str
    draws: int
    seed: int
    time: Values
    bands: tuple[Band, ...]
    kidney: KidneyCourse | None
    models: tuple[ModelLevels, ...]
    first: str | None
    highest_steady: HighestLevel | None
    highest_peak: HighestLevel | None
    says: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    what_if: tuple[WhatIf, ...] = ()


def failed_forecast(problem: Exception) -> LevelForecast:
    """Return what stands in a plan where its forecast failed: the reason, and that the dose does not hang on it."""
    says = getattr(problem, "says", "") or f"{type(problem).__name__}: {problem}"
    where = getattr(problem, "where", None)
    refusal = Refusal(
        "forecast-failed",
        f"No level is forecast: the forecast failed ({shorten(' '.join(says.split()), 300).rstrip('.')}"
        f"{f'; {where}' if where else ''}). Nothing else in this plan depends on it. Report it.",
        (),
    )
    return LevelForecast(
        supposes="nothing, since the forecast failed",
        regimen="",
        draws=0,
        seed=0,
        time=Values("h", ()),
        bands=(),
        kidney=None,
        models=(),
        first=None,
        highest_steady=None,
        highest_peak=None,
        says=(),
        refusals=(refusal,),
    )
