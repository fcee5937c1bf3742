"""The application: a case comes in with the page, and goes out with it as it came."""

from __future__ import annotations

import hashlib
import html
import re

import pytest
from starlette.testclient import TestClient

from inotrope.display import Sheet, to_html
from inotrope.patient.examples import examples, read_example


def test_the_start_offers_every_shipped_example(client: TestClient) -> None:
    page = client.get("/").text
    for name in examples():
        assert f">{name}</button>" in page


@pytest.mark.hazard("answer-of-another-patient")
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


def test_how_the_blocks_look_is_that_of_a_page_that_stands_alone(client: TestClient) -> None:
    style = client.get("/static/sheet.css")
    assert style.headers["content-type"].startswith("text/css")
    assert style.text.strip() in to_html(Sheet("title", "", None, (), (), ""))


def test_what_a_page_loads_is_ours_and_htmx_as_it_was_received(client: TestClient) -> None:
    received = client.get("/static/htmx.min.js").content
    assert hashlib.sha256(received).hexdigest() in client.get("/static/README.md").text
