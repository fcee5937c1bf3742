"""What if on a screen: a rate, a pause, kidneys; by number, by the slider, and as a part of a page."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from inotrope.web.pages.what_if import KINDS, written
from tests.web.pages.conftest import Ward

RUNNING = "running-since-yesterday"


@pytest.mark.parametrize(
    ("kind", "value", "after", "text"),
    [
        ("rate", "0.5", "", "rate 0.5 mcg/kg/min"),
        ("rate", " 0.5 mcg/kg/min ", "2", "rate 0.5 mcg/kg/min after 2 h"),
        ("pause", "90 min", "30 min", "pause 90 min after 30 min"),
        ("kidney", "30", "14:00", "kidney 30 mL/min/1.73 m2 at 14:00"),
        ("pause", "", "", "pause "),
    ],
)
def test_what_is_typed_is_written_as_on_the_command_line(kind: str, value: str, after: str, text: str) -> None:
    assert written(KINDS[kind], value, after) == text


def test_the_forms_stand_alone_before_anything_is_asked(ward: Ward) -> None:
    page = ward.post("/what-if", "sound-adult")
    assert page.status == 200 and page.case
    assert "this plan allows at most 0.75 mcg/kg/min" in page.text and "WHAT IF" not in page.text
    assert 'max="0.75"' in page.source


def test_the_highest_rate_is_told_as_the_plan_shows_it_and_which_rate_is_moved(ward: Ward) -> None:
    reduced = ward.post("/what-if", "reduced-kidneys")
    assert "this plan allows at most 0.3081 mcg/kg/min" in reduced.text and "0.30809" not in reduced.text
    baby = ward.post("/what-if", "preterm-baby")
    assert "It stands for the rate after the first 3 h, which stay at 0.75 mcg/kg/min" in baby.text


def test_a_rate_by_number_draws_the_levels_then_over_those_as_planned(ward: Ward) -> None:
    page = ward.post("/what-if", RUNNING, change="rate", rate="0.3", **{"rate__after": "2"})
    assert page.status == 200 and 'value="0.3"' in page.source
    assert "WHAT IF: rate 0.3 mcg/kg/min after 2 h" in page.text and "is no order" in page.text
    assert "median as planned" in page.text and "now, 08:00" in page.text and "These numbers as a table" in page.text
    assert "Chance of being below, in and above" in page.text


def test_the_slider_counts_where_it_was_moved(ward: Ward) -> None:
    page = ward.post("/what-if", RUNNING, change="rate", rate="0.3", slider="0.45", by="slider")
    assert "WHAT IF: rate 0.45 mcg/kg/min" in page.text


def test_with_scripts_only_the_answer_comes(ward: Ward) -> None:
    part = ward.post("/what-if", RUNNING, part=True, change="pause", pause="2")
    assert "WHAT IF: pause 2 h" in part.text and "<html" not in part.source and part.case == ""


def test_kidneys_that_fail_are_told_by_the_models_that_know_them(ward: Ward) -> None:
    page = ward.post("/what-if", RUNNING, change="kidney", kidney="30", **{"kidney__after": "14:00"})
    assert "kidney 30 mL/min/1.73 m2 at 14:00, 6 h from now" in page.text and "Do not answer then" in page.text


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"change": "rate", "rate": ""}, "rate", "Nothing is written. Write a rate, such as 0.5."),
        ({"change": "pause", "pause": " ", "pause__after": "2"}, "pause", "Nothing is written. Write how long"),
        ({"change": "rate", "rate": "0,5"}, "rate", "Write a decimal point"),
        ({"change": "rate", "rate": "5 mL/h"}, "rate", "measures"),
        ({"change": "pause", "pause": "2", "pause__after": "30"}, "pause-after", "outside the 24 h"),
        ({"change": "pause", "pause": "2", "pause__after": "25:00"}, "pause-after", "no time of the clock"),
        ({"change": "kidney", "kidney": "-3"}, "kidney", "above zero"),
        ({"change": "rate", "rate": "<script>alert(1)</script>"}, "rate", "Rate"),
    ],
)
@pytest.mark.parametrize("part", [False, True])
def test_what_cannot_be_read_is_told_at_its_field(
    ward: Ward, fields: dict[str, str], field: str, says: str, part: bool
) -> None:
    page = ward.post("/what-if", RUNNING, part=part, **fields)
    assert page.status == 422 and says in page.text and f'href="#{field}"' in page.source
    assert "<script>alert" not in page.source
    if not part:
        assert f'id="{field}-problem"' in page.source


def test_without_a_forecast_nothing_can_be_asked(ward: Ward) -> None:
    page = ward.post("/what-if", "dialysis")
    assert page.status == 200 and "there is no level to suppose a change of" in page.text
    assert ward.post("/what-if", "dialysis", change="pause", pause="2").status == 422


def test_no_other_rate_is_offered_under_a_stop_and_a_pause_of_what_runs_is(ward: Ward) -> None:
    stopped = json.dumps({**json.loads(read_example(RUNNING)), "allergies": ["milrinone"]})
    page = ward.post("/what-if", case=stopped)
    assert "Show this rate" not in page.text and "Show this pause" in page.text
    told = ward.post("/what-if", case=stopped, change="rate", rate="0.3")
    assert told.status == 200 and "This plan proposes no rate" in told.text


def test_it_stands_on_the_plan_with_the_clock_under_the_levels(ward: Ward) -> None:
    page = ward.post("/plan", RUNNING)
    assert "Show this rate" in page.text and 'id="what-if-answer"' in page.source and "now, 08:00" in page.text
    assert 'id="what-if"' not in ward.post("/plan", "dialysis").source


def test_a_case_that_cannot_be_read_is_mended_on_its_own_form(ward: Ward) -> None:
    page = ward.post("/what-if", case='{"drug": "milrinone"}')
    assert page.status == 422 and 'id="filled"' in page.source


def test_what_is_wrong_with_the_case_takes_the_place_of_the_page_and_not_of_the_answer(client: TestClient) -> None:
    sent = {"case": '{"drug": "milrinone"}', "change": "pause", "pause": "2"}
    answer = client.post("/what-if", data=sent, headers={"hx-request": "true"})
    assert answer.status_code == 422 and answer.headers["hx-retarget"] == "#main"
    fine = client.post("/what-if", data={**sent, "case": read_example(RUNNING)}, headers={"hx-request": "true"})
    assert "hx-retarget" not in fine.headers
