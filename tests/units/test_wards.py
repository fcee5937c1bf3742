"""Times ahead of now, over a change of summer time: what they are, and how the clock of the ward shows them.

In the European Union clocks go forward on the last Sunday of March from 02:00 to 03:00 in Berlin, and back on the last
Sunday of October from 03:00 to 02:00 (Directive 2000/84/EC): in 2026 on 29 March and 25 October.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from inotrope.display.chart import Chart
from inotrope.errors import RequestError
from inotrope.patient import read_case
from inotrope.plan import make_plan
from inotrope.plan.what_if import read_changes
from inotrope.units import wards
from inotrope.units.wards import clock_then, next_shown

EVENING, AUTUMN = "2026-03-28T20:00:00+01:00", "2026-10-24T20:00:00+02:00"
CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"


def set_to(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    wards._clocks.cache_clear()
    wards._offsets.cache_clear()


@pytest.fixture(autouse=True)
def clock_of_this_computer() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        set_to(patch, "UTC")
        yield
    time.tzset()
    wards._clocks.cache_clear()
    wards._offsets.cache_clear()


@pytest.mark.parametrize(
    ("now", "clock", "after"),
    [
        (EVENING, "06:00", "9 h from now"),  # 01:00 UTC is 03:00 and no longer 02:00: an hour less
        (EVENING, "01:30", "5 h 30 min from now"),
        (EVENING, "19:59", "22 h 59 min from now"),
        (AUTUMN, "06:00", "11 h from now"),
        ("2026-10-25T02:40:00+02:00", "02:30", "50 min from now"),  # it comes once more
        ("2026-03-29T08:00:00+02:00", "02:30", "18 h 30 min from now"),  # the day after the hour that was left out
        ("2026-11-22T08:00:30+01:00", "08:00", "from now on"),
    ],
)
def test_a_time_of_the_clock_is_so_long_from_now_over_a_change(
    monkeypatch: pytest.MonkeyPatch, now: str, clock: str, after: str
) -> None:
    set_to(monkeypatch, "Europe/Berlin")
    (change,) = read_changes([f"pause 2 h at {clock}"], now=datetime.fromisoformat(now))
    assert str(change) == f"pause 2 h at {clock}, {after}"


@pytest.mark.parametrize(
    ("zone", "now", "clock", "says"),
    [
        ("Europe/Berlin", EVENING, "02:30", "no clock shows it"),
        ("Europe/Berlin", AUTUMN, "02:30", r"2026-10-25 02:30 \+02:00 or 2026-10-25 02:30 \+01:00"),
        ("UTC", EVENING, "06:00", r"2026-03-29 06:00 \+02:00 or 2026-03-29 06:00 \+01:00"),
        # in Lagos it is 02:30, in Berlin an hour that is left out: before it, or after it
        ("UTC", EVENING, "02:30", r"2026-03-29 02:30 \+02:00 or 2026-03-29 02:30 \+01:00"),
        ("Europe/Berlin", AUTUMN, "19:30", "outside the 24 h"),  # 24 h and a half
    ],
)
def test_a_time_that_is_not_certain_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, zone: str, now: str, clock: str, says: str
) -> None:
    set_to(monkeypatch, zone)
    with pytest.raises(RequestError, match=says):
        read_changes([f"pause 2 h at {clock}"], now=datetime.fromisoformat(now))


def test_a_computer_of_another_place_asks_all_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """In New York nobody knows the summer time of a plan at +01:00; in November no clock of that distance changes."""
    set_to(monkeypatch, "America/New_York")
    assert len(next_shown(6, 0, datetime.fromisoformat(EVENING))) == 2
    (found,) = next_shown(14, 0, datetime.fromisoformat("2026-11-22T08:00:00+01:00"))
    assert found == datetime.fromisoformat("2026-11-22T14:00:00+01:00")
    late = datetime.fromisoformat("2026-03-29T04:00:00+01:00")
    assert clock_then(late, datetime.fromisoformat(EVENING)) == "2026-03-29 04:00"


def test_a_time_that_is_told_is_that_of_the_changed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, "Europe/Berlin")
    now = datetime.fromisoformat(EVENING)
    assert clock_then(datetime.fromisoformat("2026-03-28T23:00:00+01:00"), now) == "23:00"
    assert clock_then(datetime.fromisoformat("2026-03-29T01:30:00+01:00"), now) == "2026-03-29 01:30"
    assert clock_then(datetime.fromisoformat("2026-03-29T02:30:00+01:00"), now) == "2026-03-29 03:30 +02:00"
    chart = Chart("", (0.0, 24.0), (1.0, 1.0), None, None, None, top=2.0, says="", now=now)
    shown = [chart.clock_at(hour) for hour in (0.0, 3.0, 6.0, 24.0)]
    assert shown == ["20:00", "23:00", "03:00 +02:00", "21:00 +02:00"]


def test_a_load_that_ends_after_the_change_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first rate from midnight on for 3 h ends at 04:00 by the clock that went forward at 02:00."""
    set_to(monkeypatch, "Europe/Berlin")
    content = json.loads((CASES / "preterm-baby.json").read_text(encoding="utf-8"))
    content["patient"]["born"] = "2026-03-26T22:00:00+01:00"
    given = [{"of": "milrinone", "start": "2026-03-29T00:00:00+01:00", "rate": "0.75 mcg/kg/min"}]
    content |= {"now": "2026-03-29T00:30:00+01:00", "administrations": given, "measurements": []}
    plan = make_plan(read_case(content))
    assert plan.running is not None and plan.forecast is not None
    assert "still going in, until 04:00 +02:00. Then lower it" in plan.running.says
    assert "ends at 04:00 +02:00, and the rate of this plan follows it" in plan.forecast.supposes
