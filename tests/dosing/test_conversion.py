"""The bare converter: both directions, and what it says of the label's range."""

from __future__ import annotations

import pytest

from inotrope.dosing import dose_to_pump, pump_to_dose
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
