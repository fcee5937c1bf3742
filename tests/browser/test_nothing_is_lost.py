"""Two windows, two presses, a way back and a server started anew: the case is in the page, so nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.serving import Server, free_port, serving
from tests.browser.ward import brought, opened
from tests.browser.watching import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ADULT, BABY = "82 kg", "0.9 kg"  # what the shipped sound-adult and preterm-baby weigh


def test_two_tabs_keep_two_patients_apart(window: Callable[..., Page]) -> None:
    adult = window()
    baby = adult.context.new_page()
    baby.goto("/")
    adult.get_by_role("button", name="sound-adult", exact=True).click()
    baby.get_by_role("button", name="preterm-baby", exact=True).click()
    for page, own, other in ((adult, ADULT, BABY), (baby, BABY, ADULT)):
        page.wait_for_load_state()
        with page.expect_event("load"):
            page.get_by_role("button", name="Plan", exact=True).click()
        main = page.locator("main").inner_text()
        assert own in main
        assert other not in main


def test_a_button_pressed_twice_gives_the_page_that_one_press_gives(window: Callable[..., Page]) -> None:
    page = window()
    shown = []
    for name in ("sound-adult", "Plan"):
        with page.expect_event("load"):
            page.get_by_role("button", name=name, exact=True).first.dblclick(no_wait_after=True)
        page.get_by_role("heading", name="infusion plan").wait_for()
        page.wait_for_load_state()
        shown.append(page.locator("main").inner_text())
    assert shown[0] == shown[1]


def test_a_server_that_was_started_anew_answers_the_page_of_the_old_one(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as first:
        watch = Watch(first.address)
        context = browser.new_context(base_url=first.address)
        watch.over(context)
        page = context.new_page()
        page.goto("/")
        page.get_by_role("button", name="preterm-baby", exact=True).click()
        page.get_by_role("heading", name="infusion plan").wait_for()
        page.wait_for_load_state()
    with serving(tmp_path, port):
        page.get_by_role("button", name="Plan", exact=True).click()
        page.wait_for_load_state()
        assert BABY in page.locator("main").inner_text()
    context.close()
    assert watch.complaints() == []


def test_no_address_and_no_storage_of_the_browser_holds_anything_of_a_patient(
    window: Callable[..., Page], watch: Watch
) -> None:
    page = window()
    page.get_by_role("button", name="sound-adult", exact=True).click()
    page.wait_for_load_state()
    assert page.context.cookies() == []
    assert page.evaluate("Object.entries(localStorage)") == []
    state = page.evaluate("history.state")  # which a browser may write to a disk
    assert set(state) == {"handle"} and re.fullmatch("[0-9a-f]{32}", state["handle"])
    # htmx remembers the address, and no page behind it
    stored = dict(page.evaluate("Object.entries(sessionStorage)"))
    assert set(stored) <= {"htmx-current-path-for-history"}
    assert set(stored.values()) <= {"/", "/plan"}
    assert all(re.fullmatch(r"[^?#]*", url) for url in watch.asked)


def test_the_server_writes_nothing_of_a_patient(page: Page, server: Server) -> None:
    page.get_by_role("button", name="sound-adult", exact=True).click()
    page.get_by_role("heading", name="infusion plan").wait_for()
    page.wait_for_load_state()
    written = server.log.read_text("utf-8")
    assert "1958" not in written
    assert "82" not in written.replace(server.address, "")
    assert "Traceback" not in written


def test_back_reload_and_forward_show_the_page_again_with_its_patient(window: Callable[..., Page]) -> None:
    page = window(expect="status of 405")  # the address is asked for, and then the page brings what it was made of
    page.get_by_role("button", name="preterm-baby", exact=True).click()
    page.get_by_role("button", name="Target", exact=True).click()
    target = page.get_by_role("heading", name="The dose for a target")
    plan = page.get_by_role("heading", name="infusion plan")
    target.wait_for()
    page.wait_for_load_state()
    for go, then in ((page.go_back, plan), (page.reload, plan), (page.go_forward, target), (page.reload, target)):
        go()
        then.wait_for()
        brought(page)
    page.go_back()
    plan.wait_for()
    brought(page)
    assert BABY in page.locator("main").inner_text()
    page.go_back()
    page.get_by_role("heading", name="Start").wait_for()


def test_whoever_goes_on_before_the_scripts_of_a_page_ran_finds_the_way_back_all_the_same(
    window: Callable[..., Page],
) -> None:
    error = pytest.importorskip("playwright.sync_api").Error
    page = window(expect="status of 405")
    late: list[Route] = []

    def hold(route: Route) -> None:  # Playwright writes on what it is given, so a bound method of a list will not do
        late.append(route)

    page.route("**/static/htmx.min.js", hold)  # the first of the scripts that wait for the whole page
    page.goto("/", wait_until="commit")
    for name in ("preterm-baby", "Target", "Convert"):
        page.get_by_role("button", name=name, exact=True).click(no_wait_after=True)
    page.get_by_role("heading", name="Dose to pump rate").wait_for()
    page.unroute("**/static/htmx.min.js")
    for route in late:
        with suppress(error):  # a page that was left asks no longer
            route.continue_()
    for then in ("The dose for a target", "infusion plan"):
        page.go_back()
        page.get_by_role("heading", name=then).wait_for()
    assert BABY in page.locator("main").inner_text()


def test_what_was_typed_is_there_again_on_the_way_back_although_nobody_put_it_in(window: Callable[..., Page]) -> None:
    page = opened(window(expect="status of 405"), "almost-nothing-known")
    value = page.get_by_role("group", name="mean arterial pressure").first.get_by_label("Value").first
    value.fill("74")  # and left at once: the box has the keyboard still
    page.goto("/")
    page.go_back()
    brought(page)
    assert value.input_value() == "74"
    page.reload()
    brought(page)
    assert value.input_value() == "74"


def test_a_page_of_a_server_that_was_started_anew_says_that_it_is_not_kept(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as first:
        context = browser.new_context(base_url=first.address)
        page = context.new_page()
        page.goto("/")
        page.get_by_role("button", name="preterm-baby", exact=True).click()
        page.get_by_role("heading", name="infusion plan").wait_for()
        page.wait_for_load_state()
        page.goto("/")
    with serving(tmp_path, port):
        page.go_back()
        page.get_by_text("Not kept any more.").wait_for()
    context.close()
