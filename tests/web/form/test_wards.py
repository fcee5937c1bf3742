"""The zone of a time that was typed: that of the ward's clock then, and asked for where it is not certain.

In the European Union clocks go forward on the last Sunday of March from 02:00 to 03:00 in Berlin, and back on the last
Sunday of October from 03:00 to 02:00 (Directive 2000/84/EC): in 2026 on 29 March and 25 October.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from inotrope.units import wards
from inotrope.web.form import check, read_fields
from inotrope.web.form.times import Typed, whole_time


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
    ("typed", "now", "whole"),
    [
        ("yesterday 20:00", "2026-10-25T08:00:00+01:00", "2026-10-24T20:00:00+02:00"),
        ("yesterday 20:00", "2026-03-29T08:00:00+02:00", "2026-03-28T20:00:00+01:00"),
        ("2026-08-10 09:00", "2026-11-22T08:00:00+01:00", "2026-08-10T09:00:00+02:00"),
        ("01:30", "2026-10-25T08:00:00+01:00", "2026-10-25T01:30:00+02:00"),
        ("03:00", "2026-10-25T08:00:00+01:00", "2026-10-25T03:00:00+01:00"),
        ("06:10", "2026-11-22T08:00:00+01:00", "2026-11-22T06:10:00+01:00"),
    ],
)
def test_a_ward_s_own_computer_knows_its_summer_time(
    monkeypatch: pytest.MonkeyPatch, typed: str, now: str, whole: str
) -> None:
    set_to(monkeypatch, "Europe/Berlin")
    assert whole_time(typed, now) == Typed(whole)


def test_an_hour_that_stands_twice_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, "Europe/Berlin")
    found = whole_time("02:30", "2026-10-25T08:00:00+01:00")
    assert found.text == "02:30"
    assert "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00" in found.asks


def test_an_hour_that_no_clock_showed_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, "Europe/Berlin")
    found = whole_time("02:30", "2026-03-29T08:00:00+02:00")
    assert found.text == "02:30" and "no clock showed" in found.asks


@pytest.mark.parametrize("own", ["UTC", "America/New_York"])
@pytest.mark.hazard("answer-lost-on-the-way")
def test_a_computer_that_stands_elsewhere_asks_where_the_clocks_of_the_world_differ(
    monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    """+01:00 on 25 October may be Berlin or Lagos, which has no summer time; in November both agree."""
    set_to(monkeypatch, own)
    assert whole_time("yesterday 20:00", "2026-11-22T08:00:00+01:00") == Typed("2026-11-21T20:00:00+01:00")
    found = whole_time("yesterday 20:00", "2026-10-25T08:00:00+01:00")
    assert "2026-10-24T20:00+02:00 or 2026-10-24T20:00+01:00" in found.asks
    # +02:00 on 29 March may be Berlin, whose clocks showed no 02:30, or Johannesburg
    assert "02:30+02:00 or 2026-03-29T02:30+01:00" in whole_time("02:30", "2026-03-29T08:00:00+02:00").asks


def test_a_moment_in_another_zone_is_no_other_ward(monkeypatch: pytest.MonkeyPatch) -> None:
    """08:00+01:00 and 07:00Z are one moment, and two clocks on the wall."""
    assert whole_time("06:10", "2026-11-22T08:00:00+01:00").text.endswith("+01:00")
    assert whole_time("06:10", "2026-11-22T07:00:00Z").text.endswith("+00:00")


def test_what_is_asked_stands_at_its_field_alone() -> None:
    values = {
        "drug": "milrinone",
        "indication": "acute decompensated heart failure",
        "now": "2026-10-25T08:00:00+01:00",
        "patient.weight": "82",
        "patient.weight.unit": "kg",
        "patient.sex": "male",
        "patient.born": "1958-03-02",
        "measurements.0.what": "serum creatinine",
        "measurements.0.value": "1.1",
        "measurements.0.value.unit": "mg/dL",
        "measurements.0.at": "yesterday 20:00",
    }
    (problem,) = check(read_fields(values))
    assert problem.field == "measurements.0.at"
    assert "Write it with its zone" in problem.says
    assert check(read_fields(values | {"measurements.0.at": "2026-10-24T20:00+02:00"})) == ()
