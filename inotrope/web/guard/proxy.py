"""From where a request comes, where a proxy stands in front: its word is believed, and nobody else's.

Knows `X-Forwarded-For`, of which each proxy appends whom it was asked by: the last address that is no proxy of ours is
the one that a proxy of ours saw. Whatever stands before it was written by whoever asked. By which scheme a browser asks
is said by the server's own settings, and believed of no header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers as Received
from starlette.requests import Request

from inotrope.access.addresses import one_form, read_machine
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
        self._proxies = tuple(map(one_form, settings.proxies))
        self._alone = bool(settings.proxies) and settings.certificate is None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        told = scope.get("client")
        asked_by = None if told is None else one_form(told[0])
        if asked_by is not None and asked_by in self._proxies:
            scope = {**scope, "client": (self._seen(scope) or asked_by, 0)}
        elif self._alone:
            await tell(Request(scope), AccessError(SAYS), NOT_HERE)(scope, receive, send)
            return
        elif told is not None:
            scope = {**scope, "client": (asked_by, told[1])}
        await self._app(scope, receive, send)

    def _seen(self, scope: Scope) -> str:
        """Return the last address that is no proxy's of ours; empty where none is told, or what is told is none.

        What stands before that one was written by whoever asked, and is not believed in its place.
        """
        told = ",".join(Received(scope=scope).getlist("x-forwarded-for"))
        seen = [one_form(part) for part in map(str.strip, told.split(",")) if part]
        last = next((part for part in reversed(seen) if part not in self._proxies), "")
        return last if read_machine(last) is not None else ""
