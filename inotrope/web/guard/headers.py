"""What goes out with every answer, errors and files included: what a page may load, and that nothing keeps it.

A page holds a patient, so no browser and nothing between keeps it; a file of ours holds none, and is asked for anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from inotrope.web.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without any, a browser would hide the origin of our own forms too
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year a browser asks this host by HTTPS alone; of other hosts of the same domain nothing is said."""
FILES, OF_A_FILE = "/static/", "no-cache"


def headers_of(settings: Settings) -> dict[str, str]:
    """Return the headers of every answer of a server."""
    return {**HEADERS, **BY_HTTPS} if settings.secure else dict(HEADERS)


class Headers:
    """Puts the headers on every answer of what stands behind it; only HTTP is spoken here."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand in front of `app`."""
        self._app = app
        self._headers = headers_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if scope["path"].startswith(FILES):
                    headers["Cache-Control"] = OF_A_FILE
            await send(message)

        await self._app(scope, receive, send_with_headers)
