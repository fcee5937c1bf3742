"""What stands in front of every answer: who is asked, by whom, how much comes in, and what goes out with it.

Each is one piece that passes a request on or answers it itself; `Guard` says in which order they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.web.guard.audited import Audited
from inotrope.web.guard.body import Body
from inotrope.web.guard.failures import Failures
from inotrope.web.guard.headers import Headers
from inotrope.web.guard.host import Host
from inotrope.web.guard.origin import Origin
from inotrope.web.guard.proof import Proof
from inotrope.web.guard.proxy import Proxy
from inotrope.web.guard.who import Whoever

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from inotrope.access.gate import Gate
    from inotrope.web.settings import Settings

__all__ = ["Guard"]


class Guard:
    """Everything that guards, in one piece; the first that sees a request stands outermost."""

    def __init__(self, app: ASGIApp, settings: Settings, gate: Gate | None = None) -> None:
        """Stand in front of `app`; without a gate nobody is asked for a name."""
        self._app = app
        asked = Audited(Whoever(Proof(app, settings, gate), settings, gate), gate)
        inner = Proxy(Host(Origin(Body(asked, settings), settings), settings), settings)
        self._guarded = Headers(Failures(inner), settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is none, such as the end of the server, passes."""
        await (self._guarded if scope["type"] == "http" else self._app)(scope, receive, send)
