"""A strength in a word is asked about unless the stated one bears it out; counted ampoules are what they hold."""

from __future__ import annotations

import pytest

from inotrope.order import Kind, read_text
from inotrope.plan import check_order

ASKED = "strength-in-a-word"


@pytest.mark.parametrize(
    "text",
    [
        "milrinone double-strength, premix, 10.5 mL/h, 0.5 mcg/kg/min, 70 kg",
        "Double Strength milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h",
        "milrinone quad conc 0.5 mcg/kg/min, 70 kg, 20 mg in 100 mL, 10.5 mL/h",
        "milrinone single strength 400 mcg/mL 0.5 mcg/kg/min, 70 kg, 5.25 mL/h",
        "milrinone half strength 200 mcg/mL 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "milrinone double strength, 3 mg/kg in 50 mL, 10 kg, 0.5 mcg/kg/min, 0.5 mL/h",
        "DS milrinone, 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "milrinone ds 20 mg/100 mL 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "milrinone D.S. premix 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "pt with DS milrinone bag 200 mcg/mL 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h, with DS",
        "milrinone concentrated, 0.5 mcg/kg/min, 70 kg, 35 mcg/min",
        "milrinone concentrated 10 mg/100 mL 0.5 mcg/kg/min, 70 kg, 21 mL/h",
        "concentrated milrinone on, furosemide in other line, 0.5 mcg/kg/min, 70 kg, 35 mcg/min",
        "milrinone conc. syringe 0.5 mcg/kg/min, 70 kg, 35 mcg/min",
        "milrinone (conc) 0.5 mcg/kg/min, 70 kg, 35 mcg/min",
        "0.5 mcg/kg/min, 70 kg, 35 mcg/min milrinone conc",
        "milrinone custom concentration 0.5 mcg/kg/min, 70 kg, 35 mcg/min",
        "milrinone non-standard conc, 0.5 mcg/kg/min, 70 kg, 35 mcg/min",
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_strength_in_a_word_is_asked_about_by_its_name(text: str) -> None:
    check = check_order(text)
    assert (check.status, [item.id for item in check.refusals]) == ("refused", [ASKED])
    assert "differs by hospital: state mg/mL" in check.refusals[0].says


@pytest.mark.parametrize(
    "text",
    [
        "milrinone double strength 400 mcg/mL, 0.5 mcg/kg/min, 80 kg, 6 mL/h",
        "milrinone half strength 10 mg in 100 mL, 0.5 mcg/kg/min, 70 kg, 21 mL/h",
        "milrinone triple strength 0.6 mg/mL, 0.5 mcg/kg/min, 72 kg, 3.6 mL/h",
        "milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h, in half strength saline",
        "milrinone DS 400 mcg/mL, 0.5 mcg/kg/min, 80 kg, 6 mL/h",
        "milrinone concentrated 20 mg/100 mL, 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "milrinone conc bag 300 mcg/mL, 0.5 mcg/kg/min, 70 kg, 7 mL/h",
        "milrinone conc: 200 mcg/mL, 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "conc 200 mcg/mL milrinone 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "milrinone custom concentration 300 mcg/mL, 0.5 mcg/kg/min, 70 kg, 7 mL/h",
        "milrinone 0.5 mcg/kg/min, 5.6 kg, 200 mcg/mL, 0.84 mL/h; 4 months old with DS",
        "milrinone 20 mg in 100 mL 5% DW, DW 70 kg, 0.5 mcg/kg/min, 10.5 mL/h",
        "milrinone 0.5 mcg/kg/min, 70 kg, 35 mcg/min; urine concentrated",
        "milrinone 10 mg/100 mL, not concentrated, 0.5 mcg/kg/min, 70 kg, 21 mL/h",
        "milrinone 0.5 mcg/kg/min, 70 kg, 35 mcg/min, concentrated potassium chloride elsewhere",
    ],
)
def test_a_word_that_the_stated_strength_bears_out_is_no_question(text: str) -> None:
    assert check_order(text).status == "consistent"


def test_what_stops_goes_before_the_question() -> None:
    check = check_order("milrinone double strength 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 105 mL/h")
    assert (check.status, [item.id for item in check.refusals]) == ("stopped", [ASKED])


@pytest.mark.parametrize(
    "text",
    [
        "Two 10 mg ampoules made up to 100 mL",
        "two 10 mg/10 mL ampoules made up to 100 mL",
        "two 10 mg in 10 mL vials made up to 100 mL",
        "2 x 10 mg ampoules made up to 100 mL",
        "two ampoules of 10 mg/10 mL made up to 100 mL",
        "two ampoules 10 mg made up to 100 mL",
        "2 ampoules (10 mg each) made up to 100 mL",
        "one 20 mg/20 mL vial with 80 mL NS",
    ],
)
def test_counted_ampoules_are_what_they_hold_together(text: str) -> None:
    """2 x 10 = 20 mg; 20 x 1000 / 100 = 200; 0.375 x 80 x 60 / 200 = 9."""
    check = check_order(f"milrinone {text}, 0.375 mcg/kg/min, 80 kg, 9 mL/h")
    assert check.status == "consistent", [item.says for item in check.refusals]
    amounts = [item.value.in_unit("mg") for item in check.statements if item.what == Kind.AMOUNT.value]
    assert amounts == [20]


def test_the_volume_of_all_ampoules_is_what_was_drawn() -> None:
    read = read_text("milrinone two 10 mg/10 mL ampoules with 80 mL NS")
    drawn = [item.low.in_unit("mL") for item in read.statements if item.kind is Kind.DRUG_VOLUME]
    assert drawn == [20]


@pytest.mark.parametrize(
    "text",
    [
        "one to two 10 mg ampoules made up to 100 mL",
        "two 10-20 mg ampoules made up to 100 mL",
        "2.5 x 10 mg ampoules made up to 100 mL",
        "2 10 mg ampoules made up to 100 mL",
        "two 10 mg made up to 100 mL",
        "2",
    ],
)
def test_a_count_that_is_not_clear_is_refused(text: str) -> None:
    assert check_order(f"milrinone 0.375 mcg/kg/min, 80 kg, 9 mL/h, 200 mcg/mL, {text}").status == "refused"


def test_a_count_at_the_very_end_of_a_text_counts_nothing() -> None:
    assert check_order("milrinone 0.375 mcg/kg/min, 80 kg, 9 mL/h, 200 mcg/mL, two").status == "consistent"


def test_ampoules_without_what_they_hold_make_no_amount() -> None:
    read = read_text("milrinone 0.375 mcg/kg/min, two ampoules made up to 100 mL")
    assert Kind.AMOUNT not in {item.kind for item in read.statements}
