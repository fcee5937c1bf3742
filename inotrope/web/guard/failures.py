"""What failed inside, whatever it is: told in words, logged by its type and its place alone.

A message or a trace could hold what somebody typed of a patient; neither leaves this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from inotrope.web.faults import fault, log_failure

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FAILED = 500


class Failures:
    """Stands between whatever may fail and whoever asked."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as problem:  # whatever it is
            log_failure(problem)
            if not begun:
                await fault(Request(scope), FAILED)(scope, receive, send)
