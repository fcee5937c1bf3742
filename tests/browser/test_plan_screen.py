"""The plan: its answer first, questions and stops answered where they stand, changes supposed, and the page printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import barriers, sideways
from tests.browser.ward import opened, pressed

if TYPE_CHECKING:
    from playwright.sync_api import Page

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


@BOTH
def test_an_example_is_planned_with_one_press_and_the_answer_leads(window: Callable[..., Page], scripts: bool) -> None:
    page = opened(window(scripts=scripts), "sound-adult")
    said = page.get_by_role("main").inner_text()
    places = [said.index(words) for words in ("A rate is proposed", "9.2 mL/h of milrinone premix 200 mcg/mL", "Why")]
    assert places == sorted(places)
    if scripts:
        assert barriers(page) == []
    box = page.get_by_text("9.2 mL/h of milrinone premix 200 mcg/mL").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 900  # in sight without scrolling


@BOTH
def test_a_question_is_answered_where_it_stands_and_the_plan_follows(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = opened(window(scripts=scripts), "almost-nothing-known")
    open_before = page.get_by_role("main").inner_text()
    assert "10 open questions could stop it" in open_before
    page.get_by_role("button", name="No machine, now or in the last two days").click()
    page.get_by_text("9 open questions could stop it").first.wait_for()
    # the case that travels on has the answer, whatever swapped the page
    page.get_by_role("navigation").get_by_role("button", name="Plan", exact=True).click()
    page.wait_for_load_state()
    assert "9 open questions could stop it" in page.get_by_role("main").inner_text()


@BOTH
def test_an_answer_that_cannot_be_read_is_told_there_and_stays(window: Callable[..., Page], scripts: bool) -> None:
    page = opened(window(scripts=scripts, expect="status of 422"), "no-creatinine")
    value = page.get_by_role("group", name=re.compile("serum creatinine", re.I)).first.get_by_label("Value").first
    value.fill("ninety")
    value.press("Enter")
    wrong = page.locator("[aria-invalid=true]").first
    wrong.wait_for()
    page.wait_for_load_state()
    assert page.get_by_role("alert").first.is_visible()
    assert "ninety" in [box.input_value() for box in page.get_by_label("Value").all()]
    if scripts:
        assert barriers(page) == []


@BOTH
def test_a_stop_shows_no_dose_and_is_set_aside_only_with_a_reason(window: Callable[..., Page], scripts: bool) -> None:
    page = opened(window(scripts=scripts, expect="status of 422"), "low-pressure")
    said = page.get_by_role("main").inner_text()
    assert "no dose is shown" in said
    assert "mL/h" not in said
    page.get_by_text("Set this stop aside, with a reason").first.click()
    reason = page.get_by_role("textbox", name="Why, and who decided")
    reason.fill("norepinephrine holds the pressure")
    reason.press("Enter")
    page.get_by_text("norepinephrine holds the pressure").first.wait_for()
    page.wait_for_load_state()
    assert "OVERRIDDEN" in page.get_by_role("main").inner_text().upper()


@BOTH
def test_a_change_is_supposed_and_the_levels_then_stand_beside_those_as_planned(
    window: Callable[..., Page], scripts: bool
) -> None:
    page = opened(window(scripts=scripts), "sound-adult")
    if not scripts:  # a screen of its own, so that nothing typed on the plan is left behind
        pressed(page, "Another rate, a pause, other kidneys")
    page.get_by_role("textbox", name="Rate in mcg/kg/min").fill("0.5")
    page.get_by_role("button", name="Show this rate").click()
    answer = page.locator("#what-if-answer")
    answer.locator("svg.chart").first.wait_for()
    page.wait_for_load_state()
    assert "0.5 mcg/kg/min" in answer.inner_text()
    assert answer.locator("table.grid").count() >= 1


def test_the_curve_follows_a_rate_that_is_moved_with_the_arrow_keys(window: Callable[..., Page]) -> None:
    page = opened(window(), "sound-adult")
    slider = page.get_by_label("Move the rate")
    slider.focus()
    slider.press("ArrowRight")
    answer = page.locator("#what-if-answer")
    answer.locator("svg.chart").first.wait_for()
    first = answer.inner_text()
    for _ in range(5):
        slider.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('#what-if-answer').innerText !== before", arg=first)
    assert slider.evaluate("slider => slider === document.activeElement")


@pytest.mark.parametrize("example", ["severe-aortic-stenosis", "preterm-baby"])
def test_a_plan_of_any_status_has_no_barrier_on_a_phone(window: Callable[..., Page], example: str) -> None:
    page = opened(window(width=320), example)
    page.evaluate("document.querySelectorAll('main details').forEach(folded => { folded.open = true; })")
    assert sideways(page) == {}
    assert barriers(page) == []


def test_the_plan_is_printed_whole_with_the_notice_and_room_to_sign(window: Callable[..., Page]) -> None:
    page = opened(window(), "running-since-yesterday")
    pressed(page, "Print the plan")
    page.emulate_media(media="print")
    assert page.get_by_role("navigation").locator("visible=true").count() == 0
    assert page.get_by_role("main").locator("button").locator("visible=true").count() == 0
    paper = page.locator("body").inner_text()
    for words in (
        "Supports professionals",
        "not cleared as a medical device",
        "Checked by",
        "Second check by",
        "Sources",
    ):
        assert words in paper
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) >= 2
