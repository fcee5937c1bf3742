"""A time as it is typed at a bedside, written out as a case holds it.

Knows the few short forms that the form names beside the box; the day and the zone are those of the time of the plan,
which stands on the same page. Whatever else is typed stays as it is, and the reader of cases judges it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from inotrope.errors import InotropeError
from inotrope.units import read_time

_CLOCK = re.compile(r"(?:(?P<day>today|yesterday) +)?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)", re.IGNORECASE)
_DATED = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)[ T]+(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)(?P<second>:[0-5]\d)?")


def whole_time(text: str, now: str) -> str:
    """Return a time as a case holds it.

    Args:
        text: As typed: `06:10`, `yesterday 20:00`, `2026-11-21 20:00`, or a time with its zone.
        now: The time of the plan, as a case holds it; where it is none, the text stays as it is.
    """
    typed = " ".join(text.split())
    short, dated = _CLOCK.fullmatch(typed), _DATED.fullmatch(typed)
    if short is None and dated is None:
        return typed
    try:
        moment = read_time(now, what="Time")
    except InotropeError:
        return typed
    zone = moment.isoformat()[-6:]
    if dated is not None:
        return f"{dated['date']}T{dated['clock']:0>5}{dated['second'] or ':00'}{zone}"
    assert short is not None
    day = moment.date() - timedelta(days=(short["day"] or "").lower() == "yesterday")
    return f"{day}T{short['hour']:0>2}:{short['minute']}:00{zone}"
