"""Where a sum of exponentials is zero, within a stretch of time.

Knows that a sum of n exponentials has at most n - 1 zeros, and that they lie between the zeros of a sum with one term
less (Descartes' rule, by Rolle's theorem): so each is bracketed, and halving finds it without a first guess.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inotrope.kinetics.parameters import Array

HALVINGS = 60
"""A stretch of time halved so often is below the distance of neighboring float64 numbers."""


def total_of(weights: Array, roots: Array, hours: Array) -> Array:
    """Return sum_i weights_i exp(-l_i t); the first axis is that of the exponentials."""
    total: Array = (weights * np.exp(-roots * hours)).sum(axis=0)
    return total


def zeros_of(weights: Array, roots: Array, hours: Array) -> Array:
    """Return the zeros of sum_i weights_i exp(-l_i t) between 0 and the end of each stretch.

    Args:
        weights: `(exponentials, ..., stretches)`.
        roots: 1/h, of the same shape.
        hours: h, the length of each stretch, real, `(stretches,)`.

    Returns:
        h, `(exponentials - 1, ..., stretches)`, not falling; where there is no zero, the end of the stretch or the
        place of a zero of a derivative stands instead. Complex weights bring the derivative of each zero.
    """
    count = len(weights)
    if count == 1:
        return np.zeros((0, *weights.shape[1:]), dtype=weights.dtype)
    # Divided by the last exponential, the derivative has one term less; its zeros cut the stretch into monotone parts.
    others = roots[:-1] - roots[-1]
    bounds = monotone_bounds(zeros_of(-others * weights[:-1], others, hours), hours, weights.shape[1:])
    relative = roots - roots[-1]
    return np.stack(
        [
            halved(
                lambda at: total_of(weights, relative, at),
                lambda at: total_of(-relative * weights, relative, at),
                bounds[place],
                bounds[place + 1],
            )
            for place in range(count - 1)
        ]
    )


def monotone_bounds(zeros: Array, hours: Array, shape: tuple[int, ...]) -> list[Array]:
    """Return 0, the zeros and the end of each stretch: between two neighbors the sum rises or falls."""
    end = np.broadcast_to(hours, shape)
    return [np.zeros(shape), *np.sort(zeros.real, axis=0), end]


def halved(value: Callable[[Array], Array], slope: Callable[[Array], Array], start: Array, end: Array) -> Array:
    """Return where a monotone function turns positive, or stops being so, between start and end.

    Where it is positive all the way or nowhere, that is one of the ends: a rising function is then positive from the
    start on or only from the end on, a falling one up to the end or only up to the start.

    Args:
        value: The function, of hours.
        slope: Its derivative by hours; used only to carry a complex step from the value to the place.
        start: h, real.
        end: h, real.
    """
    low, high = start, end
    at_start, at_end = value(start).real, value(end).real
    rises, crosses = at_end > at_start, (at_start > 0) != (at_end > 0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        beyond = (value(middle).real > 0) == rises
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    high = np.where(crosses, high, np.where((at_start > 0) == rises, start, end))
    there = value(high)
    if not np.iscomplexobj(there):
        return high
    steep = slope(high)
    moved = np.where(crosses & (steep != 0), there / np.where(steep == 0, 1.0, steep), 0.0)
    carried: Array = high - 1j * moved.imag
    return carried
