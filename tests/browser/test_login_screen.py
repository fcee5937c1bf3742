"""Logging in, in a real browser: what was typed when a session ended goes on, and a logout leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inotrope.access.roles import Role
from inotrope.access.users import Users
from inotrope.course.keeping.opening import open_database
from tests.browser.looking import barriers
from tests.browser.serving import Server, serving
from tests.browser.ward import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GOOD = "four words for a ward"
REFUSED = r"status of 40[1345] "
"""Chromium writes a line for each answer that refuses: a login that is asked for, a page that a form alone opens."""


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two users."""
    folder: Path = tmp_path_factory.mktemp("login")
    database = open_database(folder / "ward.sqlite", create=True)
    Users(database).add("adams", [Role.PLAN, Role.CONFIRM], GOOD)
    Users(database).add("clark", [Role.ADMINISTER, Role.VIEW], GOOD)
    database.close()
    with serving(folder, None, "--login", "--database", str(folder / "ward.sqlite")) as running:
        yield running


def enter(page: Page, name: str, password: str = GOOD) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_logs_in_works_and_logs_out(window: Callable[..., Page], scripts: bool) -> None:
    page = window("/drug", scripts=scripts, expect=REFUSED)
    enter(page, "adams", "wrong words of a ward")
    assert "do not belong together" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Name", exact=True).input_value() == "adams"
    assert page.get_by_label("Password").input_value() == ""
    enter(page, "adams")
    page.wait_for_url("**/drug")
    page.goto("/")
    opened(page, "sound-adult")
    assert "A rate is proposed" in page.locator("#main").inner_text()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.goto("/courses")
    assert page.get_by_role("heading", level=1).inner_text() == "Log in"


def test_what_was_typed_when_the_session_ended_goes_on(window: Callable[..., Page]) -> None:
    page = window("/login", expect=REFUSED)
    enter(page, "adams")
    page.get_by_role("button", name="Only convert").click()
    page.wait_for_url("**/dose")
    page.context.clear_cookies()
    page.get_by_label("Weight").first.fill("83")
    page.get_by_role("heading", name="Log in").wait_for()
    enter(page, "adams")
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_url("**/dose")
    assert page.get_by_label("Weight").first.input_value() == "83"


def test_whoever_comes_next_at_the_same_window_goes_back_to_nobodys_patient(window: Callable[..., Page]) -> None:
    page = window("/login", expect=REFUSED)
    enter(page, "adams")
    opened(page, "sound-adult")  # it is kept once it is whole: there is something to come back to
    page.get_by_role("button", name="Convert", exact=True).click()
    page.wait_for_url("**/dose")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    enter(page, "clark")
    page.get_by_role("button", name="Log out").wait_for()
    page.go_back()
    page.go_back()
    page.go_back()
    page.locator("#forgotten").wait_for(state="visible")
    assert "A rate is proposed" not in page.locator("body").inner_text()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_login_and_the_audit_are_for_everyone(window: Callable[..., Page], width: int) -> None:
    page = window("/audit", width=width, expect=REFUSED)
    assert barriers(page) == []
    enter(page, "clark")
    page.get_by_role("heading", name="Audit").wait_for()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
