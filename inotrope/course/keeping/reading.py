"""What is kept, as of one moment: courses, their events in order, and documents, each proven as it is handed out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from inotrope.course.chain import DOCUMENT, Walk
from inotrope.course.keeping.documents import unpacked
from inotrope.course.keeping.tables import COURSES, DOCUMENTS, EVENTS
from inotrope.course.record import Course, Event
from inotrope.errors import CourseError, shorten


class Reading:
    """What is kept, as of one moment: each answer is of the same state, whatever others write meanwhile."""

    def __init__(self, connection: Connection, shown: str) -> None:
        """Read through a connection that is in a transaction; `shown` is what errors call the database."""
        self._connection = connection
        self._shown = shown

    def list(self) -> tuple[Course, ...]:
        """Return every course, by label and id."""
        rows = self._connection.execute(select(COURSES).order_by(COURSES.c.label, COURSES.c.id))
        return tuple(Course(*row) for row in rows)

    def course(self, course: str) -> Course:
        """Return one course.

        Raises:
            CourseError: There is none with this id.
        """
        return head_of(self._connection, course, self._shown, hold=False)

    def events(self, course: str, after: int = 0, up_to: int | None = None) -> tuple[Event, ...]:
        """Return a course's events in order.

        Args:
            course: Its id.
            after: The number after which they begin.
            up_to: The number of the last; None for all.

        Raises:
            CourseError: There is no such course.
        """
        # One event more than was asked for: each is proven to follow the one before it.
        wanted = select(EVENTS).where(EVENTS.c.course == course, EVENTS.c.number >= after).order_by(EVENTS.c.number)
        if up_to is not None:
            wanted = wanted.where(EVENTS.c.number <= up_to)
        rows = [row._asdict() for row in self._connection.execute(wanted)]
        if not rows:
            self.course(course)
        return _proven(rows, course, after)

    def last_events(self) -> dict[str, Event | CourseError]:
        """Return the last event of every course by its id, asked for all at once; where it is damaged, what is wrong.

        One course that cannot be read keeps nobody from the others.
        """
        wanted = select(EVENTS).join(COURSES, COURSES.c.id == EVENTS.c.course)
        wanted = wanted.where(EVENTS.c.number >= COURSES.c.number - 1).order_by(EVENTS.c.course, EVENTS.c.number)
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in self._connection.execute(wanted):
            rows.setdefault(row.course, []).append(row._asdict())
        return {head.id: _last_of(head, rows.get(head.id, [])) for head in self.list()}

    def document(self, named: str) -> str:
        """Return the text of a document.

        Args:
            named: Its digest, with or without the `document:` in front.

        Raises:
            CourseError: It is not kept, or its bytes were damaged.
        """
        wanted = named.removeprefix(DOCUMENT)
        content = self._connection.execute(
            select(DOCUMENTS.c.content).where(DOCUMENTS.c.digest == wanted)
        ).scalar_one_or_none()
        if content is None:
            raise CourseError(f"Document {shorten(wanted, 12)} is not kept in '{shorten(self._shown)}'.", value=named)
        return unpacked(content, wanted)


def head_of(connection: Connection, course: str, shown: str, *, hold: bool) -> Course:
    """Return a course's head; `hold` keeps other writers from it until the transaction ends.

    Raises:
        CourseError: There is no such course, or its head is damaged.
    """
    wanted = select(COURSES).where(COURSES.c.id == course)
    row = connection.execute(wanted.with_for_update() if hold else wanted).one_or_none()
    if row is None:
        raise CourseError(f"There is no course '{shorten(course)}' in '{shorten(shown)}'.", value=course)
    if not (isinstance(row.number, int) and isinstance(row.hash, str) and isinstance(row.label, str)):
        says = (
            f"The head of course '{shorten(course)}' is damaged. 'inotrope course verify' says more; restore a backup."
        )
        raise CourseError(says, value=course)
    return Course(*row)


def _proven(rows: list[dict[str, Any]], course: str, after: int) -> tuple[Event, ...]:
    """Return the events of rows, each proven to be what was kept; see `Reading.events`."""
    walk = Walk(course)
    if after > 0 and rows and rows[0]["number"] == after:  # where it is missing, what follows it is told
        walk = Walk(course, after, rows.pop(0)["hash"])
    found = []
    for row in rows:
        says = walk.step(row)
        if says is not None:
            says = f"Event {walk.number} of course '{shorten(course)}' is damaged or was changed: {says}."
            raise CourseError(f"{says} 'inotrope course verify' says more; restore a backup.", value=course)
        found.append(event_of(row))
    return tuple(found)


def _last_of(head: Course, rows: list[dict[str, Any]]) -> Event | CourseError:
    try:
        found = _proven(rows, head.id, head.number - 1)
    except CourseError as problem:
        return problem
    except TypeError:  # a head whose number is none
        found = ()
    if not found or (found[-1].number, found[-1].hash) != (head.number, head.hash):
        says = f"The head of course '{shorten(head.id)}' does not fit its last event."
        return CourseError(f"{says} 'inotrope course verify' says more; restore a backup.", value=head.id)
    return found[-1]


def event_of(row: Mapping[str, Any]) -> Event:
    """Return an event from its row, which was proven."""
    return Event(
        row["course"],
        row["number"],
        row["kind"],
        datetime.fromisoformat(row["at"]),
        datetime.fromisoformat(row["recorded"]),
        row["by"],
        json.loads(row["body"]),
        row["previous"],
        row["hash"],
    )
