"""What a nurse does first on the way to every screen: an example is chosen, and a screen by its button."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def opened(page: Page, example: str, screen: str = "Plan") -> Page:
    """Go from the start to a screen, for a shipped patient."""
    page.get_by_role("button", name=example, exact=True).click()
    if screen != "Plan":
        page.get_by_role("navigation").get_by_role("button", name=screen, exact=True).click()
    page.wait_for_load_state()
    return page


def brought(page: Page) -> Page:
    """Wait until a page that the way back or a reload brings again is there, with its scripts.

    Before it comes the answer to the bare address, and once more what it is made of is kept only when it is whole.
    """
    page.wait_for_function("() => document.body.dataset.method === 'POST' && document.readyState === 'complete'")
    return page


def pressed(page: Page, name: str) -> str:
    """Press a button that leads to a page, and return what its main part says."""
    page.wait_for_load_state()  # or this page's own loading would be taken for that of the next
    button = page.get_by_role("main").get_by_role("button", name=name).and_(page.locator("button"))
    with page.expect_event("load"):
        button.first.click()
    return page.get_by_role("main").inner_text()
