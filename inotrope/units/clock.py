"""Clock times with a zone, dates, and the hours between them.

Knows ISO 8601. It never guesses a zone: a time without one is an error, since a ward's record may come from another
machine, and two nights a year have an hour that stands twice.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from inotrope.errors import CaseError, shorten
from inotrope.units.quantity import Quantity, round_half_up

_EARLIEST, _LATEST = 1900, 2199
"""Years of a patient of today; also far enough from the ends of the calendar that any zone can show them."""

# Narrower than ISO 8601, whose week dates and missing separators are slips in a chart.
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?[0-5]\d)?", re.ASCII)
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
"""The clocks of the earth lie between these; an offset beyond them is a slip that shifts every hour."""


def read_time(text: object, *, what: str) -> datetime:
    """Read one moment such as `2026-11-22T08:00:00+01:00`.

    Args:
        text: ISO 8601 with date, time and zone (`Z` or an offset), or a datetime with a zone.
        what: Name of the moment for the error.

    Returns:
        The moment at its own fixed offset from universal time.

    Raises:
        CaseError: Not a time, no zone or one that no place has, or a year that no patient of today has seen.
    """
    accepted = "a date and time with its zone, such as 2026-11-22T08:00:00+01:00"
    written = text.isoformat() if isinstance(text, datetime) else text
    found: datetime | None = None
    if isinstance(written, str) and _TIME.fullmatch(written):
        with suppress(ValueError):
            found = datetime.fromisoformat(written)
    if found is None:
        raise CaseError(f"{what} '{shorten(str(written))}' is not {accepted}.", value=written, accepted=accepted)
    offset = found.utcoffset()
    if offset is None:
        raise CaseError(
            f"{what} '{written}' has no time zone. Write '{written}Z' or an offset such as +01:00.",
            value=written,
            accepted=accepted,
        )
    if not _WEST <= offset <= _EAST:
        says = f"{what} '{written}' has an offset that no clock on earth has. Check it: from -12:00 to +14:00."
        raise CaseError(says, value=written, accepted="an offset from -12:00 to +14:00")
    _check_year(found, what)
    return found


def read_date(text: object, *, what: str) -> date:
    """Read one calendar date such as `1958-03-02`.

    Raises:
        CaseError: Not text, not a whole date (a year alone gives no age), or a year before 1900 or after 2199.
    """
    accepted = "a date such as 1958-03-02"
    found: date | None = None
    if isinstance(text, str) and _DATE.fullmatch(text):
        with suppress(ValueError):
            found = date.fromisoformat(text)
    if found is None:
        raise CaseError(f"{what} '{shorten(str(text))}' is not {accepted}.", value=text, accepted=accepted)
    _check_year(found, what)
    return found


def _check_year(found: date, what: str) -> None:
    if not _EARLIEST <= found.year <= _LATEST:
        raise CaseError(
            f"{what} '{found.isoformat()}' is not between {_EARLIEST} and {_LATEST}. Check the year.",
            value=found.isoformat(),
            accepted=f"a year from {_EARLIEST} to {_LATEST}",
        )


def hours_between(start: datetime, end: datetime) -> Decimal:
    """Return the hours from one moment to another, negative when the second is earlier, exact to the microsecond."""
    return Decimal((_universal(end) - _universal(start)) // timedelta(microseconds=1)) / Decimal(3_600_000_000)


def later(start: datetime, duration: Quantity) -> datetime:
    """Return the moment a duration after another, to the microsecond.

    Raises:
        CaseError: The duration leads out of the calendar.
    """
    try:
        # 11 min are no finite decimal of an hour: what is left of half an hour would end a hair before its minute.
        passed = timedelta(microseconds=int(round_half_up(duration.in_unit("s") * 1_000_000, 6)))
        return (_universal(start) + passed).astimezone(start.tzinfo)
    except OverflowError:
        raise CaseError(f"A duration of '{duration}' leads out of the calendar. Check it.", value=duration) from None


def _universal(moment: datetime) -> datetime:
    """Return the moment in universal time: within one named zone, Python's difference is that of the wall clocks."""
    if moment.tzinfo is None:
        raise CaseError(f"Time '{moment.isoformat()}' has no time zone.", value=moment.isoformat())
    return moment.astimezone(UTC)


def completed_years(born: date, at: date) -> int:
    """Return the age in completed years, as equations of the kidney count it; 29 February counts from 1 March."""
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))
