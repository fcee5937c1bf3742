"""The plan of a course as of another moment, and a plan that was shown, made anew beside it.

A look back proposes nothing for now, and says so on all that it shows. It is recorded where whoever looks wants that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.course.meaning.as_of import CourseCase, Knowing, PlanOptions, case_at
from inotrope.course.meaning.recording import Writer, record_plan
from inotrope.course.meaning.replaying import replay
from inotrope.display import plan_sheet
from inotrope.display.course_sheet import replay_sheet
from inotrope.errors import InotropeError, UnitError
from inotrope.web.carrying import typed
from inotrope.web.checks import new_form
from inotrope.web.courses.carried import SEEN, InCourse, kept_by, read_number
from inotrope.web.courses.drawn import work
from inotrope.web.courses.entries import moment_typed
from inotrope.web.courses.keeping import moment
from inotrope.web.courses.viewing import zone_of
from inotrope.web.courses.writer import BY, named_by, written_last
from inotrope.web.drawing import render
from inotrope.web.options import Options
from inotrope.web.pages.course import BAD_INPUT, back_to
from inotrope.web.problems import at_field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from inotrope.plan import Plan

router = APIRouter(prefix="/courses")
AT, KNOWING, FORM = "at", "knowing", "form"


@router.get("/{course}/as-of")
async def as_of(request: Request, course: str) -> Response:
    """Show the plan as of the moment in the address; without one, ask for it."""
    return await _page(request, course, dict(request.query_params), {})


@router.post("/{course}/as-of")
async def record_look(request: Request, course: str) -> Response:
    """Record a look back, as it was shown."""
    fields, kept = await typed(request), kept_by(request)
    try:
        by = named_by(request, fields)
        found, plan = await _plan(request, course, fields)
    except InotropeError as problem:
        return await _page(request, course, fields, at_field(problem, {BY: fields.get(BY, ""), AT: fields.get(AT, "")}))
    seen, now = read_number(fields.get(SEEN, "")), moment()
    appended = await kept.ask(
        lambda store: record_plan(
            Writer(store, course, by, seen, now, fields.get(FORM) or None),
            plan,
            case=found.text,
            options=PlanOptions(dict(found.overrides)),
            site=kept.site,
            knowing=_knowing(fields),
        )
    )
    return back_to(request, appended, seen, by)


@router.get("/{course}/planned/{number}")
async def planned(request: Request, course: str, number: str) -> Response:
    """Show a plan that was recorded made anew: the same to the digit, or what differs."""
    head, events = await kept_by(request).read(course)
    request.state.course = InCourse(head.id, head.label, head.number, head.number)
    wanted = read_number(number)
    found = await work(request, lambda store: replay(events, store.document, wanted))
    event = next(item for item in events if item.number == wanted)
    return render(request, "course_replay.html.j2", sheet=replay_sheet(head, event, found))


async def _plan(request: Request, course: str, fields: Mapping[str, str]) -> tuple[CourseCase, Plan]:
    """Return the case of a course at the moment that somebody named, and its plan.

    Raises:
        InotropeError: It is no moment, lies ahead, or lies before the course.
    """
    kept = kept_by(request)
    _, events = await kept.read(course)
    now = moment().astimezone(zone_of(events))
    at = _moment(fields.get(AT, ""), now)
    found = await kept.ask(lambda store: case_at(events, store.document, at, knowing=_knowing(fields)))
    return found, await request.app.state.answers.plan(found.text, Options(overrides=tuple(found.overrides.items())))


def _moment(written: str, now: datetime) -> datetime:
    at = moment_typed(written, now, what="Moment")
    if at > now:
        says = "This moment lies ahead of the clock of this computer. Name one that has passed."
        raise UnitError(says, value=written, where=AT)
    return at


def _knowing(fields: Mapping[str, str]) -> Knowing:
    return Knowing.SINCE if fields.get(KNOWING) == Knowing.SINCE else Knowing.THEN


async def _page(request: Request, course: str, fields: Mapping[str, str], problems: dict[str, str]) -> Response:
    head, _ = await kept_by(request).read(course)
    request.state.course = InCourse(head.id, head.label, head.number, head.number)
    found, plan = None, None
    if fields.get(AT, "").strip() and AT not in problems:
        try:
            found, plan = await _plan(request, course, fields)
        except InotropeError as problem:
            problems = {**problems, AT: problem.says}
    return render(
        request,
        "course_as_of.html.j2",
        status=BAD_INPUT if problems else 200,
        found=found,
        sheet=None if plan is None else plan_sheet(plan),
        at=fields.get(AT, ""),
        knowing=_knowing(fields).value,
        by=fields.get(BY, written_last(request)),
        token=fields.get(FORM) or new_form(),
        problems=problems,
    )
