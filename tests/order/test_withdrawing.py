"""A text that takes its order back, or changes it in words, is refused; the same words in a sound order are not."""

from __future__ import annotations

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


LOADED = "milrinone load 50 mcg/kg over 10 min{}, then 0.375 mcg/kg/min, 70 kg, 200 mcg/mL, 7.9 mL/h"


@pytest.mark.parametrize(
    "words",
    [
        "same line as furosemide",
        "in the same line as furosemide",
        "furosemide in same line",
        "via the same line as the furosemide infusion",
        "via same lumen as Lasix",
        "bumetanide via the same port",
        "furosemide piggyback",
        "furosemide in same line if no other access",
    ],
)
def test_another_medicine_in_the_same_line_is_never_taken_for_checked(words: str) -> None:
    """Furosemide and bumetanide precipitate in the line (facts, milrinone.md 5; second reading 1.1)."""
    assert refused(f"{SOUND}, {words}")


@pytest.mark.parametrize(
    "words",
    [
        "do not run furosemide in same line",
        "not in the same line as furosemide",
        "furosemide must not run in same line",
        "never in same lumen as Lasix",
        "furosemide via a separate line",
        "on furosemide 40 mg daily, separate lumen",
    ],
)
def test_a_medicine_that_is_kept_out_of_the_line_refuses_nothing(words: str) -> None:
    assert not refused(f"{SOUND}, {words}")


@pytest.mark.parametrize(
    "words",
    [
        ", may repeat load once",
        ", repeat load if no response",
        ", repeat load x1",
        ", load may be repeated in 1 h",
        ", second load if needed",
        ", rebolus prn",
        ", may repeat",
        ", repeat x1 if needed",
        ", may be repeated once",
        ". May repeat x1",
    ],
)
def test_a_load_that_may_be_given_again_is_refused(words: str) -> None:
    """A load is given once: another one within the day comes to more than one (rule repeated-load)."""
    assert refused(LOADED.format(words))


@pytest.mark.parametrize(
    "words",
    [
        ", do not repeat load",
        ", no second load",
        ", never repeat the bolus",
        ", without another bolus",
        ". Repeat labs in 4 h",
        ". Repeat BMP in 4 h, may repeat",
    ],
)
def test_a_load_that_is_not_repeated_and_labs_that_are_refuse_nothing(words: str) -> None:
    assert not refused(LOADED.format(words))


def test_what_may_be_repeated_of_an_order_without_a_load_is_none() -> None:
    assert not refused(f"{SOUND}. K and Mg now, may repeat in 4 h")


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
@pytest.mark.timeout(250)  # a pattern that tried every split would take hours
def test_a_text_that_repeats_itself_is_read_to_its_end(piece: str) -> None:
    text = ("milrinone map " + piece * 2000)[:2000]
    assert read_text(text).pieces


@pytest.mark.parametrize("route", ["via arterial line", "intracardiac", "via nasogastric tube", "into the muscle"])
def test_a_route_that_is_no_vein_stops_the_order(route: str) -> None:
    check = check_order(f"{SOUND} {route}")
    assert check.status == "stopped"
