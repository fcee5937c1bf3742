"""The check of an order as lines of text: verdict, pairs, slips, pieces; and nothing that is not in the record."""

from __future__ import annotations

from inotrope.display import to_html, to_text
from inotrope.display.order_sheet import order_sheet
from inotrope.patient import read_case
from inotrope.plan import check_order
from tests.cli.conftest import CASES

WRONG = "milrinone 20 mg/100 mL D5W at 0.5 mcg/kg/min, 70 kg, 105 mL/h over 9.5 h"


def shown(order: object, **more: object) -> str:
    text = to_text(order_sheet(check_order(order, **more)))  # type: ignore[arg-type]
    return " ".join(text.split())


def test_a_stopped_order_says_which_pair_disagrees_by_how_much_and_what_it_looks_like() -> None:
    text = shown(WRONG)
    assert "[X] STOPPED This order must not stand" in text
    # 0.5 x 70 x 60 x 100 / 20,000 = 10.5 mL/h; 105 is 900 % more
    assert "stated as 105 mL/h (text, characters 54 to 61) and computed as 10.5 mL/h" in text
    assert "+900 %" in text
    assert "ten-fold" in text
    assert "Would fit 10.5 mL/h" in text


def test_a_consistent_order_shows_every_piece_and_says_what_it_is_not() -> None:
    text = shown("milrinone 20 mg/100 mL D5W at 0.5 mcg/kg/min, 70 kg, 10.5 mL/h over 9.5 h")
    assert "CONSISTENT" in text
    for piece, means in (("20 mg", "amount in the bag"), ("D5W", "diluent"), ("70 kg", "weight")):
        assert f"{piece} {means}" in text
    assert "A consistent order can still be wrong" in text


def test_a_word_that_no_list_holds_stands_in_the_head() -> None:
    sound = "milrinone 20 mg/100 mL D5W at 0.5 mcg/kg/min, 70 kg, 10.5 mL/h"
    assert "Not known" not in shown(sound)
    text = shown(f"{sound}. Line: blorbazole, blorbazole, quux")
    assert "fit together Not known 'blorbazole', 'quux': not understood, not compared, not checked" in text


def test_a_refused_order_names_the_token_and_its_place_and_shows_no_comparison() -> None:
    text = shown("milrinone 0,5 mcg/kg/min, 70 kg")
    assert "REFUSED" in text
    assert "'0,5' (text, characters 11 to 13)" in text
    assert "Stated and computed" not in text


def test_two_slips_that_fit_are_both_shown() -> None:
    text = shown("milrinone 200 mcg/100 mL infusion, 0.25 mcg/kg/min, wt 70 kg")
    assert "mcg-for-mg-in-the-bag" in text
    assert "hundred-fold" in text
    assert "Several are as likely." in text


def test_an_order_of_one_value_says_that_nothing_was_compared() -> None:
    assert "Nothing stands beside anything else" in shown("milrinone 0.5 mcg/kg/min IV")


def test_a_range_is_computed_as_a_range_and_a_thousand_has_its_comma() -> None:
    text = shown("milrinone 0.375-0.75 mcg/kg/min (7.9-15 mL/h), 70 kg, 200 mcg/mL")
    # 0.375 x 70 x 60 / 200 = 7.875; 0.75 x 70 x 60 / 200 = 15.75
    assert "7.875 mL/h to 15.75 mL/h" in text
    assert "3,500 mcg" in shown("milrinone load 2000 mcg over 10 min, 50 mcg/kg, 70 kg")


def test_a_case_stands_beside_the_order(tmp_path: object) -> None:
    case = read_case(CASES / "sound-adult.json")
    text = shown({"drug": "milrinone", "rate": "0.375 mcg/kg/min"}, case=case)
    assert "The patient" in text
    assert f"weight: {case.patient.weight}" in text
    assert "Not from the text" in text


def test_a_page_of_an_order_holds_its_text_as_text() -> None:
    page = to_html(order_sheet(check_order("milrinone 0.5 mcg/kg/min <script>, 70 kg")))
    assert "<script>," not in page
