"""What somebody wrote for a state of a course that has changed since: shown beside what came, with nothing lost.

Knows that a fact is never refused for this: it is a decision, or an edit of a value that another one edited too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inotrope.web.carrying import CASE, FILLED, typed
from inotrope.web.courses.carried import SEEN, course_of, kept_by, read_number
from inotrope.web.courses.viewing import lines_of
from inotrope.web.drawing import render
from inotrope.web.form import read_fields

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

UP_TO = "up_to"
CONFLICT = 422
"""What HTTP says of it, as of all that is to be mended on a page: it takes the place of a part that was asked for."""


async def draw_overtaken(request: Request, problem: Any, *, mine: str = "", said: str = "") -> Response:
    """Return the page that says what came meanwhile, and lets somebody choose where two values conflict.

    Args:
        request: What was asked.
        problem: As it was raised.
        mine: The case that was typed; by default that of the request.
        said: What is wrong with a choice that was made already.
    """
    values, course = await typed(request), course_of(request)
    assert course is not None  # nothing else is overtaken
    text = mine or (read_fields(values).text if FILLED in values else values.get(CASE, ""))
    events = await kept_by(request).ask(lambda store: store.events(course.id))
    seen = read_number(values.get(SEEN, "0"))
    course.seen = events[-1].number
    return render(
        request,
        "overtaken.html.j2",
        status=CONFLICT,
        problem=problem,
        said=said,
        came=lines_of(events, seen),
        conflicts=problem.conflicts,
        mine=text,
        seen=seen,
        up_to=events[-1].number,
    )
