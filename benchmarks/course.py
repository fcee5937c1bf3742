"""How fast events are kept and a long course is opened, beside the bare database in the same run: `make bench-course`.

The bare database does what nothing could do without: it inserts the same row in a transaction of its own, and reads the
same rows. What the store adds is the hash, the head, whoever came first, and the proof of each event that it hands out.
Both take turns, so that each sees the same disk. PostgreSQL is Debian's own, in a folder of its own; without one its
rows are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from inotrope.course import Courses, Draft, open_store
from inotrope.course.chain import canonical, hash_of, start_of
from inotrope.course.keeping.copies.portable import writing
from inotrope.course.keeping.copies.taking_in import import_courses
from tests.databases import Server, installed, running

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
BODY = {"entry": {"what": "mean arterial pressure", "value": "74 mmHg", "at": "2026-11-22T07:50:00+01:00"}}
TABLE = (
    "CREATE TABLE bare (course TEXT, number INTEGER, kind TEXT, at TEXT, recorded TEXT, who TEXT, body TEXT, "
    "previous TEXT, hash TEXT, PRIMARY KEY (course, number))"
)
Row = tuple[Any, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the store of courses.")
    parser.add_argument("--events", type=int, default=300, help="events that are appended, one by one")
    parser.add_argument("--long", type=int, default=10_000, help="events of the course that is opened")
    parser.add_argument("--rounds", type=int, default=7, help="how often it is opened")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}\n")
    print("| what | store | bare | store / bare |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        portable, rows = long_course(Path(folder), options.long)
        where = Path(folder) / "courses.sqlite"
        with open_store(where, create=True) as store, closing(bare_sqlite(where.with_name("bare.sqlite"))) as bare:
            measure("SQLite", store, bare, "?", portable=portable, rows=rows, options=options)
        programs = installed()
        if programs is None:
            print("PostgreSQL is not installed: its rows are left out.")
            return 0
        with (
            running(programs) as server,
            open_store(server.url(server.new()), create=True) as store,
            closing(bare_postgresql(server)) as bare,
        ):
            measure("PostgreSQL", store, bare, "%s", portable=portable, rows=rows, options=options)
    return 0


def long_course(folder: Path, events: int) -> tuple[Path, list[Row]]:
    """Write a course of many events to a file, and return its rows too."""
    previous, rows = start_of("long"), []
    for number in range(1, events + 1):
        event: dict[str, Any] = {
            "course": "long",
            "number": number,
            "kind": "reading" if number > 1 else "opened",
            "at": AT.isoformat(),
            "recorded": AT.isoformat(),
            "by": "ada",
            "body": canonical(BODY if number > 1 else {"label": "bed 4"}),
            "previous": previous,
        }
        previous = event["hash"] = hash_of(event)
        rows.append(event)
    path = folder / "long.jsonl.gz"
    with writing(path, AT.isoformat()) as writer:
        writer.put("course", {"id": "long", "label": "bed 4", "number": events, "hash": previous})
        for event in rows:
            writer.put("event", {**event, "body": json.loads(event["body"])})
    return path, [tuple(event.values()) for event in rows]


def bare_sqlite(path: Path) -> sqlite3.Connection:
    """The same file format, the same promise to be on the disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute(TABLE)
    return connection


def bare_postgresql(server: Server) -> Any:
    from pg8000 import dbapi

    name = server.new()
    server.ask(TABLE, name)
    return dbapi.connect("inotrope", database=name, unix_sock=f"{server.folder}/.s.PGSQL.5432")


def measure(
    name: str, store: Courses, bare: Any, mark: str, *, portable: Path, rows: list[Row], options: argparse.Namespace
) -> None:
    insert = f"INSERT INTO bare VALUES ({', '.join([mark] * 9)})"
    cursor = bare.cursor()
    store.new("bed 9", "ada", "short")

    def keep(number: int) -> None:
        store.append("short", Draft("reading", AT, "ada", BODY), number)

    def insert_one(number: int) -> None:
        cursor.execute("BEGIN" if mark == "?" else "SELECT 1")  # each in a transaction of its own
        cursor.execute(insert, ("short", *rows[number][1:]))
        bare.commit()

    kept, inserted = [], []
    for number in range(1, options.events + 1):
        kept.append(timed(lambda number=number: keep(number)))
        inserted.append(timed(lambda number=number: insert_one(number)))
    ours, theirs = (1 / statistics.mean(times) for times in (kept, inserted))
    print(f"| {name}: events kept, one by one | {ours:,.0f}/s | {theirs:,.0f}/s | {theirs / ours:.2f} times as long |")

    cursor.execute("DELETE FROM bare")
    cursor.executemany(insert, rows)
    bare.commit()
    taken = timed(lambda: import_courses(store.database, portable))

    def read_bare() -> None:
        cursor.execute(f"SELECT * FROM bare WHERE course = {mark} ORDER BY number", ("long",))
        assert len(cursor.fetchall()) == len(rows)
        bare.commit()

    def read_store() -> None:
        assert len(store.events("long")) == len(rows)

    taken_turns = [(timed(read_store), timed(read_bare)) for _ in range(options.rounds)]
    ours, theirs = (statistics.median(times) for times in zip(*taken_turns, strict=True))
    number = f"{len(rows):,}"
    print(f"| {name}: a course of {number} events opened | {ours:.2f} s | {theirs:.3f} s | {ours / theirs:.1f} |")
    proven = statistics.median(timed(lambda: store.verify("long")) for _ in range(3))
    print(f"| {name}: the same proven | {proven:.2f} s | {theirs:.3f} s | {proven / theirs:.1f} |")
    print(f"| {name}: the same taken in from a file | {taken:.2f} s | | |")


def timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
