"""What a plan holds of the circulation ahead: numbers with their units, over time, with intervals and chances.

Knows shapes only, and needs no arrays. Nothing here goes back into a dose. Intervals are those of the level forecast:
90 % of the draws between lowest and highest, 50 % between lower and upper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inotrope.errors import shorten
from inotrope.findings import Refusal, SourceReference
from inotrope.plan.forecast_record import Intervals, Values
from inotrope.units import Quantity, round_half_up


class CourseStatus(StrEnum):
    """How the question for a course ended."""

    EXPECTED = "expected"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Likely:
    """One number of all that this patient may be: 90 % of the draws lie between the two ends."""

    median: Quantity
    ninety_from: Quantity
    ninety_to: Quantity


def chance(share: Quantity) -> str:
    """Return a chance as it is read: in whole percent, and never as none or as certain.

    The draws are a judgement, and a thousand of them: `under 1 %` is all that they can say of what none of them showed.
    """
    whole = round_half_up(share.in_unit("%"), 0)
    return "under 1 %" if whole < 1 else "over 99 %" if whole > 99 else share.shown(0)  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class CourseReading:
    """One reading that the course stands on.

    Attributes:
        what: By the vocabulary's name.
        value: As it was written.
        at: When.
        on_the_drug: Whether the drug was in the patient then; else it tells of the time before.
    """

    what: str
    value: Quantity
    at: datetime
    on_the_drug: bool


@dataclass(frozen=True, slots=True)
class QuantityCourse:
    """One quantity over the times of the course.

    Attributes:
        what: Its name.
        short: Its short name, such as MAP.
        before: Without the drug: the time before it, as the readings leave it.
        curve: At the times of the course; those who have no answer there are left out.
    """

    what: str
    short: str
    before: Likely
    curve: Intervals


@dataclass(frozen=True, slots=True)
class PressureBelow:
    """The chance that MAP lies below the limit; who has no answer of the model counts as below.

    Attributes:
        limit: Below which the rules give no load and reduce or stop a running infusion.
        source: Of the limit.
        before: Without the drug.
        now: At the first time.
        at_the_end: At the last time.
        ever: At any time of the course.
        at: At each time, percent.
        so_far: At any time up to each, percent: never falls.
        lowest: The lowest MAP of the course.
    """

    limit: Quantity
    source: SourceReference
    before: Quantity
    now: Quantity
    at_the_end: Quantity
    ever: Quantity
    at: Values
    so_far: Values
    lowest: Likely


@dataclass(frozen=True, slots=True)
class LoadWay:
    """The next hour in one of two ways, with the load or without.

    Attributes:
        regimen: What is given, as text.
        level: At the site of effect.
        quantities: Cardiac index and MAP.
        below: The chance of MAP below the limit within the hour; null where no limit is known.
        lowest: The lowest MAP of the hour.
        unfilled: The largest share of the draws without an answer at any time of the hour: they count as below.
    """

    regimen: str
    level: Intervals
    quantities: tuple[QuantityCourse, ...]
    below: Quantity | None
    lowest: Likely
    unfilled: Quantity


@dataclass(frozen=True, slots=True)
class LoadBeside:
    """The load that the plan offers against none, over the next hour, in the same draws.

    Attributes:
        time: Minutes from now.
        with_load: The load and the rate of the plan.
        without: The rate alone.
        lower_by: By how much the lowest MAP of a patient is lower with the load than without it; above zero is lower.
        below_only_with: Share of the draws whose MAP falls below the limit within the hour with the load, not without
            it; null where no limit is known.
        says: What must be read with it.
    """

    time: Values
    with_load: LoadWay
    without: LoadWay
    lower_by: Likely
    below_only_with: Quantity | None
    says: str


@dataclass(frozen=True, slots=True)
class RateQuantity:
    """One quantity at the horizon under one rate."""

    what: str
    short: str
    value: Likely


@dataclass(frozen=True, slots=True)
class RateExpected:
    """What one permitted rate is expected to do. Information: it selects no rate.

    Attributes:
        rate: Without a load.
        starts: When it runs: a step upward waits for its time, at the highest rates that are permitted until then.
        because: Why it stands here, such as `this plan's rate` or `printed in the label`.
        level: At the site of effect, at the horizon.
        quantities: Cardiac index, MAP, PCWP, SVR and heart rate at the horizon; empty where too many have no answer.
        below: The chance of MAP below the limit at any time up to the horizon; null where no limit is known.
        below_at_the_end: The same at the horizon.
        extrapolated: Share of the draws whose level at the horizon lies above all that were studied.
        unfilled: The largest share of the draws without an answer at any time: they count as below.
    """

    rate: Quantity
    starts: Quantity
    because: str
    level: Likely
    quantities: tuple[RateQuantity, ...]
    below: Quantity | None
    below_at_the_end: Quantity | None
    extrapolated: Quantity
    unfilled: Quantity


@dataclass(frozen=True, slots=True)
class ModelPressure:
    """What one model of the kinetics makes of the pressure; models stand side by side and are never averaged.

    Attributes:
        model: Its name.
        title: Its publication.
        first: Whether the course is by this one.
        below: The chance of MAP below the limit at any time; null where no limit is known, or it does not answer.
        lowest: The lowest MAP; null where it does not answer.
        refused: Why it does not answer; empty where it does.
    """

    model: str
    title: str
    first: bool
    below: Quantity | None
    lowest: Likely | None
    refused: str


@dataclass(frozen=True, slots=True)
class CirculationCourse:
    """The circulation ahead under what the plan supposes. It informs and warns; it selects no rate.

    Attributes:
        status: How it ended; refused, `refusals` say why, and every number is null or empty.
        headline: One line, such as `MAP below 65 mmHg within 24 h: 12 % (judgement)`; else the reason.
        supposes: What is given, in words, as the level forecast has it.
        regimen: The same as text.
        heart: The kind of heart that the patient is taken to be of.
        readings: What the course stands on.
        left_out: Readings that do not count, and why.
        unlike: What speaks against the model in this patient, as sentences: readings that nothing was fitted to, or
            that it does not follow, and medicines that are not in it.
        learned: How the draws of the patient were found, as a sentence.
        levels_by: How the levels were found, as a sentence: the model, and whether levels were measured.
        draws: How many patients stand behind every interval and chance.
        seed: Of the random numbers.
        time: Hours from now.
        level: At the site of effect, ng/mL; null where refused.
        quantities: Cardiac index, MAP, CVP, PCWP, mPAP, SVR, PVR, heart rate, stroke volume and ejection fraction; the
            cardiac output in the place of the index where no height is known.
        below: The chance of MAP below the limit; null where refused, and where no limit is known.
        extrapolated: Share of the draws above every studied level, percent, at each time.
        unfilled: Share of the draws without an answer (veins collapse, or no steady state), percent, at each time.
        load: The load against none; null where the plan offers no load.
        rates: Permitted rates, the lowest first; information that selects no rate. Empty where none is permitted.
        rates_say: What must be read with them.
        models: By model of the kinetics, the first one first; where kidneys move, then that one by each other way in
            which they may go on.
        refusals: Why there is no course.
        says: What must be read with it, the first sentence first.
        unknown: What nobody knows, of drug and heart, and what nobody recorded of this patient.
        sources: Of every number behind it.
    """

    status: CourseStatus
    headline: str
    supposes: str
    regimen: str
    heart: str
    readings: tuple[CourseReading, ...]
    left_out: tuple[str, ...]
    unlike: tuple[str, ...]
    learned: str
    levels_by: str
    draws: int
    seed: int
    time: Values
    level: Intervals | None
    quantities: tuple[QuantityCourse, ...]
    below: PressureBelow | None
    extrapolated: Values
    unfilled: Values
    load: LoadBeside | None
    rates: tuple[RateExpected, ...]
    rates_say: str
    models: tuple[ModelPressure, ...]
    refusals: tuple[Refusal, ...]
    says: tuple[str, ...]
    unknown: tuple[str, ...]
    sources: tuple[SourceReference, ...]


def course_refused(
    *refusals: Refusal,
    headline: str,
    supposes: str = "",
    heart: str = "",
    readings: tuple[CourseReading, ...] = (),
    left_out: tuple[str, ...] = (),
    says: tuple[str, ...] = (),
    unknown: tuple[str, ...] = (),
) -> CirculationCourse:
    """Return a course without numbers, and why there are none."""
    return CirculationCourse(
        status=CourseStatus.REFUSED,
        headline=headline,
        supposes=supposes,
        regimen="",
        heart=heart,
        readings=readings,
        left_out=left_out,
        unlike=(),
        learned="",
        levels_by="",
        draws=0,
        seed=0,
        time=Values("h", ()),
        level=None,
        quantities=(),
        below=None,
        extrapolated=Values("%", ()),
        unfilled=Values("%", ()),
        load=None,
        rates=(),
        rates_say="",
        models=(),
        refusals=refusals,
        says=says,
        unknown=unknown,
        sources=tuple(dict.fromkeys(source for item in refusals for source in item.sources)),
    )


def failed_course(problem: Exception) -> CirculationCourse:
    """Return what stands in a plan where its course failed: the reason, and that the dose does not hang on it."""
    says = getattr(problem, "says", "") or f"{type(problem).__name__}: {problem}"
    refusal = Refusal(
        "circulation-failed",
        f"No circulation is foreseen: its computation failed ({shorten(' '.join(says.split()), 300).rstrip('.')}). "
        "Nothing else in this plan depends on it. Report it.",
        (),
    )
    return course_refused(refusal, headline="No circulation is foreseen: its computation failed.")
