"""What a search for a dose holds: the allowed rates with their chances, the best of them, and why there may be none.

Knows shapes only. Levels are those in the blood, without the error of a measurement; hours count from `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inotrope.findings import Finding, Refusal, SourceReference
from inotrope.plan.fitting.record import FittedValue, KidneyFit, MeasuredLevel
from inotrope.plan.record import Missing, PatientSummary, Versions
from inotrope.units import Quantity

ALL_MODELS = "all models"
"""By which a search over all models that count is called."""


class TargetStatus(StrEnum):
    """How a search ended; that no rate is safe, or that none reaches the range, is an answer."""

    FOUND = "found"
    NONE_SAFE = "none is safe"
    NONE_REACHES = "none reaches the range"
    STOPPED = "stopped"
    REFUSED = "refused"


EXIT_CODES = {
    TargetStatus.FOUND: 0,
    TargetStatus.NONE_SAFE: 0,
    TargetStatus.NONE_REACHES: 0,
    TargetStatus.STOPPED: 3,
    TargetStatus.REFUSED: 4,
}


@dataclass(frozen=True, slots=True)
class WantedRange:
    """The range that is wanted, and whose it is; it is no limit of safety."""

    low: Quantity
    high: Quantity
    says: str
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rate that the plan allows, and how the time of all draws lies under it.

    Attributes:
        rate: What the patient gets in the end; 0 is a pause.
        pump_rate: The setting of the pump; null without a concentration.
        load: Whether the plan's load goes before it.
        starts: When this rate begins: the steps before it run until then.
        below: Share of the time of all draws that lies below the range, in it and above it.
        inside: See `below`.
        above: See `below`.
        score: By the formula of the answer.
    """

    rate: Quantity
    pump_rate: Quantity | None
    load: bool
    starts: Quantity
    below: Quantity
    inside: Quantity
    above: Quantity
    score: float


@dataclass(frozen=True, slots=True)
class BestCandidate:
    """One of the best, in full.

    Attributes:
        candidate: The rate and its chances.
        course: What is given from now on, in words.
        reaches: Share of the draws that are in the range at some time.
        to_range: How long these take to it; null where fewer than half of all do.
        at_the_end: The level at the end of the time that is searched.
    """

    candidate: Candidate
    course: str
    reaches: Quantity
    to_range: FittedValue | None
    at_the_end: FittedValue


@dataclass(frozen=True, slots=True)
class KidneysAhead:
    """The same search if moving kidneys go on in a named way: no forecast of the kidneys.

    Attributes:
        kidneys: The way.
        best: The rate that would then be best; null where none is.
        level: At the end, at the rate that this answer names.
        inside: Share of the time in the range at that rate.
        above: Share above it.
    """

    kidneys: str
    best: Quantity | None
    level: FittedValue
    inside: Quantity
    above: Quantity


@dataclass(frozen=True, slots=True)
class NextLevel:
    """When a level would tell most; `left` is what it leaves of the standard deviation of the level at the end."""

    after: Quantity
    at: datetime
    left: Quantity


@dataclass(frozen=True, slots=True)
class Search:
    """One search, by one model alone or over all that count.

    Attributes:
        by: The model, or `all models`.
        models: Those that it stands on, with the share of each where they are averaged.
        status: How it ended.
        named: The rate that it names: the lowest whose score is as good as the best one's; null where none is named.
        candidates: Every rate that the plan allows, without the load and then with it, ascending.
        best: The best three by their score, best first.
        alike_from: The scores from this rate ...
        alike_to: ... to this one cannot be told from the best.
        ahead: The kidneys' ways; empty where they are held or not known to the model.
        highest_ahead: Which of them leads to the highest level.
        next_levels: Every hour at which a level could be drawn.
        next_level: The one that narrows most; null where nothing is open.
        says: What a reader must know.
    """

    by: str
    models: tuple[str, ...]
    status: TargetStatus
    named: BestCandidate | None
    candidates: tuple[Candidate, ...]
    best: tuple[BestCandidate, ...]
    alike_from: Quantity
    alike_to: Quantity
    ahead: tuple[KidneysAhead, ...]
    highest_ahead: str | None
    next_levels: tuple[NextLevel, ...]
    next_level: NextLevel | None
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllowedRates:
    """What the plan allows, from which nothing was searched that lies outside.

    Attributes:
        highest: The highest rate that is searched.
        because: What it hangs on.
        now: The highest that may run from now on, or once a load is in; the steps above it wait.
        step: The step of the pump; null without a concentration.
        load: Whether the plan has a load that could go before.
        load_says: Which; or why there is none.
        load_only_if: What is not known yet and must speak for the load before it is given.
        says: What else holds.
    """

    highest: Quantity
    because: str
    now: Quantity
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
        searches: One over all models where a level is fitted, else one for each model that holds for such patients.
        left_out: Models that do not answer or do not count, and why.
        kidney: How the kidneys were taken; null where nothing was searched.
        refusals: Why nothing was searched.
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
    searches: tuple[Search, ...]
    left_out: tuple[str, ...]
    kidney: KidneyFit | None
    refusals: tuple[Refusal, ...]
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
