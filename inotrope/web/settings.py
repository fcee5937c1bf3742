"""How one server is set: what it answers to, how much it takes in and how much it does at once.

No setting holds a clinical number. The limits are judgements about one ward computer, and each says what it guards.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names under which a machine calls itself."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server."""

    port: int = 8480
    """Where it listens; it stands in the names that are answered to."""
    hosts: tuple[str, ...] = LOOPBACK
    """The names that are answered to; any other means that a foreign page has had itself resolved to this machine."""
    site: Path | None = None
    """The hospital's own file; it is named when the server starts, and never by a request."""
    largest_body: int = 1_000_000
    """Bytes of a request's body; a case has some thousands."""
    slowest_body_s: float = 30.0
    """Seconds within which a whole body must have come."""
    workers: int = field(default_factory=lambda: max(1, os.cpu_count() or 1))
    """Answers that are computed at once."""
    longest_queue: int = 64
    """Answers that may wait; whoever comes later is told to come again."""
    longest_wait_s: float = 10.0
    """Seconds after which whoever waits for an answer is told to ask again; it is made meanwhile. Most take one."""
    kept_answers: int = 64
    """Answers that are kept, so that the same question is computed once."""
    database: str | None = None
    """Where courses and users are kept: a file or a URL; without one nothing is kept."""
    login: bool = False
    """Whether everybody must say who they are; always so where another machine can reach the server."""
    secure: bool = False
    """Whether a browser reaches the server by HTTPS: by its own certificate, or by the proxy in front of it."""
    proxies: tuple[str, ...] = ()
    """Addresses of proxies; what one of them says of a request's origin is believed, and nobody else's word."""
    certificate: Path | None = None
    """The file with the server's certificate; without one the server itself speaks HTTP."""
    key: Path | None = None
    """The file with the key of that certificate."""
    oidc: Path | None = None
    """The file that says how the hospital's own login is reached (OpenID Connect)."""

    @property
    def scheme(self) -> str:
        """The scheme under which a browser knows the server."""
        return "https" if self.secure else "http"
