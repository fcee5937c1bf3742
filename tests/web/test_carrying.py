"""What travels in the page: the case, or on the case form its fields, and what was asked beside it."""

from __future__ import annotations

import html
import json
import re

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
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
    assert hidden(page) == {"case": STENOSIS, **asked}
    assert "bridge to &lt;valve&gt; surgery tonight" in page
    assert "ASSUMED" in page


@pytest.mark.parametrize("written", ["60", "60 kg", "much"])
def test_an_assumed_kidney_that_is_none_is_told(client: TestClient, written: str) -> None:
    answer = client.post("/plan", data={"case": STENOSIS, "assume_kidney": written})
    assert answer.status_code == 422
    assert "Assumed kidney function" in answer.text
