"""A patient whose age was written as an age grows older in a course, as one with a date of birth does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from inotrope.course.meaning.aging import aged
from inotrope.course.meaning.as_of import case_now
from inotrope.course.meaning.recording import record_case, record_given, record_reading
from inotrope.patient import read_case
from tests.course.meaning.ward import START, Ward, adult, at, rate, reading, written

NEWBORN = {"sex": "male", "weight": "1.1 kg", "age": "12 h", "gestational_age": "27+3"}


@pytest.mark.parametrize(
    ("age", "hours", "says"),
    [
        ("12 h", 0, "12 h"),
        ("12 h", 72, "84 h"),
        ("12 h", 0.25, "12.25 h"),
        ("3 days", 36, "4.5 day"),
        ("2 weeks", 168, "3 week"),
        ("68 years", 72, "68 years"),
        ("68 years", 8767, "69 year"),
        ("12 h", -5, "12 h"),  # a clock that was set back makes nobody younger
        ("soon", 5, "soon"),
    ],
)
def test_an_age_some_hours_later(age: str, hours: float, says: str) -> None:
    found = aged({"sex": "male", "age": age}, written=written(0), now=at(hours))
    assert found == {"sex": "male", "age": says}


def test_a_date_of_birth_needs_nothing() -> None:
    assert aged({"born": "1958-03-02"}, written=written(0), now=at(999)) == {"born": "1958-03-02"}


def of_now(bed: Ward) -> Any:
    return read_case(case_now(bed.events, bed.store.document, bed.now).case)


@pytest.mark.hazard("adult-dose-for-somebody-else")
def test_a_newborn_leaves_its_first_hours_and_what_was_measured_in_them_is_not_before_its_birth(
    empty_bed: Ward,
) -> None:
    bed = empty_bed
    record_case(bed.by(), adult(patient=NEWBORN, measurements=[reading("heart rate", "150 /min", -1)]))
    record_given(bed.set(1).by(), rate("0.5 mcg/kg/min", 1))
    bed.set(72)
    assert of_now(bed).postnatal_age.in_unit("h") == 84
    record_reading(bed.by(), reading("heart rate", "140 /min", 40))  # a day ago: the newborn was 52 h old
    assert len(of_now(bed).measurements) == 2


def test_no_rewriting_of_the_case_holds_its_age_back(empty_bed: Ward) -> None:
    bed = empty_bed
    record_case(bed.by(), adult(patient=NEWBORN, measurements=[]))
    for number in range(1, 30):
        bed.set(number * 0.7)
        case = dict(case_now(bed.events, bed.store.document, bed.now).case)
        record_case(bed.by(), {**case, "authority": f"authority {number}"})
        told = [text.partition(" ")[0] for text in bed.events[-1].body["changed"]]
        assert told == ["authority"]  # that it grew older is no edit
    assert abs(float(of_now(bed).postnatal_age.in_unit("h")) - (12 + 29 * 0.7)) < 0.2


def test_two_edits_at_two_moments_do_not_conflict_in_the_age(empty_bed: Ward) -> None:
    bed = empty_bed
    record_case(bed.by(), adult(patient=NEWBORN, measurements=[]))
    mine = dict(case_now(bed.events, bed.store.document, at(2)).case)
    theirs = dict(case_now(bed.events, bed.store.document, at(3)).case)
    seen = bed.last
    record_case(bed.set(3).by("Baker"), {**theirs, "authority": "UK text"})
    record_case(bed.by("Clark", seen=seen), {**mine, "medicines": ["furosemide"]})
    found = case_now(bed.events, bed.store.document, bed.now).case
    assert found["medicines"] == ["furosemide"] and found["authority"] == "UK text"
    assert found["patient"]["age"] == "15 h"
    assert datetime.fromisoformat(found["now"]) == at(3) > START
