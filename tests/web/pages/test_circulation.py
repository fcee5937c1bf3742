"""Heart and vessels on a screen: loops before and during with their tables, and what is missing is asked for."""

from __future__ import annotations

import re

import pytest

from inotrope.display.circulation_sheet import UNKNOWN
from inotrope.web.pages.circulation import FOLDED
from tests.web.pages.conftest import Ward

CATHETER = "right-heart-catheter"


def test_the_loops_before_and_during_stand_with_their_numbers(ward: Ward) -> None:
    page = ward.post("/circulation", CATHETER)
    assert page.status == 200 and "it selects no rate" in page.text
    assert "Loop of the left ventricle" in page.text and "Loop of the right ventricle" in page.text
    assert page.source.count("<summary>These numbers as a table</summary>") == page.source.count("<figure")


def test_a_regimen_shows_the_day_under_it(ward: Ward) -> None:
    page = ward.post("/circulation", CATHETER, regimen="0.375 mcg/kg/min for 24 h")
    assert (
        page.status == 200 and "over the next day" in page.text and 'value="0.375 mcg/kg/min for 24 h"' in page.source
    )


def test_what_was_not_measured_is_asked_for_or_stands_as_assumed(ward: Ward) -> None:
    page = ward.post("/circulation", "sound-adult")
    assert page.status == 200 and "Nothing is predicted" in page.text
    typical = ward.post("/circulation", "sound-adult", typical="decompensated_heart_failure")
    assert "not this patient's" in typical.text and "ASSUMED" in typical.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("regimen", "a little"),
        ("typical", "../hearts/healthy_adult"),
        ("typical", "/etc/passwd"),
        ("typical", "strong"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_box_and_no_file_is_opened(ward: Ward, field: str, value: str) -> None:
    page = ward.post("/circulation", CATHETER, **{field: value})
    assert page.status == 422 and f'id="{field}-problem"' in page.source and page.case


def test_what_it_stands_on_is_folded_and_the_answer_is_not(ward: Ward) -> None:
    page = ward.post("/circulation", "right-heart-catheter")
    assert re.findall(r"<summary><h2[^>]*>([^<]*)</h2></summary>", page.source) == [
        item for item in FOLDED if item != UNKNOWN
    ]
    refused = ward.post("/circulation", "sound-adult")
    assert f">{UNKNOWN}</h2></summary>" in refused.source and "Nothing is predicted" in refused.text


def test_a_case_that_cannot_be_read_is_mended_on_its_own_form(ward: Ward) -> None:
    page = ward.post("/circulation", case='{"drug": "milrinone"}')
    assert page.status == 422 and 'id="filled"' in page.source
