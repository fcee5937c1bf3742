"""How much comes in and how fast: a body is counted while it comes, and handed on whole or not at all.

Knows bytes and the clock. How deep a JSON text may be nested is known where it is read (`inotrope.files`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import Headers as Received
from starlette.requests import Request

from inotrope.web.faults import fault
from inotrope.web.guard.gone import answer_unless_gone

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from inotrope.web.settings import Settings

THROWN_AWAY = 20
"""Times the largest body: up to there what is too large is read to its end."""
UNREADABLE, TOO_SLOW, TOO_LARGE, PACKED = 400, 408, 413, 415


class _Gone(Exception):
    """Whoever asked has gone."""


class Body:
    """Reads a body within its limits, and hands it on in one piece."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand in front of `app`."""
        self._app = app
        self._largest = settings.largest_body
        self._slowest_s = settings.slowest_body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Received(scope=scope)
        status, content = _before(headers, THROWN_AWAY * self._largest), None
        if status is None:
            try:
                content = await asyncio.wait_for(_whole(receive, self._largest), self._slowest_s)
                status = TOO_LARGE if content is None else None
            except _Gone:
                return
            except TimeoutError:
                status = TOO_SLOW
        if status is not None:
            answer = fault(Request(scope), status)
            answer.headers["Connection"] = "close"  # what still comes is not read
            await answer(scope, receive, send)
            return
        await answer_unless_gone(self._app, scope, content or b"", receive, send)


def _before(headers: Received, most: int) -> int | None:
    """Return the status of what is refused unread: packed, with two lengths, or by its own word beyond all measure.

    Of a length beside chunks a proxy may believe the one and we the other: what is left over would be another request.
    """
    if "transfer-encoding" in headers and "content-length" in headers:
        return UNREADABLE
    if headers.get("content-encoding", "identity") != "identity":
        return PACKED
    length = headers.get("content-length", "0")
    return TOO_LARGE if len(length) > len(str(most)) or int(length) > most else None


async def _whole(receive: Receive, largest: int) -> bytes | None:
    """Return the body; None where more came than is read.

    Somewhat more is taken in and thrown away: a browser that still sends would show a broken line, and no answer.
    """
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        part = message.get("body", b"")
        size += len(part)
        if size <= largest:
            parts.append(part)
        else:
            parts.clear()
        if not message.get("more_body", False) or size > THROWN_AWAY * largest:
            return b"".join(parts) if size <= largest else None
