"""The time of birth: an age beside it agrees, and nothing of the record lies before it."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.errors import CaseError
from inotrope.patient import read_case

BABY = {"patient__height": ..., "patient__weight": "3 kg", "measurements": []}
AT_NIGHT = "2026-11-22T03:00:00+01:00"  # five hours before the time of the case


def wrong(table: dict[str, Any]) -> CaseError:
    with pytest.raises(CaseError) as caught:
        read_case(table)
    return caught.value


@pytest.mark.parametrize(
    ("born", "age", "really"),
    [
        # 163 days: less than a year apart from each of these
        ("2026-06-12", "3 days", "163.3 days"),
        ("2026-06-12", "2 weeks", "163.3 days"),
        ("2026-06-12", "10 h", "163.3 days"),
        ("2026-06-12", "3 months", "163.3 days"),
        # born at any hour of the 21st, it is 8 to 32 h old
        ("2026-11-21", "33 h", "1.3 days"),
        ("2026-11-21", "7 h", "1.3 days"),
        ("2026-11-21", "3 days", "1.3 days"),
        (AT_NIGHT, "6 h", "0.2 days"),
        (AT_NIGHT, "4 h", "0.2 days"),
        (AT_NIGHT, "300 days", "0.2 days"),
        ("2024-11-01", "3 weeks", "2 years"),
    ],
)
@pytest.mark.hazard("baby-taken-for-a-child")
def test_an_age_that_contradicts_the_birth(document, born: str, age: str, really: str) -> None:
    error = wrong(document(patient__born=born, patient__age=age, **BABY))
    assert error.says == (
        f"Age '{age}' contradicts the date of birth {born}, which makes {really}. Leave the wrong one out."
    )
    assert (error.value, error.accepted, error.where) == (age, really, "patient.age")


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("2026-06-12", "5 months"),
        ("2026-06-12", "23 weeks"),
        ("2026-06-12", "162 days"),
        ("2026-06-12", "163 days"),
        ("2026-11-21", "8 h"),
        ("2026-11-21", "32 h"),
        ("2026-11-21", "1 day"),
        ("2026-11-22", "0 days"),
        (AT_NIGHT, "5 h"),
        (AT_NIGHT, "5.5 h"),
        (AT_NIGHT, "0 days"),
        ("2024-11-01", "107 weeks"),
    ],
)
def test_an_age_that_agrees_with_the_birth(document, born: str, age: str) -> None:
    assert read_case(document(patient__born=born, patient__age=age, **BABY)).patient.age is not None


@pytest.mark.hazard("baby-taken-for-a-child")
def test_hours_beside_a_date_of_birth_are_the_age(document) -> None:
    """By the date alone a baby of 17 h would be born this very moment, and get a load that has 3 h to run."""
    case = read_case(document(now="2026-11-22T23:00:00+01:00", patient__born="2026-11-22", patient__age="17 h", **BABY))
    assert round(case.postnatal_age.in_unit("h"), 9) == 17
    assert case.postnatal_hours_known
    days = read_case(document(patient__born="2026-11-20", patient__age="2 days", **BABY))
    assert (days.postnatal_age.in_unit("day"), days.postnatal_hours_known) == (2, False)


BEFORE = "2026-11-22T02:59:59+01:00"
RECORD: dict[str, tuple[Any, str]] = {
    "measurements": ([{"what": "lactate", "value": "2 mmol/L", "at": BEFORE}], "measurements[0].at"),
    "administrations": ([{"of": "caffeine", "start": BEFORE, "rate": "1 mg/h"}], "administrations[0].start"),
    "support": ([{"what": "ECMO", "start": BEFORE}], "support[0].start"),
    "events": ([{"what": "bleeding", "at": BEFORE}], "events[0].at"),
    "preparation": ({"product": "vial", "hung": BEFORE}, "preparation.hung"),
}


@pytest.mark.hazard("wrong-clock")
@pytest.mark.parametrize("key", RECORD)
def test_nothing_happens_before_birth(document, key: str) -> None:
    value, where = RECORD[key]
    error = wrong(document(patient__born=AT_NIGHT, **{**BABY, key: value}))
    assert error.says == (
        f"Time '{BEFORE}' lies before the patient was born. Check the date, and the birth or the age."
    )
    assert (error.value, error.accepted, error.where) == (BEFORE, "a time since birth", where)
    assert read_case(document(patient__born=BEFORE, **{**BABY, key: value})).patient.born_at is not None


@pytest.mark.parametrize(
    ("who", "at", "sound"),
    [
        ({"born": "1958-03-02"}, "1958-03-01T23:00:00+01:00", False),
        ({"born": "1958-03-02"}, "1900-01-01T00:00:00Z", False),
        ({"born": "1958-03-02"}, "1958-03-02T00:00:00+01:00", True),
        # one of the two clocks shows the day of birth already
        ({"born": "1958-03-02"}, "1958-03-01T23:00:00Z", True),
        ({"born": "1958-03-02"}, "1958-03-02T00:30:00+09:00", True),
        # an age of 10 h is at most 11 h, one of 2 days at most 3, one of 60 years at most 61
        ({"age": "10 h"}, "2026-11-21T21:00:00+01:00", True),
        ({"age": "10 h"}, "2026-11-21T20:59:59+01:00", False),
        ({"age": "2 days"}, "2026-11-19T08:00:00+01:00", True),
        ({"age": "2 days"}, "2026-11-19T07:59:59+01:00", False),
        ({"age": "60 years"}, "1966-01-01T08:00:00+01:00", True),
        ({"age": "60 years"}, "1965-01-01T08:00:00+01:00", False),
    ],
)
def test_how_early_an_event_may_be(document, who: dict[str, str], at: str, sound: bool) -> None:
    table = document(patient__born=..., measurements=[], events=[{"what": "bleeding", "at": at}])
    table["patient"] |= who
    if sound:
        assert read_case(table).events is not None
        return
    assert "lies before the patient was born" in wrong(table).says
