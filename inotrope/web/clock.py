"""How far the time that a plan is made for lies from the clock of this computer: an old case gives an old plan.

The command line is told its time and asks no clock; a page that is left open, or a file of yesterday, looks like now.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

LEAST = timedelta(minutes=30)
"""Apart by less, a plan is taken for one of now. A judgement: the time of one look at a patient and one at the page."""
_HOURS = timedelta(hours=1)
_DAYS = timedelta(days=2)
_TO_THE_MINUTE = len("2026-11-24 00:12")


def clock() -> str:
    """Return the time of this computer with its zone, to the minute: where the plan is made for now."""
    return datetime.now(UTC).astimezone().isoformat(timespec="minutes")


def clock_shown(now: datetime | None = None) -> str:
    """Return the time of this computer as a person reads it, with its zone: `2026-11-24 00:12 +01:00`.

    Args:
        now: Another time, with its zone; by default the clock's.
    """
    text = (now or datetime.now(UTC).astimezone()).isoformat(" ", "minutes")
    return f"{text[:_TO_THE_MINUTE]} {text[_TO_THE_MINUTE:]}"


def away_from_now(made_for: datetime, now: datetime | None = None) -> str:
    """Return how long ago, or how far ahead, a plan is made for; empty where it is made for now.

    Args:
        made_for: The time of the case, with its zone.
        now: The time of the clock; by default this computer's.
    """
    away = (now or datetime.now(UTC)) - made_for
    size = abs(away)
    if size < LEAST:
        return ""
    count, unit = size // timedelta(minutes=1), "min"
    if size >= _DAYS:
        count, unit = size.days, "days"
    elif size >= _HOURS:
        count, unit = size // _HOURS, "h"
    return f"{count:,} {unit} {'ago' if away > timedelta(0) else 'ahead'}"
