"""Pressed while the plan is made anew: whatever travels on holds every answer, and nothing typed is dropped.

The answer of the server is held back here until the test lets it go, as a busy server would.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.looking import barriers, sideways
from tests.browser.ward import brought, opened, pressed

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

MACHINE = "No machine, now or in the last two days"
NOTHING = "Nothing of this happened"
GIVEN = "Nothing runs, and nothing was given"
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


class Slow:
    """A server that is slow to make a plan anew: each request waits until it is let go."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self._is_slow = True
        self._page = page
        page.route("**/plan/change", self._ask)

    def _ask(self, route: Route) -> None:
        if self._is_slow:
            self.held.append(route)
        else:
            route.continue_()

    def waits_for(self, count: int) -> None:
        for _ in range(600):
            if len(self.held) >= count:
                return
            self._page.wait_for_timeout(100)
        raise AssertionError(f"{len(self.held)} requests, and not {count}")

    def let_go(self) -> None:
        """Let it answer, as fast as it does from here on."""
        self._is_slow = False
        for route in self.held:
            route.continue_()


def case_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.locator("#carry input[name=case]").input_value())
    return found


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click(no_wait_after=True)


def test_a_second_answer_pressed_before_the_first_came_is_put_in_with_it(window: Callable[..., Page]) -> None:
    page = opened(window(), "almost-nothing-known")
    slow = Slow(page)
    for name in (MACHINE, NOTHING, GIVEN):
        press(page, name)
        slow.waits_for(1)
        page.get_by_role("button", name=f"{name}, taken").wait_for()
    slow.let_go()
    page.get_by_text("7 open questions could stop it").first.wait_for()
    assert {key: case_of(page)[key] for key in ("support", "events", "administrations")} == {
        "support": [],
        "events": [],
        "administrations": [],
    }


def test_without_scripts_too_an_answer_pressed_before_the_first_came_is_put_in_with_it(
    window: Callable[..., Page],
) -> None:
    page = opened(window(scripts=False), "almost-nothing-known")
    with page.expect_request("**/plan/change"):  # the browser gives this request up, the server has it
        press(page, MACHINE)
    press(page, GIVEN)
    page.get_by_text("8 open questions could stop it").first.wait_for()
    page.wait_for_load_state()
    assert case_of(page)["support"] == [] and case_of(page)["administrations"] == []


def test_three_answers_pressed_as_fast_as_can_be_are_all_put_in(window: Callable[..., Page]) -> None:
    page = opened(window(), "almost-nothing-known")
    page.evaluate(
        """names => [...document.querySelectorAll('main button')]
        .filter(one => names.includes(one.innerText.trim())).forEach(one => one.click())""",
        [MACHINE, NOTHING, GIVEN],
    )
    page.get_by_text("7 open questions could stop it").first.wait_for()


@pytest.mark.parametrize("name", ["Print the plan", "Target", "Second check", "Plan"])
def test_another_page_pressed_before_the_answer_came_has_it(window: Callable[..., Page], name: str) -> None:
    page = opened(window(), "almost-nothing-known")
    slow = Slow(page)
    press(page, MACHINE)
    slow.waits_for(1)
    with page.expect_event("load"):
        page.get_by_role("button", name=name, exact=True).first.click(no_wait_after=True)
    assert case_of(page)["support"] == []
    assert "Typed, and not in the case yet" not in page.get_by_role("main").inner_text()


def test_what_is_typed_while_the_plan_is_made_is_typed_into_the_new_one(window: Callable[..., Page]) -> None:
    page = opened(window(), "almost-nothing-known")
    slow = Slow(page)
    press(page, MACHINE)
    slow.waits_for(1)
    row = page.get_by_role("group", name="mean arterial pressure").first
    row.get_by_label("Value").first.fill("74")
    row.get_by_label("Unit of Value").select_option("mmHg")
    row.get_by_label("Taken at").fill("07:50")
    slow.let_go()
    page.get_by_text("9 open questions could stop it").first.wait_for()
    assert row.get_by_label("Value").first.input_value() == "74"
    assert row.get_by_label("Taken at").input_value() == "07:50"


@BOTH
def test_what_is_typed_and_not_put_in_is_asked_about_before_another_page_opens(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = opened(window(scripts=scripts, expect="status of 405"), "almost-nothing-known")
    row = page.get_by_role("group", name="mean arterial pressure").first
    row.get_by_label("Value").first.fill("74")
    row.get_by_label("Unit of Value").select_option("mmHg")
    row.get_by_label("Taken at").fill("07:50")
    said = pressed(page, "Print the plan")
    assert "Typed, and not in the case yet" in said
    assert page.get_by_label("Value").first.input_value() == "74"
    if scripts:
        assert barriers(page) == []
        page.set_viewport_size({"width": 320, "height": 900})
        assert sideways(page) == {}
        page.reload()
        brought(page)
        assert page.get_by_label("Value").first.input_value() == "74"
    pressed(page, "Back to where it was typed")
    assert row.get_by_label("Value").first.input_value() == "74"
    pressed(page, "Print the plan")
    assert "Back to the plan" in pressed(page, "Put it in, and go on: Print the plan")
    pressure = {"what": "mean arterial pressure", "value": "74 mmHg", "at": "2026-11-22T07:50:00+01:00"}
    assert pressure in case_of(page)["measurements"]


@BOTH
def test_enter_in_a_reason_sets_that_stop_aside_although_questions_stand_above(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = window(scripts=scripts)
    pressed(page, "Open severe-aortic-stenosis in the form")
    page.get_by_role("textbox", name="Other medicines").fill("")
    pressed(page, "Make the plan")
    page.get_by_text("Set this stop aside, with a reason").first.click()
    reason = page.get_by_role("textbox", name="Why, and who decided").first
    reason.fill("bridge to valve surgery tonight, Dr. Adams")
    reason.press("Enter")
    page.get_by_text("Set aside. Reason given:").first.wait_for()
    page.wait_for_load_state()
    assert "bridge to valve surgery tonight, Dr. Adams" in page.get_by_role("main").inner_text()


def test_while_an_answer_is_made_the_page_says_so_and_no_longer(window: Callable[..., Page]) -> None:
    page = opened(window(), "almost-nothing-known")
    working = page.get_by_text("Being computed.")
    assert not working.is_visible()
    slow = Slow(page)
    press(page, MACHINE)
    working.wait_for()
    slow.let_go()
    page.get_by_text("9 open questions could stop it").first.wait_for()
    working.wait_for(state="hidden")
    with page.expect_download():
        page.get_by_role("button", name="Save the case as a file").click()
    assert not working.is_visible()
