"""One course: what runs and what to do next, its timeline, every entry in words, and the ways on from it.

Knows the order in which a course is read at a hand-over. Whatever is written here is a new entry, and the page that
follows says what it became, and what came meanwhile from others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inotrope.course.meaning.kinds import CASE
from inotrope.course.meaning.recording import Writer, close, reopen
from inotrope.errors import InotropeError
from inotrope.web.carrying import typed
from inotrope.web.checks import new_form
from inotrope.web.courses.carried import SEEN, InCourse, kept_by, read_number
from inotrope.web.courses.drawn import FOLDED, sections_of
from inotrope.web.courses.entry_forms import FORMS
from inotrope.web.courses.keeping import moment
from inotrope.web.courses.viewing import lines_of, why_closed
from inotrope.web.courses.writer import BY, named_by, remember, written_last
from inotrope.web.drawing import render
from inotrope.web.problems import at_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inotrope.course import Appended

router = APIRouter(prefix="/courses")
BAD_INPUT, SEE_OTHER = 422, 303
WHY, FORM, NEW = "why", "form", "new"
_ENDS = {"close": close, "reopen": reopen}


@router.get("/{course}")
async def course(request: Request, course: str) -> Response:
    """Show a course; after something was entered, what it became, by the numbers in the address."""
    return await _page(request, course, {}, {})


@router.post("/{course}/close")
async def closed(request: Request, course: str) -> Response:
    """Close a course: nothing more is planned in it."""
    return await _end(request, course, "close")


@router.post("/{course}/reopen")
async def reopened(request: Request, course: str) -> Response:
    """Open a closed course again."""
    return await _end(request, course, "reopen")


def back_to(request: Request, appended: Appended, seen: int, by: str = "") -> Response:
    """Return the way back to a course after an entry: a reload sends nothing again, and says the same."""
    event = appended.event
    answer = RedirectResponse(f"{router.prefix}/{event.course}?{SEEN}={seen}&{NEW}={event.number}", SEE_OTHER)
    if by:
        remember(request, answer, by)
    return answer


async def _end(request: Request, course: str, do: str) -> Response:
    fields = await typed(request)
    own = {name: fields.get(name, "") for name in (WHY, BY)}
    seen = read_number(fields.get(SEEN, ""))
    try:
        by = named_by(request, fields)
        why, token = own[WHY], fields.get(FORM) or None
        appended = await kept_by(request).ask(
            lambda store: _ENDS[do](Writer(store, course, by, seen, token=token), why)
        )
    except InotropeError as problem:
        return await _page(request, course, fields, at_field(problem, own))
    return back_to(request, appended, seen, by)


async def _page(request: Request, course: str, fields: Mapping[str, str], problems: dict[str, str]) -> Response:
    found, events = await kept_by(request).read(course)
    request.state.course = InCourse(found.id, found.label, found.number, found.number)
    lines = lines_of(events)
    number = int(request.query_params.get(NEW, "0")) if request.query_params.get(NEW, "").isdecimal() else 0
    seen = int(request.query_params.get(SEEN, "0")) if request.query_params.get(SEEN, "").isdecimal() else 0
    new = next((line for line in lines if line.number == number), None)
    has_case = any(event.kind == CASE for event in events)
    return render(
        request,
        "course.html.j2",
        status=BAD_INPUT if problems else 200,
        lines=tuple(reversed(lines)),
        last=lines[-1],
        new=new,
        came=() if new is None else [line for line in lines if seen < line.number < number],
        closed=why_closed(events),
        has_case=has_case,
        sections=await sections_of(request, events, moment()) if has_case else (),
        folded=FOLDED,
        forms=FORMS.values(),
        head=found.hash,
        token=new_form(),
        typed=fields,
        by=fields.get(BY, written_last(request)),
        problems=problems,
    )
