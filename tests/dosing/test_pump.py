"""From a rate to the number on the pump and back: half up, but never across a hard limit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.dosing import Ceiling, Limit, exact_flow, far_off, from_pump, nearest_setting, recorded_setting, to_pump
from inotrope.units import Quantity
from tests.dosing.adult import adult_entry, quantity


def at_most(text: str) -> Ceiling:
    top = adult_entry().maintenance.maximum
    return Ceiling((Limit("maximum", quantity(text), f"the limit is {text}", top.source),))


def test_the_trap_of_50_kg_at_the_maximum() -> None:
    # 0.75 x 50 x 60 / 200 = 11.25; half up 11.3 gives 11.3 x 200 / 60 / 50 = 0.7533; 11.2 gives 0.7467.
    found = to_pump(
        quantity("0.75 mcg/kg/min"),
        weight=quantity("50 kg"),
        concentration=quantity("200 mcg/mL"),
        step=quantity("0.1 mL/h"),
        ceiling=at_most("0.75 mcg/kg/min"),
    )
    assert found.exact == quantity("11.25 mL/h")
    assert found.printed == quantity("11.3 mL/h")
    assert found.rate == quantity("11.2 mL/h")
    assert found.delivered.shown(4) == "0.7467 mcg/kg/min"
    assert found.error.shown(2) == "-0.44 %"
    assert found.says == (
        "Rounded down to 11.2 mL/h: half up, as tables round, it would be 11.3 mL/h, which is 0.7533 mcg/kg/min and "
        "more than allowed (the limit is 0.75 mcg/kg/min)."
    )


def test_a_limit_that_is_just_reached_is_not_crossed() -> None:
    # 0.75 x 40 x 60 / 200 = 9 mL/h exactly.
    found = to_pump(
        quantity("0.75 mcg/kg/min"),
        weight=quantity("40 kg"),
        concentration=quantity("0.2 mg/mL"),
        step=quantity("0.1 mL/h"),
        ceiling=at_most("0.75 mcg/kg/min"),
    )
    assert found.rate == quantity("9 mL/h")
    assert found.delivered == quantity("0.75 mcg/kg/min")
    assert (found.error.value, found.says) == (0, "")


def test_the_arithmetic_can_be_followed_line_by_line() -> None:
    found = to_pump(
        quantity("0.375 mcg/kg/min"),
        weight=quantity("82 kg"),
        concentration=quantity("0.2 mg/mL"),
        step=quantity("0.1 mL/h"),
        ceiling=None,
    )
    # 0.375 x 82 x 60 = 1,845 mcg/h; / 200 = 9.225 mL/h; 9.2 x 200 / 60 / 82 = 0.37398...
    assert found.arithmetic == (
        "0.375 mcg/kg/min x 82 kg x 60 min/h = 1,845 mcg/h",
        "1,845 mcg/h / 200 mcg/mL = 9.225 mL/h, set 9.2 mL/h (pump step 0.1 mL/h)",
        "9.2 mL/h x 200 mcg/mL / 60 min/h / 82 kg = 0.374 mcg/kg/min delivered",
    )


def test_units_of_rate_and_strength_change_nothing() -> None:
    one = to_pump(
        quantity("22.5 mcg/kg/h"),
        weight=quantity("70 kg"),
        concentration=quantity("200 mg/L"),
        step=quantity("0.1 mL/h"),
        ceiling=None,
    )
    # 22.5 mcg/kg/h = 0.375 mcg/kg/min; x 70 x 60 / 200 = 7.875 mL/h.
    assert one.exact == quantity("7.875 mL/h")
    assert one.rate == quantity("7.9 mL/h")


weights = st.integers(20, 4000).map(lambda tenths: Decimal(tenths) / 10)
strengths = st.sampled_from([Decimal(text) for text in ("50", "100", "150", "200", "333", "400", "1000")])
steps = st.sampled_from([Decimal(text) for text in ("0.01", "0.1", "0.5", "1")])
rates = st.integers(1, 750).map(lambda thousandths: Decimal(thousandths) / 1000)


@given(weight=weights, strength=strengths, step=steps, rate=rates)
def test_rounding_against_fractions(weight: Decimal, strength: Decimal, step: Decimal, rate: Decimal) -> None:
    found = to_pump(
        Quantity(rate, "mcg/kg/min"),
        weight=Quantity(weight, "kg"),
        concentration=Quantity(strength, "mcg/mL"),
        step=Quantity(step, "mL/h"),
        ceiling=at_most("0.75 mcg/kg/min"),
    )
    exact = Fraction(rate) * Fraction(weight) * 60 / Fraction(strength)
    printed = floor(exact / Fraction(step) + Fraction(1, 2)) * Fraction(step)
    crosses = printed * Fraction(strength) / 60 / Fraction(weight) > Fraction(3, 4)
    expected = floor(exact / Fraction(step)) * Fraction(step) if crosses else printed
    assert Fraction(found.rate.value) == expected
    assert Fraction(found.printed.value) == printed
    assert bool(found.says) == crosses
    assert expected * Fraction(strength) / 60 / Fraction(weight) <= Fraction(3, 4)


@given(weight=weights, strength=strengths, rate=rates)
def test_there_and_back(weight: Decimal, strength: Decimal, rate: Decimal) -> None:
    ordered = Quantity(rate, "mcg/kg/min")
    kg, concentration = Quantity(weight, "kg"), Quantity(strength, "mcg/mL")
    pump = to_pump(ordered, weight=kg, concentration=concentration, step=quantity("0.01 mL/h"), ceiling=None)
    exact = from_pump(pump.exact, weight=kg, concentration=concentration)
    assert abs(exact.in_unit("mcg/kg/min") - rate) < Decimal("1e-24")
    assert from_pump(pump.rate, weight=kg, concentration=concentration) == pump.delivered


@pytest.mark.parametrize(("weight", "flow"), [("41 kg", "5.25 mL/h"), ("82 kg", "10.5 mL/h")])
def test_twice_the_weight_is_twice_the_flow(weight: str, flow: str) -> None:
    # 10.5 mL/h x 200 / 60 / 82 = 0.42682926...
    found = from_pump(quantity(flow), weight=quantity(weight), concentration=quantity("200 mcg/mL"))
    assert found.shown(6) == "0.426829 mcg/kg/min"


def test_what_a_recorded_rate_comes_to_and_the_setting_nearest_to_it() -> None:
    # 0.375 x 82 x 60 / 200 = 9.225 mL/h
    exact = exact_flow(quantity("0.375 mcg/kg/min"), weight=quantity("82 kg"), concentration=quantity("200 mcg/mL"))
    assert exact == quantity("9.225 mL/h")
    assert nearest_setting(exact, quantity("0.1 mL/h")) == quantity("9.2 mL/h")
    assert nearest_setting(quantity("9.25 mL/h"), quantity("0.1 mL/h")) == quantity("9.3 mL/h")  # half up


@pytest.mark.parametrize(
    ("rate", "highest", "setting"),
    [
        ("0.75 mcg/kg/min", "0.75 mcg/kg/min", "18.4 mL/h"),  # 18.45; half up 18.5 delivers 0.7520
        ("0.75 mcg/kg/min", None, "18.5 mL/h"),  # no limit is known
        ("0.749 mcg/kg/min", "0.75 mcg/kg/min", "18.4 mL/h"),  # 18.4254
        ("0.751 mcg/kg/min", "0.75 mcg/kg/min", "18.5 mL/h"),  # 18.4746: it runs above the limit, and is shown so
        ("0.01 mcg/kg/min", "0.01 mcg/kg/min", "0.2 mL/h"),  # 0.246
    ],
)
def test_the_setting_of_a_recorded_rate_crosses_no_limit_that_the_rate_keeps(
    rate: str, highest: str | None, setting: str
) -> None:
    found = recorded_setting(
        quantity(rate),
        weight=quantity("82 kg"),
        concentration=quantity("200 mcg/mL"),
        step=quantity("0.1 mL/h"),
        highest=None if highest is None else quantity(highest),
    )
    assert found == quantity(setting)


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        ("0.25 mcg/kg/min", ""),  # 0.3 mL/h exactly
        ("0.2375 mcg/kg/min", "+5.3 % from the rate, more than 5 %"),  # 0.285, set 0.3
        ("0.225 mcg/kg/min", "+11.1 % from the rate, beyond the 10 % at which a plan stops: do not set it"),  # 0.27
        ("0.28 mcg/kg/min", "-10.7 % from the rate, beyond the 10 %"),  # 0.336, set 0.3
    ],
)
def test_a_step_of_the_pump_that_puts_the_dose_far_off_is_said(rate: str, says: str) -> None:
    # 4 kg at 200 mcg/mL: mL/h = rate x 4 x 60 / 200 = rate x 1.2
    pump = to_pump(
        quantity(rate),
        weight=quantity("4 kg"),
        concentration=quantity("200 mcg/mL"),
        step=quantity("0.1 mL/h"),
        ceiling=None,
    )
    told = far_off(pump, warning=quantity("5 %"), stop=quantity("10 %"))
    assert says in told
    assert bool(says) == bool(told)
