"""Under which name the server is asked: a foreign name that resolves to this machine is a foreign page's trick.

Such a page would be of the same origin as what it asks (DNS rebinding); it cannot choose what the browser calls the
host. So only the names by which a machine calls itself are answered to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from inotrope.web.faults import fault

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from inotrope.web.settings import Settings

UNREADABLE, MISDIRECTED, TOO_LONG, LONGEST_PATH = 400, 421, 414, 2_000


class Host:
    """Answers only to the names in the settings."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand in front of `app`."""
        self._app = app
        self._names = {*settings.hosts, *(f"{name}:{settings.port}" for name in settings.hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        named = [value for name, value in scope["headers"] if name == b"host"]
        status = None
        if len(named) != 1:
            status = UNREADABLE
        elif named[0].decode("latin-1").lower() not in self._names:
            status = MISDIRECTED
        elif len(scope["path"]) > LONGEST_PATH or len(scope.get("query_string", b"")) > LONGEST_PATH:
            status = TOO_LONG
        if status is not None:
            await fault(Request(scope), status)(scope, receive, send)
            return
        await self._app(scope, receive, send)
