"""The case and the plan of a course at any moment: now, as it was known then, or as it was by what is known today.

Knows which events count for which of the three, and which stops that were set aside still are: a stop is set aside for
one state of the case, and stands again as soon as anything in it has changed. It proposes nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import (
    INCOMPLETE,
    CaseTable,
    Documents,
    as_of,
    at_moment,
    case_text,
    fold,
    known_at,
    older_bags,
    up_to,
)
from inotrope.course.meaning.kinds import OVERRIDDEN
from inotrope.course.meaning.machines import runs_twice
from inotrope.course.meaning.set_before import SetBefore, set_before
from inotrope.drug import read_site_text
from inotrope.patient import read_case
from inotrope.plan import make_plan
from inotrope.units import read_quantity

if TYPE_CHECKING:
    from inotrope.course.record import Event
    from inotrope.plan import Plan


_LISTS = {
    "medicines": "other medicines",
    "administrations": "what was given",
    "support": "machines",
    "events": "what happened",
    "lines": "what shares the line",
}
"""What a reader calls the lists of a case."""


class Knowing(StrEnum):
    """What counts for a moment that has passed."""

    THEN = "then"
    """What was recorded by then: what the people at the bedside could know."""
    SINCE = "since"
    """Everything that is known today of the time up to then."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """The text of a hospital's own file, and what it is called."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What was asked beside the case, as it was written.

    Attributes:
        overrides: Reason by rule.
        assume_kidney: Such as `60 mL/min/1.73 m2`; None where nothing was assumed.
        what_if: Changes that were supposed beside the forecast.
    """

    overrides: Mapping[str, str] = field(default_factory=dict)
    assume_kidney: str | None = None
    what_if: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return it as an event holds it."""
        return {
            "overrides": [list(pair) for pair in self.overrides.items()],  # the order in which a plan tells them
            "assume_kidney": self.assume_kidney,
            "what_if": list(self.what_if),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> PlanOptions:
        """Return what an event holds."""
        return cls(dict(plain["overrides"]), plain["assume_kidney"], tuple(plain["what_if"]))


@dataclass(frozen=True, slots=True)
class CourseCase:
    """The case of a course at one moment.

    Attributes:
        case: With `now` set to the moment.
        number: Of the last event that counts.
        overrides: Reason by rule of the stops that are set aside for this very state.
        says: What a reader must know of it, such as entries that lie after the moment and do not count.
        pump: What the pump gives where it was set by another weight or bag than those of now; it stands in `says` too.
    """

    case: CaseTable
    number: int
    overrides: Mapping[str, str]
    says: tuple[str, ...] = ()
    pump: SetBefore | None = None

    @property
    def text(self) -> str:
        """The case as a file holds it."""
        return case_text(self.case)


def case_now(events: Sequence[Event], documents: Documents, now: datetime) -> CourseCase:
    """Return the case as all events have it, for now.

    Raises:
        CourseError: No case was written yet.
    """
    whole = fold(events, documents)
    case, left = up_to(whole, now)
    case = at_moment(case, now)
    ahead = f"{left} of the entries lie after this moment and do not count: look at the clock."
    pump = set_before(events, documents, case)
    says = (*((ahead,) if left else ()), *_to_know(events, documents, case, pump))
    return CourseCase(case, events[-1].number, overrides_in_force(events), says, pump)


def case_at(
    events: Sequence[Event], documents: Documents, when: datetime, *, knowing: Knowing = Knowing.THEN
) -> CourseCase:
    """Return the case at a moment that has passed.

    Args:
        events: All of the course.
        documents: Gives their texts.
        when: The moment.
        knowing: What counts.

    Raises:
        CourseError: The course begins later.
    """
    if knowing is Knowing.THEN:
        known = known_at(events, when)
        case = at_moment(as_of(known, documents, when), when)
        late = len(events) - len(known)
        says = f"As it was known then: what was recorded later does not count, {late} events up to now."
        pump = set_before(known, documents, case)
        more = _to_know(known, documents, case, pump)
        return CourseCase(case, known[-1].number, overrides_in_force(known), (says, *more), pump)
    case = at_moment(as_of(events, documents, when), when)
    says = (
        "By what is known today of the time until then, with every correction since: nobody could know all of it then, "
        "and no stop counts as set aside."
    )
    return CourseCase(case, events[-1].number, {}, (says, *_and_perhaps_more(case)))


def _to_know(events: Sequence[Event], documents: Documents, case: CaseTable, pump: SetBefore | None) -> tuple[str, ...]:
    """Say what the events tell and their case cannot: how the pump was set, which bag came late, what is in doubt."""
    late = tuple(
        f"Event {event.number} tells of a bag that was hung before the one that counts, and changes nothing. If it is "
        "the one that hangs now, correct the time of that entry."
        for event in older_bags(events, documents)
    )
    return (
        *(() if pump is None else (pump.says,)),
        *late,
        *runs_twice(case),
        *_and_perhaps_more(case),
    )


def _and_perhaps_more(case: CaseTable) -> tuple[str, ...]:
    """Say which lists hold what was entered one by one, though nobody ever said that this is all."""
    begun = ", ".join(_LISTS[name] for name in case.get(INCOMPLETE, ()))
    says = (
        f"Perhaps there is more than what is recorded: {begun}. Single entries were made, and nobody has said that "
        "they are all: answer the plan's questions, or write the case whole."
    )
    return (says,) if begun else ()


def overrides_in_force(events: Sequence[Event]) -> dict[str, str]:
    """Return the reason by rule of the stops that are set aside for the case as these events leave it."""
    corrections = Corrections(events)
    found: dict[str, str] = {}
    for event in events:
        if corrections.changes_case(event):
            found = {}
        if event.kind == OVERRIDDEN:
            said = corrections.said(event)
            # One that was taken back does not count, though taking it back changes nothing in the patient.
            rule, reason = (None, None) if said.body is None else map(said.body.get, ("rule", "reason"))
            if isinstance(rule, str) and isinstance(
                reason, str
            ):  # else it was taken in as none, and sets nothing aside
                found[rule] = reason
    return found


def make_course_plan(
    found: CourseCase, options: PlanOptions | None = None, site: SiteFile | None = None, *, forecast: bool = True
) -> Plan:
    """Return the plan of a course's case.

    Args:
        found: The case.
        options: What is asked beside it; by default nothing but the stops that are set aside.
        site: The hospital's own file.
        forecast: Whether a forecast is wanted; it changes no dose.

    Raises:
        InotropeError: As `make_plan` and those that read its parts.
    """
    asked = PlanOptions(found.overrides) if options is None else options
    return plan_of_text(found.text, asked, site, forecast=forecast)


def plan_of_text(text: str, options: PlanOptions, site: SiteFile | None, *, forecast: bool = True) -> Plan:
    """Return the plan of the text of a case, made as it was asked for."""
    kidney = ("flow per body surface area",)
    assumed = options.assume_kidney
    return make_plan(
        read_case(text.encode(), name="case"),
        forecast=forecast,
        overrides=options.overrides,
        assume_kidney=None
        if assumed is None
        else read_quantity(assumed, what="Assumed kidney function", dimensions=kidney),
        site=None if site is None else read_site_text(site.text.encode(), site.name),
        what_if=options.what_if,
    )
