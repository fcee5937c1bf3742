"""The lines of a course over time, and one event in one sentence."""

from __future__ import annotations

from decimal import Decimal

from inotrope.course.meaning.as_of import case_now, make_course_plan
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.recording import correct, record_case, record_given, record_plan, record_reading
from inotrope.course.meaning.telling import told
from inotrope.course.meaning.timeline import timeline
from inotrope.units import Quantity
from tests.course.meaning.ward import Ward, adult, at, rate, reading

RATE = Quantity(Decimal("0.375"), "mcg/kg/min")
PAUSED = Quantity(Decimal(0), "mcg/kg/min")


def test_a_rate_that_runs_has_no_end_and_a_pause_lies_between_two(bed: Ward) -> None:
    for value, hours in (("0.375 mcg/kg/min", 1), ("0 mcg/kg/min", 3), ("0.375 mcg/kg/min", 5)):
        record_given(bed.set(hours).by(), rate(value, hours))
    spans = timeline(bed.events, bed.store.document, until=at(6)).rates
    assert [(span.start, span.end, span.rate) for span in spans] == [
        (at(1), at(3), RATE),
        (at(3), at(5), PAUSED),
        (at(5), None, RATE),
    ]


def test_the_levels_that_the_last_plan_foresees_begin_at_its_own_moment(bed: Ward) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 0.5))
    found = case_now(bed.events, bed.store.document, bed.now)
    kept = record_plan(bed.by(), make_course_plan(found), case=found.text).event
    foreseen = timeline(bed.events, bed.store.document, until=at(2)).foreseen
    assert foreseen is not None
    assert (foreseen.number, foreseen.times[0]) == (kept.number, at(1))
    assert len(foreseen.times) == len(foreseen.median) == len(foreseen.low) == len(foreseen.high)
    assert all(
        low <= middle <= high for low, middle, high in zip(foreseen.low, foreseen.median, foreseen.high, strict=True)
    )


def test_a_plan_without_levels_foresees_none(bed: Ward) -> None:
    record_case(
        bed.set(1).by(), adult(now=at(1).isoformat(), conditions={"severe obstructive aortic valve disease": "present"})
    )
    found = case_now(bed.events, bed.store.document, bed.now)
    record_plan(bed.by(), make_course_plan(found, forecast=False), case=found.text)
    assert timeline(bed.events, bed.store.document, until=at(2)).foreseen is None


def test_a_correction_that_was_struck_out_says_what_it_had_been(bed: Ward) -> None:
    slip = record_reading(bed.set(1).by(), reading("mean arterial pressure", "47 mmHg", 0.5)).event
    mend = correct(
        bed.by(), slip.number, why="it was 74", instead=reading("mean arterial pressure", "74 mmHg", 0.5)
    ).event
    struck = correct(bed.by(), mend.number, why="it was 47 after all").event
    corrections = Corrections(bed.events)
    assert told(mend, corrections) == (
        f"event {slip.number} corrected: it was 74 (struck out by event {struck.number})"
    )
