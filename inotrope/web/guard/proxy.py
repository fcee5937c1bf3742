"""From where a request comes, where a proxy stands in front: its word is believed, and nobody else's.

Knows `X-Forwarded-For`, of which each proxy appends whom it was asked by: the last address that is no proxy of ours is
the one that a proxy of ours saw. Whatever stands before it was written by whoever asked. By which scheme a browser asks
is said by the server's own settings, and believed of no header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers as Received
from starlette.requests import Request

from inotrope.errors import AccessError
from inotrope.web.faults import tell

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from inotrope.web.settings import Settings


NOT_HERE = 403
SAYS = "This server answers to the proxy in front of it, and is not asked beside it: nothing would be encrypted there."


class Proxy:
    """Puts the address that a trusted proxy saw in the place of the proxy's own, and refuses who comes beside it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand in front of `app`."""
        self._app = app
        self._proxies = settings.proxies
        self._alone = bool(settings.proxies) and settings.certificate is None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked_by = scope.get("client")
        if asked_by is not None and asked_by[0] in self._proxies:
            told = ",".join(Received(scope=scope).getlist("x-forwarded-for"))
            seen = [part.strip() for part in told.split(",") if part.strip() not in ("", *self._proxies)]
            scope = {**scope, "client": (seen[-1] if seen else asked_by[0], 0)}
        elif self._alone:
            await tell(Request(scope), AccessError(SAYS), NOT_HERE)(scope, receive, send)
            return
        await self._app(scope, receive, send)
