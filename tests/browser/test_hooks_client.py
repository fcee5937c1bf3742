"""A client of CDS Hooks in a browser, written against the specification alone: three hooks, and both kinds of feedback.

It stands at another origin than the service, sends the record along by the discovery's own templates, and proves each
call by a token.
"""

from __future__ import annotations

import importlib.util
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import PATIENCE_MS
from tests.browser.serving import Server, free_port, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PLACE = Path(__file__).parents[2] / "examples" / "in_a_hospital" / "hospital.py"


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[tuple[str, Server]]:
    """The origin of the record's page, and the service."""
    spec = importlib.util.spec_from_file_location("hospital", PLACE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder, ports = tmp_path_factory.mktemp("hospital"), (free_port(), free_port())
    inotrope, origin = (f"http://127.0.0.1:{port}" for port in ports)
    module.prepare(folder, inotrope, f"{origin}/fhir")
    opened: list[Any] = []

    class Kept(module.ThreadingHTTPServer):  # type: ignore[name-defined,misc]
        def __init__(self, address: Any, handler: Any) -> None:
            handler.log_message = lambda *_: None
            super().__init__(address, handler)
            opened.append(self)

    module.ThreadingHTTPServer = Kept
    thread = threading.Thread(target=module.serve, args=(f"{origin}/fhir", folder, inotrope))
    thread.start()
    while not opened:
        time.sleep(0.01)
    try:
        with serving(folder, ports[0], "--hooks", str(folder / "hooks.toml")) as running:
            yield origin, running
    finally:
        opened[0].shutdown()
        thread.join()


@pytest.fixture
def client(browser: Browser, hospital: tuple[str, Server]) -> Iterator[Page]:
    context = browser.new_context(locale="en-US", timezone_id="Europe/Berlin")
    context.set_default_timeout(PATIENCE_MS)
    wrong: list[str] = []
    context.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    context.on("weberror", lambda failed: wrong.append(str(failed.error)))
    page = context.new_page()
    page.goto(f"{hospital[0]}/", wait_until="networkidle")
    yield page
    context.close()
    assert [said for said in wrong if "favicon" not in said and "404" not in said and "401" not in said] == []


def trigger(page: Page, name: str, hook: str) -> None:
    page.get_by_role("button", name=name).click()
    page.get_by_role("status").filter(has_text=f"{hook}: ").wait_for()


def test_three_hooks_and_a_suggestion_that_is_taken(client: Page):
    trigger(client, "Open the patient", "patient-view")
    assert client.locator(".card").count() == 0  # nothing runs
    trigger(client, "Select the order", "order-select")
    assert client.locator(".card").count() == 1
    trigger(client, "Sign the order", "order-sign")
    [card] = client.locator(".card").all()  # in place of the earlier hook's
    assert card.get_attribute("data-indicator") == "critical"
    card.get_by_role("button", name="Start at").click()
    client.get_by_role("status").filter(has_text="feedback accepted: 200").wait_for()
    order = client.locator("#order").text_content() or ""
    assert "0.28 mcg/kg/min" in order or "0.279" in order
    assert client.locator(".card").count() == 0


def test_a_card_is_set_aside_with_a_reason(client: Page, hospital: tuple[str, Server]):
    client.get_by_label("Patient").select_option("pat-2")
    trigger(client, "Open the patient", "patient-view")
    [card] = client.locator(".card").all()
    assert "0.5 mcg/kg/min" in (card.text_content() or "")
    card.get_by_label("Reason").select_option(index=1)
    card.get_by_label("Comment").fill("Mrs Testmann knows")
    card.get_by_role("button", name="Set aside").click()
    client.get_by_role("status").filter(has_text="feedback overridden: 200").wait_for()
    lines = [json.loads(line) for line in hospital[1].log.read_text("utf-8").splitlines() if line.startswith("{")]
    told = [line for line in lines if line.get("event") == "feedback"]
    assert told[-1]["outcome"] == "overridden already-known with a comment"
    assert "Testmann" not in hospital[1].log.read_text("utf-8")
    assert "pat-2" not in hospital[1].log.read_text("utf-8")


def test_an_order_within_the_table_is_signed_in_silence(client: Page):
    client.get_by_label("Rate").fill("0.27")
    trigger(client, "Sign the order", "order-sign")
    assert client.get_by_role("status").text_content() == "order-sign: 0 cards."
    assert client.locator(".card").count() == 0
