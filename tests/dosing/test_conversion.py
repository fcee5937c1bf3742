"""The bare converter: both directions, and what it says of the label's range."""

from __future__ import annotations

import pytest

from inotrope.dosing import dose_to_pump, pump_to_dose, rate_table
from tests.dosing.adult import adult_entry, quantity

WEIGHT, STRENGTH, STEP = "70 kg", "200 mcg/mL", "0.1 mL/h"


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        ("0.5 mcg/kg/min", ""),  # 10.5 mL/h exactly
        ("0.375 mcg/kg/min", ""),  # 7.875 -> 7.9 gives 0.3762
        ("0.75 mcg/kg/min", "above the label's maximum of 0.75 mcg/kg/min (US label)"),  # 15.75 -> 15.8 gives 0.7524
        ("0.37 mcg/kg/min", "below the label's minimum of 0.375 mcg/kg/min (US label)"),  # 7.77 -> 7.8 gives 0.3714
    ],
)
def test_dose_to_pump(rate: str, says: str) -> None:
    found = dose_to_pump(
        quantity(rate),
        weight=quantity(WEIGHT),
        concentration=quantity(STRENGTH),
        step=quantity(STEP),
        entry=adult_entry(),
    )
    assert found.rate == quantity(rate)
    assert says in " ".join(found.says)
    assert bool(says) == bool(found.says)
    assert len(found.arithmetic) == 3


def test_dose_to_pump_keeps_the_printed_rounding_and_says_what_it_delivers() -> None:
    found = dose_to_pump(
        quantity("45 mcg/kg/h"),
        weight=quantity("50 kg"),
        concentration=quantity(STRENGTH),
        step=quantity(STEP),
        entry=adult_entry(),
    )
    assert found.pump_rate == quantity("11.3 mL/h")
    assert found.rate.unit == "mcg/kg/min"
    assert found.says == ("0.7533 mcg/kg/min is above the label's maximum of 0.75 mcg/kg/min (US label).",)


def test_pump_to_dose_with_its_arithmetic() -> None:
    found = pump_to_dose(
        quantity("10.5 mL/h"), weight=quantity(WEIGHT), concentration=quantity("0.2 mg/mL"), entry=adult_entry()
    )
    # 10.5 x 200 / 60 = 35 mcg/min; / 70 kg = 0.5
    assert found.delivered == quantity("0.5 mcg/kg/min")
    assert found.arithmetic == (
        "10.5 mL/h x 200 mcg/mL / 60 min/h = 35 mcg/min",
        "35 mcg/min / 70 kg = 0.5 mcg/kg/min",
    )
    assert found.says == ()


@pytest.mark.parametrize(
    ("rate", "off", "must_not_stand"),
    [
        # 4 kg at 200 mcg/mL: mL/h = 1.2 x rate; the plan warns above 5 % and stops above 10 % (limits.toml)
        ("0.5 mcg/kg/min", "", False),  # 0.6 mL/h exactly
        ("0.55 mcg/kg/min", "+6.1 % from the rate, more than 5 %", False),  # 0.66, set 0.7 = 0.5833
        ("0.375 mcg/kg/min", "+11.1 % from the rate, beyond the 10 %", True),  # 0.45, set 0.5 = 0.4167
        ("0.28 mcg/kg/min", "-10.7 % from the rate, beyond the 10 %", True),  # 0.336, set 0.3 = 0.25
    ],
)
def test_what_the_step_of_the_pump_does_is_marked_as_a_plan_marks_it(rate: str, off: str, must_not_stand: bool) -> None:
    found = dose_to_pump(
        quantity(rate),
        weight=quantity("4 kg"),
        concentration=quantity(STRENGTH),
        step=quantity(STEP),
        entry=adult_entry(),
    )
    assert off in found.off
    assert bool(off) == bool(found.off)
    assert found.must_not_stand is must_not_stand


def test_a_rate_above_the_maximum_by_a_hair_is_shown_above_it() -> None:
    # 82.22 kg: 18.5 x 200 / 60 / 82.22 = 0.750020..., which four decimals would show as 0.75
    found = pump_to_dose(
        quantity("18.5 mL/h"), weight=quantity("82.22 kg"), concentration=quantity(STRENGTH), entry=adult_entry()
    )
    assert found.says == ("0.75002 mcg/kg/min is above the label's maximum of 0.75 mcg/kg/min (US label).",)
    assert found.must_not_stand


def test_a_table_names_the_cells_that_the_step_puts_far_off() -> None:
    # 4 kg at 0.375: 0.45, set 0.5 (+11.1 %); at 0.55: 0.66, set 0.7 (+6.1 %); 70 kg: below 1 %
    found = rate_table(
        weights=(quantity("4 kg"), quantity("70 kg")),
        rates=(quantity("0.375 mcg/kg/min"), quantity("0.5 mcg/kg/min"), quantity("0.55 mcg/kg/min")),
        concentration=quantity(STRENGTH),
        step=quantity(STEP),
        entry=adult_entry(),
    )
    assert found.off == ("4 kg at 0.55 mcg/kg/min: 0.7 mL/h delivers 0.5833 mcg/kg/min, +6.1 % from the rate",)
    assert found.far_off == ("4 kg at 0.375 mcg/kg/min: 0.5 mL/h delivers 0.4167 mcg/kg/min, +11.1 % from the rate",)


def test_the_setting_below_a_maximum_is_not_offered_where_a_plan_stops_at_it_too() -> None:
    # 3 kg at 0.75: 0.675 mL/h; 0.7 gives 0.7778, above 0.75, and 0.6 gives 0.6667, 11.1 % too little: a plan stops.
    found = dose_to_pump(
        quantity("0.75 mcg/kg/min"),
        weight=quantity("3 kg"),
        concentration=quantity(STRENGTH),
        step=quantity(STEP),
        entry=adult_entry(),
    )
    assert found.must_not_stand
    assert "0.6 mL/h, delivers 0.6667 mcg/kg/min, -11.1 % from the rate, at which a plan stops" in found.instead
    table = rate_table(
        weights=[quantity("3 kg"), quantity("10 kg")],
        rates=[quantity("0.75 mcg/kg/min")],
        concentration=quantity(STRENGTH),
        step=quantity(STEP),
        entry=adult_entry(),
    )
    assert table.crossings[0].endswith("0.6 mL/h is -11.1 % from the rate, at which a plan stops")
    assert table.crossings[1].endswith("a plan sets 2.2 mL/h")  # 2.25: 2.2 is 2.2 % too little
