"""The courses of one server: the store that keeps them, asked in threads so that nobody waits for a disk.

Knows no kind of event. What is asked of the store is handed in; what that does stands in `course`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException

from inotrope.course.meaning.as_of import case_now
from inotrope.web.threads import waiting

if TYPE_CHECKING:
    from inotrope.course import Course, Courses, Event
    from inotrope.course.meaning.as_of import SiteFile
    from inotrope.course.meaning.folding import CaseTable

T = TypeVar("T")
NOT_FOUND = 404


class Kept:
    """The courses of one server."""

    def __init__(self, store: Courses, site: SiteFile | None = None) -> None:
        """Take a store that is open.

        Args:
            store: It.
            site: The hospital's own file, as the plans of this server are made with it.
        """
        self._store = store
        self.site = site

    async def ask(self, what: Callable[[Courses], T]) -> T:
        """Return what is asked of the store, in one of the threads."""
        return await waiting.run(what, self._store)

    def now(self, what: Callable[[Courses], T]) -> T:
        """Return what is asked of the store by somebody who is in a thread already."""
        return what(self._store)

    async def whole(self, course: str, now: datetime) -> tuple[Course, tuple[Event, ...], CaseTable]:
        """Return a course, all its events, and its case for a moment.

        Raises:
            HTTPException: There is no such course.
            CourseError: It has no case yet.
        """
        found, events = await self.read(course)
        return found, events, await self.ask(lambda store: case_now(events, store.document, now).case)

    async def read(self, course: str) -> tuple[Course, tuple[Event, ...]]:
        """Return a course, and all its events.

        Raises:
            HTTPException: There is no such course.
        """

        def both(store: Courses) -> tuple[Course, tuple[Event, ...]] | None:
            with store.reading() as reading:
                found = next((item for item in reading.list() if item.id == course), None)
                return None if found is None else (found, reading.events(course))

        found = await self.ask(both)
        if found is None:
            raise HTTPException(NOT_FOUND)
        return found

    async def course(self, course: str) -> Course:
        """Return a course and its head.

        Raises:
            CourseError: There is none of this id.
        """
        return await self.ask(lambda store: store.course(course))

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()


def moment() -> datetime:
    """Return the time of this computer with its zone, to the second."""
    return datetime.now(UTC).astimezone().replace(microsecond=0)
