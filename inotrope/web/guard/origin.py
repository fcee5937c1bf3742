"""From which page a request comes: what computes is asked by our own pages and by programs, never by a foreign page.

Nobody is logged in and nothing is kept, so a foreign page could gain little; it shall not even make a machine compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers as Received
from starlette.requests import Request

from inotrope.web.faults import fault

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

FOREIGN = 403
LOOKING = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Methods that change and compute nothing here."""
OWN_SITES = ("same-origin", "none")
"""What a browser says of a request from a page of the same origin, or from no page: typed, or a bookmark."""


class Origin:
    """Refuses what a page of another origin sends; a program that is no browser names no origin."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in LOOKING and _is_foreign(Received(scope=scope)):
            await fault(Request(scope), FOREIGN)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_foreign(headers: Received) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None and site not in OWN_SITES:
        return True
    origins = headers.getlist("origin")
    if origins == ["null"] and site == "same-origin":  # a browser may hide the origin, and say that it is the same
        return False
    return origins not in ([], [f"http://{headers['host'].lower()}"])
