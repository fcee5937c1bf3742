"""The README's pictures, taken with `pytest tests/browser/test_pictures.py --screenshots`, and there at all times."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.ward import opened, pressed
from tests.moments import example_of_now, hours_ago

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "screenshots"
WIDE, PHONE = {"width": 1000, "height": 1000}, {"width": 390, "height": 1000}


def plan(page: Page) -> None:
    opened(page, "sound-adult")


def stopped(page: Page) -> None:
    opened(page, "low-pressure")


def questions(page: Page) -> None:
    opened(page, "almost-nothing-known")
    page.locator("#questions").evaluate("part => part.scrollIntoView()")


def what_if(page: Page) -> None:
    opened(page, "sound-adult")
    page.get_by_role("textbox", name="Rate in mcg/kg/min").fill("0.5")
    page.get_by_role("button", name="Show this rate").click()
    page.locator("#what-if-answer svg.chart").first.wait_for()
    page.locator("#what-if-answer").evaluate("part => part.scrollIntoView()")


def loops(page: Page) -> None:
    opened(page, "right-heart-catheter", "Circulation")
    page.evaluate("document.querySelectorAll('main details.part').forEach(part => { part.open = true; })")
    page.locator("figure", has_text=re.compile("loop", re.I)).first.evaluate("part => part.scrollIntoView()")


def case_form(page: Page) -> None:
    pressed(page, "New patient")
    page.get_by_label("Weight now").fill("eighty two")
    pressed(page, "Make the plan")


def second_check(page: Page) -> None:
    opened(page, "sound-adult", "Second check")
    pressed(page, "Let a second person check")


def course(page: Page) -> None:
    """A course of this hour: the shipped example, with all its times moved."""
    button = page.get_by_role("button", name="running-since-yesterday", exact=True)
    text = example_of_now("running-since-yesterday")
    button.evaluate("(button, text) => { button.form.elements.case.value = text; }", text)
    button.click()
    page.get_by_role("heading", name="infusion plan").wait_for()
    pressed(page, "Keep it in a course")
    page.get_by_label("Label").fill("Bed 7")
    page.get_by_label("Your name or initials").fill("A. Adams")
    pressed(page, "Begin the course")
    page.get_by_role("link", name="Level", exact=True).click()
    for label, typed in (("Level in the blood", "212"), ("Drawn at", hours_ago(1)), ("Drawn from", "arterial line")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_label("Unit of Level in the blood").select_option("ng/mL")
    pressed(page, "Record it")


PICTURES: dict[str, tuple[Callable[[Page], None], dict[str, int]]] = {
    "plan": (plan, WIDE),
    "stopped": (stopped, WIDE),
    "questions": (questions, WIDE),
    "what-if": (what_if, WIDE),
    "loops": (loops, WIDE),
    "case-form": (case_form, WIDE),
    "second-check": (second_check, WIDE),
    "course": (course, {"width": 1280, "height": 1900}),
    "phone": (plan, PHONE),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_taken_where_it_is_asked_for_and_is_there(name: str, request: pytest.FixtureRequest) -> None:
    path = FOLDER / f"{name}.png"
    if request.config.getoption("--screenshots"):
        steps, size = PICTURES[name]
        page = request.getfixturevalue("window")(**size, expect="status of 422")
        steps(page)
        page.screenshot(path=path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_the_readme_shows_pictures_that_are_taken_here() -> None:
    shown = set(re.findall(r"docs/screenshots/([a-z-]+)\.png", (ROOT / "README.md").read_text("utf-8")))
    assert shown <= set(PICTURES)
    assert {path.stem for path in FOLDER.glob("*.png")} == set(PICTURES)
    assert "plan" in shown
