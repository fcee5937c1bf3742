"""The application: a case comes in with the page, and goes out with it as it came."""

from __future__ import annotations

import html
import re

from starlette.testclient import TestClient

from inotrope.patient.examples import examples, read_example


def test_the_start_offers_every_shipped_example(client: TestClient) -> None:
    page = client.get("/").text
    for name in examples():
        assert f">{name}</button>" in page


def test_the_plan_carries_the_case_as_it_was_typed(client: TestClient) -> None:
    typed = read_example("sound-adult")
    page = client.post("/plan", data={"case": typed}).text
    carried = re.search(r'<input type="hidden" name="case" value="([^"]*)">', page)
    assert carried is not None
    assert html.unescape(carried[1]) == typed
    assert "milrinone: infusion plan" in page


def test_what_is_no_case_is_told_in_words(client: TestClient) -> None:
    answer = client.post("/plan", data={"case": "{"})
    assert answer.status_code == 422
    assert "This is not JSON" in answer.text
