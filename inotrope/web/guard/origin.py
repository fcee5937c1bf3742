"""From which page a request comes: what computes is asked by our own pages and by programs, never by a foreign page.

Where nobody is logged in and nothing is kept, a foreign page could gain little; it shall not even make a machine
compute. Where somebody is, what they send is proved once more (`proof.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers as Received
from starlette.requests import Request

from inotrope.web.faults import fault

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from inotrope.web.settings import Settings

FOREIGN = 403
LOOKING = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Methods that change and compute nothing here."""
OWN_SITES = ("same-origin", "none")
"""What a browser says of a request from a page of the same origin, or from no page: typed, or a bookmark."""


class Origin:
    """Refuses what a page of another origin sends; a program that is no browser names no origin."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand in front of `app`."""
        self._app = app
        self._scheme = settings.scheme

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in LOOKING and _is_foreign(Received(scope=scope), self._scheme):
            await fault(Request(scope), FOREIGN)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def is_surely_own(headers: Received, scheme: str) -> bool:
    """Tell whether a browser says itself that a request comes from one of our own pages."""
    origins, site = headers.getlist("origin"), headers.get("sec-fetch-site")
    return site == "same-origin" or (site is None and origins == [f"{scheme}://{headers['host'].lower()}"])


def _is_foreign(headers: Received, scheme: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None and site not in OWN_SITES:
        return True
    origins = headers.getlist("origin")
    if origins == ["null"] and site == "same-origin":  # a browser may hide the origin, and say that it is the same
        return False
    return origins not in ([], [f"{scheme}://{headers['host'].lower()}"])
