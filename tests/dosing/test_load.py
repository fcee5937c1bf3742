"""The load: 50 mcg/kg from the 1 mg/mL vial, to 0.1 mL, half up unless that is more than 2 % too much."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.dosing import LoadingDose, loading_dose, no_load
from inotrope.units import Quantity
from tests.dosing.adult import adult_entry, quantity


def of(weight: Quantity, strength: str = "1 mg/mL") -> LoadingDose:
    load = adult_entry().load
    assert load is not None
    return loading_dose(load, weight=weight, product="vial 1 mg/mL", strength=quantity(strength))


@pytest.mark.parametrize(
    ("weight", "volume", "note"),
    [
        ("82 kg", "4.1 mL", False),  # 4.1
        ("33 kg", "1.6 mL", True),  # 1.65: half up 1.7 is 3.03 % more
        ("51 kg", "2.6 mL", False),  # 2.55: half up 2.6 is 1.96 % more, which is allowed
        ("49 kg", "2.4 mL", True),  # 2.45: half up 2.5 is 2.04 % more
        ("71 kg", "3.6 mL", False),  # 3.55: half up 3.6 is 1.41 % more
        ("70.6 kg", "3.5 mL", False),  # 3.53 rounds down by itself
    ],
)
def test_rounding_by_hand(weight: str, volume: str, note: bool) -> None:
    found = of(quantity(weight))
    assert found.volumes[0].volume == quantity(volume)
    assert found.volumes[0].product == "vial 1 mg/mL"
    assert ("too much, so down" in found.arithmetic[1]) is note


def test_everything_a_nurse_needs() -> None:
    found = of(quantity("82 kg"))
    assert found.given
    assert found.dose == quantity("4.1 mg")
    assert found.dose_per_weight == quantity("50 mcg/kg")
    assert found.mcg_per_kg == 50
    assert found.duration == quantity("10 min")
    assert found.pump_rate == quantity("24.6 mL/h")  # 4.1 mL in 10 min
    assert found.made_up_to == (quantity("10 mL"), quantity("20 mL"))
    assert found.arithmetic == (
        "50 mcg/kg x 82 kg = 4,100 mcg = 4.1 mg",
        "4.1 mg / 1 mg/mL = 4.1 mL, draw up 4.1 mL",
        "4.1 mL in 10 min = 24.6 mL/h",
    )


def test_the_premix_where_a_site_allows_it() -> None:
    # 50 x 82 = 4,100 mcg in 200 mcg/mL is 20.5 mL.
    assert of(quantity("82 kg"), "200 mcg/mL").volumes[0].volume == quantity("20.5 mL")


def test_too_little_to_measure_is_no_load() -> None:
    # 1 kg: 0.05 mL; half up 0.1 is twice the load, so down, and nothing is left.
    found = of(quantity("1 kg"))
    assert not found.given
    assert found.mcg_per_kg == 0
    assert "0.05 mL, less than can be measured in steps of 0.1 mL" in found.because


def test_no_load_has_a_reason_and_no_dose() -> None:
    found = no_load("none, because it is running")
    assert (found.given, found.dose, found.volumes, found.because) == (False, None, (), "none, because it is running")


@given(st.integers(20, 4000))
def test_never_above_the_overshoot_and_never_less_for_more_weight(tenths: int) -> None:
    weight = Decimal(tenths) / 10
    found, heavier = of(Quantity(weight, "kg")), of(Quantity(weight + Decimal("0.1"), "kg"))
    per_kg = Fraction(found.volumes[0].volume.value) * 1000 / Fraction(weight) if found.given else Fraction(0)
    assert per_kg <= 51
    if found.given:
        assert found.dose is not None and heavier.dose is not None
        assert found.dose <= heavier.dose
