"""The server itself: one process, that logs no address of a page, no body and no patient.

Knows Uvicorn's settings and how long the head of a request may take to come. It does not know what is answered.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import h11
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from inotrope.access.logs import begin as begin_log
from inotrope.errors import FileError, one_line
from inotrope.web.app import create_app
from inotrope.web.guard.headers import HEADERS, headers_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

    from inotrope.access.gate import Gate
    from inotrope.course import Courses
    from inotrope.web.settings import Settings

NO_REQUEST = 400
SLOWEST_HEAD_S = 10.0
"""s. Within which the head of the first request of a connection must have come; Uvicorn itself waits for ever."""
IDLE_S = 30
"""s. That a connection stays open between two requests."""
MOST_HEAD = 16_384
"""Bytes of a head."""
END_S = 10
"""s. That answers under way are waited for at the end."""


class _Protocol(H11Protocol):
    """HTTP/1.1, and the end of a connection over which the head of a request does not come."""

    answered_with: Mapping[str, str] = HEADERS
    """The headers of every answer of this server."""
    _ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_a_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_asked():
            self._wait_no_longer()
        elif self._ends is None:
            self._wait_for_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, which no page ever sends, with the headers that every answer has."""
        plain = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close", **self.answered_with}
        headers = [(name.encode(), value.encode()) for name, value in plain.items()]
        for event in (
            h11.Response(status_code=NO_REQUEST, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii", "replace")),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _is_asked(self) -> bool:
        """Tell whether a request is under way, of which at least the head has come."""
        cycle = getattr(self, "cycle", None)
        return cycle is not None and not cycle.response_complete

    def _wait_for_a_head(self) -> None:
        self._ends = self.loop.call_later(SLOWEST_HEAD_S, self._end)

    def _wait_no_longer(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
        self._ends = None

    def _end(self) -> None:
        self._ends = None
        if not self._is_asked() and not self.transport.is_closing():
            self.transport.close()


class Doors:
    """The page, and beside it other doors of the same server, each under its own path; the page knows none of them."""

    def __init__(self, page: FastAPI, beside: Mapping[str, ASGIApp]) -> None:
        """Hand what comes under a path of `beside` on to its door, and all else to the page."""
        self._page = page
        self._beside = beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "") if scope["type"] == "http" else ""
        door = next((app for at, app in self._beside.items() if path == at or path.startswith(f"{at}/")), self._page)
        await door(scope, receive, send)


def make_server(
    settings: Settings,
    *,
    store: Courses | None = None,
    gate: Gate | None = None,
    beside: Mapping[str, ASGIApp] | None = None,
) -> Server:
    """Return the server; `run(sockets=[...])` serves until it is told to end.

    Args:
        settings: How it is set.
        store: Where courses are kept, open; None where they are not.
        gate: Whom it lets in; None where everybody who reaches it may everything.
        beside: Other doors of this server, by their paths.

    Raises:
        FileError: A file of the settings cannot be read: the hospital's own, its login's, the certificate or its key.
        LibraryError: The hospital's own file is not sound.
    """

    class Protocol(_Protocol):
        answered_with = headers_of(settings)

    return _Server(_config(settings, Doors(create_app(settings, gate, store), beside or {}), Protocol))


class _Server(Server):
    """The server, which writes its log in lines of JSON."""

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        begin_log()
        super().run(sockets)


def _config(settings: Settings, app: ASGIApp, protocol: type[_Protocol]) -> Config:
    """Return how the server is run, its certificate proved to be one."""
    config = Config(
        app,
        http=protocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=END_S,
        h11_max_incomplete_event_size=MOST_HEAD,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
    )
    if settings.certificate is not None:
        try:
            config.load()
        except OSError as problem:  # what OpenSSL says of a file is one too
            files = f"'{settings.certificate}' or its key '{settings.key}'"
            says = f"The certificate {one_line(files)} cannot be used: {one_line(problem.strerror or str(problem))}."
            accepted = "PEM files: the certificate with those above it, and its key without a password"
            raise FileError(says, value=str(settings.certificate), accepted=accepted) from None
    return config
