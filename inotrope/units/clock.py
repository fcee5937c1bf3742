"""Clock times with a zone, dates, and the hours between them.

Knows ISO 8601. It never guesses a zone: a time without one is an error, since a ward's record may come from another
machine, and two nights a year have an hour that stands twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from inotrope.errors import CaseError, shorten
from inotrope.units.quantity import Quantity

_EARLIEST = 1900


def read_time(text: object, *, what: str) -> datetime:
    """Read one moment such as `2026-11-22T08:00:00+01:00`.

    Args:
        text: ISO 8601 with date, time and zone (`Z` or an offset).
        what: Name of the moment for the error.

    Raises:
        CaseError: Not text, not a time, no zone, or a year that no patient of today has seen.
    """
    accepted = "a date and time with its zone, such as 2026-11-22T08:00:00+01:00"
    if isinstance(text, datetime):
        found = text
    else:
        try:
            found = datetime.fromisoformat(text) if isinstance(text, str) and "T" in text[:16] else None  # type: ignore[assignment]
        except ValueError:
            found = None  # type: ignore[assignment]
    if found is None:
        raise CaseError(f"{what} '{shorten(str(text))}' is not {accepted}.", value=text, accepted=accepted)
    if found.tzinfo is None:
        raise CaseError(
            f"{what} '{shorten(str(text))}' has no time zone. Write '{shorten(str(text))}Z' or an offset such as +01:00.",
            value=text,
            accepted=accepted,
        )
    if found.year < _EARLIEST:
        raise CaseError(f"{what} '{shorten(str(text))}' is before {_EARLIEST}. Check the year.", value=text, accepted=accepted)
    return found


def read_date(text: object, *, what: str) -> date:
    """Read one calendar date such as `1958-03-02`.

    Raises:
        CaseError: Not text, not a whole date (a year alone gives no age), or a year before 1900.
    """
    accepted = "a date such as 1958-03-02"
    try:
        found = date.fromisoformat(text) if isinstance(text, str) and len(text) == len("1958-03-02") else None
    except ValueError:
        found = None
    if found is None or found.year < _EARLIEST:
        raise CaseError(f"{what} '{shorten(str(text))}' is not {accepted}.", value=text, accepted=accepted)
    return found


def hours_between(start: datetime, end: datetime) -> Decimal:
    """Return the hours from one moment to another, negative when the second is earlier, exact to the microsecond."""
    return Decimal((end - start) // timedelta(microseconds=1)) / Decimal(3_600_000_000)


def later(start: datetime, duration: Quantity) -> datetime:
    """Return the moment a duration after another, to the microsecond."""
    return start + timedelta(microseconds=int(duration.in_unit("s") * 1_000_000))


def completed_years(born: date, at: date) -> int:
    """Return the age in completed years, as equations of the kidney count it; 29 February counts from 1 March."""
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))
