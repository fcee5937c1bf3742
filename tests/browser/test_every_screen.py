"""What holds on every screen: read by everybody, at every width, by keyboard, with the notice on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from inotrope.web.drawing import SCREENS
from tests.browser.looking import barriers, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = [screen.called for screen in SCREENS]
# A wide window; a phone of 320 px, which is also 1280 px at 400 %; and 1280 px at 200 %.
WIDTHS = (1280, 640, 320)


def shown(page: Page, name: str) -> None:
    """Go to a screen by its button, for the shipped patient with a measured level."""
    page.get_by_role("button", name="measured-level", exact=True).click()
    page.get_by_role("navigation").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_has_no_barrier_and_keeps_to_the_width_of_its_window(window: Callable[..., Page], name: str) -> None:
    page = window()
    shown(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) == {}, width
    assert barriers(page) == []  # where the window is narrowest; the tests of each screen look at it wide


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_screen_is_reached_and_carries_notice_name_and_place(window: Callable[..., Page], scripts: bool) -> None:
    page = window(scripts=scripts)
    page.get_by_role("button", name="measured-level", exact=True).click()
    for name in NAMES:
        page.get_by_role("navigation").get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()
        assert page.locator("main h1").count() == 1
        assert page.title().endswith(" - Inotrope")
        assert page.locator("nav [aria-current=page]").inner_text() == name
        assert "Supports professionals and replaces none." in page.locator("header").first.inner_text()
        assert "not cleared as a medical device" in page.locator("footer").inner_text()


@pytest.mark.parametrize("path", ["/nowhere", "/plan", "/static/nothing.css"])
def test_an_address_that_is_none_is_told_in_words(window: Callable[..., Page], path: str) -> None:
    page = window(path, expect=r"status of 40[45]")
    assert page.get_by_role("link", name="start").is_visible()
    assert barriers(page) == []
