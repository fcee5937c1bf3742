"""The dose for a target: whom it is for, what was allowed, what is named, and why nothing may be.

Knows shapes only. Levels are those in the blood, without the error of a measurement; hours count from `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inotrope.findings import Finding, Refusal, SourceReference
from inotrope.plan.fitting.record import KidneyFit, MeasuredLevel
from inotrope.plan.record import Missing, PatientSummary, Versions
from inotrope.plan.target.search_record import (
    ALL_MODELS,
    EXIT_CODES,
    BestCandidate,
    Change,
    Course,
    NextLevel,
    Pause,
    Search,
    TargetStatus,
)
from inotrope.units import Quantity

__all__ = [
    "ALL_MODELS",
    "AllowedRates",
    "BestCandidate",
    "Change",
    "Course",
    "Search",
    "Target",
    "TargetStatus",
    "WantedRange",
]


@dataclass(frozen=True, slots=True)
class WantedRange:
    """The range that is wanted, and whose it is; it is no limit of safety."""

    low: Quantity
    high: Quantity
    says: str
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class AllowedRates:
    """What the plan allows, from which nothing was searched that lies outside.

    Attributes:
        highest: The highest rate that is searched.
        because: What it hangs on.
        line: The label's renal line where these rates pass it, on a measured and fitted level; null where they do not.
        now: The highest that may run from now on, or once a load is in; the steps above it wait.
        concentration: What the pump's settings are of; null where no preparation is known.
        step: The step of the pump; null without a concentration.
        load: Whether the plan has a load that could go before.
        load_says: Which; or why there is none.
        load_only_if: What is not known yet and must speak for the load before it is given.
        says: What else holds.
    """

    highest: Quantity
    because: str
    line: Quantity | None
    now: Quantity
    concentration: Quantity | None
    step: Quantity | None
    load: bool
    load_says: str
    load_only_if: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """The dose for a target. What it names lies within what the plan allows; the prescriber decides.

    Attributes:
        status: How it ended.
        drug: The drug.
        made_for: The case's `now`.
        patient: Whom it is for.
        wanted: The range.
        penalty: What time above the range counts.
        formula: How a rate is scored.
        hours: How far ahead is searched.
        fitted: Whether a measured level stands behind it.
        levels: Every level of the case, used or not.
        allowed: What the plan allows; null under a stop or a refusal.
        named: The rate that is named: that of the average, or without a level the lowest that a model names.
        named_by: By which search.
        pause: Where none is safe and the level is above the range: what a pause comes to, by the search in which it
            takes longest; else null.
        next_level: When the next level is worth most, by the search that names, or by the first that tells; null where
            none is worth more than chance.
        runs_now: What runs now, and what the answer means for it; empty where nothing runs.
        paused: That it was given and does not run now, and what holds before it runs again; empty where it is not so.
        raises: Whether what is named is more than runs now.
        change: What is named means for what runs or is paused; leave also where what runs is as good by the score, and
            reduce or stop where a finding asks for it, whatever a search names; null where no rate is named.
        extrapolates: Whether every model that answers was made in other patients than this one.
        measure_now: Why a level is wanted at once, whatever it is worth; empty where it is not.
        searches: One over all models where a level is fitted, else one for each model that holds for such patients.
        courses: Where nothing is searched and something runs: what the fitted levels say becomes of it. No proposal: it
            lifts nothing of what withholds a rate.
        left_out: Models that do not answer or do not count, and why.
        kidney: How the kidneys were taken; null where nothing was searched.
        refusals: Why nothing was searched.
        to_do: What a person can do next where nothing was searched, beside what the refusals ask for.
        findings: All of the plan, as `inotrope plan` has them.
        missing: What the plan asks.
        assumptions: What it stands on that no record says: an assumed kidney, a stop that was set aside.
        says: What holds for all of it.
        seed: Of the random numbers.
        draws: How many patients were drawn for each model.
        versions: What computed it.
        notice: The notice.
    """

    status: TargetStatus
    drug: str
    made_for: datetime
    patient: PatientSummary
    wanted: WantedRange
    penalty: float
    formula: str
    hours: Quantity
    fitted: bool
    levels: tuple[MeasuredLevel, ...]
    allowed: AllowedRates | None
    named: BestCandidate | None
    named_by: str | None
    pause: Pause | None
    next_level: NextLevel | None
    runs_now: str
    paused: str
    raises: bool
    change: Change | None
    extrapolates: bool
    measure_now: str
    searches: tuple[Search, ...]
    courses: tuple[Course, ...]
    left_out: tuple[str, ...]
    kidney: KidneyFit | None
    refusals: tuple[Refusal, ...]
    to_do: tuple[str, ...]
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    assumptions: tuple[str, ...]
    says: tuple[str, ...]
    seed: int
    draws: int
    versions: Versions
    notice: str

    @property
    def exit_code(self) -> int:
        """The exit code that a command line gives for this search."""
        return EXIT_CODES[self.status]
