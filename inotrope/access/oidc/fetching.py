"""Fetches what the hospital's own login says of itself: from that login alone, within limits of size and time.

Knows HTTP. Nothing is followed to another place, whatever the answer says: a server that fetches what it is told to is
a way into the network that it stands in.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from inotrope.access.oidc.settings import origin
from inotrope.errors import AccessError, FileError

if TYPE_CHECKING:
    from inotrope.access.oidc.settings import OidcSettings

LARGEST = 256_000
"""Bytes of an answer; a set of keys has some thousands."""
SLOWEST_S = 5.0
"""s. Without a byte, or for a connection."""
SLOWEST_WHOLE_S = 15.0
"""s. For a whole answer, however many bytes come one by one."""
_DONE = 200
UNREACHABLE = "The hospital's own login cannot be reached at the moment, or does not answer as it should"
Fields = Mapping[str, str]


class Fetcher:
    """Asks one login, and no other place."""

    def __init__(self, settings: OidcSettings, transport: Any = None) -> None:
        """Ask the login that the settings name; `transport` carries the requests, by default over the network."""
        places = (settings.issuer, *settings.also_at)
        self._origins = {origin(place, "issuer") for place in places}
        self._transport = transport

    def get(self, address: str) -> dict[str, Any]:
        """Return the JSON object at an address of that login.

        Raises:
            AccessError: It is at another place, cannot be had, or is none.
        """
        return self._ask("GET", address)

    def post(self, address: str, fields: Fields, basic: tuple[str, str] | None = None) -> dict[str, Any]:
        """Return the JSON object that a form is answered with.

        Args:
            address: Of that login.
            fields: What is sent.
            basic: Name and secret by which this server proves itself, where it does so in the head.

        Raises:
            AccessError: As `get`.
        """
        return self._ask("POST", address, fields, basic)

    def prove(self, address: object) -> str:
        """Return an address, proved to be one of that login.

        Raises:
            AccessError: It is at another place.
        """
        try:
            if isinstance(address, str) and origin(address, "issuer") in self._origins:
                return address
        except FileError:
            pass
        raise AccessError(f"{UNREACHABLE}: it names a place that is not its own. Look at the server's settings.")

    def _ask(
        self, method: str, address: str, fields: Fields | None = None, basic: tuple[str, str] | None = None
    ) -> dict[str, Any]:
        import httpx2  # noqa: PLC0415 - loaded by a server that has such a login, and by no other

        address = self.prove(address)
        client = httpx2.Client(transport=self._transport, timeout=SLOWEST_S, follow_redirects=False)
        try:
            with client, client.stream(method, address, data=fields, auth=basic) as answer:
                content = _whole(answer.iter_bytes()) if answer.status_code == _DONE else None
        except (httpx2.HTTPError, httpx2.StreamError, ValueError):
            content = None
        if content is None:
            raise AccessError(f"{UNREACHABLE}. Try again.")
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise AccessError(f"{UNREACHABLE}: it is no JSON. Try again.")
        return found


def _whole(parts: Any) -> bytes | None:
    """Return what came; None where it is more than is read, or takes longer than is waited for."""
    content, ends = b"", time.monotonic() + SLOWEST_WHOLE_S
    for part in parts:
        content += part
        if len(content) > LARGEST or time.monotonic() > ends:
            return None
    return content
