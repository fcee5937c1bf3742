"""The courses as a list: each with its last entry in words, the one that was written to last first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.telling import told
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
        last: Its last event.
        says: What that says, in words.
        when: When it was written down.
    """

    course: Course
    last: Event
    says: str
    when: str


def listed(store: Courses) -> list[Listed]:
    """Return every course, the one that was written to last first."""
    with store.reading() as reading:
        heads = [(item, reading.events(item.id, item.number - 1)[-1]) for item in reading.list()]
    found = [Listed(item, last, _says(last), shown(last.recorded.astimezone())) for item, last in heads]
    return sorted(found, key=lambda item: item.last.recorded, reverse=True)


def _says(event: Event) -> str:
    """Return an event in words by itself: what it corrects is told in its course."""
    return f"entry {event.body['of']} corrected" if event.kind == "corrected" else told(event, Corrections([event]))
