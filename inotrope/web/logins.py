"""How many passwords are hashed at once: each takes 64 MiB and a core for a moment, and pages are still answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from inotrope.web.working import Busy

T = TypeVar("T")
AT_ONCE, MOST_WAITING = 2, 20


class Logins:
    """The logins of one server that are under way; who comes when too many wait is told to come again."""

    def __init__(self) -> None:
        """Start with none."""
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def run(self, make: Callable[[], T]) -> T:
        """Run a login in a thread, when it is its turn.

        Raises:
            Busy: Too many wait.
        """
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._free:
                return await run_in_threadpool(make)
        finally:
            self._waiting -= 1
