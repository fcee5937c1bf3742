"""The outcome of a double check: what differs is named as a stop, and no value of the first person is in it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from inotrope.display.double_check_sheet import NAMES, SETTINGS, WAYS, called, outcome_card, setting_card
from inotrope.display.sheet import Mark
from inotrope.plan.double_check.comparing import Compared, DoubleCheck
from inotrope.plan.double_check.first_given import DRAWN_UP, FIRST_RATE, NOTHING, FirstGiven
from inotrope.plan.double_check.items import ITEMS
from inotrope.plan.double_check.settings import AFTER, AS_IT_RUNS, DOWN, START, UP, ToBeSet
from inotrope.units import Quantity


def check(**agreeing: bool) -> DoubleCheck:
    return DoubleCheck(tuple(Compared(item.replace("_", " "), agrees) for item, agrees in agreeing.items()))


def test_every_item_and_every_setting_has_a_name() -> None:
    assert set(NAMES) == set(ITEMS) and set(SETTINGS) == {START, AS_IT_RUNS, AFTER, UP, DOWN}
    assert set(WAYS) == {NOTHING, DRAWN_UP, FIRST_RATE}


def test_agreement_is_said_with_what_it_does_not_prove() -> None:
    card = outcome_card(check(weight=True, concentration=True, pump_rate=True), 2)
    assert card.mark is Mark.PASSED and card.title == "Both mean the same"
    assert [(row.label, row.text) for row in card.rows[:4]] == [
        ("Weight", "agrees"), ("Concentration on the pump", "agrees"), ("Rate on the pump", "agrees"),
        ("Entries so far", "2"),
    ]  # fmt: skip
    assert "can both be wrong" in card.rows[-1].text
    timed = outcome_card(check(weight=True), 1, "2026-11-24 00:12 +01:00")
    assert "Agreed at 2026-11-24 00:12 +01:00" in " ".join(f"{row.label} {row.text}" for row in timed.rows)


def test_what_nobody_compared_is_said_even_where_all_else_agrees() -> None:
    card = outcome_card(DoubleCheck((Compared("weight", True),), ("volume in the syringe",)), 1)
    told = next(row for row in card.rows if "not compared" in row.text)
    assert told.label == "Volume in the syringe, diluted or not" and told.mark is Mark.WARN


def test_a_difference_is_a_stop_that_names_the_item_alone() -> None:
    card = outcome_card(check(weight=False, concentration=True, pump_rate=False), 1)
    assert card.mark is Mark.STOP and card.title == "weight and rate on the pump" and card.head == "DIFFERS:"
    text = " ".join(f"{row.label} {row.text}" for row in card.rows)
    assert "Do not set the pump" in text and not any(letter.isdigit() for letter in text.replace("far 1", ""))


def test_what_was_meant_is_shown_with_its_units() -> None:
    card = setting_card(meant(None))
    assert card.title == "milrinone, the start of the infusion"
    assert [row.text for row in card.rows] == [
        "82 kg",
        "200 mcg/mL",
        "9.2 mL/h of milrinone 200 mcg/mL",
        "0.375 mcg/kg/min",
    ]
    aside = setting_card(replace(meant(None), set_aside=("Blood pressure too low to start",)), "AGREED:")
    assert aside.head == "AGREED:" and aside.rows[0].mark is Mark.OVERRIDDEN and "too low" in aside.rows[0].text


def meant(first: FirstGiven | None) -> ToBeSet:
    amounts = [Quantity(Decimal(value), unit) for value, unit in (("82", "kg"), ("200", "mcg/mL"), ("9.2", "mL/h"))]
    return ToBeSet(START, "milrinone", *amounts, Quantity(Decimal("0.375"), "mcg/kg/min"), first)


def load(**amounts: str) -> tuple[tuple[str, Quantity], ...]:
    return tuple((name.replace("_", " "), Quantity(Decimal(text), "mL")) for name, text in amounts.items())


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (FirstGiven(NOTHING), "without a load"),
        (FirstGiven(NOTHING, left_out=True), "without the load"),
        (FirstGiven(FIRST_RATE), "with a first rate in the place of a load"),
        (FirstGiven(DRAWN_UP, load(volume_drawn_up="4.1", volume_in_the_syringe="4.1")), "with its load undiluted"),
        (FirstGiven(DRAWN_UP, load(volume_drawn_up="4.1", volume_in_the_syringe="10")), "load made up to 10 mL"),
        (FirstGiven(DRAWN_UP, load(volume_drawn_up="0.2")), "diluted as the pharmacist says"),
    ],
)
def test_a_start_is_called_by_what_goes_in_first(first: FirstGiven, says: str) -> None:
    assert says in called(meant(first)) and says in setting_card(meant(first)).title
    shown = " ".join(f"{row.label} {row.text}" for row in setting_card(meant(first)).rows)
    assert ("then 9.2 mL/h" in shown) is (first.how != NOTHING)
    assert ("not compared" in shown) is ("pharmacist" in says)
    assert ("left out" in shown) is first.left_out
