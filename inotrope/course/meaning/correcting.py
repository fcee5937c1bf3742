"""What an event says once all later corrections are counted.

Knows that nothing is ever written over: a correction is an event of its own, a correction can be corrected, and one
that is struck out is as if it had never been made. What an event says is found by asking what was said of it since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from inotrope.course.meaning.kinds import CASE, CORRECTED, FACTS, NOTED

if TYPE_CHECKING:
    from inotrope.course.record import Event

_WHAT = {NOTED: "text", CORRECTED: "instead"}
"""Under which member of its body an event says what a correction replaces; the others say it under `entry`."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an event says now: its body with all corrections, None where it was struck out, and by which events."""

    body: dict[str, Any] | None
    by: tuple[int, ...] = ()


class Corrections:
    """What every event of a course says, once the corrections among these events are counted."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Take the events that are known, in their order."""
        self._events = {event.number: event for event in events}
        self._of: dict[int, list[Event]] = {}
        self.zone: tzinfo | None = next((event.at.tzinfo for event in reversed(events) if event.kind == CASE), None)
        """The clock of the ward, which its last case is written in; None for that of this computer."""
        for event in events:
            of = self._corrects(event)
            if of is not None:
                self._of.setdefault(of, []).append(event)

    def said(self, event: Event) -> Said:
        """Return what an event says now; a later correction of the same event counts more than an earlier one."""
        body: dict[str, Any] | None = dict(event.body)
        by: list[int] = []
        for correction in self._of.get(event.number, ()):
            standing = self.said(correction)
            if standing.body is None:
                continue
            by += [correction.number, *standing.by]
            instead = standing.body.get("instead")
            what = _WHAT.get(event.kind, "entry")
            body = None if instead is None else {**event.body, what: instead}
        return Said(body, tuple(by))

    def root(self, event: Event) -> Event:
        """Return the event that is no correction and of which a correction speaks in the end."""
        while (of := self._corrects(event)) is not None:
            event = self._events[of]
        return event

    def _corrects(self, event: Event) -> int | None:
        """Return which earlier event a correction speaks of; None of what is no correction, or was taken in as none."""
        of = event.body.get("of") if event.kind == CORRECTED else None
        return of if isinstance(of, int) and of < event.number and of in self._events else None

    def changes_case(self, event: Event) -> bool:
        """Tell whether an event changes the case: a plan from before it was made for another state."""
        return event.kind == CASE or self.root(event).kind in FACTS
