"""Where `inotrope serve` keeps courses: the database that was named, else the user's own, else nowhere.

Knows that a page without courses is a whole page: where nobody named a database, one that cannot be opened is told, and
the page serves without.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from inotrope.errors import CourseError, RequestError, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from inotrope.course import Courses

NEEDED = ("sqlalchemy", "alembic")
INSTALL = "pip install 'inotrope[course]'"


def open_courses(written: str | None) -> Courses | None:
    """Return the store, open, made where there is none; None where courses are not kept.

    Args:
        written: What stands behind `--database`; None for `INOTROPE_DATABASE`, else the user's own.

    Raises:
        RequestError: A database is named, and the packages for it are missing.
        CourseError: It is named, and cannot be opened.
    """
    from importlib.util import find_spec

    named = written is not None or bool(os.environ.get("INOTROPE_DATABASE"))
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        says = f"Courses need packages that are not installed: {', '.join(lacking)}. Run: {INSTALL}"
        if named:
            raise RequestError(says, accepted=INSTALL)
        print(f"No courses are kept. {says}", file=sys.stderr)
        return None
    from inotrope.course import open_store

    try:
        return open_store(written, create=True)
    except CourseError as problem:
        if named:
            raise
        print(f"No courses are kept. {problem.says}", file=sys.stderr)
        return None


def where_kept(store: Courses | None) -> str:
    """Return one line for whoever starts the server."""
    if store is None:
        return "A case travels in the page, and is written nowhere."
    return f"Courses are kept in {store.shown}; a case that is put into none is written nowhere."


def open_to_others(store: Courses | None, key: Path | None) -> str:
    """Return which file everybody on this machine may open, a line each; what was made here nobody else may."""
    kept = None if store is None else getattr(store.database.address, "path", None)
    found = []
    for path, what in ((kept, "every patient and every user is in it"), (key, "who has it can pass for this server")):
        mode = 0 if path is None else stat.S_IMODE(path.stat().st_mode)
        if mode & (stat.S_IROTH | stat.S_IWOTH):
            name = one_line(str(path))
            says = f"Everybody on this machine may open '{name}' (mode {mode:03o}), and {what}."
            found.append(f"{says} Run: chmod o-rwx '{name}'\n")
    return "".join(found)
