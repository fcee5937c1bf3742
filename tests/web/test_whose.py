"""Every screen of a case says whose it is, so that two windows of two patients do not look alike."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from inotrope.web.drawing import SCREENS
from inotrope.web.whose import whose

PATHS = (*(screen.path for screen in SCREENS if screen.path != "/case"), "/print", "/what-if", "/plan/change")
ADULT = "male, age 68 years, 82 kg, 178 cm; milrinone, case of 2026-11-22 08:00 +01:00"
"""Born on 1958-03-02."""
BABY = "male, age 53 h, 0.9 kg, 35 cm; milrinone, case of 2026-11-22 08:00 +01:00"
"""Born on the 20th at 03:00."""


def said(page: str) -> list[str]:
    return [
        re.sub(r"<[^>]*>", "", found).replace("\u00a0", " ")
        for found in re.findall(r'<p class="whose">(.*?)</p>', page)
    ]


@pytest.mark.hazard("answer-of-another-patient")
@pytest.mark.parametrize("path", PATHS)
def test_every_screen_of_a_case_says_whose_it_is(client: TestClient, path: str) -> None:
    for name, line in (("sound-adult", ADULT), ("preterm-baby", BABY)):
        assert said(client.post(path, data={"case": read_example(name)}).text) == [f"This page: {line}"]


def test_the_case_form_shows_its_own_fields_and_no_case_says_nothing(client: TestClient) -> None:
    assert said(client.post("/case", data={"case": read_example("sound-adult")}).text) == []
    for text in ("", "{", "[]", '{"drug": "milrinone"}'):
        assert whose(text, "/plan") == ""


def test_the_second_person_is_told_nothing(client: TestClient) -> None:
    sent = {"case": read_example("sound-adult"), "form": "one"}
    sent["setting"] = "the start of the infusion, without the load"
    opened = client.post("/second-check/open", data=sent).text
    (code,) = re.findall(r"<code>([A-Z2-9-]+)</code>", opened)
    page = client.get("/second-check/enter", params={"code": code}).text
    assert said(page) == [] and "82" not in page


def test_without_a_height_none_is_said() -> None:
    case = json.loads(read_example("sound-adult"))
    del case["patient"]["height"]
    assert whose(json.dumps(case), "/levels") == ADULT.replace(", 178 cm", "")
