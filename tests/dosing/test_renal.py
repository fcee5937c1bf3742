"""The renal line: printed points, straight lines between them, nothing outside."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.dosing import line_applies, renal_line
from inotrope.dosing.renal import hours_to_minutes
from inotrope.drug import Renal
from inotrope.errors import EquationError
from inotrope.units import Quantity
from tests.dosing.adult import adult_entry, quantity

POINTS = [(5, "0.20"), (10, "0.23"), (20, "0.28"), (30, "0.33"), (40, "0.38"), (50, "0.43")]
"""The label's table, facts 1.1."""


def renal() -> Renal:
    found = adult_entry().renal
    assert found is not None
    return found


def at(clearance: str) -> Decimal:
    return renal_line(renal(), quantity(f"{clearance} mL/min/1.73 m2")).in_unit("mcg/kg/min")


@pytest.mark.parametrize(
    ("clearance", "rate"),
    [
        ("7.5", "0.215"),  # half way from 0.20 to 0.23
        ("15", "0.255"),
        ("35", "0.355"),
        ("41", "0.385"),  # a band "below 50: 0.43" would give 0.43
        ("49.9", "0.4295"),
    ],
)
def test_between_two_points_by_hand(clearance: str, rate: str) -> None:
    assert at(clearance) == Decimal(rate)


@pytest.mark.parametrize("clearance", ["4.99", "0.1", "50.01", "120"])
def test_outside_the_points_there_is_no_rate(clearance: str) -> None:
    outside = quantity(f"{clearance} mL/min/1.73 m2")
    assert not line_applies(renal(), outside)
    with pytest.raises(EquationError, match=r"covers 5 to 50 mL/min/1\.73 m2"):
        renal_line(renal(), outside)


@pytest.mark.parametrize("clearance", ["5", "50"])
def test_both_ends_belong_to_the_table(clearance: str) -> None:
    assert line_applies(renal(), quantity(f"{clearance} mL/min/1.73 m2"))


@given(st.decimals(5, 50, places=6))
def test_the_line_is_never_above_the_exact_one_and_never_falls(value: Decimal) -> None:
    found = Fraction(renal_line(renal(), Quantity(value, "mL/min/1.73 m2")).value)
    for (left, low), (right, high) in itertools.pairwise(POINTS):
        if left <= value <= right:
            exact = Fraction(low) + (Fraction(value) - left) * (Fraction(high) - Fraction(low)) / (right - left)
            assert 0 <= exact - found < Fraction(1, 10**40)
    if value < Decimal("49.9"):
        assert found <= Fraction(renal_line(renal(), Quantity(value + Decimal("0.1"), "mL/min/1.73 m2")).value)


def test_a_third_is_cut_and_never_rounded_up() -> None:
    assert hours_to_minutes(Decimal(40)) < Fraction(40, 60)
    assert hours_to_minutes(Decimal(45)) == Decimal("0.75")
