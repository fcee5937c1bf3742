"""Every screen of a case says the stop that was set aside, with its reason, and the kidney function assumed."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from inotrope.web.clock import clock
from inotrope.web.drawing import SCREENS
from inotrope.web.options import Options
from inotrope.web.standing import OF_THEIR_TIME, standing_of

REASON = "the intensivist decided <b>at the bedside</b>"
SHOWN = "the intensivist decided &lt;b&gt;at the bedside&lt;/b&gt;"
RULE = "low-pressure-at-start"
PATHS = (*(screen.path for screen in SCREENS), "/print", "/what-if", "/levels/add", "/plan/change")


@pytest.mark.hazard("dose-in-spite-of-a-stop")
@pytest.mark.parametrize("path", PATHS)
def test_every_screen_of_the_case_says_that_a_stop_is_set_aside(client: TestClient, path: str) -> None:
    sent = {"case": read_example("low-pressure"), f"override.{RULE}": REASON}
    page = client.post(path, data=sent).text
    assert SHOWN in page and "Blood pressure too low to start" in page and RULE in page
    bare = client.post(path, data={"case": sent["case"]}).text
    assert SHOWN not in bare and "A stop is set aside:" not in bare


def test_the_answer_alone_says_it_too(client: TestClient) -> None:
    sent = {"case": read_example("low-pressure"), f"override.{RULE}": REASON, "change": "rate", "rate": "0.3"}
    part = client.post("/what-if", data=sent, headers={"hx-request": "true"}).text
    assert part.count("A stop is set aside:") == 1
    assert client.post("/what-if", data=sent).text.count("A stop is set aside:") == 1


def test_an_assumed_kidney_is_said_on_the_screens_that_do_not_show_it(client: TestClient) -> None:
    sent = {"case": read_example("no-creatinine"), "assume_kidney": "60 mL/min/1.73 m2"}
    page = client.post("/second-check", data=sent).text
    (said,) = re.findall(r"Kidney function is assumed:</b>([^<]*(?:<[^p][^<]*)*)</p>", page)
    assert re.sub(r"<[^>]*>|\s", "", said) == "60mL/min/1.73m2,andnotmeasured."


def test_what_nobody_knows_is_said_as_that() -> None:
    (found,) = standing_of(Options(overrides=(("no-such-rule", "because"),)), "/circulation")
    assert found.says == "a rule that is not known here (no-such-rule). Reason given: because"
    assert standing_of(None, "/order") == () and standing_of(Options(), "/order") == ()


OLD = json.loads(read_example("sound-adult"))


@pytest.mark.parametrize("path", OF_THEIR_TIME)
def test_what_is_answered_for_another_time_says_so(client: TestClient, path: str) -> None:
    sent = {"what": "", "form": "f", "setting": "the start of the infusion, without the load"}
    assert "Not for now:" in client.post(path, data={"case": json.dumps(OLD), **sent}).text
    now = OLD | {"now": clock(), "measurements": [], "administrations": []}
    assert "Not for now:" not in client.post(path, data={"case": json.dumps(now), **sent}).text


@pytest.mark.parametrize(
    "case", ["", "{", "[]", "7", '{"now": 8}', '{"now": "08:00"}', '{"now": "2020-01-01T08:00:00"}', "[" * 99_999]
)
def test_what_has_no_time_is_of_no_other(case: str) -> None:
    assert standing_of(Options(), "/target", case) == ()
