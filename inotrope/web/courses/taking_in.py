"""The case of a page, put into its course where it was changed there; and what others put in meanwhile.

Knows that whoever writes later sees what came before and is told, that a case in which nothing was changed is no entry,
and that a plan that was shown is recorded once. How two edits of a case become one is known in `course`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from inotrope.course.chain import canonical, digest
from inotrope.course.meaning.as_of import CourseCase, PlanOptions, case_now, overrides_in_force
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import at_moment, case_text, fold, ordered, up_to
from inotrope.course.meaning.kinds import CASE, OVERRIDDEN, PLANNED
from inotrope.course.meaning.recording import (
    Writer,
    correct,
    record_case,
    record_level,
    record_override,
    record_plan,
    record_reading,
)
from inotrope.units import read_time
from inotrope.web.courses.carried import course_of, kept_by
from inotrope.web.courses.entry_forms import LEVEL
from inotrope.web.courses.keeping import moment
from inotrope.web.courses.viewing import Line, lines_of
from inotrope.web.courses.writer import asking
from inotrope.web.form import open_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from inotrope.course import Courses, Event
    from inotrope.plan import Plan
    from inotrope.web.options import Options

Overrides = tuple[tuple[str, str], ...]
NOT_TOLD = (PLANNED,)
"""Kinds that nobody has to be told of: a plan that another one looked at changes nothing."""
TAKEN_BACK = "Taken back on the page of the plan."


@dataclass(frozen=True, slots=True)
class Taken:
    """A case as its course has it.

    Attributes:
        text: The case.
        number: The last event that it holds.
        meanwhile: What came from others that the page did not know of.
        overrides: The stops that are set aside for this very state.
        says: What the course tells of its case and no plan of it can.
        pump: Which of them speaks of the pump; empty for none.
    """

    text: str
    number: int
    meanwhile: tuple[Line, ...]
    overrides: Overrides
    says: tuple[str, ...] = ()
    pump: str = ""


async def take_in(request: Request, text: str) -> tuple[str, Overrides]:
    """Put the case of the page that sent a request into its course, and return it as the course has it.

    Args:
        request: What was asked; the page that is drawn for it goes on from there.
        text: The case; empty where the page carries none, which is then the course's own for now.

    Returns:
        The case, and the stops that are set aside for it.

    Raises:
        InotropeError: It is no case; the course has none yet, or cannot be written.
        Overtaken: Somebody else changed the same value meanwhile, in another way.
    """
    course = course_of(request)
    if course is None:
        return text, ()
    by, now = asking(request), moment()
    found = await kept_by(request).ask(lambda store: _take_in(Writer(store, course.id, by, course.seen, now), text))
    course.seen = found.number
    course.meanwhile, course.says = (*course.meanwhile, *found.meanwhile), found.says
    course.pump = found.pump
    return found.text, found.overrides


async def has_case(request: Request) -> bool:
    """Tell whether the page belongs to a course in which somebody wrote a case."""
    course = course_of(request)
    if course is None:
        return False
    events = await kept_by(request).ask(lambda store: store.events(course.id))
    return any(event.kind == CASE for event in events)


async def put_in(request: Request, entry: dict[str, Any]) -> bool:
    """Put one measurement of a page into its course; the same form, sent twice, puts it in once.

    Returns:
        Whether the case of the page with the entry in it is now the course's: nobody else wrote meanwhile, and it was
        not put in before.

    Raises:
        InotropeError: It is no measurement, or the course cannot be written.
    """
    course = course_of(request)
    if course is None:
        return True
    by, now = asking(request), moment()
    record = record_level if entry["what"] == LEVEL else record_reading
    token = f"entry-{course.sent}-{digest(canonical(entry))}"
    kept = await kept_by(request).ask(
        lambda store: record(Writer(store, course.id, by, course.seen, now, token), entry)
    )
    alone = not (kept.repeated or kept.came_meanwhile)
    course.seen = kept.event.number if alone else course.seen
    return alone


async def keep_plan(request: Request, case: str, options: Options, made: Plan) -> None:
    """Record a plan as it is shown, with the stops that were set aside on the page; nothing where there is no course.

    Raises:
        CourseError: The course is closed, or cannot be written.
        Overtaken: A stop was set aside for a case that has changed meanwhile.
    """
    course = course_of(request)
    if course is None:
        return
    kept, by, now = kept_by(request), asking(request), moment()
    asked = PlanOptions(dict(options.overrides), options.assume_kidney)

    def keep(store: Courses) -> int:
        writer = _keep_overrides(Writer(store, course.id, by, course.seen, now), options.overrides)
        with store.reading() as reading:
            (last,) = reading.events(course.id, after=reading.course(course.id).number - 1)
            if _is_shown(last, case_document(case), asked):
                return writer.seen
        shown = record_plan(writer, made, case=case, options=asked, site=kept.site)
        return writer.seen if shown.came_meanwhile else shown.event.number

    course.seen = await kept.ask(keep)


def _take_in(writer: Writer, text: str) -> Taken:
    store, seen, now = writer.store, writer.seen, writer.clock
    events = store.events(writer.course)
    if not text:
        return _now(store, events, seen, now)
    mine = ordered(open_case(text))
    own, at = 0, read_time(mine["now"], what="Time")
    if not _is_as_it_stood(mine, events[:seen], store, at):
        kept = record_case(replace(writer, token=f"case-{seen}-{case_document(text)}"), text)
        own, events = kept.event.number, store.events(writer.course)
    after = tuple(event for event in events[seen:] if event.number != own)
    corrections = Corrections(events)
    if any(corrections.changes_case(event) for event in after):
        found = _now(store, events, seen, max(now, at))
        return replace(found, meanwhile=tuple(line for line in found.meanwhile if line.number != own))
    whole = case_now(events, store.document, max(now, at))
    return Taken(
        text, events[-1].number, _told(events, seen, own), tuple(whole.overrides.items()), whole.says, _pump(whole)
    )


def _is_as_it_stood(mine: dict[str, Any], events: Sequence[Event], store: Courses, at: datetime) -> bool:
    """Tell whether a case is what the course held for its moment: what lies after it stands in no page."""
    if not any(event.kind == CASE for event in events):
        return False
    whole = at_moment(fold(events, store.document), at)
    return _without_now(mine) in (_without_now(whole), _without_now(up_to(whole, at)[0]))


def _now(store: Courses, events: Sequence[Event], seen: int, now: datetime) -> Taken:
    """Return the case of a course for now."""
    found = case_now(events, store.document, now)
    return Taken(
        found.text, found.number, _told(events, seen), tuple(found.overrides.items()), found.says, _pump(found)
    )


def _pump(found: CourseCase) -> str:
    return "" if found.pump is None else found.pump.says


def _told(events: Sequence[Event], seen: int, own: int = 0) -> tuple[Line, ...]:
    silent = {event.number for event in events if event.kind in NOT_TOLD} | {own}
    return tuple(line for line in lines_of(events, seen) if line.number not in silent)


def _without_now(case: dict[str, Any]) -> dict[str, Any]:
    return {key: content for key, content in case.items() if key != "now"}


def case_document(text: str) -> str:
    """Return what tells one case from another, however its text is set out."""
    return digest(case_text(open_case(text)))


def _keep_overrides(writer: Writer, overrides: Overrides) -> Writer:
    """Record the stops that were set aside, and take back those that no longer are; return what has been seen then."""
    events = writer.store.events(writer.course)
    held = overrides_in_force(events)
    wanted = dict(overrides)
    for rule, reason in overrides:
        if held.get(rule) != reason:
            writer = replace(writer, seen=record_override(writer, rule, reason).event.number)
    for rule in held.keys() - wanted.keys():
        of = max(event.number for event in events if event.kind == OVERRIDDEN and event.body["rule"] == rule)
        writer = replace(writer, seen=correct(writer, of, why=TAKEN_BACK).event.number)
    return writer


def _is_shown(last: Event, case: str, asked: PlanOptions) -> bool:
    """Tell whether this very plan is the last entry of the course: a page that is loaded anew is no second one."""
    return last.kind == PLANNED and last.body["case"].endswith(case) and last.body["options"] == asked.to_plain()
