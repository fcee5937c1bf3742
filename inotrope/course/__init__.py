"""A patient's course kept: what was planned, given, measured and decided, in the order in which it became known.

Names are looked up in their files, so that whoever needs a record alone loads no database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotrope.course.keeping.opening import open_store
    from inotrope.course.keeping.reading import Reading
    from inotrope.course.keeping.store import Courses
    from inotrope.course.record import Appended, Course, Draft, Event

__all__ = ["Appended", "Course", "Courses", "Draft", "Event", "Reading", "open_store"]

_HOMES = {
    "Appended": "inotrope.course.record",
    "Course": "inotrope.course.record",
    "Courses": "inotrope.course.keeping.store",
    "Draft": "inotrope.course.record",
    "Event": "inotrope.course.record",
    "Reading": "inotrope.course.keeping.reading",
    "open_store": "inotrope.course.keeping.opening",
}

if not TYPE_CHECKING:  # a type checker that sees __getattr__ would accept any misspelled name

    def __getattr__(name: str) -> object:
        """Return a public name from the file it lives in, and keep it for the next time (PEP 562)."""
        if name not in _HOMES:
            raise AttributeError(f"module 'inotrope.course' has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - a record alone loads no database

        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
