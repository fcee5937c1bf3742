"""The load: 50 mcg/kg from the 1 mg/mL vial, to 0.1 mL, half up unless that is more than 2 % too much."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.dosing import (
    LoadingDose,
    highest_load_mcg_per_kg,
    history,
    load_by_rate,
    load_cut_short,
    loading_dose,
    loading_until,
    no_load,
)
from inotrope.drug import Load, RateLoad
from inotrope.units import Quantity
from tests.dosing.adult import NOW, adult_entry, ago, case, entry, infusion, quantity


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


# --- children: a printed range ---------------------------------------------------------------------------------------


def child_load(weight: str) -> LoadingDose:
    load = entry("child-acute-heart-failure-uk").load
    assert isinstance(load, Load)
    return loading_dose(load, weight=quantity(weight), product="vial 1 mg/mL", strength=quantity("1 mg/mL"))


def test_a_child_gets_the_lowest_dose_over_the_longest_time_and_sees_the_range() -> None:
    # UK text: 50 to 75 mcg/kg over 30 to 60 min. 12 kg: 0.6 mg, 0.6 mL, 0.6 mL/h.
    found = child_load("12 kg")
    assert (found.dose, found.duration, found.pump_rate) == (
        quantity("0.6 mg"),
        quantity("60 min"),
        quantity("0.6 mL/h"),
    )
    assert (found.dose_range, found.duration_range) == ("50 mcg/kg to 75 mcg/kg", "30 min to 60 min")
    assert found.made_up_to == ()  # no text says to which volume a child's load is diluted
    assert (found.rate, found.hours_on_the_pump) == (None, 0)


@pytest.mark.parametrize(("weight", "volume"), [("3.3 kg", "0.16 mL"), ("5.1 kg", "0.26 mL"), ("0.1 kg", "0.01 mL")])
def test_a_child_s_syringe_is_read_to_a_hundredth(weight: str, volume: str) -> None:
    # 0.165 half up 0.17 is 3 % too much: 0.16. 0.255 half up 0.26 is 1.96 %: it stands. 0.005 up would be twice: none.
    found = child_load(weight)
    assert [str(part.volume) for part in found.volumes] == ([volume] if weight != "0.1 kg" else [])


def test_one_printed_dose_has_no_range() -> None:
    load = adult_entry().load
    assert isinstance(load, Load)
    found = loading_dose(load, weight=quantity("82 kg"), product="vial", strength=quantity("1 mg/mL"))
    assert (found.dose_range, found.duration_range) == ("", "")


# --- newborns: a load as a rate --------------------------------------------------------------------------------------


def by_rate(id_: str, weight: str, concentration: str | None, step: str = "0.01 mL/h") -> LoadingDose:
    load = entry(id_).load
    assert isinstance(load, RateLoad)
    strength = None if concentration is None else quantity(concentration)
    return load_by_rate(load, weight=quantity(weight), concentration=strength, step=quantity(step))


def test_a_load_as_a_rate_is_rate_times_time() -> None:
    # 0.75 mcg/kg/min for 180 min is 135 mcg/kg; 0.9 kg: 121.5 mcg. 0.75 x 0.9 x 60 / 18 = 2.25 mL/h.
    found = by_rate("newborn-below-30-weeks-kemh", "0.9 kg", "18 mcg/mL")
    assert (found.dose, found.dose_per_weight) == (quantity("0.1215 mg"), quantity("135 mcg/kg"))
    assert (found.rate, found.duration) == (quantity("0.75 mcg/kg/min"), quantity("3 h"))
    assert (found.pump_rate, found.volumes) == (quantity("2.25 mL/h"), ())
    assert (found.dose_range, found.duration_range, found.hours_on_the_pump) == ("", "", 3)
    assert "0.75 mcg/kg/min x 3 h (180 min) = 135 mcg/kg" in found.arithmetic
    assert "135 mcg/kg x 0.9 kg = 0.1215 mg" in found.arithmetic
    assert {source.id for source in found.sources} == {"kemh-guideline"}


def test_a_range_of_rates_is_shown_as_doses_too() -> None:
    # 0.4 to 1.25 for 60 min: 24 to 75 mcg/kg.
    found = by_rate("newborn-from-30-weeks-kemh", "3.2 kg", "192 mcg/mL")
    assert (found.dose_per_weight, found.pump_rate) == (quantity("24 mcg/kg"), quantity("0.4 mL/h"))
    assert found.dose_range == "24 mcg/kg to 75 mcg/kg (0.4 mcg/kg/min to 1.25 mcg/kg/min)"


def test_a_load_as_a_rate_is_never_rounded_above_its_highest_rate() -> None:
    # 0.75 x 0.85 x 60 / 18 = 2.125, half up 2.13 would give 0.7518: down to 2.12.
    found = by_rate("newborn-below-30-weeks-kemh", "0.85 kg", "18 mcg/mL")
    assert found.pump_rate == quantity("2.12 mL/h")
    assert any("the load's highest rate is 0.75 mcg/kg/min" in line for line in found.arithmetic)
    # 0.4 x 3.3 x 60 / 200 = 0.396, half up 0.4 gives 0.404: below the printed 1.25, so it stands.
    assert by_rate("newborn-from-30-weeks-kemh", "3.3 kg", "200 mcg/mL").pump_rate == quantity("0.4 mL/h")


def test_without_a_concentration_a_load_as_a_rate_has_no_flow() -> None:
    found = by_rate("preterm-after-duct-ligation-hallik", "1 kg", None)
    assert (found.given, found.pump_rate, found.dose) == (True, None, quantity("0.1314 mg"))  # 0.73 x 180 = 131.4


def test_a_pump_that_cannot_run_so_slowly_gives_no_load() -> None:
    # 0.75 x 0.5 x 60 / 1,000 = 0.0225 mL/h, less than half a step of 0.1.
    found = by_rate("newborn-below-30-weeks-kemh", "0.5 kg", "1 mg/mL", "0.1 mL/h")
    assert not found.given
    assert "0.023 mL/h, less than one pump step of 0.1 mL/h" in found.because


@pytest.mark.parametrize(
    ("id_", "highest"),
    [
        ("adult-acute-decompensated-heart-failure", "50"),
        ("child-acute-heart-failure-uk", "75"),
        ("newborn-below-30-weeks-kemh", "135"),
        ("newborn-from-30-weeks-kemh", "75"),
        ("preterm-after-duct-ligation-hallik", "131.4"),
    ],
)
def test_the_highest_dose_printed_is_a_tenth_below_what_is_no_load_of_the_entry(id_: str, highest: str) -> None:
    found = entry(id_)
    assert found.load is not None
    assert highest_load_mcg_per_kg(found.load) == Decimal(highest)
    assert found.numbers["history.largest_dose"].value.in_unit("mcg/kg") == Decimal(highest) * Decimal("1.1")


@pytest.mark.parametrize(
    ("id_", "hours", "rate", "left"),
    [
        ("newborn-below-30-weeks-kemh", "1", "0.75", "2"),
        ("newborn-below-30-weeks-kemh", "1", "0.7", "2"),  # as a coarse pump gives it
        ("newborn-below-30-weeks-kemh", "3", "0.75", None),  # 3 h are over
        ("newborn-below-30-weeks-kemh", "1", "0.8", None),  # more than the load
        ("newborn-below-30-weeks-kemh", "1", "0.2", None),  # the infusion itself
        ("newborn-from-30-weeks-kemh", "0.5", "1.25", "0.5"),
        ("adult-acute-decompensated-heart-failure", "0.1", "0.75", None),  # a load that is drawn up
    ],
)
def test_until_when_a_load_as_a_rate_goes_in(id_: str, hours: str, rate: str, left: str | None) -> None:
    past = history(case(administrations=[infusion(hours, f"{rate} mcg/kg/min")]), drug="milrinone")
    until = None if left is None else NOW + timedelta(hours=float(left))
    assert loading_until(entry(id_), past, NOW) == until


def test_without_an_entry_or_a_running_rate_no_load_goes_in() -> None:
    nothing = history(case(), drug="milrinone")
    assert loading_until(None, nothing, NOW) is None
    assert loading_until(entry("newborn-below-30-weeks-kemh"), nothing, NOW) is None


def test_a_rate_load_says_what_the_pump_delivers_after_rounding() -> None:
    # 0.4 x 4 x 60 / 200 = 0.48 mL/h, set 0.5: 0.5 x 200 / 60 / 4 = 0.41667 mcg/kg/min, in 60 min 25 mcg/kg = 0.1 mg.
    found = by_rate("newborn-from-30-weeks-kemh", "4 kg", "200 mcg/mL", "0.1 mL/h")
    assert (found.pump_rate, found.entry_dose) == (quantity("0.5 mL/h"), quantity("24 mcg/kg"))
    assert found.dose is not None and found.dose.shown(6) == "0.1 mg"
    assert found.dose_per_weight is not None and found.dose_per_weight.shown(6) == "25 mcg/kg"
    assert found.arithmetic[-1] == "0.4167 mcg/kg/min x 60 min = 25 mcg/kg x 4 kg = 0.1 mg delivered"
    assert by_rate("newborn-from-30-weeks-kemh", "4 kg", "200 mcg/mL", "0.01 mL/h").entry_dose is None


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("0.1 mL/h", "not settable on this pump (steps of 0.1 mL/h, the nearest is 0.3 mL/h)"),
        ("0.01 mL/h", ""),
        (None, ""),
    ],
)
def test_a_flow_that_the_pump_cannot_be_set_to_says_so(step: str | None, says: str) -> None:
    # 50 x 5.6 / 1000 = 0.28 mL in 60 min.
    load = entry("child-acute-heart-failure-uk").load
    assert isinstance(load, Load)
    found = loading_dose(
        load,
        weight=quantity("5.6 kg"),
        product="vial",
        strength=quantity("1 mg/mL"),
        step=None if step is None else quantity(step),
    )
    assert found.pump_rate == quantity("0.28 mL/h")
    assert found.setting.startswith(says) and bool(found.setting) == bool(says)
    assert found.arithmetic[-1] == "0.28 mL in 60 min = 0.28 mL/h"


LOAD_OF_AN_HOUR = infusion("3", "0.75 mcg/kg/min", end=ago("2"))


@pytest.mark.parametrize(
    ("given", "hours", "dose"),
    [
        # 0.75 mcg/kg/min is 45 mcg/kg/h; the load of below 30 weeks is 3 h of it, 135 mcg/kg
        ([infusion("2.5", "0.75 mcg/kg/min", end=ago("1"))], "1.5 h", "67.5 mcg/kg"),  # paused since 1 h
        ([infusion("1.5", "0.75 mcg/kg/min", end=ago("0"))], "1.5 h", "67.5 mcg/kg"),  # paused this minute
        (
            [infusion("4", "0.75 mcg/kg/min", end=ago("3")), infusion("2", "0.2 mcg/kg/min")],
            "1 h",
            "45 mcg/kg",
        ),  # low
        # 0.75, then 0.6 mcg/kg/min for half an hour each: 22.5 + 18
        ([infusion("3", "0.75 mcg/kg/min"), infusion("2.5", "0.6 mcg/kg/min", end=ago("2"))], "1 h", "40.5 mcg/kg"),
        # a run that ended more than 24 h before is another one
        (
            [infusion("60", "0.2 mcg/kg/min", end=ago("50")), infusion("3", "0.75 mcg/kg/min", end=ago("2"))],
            "1 h",
            "45 mcg/kg",
        ),
    ],
)
def test_a_load_by_rate_that_a_pause_broke_off_is_told(given: list[dict[str, str]], hours: str, dose: str) -> None:
    found = load_cut_short(entry("newborn-below-30-weeks-kemh"), history(case(administrations=given), drug="milrinone"))
    assert found is not None
    assert (found.hours, found.dose, found.whole_hours) == (quantity(hours), quantity(dose), quantity("3 h"))
    # the rest is counted at the rate at which it ran
    assert found.whole_dose.value == pytest.approx(quantity(dose).value / quantity(hours).value * 3)


@pytest.mark.parametrize(
    "given",
    [
        [],
        [infusion("2", "0.75 mcg/kg/min")],  # goes in now
        [infusion("4", "0.75 mcg/kg/min", end=ago("1"))],  # went in whole
        [infusion("4", "0.75 mcg/kg/min"), infusion("2", "0.2 mcg/kg/min", end=ago("1"))],  # somebody lowered it
        [infusion("4", "0.2 mcg/kg/min", end=ago("2"))],  # no load
        [infusion("4", "0.2 mcg/kg/min"), infusion("2", "0.75 mcg/kg/min", end=ago("1"))],  # no load: it began lower
        [
            infusion("5", "0.75 mcg/kg/min", end=ago("4")),
            infusion("3", "0.75 mcg/kg/min", end=ago("1")),
        ],  # taken up again
        [infusion("4", "0.8 mcg/kg/min", end=ago("3"))],  # faster than the load: another rule speaks of it
    ],
)
def test_no_load_is_called_broken_off_that_was_not(given: list[dict[str, str]]) -> None:
    past = history(case(administrations=given), drug="milrinone")
    assert load_cut_short(entry("newborn-below-30-weeks-kemh"), past) is None
    assert load_cut_short(adult_entry(), past) is None


@pytest.mark.parametrize(("weight", "little"), [("4 kg", True), ("19.8 kg", True), ("20 kg", False), ("30 kg", False)])
def test_a_volume_that_may_stay_in_the_line_is_not_given_undiluted(weight: str, little: bool) -> None:
    # 50 mcg/kg of 1 mg/mL: 0.2 mL, 0.99 mL, 1 mL and 1.5 mL; below 1 mL it is diluted.
    load = entry("child-acute-heart-failure-uk").load
    assert isinstance(load, Load)
    found = loading_dose(load, weight=quantity(weight), product="vial", strength=quantity("1 mg/mL"))
    assert bool(found.too_little) == little
    assert not little or "Dilute it with a diluent of the label" in found.too_little
    adult = entry(
        "adult-acute-decompensated-heart-failure"
    ).load  # the label says of an adult's that it may be given undiluted
    assert isinstance(adult, Load)
    assert not loading_dose(adult, weight=quantity("4 kg"), product="vial", strength=quantity("1 mg/mL")).too_little
