"""Body size. Expected values are hand arithmetic, shown; Du Bois is checked against floats."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.errors import EquationError
from inotrope.patient import body_size
from inotrope.patient.body import bsa_du_bois, bsa_mosteller, ideal_weight
from inotrope.units import Quantity


def q(value: str, unit: str) -> Quantity:
    return Quantity(Decimal(value), unit)


def test_mosteller_by_hand() -> None:
    # 180 x 80 / 3600 = 4, and its root is 2
    assert bsa_mosteller(weight=q("80", "kg"), height=q("180", "cm")) == q("2", "m2")


def test_mosteller_takes_meters() -> None:
    assert bsa_mosteller(weight=q("80", "kg"), height=q("1.8", "m")) == q("2", "m2")


@pytest.mark.parametrize(("weight", "height"), [("70", "170"), ("3.5", "50"), ("180", "200")])
def test_du_bois_against_floats(weight: str, height: str) -> None:
    second = 0.007184 * float(weight) ** 0.425 * float(height) ** 0.725
    assert float(bsa_du_bois(weight=q(weight, "kg"), height=q(height, "cm")).value) == pytest.approx(second, abs=1e-6)


@pytest.mark.parametrize(
    ("sex", "height", "expected"),
    [
        ("male", "152.4", "50"),  # 60 in: the start
        ("female", "152.4", "45.5"),
        ("male", "177.8", "73"),  # 70 in: 50 + 2.3 x 10
        ("female", "177.8", "68.5"),  # 45.5 + 23
    ],
)
def test_ideal_weight_by_hand(sex: str, height: str, expected: str) -> None:
    assert ideal_weight(sex=sex, height=q(height, "cm")) == q(expected, "kg")


def test_ideal_weight_is_refused_below_60_inches() -> None:
    with pytest.raises(EquationError) as caught:
        ideal_weight(sex="male", height=q("150", "cm"))
    assert "'150 cm'" in str(caught.value)
    assert caught.value.accepted == "a height of 152.4 cm or more"


def test_adjusted_weight_by_hand(build) -> None:
    # 70 in: ideal 73 kg; 73 + 0.4 x (100 - 73) = 83.8
    size = body_size(build(patient__weight="100 kg", patient__height="177.8 cm"))
    assert (size.actual, size.ideal, size.adjusted) == (q("100", "kg"), q("73", "kg"), q("83.8", "kg"))


def test_without_a_height_only_the_weight_is_known(build) -> None:
    size = body_size(build(patient__height=...))
    assert (size.ideal, size.adjusted, size.bsa_mosteller, size.bsa_du_bois) == (None, None, None, None)


@pytest.mark.parametrize("changes", [{"patient__height": "150 cm"}, {"patient__born": "2012-01-01"}])
def test_no_ideal_weight_for_the_short_and_the_young(build, changes) -> None:
    size = body_size(build(**changes))
    assert size.ideal is None
    assert size.bsa_mosteller is not None


def test_a_measured_height_serves_when_the_patient_has_none(build) -> None:
    height = {"what": "height", "value": "1.8 m", "at": "2026-11-20T08:00:00+01:00"}
    assert body_size(build(patient__height=..., measurements=[height])).bsa_mosteller == q("2", "m2")
