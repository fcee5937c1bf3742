"""What the time of birth settles: that a written age agrees with it, and that nothing was measured or given before it.

Knows the birth as the case says it: a moment, a date, an age, or two of them. It never guesses which of two
contradicting ones is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from inotrope.errors import CaseError, shorten
from inotrope.patient.case import Case, exact_years
from inotrope.units import Quantity, completed_years, hours_between

_DAY_H = Decimal(24)


def prove_age(age: Quantity, written: str, *, born: date, born_at: datetime | None, now: datetime) -> None:
    """Prove that an age agrees with the birth, to one whole unit of the age as it is written.

    A child's dose hangs on weeks and a newborn's on hours, so an age of 3 days may not stand beside a birth 5 months
    ago, though both are less than a year.

    Raises:
        CaseError: They contradict each other.
    """
    years = completed_years(born, now.date())
    if age.unit == "year":
        apart = abs(age.in_unit("year") - exact_years(born, now.date())) >= 1
        really = f"{years} years"
    else:
        one, hours = Quantity(Decimal(1), age.unit).in_unit("h"), age.in_unit("h")
        youngest, oldest = _hours_since(born, born_at, now)
        apart = not youngest - one < hours < oldest + one
        really = f"{years} years" if years else f"{Quantity(oldest, 'h').to('day').shown(1)}s"
    if apart:
        said = born.isoformat() if born_at is None else born_at.isoformat()
        raise CaseError(
            f"Age '{shorten(written)}' contradicts the date of birth {said}, which makes {really}. "
            "Leave the wrong one out.",
            value=written,
            accepted=really,
        )


def _hours_since(born: date, born_at: datetime | None, now: datetime) -> tuple[Decimal, Decimal]:
    """Return the fewest and the most hours since birth: of a date alone, the whole day is possible."""
    if born_at is not None:
        known = hours_between(born_at, now)
        return known, known
    midnight = datetime(born.year, born.month, born.day, tzinfo=now.tzinfo)
    oldest = hours_between(midnight, now)
    return max(oldest - _DAY_H, Decimal(0)), oldest


def prove_nothing_before_birth(case: Case) -> None:
    """Prove that everything of the record lies after the birth.

    Raises:
        CaseError: Something was measured, given, begun, seen or hung before the patient was born; its key is named.
    """
    for key, at in _moments(case):
        if _before_birth(at, case):
            raise CaseError(
                f"Time '{at.isoformat()}' lies before the patient was born. Check the date, and the birth or the age.",
                value=at.isoformat(),
                accepted="a time since birth",
                where=key,
            )


def _before_birth(at: datetime, case: Case) -> bool:
    person = case.patient
    if person.born_at is not None:
        return at < person.born_at
    if person.born is not None:
        # A date has no zone: what lies on that day by its own clock or by that of the case is not before it.
        return max(at.date(), at.astimezone(case.now.tzinfo).date()) < person.born
    assert person.age is not None  # reading a case asks for one of the two
    oldest = Quantity(person.age.value + 1, person.age.unit)  # an age is spoken in whole units
    return hours_between(at, case.now) > oldest.in_unit("h")


def _moments(case: Case) -> Iterator[tuple[str, datetime]]:
    """Yield each moment of the record with its key."""
    for index, measured in enumerate(case.measurements):
        yield f"measurements[{index}].at", measured.at
    for index, given in enumerate(case.administrations or ()):
        yield f"administrations[{index}].start", given.start
    for index, machine in enumerate(case.support or ()):
        yield f"support[{index}].start", machine.start
    for index, event in enumerate(case.events or ()):
        yield f"events[{index}].at", event.at
    if case.preparation is not None and case.preparation.hung is not None:
        yield "preparation.hung", case.preparation.hung
