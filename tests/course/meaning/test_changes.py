"""What an edit of the whole case says that it changed, and that another person's case is refused."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.course.meaning.changes import MOST_CHANGES, changes
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.recording import record_case, record_given, record_reading
from inotrope.course.meaning.telling import MOST_CHANGES as MOST_TOLD
from inotrope.course.meaning.telling import told
from inotrope.errors import CourseError
from tests.course.meaning.ward import Ward, adult, rate, reading, written

SOMEBODY = {"sex": "female", "weight": "52 kg", "born": "1990-01-01"}


def last_words(bed: Ward) -> str:
    return told(bed.events[-1], Corrections(bed.events))


def test_the_first_case_changed_nothing_and_the_same_again_says_so(bed: Ward) -> None:
    assert told(bed.events[1], Corrections(bed.events)) == "the whole case written"
    record_case(bed.by(), adult())
    assert last_words(bed) == "the whole case written; nothing in it is another"


def test_what_was_taken_out_is_told_before_what_is_new() -> None:
    before = adult(administrations=[rate("0.375 mcg/kg/min", 0)], lines=[], allergies=["penicillin"])
    after = adult(administrations=[], allergies=[], events=[{"what": "bleeding", "at": written(1)}])
    after["patient"] = {**before["patient"], "weight": "8.2 kg"}
    after["preparation"] = {**before["preparation"], "concentration": "1 mg/mL"}
    after["authority"] = "UK text"
    after["support"] = []
    for case in (before, after):
        case.pop("lines" if case is after else "support", None)
    assert changes(before, after) == [
        "taken out: milrinone 0.375 mcg/kg/min of 2026-11-22 08:00",
        "lines: not known any more",
        "taken out: allergy to penicillin",
        "weight 8.2 kg, was 82 kg",
        "bag: concentration 1 mg/mL, was 200 mcg/mL",
        "authority UK text, was nothing",
        "support: none",
        "added: bleeding of 2026-11-22 09:00",
    ]


def test_a_long_list_is_cut_and_counted(bed: Ward) -> None:
    many = [reading("heart rate", f"{rate} /min", -1) for rate in range(60, 60 + MOST_CHANGES + 5)]
    before = adult()
    after = {**before, "measurements": [*before["measurements"], *many]}
    found = changes(before, after)
    assert len(found) == MOST_CHANGES + 1 and found[-1] == "5 more"
    record_case(bed.by(), {**adult(), "measurements": after["measurements"]})
    assert last_words(bed).endswith(f"; {MOST_CHANGES + 1 - MOST_TOLD} more")


@pytest.mark.parametrize(
    "person",
    [
        SOMEBODY,
        {**SOMEBODY, "sex": "male"},  # nothing of the record is left either
        {"sex": "female", "weight": "52 kg", "age": "36 years"},
    ],
)
def test_the_case_of_somebody_else_is_refused(bed: Ward, person: dict[str, str]) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    other = adult(patient=person, measurements=[reading("serum creatinine", "0.7 mg/dL", 0)])
    with pytest.raises(
        CourseError, match=r"the case of somebody else: (fe)?male, .*; this course is of: male"
    ) as refused:
        record_case(bed.by(), {**other, "now": written(1)})
    assert refused.value.where == "patient" and bed.last == 3


@pytest.mark.parametrize("member", [{"sex": "female"}, {"born": "1985-03-02"}, {"weight": "41 kg"}])
def test_one_slip_of_who_the_patient_is_is_mended_and_told(bed: Ward, member: dict[str, str]) -> None:
    case: dict[str, Any] = adult()
    case["patient"] = {**case["patient"], **member}
    record_case(bed.by(), case)
    ((name, value),) = member.items()
    assert f"{name} {value}, was {adult()['patient'][name]}" in last_words(bed)


def test_a_birthday_in_the_course_is_no_other_person(empty_bed: Ward) -> None:
    case = adult(patient={"sex": "male", "weight": "82 kg", "age": "68 years"})
    record_case(empty_bed.by(), case)
    record_reading(empty_bed.by(), reading("heart rate", "90 /min", 0))
    case["patient"] = {**case["patient"], "age": "69 years"}
    record_case(empty_bed.by(), {**case, "measurements": []})
    assert "age 69 years, was 68 years" in last_words(empty_bed)
