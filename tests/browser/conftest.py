"""A live server and the system's own Chromium. Where there is no Chromium, these tests are left out by name.

One server and one browser serve all tests of a worker; each test has windows of its own, which share nothing: what a
window stored in the browser goes with the test, and no two of its windows share a profile. After each test its windows
must not have complained (`watching.Watch`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.serving import Server, serving
from tests.browser.watching import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Debian's name first; the last two are what other systems call it.
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Nothing but loopback has an address, and Chromium itself asks for nothing either.
ALONE = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--process-per-site",  # the windows of a profile share a process: to start one costs more than to show a page
)
NOTHING = '<!DOCTYPE html><title>Nothing</title><link rel="icon" href="data:,">'
PATIENCE_MS = 60_000  # a busy machine


def left_out(why: str) -> None:
    """Leave the test out; on a checking machine, which has a browser, that is a failure."""
    if os.environ.get("INOTROPE_BROWSER_TESTS") == "required":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, closed after the folder: while it runs, asyncio believes that its loop runs in this thread too."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        left_out("no Chromium on this machine (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        left_out("no Playwright in this environment (requirements-dev.txt has it)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ALONE))
        yield started
        started.close()


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def watch(server: Server) -> Watch:
    return Watch(server.address)


class Profiles:
    """The profiles of one browser that nobody uses just now: a new one costs as much as three pages."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[tuple[str, bool], list[BrowserContext]] = {}

    def take(self, address: str, *, scripts: bool) -> BrowserContext:
        """One with nothing in it, for a server; its first page keeps its process alive."""
        if free := self._free.get((address, scripts)):
            return free.pop()
        made = self._browser.new_context(
            base_url=address,
            java_script_enabled=scripts,
            locale="en-US",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        made.set_default_timeout(PATIENCE_MS)
        keeper = made.new_page()
        keeper.route("**/*", lambda route: route.fulfill(body=NOTHING, content_type="text/html"))
        keeper.goto("/")  # the server hears nothing of it
        return made

    def give_back(self, profile: BrowserContext, address: str, *, scripts: bool) -> None:
        """Take it for the next test, once the windows are closed and what they stored is gone."""
        for page in profile.pages[1:]:
            page.close()
        profile.clear_cookies()
        profile.pages[0].evaluate("localStorage.clear()")
        self._free.setdefault((address, scripts), []).append(profile)


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture
def window(profiles: Profiles, server: Server, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a window of its own; with `scripts=False` JavaScript is switched off; `expect` as in `Watch.expect`."""
    taken = []

    def opened(
        path: str = "/", *, scripts: bool = True, width: int = 1280, height: int = 900, expect: str | None = None
    ) -> Page:
        if expect is not None:
            watch.expect(expect)
        profile = profiles.take(server.address, scripts=scripts)
        taken.append((profile, scripts))
        watch.over(profile)
        page = profile.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        return page

    yield opened
    for profile, scripts in taken:
        profiles.give_back(profile, server.address, scripts=scripts)
    watch.ends()
    assert watch.complaints() == []


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    return window()
