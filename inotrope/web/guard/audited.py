"""What is written to the audit: every request of somebody who is known, what was asked and how it ended.

Knows the place of a page as its route has it, without what stands in an address, and the id of a course, which the
audit hashes. It is written before the answer goes out: what cannot be noted is not answered. Not noted are files, and
what is asked anew with each key that is pressed and keeps nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from inotrope.access.gate import Gate

NOT_NOTED = (
    "/static",
    "/kept",
    "/dose",
    "/what-if",
    "/api/v1/dose",
    "/api/v1/what-if",
    "/api/v1/health",
    "/login",
    "/logout",
)
"""Paths; of logins and logouts the gate itself writes."""


class Audited:
    """Notes who asked what."""

    def __init__(self, app: ASGIApp, gate: Gate | None) -> None:
        """Stand in front of `app`, and of what finds who asks."""
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        gate, path = self._gate, scope["path"]
        if gate is None or any(path == start or path.startswith(f"{start}/") for start in NOT_NOTED):
            await self._app(scope, receive, send)
            return

        async def noting(message: Message) -> None:
            who = scope["state"]["who"]
            if message["type"] == "http.response.start" and who.is_known:
                await run_in_threadpool(
                    gate.audit.write,
                    who.name,
                    _asked(scope),
                    str(message["status"]),
                    course=_course(scope),
                    address=address_of(scope),
                )
            await send(message)

        await self._app(scope, receive, noting)


def address_of(scope: Scope) -> str:
    """Return from where a request comes."""
    client = scope.get("client")
    return "" if client is None else str(client[0])


def _asked(scope: Scope) -> str:
    place = getattr(scope.get("route"), "path", None)
    return f"{scope['method']} {place or '(no page)'}"


def _course(scope: Scope) -> str:
    """Return the id of the course that was asked about: in the address, or carried by a page."""
    carried = getattr(scope["state"].get("course"), "id", "")
    return str(scope.get("path_params", {}).get("course") or carried)
