"""The search for a rate on a screen: asked for by a button, and every box with its own error."""

from __future__ import annotations

import re

import pytest

from inotrope.web.pages.target import FOLDED
from tests.web.pages.conftest import Ward


def test_nothing_is_searched_before_somebody_asks(ward: Ward) -> None:
    page = ward.post("/target", "measured-level")
    assert page.status == 200 and page.case and "Nobody has shown" in page.text and "<svg" not in page.source


def test_a_search_names_a_rate_and_shows_the_shares_with_their_table(ward: Ward) -> None:
    page = ward.post("/target", "measured-level", search="yes", concentration="100-300 ng/mL", hours="2 h, 6 h")
    assert page.status == 200 and 'value="2 h, 6 h"' in page.source
    assert "milrinone: the dose for a target" in page.text and "These numbers as a table" in page.text


def test_a_stop_is_an_answer(ward: Ward) -> None:
    page = ward.post("/target", "severe-aortic-stenosis", search="yes")
    assert page.status == 200 and "STOP" in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("concentration", "300-100 ng/mL"),
        ("concentration", "plenty"),
        ("penalty", "many"),
        ("penalty", "-1"),
        ("hours", "tomorrow"),
        ("result_after", "soon"),
        ("concentration", "<script>alert(1)</script>"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_box(ward: Ward, field: str, value: str) -> None:
    page = ward.post("/target", "measured-level", search="yes", **{field: value})
    assert page.status == 422 and f'id="{field}-problem"' in page.source and page.case
    assert "<script>alert" not in page.source


def test_what_it_stands_on_is_folded_and_the_answer_is_not(ward: Ward) -> None:
    page = ward.post("/target", "measured-level", search="yes")
    assert re.findall(r"<summary><h2[^>]*>([^<]*)</h2></summary>", page.source) == list(FOLDED)


def test_a_case_that_cannot_be_read_is_mended_on_its_own_form(ward: Ward) -> None:
    page = ward.post("/target", case='{"drug": "milrinone"}', search="yes")
    assert page.status == 422 and 'id="filled"' in page.source
