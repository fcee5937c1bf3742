"""Courses out of a running store into one file, as of one moment, whatever is written meanwhile.

The way back stands in `taking_in.py`.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from inotrope.course.chain import canonical, documents_of
from inotrope.course.keeping.copies.people import write_people
from inotrope.course.keeping.copies.portable import Writer, writing
from inotrope.course.keeping.opening import Database
from inotrope.course.keeping.reading import Reading
from inotrope.course.keeping.tables import EVENTS
from inotrope.course.keeping.verifying import Verdict, verify
from inotrope.course.record import Course
from inotrope.errors import CourseError, shorten


def write_courses(database: Database, path: Path, course: str | None = None) -> Verdict:
    """Write one course, or all with users and audit, to a file, as of one moment.

    Args:
        database: May be written to by others meanwhile.
        path: See `portable.writing`.
        course: An id; None for all.

    Returns:
        What the proof of the same moment says. A file is written even where something is broken, since everything else
        is worth keeping; it is refused when it is read.

    Raises:
        CourseError: There is no such course; the database or the file cannot.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with database.reading() as connection:
        reading = Reading(connection, database.address.shown)
        courses = reading.list() if course is None else (reading.course(course),)
        verdict = verify(connection, course)
        with writing(path, now) as writer:
            written: set[str] = set()
            for each in courses:
                _write_course(connection, writer, each, written)
            if course is None:
                write_people(connection, writer)
    return verdict


def _write_course(connection: Connection, writer: Writer, course: Course, written: set[str]) -> None:
    writer.put("course", {"id": course.id, "label": course.label, "number": course.number, "hash": course.hash})
    for found in connection.execute(select(EVENTS).where(EVENTS.c.course == course.id).order_by(EVENTS.c.number)):
        row = found._asdict()
        body = _body(row["body"])
        for named in documents_of(body):
            if named not in written:
                written.add(named)
                _write_document(connection, writer, named)
        writer.put("event", {**row, "body": body})


def _body(text: str) -> dict[str, Any]:
    """Return what an event says; what would not come back as it stands is written as damaged."""
    with suppress(ValueError, RecursionError):
        body = json.loads(text)
        if isinstance(body, dict) and canonical(body) == text:
            return body
    return {"damaged": shorten(text, 1000)}


def _write_document(connection: Connection, writer: Writer, named: str) -> None:
    with suppress(CourseError):  # what is damaged was told by the proof, and is missing where it is read
        writer.put("document", {"digest": named, "text": Reading(connection, "").document(named)})
