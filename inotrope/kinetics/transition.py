"""What happens to amounts in one stretch of time with constant parameters and a constant rate.

Knows the exponential of the disposition, its integrals, and the guards that keep them exact where a root is 0, where
two roots are equal and where the stretch is a minute. Does not know a regimen.

    A(t) = sum_i P_i (A(0) exp(-l_i t) + R e1 filling(l_i, t))
    filling(l, t) = (1 - exp(-l t)) / l      t where l = 0
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inotrope.kinetics.parameters import Array
from inotrope.kinetics.roots import Modes

_SMALL = 1e-3
"""Below this the complex quotient takes its series: at an imaginary part of 1e-200 it would be 0 / 0."""
_STRAIGHT = 1e-9
"""An imaginary part below this turns nothing: its square is lost beside 1."""
_NEAR = 0.75
"""Below this second differences take their series; at this value the subtraction still keeps all but half a digit."""
_TERMS = 17
"""0.75^17 / 19! is below 1e-19, so the series is exact in float64."""


def left_and_filled(root: Array, hours: Array) -> tuple[Array, Array]:
    """Return what is left of a mode after these hours, and what a rate of 1 per hour leaves of it.

    Args:
        root: 1/h.
        hours: h, at least 0.

    Returns:
        exp(-l t), and (1 - exp(-l t)) / l in h; the second by `expm1`, since a minute of a slow mode would lose three
        digits otherwise.
    """
    if np.iscomplexobj(root) or np.iscomplexobj(hours):
        return _complex_left_and_filled(root, hours)
    exponent = root * hours
    exponent = np.negative(exponent, out=exponent)
    left = np.exp(exponent)
    gone = np.expm1(exponent, out=exponent)
    if root.all():
        return left, np.divide(gone, -root, out=gone)
    return left, np.where(root == 0, hours, gone / np.where(root == 0, 1.0, -root))


def _complex_left_and_filled(root: Array, hours: Array) -> tuple[Array, Array]:
    """Return the same for complex numbers; those of a complex step by real exponentials, ten times as fast."""
    size = root.real * hours.real
    turn = np.abs(root.imag).max(initial=0.0) * np.abs(hours).max(initial=0.0)
    if turn < _STRAIGHT and not np.iscomplexobj(hours):
        rate = np.where(root.real == 0, 1.0, root.real)
        left, filled = np.empty(size.shape, dtype=np.complex128), np.empty(size.shape, dtype=np.complex128)
        left.real = decay = np.exp(-size)
        filled.real = gained = np.expm1(-size) * (-1 / rate)
        slope = decay * hours
        np.multiply(slope, -root.imag, out=left.imag)
        np.multiply(slope - gained, root.imag / rate, out=filled.imag)
    else:
        exponent = -root * hours
        left, filled = np.exp(exponent), -np.expm1(exponent) / np.where(root == 0, 1.0, root)
    if size.min(initial=np.inf) < _SMALL:
        x = root * hours
        small = np.abs(x) < _SMALL
        filled[small] = np.broadcast_to(hours, small.shape)[small] * _near_mean_decay(x[small])
    return left, filled


def filling(root: Array, hours: Array) -> Array:
    """Return what a rate of 1 per hour leaves of a mode after these hours: (1 - exp(-l t)) / l, h."""
    return hours * mean_decay(root * hours)


def mean_decay(x: Array) -> Array:
    """Return the mean of exp(-u) for u from 0 to x: (1 - exp(-x)) / x, and 1 where x is 0."""
    series = np.abs(x) < _SMALL if np.iscomplexobj(x) else x == 0
    safe = np.where(series, 1.0, x)
    return np.where(series, _near_mean_decay(x), -np.expm1(-safe) / safe)


def _near_mean_decay(x: Array) -> Array:
    """Return the mean of exp(-u) for u from 0 to x, for small x."""
    near: Array = 1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5)))
    return near


def first_difference(a: Array, b: Array) -> Array:
    """Return the mean of exp(-u) for u from a to b: (exp(-a) - exp(-b)) / (b - a), and exp(-a) where they are equal."""
    a, b = _in_order(a, b)
    start: Array = np.exp(-a)
    return start * mean_decay(b - a)


def second_difference(a: Array, b: Array) -> Array:
    """Return the second divided difference of exp(-u) at 0, a and b, which is 1/2 where both are 0.

    a and b being roots times hours, hours^2 times it is the integral of a mode that fills at one root and is passed on
    at the other; with a = 0 it is the area under a filling mode.
    """
    a, b = _in_order(*np.broadcast_arrays(a, b))
    near = np.abs(b) < _NEAR
    result = np.empty(b.shape, dtype=np.result_type(a, b))
    result[near] = _series(a[near], b[near])
    far_a, far_b = a[~near], b[~near]
    result[~near] = (mean_decay(far_a) - first_difference(far_a, far_b)) / far_b
    return result


def _series(a: Array, b: Array) -> Array:
    """Return the second difference by its power series, whose terms are the complete symmetric sums of a and b."""
    total = np.full_like(b, 0.5)
    symmetric, power, factor = np.ones_like(b), np.ones_like(b), 0.5
    for degree in range(1, _TERMS + 1):
        power = power * a
        symmetric = symmetric * b + power
        factor = -factor / (degree + 2)
        total = total + factor * symmetric
    return total


def _in_order(a: Array, b: Array) -> tuple[Array, Array]:
    """Return the two so that the real part of the first is the smaller."""
    swap = np.real(a) > np.real(b)
    return np.where(swap, b, a), np.where(swap, a, b)


class Transition(NamedTuple):
    """One step: amounts become `carried` times the amounts, and gain `filled` for a rate of 1 mcg/h.

    Attributes:
        carried: `(to, from, ..., steps)`.
        filled: h, `(to, ..., steps)`.
    """

    carried: Array
    filled: Array


def transitions(modes: Modes, hours: Array) -> Transition:
    """Return the steps of these lengths: all matrices in one go.

    Args:
        modes: Of each step, or one row for all.
        hours: h, `(steps,)`, at least 0.
    """
    carried: Array = np.zeros(1)
    filled: Array = np.zeros(1)
    for root, projector in zip(modes.roots, modes.projectors, strict=True):
        left, gained = left_and_filled(root, hours)
        carried = carried + projector * left
        filled = filled + projector[:, 0] * gained
    return Transition(carried=carried, filled=filled)


def carried_on(modes: Modes, state: Array, *, hours: Array, rate_mcg_per_h: Array) -> Array:
    """Return the amounts after one step, `(compartments, ..., steps)` mcg."""
    step = transitions(modes, hours)
    after: Array = (step.carried * state).sum(axis=1) + step.filled * rate_mcg_per_h
    return after
