"""Threads that wait for a database, for the hash of a password or for another server: so many at once, and no more.

Knows that a thread cannot be stopped: whoever hangs up gives no place back that a thread still holds, or a machine that
asks and hangs up would make as many as it likes. What has not begun is given up with whoever waited for it. Answers
have threads of their own (`working.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

from inotrope.web.working import Busy, in_this_loop

T = TypeVar("T")
AT_ONCE = 40
"""Waiting for the database of one server; a judgement: more would wait for its 15 connections, and not for a thread."""


class Threads:
    """So many threads, and what waits for one of them."""

    def __init__(self, at_once: int, most: int | None = None) -> None:
        """Start with none.

        Args:
            at_once: How many there are.
            most: How many may be under way, those that wait among them; None for any number.
        """
        self._most = most
        self._under_way = 0
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="waiting")

    async def run(self, make: Callable[..., T], *given: Any) -> T:
        """Return what is made in a thread, when it is its turn; given up before it began, it is not made.

        Raises:
            Busy: Too many are under way.
        """
        with self._lock:
            if self._most is not None and self._under_way >= self._most:
                raise Busy
            self._under_way += 1
        made = self._pool.submit(make, *given)
        made.add_done_callback(lambda _: self._finish())
        try:
            return await asyncio.shield(in_this_loop(made))
        finally:
            made.cancel()  # of no effect where it has begun or is done

    async def run_to_its_end(self, make: Callable[..., T], *given: Any) -> T:
        """Return what is made in a thread; given up meanwhile, it is made all the same, and that is waited for."""
        making = asyncio.ensure_future(self.run(make, *given))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait((making,))
            making.exception()  # told to nobody, who has gone
            raise

    def _finish(self) -> None:
        with self._lock:
            self._under_way -= 1


waiting = Threads(AT_ONCE)
"""Those of this process that wait for its database."""
