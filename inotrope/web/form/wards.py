"""Which zone the clock of the ward had at a time that was typed: known where every clock it can be agrees, else asked.

Knows the clock of this computer and the zones of the world. The time of a plan names its distance from universal time
and no place, so that summer time between it and another time is not in it. Where this computer has that distance and
knows its own summer time, it stands in the ward, for the page is served to this machine alone. Else every zone of the
world with that distance is asked, and one that differs makes it uncertain.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

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
    return tuple(_clock(ZoneInfo(name)) for name in sorted(available_timezones()))


def _clock(zone: tzinfo) -> Clock:
    def shown(moment: datetime) -> datetime:
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)

    return shown
