"""The guards of one step: roots of 0, equal roots, a minute, and complex steps, against 50 digits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from mpmath import mp

from inotrope.kinetics import Parameters, modes_of
from inotrope.kinetics.transition import (
    carried_on,
    filling,
    first_difference,
    left_and_filled,
    mean_decay,
    second_difference,
    transitions,
)

SIZES = [0.0, 1e-12, 1e-6, 1e-3, 0.1, 0.5, 0.7499, 0.75, 0.7501, 1.0, 5.0, 40.0, 700.0]


def exact_second(a: float, b: float) -> mp.mpf:
    """By 60 digits even the plain formula is exact, once the points are pulled apart by 1e-40."""
    zero, first, second = mp.mpf(0), mp.mpf(a) + mp.mpf(10) ** -40, mp.mpf(b) + 2 * mp.mpf(10) ** -40
    points = (zero, first, second)
    return sum(mp.exp(-one) / mp.fprod(one - other for other in points if other is not one) for one in points)


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations_with_replacement(SIZES, 2)))
def test_differences_are_exact_in_every_corner(a: float, b: float) -> None:
    with mp.workdps(140):
        first = mp.exp(-mp.mpf(a)) if a == b else (mp.exp(-mp.mpf(a)) - mp.exp(-mp.mpf(b))) / (mp.mpf(b) - mp.mpf(a))
        second = exact_second(a, b)
        for x, y in ((a, b), (b, a)):
            one, other = np.array([x]), np.array([y])
            assert first_difference(one, other)[0] == pytest.approx(float(first), rel=2e-15, abs=1e-300)
            assert second_difference(one, other)[0] == pytest.approx(float(second), rel=4e-15)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1e-30, 1e-200])
def test_their_complex_steps_are_exact(size: float, step: float) -> None:
    """Derivatives of the mean decay m(x) = (1 - exp(-x)) / x: m' = (exp(-x) - m) / x, and -1/2 at 0."""
    with mp.workdps(60):
        x = mp.mpf(size)
        slope = -mp.mpf(1) / 2 if size == 0 else (mp.exp(-x) - (1 - mp.exp(-x)) / x) / x
    found = mean_decay(np.array([size + 1j * step]))[0]
    assert found.imag / step == pytest.approx(float(slope), rel=1e-12)
    assert found.real == pytest.approx(mean_decay(np.array([size]))[0], rel=1e-15)


def test_a_minute_of_a_slow_mode_keeps_its_digits() -> None:
    """(1 - exp(-x)) / l for l = 0.001/h and a minute: x (1 - x / 2 + x^2 / 6) / l."""
    x = 0.001 / 60
    left, filled = left_and_filled(np.array([0.001]), np.array([1 / 60]))
    assert filled[0] == pytest.approx(x * (1 - x / 2 + x * x / 6) / 0.001, rel=1e-15)
    assert left[0] == np.exp(-x)


def test_a_root_of_zero_fills_by_the_hour() -> None:
    roots = np.array([0.0, 2.0])
    for kind in (roots, roots.astype(complex)):
        left, filled = left_and_filled(kind, np.array([3.0]))
        assert left[0] == 1 and filled == pytest.approx([3.0, -np.expm1(-6.0) / 2], rel=1e-15)
        assert filling(kind, np.array([3.0])) == pytest.approx(filled, rel=1e-15)


def test_one_compartment_by_hand() -> None:
    """CL 2 L/h, V 4 L, 3 h from 100 mcg at 10 mcg/h: 100 exp(-1.5) + 20 (1 - exp(-1.5))."""
    modes = modes_of(Parameters.of(clearance_l_per_h=2.0, volume_l=4.0))
    after = carried_on(modes, np.array([[100.0]]), hours=np.array([3.0]), rate_mcg_per_h=np.array([10.0]))
    assert after[0, 0] == pytest.approx(100 * np.exp(-1.5) + 20 * (1 - np.exp(-1.5)), rel=1e-15)


def test_without_clearance_nothing_is_lost() -> None:
    modes = modes_of(
        Parameters.of(clearance_l_per_h=0.0, volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0, q3_l_per_h=4.0, v3_l=120.0)
    )
    step = transitions(modes, np.array([0.1, 10.0, 1000.0]))
    assert step.carried.sum(axis=0) == pytest.approx(np.ones((3, 3)), rel=1e-13)
    assert step.filled.sum(axis=0) == pytest.approx([0.1, 10.0, 1000.0], rel=1e-13)
    assert step.carried[:, 0, 2] == pytest.approx(np.array([14.0, 22.0, 120.0]) / 156, rel=1e-12)


@pytest.mark.parametrize("turn", [0.0, 1e-30, 1e-7, 0.3, 2.0])
@pytest.mark.parametrize("root", [0.0, 1e-5, 0.2, 3.0])
def test_complex_exponentials_by_real_ones(root: float, turn: float) -> None:
    """Against NumPy's own complex functions, which are the definition; the imaginary part of a step by itself."""
    roots, hours = np.array([root + 1j * turn]), np.array([2.0])
    left, filled = left_and_filled(roots, hours)
    x = roots * hours
    assert left == pytest.approx(np.exp(-x), rel=1e-15)
    assert left.imag == pytest.approx(np.exp(-x).imag, rel=1e-15)
    wanted = hours if x[0] == 0 else -np.expm1(-x) / roots
    assert filled == pytest.approx(wanted, rel=1e-14)
    if turn == 1e-30 and root >= 0.2:
        assert filled.imag == pytest.approx(wanted.imag, rel=1e-14)
