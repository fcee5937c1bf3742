"""The hand-over of a course on one printed page, for this moment."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.web.courses.carried import InCourse, kept_by
from inotrope.web.courses.drawn import hand_over
from inotrope.web.courses.keeping import moment
from inotrope.web.drawing import render

router = APIRouter(prefix="/courses")


@router.get("/{course}/handover")
async def sheet(request: Request, course: str) -> Response:
    """Show what one shift tells the next; the browser prints it."""
    head, events = await kept_by(request).read(course)
    request.state.course = InCourse(head.id, head.label, head.number, head.number)
    return render(request, "handover.html.j2", sheet=await hand_over(request, events, moment()))
