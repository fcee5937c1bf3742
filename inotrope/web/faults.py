"""What went wrong, told to whoever asked: as the command line's error object, or as a page in words.

Knows which status an error has and that nothing of a patient is logged: of what failed inside, the type and the place
alone.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from inotrope.errors import CourseError, InotropeError, Overtaken, RequestError
from inotrope.web.carrying import CASE, every
from inotrope.web.case_form import mend
from inotrope.web.courses.carried import course_of
from inotrope.web.courses.overtaken import draw_overtaken
from inotrope.web.drawing import render
from inotrope.web.not_put_in import draw_not_put_in
from inotrope.web.pending import Fields, NotPutIn
from inotrope.web.working import Busy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

API, LOGIN = "/api/", "/login"
PACKAGE = Path(__file__).resolve().parents[1]
WHOLE = {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"}
"""A page that says what is wrong, where a part of one was asked for, takes the place of all that is shown."""
_LOG = logging.getLogger("inotrope.web")
BAD_INPUT, TOO_BUSY = 422, 503
AGAIN_S = "5"
"""s. After which a full queue is asked again; most answers take less than one."""
SAYS = {
    400: "The request cannot be read. Go back, and send it again.",
    403: "This was sent from a page that is not ours, and nothing was computed. Open the address that 'inotrope serve' "
    "printed, and go on there.",
    404: "There is no such page here. Go to the start.",
    405: "This page is opened by its button, which brings the patient along. Go to the start.",
    408: "The request came too slowly, and nothing was computed. Send it again.",
    411: "The request does not say how long it is. Send it again.",
    413: "The request is larger than anything that is read here. Check that it is the right file.",
    414: "The address is longer than any here. Go to the start.",
    415: "This is not the kind of content that is read here. A page sends a form, the API takes application/json.",
    421: "The server is asked under a name that is not its own. Open the address that 'inotrope serve' printed.",
    429: "Too much is asked at once. Nothing is lost: send it again in a few seconds.",
    500: "Something failed in here, and nothing was computed. What you typed is still in the page before: go back.",
    503: "Too much is being computed at the moment. Nothing is lost: send it again in a few seconds.",
}
ACCEPTED = {415: "application/json under /api/, a form elsewhere", 413: "at most 1,000,000 bytes"}


class ServerError(InotropeError):
    """Something failed in here: whoever asked did nothing wrong."""

    kind = "server"


def fault(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return what a status of HTTP says in words."""
    says = SAYS.get(status, SAYS[400])
    accepted = ACCEPTED.get(status)
    kind = ServerError if status >= 500 else RequestError  # noqa: PLR2004 - HTTP's own line
    return tell(request, kind(says, accepted=accepted), status, headers)


def tell(
    request: Request,
    problem: InotropeError,
    status: int,
    headers: Mapping[str, str] | None = None,
    *,
    sent: Fields = (),
    again: bool = False,
) -> Response:
    """Return an error as the caller reads it: JSON under the API, else a page.

    Args:
        request: What was asked.
        problem: What was wrong.
        status: Of HTTP.
        headers: Beside those of every answer.
        sent: The fields that a form sent, for the page to send once more; none where nobody read them.
        again: Whether the page offers to send them once more, though nobody was too busy.
    """
    if request.url.path.startswith(API):
        found: Response = JSONResponse(problem.to_plain(), status_code=status)
    else:
        page = {"problem": problem, "sent": sent, "again": again or (status == TOO_BUSY and bool(sent))}
        found = render(request, "fault.html.j2", status=status, case=dict(reversed(sent)).get(CASE, ""), **page)
    for name, value in (headers or {}).items():
        found.headers[name] = value
    return found


def add_handlers(app: FastAPI) -> None:
    """Let every error of the program and of the server end here."""

    async def bad_input(request: Request, problem: Any) -> Response:
        mended = None if request.url.path.startswith(API) else await mend(request)
        found = mended or tell(request, problem, BAD_INPUT, sent=await _sent(request))
        found.headers.update(WHOLE)
        return found

    async def overtaken(request: Request, problem: Any) -> Response:
        if request.url.path.startswith(API) or course_of(request) is None:
            return await bad_input(request, problem)
        found = await draw_overtaken(request, problem)
        found.headers.update(WHOLE)
        return found

    async def of_course(request: Request, problem: Any) -> Response:
        """Say what a store cannot do; what was sent goes along, to be sent again."""
        fields = await _sent(request)
        found = tell(request, problem, BAD_INPUT, sent=fields, again=bool(fields))
        found.headers.update(WHOLE)
        return found

    async def of_http(request: Request, problem: Any) -> Response:
        return fault(request, problem.status_code, problem.headers)

    async def busy(request: Request, _: Exception) -> Response:
        problem = ServerError(SAYS[TOO_BUSY])
        return tell(request, problem, TOO_BUSY, {"Retry-After": AGAIN_S}, sent=await _sent(request))

    async def not_put_in(request: Request, problem: Any) -> Response:
        return await draw_not_put_in(request, problem)

    app.add_exception_handler(InotropeError, bad_input)
    app.add_exception_handler(Overtaken, overtaken)
    app.add_exception_handler(CourseError, of_course)
    app.add_exception_handler(NotPutIn, not_put_in)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Busy, busy)


async def _sent(request: Request) -> Fields:
    """Return what a page's form sent; it was read before the problem arose, or cannot be read.

    Nothing of what was sent to log in: it holds a password, and a page that holds it shows it to whoever comes next.
    """
    if request.method != "POST" or request.url.path.startswith((API, LOGIN)):
        return ()
    with suppress(HTTPException):
        return await every(request)
    return ()


def log_failure(problem: BaseException) -> None:
    """Log what failed by its type and its place; its message could hold what somebody typed."""
    places = traceback.extract_tb(problem.__traceback__)
    ours = [place for place in places if Path(place.filename).is_relative_to(PACKAGE)]
    shown = dict.fromkeys(f"{Path(place.filename).name}:{place.lineno}" for place in (*ours[-1:], *places[-1:]))
    where = ", ".join(shown) or "an unknown place"
    _LOG.error("failed: %s at %s", type(problem).__name__, where)
