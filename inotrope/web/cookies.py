"""The cookies: one for a session, one for a login that is under way, one that says who logged in here before.

None holds anything but random tokens, and proofs that only this server can make and read.

Knows their names and their flags. By HTTPS the name has the prefix `__Host-`, which a browser accepts only from this
very host, for every path and without a domain (RFC 6265bis, 4.1.3.2), so that no other host can plant one. On plain
loopback no browser takes such a name, and the port stands in it instead: cookies do not tell ports apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response

    from inotrope.web.settings import Settings

KNOWN_S = 90 * 24 * 3600
"""s. That a browser is known again after a login; a judgement."""
LOGIN_S = 600
"""s. That a login may take, from the page to the password or back from the hospital's own login."""


def session_cookie(settings: Settings) -> str:
    """Return the name of the cookie that holds a session's token."""
    return _name(settings, "session")


def login_cookie(settings: Settings) -> str:
    """Return the name of the cookie that ties a login under way to one browser."""
    return _name(settings, "login")


def set_session(answer: Response, settings: Settings, token: str) -> None:
    """Give a browser its session: until the browser or the server ends it, and with requests from our pages alone."""
    answer.set_cookie(
        session_cookie(settings), token, path="/", secure=settings.secure, httponly=True, samesite="strict"
    )


def browser_cookie(settings: Settings) -> str:
    """Return the name of the cookie by which a browser is known again in which somebody logged in."""
    return _name(settings, "browser")


def set_browser(answer: Response, settings: Settings, kept: str) -> None:
    """Let a browser be known again; it is no session, and opens nothing."""
    answer.set_cookie(
        browser_cookie(settings),
        kept,
        max_age=KNOWN_S,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )


def set_login(answer: Response, settings: Settings, token: str) -> None:
    """Tie a login to a browser; it must come along when the hospital's own login sends the browser back."""
    answer.set_cookie(
        login_cookie(settings),
        token,
        max_age=LOGIN_S,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def take_away(answer: Response, settings: Settings, name: str) -> None:
    """Take a cookie away from a browser."""
    answer.delete_cookie(name, path="/", secure=settings.secure, httponly=True, samesite="strict")


def _name(settings: Settings, what: str) -> str:
    return f"__Host-inotrope-{what}" if settings.secure else f"inotrope-{what}-{settings.port}"
