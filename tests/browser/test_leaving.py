"""A page is left with something typed on it: by a button it is asked about there, else by the browser; never dropped.

The browser asks only where somebody has pressed a key or a button on the page, so that these tests type as a hand does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from inotrope.patient.examples import read_example
from tests.browser.looking import barriers, sideways
from tests.browser.ward import brought, opened, pressed

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Locator, Page

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
NOT_ASKED = "Typed, and not asked yet"
POSTED = """text => {
  const form = document.createElement("form");
  form.method = "post"; form.action = "/plan";
  const field = document.createElement("input");
  field.type = "hidden"; field.name = "case"; field.value = text;
  form.append(field); document.body.append(form); form.submit();
}"""
LARGE = 100_000  # bytes: what a window that is left may send has at most 64 KiB


class Asked:
    """How often the browser asks whether to leave a page; it is told to stay, or to go."""

    def __init__(self, page: Page, *, stays: bool = True) -> None:
        self.times = 0
        self._stays = stays
        page.on("dialog", self._answer)

    def _answer(self, dialog: Dialog) -> None:
        assert dialog.type == "beforeunload"
        self.times += 1
        if self._stays:
            dialog.dismiss()
        else:
            dialog.accept()


def type_into(box: Locator, text: str) -> None:
    box.click()
    box.page.keyboard.type(text)


def to_start(page: Page) -> None:
    """Press the link to the start, whatever comes of it."""
    page.get_by_role("link", name="Inotrope", exact=True).click(no_wait_after=True)
    page.wait_for_timeout(700)


def unanswered_box(page: Page) -> Locator:
    return page.get_by_role("group", name="mean arterial pressure").first.get_by_label("Value").first


@BOTH
def test_a_range_that_was_not_searched_is_asked_about_and_searched_from_there(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = opened(window(scripts=scripts), "sound-adult", "Target")
    page.get_by_label("Range of levels").fill("100-300 ng/mL")
    page.get_by_role("navigation").get_by_role("button", name="Plan", exact=True).click()
    page.get_by_role("heading", name=NOT_ASKED).wait_for()
    assert "Range of levels: 100-300 ng/mL" in page.get_by_role("main").inner_text()
    if scripts:
        assert barriers(page) == []
        page.set_viewport_size({"width": 320, "height": 900})
        assert sideways(page) == {}
    pressed(page, "Back to where it was typed")
    assert page.get_by_label("Range of levels").input_value() == "100-300 ng/mL"
    page.get_by_role("navigation").get_by_role("button", name="Plan", exact=True).click()
    page.get_by_role("heading", name=NOT_ASKED).wait_for()
    assert "100 to 300 ng/mL" in pressed(page, "Search")
    page.get_by_role("navigation").get_by_role("button", name="Plan", exact=True).click()
    page.get_by_role("heading", name="infusion plan").wait_for()


@BOTH
def test_a_rate_that_was_not_shown_is_asked_about_wherever_what_if_stands(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = opened(window(scripts=scripts), "sound-adult")
    if not scripts:
        pressed(page, "Another rate, a pause, other kidneys")
    page.get_by_role("textbox", name="Rate in mcg/kg/min").fill("0.5")
    page.get_by_role("navigation").get_by_role("button", name="Drug page").click()
    page.get_by_role("heading", name=NOT_ASKED).wait_for()
    pressed(page, "Show this rate")
    page.get_by_text("WHAT IF: rate 0.5 mcg/kg/min").first.wait_for()
    page.get_by_role("navigation").get_by_role("button", name="Drug page").click()
    page.get_by_role("heading", name="milrinone").first.wait_for()


def test_what_was_shown_leads_on_and_typed_again_it_is_asked_about(window: Callable[..., Page]) -> None:
    page = opened(window(), "sound-adult")
    rate = page.get_by_role("textbox", name="Rate in mcg/kg/min")
    rate.fill("0.5")
    rate.press("Enter")
    page.get_by_text("WHAT IF: rate 0.5 mcg/kg/min").first.wait_for()
    rate.fill("0.6")
    page.get_by_role("navigation").get_by_role("button", name="Target").click()
    page.get_by_role("heading", name=NOT_ASKED).wait_for()
    pressed(page, "Back to where it was typed")
    assert rate.input_value() == "0.6"
    page.get_by_text("WHAT IF: rate 0.5 mcg/kg/min").first.wait_for()
    rate.fill("0.5")
    page.get_by_role("navigation").get_by_role("button", name="Target").click()
    page.get_by_role("heading", name="The dose for a target").wait_for()


def test_without_scripts_the_enter_key_shows_the_one_change_that_is_typed(window: Callable[..., Page]) -> None:
    page = opened(window(scripts=False, expect="status of 422"), "sound-adult")
    pressed(page, "Another rate, a pause, other kidneys")
    page.get_by_label("For in h").fill("2")
    page.get_by_label("For in h").press("Enter")
    page.get_by_text("WHAT IF: pause 2 h").first.wait_for()
    page.get_by_label("Creatinine clearance").fill("30")
    page.get_by_role("textbox", name="Rate in mcg/kg/min").fill("0.5")
    page.get_by_role("textbox", name="Rate in mcg/kg/min").press("Enter")
    page.get_by_text("More than one thing is typed").first.wait_for()
    assert page.get_by_label("Creatinine clearance").input_value() == "30"


def test_the_browser_asks_before_a_link_or_the_cross_takes_what_is_typed_away(window: Callable[..., Page]) -> None:
    page = opened(window(expect="status of 405"), "almost-nothing-known")
    asked = Asked(page)
    to_start(page)
    assert asked.times == 0  # nothing is typed
    page.go_back()
    brought(page)
    type_into(unanswered_box(page), "74")
    to_start(page)
    assert asked.times == 1 and unanswered_box(page).input_value() == "74"
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked.times == 2 and unanswered_box(page).input_value() == "74"
    unanswered_box(page).fill("")
    to_start(page)
    assert asked.times == 2
    page.get_by_role("heading", name="Start").wait_for()


def test_the_browser_does_not_ask_where_a_button_takes_along_what_is_typed(window: Callable[..., Page]) -> None:
    page = opened(window(expect="status of 422"), "sound-adult", "Target")
    asked = Asked(page)
    type_into(page.get_by_label("Range of levels"), "plenty")
    pressed(page, "Search")  # it cannot be read, and stays typed
    assert page.get_by_label("Range of levels").input_value() == "plenty"
    to_start(page)
    assert asked.times == 1
    page.get_by_label("Range of levels").fill("100-300 ng/mL")
    pressed(page, "Search")
    to_start(page)
    page.get_by_role("heading", name="Start").wait_for()
    assert asked.times == 1  # it was searched


def test_on_the_case_form_the_browser_asks_once_something_was_changed(window: Callable[..., Page]) -> None:
    page = opened(window(expect="status of 422"), "sound-adult", "Patient")
    asked = Asked(page)
    page.get_by_role("heading", name="Patient and weight").click()
    to_start(page)
    page.get_by_role("button", name="Open sound-adult in the form").click()
    type_into(page.get_by_label("Weight now"), "1")
    to_start(page)
    assert asked.times == 1
    pressed(page, "Check what is written")  # it is typed still, and in no plan
    page.get_by_role("heading", name="Patient and weight").click()
    to_start(page)
    assert asked.times == 2
    pressed(page, "Make the plan")
    assert asked.times == 2


def test_of_a_large_case_too_what_was_typed_last_comes_again(window: Callable[..., Page]) -> None:
    page = window(expect="status of 405")
    with page.expect_response("**/kept"):  # the page is kept whole
        page.evaluate(POSTED, read_example("almost-nothing-known") + " " * LARGE)
    page.get_by_role("heading", name="infusion plan").wait_for()
    page.wait_for_load_state()
    unanswered_box(page).fill("74")
    page.goto("/")
    page.go_back()
    brought(page)
    assert unanswered_box(page).input_value() == "74"
