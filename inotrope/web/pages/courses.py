"""The courses that are kept here: a list, and a new one.

Knows that a course's name must say nothing of who the patient is, and that a form sent twice begins one course.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inotrope.course.meaning.recording import Writer, record_case
from inotrope.course.record import new_id
from inotrope.errors import CourseError, InotropeError
from inotrope.web.asking import read
from inotrope.web.carrying import CASE, carried, typed
from inotrope.web.courses.carried import COURSE, kept_by
from inotrope.web.courses.listing import MOST_LISTED, listed
from inotrope.web.courses.writer import BY, named_by, remember, written_last
from inotrope.web.drawing import render
from inotrope.web.problems import at_field

if TYPE_CHECKING:
    from inotrope.course import Course, Courses

router = APIRouter(prefix="/courses")
BAD_INPUT, SEE_OTHER = 422, 303
LABEL, ID = "label", "id"


@router.get("")
async def courses(request: Request) -> Response:
    """Show the courses, the one that was written to last first, and the form of a new one."""
    return await _page(request, {}, {})


@router.post("")
async def new(request: Request) -> Response:
    """Begin a course; from the plan of a patient who is in none yet, with the case of that page."""
    fields = await typed(request)
    if COURSE in fields:
        return RedirectResponse(f"{router.prefix}/{(await kept_by(request).course(fields[COURSE])).id}", SEE_OTHER)
    if LABEL not in fields:
        return await _page(request, {CASE: await carried(request)}, {})
    own = {name: fields.get(name, "") for name in (LABEL, BY)}
    course, case = fields.get(ID) or new_id(), fields.get(CASE, "")
    try:
        by = named_by(request, fields)
        found = await kept_by(request).ask(lambda store: _begun(store, own[LABEL], by, course, case))
    except InotropeError as problem:
        return await _page(request, fields, at_field(problem, own))
    answer = RedirectResponse(f"{router.prefix}/{found.id}", status_code=SEE_OTHER)
    remember(request, answer, by)
    return answer


def _begun(store: Courses, label: str, by: str, course: str, case: str) -> Course:
    """Return a new course, with its case where there is one; the same form, sent twice, finds what it began."""
    if case:
        read(case)  # before anything is begun
    try:
        found = store.new(label, by, id=course)
    except CourseError:
        known = next((item for item in store.list() if item.id == course and item.label == label.strip()), None)
        if known is None:
            raise
        found = known
    if case:
        record_case(Writer(store, found.id, by, 1, token="begun"), case)
    return found


async def _page(request: Request, fields: Mapping[str, str], problems: dict[str, str]) -> Response:
    found = await kept_by(request).ask(listed)
    return render(
        request,
        "courses.html.j2",
        status=BAD_INPUT if problems else 200,
        courses=found[:MOST_LISTED],
        more=max(0, len(found) - MOST_LISTED),
        typed=fields,
        by=fields.get(BY, written_last(request)),
        begun_with=fields.get(CASE, ""),
        new_id=fields.get(ID) or new_id(),
        problems=problems,
    )
