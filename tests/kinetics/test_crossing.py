"""Zeros of sums of exponentials, placed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.kinetics.crossing import halved, monotone_bounds, total_of, zeros_of

LOG2, LOG3 = math.log(2), math.log(3)


def test_two_exponentials_cross_once() -> None:
    """exp(-2 t) - exp(-t) / 3 is 0 at ln 3."""
    found = zeros_of(np.array([[1.0], [-1 / 3]]), np.array([[2.0], [1.0]]), np.array([10.0]))
    assert found == pytest.approx(np.array([[LOG3]]), rel=1e-15)


def test_three_exponentials_cross_twice() -> None:
    """With x = exp(-t): (x - 1/2) (x - 1/3) = x^2 - 5 x / 6 + 1 / 6, so at ln 2 and ln 3."""
    weights, roots = np.array([[1.0], [-5 / 6], [1 / 6]]), np.array([[2.0], [1.0], [0.0]])
    assert zeros_of(weights, roots, np.array([10.0])) == pytest.approx(np.array([[LOG2], [LOG3]]), rel=1e-14)
    # Cut off between the two: the second place is no zero, and lies within the stretch.
    first, second = zeros_of(weights, roots, np.array([0.9]))
    assert first == pytest.approx([LOG2], rel=1e-14)
    assert 0.0 <= second[0] <= 0.9


def test_no_zero_stays_within_the_stretch() -> None:
    found = zeros_of(np.array([[1.0, -1.0]] * 3), np.array([[3.0] * 2, [2.0] * 2, [1.0] * 2]), np.array([4.0, 5.0]))
    assert found.shape == (2, 2)
    assert ((found >= 0) & (found <= [4.0, 5.0])).all()
    assert zeros_of(np.array([[1.0]]), np.array([[2.0]]), np.array([3.0])).shape == (0, 1)


def test_a_complex_step_moves_the_zero() -> None:
    """exp(-2 t) = w exp(-t) at t = -ln w, dt/dw = -1 / w; where there is none, no derivative."""
    weights = np.array([[1.0, 1.0], [-1 / 3 - 1e-30j, 5.0 - 1e-30j]])
    found = zeros_of(weights, np.array([[2.0, 2.0], [1.0, 1.0]]), np.array([10.0, 10.0]))
    assert found[0, 0].real == pytest.approx(LOG3, rel=1e-15)
    assert found[0, 0].imag / 1e-30 == pytest.approx(-3.0, rel=1e-12)
    assert found[0, 1].imag == 0


@pytest.mark.parametrize(
    ("sign", "shift", "expected"),
    [(1, 0.5, LOG2), (-1, 0.5, LOG2), (1, 2.0, 4.0), (-1, 2.0, 4.0), (1, -1.0, 0.0), (-1, -1.0, 0.0)],
)
def test_ends_stand_for_always_and_never(sign: int, shift: float, expected: float) -> None:
    """1 - exp(-t) less a shift, rising or mirrored; above it everywhere or nowhere, the end tells which."""

    def value(hours: np.ndarray) -> np.ndarray:
        return sign * (-np.expm1(-hours) - shift)

    assert halved(value, lambda hours: hours, np.array([0.0]), np.array([4.0])) == pytest.approx([expected], rel=1e-15)


def test_bounds_are_in_order() -> None:
    bounds = monotone_bounds(np.array([[3.0], [1.0]]), np.array([4.0]), (1,))
    assert [bound.tolist() for bound in bounds] == [[0.0], [1.0], [3.0], [4.0]]


def test_the_sum_itself() -> None:
    assert total_of(np.array([2.0, 1.0]), np.array([1.0, 0.0]), np.array(LOG2)) == pytest.approx(2.0, rel=1e-15)
