"""The hand-over: what the next shift must know stands on it, and it is one page of paper."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from inotrope.course.meaning.handover import Handover, handover
from inotrope.display import to_fragment, to_html, to_text
from inotrope.display.handover_sheet import MOST_LINES, MOST_VALUES, handover_sheet
from inotrope.patient import read_case
from inotrope.plan import make_plan
from tests.cli.conftest import CASES
from tests.course.meaning.story import Story, three_days
from tests.course.meaning.ward import at, ward

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
    many = replace(found, values=found.values * 2, lately=found.lately * 2)
    text = told(many)
    assert f"the newest {MOST_VALUES} of {len(many.values)}" in text
    assert f"{len(many.lately) - MOST_LINES} earlier ones stand in the course." in text


def test_it_is_set_as_one_page(story: Story) -> None:
    sheet = handover_sheet(page(story, EVENING))
    assert '<body class="one-page">' in to_html(sheet)
    inside = str(to_fragment(sheet, name="handover"))
    assert inside.startswith('<div class="one-page">') and '<div class="columns">' in inside
