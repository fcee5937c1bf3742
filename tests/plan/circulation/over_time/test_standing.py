"""Readings that contradict each other, that are old, or after which something changed: no course stands on them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from inotrope import predict_circulation
from inotrope.plan.circulation.course_record import CirculationCourse, CourseStatus

from ..whom import case as all_eight
from .beds import BEFORE, MAP, ON, OUTPUT, RATE, RUNS, bed, course, reading

SVR, PVR, STROKE, INDEX = (
    "systemic vascular resistance",
    "pulmonary vascular resistance",
    "stroke volume",
    "cardiac index",
)


def at(clock: str) -> str:
    return f"2026-11-22T{clock}:00+01:00"


def given(of: str, start: str, rate: str = "0.1 mcg/kg/min", **more: str) -> dict[str, str]:
    return {"of": of, "start": at(start), "rate": rate, **more}


def beside(*readings: dict[str, str], **keys: Any) -> CirculationCourse:
    """Return the course of the shipped patient with further readings beside his own."""
    own = bed(**keys)
    table = [
        {"what": item.what, "value": str(item.value), "at": item.at.isoformat()}
        for item in own.measurements
        if item.what
        in (
            MAP,
            RATE,
            OUTPUT,
            "central venous pressure",
            "pulmonary capillary wedge pressure",
            "mean pulmonary artery pressure",
        )
    ]
    return course(bed(*table, *readings, **keys))


@pytest.mark.parametrize(
    ("what", "wrong", "right"),
    [
        (SVR, "600 dyn s/cm5", "1333 dyn s/cm5"),  # 80 (78 - 13) / 3.9
        (PVR, "500 dyn s/cm5", "226 dyn s/cm5"),  # 80 (37 - 26) / 3.9
        (STROKE, "60 mL", "42 mL"),  # 3900 / 92
        (INDEX, "3.0 L/min/m2", "1.94 L/min/m2"),  # 3.9 / 2.01
    ],
)
def test_a_number_that_the_others_contradict_is_named_with_the_output(what: str, wrong: str, right: str) -> None:
    found = beside(reading(what, wrong))
    assert found.status is CourseStatus.REFUSED and found.quantities == ()
    (refusal,) = found.refusals
    assert refusal.id == "conflicting-data"
    assert f"{what} '{wrong}'" in refusal.says and "cardiac output '3.9 L/min'" in refusal.says
    unit = wrong.partition(" ")[2]
    assert re.search(rf" [\d.]+ {unit} \(allowed: 10 %\)", refusal.says)
    assert beside(reading(what, right)).status is CourseStatus.EXPECTED


def test_every_number_that_a_resistance_follows_of_is_named_for_any_may_be_wrong() -> None:
    (refusal,) = beside(reading(SVR, "700 dyn s/cm5")).refusals
    for told in (f"{MAP} '78 mmHg'", "central venous pressure '13 mmHg'", "cardiac output '3.9 L/min'"):
        assert told in refusal.says


def test_a_mean_pressure_above_the_systolic_one_is_of_no_patient() -> None:
    """safety/30-pressure-and-blood.toml warns of it; here nothing may be learned from a mean that may be the slip."""
    refusal = beside(reading("systolic blood pressure", "70 mmHg", "07:42")).refusals[-1]  # after the plan's own stop
    assert refusal.id == "conflicting-data" and "do not stand in this order" in refusal.says
    own = predict_circulation(all_eight({"systolic blood pressure": "70 mmHg"}))
    assert own.refusals[0].says == refusal.says and not own.moments


def test_what_was_measured_at_another_time_contradicts_nothing() -> None:
    assert beside(reading(SVR, "600 dyn s/cm5", "06:00")).status is CourseStatus.EXPECTED
    indices = (BEFORE[0], BEFORE[1], reading(INDEX, "1.9 L/min/m2", "01:30"))
    assert course(bed(*indices, *ON, administrations=[RUNS])).status is CourseStatus.EXPECTED
    small = {"born": "1958-03-02", "sex": "male", "weight": "82 kg"}
    unsized = course(bed(*BEFORE, *ON, reading(INDEX, "3.9 L/min/m2", "07:50"), administrations=[RUNS], patient=small))
    assert unsized.status is CourseStatus.EXPECTED


@pytest.mark.parametrize(
    "entry",
    [
        given("norepinephrine", "02:00", end=at("07:50")),
        given("norepinephrine", "07:55"),
        given("dobutamine", "07:45", "5 mcg/kg/min"),
        given("esmolol", "07:45", "50 mcg/kg/min"),
        {"of": "sodium chloride 0.9 %", "start": at("07:45"), "dose": "500 mL"},
        {"of": "furosemide", "start": at("07:50"), "dose": "40 mg"},
    ],
)
def test_a_change_after_the_newest_reading_makes_it_one_of_another_time(entry: dict[str, str]) -> None:
    found = course(bed(administrations=[entry]))
    assert found.status is CourseStatus.REFUSED
    assert found.refusals[0].id == "bedside-changed" and "since 2026-11-22 07:40" in found.refusals[0].says
    assert entry["of"] in found.refusals[0].says


def test_what_goes_on_as_it_was_does_not() -> None:
    for entry in (given("norepinephrine", "02:00"), {"of": "paracetamol", "start": at("07:50"), "dose": "1 g"}):
        assert course(bed(administrations=[entry])).status is CourseStatus.EXPECTED
    assert course(bed(medicines=["norepinephrine"])).status is CourseStatus.EXPECTED


def test_what_ended_before_the_newest_reading_is_in_it() -> None:
    fluid = {"of": "sodium chloride 0.9 %", "start": at("06:00"), "end": at("07:00"), "dose": "500 mL"}
    ended = [given("norepinephrine", "02:00", end=at("07:40")), given("norepinephrine", "07:50", "0 mcg/kg/min"), fluid]
    assert course(bed(administrations=ended)).status is CourseStatus.EXPECTED


def test_readings_of_days_ago_are_no_readings_of_now() -> None:
    long_ago = [{**item, "at": "2026-11-20T01:30:00+01:00"} for item in BEFORE]
    runs = {**RUNS, "start": "2026-11-20T02:00:00+01:00"}
    found = course(bed(*long_ago, administrations=[runs]))
    assert found.status is CourseStatus.REFUSED and found.refusals[0].id == "circulation-incomplete"
    assert all("older than 24 h, and tells nothing of now" in line for line in found.left_out)
    pressure = course(bed(*long_ago, ON[0], administrations=[runs]))
    assert pressure.refusals[0].needs == (RATE, "cardiac output or cardiac index")


def test_dobutamine_that_was_set_to_zero_is_beside_the_drug_no_more() -> None:
    ran = [given("dobutamine", "01:00", "5 mcg/kg/min"), given("dobutamine", "03:00", "0 mcg/kg/min")]
    assert not any("Beside dobutamine" in line for line in course(bed(administrations=ran)).says)
    assert any("Beside dobutamine" in line for line in course(bed(administrations=ran[:1])).says)
