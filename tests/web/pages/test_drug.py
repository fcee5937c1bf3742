"""The drug page on a screen: every part for staff, and plain words for patient and family."""

from __future__ import annotations

import pytest

from inotrope.display import PARTS
from tests.web.pages.conftest import Ward


def test_it_opens_in_short_with_and_without_a_patient(ward: Ward) -> None:
    alone, with_case = ward.get("/drug"), ward.post("/drug", "sound-adult")
    assert alone.status == with_case.status == 200
    assert "milrinone" in alone.text and alone.case == "" and with_case.case


@pytest.mark.parametrize("view", [*PARTS, "whole", "overview", "family"])
def test_every_part_is_shown_and_marked(ward: Ward, view: str) -> None:
    page = ward.post("/drug", "sound-adult", drug="milrinone", view=view)
    assert page.status == 200 and f'value="{view}" aria-current="true"' in page.source
    assert ward.get(f"/drug?drug=milrinone&view={view}").status == 200


@pytest.mark.parametrize("query", ["drug=milrinon", "drug=../milrinone", "view=dose", "view=%3Cscript%3E"])
def test_what_is_not_there_is_told_with_what_is(ward: Ward, query: str) -> None:
    page = ward.get(f"/drug?{query}")
    assert page.status == 422 and "<script>" not in page.source


def test_no_part_of_a_screen_names_a_command(ward: Ward) -> None:
    assert "inotrope drug show" not in ward.get("/drug").text
