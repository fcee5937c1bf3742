"""Something put into a course: a rate, a level, a reading, what happened, a note; or a correction of such an entry.

Each has a form of its own, with scripts off too. What is wrong stands at its box and nothing typed is lost; a form that
is sent twice is one entry; what others entered meanwhile is told, and refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import CaseTable
from inotrope.course.meaning.kinds import CORRECTABLE, CORRECTED, FACTS, NOTED, SECTIONS
from inotrope.course.meaning.recording import (
    Writer,
    correct,
    note,
    record_given,
    record_happened,
    record_level,
    record_reading,
)
from inotrope.errors import CourseError, InotropeError, RequestError, nearest, shorten
from inotrope.units import read_time
from inotrope.web.carrying import typed
from inotrope.web.checks import new_form
from inotrope.web.courses.carried import SEEN, InCourse, kept_by, read_number
from inotrope.web.courses.entries import Entered, read_entry
from inotrope.web.courses.entry_forms import ENDED, FORMS, STATE, STATES, WHEN, EntryForm, draw, fields_of, form_of
from inotrope.web.courses.keeping import moment
from inotrope.web.courses.viewing import Line, lines_of, shown
from inotrope.web.courses.writer import BY, named_by, written_last
from inotrope.web.drawing import render
from inotrope.web.form import Problem
from inotrope.web.form.fields import Field, Kind
from inotrope.web.form.layout import Layout, identity
from inotrope.web.pages.course import BAD_INPUT, back_to
from inotrope.web.pending import Do

if TYPE_CHECKING:
    from inotrope.course import Appended, Courses, Event

router = APIRouter(prefix="/courses")
WHY, FORM, DO, STRIKE = "why", "form", "do", "strike"
_WHY = Field(WHY, "Why it is corrected", Kind.TEXT, "such as: read from the wrong line")


@dataclass(frozen=True, slots=True)
class Known:
    """What a form stands on: the course, its entries, and its case as it is now."""

    course: InCourse
    lines: tuple[Line, ...]
    events: tuple[Event, ...]
    case: CaseTable
    now: datetime

    @property
    def drug(self) -> str:
        """The drug of the case."""
        return str(self.case["drug"])


@router.get("/{course}/record/{what}")
async def record(request: Request, course: str, what: str) -> Response:
    """Show the form of one kind of entry."""
    form, known = _form(what), await _known(request, course)
    return _page(request, known, form, {}, ())


@router.post("/{course}/record/{what}")
async def recorded(request: Request, course: str, what: str) -> Response:
    """Record an entry, and go back to the course."""
    form, fields = _form(what), await typed(request)
    known = await _known(request, course)
    if fields.get(DO) == Do.BACK:
        return _page(request, known, form, fields, ())
    entered = read_entry(form, fields, known.case, known.now)
    by, problems = _named(request, fields)
    problems = (*entered.problems, *problems)
    if problems:
        return _page(request, known, form, fields, problems)
    seen, token = read_number(fields.get(SEEN, "")), fields.get(FORM) or None

    def write(store: Courses) -> Appended:
        return _record(Writer(store, course, by, seen, known.now, token), form, entered)

    try:
        appended = await kept_by(request).ask(write)
    except CourseError:
        raise
    except InotropeError as problem:  # what only the course as it is by now shows
        return _page(request, known, form, fields, (_at_box(form, problem),))
    return back_to(request, appended, seen, by)


@router.get("/{course}/correct/{number}")
async def correcting(request: Request, course: str, number: str) -> Response:
    """Show an entry with its form, filled in as it stands."""
    known = await _known(request, course)
    event, form = _correctable(known, number)
    fields = {} if form is None else fields_of(form, _standing(known, event))
    return _page(request, known, form, fields, (), of=event)


@router.post("/{course}/correct/{number}")
async def corrected(request: Request, course: str, number: str) -> Response:
    """Correct an entry by another one, or strike it out."""
    fields, known = await typed(request), await _known(request, course)
    event, form = _correctable(known, number)
    if fields.get(DO) == Do.BACK:
        return _page(request, known, form, fields, (), of=event)
    struck = form is None or fields.get(DO) == STRIKE
    entered = Entered(None, known.now)
    if form is not None and not struck:
        entered = read_entry(form, _as_it_was(form, fields, event), _without(known, event), known.now)
    by, unnamed = _named(request, fields)
    why = fields.get(WHY, "").strip()
    problems = (*entered.problems, *(() if why else (Problem(WHY, "Write why it is corrected."),)), *unnamed)
    if problems:
        return _page(request, known, form, fields, problems, of=event)
    seen, token = read_number(fields.get(SEEN, "")), fields.get(FORM) or None

    def write(store: Courses) -> Appended:
        return correct(Writer(store, course, by, seen, known.now, token), event.number, why=why, instead=entered.entry)

    try:
        appended = await kept_by(request).ask(write)
    except CourseError:
        raise
    except InotropeError as problem:
        found = Problem("", problem.says) if form is None else _at_box(form, problem)
        return _page(request, known, form, fields, (found,), of=event)
    return back_to(request, appended, seen, by)


def _form(what: str) -> EntryForm:
    if what not in FORMS:
        says = f"'{shorten(what)}' is nothing that is entered; {nearest(what, FORMS)}."
        raise RequestError(says, value=what, accepted=", ".join(FORMS))
    return FORMS[what]


async def _known(request: Request, course: str) -> Known:
    """Return what a form stands on, and let the page that is drawn carry the course."""
    found, events, case = await kept_by(request).whole(course, moment())
    now = read_time(str(case["now"]), what="Time")  # in the clock of the ward, which may be another than the server's
    request.state.course = InCourse(found.id, found.label, found.number, found.number)
    return Known(request.state.course, lines_of(events), events, case, now)


def _correctable(known: Known, number: str) -> tuple[Event, EntryForm | None]:
    """Return the entry of a number, and its form; no form where nothing can stand in its place."""
    event = next((item for item in known.events if str(item.number) == number), None)
    if event is None or event.kind not in CORRECTABLE or _standing(known, event) is None:
        says = f"Entry {shorten(number)} is none that can be corrected. Go back to the course, and choose one that is."
        raise RequestError(says, value=number)
    root = Corrections(known.events).root(event)
    if root.kind == NOTED and event.kind != CORRECTED:
        return event, FORMS["note"]
    if event.kind not in FACTS:
        return event, None
    section = SECTIONS.get(event.kind) or event.body["section"]
    return event, form_of(section, event.body["entry"], known.drug)


def _as_it_was(form: EntryForm, fields: Mapping[str, str], event: Event) -> Mapping[str, str]:
    """Return what was typed, with what a correction does not change: whether a medicine or a line is given or ended."""
    if STATE not in form.own or form.word == "condition":
        return fields
    return {**fields, STATE: ENDED if event.body.get("ended") else STATES[form.part][0]}


def _standing(known: Known, event: Event) -> Any:
    """Return what an entry says now; None where it was struck out."""
    body = Corrections(known.events).said(event).body
    return None if body is None else body.get("entry", body.get("text", body))


def _without(known: Known, event: Event) -> CaseTable:
    """Return the case without an entry that is corrected, beside which its correction would contradict itself."""
    standing = _standing(known, event)
    return {
        key: [item for item in held if item != standing] if isinstance(held, list) else held
        for key, held in known.case.items()
    }


def _record(writer: Writer, form: EntryForm, entered: Entered) -> Appended:
    """Record what was read from a form, as the event that it is."""
    one: dict[str, Callable[..., Appended]] = {"note": note, "level": record_level, "reading": record_reading}
    if form.part == "administrations":
        return record_given(writer, entered.entry)
    if form.word in one:
        return one[form.word](writer, entered.entry)
    return record_happened(writer, form.part, entered.entry, ended=entered.ended)


def _named(request: Request, fields: Mapping[str, str]) -> tuple[str, tuple[Problem, ...]]:
    """Return who says so, and what is wrong with that."""
    try:
        return named_by(request, fields), ()
    except InotropeError as problem:
        return "", (Problem(BY, problem.says),)


def _at_box(form: EntryForm, problem: InotropeError) -> Problem:
    """Return an error of an entry at the box of the member that it names."""
    key = (problem.where or "").partition("[")[0]
    return Problem(f"{form.before}{key}" if key in dict(form.keys) else "", problem.says)


def _page(
    request: Request,
    known: Known,
    form: EntryForm | None,
    fields: Mapping[str, str],
    problems: tuple[Problem, ...],
    *,
    of: Event | None = None,
) -> Response:
    boxes = () if form is None else draw(form, fields, known.drug, problems)
    if of is not None and form is not None and form.word != "condition":
        boxes = tuple(box for box in boxes if box.name not in (STATE, WHEN))
    names = {box.name: box.id for box in boxes} | {BY: BY, WHY: identity(WHY)}
    seen = read_number(fields[SEEN]) if SEEN in fields else known.course.seen
    return render(
        request,
        "course_record.html.j2",
        status=BAD_INPUT if problems else 200,
        form=form,
        forms=FORMS.values(),
        boxes=boxes,
        why=Layout(fields, problems).box(WHY, _WHY),
        of=None if of is None else next(line for line in known.lines if line.number == of.number),
        seen=seen,
        came=[line for line in known.lines if line.number > seen],
        now=shown(known.now),
        wrong=[(names.get(item.field, ""), item.says) for item in problems],
        by=fields.get(BY, written_last(request)),
        by_wrong=next((item.says for item in problems if item.field == BY), ""),
        token=fields.get(FORM) or new_form(),
        action=request.url.path,
        nav_form="recording",
        stood={} if FORM in fields else dict(fields),  # what stands in the boxes before anybody typed
    )
