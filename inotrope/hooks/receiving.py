"""A body as it comes in: counted while it comes, within its time, whole or not at all.

Knows bytes and the clock, and how a refusal is carried to where it is answered.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import Receive


class Refused(Exception):
    """A request that is answered with a status and a sentence."""

    def __init__(self, status: int, says: str, where: str | None = None) -> None:
        """Keep both; `where` is the place in the request."""
        super().__init__(says)
        self.status = status
        self.says = says if where is None else f"{where}: {says}"


async def body_of(headers: Headers, receive: Receive, largest: int, slowest_s: float) -> bytes:
    """Return the body of a request.

    Args:
        headers: Of the request.
        receive: Gives its parts.
        largest: Bytes.
        slowest_s: s, within which all of it must have come.

    Raises:
        Refused: It is too large, too slow, packed, or whoever sent it has gone.
    """
    if headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, "A packed body is not read. Send it as it is.")
    length = headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > len(str(largest)) or int(length) > largest:
        raise Refused(413, f"At most {largest:,} bytes are read. Send less of the record.")
    try:
        return await asyncio.wait_for(_whole(receive, largest), slowest_s)
    except TimeoutError:
        raise Refused(408, "The request came too slowly. Send it again.") from None


async def _whole(receive: Receive, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The request ended before its end.")
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            raise Refused(413, f"At most {largest:,} bytes are read. Send less of the record.")
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
