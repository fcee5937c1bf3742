"""A course as the list of its events, in plain words, in the order in which they became known; and what a replay found.

Knows that the clock of an event and the clock that recorded it are two, and shows both where they are apart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.kinds import CASE
from inotrope.course.meaning.telling import told
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table, moment
from inotrope.errors import shorten
from inotrope.plan import NOTICE

if TYPE_CHECKING:
    from inotrope.course.meaning.replaying import Difference, Replay
    from inotrope.course.record import Course, Event

_LATE = timedelta(minutes=5)
"""An event that was recorded later than this after it happened says so: a choice of this page, no limit of medicine."""
MOST_DIFFERENCES = 40
"""Lines; a plan of other numbers has hundreds."""


def course_sheet(course: Course, events: Sequence[Event]) -> Sheet:
    """Return a course as a sheet.

    Args:
        course: Its head.
        events: All of them.
    """
    return Sheet(
        title=f"course {course.label}",
        subtitle=f"{course.id}, {course.number} events",
        status=None,
        sections=(Section("Events", (events_table(events),)), Section("Head", (_head(course),))),
        versions=(),
        notice=NOTICE,
    )


def events_table(events: Sequence[Event]) -> Table:
    """Return the events in their order, each in one sentence, in the clock of the ward that wrote the case."""
    corrections = Corrections(events)
    zone = next((item.at.tzinfo for item in reversed(events) if item.kind == CASE), events[0].at.tzinfo)
    rows = tuple((str(item.number), _when(item, zone), item.by, told(item, corrections)) for item in events)
    return Table("In the order in which they were recorded", ("No.", "When", "By", "What"), rows)


def _when(event: Event, zone: tzinfo | None) -> str:
    """Return when it happened, and when it was recorded where that was later or, by the clock, earlier."""
    at, recorded = event.at.astimezone(zone), event.recorded.astimezone(zone)
    text = f"{at:%Y-%m-%d %H:%M}"
    apart = recorded - at
    if -_LATE <= apart <= _LATE:
        return text
    same = recorded.date() == at.date()
    return f"{text}; recorded {recorded:%H:%M}" if same else f"{text}; recorded {recorded:%Y-%m-%d %H:%M}"


def _head(course: Course) -> Rows:
    return Rows((Row("Head", course.hash), Row("", "Kept on paper, it proves every event up to it.")))


def replay_sheet(course: Course, event: Event, found: Replay) -> Sheet:
    """Return what computing a recorded plan anew came to.

    Args:
        course: Its head.
        event: That recorded the plan.
        found: What came out.
    """
    versions = _differing(found.versions, "Made with others then")
    places = _differing(found.differences, "Where the plan differs")
    if found.same:
        says = "Every value of the plan is the same."
        says += " It was made with another version of what is named below." if found.versions else ""
        status = Card(Mark.PASSED, says, "", (), "SAME:")
    elif found.failed:
        status = Card(Mark.FAILED, f"No plan can be made of it today: {found.failed}", "", (), "DIFFERS:")
    else:
        why = "The program or the library is another than then." if found.versions else "The versions are the same."
        status = Card(Mark.FAILED, f"{len(found.differences)} values differ. {why}", "", (), "DIFFERS:")
    blocks: list[Block] = [item for item in (versions, places) if item is not None]
    if len(found.differences) > MOST_DIFFERENCES:
        blocks.append(Paragraph(f"{len(found.differences) - MOST_DIFFERENCES} more: '--json' has all of them."))
    return Sheet(
        title=f"course {course.label}: plan {event.number} computed anew",
        subtitle=f"shown {moment(event.at)}",
        status=status,
        sections=(
            Section("The plan", (Lines((f"{event.body['headline']}; for {event.body['now']}",)),)),
            *((Section("What differs", tuple(blocks)),) if blocks else ()),
        ),
        versions=(),
        notice=NOTICE,
    )


def _differing(found: Sequence[Difference], caption: str) -> Table | None:
    shown = found[:MOST_DIFFERENCES]
    rows = tuple((item.path, _value(item.then), _value(item.now)) for item in shown)
    return Table(caption, ("Where", "Then", "Now"), rows) if rows else None


def _value(value: Any) -> str:
    return "nothing" if value is None else shorten(json.dumps(value, ensure_ascii=False))
