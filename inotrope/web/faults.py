"""What went wrong, told to whoever asked: as the command line's error object, or as a page in words.

Knows which status an error has and that nothing of a patient is logged: of what failed inside, the type and the place
alone.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from inotrope.errors import InotropeError, RequestError
from inotrope.web.drawing import render
from inotrope.web.working import Busy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

API = "/api/"
_LOG = logging.getLogger("inotrope.web")
BAD_INPUT, TOO_BUSY, FAILED = 422, 503, 500
SAYS = {
    400: "The request cannot be read. Go back, and send it again.",
    404: "There is no such page here. Go to the start.",
    405: "This page is not asked for in that way. Go to the start, and use its buttons.",
    413: "The request is larger than anything that is read here. Check that it is the right file.",
    500: "Something failed in here, and nothing was computed. What you typed is still in the page: go back to it.",
    503: "Too much is being computed at the moment. Nothing is lost: send it again in a few seconds.",
}


def tell(request: Request, problem: InotropeError, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as the caller reads it: JSON under the API, else a page."""
    if request.url.path.startswith(API):
        found: Response = JSONResponse(problem.to_plain(), status_code=status)
    else:
        found = render(request, "fault.html.j2", status=status, problem=problem)
    for name, value in (headers or {}).items():
        found.headers[name] = value
    return found


def add_handlers(app: FastAPI) -> None:
    """Let every error of the program and of the server end here."""

    async def bad_input(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, InotropeError)
        return tell(request, problem, BAD_INPUT)

    async def of_http(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        says = SAYS.get(problem.status_code, SAYS[400])
        return tell(request, RequestError(says), problem.status_code, problem.headers)

    async def busy(request: Request, _: Exception) -> Response:
        return tell(request, RequestError(SAYS[TOO_BUSY]), TOO_BUSY, {"Retry-After": "5"})

    app.add_exception_handler(InotropeError, bad_input)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Busy, busy)


def log_failure(problem: BaseException) -> None:
    """Log what failed by its type and its place; its message could hold what somebody typed."""
    places = traceback.extract_tb(problem.__traceback__)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "an unknown place"
    _LOG.error("failed: %s at %s", type(problem).__name__, where)
