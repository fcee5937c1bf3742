"""A text that takes its order back, or changes it in words, is refused; the same words in a sound order are not."""

from __future__ import annotations

import time

import pytest

from inotrope.order import read_text
from inotrope.plan import check_order

SOUND = "milrinone 20 mg/100 mL, 70 kg, 0.375 mcg/kg/min, 7.9 mL/h"  # 0.375 x 70 x 60 / 200 = 7.875


def refused(text: str) -> bool:
    return any(item.id == "not-an-order" for item in read_text(text).problems)


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"{word} {SOUND}"
            for word in (
                "do not give",
                "STOP",
                "hold",
                "discontinue",
                "d/c",
                "cancel:",
                "no",
                "never",
                "allergic to",
                "void.",
            )
        ),
        f"{SOUND}. Stop.",
        f"{SOUND}. Hold",
        f"{SOUND}. Stop infusion now",
        f"{SOUND}. No, wrong patient",
        f"{SOUND}. Then ditto",
        f"~~{SOUND}~~",
        f"{SOUND}, double it now",
        f"{SOUND}, then twice",
        "milrinone 20 mg/100 mL, 70 kg, 0.375 mcg/kg/min, a few mL/h",
        "milrinone 20 mg/100 mL, 70 kg, half a mcg/kg/min",
        "milrinone 20 mg/100 mL, 70 kg, some mcg/kg/min",
        "milrinone 20 mg/100 mL, 70 kg, rate unknown mL/h",
        "milrinone 20 mg/100 mL, 70 kg, \u0660.\u0663\u0667\u0665 mcg/kg/min",
        f"{SOUND} in furosemide",
        f"{SOUND} with furosemide in the same line",
        "milrinone: start dobutamine. 20 mg/100 mL, 70 kg, 0.375 mcg/kg/min",
        "dobutamine, 20 mg/100 mL, 70 kg. milrinone next",
        "furosemide. 20 mg/100 mL, milrinone",
        f"{SOUND} every 5 min",
        "milrinone 20 mg/100 mL, 70 kg, bolus 50 mcg/kg over 10 min, repeat every 5 min",
        "milrinone " + "1 mg " * 61,
    ],
)
def test_an_order_that_is_taken_back_or_changed_in_words_is_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        f"{SOUND}. Stop if MAP < 60 mmHg",
        f"{SOUND}. Hold milrinone for SBP < 90",
        f"{SOUND}. Do not bolus",
        f"{SOUND}. Double check done. Double-checked by 2 RNs",
        f"{SOUND}, then stop",
        f"{SOUND}. Do not run furosemide in same line",
        f"every 30 min, {SOUND}",
        f"furosemide is off; {SOUND}",
    ],
)
def test_the_same_words_in_a_sound_order_are_read(text: str) -> None:
    assert not refused(text)


@pytest.mark.parametrize("piece", ["falls below ", "mcg/kg/", "kg per ", "1 mL/h = 1 mcg/kg/min ", "goal of at least "])
def test_a_text_that_repeats_itself_costs_no_time(piece: str) -> None:
    before = time.perf_counter()
    read_text(("milrinone map " + piece * 2000)[:2000])
    assert time.perf_counter() - before < 2  # seconds; a pattern that tried every split would take hours


@pytest.mark.parametrize("route", ["via arterial line", "intracardiac", "via nasogastric tube", "into the muscle"])
def test_a_route_that_is_no_vein_stops_the_order(route: str) -> None:
    check = check_order(f"{SOUND} {route}")
    assert check.status == "stopped"
