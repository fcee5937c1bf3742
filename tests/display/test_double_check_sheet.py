"""The outcome of a double check: what differs is named as a stop, and no value of the first person is in it."""

from __future__ import annotations

from decimal import Decimal

from inotrope.display.double_check_sheet import NAMES, SETTINGS, outcome_card, setting_card
from inotrope.display.sheet import Mark
from inotrope.plan.double_check.comparing import ITEMS, Compared, DoubleCheck
from inotrope.plan.double_check.settings import AS_IT_RUNS, DOWN, START, UP, ToBeSet
from inotrope.units import Quantity


def check(**agreeing: bool) -> DoubleCheck:
    return DoubleCheck(tuple(Compared(item.replace("_", " "), agrees) for item, agrees in agreeing.items()))


def test_every_item_and_every_setting_has_a_name() -> None:
    assert set(NAMES) == set(ITEMS) and set(SETTINGS) == {START, AS_IT_RUNS, UP, DOWN}


def test_agreement_is_said_with_what_it_does_not_prove() -> None:
    card = outcome_card(check(weight=True, concentration=True, pump_rate=True), 2)
    assert card.mark is Mark.PASSED and card.title == "Both mean the same"
    assert [(row.label, row.text) for row in card.rows[:4]] == [
        ("Weight", "agrees"), ("Concentration", "agrees"), ("Rate on the pump", "agrees"), ("Entries so far", "2"),
    ]  # fmt: skip
    assert "can both be wrong" in card.rows[-1].text


def test_a_difference_is_a_stop_that_names_the_item_alone() -> None:
    card = outcome_card(check(weight=False, concentration=True, pump_rate=False), 1)
    assert card.mark is Mark.STOP and card.title == "weight and rate on the pump" and card.head == "DIFFERS:"
    text = " ".join(f"{row.label} {row.text}" for row in card.rows)
    assert "Do not set the pump" in text and not any(letter.isdigit() for letter in text.replace("far 1", ""))


def test_what_was_meant_is_shown_with_its_units() -> None:
    amounts = [Quantity(Decimal(value), unit) for value, unit in (("82", "kg"), ("200", "mcg/mL"), ("9.2", "mL/h"))]
    card = setting_card(ToBeSet(START, "milrinone", *amounts, Quantity(Decimal("0.375"), "mcg/kg/min")))
    assert card.title == "milrinone, the rate of this plan"
    assert [row.text for row in card.rows] == [
        "82 kg",
        "200 mcg/mL",
        "9.2 mL/h of milrinone 200 mcg/mL",
        "0.375 mcg/kg/min",
    ]
