"""Who asks: the cookie of a session to a person with roles, and nobody further than their roles go.

Knows the cookie and which answers each door gives. Which role a request needs stands in `rights.py`; sessions are kept
in `inotrope.access`. Where nobody is asked for a name, everybody who reaches this machine may everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from inotrope.access.roles import ANYBODY, NOBODY
from inotrope.errors import AccessError
from inotrope.web.cookies import session_cookie
from inotrope.web.entering import ask_to_log_in
from inotrope.web.faults import WHOLE, tell
from inotrope.web.guard.rights import PUBLIC, needed
from inotrope.web.threads import waiting

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from inotrope.access.gate import Gate
    from inotrope.web.settings import Settings

NOT_ALLOWED = 403


class Whoever:
    """Finds who asks, for `request.state.who`, and refuses what they may not."""

    def __init__(self, app: ASGIApp, settings: Settings, gate: Gate | None) -> None:
        """Stand in front of `app`; without a gate nobody is asked for a name."""
        self._app = app
        self._cookie = session_cookie(settings)
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        state = scope.setdefault("state", {})
        state["who"], state["csrf"] = ANYBODY, ""
        if self._gate is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        token = request.cookies.get(self._cookie, "")
        found = await waiting.run(self._gate.find, token) if token else None
        state["who"], state["csrf"] = (NOBODY, "") if found is None else (found.who, found.csrf)
        role = needed(scope["method"], scope["path"])
        if role is PUBLIC:
            await self._app(scope, receive, send)
        elif found is None:
            await (await ask_to_log_in(request))(scope, receive, send)
        elif not found.who.may(role):
            says = (
                f"'{found.who.name}' may not do this: it needs the role '{role}'. Nothing was done. Whoever keeps the "
                "users can give it."
            )
            await tell(request, AccessError(says, accepted=role), NOT_ALLOWED, WHOLE)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
