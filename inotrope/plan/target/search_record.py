"""What one search for a dose holds: every allowed rate with its chances, the best, what a level would be worth.

Knows shapes only. Levels are those in the blood, without the error of a measurement; hours count from `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inotrope.plan.fitting.record import FittedValue
from inotrope.units import Quantity

ALL_MODELS = "all models"
"""By which a search over all models that count is called."""


class TargetStatus(StrEnum):
    """How a search ended; that no rate is safe, or that none reaches the range, is an answer.

    A rate under which less than half of the time lies in the range is found and told so: it is not what was asked for.
    """

    FOUND = "found"
    MOSTLY_OUTSIDE = "found, mostly outside the range"
    NONE_SAFE = "none is safe"
    NONE_REACHES = "none reaches the range"
    STOPPED = "stopped"
    REFUSED = "refused"


class Change(StrEnum):
    """What the answer means for what runs or is paused, as its first word."""

    RAISE = "raise"
    LOWER = "lower"
    LEAVE = "leave"
    PAUSE = "pause"
    REDUCE = "reduce or stop"
    START = "start"
    RESUME = "only if resumed"


EXIT_CODES = {
    TargetStatus.FOUND: 0,
    TargetStatus.MOSTLY_OUTSIDE: 0,
    TargetStatus.NONE_SAFE: 0,
    TargetStatus.NONE_REACHES: 0,
    TargetStatus.STOPPED: 3,
    TargetStatus.REFUSED: 4,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rate that the plan allows, and how the time of all draws lies under it.

    Attributes:
        rate: What the patient gets in the end; 0 is a pause.
        pump_rate: The setting of the pump; null without a concentration.
        load: Whether the plan's load goes before it.
        pause: For how long nothing is given before it; 0 for no pause. A rate of 0 is one without an end.
        above_line: Whether it lies above the label's renal line, to which only a measured and fitted level leads.
        starts: When this rate begins: the steps before it run until then.
        below: Share of the time of all draws that lies below the range, in it and above it.
        inside: See `below`.
        above: See `below`.
        score: By the formula of the answer.
    """

    rate: Quantity
    pump_rate: Quantity | None
    load: bool
    pause: Quantity
    above_line: bool
    starts: Quantity
    below: Quantity
    inside: Quantity
    above: Quantity
    score: float


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of what is given: from when, h from now, at which rate, and the pump's setting where there is one.

    A load that is drawn up is a rate here as well, and has no setting; a rate of 0 is a pause. `delivered_rate` is what
    that setting delivers: it may be less than the rate, and is null without a setting.
    """

    after: Quantity
    rate: Quantity
    pump_rate: Quantity | None
    delivered_rate: Quantity | None


@dataclass(frozen=True, slots=True)
class BestCandidate:
    """One of the best, in full.

    Attributes:
        candidate: The rate and its chances.
        course: What is given from now on, in words.
        steps: The same for a program, in order; the last one goes on.
        reaches: Share of the draws that are in the range at some time.
        to_range: How long these take to it; null where fewer than half of all do.
        at_the_end: The level at the end of the time that is searched.
    """

    candidate: Candidate
    course: str
    steps: tuple[Step, ...]
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
    """What a level at an hour would be worth, if the rate is chosen anew once its result is there.

    Hours count as the score does: an hour in the range is one, an hour above it costs the penalty. They are what is
    expected over the time that is searched, against going on with what this answer names.

    Attributes:
        after: When it is drawn, h from now.
        at: The same by the clock.
        worth: What choosing anew on its result adds, h.
        without: What choosing anew at the same moment without a level adds, h.
        noise: Two standard errors of what the level itself adds, from the draws, h.
        left: What it leaves of the standard deviation of the level at the end, %.
    """

    after: Quantity
    at: datetime
    worth: Quantity
    without: Quantity
    noise: Quantity
    left: Quantity


@dataclass(frozen=True, slots=True)
class Pause:
    """What a pause from now on comes to, where the level lies above the range and no rate is safe.

    Attributes:
        comes_down: Share of the draws that are no longer above the range at the end of the time that is searched.
        after: How long until half of them are; null where fewer are at the end.
        ninety_from: When the first twentieth of them is; null where fewer are at the end.
        ninety_to: When all but the last twentieth are; null where fewer are at the end.
        measure_after: When to measure the level, and to search again.
        measure_at: The same by the clock.
    """

    comes_down: Quantity
    after: Quantity | None
    ninety_from: Quantity | None
    ninety_to: Quantity | None
    measure_after: Quantity
    measure_at: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of the level if what is given goes on in one way, whether that may be or not: no proposal.

    Attributes:
        course: The way: `as it runs now`, with what follows a load that is going in, or `paused from now on`.
        rate: What flows then; 0 for nothing.
        below: Share of the time of all draws below the range, in it and above it.
        inside: See `below`.
        above: See `below`.
        now: The level now.
        halfway: In the middle of the time that is searched.
        at_the_end: At the end of it.
    """

    course: str
    rate: Quantity
    below: Quantity
    inside: Quantity
    above: Quantity
    now: FittedValue
    halfway: FittedValue
    at_the_end: FittedValue


@dataclass(frozen=True, slots=True)
class Search:
    """One search, by one model alone or over all that count.

    Attributes:
        by: The model, or `all models`.
        models: Those that it stands on, with the share of each where they are averaged.
        status: How it ended.
        named: The rate that it names: what runs where its score is as good as the best one's and nothing speaks against
            it, else the lowest whose score is; null where none is named.
        candidates: Every rate that the plan allows, without the load and then with it, ascending.
        best: The best three by their score, best first.
        within_line: Where what is named lies above the label's renal line: the best at or below it; else null.
        alike_from: The scores from this rate ...
        alike_to: ... to this one cannot be told from the best.
        ahead: The kidneys' ways; empty where they are held or not known to the model.
        highest_ahead: Which of them leads to the highest level.
        courses: What becomes of what runs, and of a pause of it.
        pause: What a pause comes to where none is safe and the level is above the range; else null.
        next_levels: Every hour at which a level could be drawn, and what it would be worth.
        next_level: The one that is worth most; null where none is worth more than can be told from chance.
        says: What a reader must know.
    """

    by: str
    models: tuple[str, ...]
    status: TargetStatus
    named: BestCandidate | None
    candidates: tuple[Candidate, ...]
    best: tuple[BestCandidate, ...]
    within_line: BestCandidate | None
    alike_from: Quantity
    alike_to: Quantity
    ahead: tuple[KidneysAhead, ...]
    highest_ahead: str | None
    courses: tuple[Course, ...]
    pause: Pause | None
    next_levels: tuple[NextLevel, ...]
    next_level: NextLevel | None
    says: tuple[str, ...]
