"""Connections to a file of SQLite, and the making of a new one that nobody else may read."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from urllib.parse import quote

from inotrope.course.keeping.address import SqliteAddress
from inotrope.errors import CourseError, shorten

_SETTINGS = (
    "journal_mode = WAL",  # readers go on while one writes
    "synchronous = FULL",  # what was acknowledged is on the disk, whatever the power does
    "foreign_keys = ON",
    "trusted_schema = OFF",  # a file from elsewhere calls no function of this program
)


def connect(address: SqliteAddress, wait_s: float) -> sqlite3.Connection:
    """Return a connection to a file that is there; a transaction begins where the store says so.

    Args:
        address: Which file.
        wait_s: Seconds to wait for another writer.

    Raises:
        sqlite3.Error: It cannot be opened, or is none.
    """
    connection = sqlite3.connect(
        f"file:{quote(str(address.path))}?mode=rw",
        uri=True,
        timeout=wait_s,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(address: SqliteAddress, *, create: bool) -> None:
    """Prove that the file is there, or make an empty one that nobody else may read.

    Raises:
        CourseError: It is not there and should not be made, is a folder, or cannot be made.
    """
    path, shown = address.path, shorten(address.shown)
    try:
        if path.is_dir():
            raise CourseError(f"'{shown}' is a folder, not a file. Name the file.", value=address.shown)
        if path.exists():
            return
        if not create:
            says = f"'{shown}' does not exist. Check the name; 'inotrope course new' begins one."
            raise CourseError(says, value=address.shown)
        if address.is_default:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not path.parent.is_dir():
            raise CourseError(f"The folder of '{shown}' does not exist. Make it, or name another.", value=address.shown)
        with suppress(FileExistsError):  # another one made it in this moment
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as problem:
        says = f"'{shown}' cannot be opened: {problem.strerror}. Check the name and the right to it."
        raise CourseError(says, value=address.shown) from None
