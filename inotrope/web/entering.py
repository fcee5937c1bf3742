"""The page that asks who somebody is, wherever it is shown, and what was typed before kept in it.

Knows that a session may end while somebody types: what they sent comes back as hidden fields of the login page, and is
sent on after the login with one press. Nothing of it is kept here.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from inotrope.access.tokens import csrf_of, is_token, new_token
from inotrope.errors import AccessError
from inotrope.web.carrying import every
from inotrope.web.cookies import login_cookie, set_login
from inotrope.web.drawing import CSRF, render
from inotrope.web.faults import API, WHOLE, tell

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from inotrope.web.pending import Fields

WANTED = 401
LOOKING = ("GET", "HEAD")
LOGINS = ("/login", "/login/oidc")
TO, SENT = "to", "sent."
"""The hidden fields of the login page: where somebody was going, and what they sent there."""
LOG_IN = "Nobody is logged in here, or the login has ended. Log in at /login, and ask again."


def own_path(written: str) -> str:
    """Return a path of this server as it was written, or the start: never another host, whatever a browser makes of it.

    Two slashes or a backslash begin the name of a host, and browsers drop tabs and ends of lines before they look.
    """
    plain = written.isascii() and written.isprintable() and "\\" not in written
    return written if plain and written.startswith("/") and not written.startswith("//") else "/"


async def ask_to_log_in(
    request: Request,
    *,
    to: str | None = None,
    problem: str = "",
    name: str = "",
    status: int = WANTED,
    sent: Fields | None = None,
) -> Response:
    """Return the login page, or under the API the error.

    Args:
        request: What was asked; where it is a form of ours, what it sent comes along.
        to: Where to go on after the login; by default where the request went.
        problem: Why the last try was refused.
        name: Of the user, as it was typed.
        status: Of HTTP.
        sent: What was sent before and is sent on after the login; by default what this request brings of it.
    """
    if request.url.path.startswith(API):
        return tell(request, AccessError(LOG_IN), WANTED)
    settings, gate = request.app.state.settings, request.app.state.gate
    token = request.cookies.get(login_cookie(settings), "")
    token = token if is_token(token) else new_token()
    request.state.csrf = csrf_of(token)
    sent = await _kept(request) if sent is None else sent
    answer = render(
        request,
        "login.html.j2",
        status=status,
        problem=problem,
        user=name,
        ways=gate.ways,
        to=own_path(to) if to else own_path(request.url.path) if sent or request.method in LOOKING else "/",
        sent=sent,
        here="/login",
    )
    set_login(answer, settings, token)
    answer.headers.update(WHOLE)
    return answer


async def _kept(request: Request) -> Fields:
    """Return what a form sent, to be sent on; a form that the login page itself sent brings what it kept."""
    if request.method != "POST":
        return ()
    with suppress(HTTPException):
        fields = await every(request)
        if request.url.path in LOGINS:
            return sent_before(fields)
        return tuple(item for item in fields if item[0] != CSRF)
    return ()


def sent_before(fields: Fields) -> Fields:
    """Return what a form had sent before the login page kept it, out of the fields of that."""
    found = ((name.removeprefix(SENT), text) for name, text in fields if name.startswith(SENT))
    return tuple(item for item in found if item[0] != CSRF)
