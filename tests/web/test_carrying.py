"""What travels in the page: the case, or on the case form its fields, and what was asked beside it."""

from __future__ import annotations

import html
import json
import re

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from inotrope.web.carrying import mark
from inotrope.web.form import write_fields

ADULT = json.loads(read_example("sound-adult"))
STENOSIS = read_example("severe-aortic-stenosis")


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.partition("</form>")[0])
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_the_fields_of_the_case_form_are_the_case(client: TestClient) -> None:
    answer = client.post("/plan", data={"filled": "1", **write_fields(ADULT)})
    assert answer.status_code == 200
    assert json.loads(hidden(answer.text)["case"]) == ADULT


def test_what_was_asked_beside_the_case_goes_on(client: TestClient) -> None:
    asked = {
        "override.severe-valve-obstruction": "bridge to <valve> surgery tonight",
        "assume_kidney": "60 mL/min/1.73 m2",
    }
    rules = re.findall(r"<code>([^<]*)</code>", client.post("/plan", data={"case": STENOSIS}).text)
    asked = {
        f"override.{rules[0]}": asked["override.severe-valve-obstruction"],
        "assume_kidney": asked["assume_kidney"],
    }
    page = client.post("/plan", data={"case": STENOSIS, **asked}).text
    assert hidden(page) == {"case": STENOSIS, **asked, "override_for": mark(STENOSIS)}
    assert "bridge to &lt;valve&gt; surgery tonight" in page
    assert "ASSUMED" in page


@pytest.mark.parametrize("written", ["60", "60 kg", "much"])
def test_an_assumed_kidney_that_is_none_is_told(client: TestClient, written: str) -> None:
    answer = client.post("/plan", data={"case": STENOSIS, "assume_kidney": written})
    assert answer.status_code == 422
    assert "Assumed kidney function" in answer.text


LOW = json.loads(read_example("low-pressure"))
REASON = "the intensivist decided at the bedside"


def set_aside(client: TestClient, case: dict[str, object], **typed: str) -> str:
    """Return the page after the first stop that may be set aside was set aside."""
    page = client.post("/plan", data={"case": json.dumps(case)}).text
    rule = re.findall(r'value="override:([^"]*)"', page)[0]
    sent = {"case": json.dumps(case), f"reason.{rule}": REASON, "do": f"override:{rule}", **typed}
    return client.post("/plan/change", data=sent).text


def with_pressure(value: str) -> dict[str, object]:
    rows = [
        row | {"value": value} if row["what"] == "mean arterial pressure" else row
        for row in LOW["measurements"]
        if row["what"] != "systolic blood pressure"
    ]
    return LOW | {"measurements": rows}


def test_a_stop_is_set_aside_for_one_case_alone(client: TestClient) -> None:
    page = set_aside(client, LOW)
    carried = hidden(page)
    assert REASON in page and "WITH A STOP SET ASIDE" in page
    same = client.post("/plan", data=carried | {"case": json.dumps(LOW, indent=8)}).text
    assert "WITH A STOP SET ASIDE" in same  # set out otherwise, it is the same case
    for other in (LOW | {"patient": LOW["patient"] | {"weight": "45 kg"}}, with_pressure("31 mmHg")):
        answer = client.post("/plan", data=carried | {"case": json.dumps(other)}).text
        assert "WITH A STOP SET ASIDE" not in answer and "stands again" in answer
        assert not any(name.startswith("override") for name in hidden(answer))
        printed = client.post("/print", data=carried | {"case": json.dumps(other)}).text
        assert REASON not in printed


def test_an_answer_brings_a_stop_back_that_was_set_aside(client: TestClient) -> None:
    page = set_aside(client, LOW | {"conditions": {}})
    assert "WITH A STOP SET ASIDE" in page
    answer = re.findall(r'name="answer" value="([^"]*=absent)"', page)[0]
    changed = client.post("/plan/change", data=hidden(page) | {"answer": html.unescape(answer)}).text
    assert "stands again" in changed and "WITH A STOP SET ASIDE" not in changed


def test_what_was_typed_beside_a_reason_stays_typed(client: TestClient) -> None:
    bare = LOW | {"measurements": [row for row in LOW["measurements"] if row["what"] != "serum potassium"]}
    page = client.post("/plan", data={"case": json.dumps(bare)}).text
    boxes = re.findall(r'<input type="text" id="[^"]*" name="([^"]*)"', page)
    box = next(name for name in boxes if not name.startswith("reason.") and name != "assume")
    assert 'value="2.4"' in set_aside(client, bare, **{box: "2.4"})


def test_what_is_no_case_has_a_mark_of_its_own() -> None:
    assert len({mark(text) for text in ("", "{", "[" * 100_000, '{"a": 1}', '{"a": 2}', "\udc80")}) == 6
    assert mark('{"a": 1, "b": 2}') == mark('{"b":2,"a":1}')
