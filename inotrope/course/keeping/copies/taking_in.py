"""Courses from a file into a store, each event proven on its way in, all of them or none.

Knows that only an empty store is restored into, and that a course never meets another one under the same id: it goes
on where both are the same, and is refused where they part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from inotrope.course.chain import FIELDS, Walk, canonical, digest, documents_of
from inotrope.course.keeping.copies.people import count_people, keep_row
from inotrope.course.keeping.copies.portable import lines
from inotrope.course.keeping.documents import packed
from inotrope.course.keeping.opening import Database
from inotrope.course.keeping.store import put
from inotrope.course.keeping.tables import COURSES, DOCUMENTS, EVENTS
from inotrope.course.meaning.forms import prove_form
from inotrope.course.record import Course, Draft, prove_draft, prove_id, prove_name
from inotrope.errors import CourseError, InotropeError, shorten
from inotrope.units.clock import read_time

_MOST_EVENTS = 2**31
"""More than any database counts here."""
_AT_ONCE = 500
"""Rows handed to the database together."""


@dataclass(frozen=True)
class TakenIn:
    """What a file brought to one course.

    Attributes:
        course: As it is now.
        events: How many events are new.
    """

    course: Course
    events: int


def restore(database: Database, path: Path) -> tuple[TakenIn, ...]:
    """Bring every course of a file into a store that holds none, with the users and the audit that it has.

    Raises:
        CourseError: The store holds courses or users; the file was cut or changed, or does not fit. Nothing of it
            is kept then.
    """
    with database.writing() as connection:
        if connection.execute(select(COURSES.c.id).limit(1)).first() is not None:
            says = f"'{shorten(database.address.shown)}' holds courses already. Restore into a new, empty store."
            raise CourseError(f"{says} 'inotrope course import' adds courses to others.")
        if any(count_people(connection)):
            says = f"'{shorten(database.address.shown)}' has users or an audit already."
            raise CourseError(f"{says} Restore into a new, empty store; the backup has its own.")
        return _take_in(connection, path, people=True)


def import_courses(database: Database, path: Path) -> tuple[TakenIn, ...]:
    """Bring the courses of a file, and no users, into a store; one that is there already goes on where it ended.

    Raises:
        CourseError: As for `restore`; or a course of the file is another one than that of the same id here, with the
            first event in which they part. Nothing of the file is kept then.
    """
    with database.writing() as connection:
        return _take_in(connection, path, people=False)


def _take_in(connection: Connection, path: Path, *, people: bool) -> tuple[TakenIn, ...]:
    intake: _Intake | None = None
    found: list[TakenIn] = []
    documents: set[str] = set()
    try:
        for kind, content in lines(path):
            if kind == "course":
                found += [] if intake is None else [intake.end()]
                intake = _Intake.of(connection, content)
            elif kind == "document":
                _keep_document(connection, content, documents)
            elif kind == "row":
                if people:
                    keep_row(connection, content)
            elif intake is None:
                raise CourseError("An event stands before its course.")
            else:
                intake.event(content, documents)
        found += [] if intake is None else [intake.end()]
    except (KeyError, TypeError, AttributeError):
        raise CourseError("A line lacks what it needs, or holds something else.", where=shorten(path.name)) from None
    except InotropeError as problem:
        raise (problem if problem.where else problem.at(shorten(path.name))) from None
    return tuple(found)


def _keep_document(connection: Connection, content: Mapping[str, Any], documents: set[str]) -> None:
    text, named = content["text"], content["digest"]
    if digest(text) != named:
        raise CourseError(f"Document {shorten(named, 12)} is not what its digest says.", value=named)
    documents.add(named)
    put(connection, DOCUMENTS, {"digest": named, "content": packed(text)})


@dataclass
class _Intake:
    """One course on its way in."""

    connection: Connection
    head: Course
    here: Course | None
    kept: dict[int, str]
    walk: Walk
    waiting: list[dict[str, Any]] = field(default_factory=list)
    new: int = 0

    @classmethod
    def of(cls, connection: Connection, content: Mapping[str, Any]) -> _Intake:
        """Begin with what the file says of the course, and with what is here of it."""
        head = Course(
            prove_id(content["id"]), prove_name(content["label"], "The label"), content["number"], content["hash"]
        )
        if type(head.number) is not int or not 0 < head.number < _MOST_EVENTS:
            raise TypeError
        row = connection.execute(select(COURSES).where(COURSES.c.id == head.id).with_for_update()).one_or_none()
        kept: dict[int, str] = {}
        if row is None:
            connection.execute(insert(COURSES), vars(head))
        else:
            wanted = select(EVENTS.c.number, EVENTS.c.hash).where(EVENTS.c.course == head.id)
            kept = {event.number: event.hash for event in connection.execute(wanted)}
        return cls(connection, head, None if row is None else Course(*row), kept, Walk(head.id))

    def event(self, content: Mapping[str, Any], documents: set[str]) -> None:
        """Prove the next event, and keep it where it is new."""
        body = content["body"]
        event = {**{name: content[name] for name in (*FIELDS, "hash")}, "body": canonical(body)}
        prove_draft(Draft(event["kind"], read_time(event["at"], what="Time"), event["by"], body))
        read_time(event["recorded"], what="Time")
        says = self.walk.step(event)
        if says is not None:
            raise CourseError(f"Course '{self.head.id}', event {self.walk.number}: {says}.", value=self.head.id)
        if self.walk.number == 1 and body.get("label") != self.head.label:
            raise CourseError(f"Course '{self.head.id}' was opened under another label.", value=self.head.id)
        if self.walk.number in self.kept:
            if self.kept[self.walk.number] != event["hash"]:
                raise self._parts(event)
            return
        try:
            prove_form(event["kind"], body, self.walk.number - 1)
        except CourseError as problem:
            says = f"Course '{self.head.id}', event {self.walk.number}: {problem.says}"
            raise CourseError(says, value=self.head.id) from None
        self._prove_documents(body, documents)
        self.waiting.append(event)
        self.new += 1
        if len(self.waiting) >= _AT_ONCE:
            self._flush()

    def end(self) -> TakenIn:
        """Prove that the course ended where its head says, and move the head that is here."""
        self._flush()
        if (self.walk.number, self.walk.previous) != (self.head.number, self.head.hash):
            raise CourseError(f"Course '{self.head.id}' does not end where its head says.", value=self.head.id)
        if self.here is not None:
            if not self.new:
                return TakenIn(self.here, 0)
            moved = update(COURSES).where(COURSES.c.id == self.head.id)
            self.connection.execute(moved.values(number=self.head.number, hash=self.head.hash))
        return TakenIn(self.head, self.new)

    def _flush(self) -> None:
        if not self.waiting:
            return
        if self.connection.dialect.name == "sqlite":
            self.connection.execute(insert(EVENTS), self.waiting)
        else:  # asked for what it inserted, it is sent many rows at a time, and not each on a way of its own
            self.connection.execute(insert(EVENTS).returning(EVENTS.c.number), self.waiting).all()
        self.waiting = []

    def _prove_documents(self, body: Mapping[str, Any], documents: set[str]) -> None:
        for named in set(documents_of(body)) - documents:
            if self.connection.execute(select(DOCUMENTS.c.digest).where(DOCUMENTS.c.digest == named)).first() is None:
                says = f"Course '{self.head.id}', event {self.walk.number}: its document {named[:12]} is missing."
                raise CourseError(says, value=named)

    def _parts(self, event: Mapping[str, Any]) -> CourseError:
        wanted = select(EVENTS).where(EVENTS.c.course == self.head.id, EVENTS.c.number == self.walk.number)
        here = self.connection.execute(wanted).one()
        says = (
            f"Course '{self.head.id}' is another one here: event {here.number} is '{shorten(here.kind)}', recorded "
            f"{shorten(here.recorded)}; in the file it is '{event['kind']}', recorded {event['recorded']}. "
            "Nothing was taken in. Keep it in a store of its own."
        )
        return CourseError(says, value=self.head.id)
