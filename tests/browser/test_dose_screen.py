"""The converter: a dose or what the pump shows, each in its own box, and the other beside it.

By hand: 0.5 mcg/kg/min x 70 kg x 60 min/h / 200 mcg/mL = 10.5 mL/h, a step of the pump, and back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import barriers, sideways
from tests.browser.ward import pressed

if TYPE_CHECKING:
    from playwright.sync_api import Page


def at_the_pump(page: Page) -> None:
    pressed(page, "Only convert")
    page.get_by_label("Weight").first.fill("70")
    page.get_by_label("Concentration on the pump").first.fill("200")
    page.get_by_label("Unit of Concentration").select_option("mcg/mL")


@pytest.mark.parametrize(
    ("box", "typed", "other"), [("rate", "0.5", "10.5 mL/h"), ("pump", "10.5", "0.5 mcg/kg/min")], ids=["dose", "pump"]
)
def test_a_dose_and_what_the_pump_shows_without_scripts(
    window: Callable[..., Page], box: str, typed: str, other: str
) -> None:
    page = window(scripts=False)
    at_the_pump(page)
    page.locator(f"#f-{box}").fill(typed)
    assert other in pressed(page, "Convert")


def test_the_other_follows_at_once_while_one_types(window: Callable[..., Page]) -> None:
    page = window()
    at_the_pump(page)
    page.locator("#f-rate").press_sequentially("0.5")
    page.get_by_role("main").get_by_text("10.5 mL/h").first.wait_for()
    assert page.locator("#f-rate").input_value() == "0.5"
    page.set_viewport_size({"width": 320, "height": 900})
    assert sideways(page) == {}
    assert barriers(page) == []


def test_two_boxes_that_differ_are_answered_each_by_itself(window: Callable[..., Page]) -> None:
    page = window(scripts=False)
    at_the_pump(page)
    page.locator("#f-rate").fill("0.5")
    page.locator("#f-pump").fill("99")
    pressed(page, "Convert")
    assert "10.5 mL/h" in page.get_by_role("region", name="From the dose").inner_text()
    # 99 mL/h x 200 mcg/mL / 60 min/h / 70 kg = 4.714 mcg/kg/min, over six times the label's 0.75
    of_pump = page.get_by_role("region", name="From the pump rate").inner_text()
    assert "STOP 4.7143 mcg/kg/min is above the label's maximum of 0.75 mcg/kg/min" in of_pump
    assert [page.locator(f"#f-{box}").input_value() for box in ("rate", "pump")] == ["0.5", "99"]
