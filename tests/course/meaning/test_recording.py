"""What is written into a course: facts of everybody, edits that are merged, and nothing that means nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from inotrope.course.meaning.as_of import case_now
from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.merging import Conflict
from inotrope.course.meaning.recording import (
    close,
    correct,
    is_closed,
    note,
    record_case,
    record_given,
    record_happened,
    record_level,
    record_override,
    record_reading,
    reopen,
)
from inotrope.errors import CaseError, CourseError, InotropeError, Overtaken, UnitError
from tests.course.meaning.ward import START, Ward, adult, at, level, rate, reading, ward, written


@pytest.fixture
def bed(database: str) -> Iterator[Ward]:
    """On SQLite and on PostgreSQL: opened (1), case (2)."""
    with ward(database) as made:
        yield made


@pytest.fixture
def empty_bed(database: str) -> Iterator[Ward]:
    with ward(database, empty=True) as made:
        yield made


def folded(bed: Ward) -> dict[str, Any]:
    return fold(bed.events, bed.store.document)


def test_every_fact_stands_in_the_case_at_its_own_time(bed: Ward) -> None:
    bed.set(6)
    kept = [
        record_given(bed.by(), rate("0.375 mcg/kg/min", 1)),
        record_level(bed.by(), level("180 ng/mL", 5)),
        record_reading(bed.by(), reading("serum creatinine", "1.4 mg/dL", 4)),
        record_happened(bed.by(), "events", {"what": "ventricular tachycardia", "at": written(3)}),
    ]
    assert [item.event.at for item in kept] == [at(1), at(5), at(4), at(3)]
    case = folded(bed)
    assert case["administrations"] == [rate("0.375 mcg/kg/min", 1)]
    assert case["measurements"][-2:] == [reading("serum creatinine", "1.4 mg/dL", 4), level("180 ng/mL", 5)]
    assert case["events"] == [{"what": "ventricular tachycardia", "at": written(3)}]


def test_whoever_writes_later_is_told_and_not_refused(bed: Ward) -> None:
    bed.set(2)
    first = record_given(bed.by("Adams", seen=2), rate("0.375 mcg/kg/min", 1))
    second = record_reading(bed.by("Baker", seen=2), reading("heart rate", "92 /min", 2))
    assert first.came_meanwhile == ()
    assert second.came_meanwhile == (first.event,)


def test_the_same_form_sent_twice_is_one_event(bed: Ward) -> None:
    bed.set(2)
    first = record_given(bed.by(seen=2, token="one form"), rate("0.375 mcg/kg/min", 1))
    again = record_given(bed.by(seen=2, token="one form"), rate("0.375 mcg/kg/min", 1))
    assert again.repeated and again.event == first.event
    assert len(folded(bed)["administrations"]) == 1


@pytest.mark.parametrize(
    ("entry", "kind", "where"),
    [
        (rate("5 mL/h", 1), UnitError, "rate"),
        (rate("0.375", 1), UnitError, "rate"),
        (rate("0.375 mcg/kg/min", 30), CaseError, "start"),
        ({"of": "milrinone", "start": written(1)}, CaseError, "administrations"),
        ({**rate("0.375 mcg/kg/min", 1), "speed": "fast"}, CaseError, "speed"),
    ],
)
def test_what_is_wrong_never_becomes_an_event_and_names_its_field(
    bed: Ward, entry: dict[str, Any], kind: type[InotropeError], where: str
) -> None:
    bed.set(2)
    with pytest.raises(kind) as found:
        record_given(bed.by(), entry)
    assert found.value.where == where
    assert bed.last == 2


def test_a_clock_that_was_set_back_makes_no_later_entry_wrong(bed: Ward) -> None:
    bed.set(10)
    record_reading(bed.by(), reading("heart rate", "92 /min", 10))
    bed.set(8)
    record_reading(bed.by(), reading("heart rate", "90 /min", 8))
    record_reading(bed.by(), reading("heart rate", "91 /min", 9))
    assert bed.last == 5


def test_two_edits_of_one_case_are_merged(bed: Ward) -> None:
    mine, theirs = adult(), adult()
    mine["patient"]["weight"] = "84 kg"
    theirs["medicines"] = [*theirs["medicines"], "digoxin"]
    record_case(bed.by("Adams", seen=2), theirs)
    record_case(bed.by("Baker", seen=2), mine)
    case = folded(bed)
    assert case["patient"]["weight"] == "84 kg"
    assert "digoxin" in case["medicines"]


def test_an_edit_that_did_not_see_a_fact_keeps_it(bed: Ward) -> None:
    bed.set(2)
    record_given(bed.by(seen=2), rate("0.375 mcg/kg/min", 1))
    mine = adult()
    mine["conditions"]["pregnancy"] = "unknown"
    record_case(bed.by("Baker", seen=2), mine)
    case = folded(bed)
    assert case["administrations"] == [rate("0.375 mcg/kg/min", 1)]
    assert case["conditions"]["pregnancy"] == "unknown"


def test_an_edit_does_not_lose_what_a_clock_that_was_ahead_had_written(bed: Ward) -> None:
    bed.set(10)
    record_reading(bed.by(), reading("heart rate", "92 /min", 10))
    bed.set(5)
    found = case_now(bed.events, bed.store.document, bed.now)  # what lies ahead is not in it
    edited = {**found.case, "medicines": ["digoxin"]}
    record_case(bed.by(), edited)
    case = folded(bed)
    assert reading("heart rate", "92 /min", 10) in case["measurements"]
    assert case["medicines"] == ["digoxin"]


def test_a_value_that_both_changed_differently_is_refused_with_both(bed: Ward) -> None:
    mine, theirs = adult(), adult()
    mine["patient"]["weight"], theirs["patient"]["weight"] = "84 kg", "48 kg"
    came = record_case(bed.by("Adams", seen=2), theirs)
    with pytest.raises(Overtaken, match=r"patient\.weight") as found:
        record_case(bed.by("Baker", seen=2), mine)
    assert found.value.conflicts == (Conflict("patient.weight", "82 kg", "84 kg", "48 kg"),)
    assert found.value.came == (came.event,)
    assert "patient.weight (it was '82 kg'; yours is '84 kg', theirs '48 kg')" in found.value.says
    assert bed.last == 3
    record_case(bed.by("Baker"), mine)
    assert folded(bed)["patient"]["weight"] == "84 kg"


def test_two_first_cases_are_one_course_only_where_they_agree(empty_bed: Ward) -> None:
    record_case(empty_bed.by("Adams", seen=1), adult())
    record_case(empty_bed.by("Baker", seen=1), adult())
    other = adult()
    other["patient"]["sex"] = "female"
    with pytest.raises(Overtaken, match=r"patient\.sex"):
        record_case(empty_bed.by("Clark", seen=1), other)


def test_no_fact_without_a_case(empty_bed: Ward) -> None:
    with pytest.raises(CourseError, match="no case yet"):
        record_given(empty_bed.by(), rate("0.375 mcg/kg/min", 0))


def test_a_stop_is_set_aside_for_the_case_as_it_was_seen(bed: Ward) -> None:
    bed.set(2)
    record_given(bed.by(seen=2), rate("0.375 mcg/kg/min", 1))
    with pytest.raises(Overtaken, match="changed since") as found:
        record_override(bed.by("Baker", seen=2), "severe-valve-obstruction", "valve surgery tonight, Dr. Adams")
    assert [event.kind for event in found.value.came] == ["rate"]
    record_override(bed.by("Baker", seen=3), "severe-valve-obstruction", "valve surgery tonight, Dr. Adams")
    note(bed.by("Clark", seen=3), "family informed")
    record_override(bed.by("Baker", seen=4), "severe-valve-obstruction", "valve surgery tonight, Dr. Baker")
    assert bed.last == 6


def test_a_closed_course_takes_late_facts_and_no_decision(bed: Ward) -> None:
    bed.set(2)
    close(bed.by(), "moved to another hospital")
    assert is_closed(bed.events)
    with pytest.raises(CourseError, match="closed already"):
        close(bed.by(), "again")
    record_reading(bed.by(), reading("heart rate", "92 /min", 1))
    with pytest.raises(CourseError, match="Open it again"):
        record_override(bed.by(), "severe-valve-obstruction", "valve surgery tonight")
    reopen(bed.by(), "came back")
    with pytest.raises(CourseError, match="not closed"):
        reopen(bed.by(), "came back")
    assert not is_closed(bed.events)


def test_the_machine_s_own_clock_serves_where_none_is_given(bed: Ward) -> None:

    kept = note(replace(bed.by(), now=None), "looked at")
    assert kept.event.at > START


@pytest.mark.parametrize(
    ("of", "says"), [(99, "no event 99"), (2, "is 'case', and is not corrected"), (1, "is 'opened'")]
)
def test_what_cannot_be_corrected(bed: Ward, of: int, says: str) -> None:
    with pytest.raises(CourseError, match=says):
        correct(bed.by(), of, why="slip")
