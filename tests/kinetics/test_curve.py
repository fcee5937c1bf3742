"""Within a stretch: level, slope, area and what a site takes up, of one compartment and of shut ones by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.kinetics import Parameters, modes_of
from inotrope.kinetics.curve import Curve


def curve(clearance: float, **outer: float) -> Curve:
    """100 mcg in 4 L, and 10 mcg/h."""
    parameters = Parameters.of(clearance_l_per_h=clearance, volume_l=4.0, **outer)
    state = np.array([[100.0]] + [[0.0]] * (parameters.compartments - 1))
    return Curve.of(modes_of(parameters), state=state, rate_mcg_per_h=np.array([10.0]), volume_l=parameters.volume_l)


def test_one_compartment() -> None:
    """C = 25 exp(-t / 2) + 5 (1 - exp(-t / 2)): slope -10 at 0; area over 2 h 40 (1 - exp(-1)) + 10."""
    made, hours = curve(2.0), np.array([2.0])
    assert made.at(hours) == pytest.approx([20 * math.exp(-1) + 5], rel=1e-15)
    assert made.slope().sum(axis=0) == pytest.approx([-10.0], rel=1e-15)
    assert made.area(hours) == pytest.approx([40 * (1 - math.exp(-1)) + 10], rel=1e-14)


@pytest.mark.parametrize("outer", [{}, {"q2_l_per_h": 0.0, "v2_l": 9.0}])
def test_without_clearance_it_rises_in_a_straight_line(outer: dict[str, float]) -> None:
    """25 + 2.5 t: area over 2 h 55; a site of 1/h takes up the integral of exp(s - 2) (25 + 2.5 s)."""
    made, hours = curve(0.0, **outer), np.array([2.0])
    assert made.at(hours) == pytest.approx([30.0], rel=1e-15)
    assert made.area(hours) == pytest.approx([55.0], rel=1e-15)
    assert made.delayed(hours, equilibration_per_h=np.array([1.0])) == pytest.approx(
        [25 * (1 - math.exp(-2)) + 2.5 * (1 + math.exp(-2))], rel=1e-14
    )


def test_stretches_are_taken_in_order() -> None:
    two = Curve(*(np.array([[1.0, 2.0]]) for _ in range(3)))
    assert [part.tolist() for part in two.taken(np.array([1, 0, 1]))] == [[[2.0, 1.0, 2.0]]] * 3
