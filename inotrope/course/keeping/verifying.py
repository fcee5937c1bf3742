"""Proves what is kept: each event's hash, its place in the chain, each document, each head.

Knows what a slip, a careless edit, damage or a cut tail leaves behind, and names the event. Whoever writes every event
and the head anew leaves nothing behind: against that stands a head that was written elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from inotrope.course.chain import FIELDS, canonical, documents_of, hash_of, start_of
from inotrope.course.keeping.documents import unpacked
from inotrope.course.keeping.tables import COURSES, DOCUMENTS, EVENTS
from inotrope.errors import CourseError, shorten


@dataclass(frozen=True)
class Break:
    """One place where what is kept is not what was kept.

    Attributes:
        course: The course's id, or None for what belongs to none.
        number: The event's number, or None for what belongs to none.
        says: What does not fit, in words.
    """

    course: str | None
    number: int | None
    says: str

    def __str__(self) -> str:
        """Return the place and what is wrong there."""
        where = "" if self.course is None else f"course {shorten(self.course)}, "
        return f"{where}event {self.number}: {self.says}" if self.number is not None else f"{where}{self.says}"


@dataclass(frozen=True)
class Verdict:
    """What became of a proof.

    Attributes:
        courses: How many were read.
        events: How many were read.
        breaks: What does not fit; empty where everything does.
        clock: Where the clock went back: no break, since the numbers order.
    """

    courses: int
    events: int
    breaks: tuple[Break, ...] = ()
    clock: tuple[Break, ...] = ()


@dataclass
class _Found:
    events: int = 0
    breaks: list[Break] = field(default_factory=list)
    clock: list[Break] = field(default_factory=list)
    documents: dict[str, tuple[str, int]] = field(default_factory=dict)


def verify(connection: Connection, course: str | None = None) -> Verdict:
    """Prove one course, or all.

    Args:
        connection: In a transaction that sees one moment.
        course: An id; None for all, and for events and documents that belong to no course.
    """
    found = _Found()
    wanted = select(COURSES).order_by(COURSES.c.id)
    heads = connection.execute(wanted if course is None else wanted.where(COURSES.c.id == course)).all()
    for head in heads:
        _prove_course(head._asdict(), _rows(connection, head.id), found)
    _prove_documents(connection, found)
    if course is None:
        known = {head.id for head in heads}
        for (stray,) in connection.execute(select(EVENTS.c.course).distinct()):
            if stray not in known:
                found.breaks.append(Break(stray, None, "there are events, and the course itself is missing"))
    return Verdict(len(heads), found.events, tuple(found.breaks), tuple(found.clock))


def _rows(connection: Connection, course: str) -> Iterator[Mapping[str, Any]]:
    rows = connection.execute(select(EVENTS).where(EVENTS.c.course == course).order_by(EVENTS.c.number))
    return (row._asdict() for row in rows)


def _prove_course(head: Mapping[str, Any], rows: Iterator[Mapping[str, Any]], found: _Found) -> None:
    course, previous, number, latest = head["id"], start_of(head["id"]), 0, ""
    for row in rows:
        number += 1
        found.events += 1
        body = _body(row)
        if row["number"] != number:
            found.breaks.append(Break(course, number, f"is missing: event {row['number']} follows"))
            number = row["number"]
        says = _wrong(row, body, previous)
        if says is not None:
            found.breaks.append(Break(course, number, says))
        if number == 1 and isinstance(body, dict) and body.get("label") != head["label"]:
            found.breaks.append(Break(course, 1, "opened the course under another label"))
        if row["recorded"] < latest:
            found.clock.append(Break(course, number, f"the clock went back: {row['recorded']} after {latest}"))
        latest = max(latest, row["recorded"])
        for named in documents_of(body):
            found.documents.setdefault(named, (course, number))
        previous = row["hash"]
    if number != head["number"]:
        says = f"the course should have {head['number']} events, and has {number}: its tail was cut or added to"
        found.breaks.append(Break(course, None, says))
    elif previous != head["hash"]:
        found.breaks.append(Break(course, number, "its hash is not the course's head"))


def _body(row: Mapping[str, Any]) -> Any:
    try:
        return json.loads(row["body"])
    except ValueError:
        return None


def _wrong(row: Mapping[str, Any], body: Any, previous: str) -> str | None:
    """Return what is wrong with one event, if anything is."""
    try:
        datetime.fromisoformat(row["at"])
        datetime.fromisoformat(row["recorded"])
        sound = canonical(body) == row["body"]
        hashed = hash_of({**{name: row[name] for name in FIELDS}, "body": body})
    except (ValueError, CourseError):
        sound, hashed = False, ""
    if not sound or hashed != row["hash"]:
        return "what it says is not what was kept: its hash does not fit"
    if row["previous"] != previous:
        return "it does not follow the event before it"
    return None


def _prove_documents(connection: Connection, found: _Found) -> None:
    for named, (course, number) in found.documents.items():
        content = connection.execute(select(DOCUMENTS.c.content).where(DOCUMENTS.c.digest == named)).scalar()
        if content is None:
            found.breaks.append(Break(course, number, f"its document {named[:12]} is missing"))
            continue
        try:
            unpacked(content, named)
        except CourseError as problem:
            found.breaks.append(Break(course, number, problem.says))
