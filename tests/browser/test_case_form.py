"""The case form, as somebody fills it: by keyboard alone, with what is wrong at its field, and nothing typed lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import barriers, sideways
from tests.browser.ward import brought, opened, pressed

if TYPE_CHECKING:
    from playwright.sync_api import Page

USE = "acute decompensated heart failure"
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def filled(page: Page, *, weight: str = "82") -> None:
    """Fill in the sound adult of README, with today's time and creatinine."""
    page.get_by_label("Given for").select_option(USE)
    page.get_by_label("Time of this plan").fill("2026-11-22T08:00+01:00")
    page.get_by_label("Weight now").fill(weight)
    page.get_by_label("Height", exact=True).first.fill("178")
    page.get_by_label("Sex").select_option("male")
    page.get_by_label("Date of birth").fill("1958-03-02")
    creatinine = page.get_by_role("group", name="Serum creatinine").first
    creatinine.get_by_label("Value").first.fill("1.1")
    creatinine.get_by_label("Unit of Value").select_option("mg/dL")
    creatinine.get_by_label("Taken at").fill("06:10")
    page.get_by_label("Product").select_option("premix")
    page.get_by_label("Concentration", exact=True).fill("200")
    page.get_by_label("Unit of Concentration").select_option("mcg/mL")


@BOTH
def test_a_new_patient_becomes_a_plan(window: Callable[..., Page], scripts: bool) -> None:
    page = window(scripts=scripts)
    pressed(page, "New patient")
    filled(page)
    said = pressed(page, "Make the plan")
    # 0.375 mcg/kg/min x 82 kg x 60 min/h / 200 mcg/mL = 9.225 mL/h, on a pump with steps of 0.1 mL/h
    assert "9.2 mL/h of milrinone premix 200 mcg/mL" in said


@BOTH
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = window(scripts=scripts, expect="status of 422")
    pressed(page, "New patient")
    filled(page, weight="eighty")
    pressed(page, "Make the plan")
    weight = page.get_by_label("Weight now")
    assert weight.get_attribute("aria-invalid") == "true"
    described = (weight.get_attribute("aria-describedby") or "").split()
    assert "'eighty" in page.locator(f"#{described[0]}").inner_text()
    assert weight.input_value() == "eighty"
    assert page.get_by_label("Date of birth").input_value() == "1958-03-02"
    link = page.get_by_role("alert").get_by_role("link").first
    link.click()
    assert weight.evaluate("field => field === document.activeElement")
    if scripts:
        assert barriers(page) == []
        page.set_viewport_size({"width": 320, "height": 900})
        assert sideways(page) == {}
        assert barriers(page) == []
    weight.fill("82")
    assert "9.2 mL/h" in pressed(page, "Make the plan")


def test_back_from_the_plan_shows_the_form_as_it_was_typed(window: Callable[..., Page]) -> None:
    page = window(expect="status of 405")
    pressed(page, "New patient")
    filled(page)
    page.get_by_role("textbox", name="Other medicines").fill("furosemide\nspironolactone")
    pressed(page, "Make the plan")
    page.go_back()
    brought(page)
    weight = page.get_by_label("Weight now")
    assert weight.input_value() == "82"
    assert page.get_by_role("textbox", name="Other medicines").input_value() == "furosemide\nspironolactone"
    assert page.get_by_role("group", name="Serum creatinine").first.get_by_label("Value").first.input_value() == "1.1"
    weight.fill("80")
    weight.press("Tab")
    page.reload()
    brought(page)
    assert weight.input_value() == "80"
    assert "80 kg" in pressed(page, "Make the plan")


@BOTH
def test_rows_are_added_and_taken_away_and_the_rest_stays(window: Callable[..., Page], scripts: bool) -> None:
    page = window(scripts=scripts)
    pressed(page, "New patient")
    page.get_by_label("Weight now").fill("82")
    pressed(page, "Add an infusion")
    row = page.get_by_role("group", name="Infusion of milrinone")
    row.get_by_label("rate").first.fill("0.5")
    pressed(page, "Add a load")
    assert row.get_by_label("rate").first.input_value() == "0.5"
    assert page.get_by_role("group", name="Load of milrinone").count() == 1
    pressed(page, "Remove Load of milrinone")
    assert page.get_by_role("group", name="Load of milrinone").count() == 0
    assert page.get_by_label("Weight now").input_value() == "82"


def test_a_case_is_saved_and_opened_again(window: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(window(), "running-since-yesterday")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the case as a file").click()
    path = tmp_path / "case.json"
    saved.value.save_as(path)
    shipped = Path(__file__).parents[2] / "inotrope" / "library" / "cases" / "running-since-yesterday.json"
    assert json.loads(path.read_text("utf-8")) == json.loads(shipped.read_text("utf-8"))
    plan = page.get_by_role("main").inner_text()
    page.goto("/")
    page.get_by_label("Open the file of a case").set_input_files(path)
    pressed(page, "Open the file")
    assert pressed(page, "Make the plan") == plan


def test_a_file_that_is_no_case_is_told_in_words(window: Callable[..., Page], tmp_path: Path) -> None:
    page = window(expect="status of 422")
    path = tmp_path / "case.json"
    path.write_text('{"drug": "milrinone", <script>window.ran = 1</script>', "utf-8")
    page.get_by_label("Open the file of a case").set_input_files(path)
    said = pressed(page, "Open the file")
    assert "JSON" in said
    assert page.evaluate("window.ran") is None
    assert barriers(page) == []
