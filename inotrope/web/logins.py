"""How many log in at once: each password takes 64 MiB and a core for a moment, and pages are still answered.

A login by the hospital's own waits for another server, and has threads of its own: where that one does not answer,
passwords are still looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from inotrope.web.threads import Threads

T = TypeVar("T")
AT_ONCE, MOST = 2, 20


class Logins:
    """The logins of one server that are under way; who comes when too many are is told to come again."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_password, self._by_hospital = Threads(AT_ONCE, MOST), Threads(AT_ONCE, MOST)

    async def run(self, make: Callable[[], T]) -> T:
        """Run a login by a password in a thread, when it is its turn.

        Raises:
            Busy: Too many are under way.
        """
        return await self._by_password.run(make)

    async def run_by_hospital(self, make: Callable[[], T]) -> T:
        """Run a part of a login by the hospital's own in a thread, when it is its turn.

        Raises:
            Busy: Too many are under way.
        """
        return await self._by_hospital.run(make)
