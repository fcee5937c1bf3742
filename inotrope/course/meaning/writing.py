"""How an event comes into a course: who writes, what had been seen, and what is proved while nobody else can write.

Knows what is refused because the case has changed since, and that a closed course takes no decision. What each kind
holds is proved where it is recorded (`recording.py`, `deciding.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import CaseTable, at_moment, moment_for
from inotrope.course.meaning.kinds import CLOSED, REOPENED
from inotrope.course.record import Appended, Draft, Event
from inotrope.errors import CourseError, Overtaken
from inotrope.patient import read_case

if TYPE_CHECKING:
    from inotrope.course.keeping.reading import Reading
    from inotrope.course.keeping.store import Courses


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes into which course, and what had been seen of it.

    Attributes:
        store: Where courses are kept.
        course: The course's id.
        by: The name of whoever says so.
        seen: The number of the last event that the writer had seen.
        now: The clock; None for that of this machine.
        token: A form's own mark: the same form sent twice is one event.
    """

    store: Courses
    course: str
    by: str
    seen: int
    now: datetime | None = None
    token: str | None = None

    @property
    def clock(self) -> datetime:
        """The time at which this is written."""
        return datetime.now(UTC).replace(microsecond=0) if self.now is None else self.now


@dataclass(frozen=True, slots=True)
class State:
    """A course while nobody else can write to it.

    Attributes:
        events: All of them.
        came: Those that came since the writer had last looked.
        document: Gives the text of a document.
    """

    events: tuple[Event, ...]
    came: tuple[Event, ...]
    document: Callable[[str], str]

    @property
    def changed(self) -> bool:
        """Whether what came meanwhile changes the case."""
        corrections = Corrections(self.events)
        return any(corrections.changes_case(event) for event in self.came)


@dataclass(frozen=True, slots=True)
class Proved:
    """What is written once it was found sound: when it happened, the body, and the documents that the body names."""

    at: datetime
    body: Mapping[str, Any]
    documents: tuple[str, ...] = ()


Prove: TypeAlias = Callable[[State], Proved]
"""Says what is written, or raises."""


def write(writer: Writer, kind: str, prove: Prove) -> Appended:
    """Append what `prove` finds sound; when this returns, it is on the disk."""

    def settle(came: tuple[Event, ...], reading: Reading) -> Draft:
        found = prove(State(reading.events(writer.course), came, reading.document))
        return Draft(kind, found.at, writer.by, found.body, found.documents, writer.token)

    draft = Draft(kind, writer.clock, writer.by, {}, (), writer.token)
    return writer.store.append(writer.course, draft, writer.seen, settle)


def is_closed(events: Sequence[Event]) -> bool:
    """Tell whether a course is closed."""
    last = next((event.kind for event in reversed(events) if event.kind in (CLOSED, REOPENED)), REOPENED)
    return last == CLOSED


def prove_open(state: State) -> None:
    """Prove that a decision can be recorded.

    Raises:
        CourseError: The course is closed.
    """
    if is_closed(state.events):
        raise CourseError("This course is closed: no decision is recorded in it. Open it again first.")


def prove_unchanged(state: State, what: str) -> None:
    """Prove that a decision was made for the case as it is.

    Args:
        state: Of the course.
        what: The decision, as the beginning of a sentence.

    Raises:
        Overtaken: The case has changed since; with what came.
    """
    if state.changed:
        numbers = ", ".join(str(event.number) for event in state.came)
        says = (
            f"{what} for a case that has changed since (event {numbers}). Nothing is recorded: look at the plan anew."
        )
        raise Overtaken(says, came=state.came)


def prove_whole(case: CaseTable, at: datetime) -> None:
    """Prove that a case means something with everything in it; raises as `read_case` does."""
    read_case(at_moment(case, moment_for(case, at)))
