"""The parts of a course's page that are drawn from its events: what runs, what to do next, and the timeline.

Knows in which order they stand, and that what cannot be made is said in its place and hides nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from inotrope.course.meaning.forms import blamed
from inotrope.course.meaning.handover import handover
from inotrope.course.meaning.timeline import timeline
from inotrope.display import Card, Mark, Section
from inotrope.display.handover_sheet import CLOSED_COURSE, handover_sheet
from inotrope.display.timeline_sheet import timeline_sections
from inotrope.errors import InotropeError
from inotrope.web.courses.carried import kept_by

if TYPE_CHECKING:
    from starlette.requests import Request

    from inotrope.course import Courses, Event
    from inotrope.display import Sheet
    from inotrope.web.working import Answers

T = TypeVar("T")
FIRST = ("Running", "Next, by this plan", "Still to be asked")
"""What of the hand-over stands on the page too, beside the dose itself."""
FOLDED = ("Given", "Measured", "Happened and decided")
"""What the drawing shows, as tables; on paper they are open."""


async def sections_of(request: Request, events: Sequence[Event], now: datetime) -> tuple[Section, ...]:
    """Return the parts of the page."""

    def drawn(store: Courses) -> tuple[Section, ...]:
        return (
            *_or_why("What to do next", events, lambda: _next(handed_over(store, request, events, now))),
            *_or_why("Timeline", events, lambda: timeline_sections(timeline(events, store.document, until=now))),
        )

    return await work(request, drawn)


async def hand_over(request: Request, events: Sequence[Event], now: datetime) -> Sheet:
    """Return the page that one shift hands to the next.

    Raises:
        CourseError: The course has no case yet.
    """
    return await work(request, lambda store: handed_over(store, request, events, now))


async def work(request: Request, what: Callable[[Courses], T]) -> T:
    """Return what takes long and needs the store, in one of the threads that answers are made in."""
    kept = kept_by(request)
    answers: Answers = request.app.state.answers
    return await answers.run(lambda: kept.now(what))


def handed_over(store: Courses, request: Request, events: Sequence[Event], now: datetime) -> Sheet:
    """Return the hand-over for a moment."""
    with blamed(events):
        return handover_sheet(handover(events, store.document, now=now, site=kept_by(request).site))


def _next(sheet: Sheet) -> tuple[Section, ...]:
    """Return what of the hand-over is read first: what runs, the dose, what to do."""
    alerts = (card for card in sheet.alerts if card.word != CLOSED_COURSE)  # the page says that itself
    cards = (*(() if sheet.status is None else (sheet.status,)), *alerts)
    head = Section("What to do next", cards, loud=True)
    return (head, *(part for part in sheet.sections if part.loud or part.title in FIRST))


def _or_why(title: str, events: Sequence[Event], make: Callable[[], tuple[Section, ...]]) -> tuple[Section, ...]:
    try:
        with blamed(events):
            return make()
    except InotropeError as problem:
        return (Section(title, (Card(Mark.REFUSED, "It cannot be made", "", (), f"{problem.says}"),)),)
