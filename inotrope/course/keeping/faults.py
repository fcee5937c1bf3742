"""What a database says when it cannot, in words a ward understands.

Knows the faults of SQLite and of PostgreSQL, and what to do about each. No word of what was to be kept, and no
password, is in any of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from inotrope.errors import CourseError, shorten

_NOTHING_KEPT = "Nothing of it was kept, and what was kept before stands."
_NOBODY_KNOWS = "Whether it was kept is not known: look at the course before you write it again."
_SQLITE = {
    sqlite3.SQLITE_BUSY: "is locked by another program. Try again; if it stays, find what holds it.",
    sqlite3.SQLITE_LOCKED: "is locked by another program. Try again; if it stays, find what holds it.",
    sqlite3.SQLITE_FULL: "has no room: the disk is full. Make room, and try again.",
    sqlite3.SQLITE_READONLY: "can only be read: the file, its folder or the disk takes no writing. Ask for the right.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. Check the name, the folder and the right to write in it.",
    sqlite3.SQLITE_PERM: "may not be opened. Ask for the right to read and write it.",
    sqlite3.SQLITE_AUTH: "may not be opened. Ask for the right to read and write it.",
    sqlite3.SQLITE_NOTADB: "is no database of courses: its first bytes are others. Check the name.",
    sqlite3.SQLITE_CORRUPT: "is damaged: it is no longer a sound database. Restore a backup.",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports a fault. Look at the disk; keep a copy.",
}
_POSTGRESQL = {
    "40": "was asked by two at once in a way that only one could be served. Try again.",
    "28": "does not let this user in. Check the user and the password.",
    "3D": "has no database of that name. Check the address.",
    "42501": "does not let this user do that. Ask for the right.",
    "25006": "can only be read at present. Name the server that takes writing.",
    "53100": "has no room: its disk is full. Make room, and try again.",
    "53": "has no room for this: its memory or its connections are used up. Try again.",
    "57": "is shutting down or starting. Try again.",
    "55P03": "is locked by another program. Try again; if it stays, find what holds it.",
    "XX": "reports that its data are damaged. Restore a backup.",
}


_ENDED = ("08", "57")
"""Classes of PostgreSQL's codes: the line broke, the server was ended."""


@contextmanager
def in_words(shown: str, *, writing: bool = False) -> Iterator[None]:
    """Turn what a database raises into one sentence.

    Args:
        shown: The database as errors name it, without a password.
        writing: Whether something was to be kept; then what became of it is said too.

    Raises:
        CourseError: Whatever the database said.
    """
    became = _NOTHING_KEPT
    try:
        yield
    except DBAPIError as problem:
        words = _said(problem.orig)
        became = _NOBODY_KNOWS if _broke_off(problem.orig) else _NOTHING_KEPT
    except UnicodeDecodeError:  # SQLite told of the damage in bytes that are no text themselves
        words = _SQLITE[sqlite3.SQLITE_CORRUPT]
    except PoolTimeout:
        words = "has no connection free: too many ask at once. Try again."
    except SQLAlchemyError as problem:  # its text may hold what was to be kept
        words = _unknown(problem)
    else:
        return
    said = f"'{shorten(shown)}' {words}"
    raise CourseError(f"{said} {became}" if writing else said, value=shown) from None


def _said(raised: BaseException | None) -> str:
    words = None
    if isinstance(raised, sqlite3.Error):
        code = getattr(raised, "sqlite_errorcode", 0)
        words = _SQLITE.get(code & 0xFF)  # the upper bits say more than is told here
        if words is None and "UTF-8" in str(raised):
            words = _SQLITE[sqlite3.SQLITE_CORRUPT]
    elif raised is not None:
        words = _server_words(raised)
    return words or _unknown(raised)


def _broke_off(raised: BaseException | None) -> bool:
    """Tell whether the answer to the last word, which keeps it all, may have been lost on its way."""
    if isinstance(raised, sqlite3.Error):
        return getattr(raised, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR
    told = raised.args[0] if raised is not None and raised.args else None
    return not isinstance(told, dict) or str(told.get("C", ""))[:2] in _ENDED


def _unknown(raised: BaseException | None) -> str:
    return f"answered with a fault that is not known here ({type(raised).__name__})."


def _server_words(raised: BaseException) -> str | None:
    told = raised.args[0] if raised.args else None
    if not isinstance(told, dict):
        if "password" in str(told):
            return "asks for a password. Write it in the address, or in PGPASSWORD."
        if "SSL" in str(told):
            return "takes no encrypted line. Switch TLS on there, or write tls=off where the way to it is safe."
        return "cannot be reached, or its connection broke. Check the address and the network, and try again."
    state = str(told.get("C", ""))
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
