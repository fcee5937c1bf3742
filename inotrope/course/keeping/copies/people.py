"""Users and the audit on their way into a backup and back, beside the courses that they wrote.

Knows which columns are carried: sessions and failed tries are not. What they mean, and what proves the audit, stands in
`access/`, a floor above; here a row goes in as it came out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, column, func, insert, select, table, update

from inotrope.course.keeping.copies.portable import Writer
from inotrope.errors import CourseError, shorten

SITE = table("site", *map(column, ("id", "key", "number", "hash")))
USERS = table("users", *map(column, ("name", "roles", "password", "issuer", "subject", "disabled")))
AUDIT = table("audit", *map(column, ("number", "at", "who", "did", "course", "address", "outcome", "previous", "hash")))
_CARRIED = {"site": SITE, "users": USERS, "audit": AUDIT}
_ORDER = {"site": SITE.c.id, "users": USERS.c.name, "audit": AUDIT.c.number}


def write_people(connection: Connection, writer: Writer) -> None:
    """Write every user, the audit and the key of this database."""
    for name, carried in _CARRIED.items():
        for row in connection.execute(select(carried).order_by(_ORDER[name])):
            writer.put("row", {"table": name, "values": row._asdict()})


def count_people(connection: Connection) -> tuple[int, int]:
    """Return how many users there are, and how many rows of the audit."""
    users, rows = (connection.execute(select(func.count()).select_from(each)).scalar_one() for each in (USERS, AUDIT))
    return users, rows


def keep_row(connection: Connection, content: Mapping[str, Any]) -> None:
    """Keep one row in a store that has none of them yet.

    Raises:
        CourseError: A table or a column that is not carried.
    """
    carried, values = _CARRIED.get(content["table"]), content["values"]
    if carried is None or set(values) != set(carried.c.keys()):
        says = f"A row of '{shorten(str(content['table']))}' is none that a backup holds."
        raise CourseError(says, value=content["table"])
    if carried is SITE:  # each database has its one row from the start
        connection.execute(update(SITE).values(values))
    else:
        connection.execute(insert(carried), values)
