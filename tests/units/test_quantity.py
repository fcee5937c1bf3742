"""Quantities: exact conversions over the whole list, display, and the rounding that decides pump rates."""

from __future__ import annotations

import decimal
import json
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.errors import UnitError
from inotrope.units import (
    Quantity,
    plain_number,
    read_quantity,
    registry,
    round_half_up,
    step_down,
    step_half_up,
    unit,
    units_of,
)

LIST = registry().units
PAIRS = [(old, new) for old in LIST for new in units_of(LIST[old].dimension)]
EVERY = tuple({entry.dimension for entry in LIST.values()})


def D(text: str) -> Decimal:
    return Decimal(text)


@st.composite
def written(draw: st.DrawFn) -> Decimal:
    """Any number that `read_quantity` lets in: 15 digits, from 1e-12 to 1e12."""
    digits = draw(st.integers(1, 10**15 - 1))
    places = len(str(digits)) - 1
    return Decimal(digits).scaleb(draw(st.integers(-12, 11)) - places)


# --- conversion ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.375 mcg/kg/min", "22.5 mcg/kg/h"),  # x 60
        ("0.375 mcg/kg/min", "0.0225 mg/kg/h"),
        ("0.375 mcg/kg/min", "0.54 mg/kg/day"),  # x 1,440 / 1,000
        ("0.75 mcg/kg/min", "1.08 mg/kg/day"),
        ("1.13 mg/kg/day", "47.083333333333333333333333333333333333333333333333 mcg/kg/h"),  # 1,130 / 24
        ("50 mcg/kg", "0.05 mg/kg"),
        ("1 mg", "1000 mcg"),
        ("41 mcg/min", "59.04 mg/day"),  # x 1.44
        ("11.25 mL/h", "0.1875 mL/min"),  # / 60
        ("178 cm", "1.78 m"),
        ("10 min", "600 s"),
        ("1 month", "30.4375 day"),
        ("200 mcg/mL", "0.2 mg/mL"),
        ("212 ng/mL", "212 mcg/L"),
        ("1.4 mg/dL", "14 mg/L"),
        ("1.73 L/min/m2", "2992.9 mL/min/1.73 m2"),  # 1.73 x 1.73 x 1,000
        ("0.09 mmol/L", "90 umol/L"),
        ("1 mmHg", "0.133322387415 kPa"),
        ("1 mmHg", "1.35951 cm H2O"),  # mercury is 13.5951 times as heavy as water
        ("74 mmHg", "9.86585666871 kPa"),
    ],
)
def test_unit_swaps_computed_by_hand(old: str, new: str) -> None:
    number, _, name = old.partition(" ")
    quantity = Quantity(D(number), name)
    number, _, name = new.partition(" ")
    assert quantity.to(name).value == D(number)
    assert quantity.in_unit(name) == D(number)
    if len(number) < 20:
        assert quantity == Quantity(D(number), name)


@settings(deadline=None, max_examples=50)
@given(written())
def test_to_and_back_is_exact_for_every_pair_of_units(value: Decimal) -> None:
    for old, new in PAIRS:
        start = Quantity(value, old)
        there = start.to(new)
        assert there.unit == new
        assert there.to(old).value == value, (old, new)
        assert there == start
        assert not there < start and not there > start
        assert there <= start <= there
        assert hash(there) == hash(start)


@settings(deadline=None, max_examples=50)
@given(written())
def test_a_conversion_is_exact_where_decimals_can_hold_it_and_right_to_49_digits_elsewhere(value: Decimal) -> None:
    for old, new in PAIRS:
        true = Fraction(value) * LIST[old].factor / LIST[new].factor
        found = Fraction(Quantity(value, old).in_unit(new))
        assert abs(found - true) <= true / 10**49
        rest = true.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            assert found == true


@settings(deadline=None, max_examples=50)
@given(written(), written())
def test_order_is_that_of_the_amounts(one: Decimal, two: Decimal) -> None:
    for old, new in PAIRS:
        left, right = Fraction(one) * LIST[old].factor, Fraction(two) * LIST[new].factor
        assert (Quantity(one, old) < Quantity(two, new)) == (left < right)
        assert (Quantity(one, old) >= Quantity(two, new)) == (left >= right)
        assert (Quantity(one, old) == Quantity(two, new)) == (left == right)


def test_a_conversion_does_not_depend_on_the_caller_s_decimal_context() -> None:
    with decimal.localcontext(prec=3, rounding=decimal.ROUND_UP):
        quantity = Quantity(D("0.37512345"), "mcg/kg/min")
        assert quantity.in_unit("mcg/kg/h") == D("22.507407")
        assert quantity.to("mg/kg/day").in_unit("mcg/kg/min") == D("0.37512345")
        assert round_half_up(D("123456.785"), 2) == D("123456.79")
        assert step_half_up(D("1234.55"), D("0.1")) == D("1234.6")
        assert step_down(D("1234.59"), D("0.1")) == D("1234.5")
        assert hash(quantity) == hash(quantity.to("mcg/kg/h"))


def test_equal_amounts_are_one_member_of_a_set() -> None:
    assert len({Quantity(D("1"), "mg"), Quantity(D("1000"), "mcg"), Quantity(D("1.00"), "mg")}) == 1


@pytest.mark.parametrize(("one", "two"), list(product(["1 mg", "1 mg/kg", "1 kg"], repeat=2)))
def test_different_dimensions_are_unequal_and_have_no_order(one: str, two: str) -> None:
    left, right = (Quantity(D("1"), text.partition(" ")[2]) for text in (one, two))
    assert (left == right) is (one == two)
    if one != two:
        with pytest.raises(UnitError, match="neither converts into the other"):
            _ = left < right
        with pytest.raises(UnitError):
            _ = left >= right
        with pytest.raises(UnitError):
            left.to(right.unit)


@pytest.mark.parametrize("other", [1, 1.0, D("1"), "1 mg", None])
def test_a_bare_number_is_never_a_quantity(other: object) -> None:
    quantity = Quantity(D("1"), "mg")
    assert quantity != other
    with pytest.raises(TypeError):
        _ = quantity < other
    with pytest.raises(TypeError):
        _ = quantity >= other


def test_an_unknown_name_is_refused_when_it_is_used() -> None:
    with pytest.raises(UnitError, match="'µg' is not a unit of the closed list"):
        Quantity(D("1"), "µg").to("mg")
    with pytest.raises(UnitError):
        Quantity(D("1"), "mg").to("lb")
    with pytest.raises(UnitError):
        _ = Quantity(D("1"), "lb").dimension


# --- display ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0E+5", "0"),
        (".5", "0.5"),
        ("5.0", "5"),
        ("5.00", "5"),
        ("100", "100"),
        ("1E+3", "1,000"),
        ("1130", "1,130"),
        ("1130.50", "1,130.5"),
        ("1234567.891", "1,234,567.891"),
        ("1E-12", "0.000000000001"),
        ("1E+12", "1,000,000,000,000"),
        ("-1130.10", "-1,130.1"),
    ],
)
def test_numbers_as_a_ward_writes_them(value: str, shown: str) -> None:
    assert plain_number(D(value)) == shown
    assert str(Quantity(D(value), "mcg/kg")) == f"{shown} mcg/kg"


def test_a_value_is_shown_rounded_half_up() -> None:
    assert Quantity(D("0.7526"), "mcg/kg/min").shown(3) == "0.753 mcg/kg/min"
    assert Quantity(D("5.625"), "mL/h").shown(2) == "5.63 mL/h"
    assert Quantity(D("1999.96"), "mL/h").shown(1) == "2,000 mL/h"
    assert Quantity(D("-0.04"), "degC").shown(1) == "0 degC"


@settings(deadline=None, max_examples=100)
@given(written())
def test_what_is_shown_reads_back_as_the_same_quantity_in_every_unit(value: Decimal) -> None:
    for name in LIST:
        shown = str(Quantity(value, name))
        back = read_quantity(shown.replace(",", ""), what="Amount", dimensions=EVERY)
        assert (back.value, back.unit) == (value, name)
        assert "E" not in shown.removesuffix(name)
        assert not shown.startswith(".")
        assert not shown.partition(" ")[0].endswith(".")


def test_what_goes_out_as_json_is_a_number_and_a_unit() -> None:
    assert Quantity(D("7.90"), "mL/h").to_plain() == {"value": 7.9, "unit": "mL/h"}
    assert json.dumps(Quantity(D("-0"), "%").to_plain()) == '{"value": 0.0, "unit": "%"}'
    assert json.dumps(Quantity(D("-0.5"), "degC").to_plain()) == '{"value": -0.5, "unit": "degC"}'


@settings(deadline=None)
@given(written())
def test_json_keeps_every_written_digit(value: Decimal) -> None:
    assert Decimal(repr(Quantity(value, "mg").to_plain()["value"])) == value  # 15 digits go through a double unharmed


# --- rounding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        # 0.375, 0.5 and 0.75 mcg/kg/min x weight x 60 / 200 mcg/mL: the ties of the label's tables
        ("5.625", 2, "5.63"),
        ("5.625", 1, "5.6"),
        ("11.25", 1, "11.3"),
        ("3.375", 2, "3.38"),
        ("3.375", 1, "3.4"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.4999999999999999999999999999999999999999999999999", 0, "2"),
        ("0.05", 1, "0.1"),
        ("1e12", 2, "1000000000000.00"),
        ("15", -1, "20"),
    ],
)
def test_ties_go_up_as_in_printed_tables(value: str, decimals: int, rounded: str) -> None:
    assert round_half_up(D(value), decimals) == D(rounded)


@pytest.mark.parametrize(
    ("value", "step", "half_up", "down"),
    [
        ("11.25", "0.1", "11.3", "11.2"),  # 50 kg x 0.75 x 60 / 200
        ("5.625", "0.01", "5.63", "5.62"),
        ("3.375", "0.01", "3.38", "3.37"),
        ("3.375", "0.1", "3.4", "3.3"),
        ("11.25", "0.25", "11.25", "11.25"),
        ("11.375", "0.25", "11.5", "11.25"),
        ("7.5", "5", "10", "5"),
        ("0.04", "0.1", "0", "0"),
        ("0.05", "0.1", "0.1", "0"),
        ("11.3", "0.1", "11.3", "11.3"),
        ("11.29999999999999999999999999999999999999", "0.1", "11.3", "11.2"),
        ("11.24999999999999999999999999999999999999", "0.1", "11.2", "11.2"),
        ("1", "0.3", "0.9", "0.9"),
    ],
)
def test_steps_of_a_pump(value: str, step: str, half_up: str, down: str) -> None:
    assert step_half_up(D(value), D(step)) == D(half_up)
    assert step_down(D(value), D(step)) == D(down)


@settings(deadline=None)
@given(st.decimals("0", "2000", places=20), st.sampled_from([D("0.01"), D("0.1"), D("0.3"), D("1"), D("5")]))
def test_rounding_to_steps_keeps_its_laws(value: Decimal, step: Decimal) -> None:
    low, near = step_down(value, step), step_half_up(value, step)
    assert Fraction(low) / Fraction(step) % 1 == 0
    assert Fraction(near) / Fraction(step) % 1 == 0
    assert 0 <= Fraction(value) - Fraction(low) < Fraction(step)
    assert abs(Fraction(value) - Fraction(near)) <= Fraction(step) / 2
    assert step_half_up(near, step) == near and step_down(low, step) == low


@settings(deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(["0.01", "0.1", "1", "5"]))
def test_every_tie_goes_up(steps: int, step: str) -> None:
    size = D(step)
    assert step_half_up(size * steps + size / 2, size) == size * (steps + 1)


def test_the_unit_of_a_quantity_knows_its_dimension() -> None:
    assert {name: Quantity(D("1"), name).dimension for name in LIST} == {name: unit(name).dimension for name in LIST}


def test_a_division_that_does_not_end_shows_six_digits() -> None:
    assert str(Quantity(D(10) / D(30), "mg/mL").to("mcg/mL")) == "333.333 mcg/mL"
    assert plain_number(D(200000) / D(3)) == "66,666.7"
    assert plain_number(D(2) / D(3) / 1000) == "0.000666667"
    assert plain_number(D("123456.789012345")) == "123,456.789012345"  # fifteen digits were written by somebody
    assert plain_number(D("0.20000000000000000000")) == "0.2"
