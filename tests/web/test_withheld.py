"""A screen beside the plan says that the plan gives no dose: its numbers and the converter's are none."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from tests.web.pages.conftest import Page

SCREENS = ("/levels", "/target", "/circulation", "/what-if", "/order", "/dose", "/second-check", "/drug")
NONE = "No dose is shown for this patient, and nothing on this screen is one."


def told(client: TestClient, path: str, case: str, **sent: str) -> str:
    answer = client.post(path, data={"case": case, **sent})
    return re.sub(r" (?=[:;])", "", Page(answer.status_code, answer.text).text)


@pytest.mark.hazard("dose-in-spite-of-a-stop")
@pytest.mark.parametrize("path", SCREENS)
def test_a_stop_and_a_refusal_stand_on_every_screen_beside_the_plan(client: TestClient, path: str) -> None:
    stopped = told(client, path, read_example("low-pressure"))
    assert f"A stop rule fires: Blood pressure too low to start. {NONE}" in stopped
    refused = told(client, path, read_example("dialysis"))
    assert "No rate is proposed: The patient is on dialysis" in refused and NONE in refused
    sound = told(client, path, read_example("sound-adult"))
    assert NONE not in sound and "A stop rule fires:" not in sound and "The plan warns:" not in sound


@pytest.mark.parametrize("path", SCREENS)
def test_what_a_plan_asks_first_stands_there_too(client: TestClient, path: str) -> None:
    assert "The plan warns: Little urine." in told(client, path, read_example("rising-creatinine"))


def test_beside_loops_and_a_conversion_of_somebody_who_must_not_have_it(client: TestClient) -> None:
    case = json.loads(read_example("right-heart-catheter")) | {"allergies": ["milrinone"]}
    says = f"A stop rule fires: Allergy to milrinone. {NONE}"
    loops = told(client, "/circulation", json.dumps(case))
    assert loops.index(says) < loops.index("At 0.375 mcg/kg/min")
    asked = {"convert": "yes", "weight": "82", "weight.unit": "kg", "rate": "0.5", "rate.unit": "mcg/kg/min"}
    asked |= {"concentration": "200", "concentration.unit": "mcg/mL"}
    converted = told(client, "/dose", json.dumps(case), **asked)
    assert converted.index(says) < converted.index("12.3 mL/h")  # 0.5 x 82 x 60 / 200


def test_a_stop_that_was_set_aside_stands_as_that(client: TestClient) -> None:
    aside = {"override.low-pressure-at-start": "the intensivist decided at the bedside"}
    page = told(client, "/circulation", read_example("low-pressure"), **aside)
    assert "A stop rule fires:" not in page and "A stop is set aside:" in page


def test_a_reading_that_is_entered_counts_at_once(client: TestClient) -> None:
    sent = {"entry": "milrinone", "reading-what": "mean arterial pressure|mmHg", "reading-value": "50"}
    sent |= {"reading-at": "07:55", "what": "reading"}
    page = told(client, "/levels/add", read_example("sound-adult"), **sent)
    assert "Entered: mean arterial pressure 50 mmHg" in page
    assert "A stop rule fires: Blood pressure too low to start." in page


def test_an_order_beside_the_patient_says_it_by_itself(client: TestClient) -> None:
    sent = {"order": "milrinone 0.375 mcg/kg/min", "beside": "yes"}
    page = told(client, "/order", read_example("low-pressure"), **sent)
    assert "The patient's plan is stopped" in page and NONE not in page
    assert NONE in told(client, "/order", read_example("low-pressure"), order=sent["order"])


@pytest.mark.parametrize("path", ["/dose", "/drug", "/order", "/target"])
@pytest.mark.parametrize("case", ["", "{", "[]", '{"drug": "milrinone"}'])
def test_of_what_is_no_case_nothing_is_said(client: TestClient, path: str, case: str) -> None:
    assert NONE not in told(client, path, case)
