"""Proves what is kept: each event's hash, its place in the chain, each document, each head, the file itself.

Knows what a slip, a careless edit, damage or a cut tail leaves behind, and names the event. Whoever writes every event
and the head anew leaves nothing behind: against that stands a head that was written elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, text

from inotrope.course.chain import Walk, documents_of
from inotrope.course.keeping.documents import unpacked
from inotrope.course.keeping.tables import COURSES, DOCUMENTS, EVENTS
from inotrope.course.record import Course
from inotrope.errors import CourseError, shorten

_NEVER = ("events", "documents", "audit")
"""Tables of which no row is changed or removed; of `_KEPT` none is removed."""
_KEPT = ("courses", "site", "users")
_GUARDS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE tbl_name || '!_%' ESCAPE '!' "
        "AND sql LIKE '% BEFORE %RAISE(ABORT%' AND (name = 'courses_only_forward' OR sql NOT LIKE '% WHEN %')",
        {"courses_only_forward"}
        | {f"{table}_no_delete" for table in (*_NEVER, *_KEPT)}
        | {f"{table}_no_update" for table in _NEVER},
    ),
    "postgresql": (
        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL "
        "AND starts_with(t.tgname::text, c.relname::text || '_') AND p.prosrc LIKE '%RAISE EXCEPTION%'",
        {"courses_only_forward"}
        | {f"{table}_{guard}" for table in (*_NEVER, *_KEPT) for guard in ("never", "not_emptied")},
    ),
}
"""What lets nobody change what is kept, as `migrations/` makes it, and how to ask for what still refuses something."""


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
        places = [] if self.course is None else [f"course {shorten(self.course)}"]
        places += [] if self.number is None else [f"event {self.number}"]
        return f"{', '.join(places)}: {self.says}" if places else self.says


@dataclass(frozen=True)
class Verdict:
    """What became of a proof.

    Attributes:
        courses: How many were read.
        events: How many were read.
        documents: How many were read.
        breaks: What does not fit; empty where everything does.
        clock: Where the clock had gone back: no break, since the numbers order.
    """

    courses: int = 0
    events: int = 0
    documents: int = 0
    breaks: tuple[Break, ...] = ()
    clock: tuple[Break, ...] = ()


@dataclass
class _Found:
    events: int = 0
    breaks: list[Break] = field(default_factory=list)
    clock: list[Break] = field(default_factory=list)
    documents: dict[str, tuple[str, int]] = field(default_factory=dict)

    def broken(self, course: str | None, number: int | None, says: str) -> None:
        self.breaks.append(Break(course, number, says))


def verify(connection: Connection, course: str | None = None) -> Verdict:
    """Prove one course, or all.

    Args:
        connection: In a transaction that sees one moment.
        course: An id; None for all, for the file, its guards, and events that belong to no course.
    """
    found = _Found()
    with _any_bytes(connection):
        wanted = select(COURSES).order_by(COURSES.c.id)
        heads = connection.execute(wanted if course is None else wanted.where(COURSES.c.id == course)).all()
        for head in heads:
            try:
                _prove_course(head._asdict(), _rows(connection, head.id), found)
            except (CourseError, UnicodeEncodeError):  # no text, or no text that could be asked for
                found.broken(None, None, f"the id of a course is damaged: '{shorten(str(head.id))}'")
        _prove_documents(connection, found)
        if course is None:
            _prove_house(connection, {head.id for head in heads}, found)
    return Verdict(len(heads), found.events, len(found.documents), tuple(found.breaks), tuple(found.clock))


def prove_heads(connection: Connection, heads: tuple[Course, ...]) -> tuple[Break, ...]:
    """Hold heads that were written elsewhere against what is kept.

    Args:
        connection: In a transaction that sees one moment.
        heads: Courses as they stood when that was written; each may have gone on since. A hash may be cut short.
    """
    found: list[Break] = []
    for head in heads:
        wanted = select(EVENTS.c.hash).where(EVENTS.c.course == head.id, EVENTS.c.number == head.number)
        kept = connection.execute(wanted).scalar()
        if kept is None:
            found.append(Break(head.id, head.number, "was there when the head was written, and is not there now"))
        elif not str(kept).startswith(head.hash):
            found.append(Break(head.id, head.number, "is another one than when the head was written"))
    return tuple(found)


@contextmanager
def _any_bytes(connection: Connection) -> Iterator[None]:
    """Let SQLite hand out bytes that are no text: a damaged event is named, and does not stop the proof."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _rows(connection: Connection, course: str) -> Iterator[Mapping[str, Any]]:
    rows = connection.execute(select(EVENTS).where(EVENTS.c.course == course).order_by(EVENTS.c.number))
    return (row._asdict() for row in rows)


def _prove_course(head: Mapping[str, Any], rows: Iterator[Mapping[str, Any]], found: _Found) -> None:
    course, walk, latest = head["id"], Walk(head["id"]), ""
    for row in rows:
        found.events += 1
        says = walk.step(row)
        if says is not None:
            found.broken(course, walk.number, says)
            continue
        body = json.loads(row["body"])
        if walk.number == 1 and body.get("label") != head["label"]:
            found.broken(course, 1, "it opened the course under another label than the course has now")
        if row["recorded"] < latest:
            says = f"the clock had gone back: recorded {row['recorded']}, after {latest}"
            found.clock.append(Break(course, walk.number, says))
        latest = max(latest, row["recorded"])
        for named in documents_of(body):
            found.documents.setdefault(named, (course, walk.number))
    if walk.number != head["number"]:
        says = f"its last event is {walk.number}, and its head says {head['number']}: the tail was cut or added to"
        found.broken(course, None, says)
    elif walk.previous != head["hash"]:
        found.broken(course, walk.number, "its hash is not that of the course's head")


def _prove_documents(connection: Connection, found: _Found) -> None:
    for named, (course, number) in found.documents.items():
        content = connection.execute(select(DOCUMENTS.c.content).where(DOCUMENTS.c.digest == named)).scalar()
        if content is None:
            found.broken(course, number, f"its document {named[:12]} is missing")
            continue
        try:
            unpacked(content, named)
        except CourseError as problem:
            found.broken(course, number, f"of it, {problem.says[0].lower()}{problem.says[1:]}")


def _prove_house(connection: Connection, known: set[str], found: _Found) -> None:
    """Prove what belongs to no course: events without one, the guards, and SQLite's own pages."""
    for (stray,) in connection.execute(select(EVENTS.c.course).distinct()):
        if stray not in known:
            found.broken(str(stray), None, "there are events, and the course itself is missing")
    question, guards = _GUARDS[connection.dialect.name]
    for missing in sorted(guards - set(connection.execute(text(question)).scalars())):
        found.broken(
            None,
            None,
            f"guard '{missing}' is missing, or refuses nothing: what is kept could be changed, and may have been",
        )
    if connection.dialect.name == "sqlite":
        for says in connection.execute(text("PRAGMA integrity_check(20)")).scalars():
            if says != "ok":
                found.broken(None, None, f"SQLite finds its file damaged: {shorten(str(says), 200)}")
