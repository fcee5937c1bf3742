"""What is written to the audit: every request of somebody who is known, what was asked and how it ended.

Knows the place of a page as its route has it, without what stands in an address, and the id of a course, which the
audit hashes. It is written before the answer goes out: what cannot be noted is not answered. Not noted are files, and
what is asked anew with each key that is pressed and keeps nothing.

Whoever hangs up is noted as `gone`: what was begun for them may have been done, and nobody was told so. What failed in
here is noted as what it is answered with.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from inotrope.access.roles import NOBODY
from inotrope.web.guard.failures import FAILED
from inotrope.web.threads import waiting

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
GONE = "gone"
"""How a request ended where nobody was there any longer to be answered."""


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

        noted = False

        async def note(outcome: str) -> None:
            nonlocal noted
            who = scope["state"].get("who", NOBODY)
            if noted or not who.is_known:
                return
            noted = True
            asked, course, address = _asked(scope), _course(scope), address_of(scope)
            # Whoever hangs up while it is written takes no row out of the audit.
            await waiting.run_to_its_end(
                lambda: gate.audit.write(who.name, asked, outcome, course=course, address=address)
            )

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                await note(str(message["status"]))
            await send(message)

        scope.setdefault("state", {})
        try:
            await self._app(scope, receive, noting)
        except asyncio.CancelledError:
            await note(GONE)
            raise
        except Exception:
            await note(str(FAILED))
            raise


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
