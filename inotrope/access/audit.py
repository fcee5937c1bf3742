"""The audit: who did what, when and from where, and how it ended; appended to, chained, and never changed.

Knows that no patient stands in it: a course is named by its id as hashed with the key of this database. A row that was
changed or taken out is found, and so is a cut end (`verify`); whoever writes all of it anew is not, unless the last
hash stands elsewhere. It does not know what was planned or given: that is in the course's own events.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from inotrope.access.tables import AUDIT, SITE
from inotrope.course.chain import canonical, digest
from inotrope.errors import shorten

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inotrope.access.sessions import Clock
    from inotrope.course.keeping.opening import Database

START = "0" * 64
"""The hash before the first row."""
_LONGEST = 200
_COURSE = 16
"""Hexadecimal digits of a course's hash: enough that no two courses of a hospital share them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: 1, 2, 3, ...
        at: What the clock said, in UTC.
        who: The name of the user; empty where nobody was known.
        did: What was asked, such as `POST /courses/{course}/level`.
        course: Which course, by its hash; empty for none.
        address: From where.
        outcome: How it ended: `done`, `refused`, or a status of HTTP.
        previous: The hash of the row before.
        hash: SHA-256 over all of this.
    """

    number: int
    at: datetime
    who: str
    did: str
    course: str
    address: str
    outcome: str
    previous: str
    hash: str


class Audit:
    """The audit of one database."""

    def __init__(self, database: Database, clock: Clock = time.time) -> None:
        """Write to an open database; `clock` is in seconds since 1970."""
        self._database = database
        self._clock = clock
        with database.reading() as connection:
            self.key: str = connection.execute(select(SITE.c.key)).scalar_one()

    def course(self, course: str) -> str:
        """Return how a course is named here; empty for none."""
        if not course:
            return ""
        named = course.encode("utf-8", "surrogatepass")
        return hmac.new(self.key.encode(), named, hashlib.sha256).hexdigest()[:_COURSE]

    def write(self, who: str, did: str, outcome: str, *, course: str = "", address: str = "") -> None:
        """Append a row.

        Args:
            who: The name of a user that is known.
            did: What was asked; nothing that somebody typed.
            outcome: How it ended.
            course: The id of a course.
            address: From where.
        """
        plain = {
            "at": datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="milliseconds"),
            "who": shorten(who, _LONGEST),
            "did": shorten(did, _LONGEST),
            "course": self.course(course),
            "address": shorten(address, _LONGEST),
            "outcome": shorten(outcome, _LONGEST),
        }
        with self._database.writing() as connection:
            head = connection.execute(select(SITE.c.number, SITE.c.hash).with_for_update()).one()
            row = {"number": head.number + 1, **plain, "previous": head.hash}
            row["hash"] = digest(canonical(row))
            connection.execute(insert(AUDIT), row)
            connection.execute(update(SITE).values(number=row["number"], hash=row["hash"]))

    def rows(self, most: int = 200, before: int | None = None, course: str = "") -> tuple[Row, ...]:
        """Return rows, the last first.

        Args:
            most: How many.
            before: The number before which they end; None for the last there is.
            course: The id of a course whose rows alone are wanted; empty for all.
        """
        wanted = select(AUDIT).order_by(AUDIT.c.number.desc()).limit(most)
        if before is not None:
            wanted = wanted.where(AUDIT.c.number < before)
        if course:
            wanted = wanted.where(AUDIT.c.course == self.course(course))
        with self._database.reading() as connection:
            return tuple(_row(row) for row in connection.execute(wanted))

    def count(self) -> int:
        """Return how many rows were written, as the head has it; nothing is proved by that."""
        with self._database.reading() as connection:
            return int(connection.execute(select(SITE.c.number)).scalar_one())

    def verify(self) -> tuple[int, tuple[str, ...]]:
        """Return how many rows there are, and what does not fit, in words."""
        with self._database.reading() as connection:
            return _verify(connection)


def _verify(connection: Connection) -> tuple[int, tuple[str, ...]]:
    number, previous, breaks = 0, START, []
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings():
        number += 1
        plain = {name: value for name, value in row.items() if name != "hash"}
        if row["number"] != number:
            breaks.append(f"row {number} is missing: row {row['number']} follows")
            number = row["number"]
        if digest(canonical(plain)) != row["hash"]:
            breaks.append(f"row {number} is not what was written: its hash does not fit")
        elif row["previous"] != previous:
            breaks.append(f"row {number} does not follow the row before it")
        previous = row["hash"]
    head = connection.execute(select(SITE.c.number, SITE.c.hash)).one()
    if (head.number, head.hash) != (number, previous):
        breaks.append(f"the audit should end at row {head.number}, and ends at {number}: it was cut or added to")
    return number, tuple(breaks)


def _row(row: Any) -> Row:
    return Row(row.number, datetime.fromisoformat(row.at), *row[2:])
