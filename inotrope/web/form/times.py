"""A time as it is typed at a bedside, written out as a case holds it.

Knows the few short forms that the form names beside the box; the day is that of the time of the plan, which stands on
the same page. The zone is the one that the clock of the ward had then, which `units/wards.py` knows; where that is not
certain it is asked for. Whatever else is typed stays as it is, and the reader of cases judges it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from inotrope.errors import InotropeError
from inotrope.units import read_time
from inotrope.units.wards import offsets

_CLOCK = re.compile(r"(?:(?P<day>today|yesterday) +)?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)", re.IGNORECASE)
_DATED = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)[ T]+(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)(?P<second>:[0-5]\d)?")
FILED = "filed"
"""Behind the name of a field: the time that a file held there and that is none; it is asked for and never completed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A time that was typed: as a case holds it, and what must be asked first; then it stays as it was typed."""

    text: str
    asks: str = ""


def whole_time(text: str, now: str) -> Typed:
    """Return a time as a case holds it.

    Args:
        text: As typed: `06:10`, `yesterday 20:00`, `2026-11-21 20:00`, or a time with its zone.
        now: The time of the plan, as a case holds it; where it is none, the text stays as it is.
    """
    typed = " ".join(text.split())
    short, dated = _CLOCK.fullmatch(typed), _DATED.fullmatch(typed)
    if short is None and dated is None:
        return Typed(typed)
    try:
        moment = read_time(now, what="Time")
        wall = _on_the_wall(short, dated, moment)
    except (InotropeError, ValueError):  # no time of a plan, or no day of a calendar
        return Typed(typed)
    found = offsets(wall, moment)
    if len(found) == 1:
        return Typed(f"{wall.isoformat()}{_sign(*found)}")
    written = wall.isoformat(timespec="minutes")
    if not found:
        says = f"'{typed}' is {written}, which no clock showed: it went forward over it. Look at the chart again."
        return Typed(typed, says)
    ways = " or ".join(f"{written}{_sign(offset)}" for offset in sorted(found, reverse=True))
    why = "the clocks change between it and the time of this plan, or it stands twice"
    return Typed(typed, f"'{typed}' is {written}, and its zone is not certain: {why}. Write it with its zone: {ways}.")


def _on_the_wall(short: re.Match[str] | None, dated: re.Match[str] | None, moment: datetime) -> datetime:
    """Return what the clock on the wall showed, without a zone."""
    if dated is not None:
        return datetime.fromisoformat(f"{dated['date']}T{dated['clock']:0>5}{dated['second'] or ''}")
    assert short is not None
    day = moment.date() - timedelta(days=(short["day"] or "").lower() == "yesterday")
    return datetime.combine(day, time(int(short["hour"]), int(short["minute"])))


def _sign(offset: timedelta) -> str:
    """Return an offset as a case writes it, such as `+01:00`."""
    minutes = offset // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
