"""The second person's check, from the first press to the agreement, in two windows that share nothing.

The sound adult has 82 kg and a premix of 200 mcg/mL: 0.375 mcg/kg/min x 82 kg x 60 min/h / 200 mcg/mL = 9.225 mL/h,
which is 9.2 mL/h on a pump with steps of 0.1 mL/h.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import barriers
from tests.browser.ward import opened, pressed

if TYPE_CHECKING:
    from playwright.sync_api import Page

WEIGHT, CONCENTRATION, RATE = "82", "200", "9.2"
LOAD = {
    "Strength of the vial": "1",
    "Volume drawn up": "4.1",
    "Volume in the syringe": "4.1",
    "Time in which it goes in": "10",
    "Rate on the pump while it goes in": "24.6",
}
"""50 mcg/kg x 82 kg = 4.1 mg, of 1 mg/mL 4.1 mL; in 10 min 24.6 mL/h."""


def entered(page: Page, *, rate: str) -> str:
    page.get_by_label("Weight in kg").fill(WEIGHT)
    page.get_by_role("textbox", name="Concentration on the pump").fill(CONCENTRATION)
    page.locator("#concentration-unit").select_option("mcg/mL")
    page.get_by_label("What goes in first").select_option(label="a load that is drawn up from a vial")
    for name, value in LOAD.items():
        page.get_by_role("textbox", name=name).fill(value)
    page.locator("#strength-of-the-load-unit").select_option("mg/mL")
    page.locator("#time-of-the-load-unit").select_option("min")
    page.locator("#pump-rate").fill(rate)
    page.get_by_label("Rate per body weight").fill("0.375")
    return pressed(page, "Compare")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_people_agree_and_neither_sees_the_other_before(window: Callable[..., Page], scripts: bool) -> None:
    first = opened(window(scripts=scripts), "sound-adult", "Second check")
    assert f"{RATE} mL/h" in first.get_by_role("main").inner_text()
    pressed(first, "Let a second person check the start of the infusion, with its load undiluted")
    code = first.locator(".code").inner_text()

    second = window("/second-check", scripts=scripts)
    second.get_by_label("Code from the first person").fill(code.lower().replace("-", " "))
    pressed(second, "Go on")
    blind = second.content()
    assert f"{WEIGHT} kg" not in blind
    assert f"{RATE} mL/h" not in blind
    assert "birth" not in blind
    if scripts:
        assert barriers(second) == []

    # ten times the rate: the item is named, and neither entry is shown
    said = entered(second, rate="92")
    assert "DIFFERS" in said
    assert "Rate on the pump\tdiffers" in said
    assert f"{RATE} mL/h" not in said
    pressed(second, "Enter again")
    said = entered(second, rate=RATE)
    assert "AGREE" in said
    assert "Entries so far\t2" in said
    assert "Agreed at" in said and "4.1 mL of the vial" in said
    assert "AGREE" in pressed(first, "See what the second person entered")


def test_an_empty_entry_and_an_unknown_code_are_told_at_the_field(window: Callable[..., Page]) -> None:
    page = window("/second-check", expect="status of 4(04|22)")
    page.get_by_label("Code from the first person").fill("AAAA-BBBB-CCCC")
    assert "No check is open under this code" in pressed(page, "Go on")
    assert barriers(page) == []
    first = opened(window(expect="status of 422"), "sound-adult", "Second check")
    pressed(first, "Let a second person check")
    page.get_by_label("Code from the first person").fill(first.locator(".code").inner_text())
    pressed(page, "Go on")
    page.get_by_label("Weight in kg").fill(WEIGHT)
    pressed(page, "Compare")
    wrong = page.locator("[aria-invalid=true]")
    assert wrong.count() >= 1
    for number in range(wrong.count()):
        named = wrong.nth(number).get_attribute("aria-describedby") or ""
        assert page.locator(f"#{named.split()[0]}").is_visible()
    assert page.get_by_label("Weight in kg").input_value() == WEIGHT
    assert barriers(page) == []
