"""What an edit of the whole case changed, in words, and whether it is the case of another person.

Knows the members of a case. An edit of the whole case can take out an infusion that runs or change the weight that
doses; whoever reads the course later must see that without comparing two files. What was taken out is told first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from inotrope.course.chain import canonical
from inotrope.course.meaning.folding import INCOMPLETE, TIMES
from inotrope.course.meaning.merging import LISTS, NOW, TABLES
from inotrope.course.meaning.telling import entry_told
from inotrope.errors import CourseError, shorten
from inotrope.patient import Case
from inotrope.units import hours_between, read_time

MOST_CHANGES, LONGEST = 40, 200
"""As many as an event keeps, and characters of each: an edit of everything is told as what it is, and not listed."""
_YEAR_H = Decimal("8766")
"""Hours of a year of 365.25 days."""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return what an edit changed, the weightiest first; the moment of the case is no change.

    Args:
        before: The case as it stood.
        after: As it was written.
    """
    found = [*_taken_out(before, after), *_altered(before, after), *_added(before, after)]
    told = [shorten(text, LONGEST) for text in found[:MOST_CHANGES]]
    return [*told, *([f"{len(found) - len(told)} more"] if len(found) > len(told) else [])]


def prove_same_person(before: Case, after: Case, *, kept: bool) -> None:
    """Prove that an edit is of the same patient: another one's case, pasted in, would be dosed as this one's.

    Args:
        before: The case as it stood.
        after: As it was written.
        kept: Whether anything that was measured, given or happened stands in both.

    Raises:
        CourseError: Sex and birth are both another's; or one of them is, and nothing of the record is left.
    """
    other = [before.patient.sex != after.patient.sex, _born_apart(before, after)]
    if all(other) or (any(other) and not kept):
        says = (
            f"This is the case of somebody else: {_who(after)}; this course is of: {_who(before)}. Nothing is recorded."
            " Open the course of that patient, or begin one. If this course had it wrong, correct the sex or the birth "
            "first, alone, and the rest after it."
        )
        raise CourseError(says, value=_who(after), accepted=_who(before), where="patient")


def anything_kept(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether an entry with a time stands in both cases, or there was none before."""
    was, now = ({canonical(entry) for part in TIMES for entry in case.get(part, ())} for case in (before, after))
    return not was or bool(was & now)


def _born_apart(before: Case, after: Case) -> bool:
    """Tell whether two dates of birth differ; where one has an age alone, whether they are more than a year apart."""
    if before.patient.born is not None and after.patient.born is not None:
        return before.patient.born != after.patient.born
    between = hours_between(before.now, after.now) / _YEAR_H
    return abs(after.exact_age_years - before.exact_age_years - between) > 1


def _who(case: Case) -> str:
    person = case.patient
    born = f"born {person.born.isoformat()}" if person.born is not None else f"{person.age} old"
    return f"{person.sex}, {born}, {person.weight}"


def _taken_out(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for part in LISTS:
        out = "now all there is" if part == INCOMPLETE else "taken out"
        for entry in _less(before.get(part), after.get(part)):
            yield f"{out}: {_told(part, entry)}"
        if part in before and part not in after and part != INCOMPLETE:
            yield f"{part}: not known any more"


def _added(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for part in LISTS:
        new = "perhaps not all there is" if part == INCOMPLETE else "added"
        for entry in _less(after.get(part), before.get(part)):
            yield f"{new}: {_told(part, entry)}"
        if part in after and part not in before and not after[part]:
            yield f"{part}: none"


def _altered(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield every single value that is another: those of the patient first."""
    tables = (*TABLES, "preparation")
    for part in tables:
        was, now = before.get(part, {}), after.get(part, {})
        for key in dict.fromkeys((*was, *now)):
            if was.get(key) != now.get(key):
                place = "bag: " if part == "preparation" else ""
                yield f"{place}{key.replace('_', ' ')} {_said(now.get(key))}, was {_said(was.get(key))}"
    for key in dict.fromkeys((*before, *after)):
        if key not in (*LISTS, *tables, NOW) and before.get(key) != after.get(key):
            yield f"{key} {_said(after.get(key))}, was {_said(before.get(key))}"


def _less(held: list[Any] | None, other: list[Any] | None) -> list[Any]:
    """Return the entries of a list that another one does not have."""
    left = Counter(map(canonical, held or ())) - Counter(map(canonical, other or ()))
    by_text = {canonical(entry): entry for entry in held or ()}
    return [by_text[text] for text in left.elements()]


def _told(part: str, entry: Any) -> str:
    """Return an entry in words, with its time where it has one."""
    if part == "allergies":
        return f"allergy to {entry}"
    if part == INCOMPLETE:
        return str(entry)
    at: datetime | None = read_time(entry[TIMES[part]], what="Time") if part in TIMES else None
    when = "" if at is None else f" of {at:%Y-%m-%d %H:%M}"
    return f"{entry_told(part, {'entry': entry})}{when}"


def _said(value: Any) -> str:
    return "nothing" if value is None else shorten(str(value))
