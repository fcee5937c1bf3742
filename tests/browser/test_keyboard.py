"""The page by keyboard alone: every step reached with Tab, seen where it is, and done with Enter, Space or an arrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_STEPS = 120
# What has the focus: its name, and whether it is seen there: in the window, not covered, with a ring around it.
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const label = at.labels && at.labels.length ? at.labels[0].innerText : at.getAttribute('aria-label');
  const group = at.closest('[role=group],[role=radiogroup]');
  const head = group && group.getAttribute('aria-labelledby');
  const x = box.left + Math.min(box.width / 2, 20), y = box.top + Math.min(box.height / 2, 20);
  const over = document.elementFromPoint(x, y);
  return {
    name: (label || at.innerText || at.value || '').trim().replace(/\\s+/g, ' '),
    group: head ? document.getElementById(head).innerText : '',
    seen: box.width > 0 && box.height > 0 && box.top >= 0 && box.left >= 0 && box.top < innerHeight &&
      !!over && (at.contains(over) || over.contains(at) || [...at.labels || []].some(one => one.contains(over))),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
}"""


def focused(page: Page) -> dict[str, object]:
    """Return what has the focus; a busy machine may scroll and draw its ring a moment later."""
    for _ in range(20):
        focus: dict[str, object] = page.evaluate(FOCUS)
        if focus["seen"] and focus["ring"]:
            break
        page.wait_for_timeout(50)
    return focus


def go_to(page: Page, name: str, group: str = "") -> None:
    """Press Tab until something of this name has the focus; all that is passed must be seen."""
    passed = []
    page.wait_for_load_state()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focus = focused(page)
        assert focus["seen"], focus
        assert focus["ring"], focus
        passed.append(focus["name"])
        if str(focus["name"]).startswith(name) and str(focus["group"]).startswith(group):
            return
    raise AssertionError(f"'{name}' is not reached by Tab: {passed}")


def fill(page: Page, name: str, text: str, group: str = "") -> None:
    go_to(page, name, group)
    page.keyboard.type(text)


def test_the_first_step_leads_past_the_head_of_the_page(window: Callable[..., Page]) -> None:
    page = window()
    go_to(page, "To the main part")
    page.keyboard.press("Enter")
    go_to(page, "New patient")


def test_a_new_patient_is_entered_and_planned_without_a_mouse(window: Callable[..., Page]) -> None:
    page = window()
    go_to(page, "New patient")
    page.keyboard.press("Enter")
    page.get_by_label("Weight now").wait_for()
    fill(page, "Given for", "acute d")
    fill(page, "Weight now", "82")
    fill(page, "Height", "178")
    fill(page, "Sex", "m")
    fill(page, "Date of birth", "1958-03-02")
    fill(page, "Value", "1.1", "serum creatinine")
    go_to(page, "Unit of Value", "serum creatinine")
    page.keyboard.type("mg/dL")
    fill(page, "Taken at", "00:00", "serum creatinine")
    page.keyboard.press("Enter")  # looks at what is written, and makes no plan of something half typed
    page.get_by_text("Nothing that is written is wrong").wait_for()
    page.wait_for_load_state()
    go_to(page, "Make the plan")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="infusion plan").wait_for()
    page.wait_for_load_state()
    said = page.get_by_role("main").inner_text()
    assert "0.375 mcg/kg/min" in said  # the label's minimum for an adult; no bag is named, so no mL/h
    assert "82 kg" in said


def test_after_an_answer_the_keyboard_goes_on_from_the_question(window: Callable[..., Page]) -> None:
    page = window()
    page.get_by_role("button", name="almost-nothing-known", exact=True).focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="No machine, now or in the last two days")
    button.focus()
    page.wait_for_load_state()  # before its scripts are there, the whole page would be asked for anew
    place = page.evaluate("document.activeElement.closest('.question').id")
    button.press("Enter")
    page.get_by_text("9 open questions could stop it").first.wait_for()
    page.wait_for_function("place => document.activeElement.id === place", arg=place)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.question').id") == place
    assert focused(page)["seen"]


def test_evidence_is_opened_by_the_keyboard(window: Callable[..., Page]) -> None:
    page = window()
    page.get_by_role("button", name="severe-aortic-stenosis", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Checks").wait_for()
    page.get_by_role("link", name="checks", exact=True).focus()
    page.keyboard.press("Enter")
    go_to(page, "Evidence")
    page.keyboard.press("Space")
    assert page.get_by_text("How sure:").first.is_visible()
