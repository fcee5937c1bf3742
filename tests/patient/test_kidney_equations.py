"""The equations. No worked example of a paper is at hand: expected values are hand arithmetic, shown beside each, or a
second implementation in binary floats (CKD-EPI). Each equation: a worked case, a limit case, a unit swap, a refusal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.errors import EquationError
from inotrope.patient import kidney_equations as equations
from inotrope.patient.kidney_equations import (
    ckd_epi_2021,
    cockcroft_gault,
    deindex_by_bsa,
    index_by_bsa,
    jelliffe_2002,
    kinetic_gfr,
    schwartz_2009,
)
from inotrope.units import Quantity

INDEXED = equations.INDEXED


def q(value: str, unit: str) -> Quantity:
    return Quantity(Decimal(value), unit)


def in_moles(mg_per_dl: str) -> Quantity:
    """The same creatinine in umol/L: 1 mg/dL = 10 mg/L, over 113.12 g/mol."""
    return Quantity(Decimal(mg_per_dl) * 10_000 / Decimal("113.12"), "umol/L")


def near(found: Quantity, value: float, unit: str) -> bool:
    return found.unit == unit and float(found.value) == pytest.approx(value, abs=2e-6)


# --- Cockcroft-Gault


def gault(creatinine: Quantity, sex: str = "male", age: int = 60) -> Quantity:
    return cockcroft_gault(age_years=age, sex=sex, weight=q("72", "kg"), creatinine=creatinine)


def test_cockcroft_gault_by_hand() -> None:
    assert gault(q("1", "mg/dL")) == q("80", "mL/min")  # (140 - 60) x 72 / (72 x 1) = 80
    assert gault(q("1", "mg/dL"), "female") == q("68", "mL/min")  # 80 x 0.85 = 68


def test_cockcroft_gault_limits() -> None:
    assert gault(q("2", "mg/dL")) == q("40", "mL/min")  # twice the creatinine, half the clearance
    assert gault(q("1", "mg/dL"), age=130) == q("10", "mL/min")  # the oldest patient: 140 - 130 = 10
    assert gault(q("1", "mg/dL"), age=18) == q("122", "mL/min")  # the youngest: 140 - 18 = 122


def test_cockcroft_gault_takes_moles() -> None:
    assert near(gault(in_moles("1")), 80, "mL/min")


@pytest.mark.hazard("equation-outside-its-population")
@pytest.mark.parametrize("age", [10, 17])
def test_cockcroft_gault_refuses_children(age: int) -> None:
    with pytest.raises(EquationError) as caught:
        gault(q("0.5", "mg/dL"), age=age)
    assert str(caught.value) == (
        f"Cockcroft-Gault 1976 was made for an age of 18 years or more; '{age} years' is outside."
    )
    assert caught.value.accepted == "an age of 18 years or more"


# --- CKD-EPI 2021


def second_ckd_epi(creatinine: float, age: int, sex: str) -> float:
    """The two printed branches, each sex apart, in floats: no min and no max."""
    if sex == "female":
        return 142 * (creatinine / 0.7) ** (-0.241 if creatinine <= 0.7 else -1.2) * 0.9938**age * 1.012
    return 142 * (creatinine / 0.9) ** (-0.302 if creatinine <= 0.9 else -1.2) * 0.9938**age


@pytest.mark.parametrize("sex", ["male", "female"])
@pytest.mark.parametrize("age", [18, 50, 90])
@pytest.mark.parametrize("creatinine", ["0.4", "0.7", "0.9", "1.4", "6"])
def test_ckd_epi_against_a_second_implementation(creatinine: str, age: int, sex: str) -> None:
    found = ckd_epi_2021(age_years=age, sex=sex, creatinine=q(creatinine, "mg/dL"))
    assert near(found, second_ckd_epi(float(creatinine), age, sex), INDEXED)


def test_ckd_epi_at_its_knee_by_hand() -> None:
    # SCr = k: both powers are 1, so 142 x 0.9938^50; ln 0.9938 = -0.0062193, x 50 = -0.310965, e^ = 0.732739; 104.05
    found = ckd_epi_2021(age_years=50, sex="male", creatinine=q("0.9", "mg/dL"))
    assert float(found.value) == pytest.approx(104.05, abs=0.01)


def test_ckd_epi_takes_moles() -> None:
    one, other = (ckd_epi_2021(age_years=60, sex="male", creatinine=c) for c in (q("1.4", "mg/dL"), in_moles("1.4")))
    assert near(one, float(other.value), INDEXED)


def test_ckd_epi_refuses_children() -> None:
    with pytest.raises(EquationError, match=r"CKD-EPI 2021 .* '17 years' is outside"):
        ckd_epi_2021(age_years=17, sex="male", creatinine=q("1", "mg/dL"))


# --- bedside Schwartz


def test_schwartz_by_hand() -> None:
    found = schwartz_2009(age_years=4, height=q("100", "cm"), creatinine=q("0.5", "mg/dL"))
    assert found == q("82.6", INDEXED)  # 0.413 x 100 / 0.5 = 82.6
    assert schwartz_2009(age_years=4, height=q("1", "m"), creatinine=q("0.5", "mg/dL")) == found


def test_schwartz_takes_moles() -> None:
    assert near(schwartz_2009(age_years=4, height=q("100", "cm"), creatinine=in_moles("0.5")), 82.6, INDEXED)


@pytest.mark.hazard("equation-outside-its-population")
@pytest.mark.parametrize(("age", "holds"), [(0, False), (1, True), (17, True), (18, False), (40, False)])
def test_schwartz_holds_from_1_to_18(age: int, holds: bool) -> None:
    if holds:
        assert schwartz_2009(age_years=age, height=q("100", "cm"), creatinine=q("0.413", "mg/dL")) == q("100", INDEXED)
        return
    with pytest.raises(EquationError) as caught:
        schwartz_2009(age_years=age, height=q("100", "cm"), creatinine=q("0.5", "mg/dL"))
    assert "an age from 1 to below 18 years" in str(caught.value)
    assert caught.value.value == f"{age} years"


# --- Jelliffe 2002


def jelliffe(earlier: Quantity, later: Quantity, sex: str = "male", age: int = 50, interval: str = "24") -> Quantity:
    return jelliffe_2002(
        age_years=age, sex=sex, weight=q("70", "kg"), earlier=earlier, later=later, interval=q(interval, "h")
    )


def test_jelliffe_steady_by_hand() -> None:
    # (29.3 - 0.203 x 50) x 70 = 1340.5; x (1.035 - 0.0337) = 1342.24265; / 14.4 = 93.211295
    assert jelliffe(q("1", "mg/dL"), q("1", "mg/dL")) == q("93.211295", "mL/min")
    # (25.3 - 0.175 x 50) x 70 = 1158.5; x 1.0013 = 1160.00605; / 14.4 = 80.555976
    assert jelliffe(q("1", "mg/dL"), q("1", "mg/dL"), "female") == q("80.555976", "mL/min")


def test_jelliffe_rising_by_hand() -> None:
    # 1340.5 x (1.035 - 0.0337 x 1.5) = 1319.655225; - 4 x 70 x 1 / 1 day = 1039.655225; / (14.4 x 1.5) = 48.132186
    assert jelliffe(q("1", "mg/dL"), q("2", "mg/dL")) == q("48.132186", "mL/min")
    # falling: 1319.655225 + 280 = 1599.655225; / 21.6 = 74.058112
    assert jelliffe(q("2", "mg/dL"), q("1", "mg/dL")) == q("74.058112", "mL/min")


def test_jelliffe_is_never_below_zero() -> None:
    # 1340.5 x (1.035 - 0.0337 x 5) = 1161.5 mg/day are made, and 280 x 8 = 2240 mg/day pile up
    assert jelliffe(q("1", "mg/dL"), q("9", "mg/dL")) == q("0", "mL/min")


def test_jelliffe_takes_moles() -> None:
    assert near(jelliffe(in_moles("1"), in_moles("2")), 48.132186, "mL/min")


@pytest.mark.hazard("equation-outside-its-population")
def test_jelliffe_refuses_children_and_no_time() -> None:
    one, other = q("1", "mg/dL"), q("2", "mg/dL")
    with pytest.raises(EquationError, match=r"Jelliffe 2002 was made for an age of 18 years or more"):
        jelliffe(one, other, age=12)
    with pytest.raises(EquationError, match="two creatinines at different times; '0 h' lies between"):
        jelliffe(one, other, interval="0")


# --- kinetic GFR


def kinetic(
    earlier: Quantity, later: Quantity, age: int = 50, interval: str = "24", rise: Quantity | None = None
) -> Quantity:
    return kinetic_gfr(
        age_years=age,
        baseline_creatinine=q("1", "mg/dL"),
        baseline_clearance=q("100", INDEXED),
        earlier=earlier,
        later=later,
        interval=q(interval, "h"),
        highest_daily_rise=rise,
    )


def test_kinetic_gfr_by_hand() -> None:
    # 1 x 100 / 1.5 = 66.667; 1 - 24 x 1 / (24 x 1.5) = 1/3; 22.222222
    assert kinetic(q("1", "mg/dL"), q("2", "mg/dL")) == q("22.222222", INDEXED)
    # falling: 66.667 x (1 + 2/3) = 111.111111
    assert kinetic(q("2", "mg/dL"), q("1", "mg/dL")) == q("111.111111", INDEXED)


def test_kinetic_gfr_limits() -> None:
    assert kinetic(q("1", "mg/dL"), q("1", "mg/dL")) == q("100", INDEXED)  # steady at the baseline: the baseline itself
    # the highest daily rise, 1.5 mg/dL in 24 h: no clearance at all; and faster is not less than none
    assert kinetic(q("1", "mg/dL"), q("2.5", "mg/dL")) == q("0", INDEXED)
    assert kinetic(q("1", "mg/dL"), q("4", "mg/dL")) == q("0", INDEXED)


def test_kinetic_gfr_with_the_highest_rise_of_this_patient() -> None:
    # 66.667 x (1 - 1 / 3) = 44.444444 where 3 mg/dL a day are the highest rise, also in umol/L
    for rise in (q("3", "mg/dL"), in_moles("3")):
        assert near(kinetic(q("1", "mg/dL"), q("2", "mg/dL"), rise=rise), 44.444444, INDEXED)
    with pytest.raises(EquationError, match=r"highest daily rise above zero; '0 mg/dL' is none"):
        kinetic(q("1", "mg/dL"), q("2", "mg/dL"), rise=q("0", "mg/dL"))


def test_kinetic_gfr_keeps_the_unit_of_the_baseline() -> None:
    found = kinetic_gfr(
        age_years=50,
        baseline_creatinine=in_moles("1"),
        baseline_clearance=q("100", "mL/min"),
        earlier=in_moles("1"),
        later=in_moles("2"),
        interval=q("1", "day"),
    )
    assert near(found, 22.222222, "mL/min")


def test_kinetic_gfr_refuses_children_and_no_time() -> None:
    one, other = q("1", "mg/dL"), q("2", "mg/dL")
    with pytest.raises(EquationError, match=r"Kinetic GFR 2013 was made for an age of 18 years or more"):
        kinetic(one, other, age=3)
    with pytest.raises(EquationError, match="'-1 h' lies between"):
        kinetic(one, other, interval="-1")


# --- body surface


@pytest.mark.hazard("equation-outside-its-population")
def test_indexing_by_hand() -> None:
    assert index_by_bsa(q("100", "mL/min"), q("2", "m2")) == q("86.5", INDEXED)  # 100 x 1.73 / 2
    assert index_by_bsa(q("6", "L/h"), q("1.73", "m2")) == q("100", INDEXED)  # 6 L/h = 100 mL/min; nothing to change
    assert deindex_by_bsa(q("86.5", INDEXED), q("2", "m2")) == q("100", "mL/min")
