"""What the clock of the ward shows at a time, before and after summer time: known where every clock it can be agrees.

Knows the clock of this computer and the zones of the world. The time of a plan names its distance from universal time
and no place, so that summer time between it and another time is not in it. Where this computer has that distance and
knows its own summer time, it stands in the ward, for the page is served to this machine alone. Else every zone of the
world with that distance is asked of a time that was typed, and one that differs makes it uncertain; a time that is told
then stands as it was reckoned.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache

Clock = Callable[[datetime], datetime]
"""From a time with a zone, or from one on the wall, to the same on one clock."""


def offsets(wall: datetime, now: datetime) -> frozenset[timedelta]:
    """Return the distances from universal time that a time on the wall may have.

    Args:
        wall: What the clock showed, without a zone.
        now: The time of the plan, with its distance.

    Returns:
        One where it is certain; none where no clock showed it; several where it stands twice, or the clocks differ.
    """
    return _offsets(wall, now, _distance(now))


def next_shown(hour: int, minute: int, now: datetime) -> tuple[datetime, ...]:
    """Return the moments that the next such time of the clock may be.

    Args:
        hour: By the clock of the ward.
        minute: The same.
        now: The time of the plan; a time within its minute is now.

    Returns:
        One where it is certain; none where no clock will show it; several where it stands twice, or the clocks differ.
    """
    begin = now.replace(second=0, microsecond=0)
    today = begin.replace(tzinfo=None, hour=hour, minute=minute)
    found = _moments(today, now)
    ahead = tuple(moment for moment in found if moment >= begin)
    if ahead or (not found and today >= begin.replace(tzinfo=None)):
        return ahead
    return _moments(today + timedelta(days=1), now)


def _moments(wall: datetime, now: datetime) -> tuple[datetime, ...]:
    """Return the moments at which a clock that the ward may have shows a time, the earliest first."""
    return tuple(sorted(wall.replace(tzinfo=timezone(offset)) for offset in offsets(wall, now)))


def clock_then(moment: datetime, now: datetime) -> str:
    """Return the time of the clock at a moment, with its date where that is another day than now.

    Where the clocks of the ward change before it, it is the changed clock's, and its distance from universal time
    stands behind it: `04:30 +02:00`.
    """
    there = moment
    if _knows_summer() and _of_this_computer(now).utcoffset() == now.utcoffset():
        there = _of_this_computer(moment)
    text = f"{there:%H:%M}" if there.date() == now.date() else f"{there:%Y-%m-%d %H:%M}"
    return text if there.utcoffset() == now.utcoffset() else f"{text} {there.isoformat()[-6:]}"


@lru_cache(maxsize=512)
def _offsets(wall: datetime, now: datetime, distance: timedelta) -> frozenset[timedelta]:
    """Return the same; of two equal moments the distance tells which is meant."""
    clocks = _clocks(now, distance)
    shown = [_of(clock, wall) for clock in clocks]
    if any(shown) and not all(shown):  # it may be an hour that no clock showed: before it, or after it
        shown += [_around(clock, wall) for clock, item in zip(clocks, shown, strict=True) if not item]
    return frozenset(offset for item in shown for offset in item)


@lru_cache(maxsize=64)
def _clocks(now: datetime, distance: timedelta) -> tuple[Clock, ...]:
    """Return the clocks that the ward may have: those that show the time of the plan as it is written."""
    if _knows_summer() and _of_this_computer(now).utcoffset() == distance:
        return (_of_this_computer,)
    return tuple(clock for clock in _of_the_world() if clock(now).utcoffset() == distance)


def _of(clock: Clock, wall: datetime) -> frozenset[timedelta]:
    """Return the distances that one clock had while it showed a time."""
    read = (clock(wall.replace(fold=fold)) for fold in (0, 1))
    return frozenset(
        _distance(moment) for moment in read if clock(moment.astimezone(UTC)).replace(tzinfo=None, fold=0) == wall
    )


def _around(clock: Clock, wall: datetime) -> frozenset[timedelta]:
    """Return the distances that one clock had before and after an hour that it left out."""
    return frozenset(_distance(clock(wall.replace(fold=fold))) for fold in (0, 1))


def _distance(moment: datetime) -> timedelta:
    found = moment.utcoffset()
    assert found is not None
    return found


def _knows_summer() -> bool:
    """Tell whether this computer is set to a place; one that is set to universal time may stand anywhere."""
    return time.daylight != 0


def _of_this_computer(moment: datetime) -> datetime:
    return moment.astimezone()


@cache
def _of_the_world() -> tuple[Clock, ...]:
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415 - a plan tells times and waits for no zones

    return tuple(_clock(ZoneInfo(name)) for name in sorted(available_timezones()))


def _clock(zone: tzinfo) -> Clock:
    def shown(moment: datetime) -> datetime:
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)

    return shown
