"""Nothing is written over: a correction is an event, it can be corrected and taken back, and all of it stays told."""

from __future__ import annotations

import pytest

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.recording import (
    correct,
    note,
    record_given,
    record_happened,
    record_override,
    record_reading,
)
from inotrope.course.meaning.telling import told
from inotrope.course.record import Draft
from inotrope.errors import CaseError, CourseError, UnitError
from tests.course.meaning.ward import Ward, rate, reading, written

SLIP, TRUE, OTHER = (reading("serum creatinine", value, 1) for value in ("14 mg/dL", "1.4 mg/dL", "1.5 mg/dL"))


def creatinines(bed: Ward) -> list[str]:
    case = fold(bed.events, bed.store.document)
    return [item["value"] for item in case["measurements"] if item["at"] == written(1)]


@pytest.fixture
def slipped(bed: Ward) -> Ward:
    """The slip is event 3."""
    bed.set(2)
    record_reading(bed.by(), SLIP)
    return bed


def test_a_correction_stands_instead_and_both_are_told(slipped: Ward) -> None:
    correct(slipped.by("Baker"), 3, why="the point was missed.", instead=TRUE)
    assert creatinines(slipped) == ["1.4 mg/dL"]
    corrections = Corrections(slipped.events)
    assert told(slipped.events[2], corrections) == (
        "serum creatinine 1.4 mg/dL (corrected by event 4; first written: serum creatinine 14 mg/dL)"
    )
    assert told(slipped.events[3], corrections) == (
        "event 3 corrected: the point was missed; now: serum creatinine 1.4 mg/dL"
    )


def test_struck_out_it_is_not_there_and_still_told(slipped: Ward) -> None:
    correct(slipped.by(), 3, why="another patient's")
    assert creatinines(slipped) == []
    corrections = Corrections(slipped.events)
    assert told(slipped.events[2], corrections) == "serum creatinine 14 mg/dL (struck out by event 4)"
    assert told(slipped.events[3], corrections) == "event 3 struck out: another patient's"


def test_a_correction_is_corrected(slipped: Ward) -> None:
    correct(slipped.by(), 3, why="the point", instead=TRUE)
    correct(slipped.by(), 4, why="read anew", instead=OTHER)
    assert creatinines(slipped) == ["1.5 mg/dL"]
    assert Corrections(slipped.events).said(slipped.events[2]).by == (4, 5)


def test_a_correction_that_is_taken_back_was_never_made(slipped: Ward) -> None:
    correct(slipped.by(), 3, why="the point", instead=TRUE)
    correct(slipped.by(), 4, why="no, it was so")
    assert creatinines(slipped) == ["14 mg/dL"]
    corrections = Corrections(slipped.events)
    assert told(slipped.events[2], corrections) == "serum creatinine 14 mg/dL"
    assert told(slipped.events[4], corrections) == "event 4 the correction is taken back: no, it was so"
    correct(slipped.by(), 5, why="it was right after all")
    assert creatinines(slipped) == ["1.4 mg/dL"]


def test_of_two_corrections_of_one_event_the_later_counts(slipped: Ward) -> None:
    correct(slipped.by("Baker", seen=3), 3, why="the point", instead=TRUE)
    second = correct(slipped.by("Clark", seen=3), 3, why="another sample", instead=OTHER)
    assert creatinines(slipped) == ["1.5 mg/dL"]
    assert [event.number for event in second.came_meanwhile] == [4]


def test_a_note_is_corrected_by_words(bed: Ward) -> None:
    note(bed.by(), "bed 4")
    correct(bed.by(), 3, why="wrong bed", instead="bed 5")
    assert (
        told(bed.events[2], Corrections(bed.events)) == "note: bed 5 (corrected by event 4; first written: note: bed 4)"
    )
    assert told(bed.events[3], Corrections(bed.events)) == "event 3 corrected: wrong bed; now: bed 5"
    with pytest.raises(CourseError, match="too little"):
        correct(bed.by(), 3, why="wrong", instead=" ")


def test_a_decision_is_taken_back_and_nothing_stands_in_its_place(bed: Ward) -> None:
    record_override(bed.by(), "severe-valve-obstruction", "bridge to surgery tonight")
    with pytest.raises(CourseError, match="taken back, and made anew"):
        correct(bed.by(), 3, why="no surgery", instead={"rule": "x"})
    correct(bed.by(), 3, why="no surgery tonight")
    assert "struck out" in told(bed.events[2], Corrections(bed.events))


@pytest.mark.parametrize(
    ("instead", "kind", "where"),
    [
        ({**TRUE, "value": "1.4"}, UnitError, "value"),
        ({**TRUE, "at": written(30)}, CaseError, "at"),
        ("1.4 mg/dL", CourseError, None),
        ({**TRUE, "what": "concentration", "of": "milrinone"}, CourseError, "what"),
    ],
)
def test_what_stands_instead_is_proved_as_the_entry_was(
    slipped: Ward, instead: object, kind: type[Exception], where: str | None
) -> None:
    with pytest.raises(kind) as found:
        correct(slipped.by(), 3, why="slip", instead=instead)
    assert getattr(found.value, "where", None) == where
    assert slipped.last == 3


def test_what_stands_instead_is_proved_beside_everything_else(bed: Ward) -> None:
    bed.set(3)
    for hours, clearance in ((1, "1 L/h"), (2, "0.5 L/h")):
        entry = {"what": "CRRT", "start": written(hours), "end": written(hours + 0.5), "clearance": clearance}
        record_happened(bed.by(), "support", entry)
    record_given(bed.by(), rate("0.375 mcg/kg/min", 1))
    moved = {"what": "CRRT", "start": written(1), "end": written(0.5)}
    with pytest.raises(CaseError, match="not after the start"):
        correct(bed.by(), 3, why="slip", instead=moved)
    correct(bed.by(), 3, why="slip", instead={"what": "CRRT", "start": written(1), "end": written(1.6)})
    assert len(fold(bed.events, bed.store.document)["support"]) == 2


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("corrected", {"of": 99, "why": "x", "instead": None}, "event 99 struck out: x"),
        ("corrected", {"of": "2", "why": "x"}, 'corrected: {"of":"2","why":"x"}'),
        ("corrected", {}, "corrected: {}"),
        ("rate", {"entry": "fast"}, 'rate: {"entry":"fast"}'),
        ("dreamt", {"of": "sheep"}, 'dreamt: {"of":"sheep"}'),
        ("planned", {}, "planned: {}"),
    ],
)
def test_what_another_program_wrote_is_told_as_it_is(bed: Ward, kind: str, body: dict[str, object], says: str) -> None:
    event = bed.store.append(bed.course, Draft(kind, bed.now, "eve", body), 2).event
    assert told(event, Corrections(bed.events)) == says


def test_a_fact_that_nobody_can_read_is_an_error_and_not_left_out(bed: Ward) -> None:
    bed.store.append(bed.course, Draft("rate", bed.now, "eve", {"entry": "fast"}), 2)
    with pytest.raises(CourseError, match=r"Event 3 .* nothing that this program can read"):
        fold(bed.events, bed.store.document)
