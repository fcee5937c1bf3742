"""The courses that are kept: read as of one moment, and appended to, one event after the other.

Knows that a fact is never refused because somebody else wrote first, that each event is hashed onto the one before it,
and that head, event and documents are kept together or not at all. It does not know what an event means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from inotrope.course.chain import canonical, digest, documents_of, hash_of, start_of
from inotrope.course.keeping.documents import packed
from inotrope.course.keeping.opening import Database
from inotrope.course.keeping.reading import Reading, event_of, head_of
from inotrope.course.keeping.tables import COURSES, DOCUMENTS, EVENTS, SUBMISSIONS
from inotrope.course.keeping.verifying import Break, Verdict, prove_heads, verify
from inotrope.course.record import Appended, Course, Draft, Event, new_id, prove_draft, prove_id, prove_name
from inotrope.errors import CourseError

Settle = Callable[[tuple[Event, ...], Reading], Draft]
"""Asked, while nobody else can write to the course, with what came since the writer last looked: the draft to keep, or
an error that refuses it."""


class Courses:
    """A store of courses; safe to be used from several threads and by several programs at once."""

    def __init__(self, database: Database, clock: Callable[[], datetime] | None = None) -> None:
        """Keep courses in an open database; `clock` is what says when something was recorded."""
        self.database = database
        self._clock = clock or (lambda: datetime.now(UTC))

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def __enter__(self) -> Courses:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def shown(self) -> str:
        """The database as errors name it."""
        return self.database.address.shown

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Read several things of one moment.

        Raises:
            CourseError: The database cannot.
        """
        with self.database.reading() as connection:
            yield Reading(connection, self.shown)

    def list(self) -> tuple[Course, ...]:
        """Return every course; see `Reading.list`."""
        with self.reading() as reading:
            return reading.list()

    def course(self, course: str) -> Course:
        """Return one course; see `Reading.course`."""
        with self.reading() as reading:
            return reading.course(course)

    def events(self, course: str, after: int = 0, up_to: int | None = None) -> tuple[Event, ...]:
        """Return a course's events; see `Reading.events`."""
        with self.reading() as reading:
            return reading.events(course, after, up_to)

    def document(self, named: str) -> str:
        """Return the text of a document; see `Reading.document`."""
        with self.reading() as reading:
            return reading.document(named)

    def verify(self, course: str | None = None) -> Verdict:
        """Prove the chain of one course, or of all; see `verifying.verify`."""
        with self.database.reading() as connection:
            if course is not None:
                Reading(connection, self.shown).course(course)
            return verify(connection, course)

    def prove_heads(self, heads: tuple[Course, ...]) -> tuple[Break, ...]:
        """Hold heads that were written elsewhere against what is kept; see `verifying.prove_heads`."""
        with self.database.reading() as connection:
            return prove_heads(connection, heads)

    def new(self, label: str, by: str, id: str | None = None, at: datetime | None = None) -> Course:
        """Begin a course with its event `opened`.

        Args:
            label: What the ward calls it.
            by: Who begins it.
            id: Its id; None for a new one.
            at: When; None for now.

        Raises:
            CourseError: The id is taken or none, or label or name cannot be kept.
        """
        course = new_id() if id is None else prove_id(id)
        label = prove_name(label, "The label")
        now = self._now()
        draft = prove_draft(Draft("opened", at or now, by, {"label": label}))
        head = Course(course, label, 0, start_of(course))
        event = _hashed(head, draft, now)
        with self.database.writing() as connection:
            if not put(connection, COURSES, {"id": course, "label": label, "number": 1, "hash": event["hash"]}):
                says = f"There is a course with id '{course}' already. Take another id, or none."
                raise CourseError(says, value=course)
            connection.execute(insert(EVENTS), event)
        return Course(course, label, 1, event["hash"])

    def append(self, course: str, draft: Draft, seen: int, settle: Settle | None = None) -> Appended:
        """Append an event; when this returns, it is on the disk.

        Args:
            course: The course's id.
            draft: What to append.
            seen: The number of the last event that its writer had seen.
            settle: Asked with what came since `seen`, for a draft that depends on it; see `Settle`.

        Returns:
            The event, and what others had appended since `seen`.

        Raises:
            CourseError: No such course, a draft that cannot be kept, a document that is named and not there, a `seen`
                beyond the last event; whatever `settle` raises. Nothing was kept.
        """
        with self.database.writing() as connection:
            head = head_of(connection, course, self.shown, hold=True)
            reading = Reading(connection, self.shown)
            if not 0 <= seen <= head.number:
                says = f"Course '{course}' has {head.number} events; event {seen} cannot have been seen. Load it anew."
                raise CourseError(says, value=seen, accepted=f"0 to {head.number}")
            came = reading.events(course, seen) if seen < head.number else ()
            if draft.token is not None and (before := _submitted(connection, course, draft.token)) is not None:
                (event,) = reading.events(course, before - 1, before)
                return Appended(event, tuple(other for other in came if other.number != before), repeated=True)
            draft = prove_draft(draft if settle is None else settle(came, reading))
            row = _hashed(head, draft, self._now())
            _keep_documents(connection, draft)
            connection.execute(insert(EVENTS), row)
            moved = update(COURSES).where(COURSES.c.id == course)
            connection.execute(moved.values(number=row["number"], hash=row["hash"]))
            if draft.token is not None:
                connection.execute(
                    insert(SUBMISSIONS), {"course": course, "token": draft.token, "number": row["number"]}
                )
        return Appended(event_of(row), came)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)


def _submitted(connection: Connection, course: str, token: str) -> int | None:
    wanted = select(SUBMISSIONS.c.number).where(SUBMISSIONS.c.course == course, SUBMISSIONS.c.token == token)
    return connection.execute(wanted).scalar_one_or_none()


def _hashed(head: Course, draft: Draft, now: datetime) -> dict[str, Any]:
    """Return the row of an event that follows a head."""
    row: dict[str, Any] = {
        "course": head.id,
        "number": head.number + 1,
        "kind": draft.kind,
        "at": draft.at.isoformat(),
        "recorded": now.isoformat(),
        "by": draft.by.strip(),
        "body": canonical(draft.body),
        "previous": head.hash,
    }
    return {**row, "hash": hash_of(row)}


def _keep_documents(connection: Connection, draft: Draft) -> None:
    """Keep a draft's documents, each once, in one order for all writers, so that no two wait for each other."""
    texts = {digest(text): text for text in draft.documents}
    for named in sorted(texts):
        put(connection, DOCUMENTS, {"digest": named, "content": packed(texts[named])})
    for named in set(documents_of(draft.body)) - set(texts):
        if connection.execute(select(DOCUMENTS.c.digest).where(DOCUMENTS.c.digest == named)).first() is None:
            raise CourseError(f"An event names document {named[:12]}, which is not kept. Give it with it.", value=named)


def put(connection: Connection, table: Any, row: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; tell whether it was inserted."""
    make = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    return bool(connection.execute(make(table).values(row).on_conflict_do_nothing()).rowcount)
