"""Scripts and marks of markup in what somebody typed: shown as text wherever they stand, and never run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = (
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "'><svg onload=window.ran=1>",
    "</textarea></script><script>window.ran=1</script>",
    "javascript:window.ran=1",
    "{{ 7 * 7 }}{% for a in b %}",
    "<b hx-get='/static/bedside.css' hx-trigger='load'>",
)


def planned(page: Page, **changes: object) -> None:
    """Plan the sound adult with changes, as a page does that was made by somebody else."""
    button = page.get_by_role("button", name="sound-adult", exact=True)
    case = json.loads(str(button.evaluate("button => button.form.elements.case.value")))
    button.evaluate(
        "(button, text) => { button.form.elements.case.value = text; }",
        json.dumps({**case, **changes}),
    )
    button.click()
    page.wait_for_load_state()


def test_a_name_is_text_and_nothing_else(window: Callable[..., Page]) -> None:
    page = window()
    planned(page, medicines=list(NAMES), allergies=list(NAMES))
    main = page.locator("main")
    said = main.inner_text()
    assert [name for name in NAMES if name not in said] == []
    assert page.evaluate("window.ran") is None
    assert main.locator("script, img, [onload], [onerror], [hx-get='/static/bedside.css']").count() == 0
    page.get_by_role("navigation").get_by_role("button", name="Patient", exact=True).click()
    assert page.get_by_role("textbox", name="Allergies").input_value().splitlines() == list(NAMES)
    assert page.evaluate("window.ran") is None
