"""Whoever asked and has gone: what answers them is given up, so that it holds no place of those who wait.

Knows the end of a connection. What has begun to be computed goes on to its end, for a thread cannot be stopped; what
waits in the queue is taken out of it (`working.py`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


async def answer_unless_gone(app: ASGIApp, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
    """Let a request be answered, and give it up where whoever asked goes before the answer begins.

    Args:
        app: What answers.
        scope: The request.
        body: Its body, handed on in one piece.
        receive: From which the body was read: what comes now is the end of the connection or of the answer.
        send: Takes the answer.
    """
    begun = handed = False
    leaving = asyncio.ensure_future(_end(receive))

    async def receive_whole() -> Message:
        nonlocal handed
        if handed:
            return await asyncio.shield(leaving)
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def watched(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    async def answer() -> None:
        await app(scope, receive_whole, watched)

    answering = asyncio.ensure_future(answer())
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        if begun:
            await answering
    finally:
        leaving.cancel()
        answering.cancel()  # of no effect where it is done
    with suppress(asyncio.CancelledError):
        await answering


async def _end(receive: Receive) -> Message:
    return await receive()
