"""Whether a creatinine is changing, its KDIGO stage, and values that contradict each other. Cuts: facts/patient.md."""

from __future__ import annotations

import pytest

from inotrope.findings import Truth
from inotrope.patient.creatinine import creatinine_course
from inotrope.patient.vocabulary import vocabulary

CREATININE, BASELINE, URINE = "serum creatinine", "baseline creatinine", "urine output"


@pytest.mark.parametrize(
    ("items", "stage", "changing"),
    [
        # nothing to compare with
        ([(CREATININE, "1 mg/dL", 2)], None, False),
        # 0.3 mg/dL within 48 h
        ([(CREATININE, "2 mg/dL", 50), (CREATININE, "2.3 mg/dL", 2)], 1, True),
        ([(CREATININE, "2 mg/dL", 50.1), (CREATININE, "2.3 mg/dL", 2)], 0, False),
        ([(CREATININE, "2 mg/dL", 50), (CREATININE, "2.29 mg/dL", 2)], 0, False),
        # 1.5, 2 and 3 times an earlier value of the last 7 days, or the baseline
        ([(CREATININE, "0.4 mg/dL", 170), (CREATININE, "0.6 mg/dL", 2)], 1, True),  # 0.6 / 0.4 = 1.5, 168 h apart
        ([(CREATININE, "0.4 mg/dL", 170.1), (CREATININE, "0.6 mg/dL", 2)], None, False),
        ([(BASELINE, "1 mg/dL", 5000), (CREATININE, "1.49 mg/dL", 2)], 0, False),
        ([(BASELINE, "1 mg/dL", 5000), (CREATININE, "1.5 mg/dL", 2)], 1, True),
        ([(BASELINE, "1 mg/dL", 5000), (CREATININE, "1.99 mg/dL", 2)], 1, True),
        ([(BASELINE, "1 mg/dL", 5000), (CREATININE, "2 mg/dL", 2)], 2, True),
        ([(BASELINE, "1 mg/dL", 5000), (CREATININE, "3 mg/dL", 2)], 3, True),
        # 4 mg/dL is stage 3 when it is a rise, and no stage when it is the usual value
        ([(CREATININE, "3.7 mg/dL", 40), (CREATININE, "4 mg/dL", 2)], 3, True),
        ([(BASELINE, "4.4 mg/dL", 5000), (CREATININE, "4.5 mg/dL", 2)], 0, False),
        # 20 % within 24 h, up or down
        ([(CREATININE, "1 mg/dL", 26), (CREATININE, "1.2 mg/dL", 2)], 0, True),
        ([(CREATININE, "1 mg/dL", 26), (CREATININE, "1.19 mg/dL", 2)], 0, False),
        ([(CREATININE, "1 mg/dL", 26.1), (CREATININE, "1.2 mg/dL", 2)], 0, False),
        ([(CREATININE, "2 mg/dL", 26), (CREATININE, "1.6 mg/dL", 2)], 0, True),
        ([(CREATININE, "2 mg/dL", 26), (CREATININE, "1.61 mg/dL", 2)], 0, False),
    ],
)
def test_stage_and_change(measured, items, stage: int | None, changing: bool) -> None:
    course = creatinine_course(measured(*items, conditions={"oliguria": "absent"}))
    assert course.kdigo_stage == stage
    assert course.changing is (Truth.UNKNOWN if len(items) == 1 else Truth.of(changing))
    assert bool(course.because) is changing


def test_reasons_name_the_values(measured) -> None:
    course = creatinine_course(measured((CREATININE, "1 mg/dL", 14), (CREATININE, "1.5 mg/dL", 2)))
    assert course.because == (
        "creatinine rose from 1 mg/dL (an earlier value) to 1.5 mg/dL: KDIGO stage 1",
        "creatinine rose by 50 % within 24 h",
    )
    course = creatinine_course(measured((CREATININE, "2 mg/dL", 14), (CREATININE, "1.5 mg/dL", 2)))
    assert course.because == ("creatinine fell by 25 % within 24 h",)
    course = creatinine_course(measured((BASELINE, "1 mg/dL", 99), (CREATININE, "2 mg/dL", 2)))
    assert course.because == ("creatinine rose from 1 mg/dL (the baseline) to 2 mg/dL: KDIGO stage 2",)
    course = creatinine_course(measured((CREATININE, "2 mg/dL", 40), (CREATININE, "2.3 mg/dL", 2)))
    assert course.because == ("creatinine rose from 2 mg/dL (an earlier value) to 2.3 mg/dL: KDIGO stage 1",)


def test_without_a_creatinine_the_change_is_unknown(measured) -> None:
    course = creatinine_course(measured())
    assert (course.newest, course.age, course.changing, course.kdigo_stage) == (None, None, Truth.UNKNOWN, None)
    assert course.needs == ("serum creatinine", "oliguria")


TWO = [(CREATININE, "1 mg/dL", 26), (CREATININE, "1 mg/dL", 2)]


@pytest.mark.parametrize(
    ("items", "oliguria", "changing", "needs"),
    [
        (TWO, "absent", Truth.ABSENT, ()),
        (TWO, None, Truth.UNKNOWN, ("oliguria",)),  # false or unknown is unknown
        (TWO[1:], "absent", Truth.UNKNOWN, ("serum creatinine",)),
        (TWO[1:], None, Truth.UNKNOWN, ("serum creatinine", "oliguria")),
        (TWO[1:], "present", Truth.PRESENT, ("serum creatinine",)),  # true or unknown is true
        ([*TWO, (URINE, "1 mL/kg/h", 1)], None, Truth.ABSENT, ()),
        ([*TWO, (URINE, "0.4 mL/kg/h", 1)], "absent", Truth.PRESENT, ()),  # the measurement speaks louder
    ],
)
def test_truths_of_creatinine_and_urine(measured, items, oliguria, changing: Truth, needs) -> None:
    course = creatinine_course(measured(*items, **({} if oliguria is None else {"conditions": {"oliguria": oliguria}})))
    assert (course.changing, course.needs) == (changing, needs)


# --- urine


def test_oliguria_by_its_name(build) -> None:
    assert creatinine_course(build(conditions={"oliguria": "present"})).because == ("oliguria is present",)
    course = creatinine_course(build(conditions={"oliguria": "present"}, measurements=[]))
    assert course.changing is Truth.PRESENT  # true or unknown is true


@pytest.mark.parametrize(
    ("value", "hours", "low"),
    [
        ("0.49 mL/kg/h", 1, True),
        ("0.5 mL/kg/h", 1, False),
        ("39 mL/h", 1, True),  # 39 / 80 kg = 0.49
        ("40 mL/h", 1, False),  # 40 / 80 kg = 0.5
        ("0.1 mL/kg/h", 24, True),
        ("0.1 mL/kg/h", 24.1, False),  # yesterday's
    ],
)
def test_oliguria_by_measurement(measured, value: str, hours: float, low: bool) -> None:
    course = creatinine_course(measured(*TWO, (URINE, value, hours)))
    assert course.changing is (Truth.PRESENT if low else Truth.UNKNOWN if hours > 24 else Truth.ABSENT)
    if low:
        assert course.because[0].endswith("below 0.5 mL/kg/h")


@pytest.mark.parametrize(
    ("urine", "stage"),
    [
        ([("0.6", 1)], 0),
        ([("0.4", 1)], 0),  # low, for how long nobody knows
        ([("0.4", 7), ("0.4", 1)], 1),  # 6 h
        ([("0.4", 7), ("0.6", 4), ("0.4", 1)], 0),  # broken
        ([("0.4", 13), ("0.4", 1)], 2),  # 12 h
        ([("0.2", 25), ("0.2", 1)], 3),  # below 0.3 for 24 h
        ([("0.2", 24), ("0.2", 1)], 2),
        ([("0", 13), ("0", 1)], 3),  # none for 12 h
    ],
)
def test_stage_by_urine(measured, urine, stage: int) -> None:
    items = [(URINE, f"{value} mL/kg/h", hours) for value, hours in urine]
    assert creatinine_course(measured(*items)).kdigo_stage == stage


@pytest.mark.parametrize("what", ["CRRT", "hemodialysis", "peritoneal dialysis"])
def test_replacement_is_stage_3_and_no_change(measured, what: str) -> None:
    support = [{"what": what, "start": "2026-11-22T01:00:00+01:00"}]
    course = creatinine_course(measured(*TWO, support=support, conditions={"oliguria": "absent"}))
    assert course.kdigo_stage == 3
    assert course.changing is Truth.ABSENT
    known = vocabulary().support(what)
    assert known is not None and known.name == what


# --- contradictions


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("1.0 mg/dL", "2.0 mg/dL", True),
        ("1.4 mg/dL", "1.5 mg/dL", True),
        ("1.0 mg/dL", "1 mg/dL", False),
        ("1.2 mg/dL", "106 umol/L", False),  # 106 x 113.12 / 10,000 = 1.199
        ("0.9 mg/dL", "80 umol/L", False),  # 0.905, inside the rounding of 0.9
        ("1.2 mg/dL", "120 umol/L", True),  # 1.357
        ("10 mg/L", "1.0 mg/dL", False),
    ],
)
def test_two_values_of_one_moment(measured, one: str, other: str, differ: bool) -> None:
    course = creatinine_course(measured((CREATININE, one, 2), (CREATININE, other, 2)))
    assert (course.conflict is not None) is differ
    if course.conflict is not None:
        assert [item.as_written for item in course.conflict] == [one, other]


def test_an_old_contradiction_is_left_alone(measured) -> None:
    old = [(CREATININE, "1 mg/dL", 171), (CREATININE, "2 mg/dL", 171)]
    assert creatinine_course(measured(*old, (CREATININE, "1 mg/dL", 2))).conflict is None
    recent = [(CREATININE, "1 mg/dL", 100), (CREATININE, "2 mg/dL", 100)]
    assert creatinine_course(measured(*recent, (CREATININE, "1 mg/dL", 2))).conflict is not None
