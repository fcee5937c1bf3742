"""What one shift tells the next on one page, as data: who, why, what runs, what was decided, what is open, what to do.

Knows what belongs on the page and how old each value is. Everything of it stands in the events or in the plan that is
made for this moment; it decides nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from inotrope.course.meaning.as_of import CourseCase, SiteFile, case_now, make_course_plan
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import Documents
from inotrope.course.meaning.kinds import CONFIRMED, CORRECTED, FACTS, NOTED, OPENED, OVERRIDDEN, PLANNED
from inotrope.course.meaning.telling import told
from inotrope.course.meaning.timeline import Moment
from inotrope.patient import Case, read_case
from inotrope.units import Quantity, hours_between

if TYPE_CHECKING:
    from inotrope.course.record import Event
    from inotrope.plan import Plan

LOOKED_BACK = timedelta(hours=24)
"""What was given and what happened in this time stands on the page; decisions stand there whenever they were made. A
judgement: one day holds the shifts that know of each other."""
FIRST_QUESTIONS = 5
"""As many as a plan names first."""


@dataclass(frozen=True, slots=True)
class LastValue:
    """The newest value of one kind, how old it is, and the one before it where there is one."""

    what: str
    as_written: str
    at: datetime
    age: Quantity
    before: str


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
        decided: Stops set aside, orders confirmed, corrections, in the order of time, whenever they were made.
        lately: What was given, measured and noted in the last day.
        values: The newest value of each kind.
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
    decided: tuple[Moment, ...]
    lately: tuple[Moment, ...]
    values: tuple[LastValue, ...]
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
    told_of = [
        Moment(item.at.astimezone(case.now.tzinfo), item.kind, told(item, corrections), item.by, item.number)
        for item in events
    ]
    of_the_past = {item.number for item in events if item.kind == PLANNED and item.body["knowing"] is not None}
    plans = [item for item in told_of if item.kind == PLANNED and item.number not in of_the_past]
    last = plans[-1] if plans else None
    since = 0 if last is None or last.number is None else last.number
    return Handover(
        course=events[0].course,
        label=next((item.body["label"] for item in events if item.kind == OPENED), ""),
        number=events[-1].number,
        head=events[-1].hash,
        now=case.now,
        case=case,
        plan=made,
        machines=tuple(_machines(case)),
        last_plan=last,
        changed_since=sum(corrections.changes_case(item) for item in events if item.number > since),
        decided=_in_time(item for item in told_of if item.kind in (OVERRIDDEN, CONFIRMED, CORRECTED)),
        lately=_in_time(
            item for item in told_of if item.kind in FACTS | {NOTED} and now - LOOKED_BACK <= item.at <= now
        ),
        values=_values(case),
        says=found.says,
    )


def _in_time(found: Iterable[Moment]) -> tuple[Moment, ...]:
    return tuple(sorted(found, key=lambda item: item.at))


def _machines(case: Case) -> list[str]:
    running = [item for item in case.support or () if item.end is None or item.end > case.now]
    return [f"{item.what} since {item.start.astimezone(case.now.tzinfo):%Y-%m-%d %H:%M}" for item in running]


def _values(case: Case) -> tuple[LastValue, ...]:
    """Return the newest value of each kind, those of the shortest age first."""
    kinds = dict.fromkeys((item.what, item.of) for item in case.measurements)
    found = []
    for what, of in kinds:
        newest, *older = case.every(what, of)
        name = what if of is None else f"{what} of {of}"
        age = Quantity(hours_between(newest.at, case.now), "h")
        found.append(LastValue(name, newest.as_written, newest.at, age, older[0].as_written if older else ""))
    return tuple(sorted(found, key=lambda item: item.age.value))
