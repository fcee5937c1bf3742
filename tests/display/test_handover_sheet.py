"""The hand-over: what the next shift must know stands on it, and it is one page of paper."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from inotrope.course.meaning.as_of import case_now, make_course_plan
from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.handover import Handover, handover
from inotrope.course.meaning.recording import (
    close,
    note,
    record_case,
    record_given,
    record_happened,
    record_override,
    record_plan,
    record_reading,
)
from inotrope.display import to_fragment, to_html, to_text
from inotrope.display.handover_sheet import MOST_LINES, MOST_VALUES, handover_sheet
from inotrope.patient import read_case
from inotrope.plan import make_plan
from tests.cli.conftest import CASES
from tests.course.meaning.story import Story, three_days
from tests.course.meaning.ward import adult, at, rate, reading, ward, written

EVENING = datetime.fromisoformat("2026-11-23T20:21:00+01:00")
END = datetime.fromisoformat("2026-11-24T20:00:00+01:00")


@pytest.fixture(scope="module")
def story() -> Story:
    return three_days()


def told(found: Handover) -> str:
    """Return the page's words on one line."""
    return " ".join(to_text(handover_sheet(found), width=120).split())


def page(story: Story, when: datetime) -> Handover:
    known = tuple(event for event in story.events if event.recorded <= when)
    return handover(known, story.documents, now=when)


def test_what_runs_who_decided_and_what_is_next_stand_on_it(story: Story) -> None:
    text = told(page(story, EVENING))
    for words in (
        "0.25 mcg/kg/min, on the pump 6.2 mL/h, running for",
        "male, 68 years, 82 kg",
        "acute decompensated heart failure",
        "oliguria",
        "furosemide",
        "no step upward is allowed now",
        "confirmed by Dr. Adams and nurse Baker: 82 kg, 200 mcg/mL, 12.3 mL/h, 0.5 mcg/kg/min",
        "event 23 corrected: The point was missed",
        "serum creatinine 2.7 mg/dL",
        "three-days 37 ",
    ):
        assert words in text, words


def test_a_refused_plan_names_no_step_and_a_pause_says_since_when(story: Story) -> None:
    text = told(page(story, END))
    assert "paused since 15:00" in text
    assert "This plan names no rate and no step" in text
    assert "CRRT since 2026-11-23 23:00" in text
    assert "10 changes of the case since" in text


def test_before_anything_runs_it_says_what_would_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    with ward(tmp_path_factory.mktemp("before")) as bed:
        text = told(handover(bed.events, bed.store.document, now=at(0.1)))
    assert "nothing of it runs" in text
    assert "whether to start is the prescriber's word" in text
    assert "none was recorded in this course" in text
    assert "Nothing was recorded." in text


def test_a_load_that_is_going_in_stands_on_it_with_what_follows(story: Story) -> None:
    """A first rate with the rate to which it is lowered, and a dose that is drawn up with the infusion after it."""
    found = page(story, EVENING)
    first = {"of": "milrinone", "start": "2026-11-22T06:30:00+01:00", "rate": "0.75 mcg/kg/min"}
    preterm = json.loads((CASES / "preterm-baby.json").read_text(encoding="utf-8")) | {"administrations": [first]}
    text = told(replace(found, plan=make_plan(read_case(preterm), forecast=False)))
    assert text.count("until 09:30; then lower the rate to 0.2 mcg/kg/min: set 0.2 mL/h of milrinone") == 2
    dose = {"of": "milrinone", "start": "2026-11-22T07:55:00+01:00", "dose": "50 mcg/kg", "duration": "10 min"}
    adult = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8")) | {"administrations": [dose]}
    text = told(replace(found, plan=make_plan(read_case(adult), forecast=False)))
    assert "A dose is still going in, until 08:05; the infusion follows it" in text
    assert "0.375 mcg/kg/min, after the dose that is going in until 08:05" in text and "nothing of it runs" not in text


def test_what_has_no_room_is_counted(story: Story) -> None:
    found = page(story, END)
    many = replace(found, values=found.values * 2, lately=found.lately * 5)
    text = told(many)
    assert f"{len(many.values) - MOST_VALUES} other kinds stand in the course" in text
    assert f"{len(many.lately) - MOST_LINES} earlier ones stand in the course." in text


def test_a_pause_its_note_and_the_pressure_behind_it_stand_on_it_whatever_was_measured_since(story: Story) -> None:
    morning = told(page(story, datetime.fromisoformat("2026-11-23T08:41:00+01:00")))
    assert "2026-11-23 01:55, nurse Clark: milrinone 0 mcg/kg/min" in morning
    assert "2026-11-23 03:40, nurse Clark: milrinone 0.375 mcg/kg/min" in morning
    assert "note: Milrinone paused on the word of Dr. Adams by telephone" in morning
    assert "67 mmHg 0.9 h 66 mmHg 54 to 71 mmHg" in morning  # 09:00 on the 22nd: 71; 01:50: 54


def test_what_runs_beside_it_shares_its_line_and_was_confirmed_stands_on_it(tmp_path: Path) -> None:
    with ward(tmp_path) as bed:
        bed.set(1)
        record_given(bed.by(), {"of": "norepinephrine", "start": written(0.5), "rate": "0.05 mcg/kg/min"})
        record_happened(bed.by(), "lines", {"with": ["norepinephrine"]})
        record_given(bed.by(), rate("0.375 mcg/kg/min", 1))
        note(bed.by(), "word " * 200)
        close(bed.by(), "Moved to the ward.")
        text = told(handover(bed.events, bed.store.document, now=at(2)))
    assert "Norepinephrine 0.05 mcg/kg/min since 08:30" in text
    assert "In its line norepinephrine" in text
    assert "no two people have confirmed what runs" in text
    assert "(the whole is event 6 of the course)" in text
    assert "THIS COURSE IS CLOSED Moved to the ward. Nothing more is planned in it." in text


def test_who_confirmed_the_rate_that_runs_stands_on_it(story: Story) -> None:
    afternoon = page(story, datetime.fromisoformat("2026-11-22T16:00:00+01:00"))
    assert afternoon.confirmed == "Dr. Adams and nurse Baker, 2026-11-22 12:20"
    assert page(story, EVENING).confirmed == ""  # 0.25 was set by one person


def test_what_nobody_recorded_is_not_told_as_none(tmp_path: Path) -> None:
    case = adult()
    for part in ("administrations", "support"):
        case.pop(part, None)
    with ward(tmp_path, case=case) as bed:
        text = told(handover(bed.events, bed.store.document, now=at(1)))
    assert "nobody has recorded whether it runs, or was given" in text
    assert "Machines not recorded" in text


def test_a_stop_that_is_set_aside_stands_apart_from_one_that_no_longer_is(tmp_path: Path) -> None:
    reason = "bridge to surgery tonight, Dr. Adams"
    with ward(tmp_path, case=adult(conditions={"severe aortic stenosis": "present"})) as bed:
        record_override(bed.by(), "severe-valve-obstruction", reason)
        stands = told(handover(bed.events, bed.store.document, now=at(1)))
        record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
        fell = handover(bed.events, bed.store.document, now=at(2))
    assert f"Stands [/] 2026-11-22 08:00, Adams: stop 'severe-valve-obstruction' set aside: {reason}" in stands
    assert fell.standing == () and [item.number for item in fell.decided] == [3]


def test_a_pump_that_was_set_by_another_weight_is_told_above_what_runs(tmp_path: Path) -> None:
    with ward(tmp_path) as bed:
        record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
        edited = fold(bed.events, bed.store.document)
        edited["patient"]["weight"], edited["now"] = "41 kg", written(2)
        edited["measurements"] = [item for item in edited["measurements"] if item["what"] != "body weight"]
        record_case(bed.set(2).by(), edited)
        text = told(handover(bed.events, bed.store.document, now=at(2)))
    # The pump goes on with what 0.375 was for 82 kg: for 41 kg that is twice as much.
    assert "THE PUMP Look at the pump." in text and "gives 0.75 mcg/kg/min" in text
    assert text.index("THE PUMP") < text.index("RUNS NOW")
    assert "0.375 mcg/kg/min, set on the pump before the weight or the bag changed: read it there" in text
    assert "the whole case written: taken out: body weight" in text
    assert "weight 41 kg, was 82 kg" in text


def test_a_plan_that_had_not_seen_what_came_while_it_was_made_is_told_as_one_for_another_state(tmp_path: Path) -> None:
    with ward(tmp_path) as bed:
        found = case_now(bed.events, bed.store.document, bed.now)
        made = make_course_plan(found, forecast=False)
        record_reading(bed.by("Baker"), reading("serum potassium", "6.4 mmol/L", 0))
        record_plan(bed.by(seen=found.number), made, case=found.text)
        text = told(handover(bed.events, bed.store.document, now=at(0.1)))
    assert "one change of the case since: it was made for another state" in text


def test_it_is_set_as_one_page(story: Story) -> None:
    sheet = handover_sheet(page(story, EVENING))
    assert '<body class="one-page">' in to_html(sheet)
    inside = str(to_fragment(sheet, name="handover"))
    assert inside.startswith('<div class="one-page">') and '<div class="columns">' in inside


def test_what_is_perhaps_not_all_is_told_as_that(tmp_path: Path) -> None:
    case = {key: value for key, value in adult().items() if key not in ("medicines", "support")}
    with ward(tmp_path, case=case) as bed:
        record_happened(bed.by(), "medicines", "furosemide")
        record_happened(bed.by(), "support", {"what": "ECMO", "start": written(-2), "end": written(-1)})
        text = told(handover(bed.events, bed.store.document, now=at(1)))
    assert "Also given furosemide, perhaps more" in text
    assert "Machines not recorded" in text
    assert "TO KNOW Perhaps there is more than what is recorded: other medicines, machines." in text


def test_a_confirmation_of_something_else_is_none_of_what_runs(story: Story) -> None:
    when = datetime.fromisoformat("2026-11-22T16:00:00+01:00")
    known = [event for event in story.events if event.recorded <= when]
    place = next(index for index, event in enumerate(known) if event.number == 11)
    meant = {key: text for key, text in known[place].body["meant"].items() if key != "concentration"}
    known[place] = replace(known[place], body={**known[place].body, "meant": meant})
    assert handover(tuple(known), story.documents, now=when).confirmed == ""
    without = tuple(event for event in known if event.kind != "confirmed")
    assert handover(without, story.documents, now=when).confirmed == ""
