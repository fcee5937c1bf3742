"""The shipped three days: played, looked at over time, handed over, and computed anew."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from inotrope.course.meaning import playing
from inotrope.course.meaning.handover import handover
from inotrope.course.meaning.playing import example_courses, played, read_script
from inotrope.course.meaning.recording import record_case, record_given, record_happened, record_reading
from inotrope.course.meaning.replaying import replay
from inotrope.course.meaning.timeline import NOTHING, timeline
from inotrope.errors import CourseError, FileError
from tests.course.meaning.story import Story, three_days
from tests.course.meaning.ward import DRUG, Ward, adult, at, rate, reading, written

EVENING = datetime.fromisoformat("2026-11-23T20:21:00+01:00")
END = datetime.fromisoformat("2026-11-24T20:00:00+01:00")
STEPS = [{"at": written(0), "by": "Adams", "do": "case", "case": adult()}]


@pytest.fixture(scope="module")
def story() -> Story:
    return three_days()


def test_every_plan_of_the_story_is_the_same_when_computed_anew(story: Story) -> None:
    plans = [event.number for event in story.events if event.kind == "planned"]
    assert len(plans) == 6
    for number in plans[:2]:  # each takes as long as a plan; the command line's test looks at all
        again = replay(story.events, story.documents, number)
        assert again.same and not again.versions


def test_the_rates_are_those_that_were_given_with_the_pause_between(story: Story) -> None:
    found = timeline(story.events, story.documents, until=END)
    told = [(f"{item.start:%d %H:%M}", str(item.rate.value), item.end is None) for item in found.rates]
    assert told == [
        ("22 08:30", "0.375", False),
        ("22 12:30", "0.5", False),
        ("23 01:55", "0", False),
        ("23 03:40", "0.375", False),
        ("23 09:00", "0.25", False),
        ("23 20:30", "0.2", False),
        ("24 09:00", "0.125", False),
        ("24 15:00", "0", True),
    ]
    assert [str(item.dose) for item in found.doses] == ["50 mcg/kg"]
    assert [item.as_written for item in found.levels] == ["231 ng/mL", "302 ng/mL", "334 ng/mL", "248 ng/mL"]


def test_a_course_that_fell_silent_is_drawn_up_to_its_last_event(story: Story) -> None:
    later = timeline(story.events, story.documents, until=END.replace(year=2031))
    assert later.until == END
    assert later.says == ("Nothing was recorded after 2026-11-24 20:00: the timeline ends there.",)
    assert timeline(story.events, story.documents, until=END).says == ()


def test_a_clearance_stands_beside_each_creatinine(story: Story) -> None:
    found = timeline(story.events, story.documents, until=END)
    # Cockcroft-Gault, 68 years, 82 kg, 1.1 mg/dL: (140 - 68) x 82 / (72 x 1.1) = 74.5 mL/min on 2.01 m2 (Mosteller:
    # the root of 178 x 82 / 3600) makes 64 mL/min/1.73 m2.
    assert [point.as_written for point in found.creatinine] == ["1.1 mg/dL", "1.1 mg/dL", "1.9 mg/dL", "2.7 mg/dL"]
    first = found.clearance[0].value
    assert first is not None and float(first.value) == pytest.approx(74.545 * 1.73 / (178 * 82 / 3600) ** 0.5, rel=1e-4)


def test_on_a_machine_no_creatinine_tells_the_clearance(bed: Ward) -> None:
    bed.set(4)
    record_happened(bed.by(), "support", {"what": "CRRT", "start": written(1)})
    record_reading(bed.by(), reading("serum creatinine", "1.4 mg/dL", 3))
    found = timeline(bed.events, bed.store.document, until=bed.now)
    assert found.clearance[-1].value is None
    assert "machine" in found.clearance[-1].because


def test_a_patient_whose_clearance_cannot_be_told_says_why(empty_bed: Ward) -> None:
    bed = empty_bed
    child = adult(patient={"born": "2022-03-02", "sex": "male", "weight": "15 kg"}, measurements=[], now=written(0))
    child["measurements"] = [reading("serum creatinine", "0.4 mg/dL", -1)]
    record_case(bed.by(), child)
    found = timeline(bed.events, bed.store.document, until=at(1))
    assert found.clearance[0].value is None and found.clearance[0].because


def test_other_drugs_and_machines_that_ended_have_their_ends(bed: Ward) -> None:
    bed.set(6)
    norepinephrine = {"of": "norepinephrine", "start": written(1), "rate": "0.05 mcg/kg/min"}
    record_given(bed.by(), norepinephrine)
    record_given(bed.by(), {**norepinephrine, "start": written(3), "rate": "0.1 mcg/kg/min"})
    record_given(bed.by(), {**norepinephrine, "start": written(5), "rate": "0 mcg/kg/min"})
    record_given(bed.by(), {"of": "digoxin", "start": written(2), "dose": "0.25 mg"})
    record_happened(bed.by(), "support", {"what": "CRRT", "start": written(1), "end": written(2), "effluent": "2 L/h"})
    record_happened(bed.by(), "support", {"what": "ECMO", "start": written(1), "end": written(20)})
    found = timeline(bed.events, bed.store.document, until=bed.now)
    others = [(item.what, item.start, item.end, item.says) for item in found.others]
    assert others == [
        ("norepinephrine", at(1), at(3), "0.05 mcg/kg/min"),
        ("digoxin", at(2), at(2), "0.25 mg"),
        ("norepinephrine", at(3), at(5), "0.1 mcg/kg/min"),
    ]
    assert [(item.what, item.end, item.says) for item in found.machines] == [
        ("CRRT", at(2), "effluent 2 L/h"),
        ("ECMO", None, ""),
    ]
    assert found.rates == ()
    assert found.foreseen is None


def test_a_rate_that_ended_by_itself_is_followed_by_nothing(bed: Ward) -> None:
    bed.set(6)
    record_given(bed.by(), {**rate("0.375 mcg/kg/min", 1), "end": written(3)})
    found = timeline(bed.events, bed.store.document, until=bed.now)
    assert [(item.start, item.end, item.rate) for item in found.rates][1] == (at(3), None, NOTHING)


@pytest.mark.parametrize("forecast", [None, {"models": [], "first": None}])
def test_a_plan_without_a_curve_foresees_nothing(story: Story, forecast: Any) -> None:
    number = story.number_of("planned")
    event = story.events[number - 1]
    plan = {**json.loads(story.documents(event.body["plan"])), "forecast": forecast}

    def documents(name: str) -> str:
        return json.dumps(plan) if name == event.body["plan"] else story.documents(name)

    assert timeline(story.up_to(number), documents, until=event.at).foreseen is None


def test_the_hand_over_says_how_old_each_value_is_and_what_was_before(story: Story) -> None:
    known = tuple(event for event in story.events if event.recorded <= EVENING)
    found = handover(known, story.documents, now=EVENING)
    values = {item.what: item for item in found.values}
    creatinine = values["serum creatinine"]
    assert (creatinine.as_written, creatinine.before) == ("2.7 mg/dL", "1.9 mg/dL")
    assert float(creatinine.age.value) == pytest.approx(141 / 60)  # 18:00 to 20:21
    assert found.last_plan is not None and found.last_plan.number == 37
    assert found.changed_since == 0
    assert [item.kind for item in found.decided] == ["confirmed", "confirmed", "corrected"]
    assert found.head == known[-1].hash


def test_a_plan_that_was_made_already_is_not_made_again(story: Story) -> None:
    made = handover(story.events, story.documents, now=END).plan
    assert handover(story.events, story.documents, now=END, plan=made).plan is made


def test_a_database_that_holds_courses_takes_no_story(bed: Ward) -> None:
    with (
        pytest.raises(CourseError, match="holds courses already"),
        played({"steps": STEPS}, bed.store.database.address),
    ):  # type: ignore[arg-type]
        pass


def test_a_script_has_every_step_that_a_course_can_hold(tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [
        *STEPS,
        {"do": "override", "rule": "severe-valve-obstruction", "reason": "bridge to surgery tonight"},
        {"do": "happened", "section": "medicines", "entry": "digoxin"},
        {"do": "happened", "section": "medicines", "entry": "digoxin", "ended": True},
        {"do": "note", "text": "a note"},
        {"do": "correct", "of": 6, "why": "wrong bed"},
        {"do": "given", "entry": rate("0.375 mcg/kg/min", 0)},
        {"do": "close", "why": "moved"},
    ]
    steps = [{"at": written(0), "by": "Adams", **step} for step in steps]
    with played({"id": "one", "label": "bed", "steps": steps}, tmp_path / "one.sqlite") as (store, course):
        kinds = [event.kind for event in store.events(course)]
    assert kinds == ["opened", "case", "overridden", "happened", "happened", "noted", "corrected", "rate", "closed"]


def test_a_setting_that_the_plan_has_not_is_refused(tmp_path: Path) -> None:
    confirm = {"at": written(0), "by": "Baker", "do": "confirm", "setting": "step up", "first": "Adams"}
    steps = [*STEPS, {**confirm, "code": "1", "enters": {}}]
    with (
        pytest.raises(CourseError, match="no setting 'step up'; it has: start"),
        played({"id": "one", "label": "bed", "steps": steps}, tmp_path / "one.sqlite"),
    ):
        pass


def test_the_shipped_courses_are_known_by_name() -> None:
    assert example_courses() == ("three-days",)
    with pytest.raises(FileError, match="three-days"):
        read_script("three-nights")
    script = read_script("three-days")
    assert set(playing._STEPS) >= {step["do"] for step in script["steps"]}
    assert "no example of treatment" in script["about"]
    assert all(step["entry"]["of"] == DRUG for step in script["steps"] if step["do"] == "given")
