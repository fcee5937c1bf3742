"""Levels, target, circulation, orders, the drug page: each asked once and answered, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import barriers
from tests.browser.ward import opened, pressed

if TYPE_CHECKING:
    from playwright.sync_api import Page

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


@BOTH
def test_a_level_is_entered_and_fitted(window: Callable[..., Page], scripts: bool) -> None:
    page = opened(window(scripts=scripts, expect="status of 422"), "running-since-yesterday", "Levels and fit")
    page.get_by_label("Level", exact=True).fill("212")
    page.get_by_label("Drawn at").fill("07:30")
    page.get_by_label("Drawn from").fill("arterial line")
    pressed(page, "Enter the level, and fit")  # the unit was left out: said at its field, and the rest stays
    assert page.get_by_label("Unit", exact=True).get_attribute("aria-invalid") == "true"
    assert page.get_by_label("Level", exact=True).input_value() == "212"
    page.get_by_label("Unit", exact=True).select_option("ng/mL")
    said = pressed(page, "Enter the level, and fit")
    assert "212 ng/mL" in said
    assert "07:30" in said
    assert page.locator("svg.chart").count() >= 1
    assert page.locator("table.grid").count() >= 1


@BOTH
def test_a_target_names_a_rate_that_the_plan_allows(window: Callable[..., Page], scripts: bool) -> None:
    page = opened(window(scripts=scripts), "sound-adult", "Target")
    page.get_by_label("Range of levels").fill("100-300 ng/mL")
    said = pressed(page, "Search")
    assert "100 to 300 ng/mL" in said
    assert "mcg/kg/min" in said
    assert page.get_by_label("Range of levels").input_value() == "100-300 ng/mL"


@BOTH
def test_heart_and_vessels_show_before_and_during_with_loops_and_tables(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = opened(window(scripts=scripts), "right-heart-catheter", "Circulation")
    said = page.get_by_role("main").inner_text()
    assert "it selects no rate" in said
    assert "Before and during" in said
    drawn = page.locator("svg[role=img]")
    assert drawn.count() >= 2
    assert page.locator("details.numbers").count() == drawn.count()


@BOTH
def test_an_order_is_pasted_and_held_beside_the_patient(window: Callable[..., Page], scripts: bool) -> None:
    # 0.5 mcg/kg/min x 70 kg x 60 min/h / 200 mcg/mL = 10.5 mL/h and not 12.5; the patient has 82 kg and not 70
    page = opened(window(scripts=scripts), "sound-adult", "Order check")
    page.get_by_label("The order, as it is written").fill("milrinone 20 mg/100 mL at 0.5 mcg/kg/min, 70 kg, 12.5 mL/h")
    said = pressed(page, "Check the order")
    assert "This order must not stand" in said
    assert "10.5 mL/h" in said
    assert "82 kg" in said
    page.get_by_label("Hold it beside the patient").uncheck()
    alone = pressed(page, "Check the order")
    assert "82 kg" not in alone.partition("milrinone: order check")[2]  # the head of the page says whose it is
    if scripts:
        assert barriers(page) == []


@BOTH
def test_the_drug_page_speaks_to_staff_and_to_the_family(window: Callable[..., Page], scripts: bool) -> None:
    page = opened(window(scripts=scripts), "sound-adult", "Drug page")
    assert "PDE3" in page.get_by_role("main").inner_text()
    family = pressed(page, "For patient and family")
    assert "PDE3" not in family
    assert "heart" in family
    if scripts:
        assert barriers(page) == []
