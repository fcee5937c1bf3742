"""Changes what is kept behind the program's back, as somebody with the right to the database can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, text

from inotrope.course import Course, Courses, Draft
from inotrope.course.chain import name_of
from inotrope.course.keeping.address import SqliteAddress

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CASE = '{"drug": "milrinone", "indication": "acute decompensated heart failure"}'


def noted(says: str, by: str = "ada", **more: Any) -> Draft:
    """A note."""
    return Draft("noted", AT, by, {"text": says}, **more)


def with_case(case: str = CASE, by: str = "ada") -> Draft:
    """A case, as a document that an event names."""
    return Draft("case", AT, by, {"case": name_of(case)}, (case,))


def three_events(store: Courses, id: str = "bed-4") -> Course:
    """A course of three events, the second of which names a document."""
    course = store.new("bed 4", "ada", id)
    store.append(id, with_case(), seen=1)
    store.append(id, noted("warm"), seen=2)
    return store.course(course.id)


class Clock:
    """A clock that goes on by a minute, and may be set."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@contextmanager
def unguarded(store: Courses) -> Iterator[Connection]:
    """A transaction in which the guards are off, and stand again at its end."""
    address = store.database.address
    if not isinstance(address, SqliteAddress):
        with store.database.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        return
    other = create_engine(f"sqlite:///{address.path}")  # one that proves no key of another table
    with other.begin() as connection:
        guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for guard in guards:
            connection.execute(text(f"DROP TRIGGER {guard.name}"))
        yield connection
        for guard in guards:
            connection.execute(text(guard.sql))
    other.dispose()


def tamper(store: Courses, statement: str, **values: Any) -> None:
    """Run a statement that the guards would refuse."""
    with unguarded(store) as connection:
        assert connection.execute(text(statement), values).rowcount > 0
