"""The courses as a list: each with its last entry in words, the one that was written to last first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.kinds import CORRECTED
from inotrope.course.meaning.telling import told
from inotrope.errors import CourseError
from inotrope.web.courses.viewing import shown

if TYPE_CHECKING:
    from inotrope.course import Course, Courses, Event

MOST_LISTED = 200
"""Courses on one page; a ward has some dozens."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One course of the list.

    Attributes:
        course: It.
        says: What its last event says, in words; or why that cannot be read.
        by: Who wrote it.
        when: When it was written down; empty where it cannot be read.
    """

    course: Course
    says: str
    by: str = ""
    when: str = ""


def listed(store: Courses) -> list[Listed]:
    """Return every course, the one that was written to last first; before all of them what cannot be read."""
    with store.reading() as reading:
        courses, last = reading.list(), reading.last_events()
    found = [(_listed(item, last[item.id]), last[item.id]) for item in courses]
    return [item for item, _ in sorted(found, key=lambda pair: _order(pair[1]), reverse=True)]


def _listed(course: Course, last: Event | CourseError) -> Listed:
    if isinstance(last, CourseError):
        return Listed(course, f"It cannot be read. {last.says}")
    return Listed(course, _says(last), last.by, shown(last.recorded.astimezone()))


def _order(last: Event | CourseError) -> datetime:
    return datetime.max.replace(tzinfo=UTC) if isinstance(last, CourseError) else last.recorded


def _says(event: Event) -> str:
    """Return an event in words by itself: what it corrects is told in its course."""
    if event.kind == CORRECTED and "of" in event.body:
        return f"entry {event.body['of']} corrected"
    return told(event, Corrections([event]))
