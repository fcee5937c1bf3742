"""Whether a request is meant: what somebody who is logged in sends, carries the proof of a page of that very session.

A foreign page can make a browser send a request with its cookies, and is refused by its origin before (`origin.py`).
Here it is refused once more, by what it cannot know. A program that holds a session sends the proof as a header.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request

from inotrope.access.tokens import csrf_of, is_token, same
from inotrope.errors import AccessError
from inotrope.web.carrying import every
from inotrope.web.cookies import login_cookie
from inotrope.web.drawing import CSRF
from inotrope.web.faults import WHOLE, tell
from inotrope.web.guard.origin import is_surely_own
from inotrope.web.guard.rights import LOOKING

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from inotrope.access.gate import Gate
    from inotrope.web.pending import Fields
    from inotrope.web.settings import Settings

HEADER = "x-csrf-token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NOT_MEANT = 403
SAYS = (
    "This was sent from a page that was opened before the last login, or is not ours. Nothing was done. Load the page "
    "again, and send it from there."
)
AGAIN = (
    "This was sent from a page that was opened before the last login, in another person's name perhaps. Nothing was "
    "done. Is it still meant? Then send it again, in the name that stands above."
)
LOGINS = ("/login", "/login/oidc")
"""What begins a login carries the proof of the login page's own cookie: a foreign page begins none in a browser."""


class Proof:
    """Refuses what is sent in somebody's name without the proof that they meant it."""

    def __init__(self, app: ASGIApp, settings: Settings, gate: Gate | None) -> None:
        """Stand in front of `app`, behind who somebody is and the whole body."""
        self._app = app
        self._cookie = login_cookie(settings)
        self._scheme = settings.scheme
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        expected = self._expected(scope)
        if expected is None:
            await self._app(scope, receive, send)
            return
        body = await receive()
        given, fields = await _sent(scope, body)
        if not (expected and same(given, expected)):
            await self._refused(scope, fields)(scope, receive, send)
            return
        handed = False

        async def receive_again() -> Message:
            nonlocal handed
            if handed:
                return await receive()
            handed = True
            return body

        await self._app(scope, receive_again, send)

    def _refused(self, scope: Scope, fields: Fields) -> Response:
        """Return what is told; a browser that vouches for the page itself is offered to send it once more."""
        request = Request(scope)
        if scope["path"] in LOGINS or not is_surely_own(request.headers, self._scheme):
            return tell(request, AccessError(SAYS), NOT_MEANT, WHOLE)
        return tell(request, AccessError(AGAIN), NOT_MEANT, WHOLE, sent=fields, again=True)

    def _expected(self, scope: Scope) -> str | None:
        """Return the proof that must be there, empty where none could be; None where none is asked for."""
        if self._gate is None or scope["method"] in LOOKING:
            return None
        if scope["path"] in LOGINS:
            token = Request(scope).cookies.get(self._cookie, "")
            return csrf_of(token) if is_token(token) else ""
        return scope["state"]["csrf"] or None


async def _sent(scope: Scope, body: Message) -> tuple[str, Fields]:
    """Return the proof that a request carries, and the texts of its form beside that."""
    request = Request(scope, _once(body))
    header = request.headers.get(HEADER)
    fields: Fields = ()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() in FORMS:
        with suppress(HTTPException):  # a form that cannot be read proves nothing
            fields = await every(request)
    given = next((text for name, text in fields if name == CSRF), "")
    return given if header is None else header, tuple(item for item in fields if item[0] != CSRF)


def _once(body: Message) -> Receive:
    async def receive() -> Message:
        return body

    return receive
