"""Changes since earlier values, by hand: which values count, and what they come to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.dosing import history
from inotrope.findings import Truth
from inotrope.patient import vocabulary
from inotrope.safety.trends import CHANGES, FALLS, SHARE_FALLS, SINCE_START, since_start_facts, trend_facts
from inotrope.units import Quantity


def at(hours: str) -> str:
    """A moment so many hours and minutes before eight in the morning of the 22nd."""
    from datetime import datetime, timedelta

    whole, _, minutes = hours.partition(":")
    moment = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
    return (moment - timedelta(hours=int(whole), minutes=int(minutes or 0))).isoformat()


def case_of(make_case, what: str, *values: tuple[str, str]):
    return make_case(measurements=[{"what": what, "value": value, "at": at(hours)} for hours, value in values])


def test_everything_followed_has_its_times_in_the_vocabulary() -> None:
    for what in (SHARE_FALLS | FALLS | CHANGES | SINCE_START).values():
        kind = vocabulary().measurement(what)
        assert kind is not None and kind.limit("fresh_for") is not None and kind.limit("trend_window") is not None


@pytest.mark.parametrize(
    ("fact", "what", "values", "expected"),
    [
        # 48 h fresh, 7 days back: 90 against the highest, 200: 110 / 200
        ("platelet fall", "platelets", [("2", "90 10^9/L"), ("26", "150 10^9/L"), ("50", "200 10^9/L")], "55 %"),
        ("platelet fall", "platelets", [("48", "90 10^9/L"), ("216", "180 10^9/L")], "50 %"),  # exactly 7 days before
        ("platelet fall", "platelets", [("48", "90 10^9/L"), ("216:01", "180 10^9/L")], None),
        ("platelet fall", "platelets", [("48:01", "90 10^9/L"), ("60", "180 10^9/L")], "unknown"),
        ("platelet fall", "platelets", [("2", "200 10^9/L"), ("26", "150 10^9/L")], "0 %"),
        ("platelet fall", "platelets", [("2", "200 10^9/L")], None),
        ("platelet fall", "platelets", [], "unknown"),
        ("systolic fall", "systolic blood pressure", [("0:10", "90 mmHg"), ("3", "120 mmHg")], "30 mmHg"),
        ("systolic fall", "systolic blood pressure", [("1", "12 kPa"), ("7", "16 kPa")], "4 kPa"),
        ("systolic fall", "systolic blood pressure", [("1", "90 mmHg"), ("7:01", "120 mmHg")], None),
        ("systolic fall", "systolic blood pressure", [("1:01", "90 mmHg"), ("3", "120 mmHg")], "unknown"),
        ("systolic fall", "systolic blood pressure", [("0:10", "120 mmHg"), ("3", "90 mmHg")], "0 mmHg"),
        # the farthest, up or down
        ("heart rate change", "heart rate", [("0:10", "90 /min"), ("2", "100 /min"), ("4", "65 /min")], "25 /min"),
        ("heart rate change", "heart rate", [("0:10", "90 /min"), ("2", "120 /min"), ("4", "65 /min")], "30 /min"),
        # 80 kg: 40 mL/h is 0.5 mL/kg/h
        ("urine fall", "urine output", [("2", "40 mL/h"), ("10", "1 mL/kg/h")], "50 %"),
        ("urine fall", "urine output", [("2", "0 mL/h"), ("10", "0 mL/h")], None),
        ("urine fall", "urine output", [("2", "0 mL/h"), ("10", "1 mL/kg/h")], "100 %"),
    ],
)
@pytest.mark.hazard("worsening-unnoticed")
def test_a_change(make_case, fact: str, what: str, values: list[tuple[str, str]], expected: str | None) -> None:
    facts, needs = trend_facts(case_of(make_case, what, *values))
    assert needs[fact] == (what,)
    if expected == "unknown":
        assert fact not in facts
    elif expected is None:
        assert facts[fact] is Truth.ABSENT
    else:
        number, _, unit = expected.partition(" ")
        found = facts[fact]
        assert isinstance(found, Quantity)
        assert abs(found.in_unit(unit) - Decimal(number)) < Decimal("1e-20")


def test_of_one_moment_nothing_is_earlier(make_case) -> None:
    case = case_of(make_case, "platelets", ("2", "90 10^9/L"), ("2", "90 10^9/L"))
    assert trend_facts(case)[0]["platelet fall"] is Truth.ABSENT


@pytest.mark.parametrize(
    ("start", "values", "expected"),
    [
        ("10", [("10:05", "140 mmHg"), ("0:10", "100 mmHg")], "40 mmHg"),
        ("10", [("10:05", "18 kPa"), ("0:10", "105 mmHg")], "4.0011493 kPa"),  # 105 mmHg is 13.9988507 kPa
        ("10", [("11", "160 mmHg"), ("10:05", "120 mmHg"), ("0:10", "100 mmHg")], "20 mmHg"),  # the last before it
        ("10", [("16", "140 mmHg"), ("0:10", "100 mmHg")], "40 mmHg"),  # 6 h before the start
        (
            "10",
            [("16:01", "140 mmHg"), ("0:10", "100 mmHg")],
            "0 mmHg",
        ),  # too old; the first since is the newest itself
        ("10", [("9", "130 mmHg"), ("5", "110 mmHg"), ("0:10", "100 mmHg")], "30 mmHg"),  # none before: the first since
        ("10", [("10:05", "90 mmHg"), ("0:10", "100 mmHg")], "0 mmHg"),  # it rose
        ("10", [("10:05", "140 mmHg"), ("1:01", "100 mmHg")], "unknown"),  # no fresh one
        (None, [("10:05", "140 mmHg"), ("0:10", "100 mmHg")], None),  # nothing was given
        (
            "0:05",
            [("8", "140 mmHg"), ("7", "130 mmHg"), ("0:10", "100 mmHg")],
            "0 mmHg",
        ),  # the newest is the last before the start
        ("not recorded", [("0:10", "100 mmHg")], "unknown"),
    ],
)
def test_a_fall_since_the_start(
    make_case, start: str | None, values: list[tuple[str, str]], expected: str | None
) -> None:
    what = "systolic blood pressure"
    given = {}
    if start != "not recorded":
        run = [] if start is None else [{"of": "milrinone", "start": at(start), "rate": "0.375 mcg/kg/min"}]
        given = {"administrations": run}
    measured = [{"what": what, "value": value, "at": at(hours)} for hours, value in values]
    case = make_case(measurements=measured, **given)
    facts, needs = since_start_facts(case, history(case, drug="milrinone"))
    fact = "systolic fall since the start"
    assert needs[fact] == (what, "administrations")
    if expected == "unknown":
        assert fact not in facts
    elif expected is None:
        assert facts[fact] is Truth.ABSENT
    else:
        number, _, unit = expected.partition(" ")
        found = facts[fact]
        assert isinstance(found, Quantity)
        assert abs(found.in_unit(unit) - Decimal(number)) < Decimal("1e-7")
