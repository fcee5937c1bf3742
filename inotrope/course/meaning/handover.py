"""What one shift tells the next on one page, as data: who, why, what runs, what was decided, what is open, what to do.

Knows what belongs on the page and how old each value is. Everything of it stands in the events or in the plan that is
made for this moment; it decides nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from inotrope.course.meaning.as_of import CourseCase, SiteFile, case_now, make_course_plan
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import Documents, medicine_named
from inotrope.course.meaning.kinds import (
    CASE,
    CLOSED,
    CONFIRMED,
    CORRECTED,
    HAPPENED,
    NOTED,
    OPENED,
    OVERRIDDEN,
    PLANNED,
    RATE,
    REOPENED,
)
from inotrope.course.meaning.last_values import LOOKED_BACK, LastValue, last_values
from inotrope.course.meaning.set_before import SetBefore
from inotrope.course.meaning.telling import told
from inotrope.course.meaning.timeline import Moment, Span, other_drugs
from inotrope.errors import InotropeError
from inotrope.patient import Case, read_case
from inotrope.patient.vocabulary import plain_name
from inotrope.plan.double_check.items import CONCENTRATION, WEIGHT, read_item
from inotrope.plan.double_check.items import RATE as RATE_ITEM
from inotrope.units import Quantity

if TYPE_CHECKING:
    from inotrope.course.record import Event
    from inotrope.plan import Plan


@dataclass(frozen=True, slots=True)
class Handover:
    """The page.

    Attributes:
        course: Its id.
        label: As it was opened.
        number: Of the last event that counts.
        head: The hash of that event: written on paper, it tells later whether anything was changed.
        now: The moment of the page.
        case: Who, and what is known.
        plan: Made for this moment, without a forecast's curves being needed.
        machines: Those that work on the patient now, in words.
        last_plan: The plan that was recorded last; None where none was.
        changed_since: How many facts were recorded since that plan.
        standing: Stops that are set aside for the case as it is.
        decided: Orders confirmed, corrections, and stops that were set aside for another state of the case, in the
            order of time, whenever they were made.
        confirmed: Who confirmed the rate that runs, for this weight and this bag; empty where nobody did.
        lately: What was given of the drug, what happened, and edits of the whole case, in the last day.
        beside: What was given of other drugs, and what was noted, in the last day.
        values: The newest value of each kind; those that dose or stop first.
        others: Other infusions that run.
        lines: What shares the line with the drug.
        closed: Why the course was closed; empty where it is open.
        pump: What the pump gives where it was set by another weight or bag than those of now.
        says: What a reader must know.
    """

    course: str
    label: str
    number: int
    head: str
    now: datetime
    case: Case
    plan: Plan
    machines: tuple[str, ...]
    last_plan: Moment | None
    changed_since: int
    standing: tuple[Moment, ...]
    decided: tuple[Moment, ...]
    confirmed: str
    lately: tuple[Moment, ...]
    beside: tuple[Moment, ...]
    values: tuple[LastValue, ...]
    others: tuple[Span, ...]
    lines: tuple[str, ...]
    closed: str
    pump: SetBefore | None
    says: tuple[str, ...]


def handover(
    events: Sequence[Event],
    documents: Documents,
    *,
    now: datetime,
    site: SiteFile | None = None,
    plan: Plan | None = None,
) -> Handover:
    """Return the hand-over page of a course for a moment.

    Args:
        events: All of the course.
        documents: Gives their texts.
        now: The moment.
        site: The hospital's own file.
        plan: The plan for this moment, where one was made already; else it is made here.

    Raises:
        CourseError: No case was written yet.
    """
    found: CourseCase = case_now(events, documents, now)
    case = read_case(found.case)
    made = make_course_plan(found, site=site, forecast=False) if plan is None else plan
    corrections = Corrections(events)
    told_of = {item.number: _moment(item, corrections, case) for item in events}
    plans = [item for item in events if item.kind == PLANNED and item.body.get("knowing") is None]
    last = plans[-1] if plans else None
    since = 0 if last is None else last.body.get("seen", last.number)
    aside = [item for item in _standing(events, corrections, found) if item.kind == OVERRIDDEN]
    decided = [item for item in events if item.kind in (OVERRIDDEN, CONFIRMED, CORRECTED) and item not in aside]
    lately = [item for item in events if now - LOOKED_BACK <= item.at <= now]
    frame = [item for item in events if item.kind in (CLOSED, REOPENED)]
    return Handover(
        course=events[0].course,
        label=next((item.body["label"] for item in events if item.kind == OPENED), ""),
        number=events[-1].number,
        head=events[-1].hash,
        now=case.now,
        case=case,
        plan=made,
        machines=tuple(_machines(case)),
        last_plan=None if last is None else told_of[last.number],
        changed_since=sum(corrections.changes_case(item) for item in events if item.number > since),
        standing=_in_time(told_of[item.number] for item in aside),
        decided=_in_time(told_of[item.number] for item in decided),
        confirmed=_confirmed(events, corrections, case, made),
        lately=_in_time(told_of[item.number] for item in lately if _counts(item, case.drug)),
        beside=_in_time(
            told_of[item.number] for item in lately if item.kind == NOTED or _is_of_others(item, case.drug)
        ),
        values=last_values(case),
        others=tuple(item for item in other_drugs(case) if item.end is None),
        lines=tuple(dict.fromkeys(name.as_written for line in case.lines or () for name in line.with_)),
        closed=str(frame[-1].body["why"]) if frame and frame[-1].kind == CLOSED else "",
        pump=found.pump,
        says=found.says,
    )


def _moment(event: Event, corrections: Corrections, case: Case) -> Moment:
    at = event.at.astimezone(case.now.tzinfo)
    return Moment(at, event.kind, told(event, corrections), event.by, event.number)


def _standing(events: Sequence[Event], corrections: Corrections, found: CourseCase) -> list[Event]:
    """Return the last event of each stop that is set aside for the case as it is."""
    last = {}
    for event in events:
        if event.kind == OVERRIDDEN and corrections.said(event).body is not None:
            last[event.body["rule"]] = event
    return [event for rule, event in last.items() if rule in found.overrides]


def _counts(event: Event, drug: str) -> bool:
    """Tell whether an entry is one without which the next shift does not know what was done: no reading is."""
    if event.kind == RATE:
        return not _is_of_others(event, drug)
    return event.kind == HAPPENED or (event.kind == CASE and "changed" in event.body)


def _is_of_others(event: Event, drug: str) -> bool:
    return event.kind == RATE and medicine_named(str(event.body["entry"].get("of"))) != plain_name(drug)


def _confirmed(events: Sequence[Event], corrections: Corrections, case: Case, plan: Plan) -> str:
    """Return who confirmed the rate that runs, for this weight and this bag; empty where nobody did, or none runs."""
    if plan.running is None:
        return ""
    bag = None if plan.preparation is None else plan.preparation.concentration
    runs = {RATE_ITEM: plan.running.rate, WEIGHT: case.patient.weight, **({} if bag is None else {CONCENTRATION: bag})}
    for event in reversed(events):
        if event.kind == CONFIRMED and corrections.said(event).body is not None:
            if all(_is_same(item, event.body["meant"].get(item), amount) for item, amount in runs.items()):
                at = event.at.astimezone(case.now.tzinfo)
                return f"{event.body['first']} and {event.body['second']}, {at:%Y-%m-%d %H:%M}"
            return ""
    return ""


def _is_same(item: str, confirmed: str | None, amount: Quantity) -> bool:
    """Tell whether what was confirmed is an amount, to the last figure in which a plan shows it."""
    try:
        said = read_item(item, str(confirmed))
        return said.shown(4) == amount.to(said.unit).shown(4)
    except InotropeError:
        return False


def _in_time(found: Iterable[Moment]) -> tuple[Moment, ...]:
    return tuple(sorted(found, key=lambda item: item.at))


def _machines(case: Case) -> list[str]:
    running = [item for item in case.support or () if item.end is None or item.end > case.now]
    return [f"{item.what} since {item.start.astimezone(case.now.tzinfo):%Y-%m-%d %H:%M}" for item in running]
