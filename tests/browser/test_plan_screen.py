"""The way from the start to a plan, and what every window keeps to on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import barriers, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_example_is_planned_with_one_press(window: Callable[..., Page], scripts: bool) -> None:
    page = window(scripts=scripts)
    page.get_by_role("button", name="sound-adult", exact=True).click()
    assert page.get_by_text("9.2 mL/h of milrinone premix 200 mcg/mL").first.is_visible()
    assert "Supports professionals and replaces none" in page.locator("header").first.inner_text()
    assert "not cleared as a medical device" in page.locator("footer").inner_text()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_plan_can_be_read_by_everybody_at_every_width(window: Callable[..., Page], width: int) -> None:
    page = window(width=width)
    assert sideways(page) == {}
    assert barriers(page) == []
    page.get_by_role("button", name="measured-level", exact=True).click()
    assert sideways(page) == {}
    assert barriers(page) == []
