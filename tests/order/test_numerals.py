"""Numbers in words: read where one reading exists, refused everywhere else."""

from __future__ import annotations

import pytest

from inotrope.order import read_text
from inotrope.plan import check_order


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("zero point five micrograms per kilogram per minute", "0.5 mcg/kg/min"),
        ("point three seven five micrograms per kilogram per minute", "0.375 mcg/kg/min"),
        ("sixty kilograms", "60 kg"),
        ("sixty-two kilograms", "62 kg"),
        ("sixteen kilograms", "16 kg"),
        ("one hundred milliliters", "100 mL"),
        ("one hundred and five kilograms", "105 kg"),
        ("two hundred twelve micrograms per mL", "212 mcg/mL"),
        ("nine milliliters per hour", "9 mL/h"),
    ],
)
def test_a_number_in_words_before_its_unit_is_read(words: str, shown: str) -> None:
    reading = read_text(f"milrinone, {words}")
    assert [str(item.low) for item in reading.statements] == [shown]
    assert not reading.problems


@pytest.mark.parametrize(
    "words",
    [
        "two fifty micrograms per mL",
        "zero hundred milliliters",
        "twenty zero kilograms",
        "zero milliliters per hour",
        "point five point two mcg/kg/min",
        "two point twenty mcg/kg/min",
        "five to ten milligrams",
        "five to 10 mg",
        "a quarter to a half",
        "half the dose",
        "zero point five",
        "zero point five, 0.6 mcg/kg/min",
        "one hundred and",
    ],
)
def test_what_has_two_readings_or_no_unit_is_refused(words: str) -> None:
    assert check_order(f"milrinone 60 kg, {words}").status == "refused"


def test_a_count_stays_a_count_and_a_number_may_be_said_twice() -> None:
    assert not read_text("milrinone, two bags of 100 mL, five").problems
    assert not read_text("a point of milrinone").problems
    assert not read_text("milrinone zero point five, 0.5 mcg/kg/min").problems


def test_a_text_without_any_quantity_is_refused() -> None:
    check = check_order("milrinone as before")
    assert check.status == "refused"
    assert [item.id for item in check.refusals] == ["nothing-to-compare"]


@pytest.mark.parametrize("route", ["nasogastric tube", "NGT", "PEG tube", "umbilical artery"])
def test_a_route_that_is_no_vein_stops(route: str) -> None:
    assert check_order(f"milrinone 0.5 mcg/kg/min via {route}, 70 kg, 200 mcg/mL, 10.5 mL/h").status == "stopped"


@pytest.mark.parametrize("route", ["somewhere", "somewhere else", "somewhere, IV"])
def test_an_unknown_word_behind_via_is_refused(route: str) -> None:
    assert check_order(f"milrinone 0.5 mcg/kg/min via {route}, 70 kg, 200 mcg/mL, 10.5 mL/h").status == "refused"


def test_an_unknown_word_behind_via_at_the_end_of_a_text_is_refused() -> None:
    assert check_order("milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h via somewhere").status == "refused"


def test_three_volumes_that_do_not_add_up_are_two_readings() -> None:
    assert check_order("milrinone 20 mg (20 mL) + 70 mL D5W = 100 mL, 60 kg").status == "refused"
