"""A course as its page shows it: every entry in words, and what came since somebody looked.

Knows how a time is written for the eye. What an entry says is known in `course`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.kinds import CASE, CLOSED, CORRECTABLE, PLANNED, REOPENED
from inotrope.course.meaning.telling import told

if TYPE_CHECKING:
    from inotrope.course import Event


@dataclass(frozen=True, slots=True)
class Line:
    """One entry.

    Attributes:
        number: Of the event.
        at: When it was.
        recorded: When it was written down.
        by: Who says so.
        says: What it says, in words, with what later corrections made of it.
        correctable: Whether a later entry can correct it, and none has struck it out.
        planned: Whether it is a plan, which can be made anew and held beside what was shown.
    """

    number: int
    at: str
    recorded: str
    by: str
    says: str
    correctable: bool
    planned: bool


def lines_of(events: Sequence[Event], after: int = 0) -> tuple[Line, ...]:
    """Return the entries after a number, in order, each as all of these leave it."""
    corrections, zone = Corrections(events), zone_of(events)
    return tuple(_line(event, corrections, zone) for event in events if event.number > after)


def zone_of(events: Sequence[Event]) -> tzinfo | None:
    """Return the clock of the ward, which its last case is written in; None for that of this computer."""
    return next((event.at.tzinfo for event in reversed(events) if event.kind == CASE), None)


def why_closed(events: Sequence[Event]) -> str:
    """Return why a course takes no more plans; empty where it does."""
    frame = [event for event in events if event.kind in (CLOSED, REOPENED)]
    return str(frame[-1].body.get("why", "Nobody says why.")) if frame and frame[-1].kind == CLOSED else ""


def shown(moment: datetime) -> str:
    """Return a time as it is read, in the zone that it was written in."""
    return f"{moment:%Y-%m-%d %H:%M}"


def _line(event: Event, corrections: Corrections, zone: tzinfo | None) -> Line:
    stands = corrections.said(event).body is not None
    return Line(
        number=event.number,
        at=shown(event.at.astimezone(zone)),
        recorded=shown(event.recorded.astimezone(zone)),
        by=event.by,
        says=told(event, corrections),
        correctable=event.kind in CORRECTABLE and stands,
        planned=event.kind == PLANNED,
    )
