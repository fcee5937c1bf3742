"""The closed list of ways in which a covariate changes a parameter, as functions on arrays.

Knows the arithmetic of each named form and nothing of models, units or patients: a covariate comes in the unit that the
model declares for it, a factor without a unit comes out. Every function takes real or complex arrays, so that
derivatives by the complex step are exact; comparisons read the real part.

No form stands here as text to be evaluated: a model file names one of them, and gives its numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def per_kg(weight_kg: Array) -> Array:
    """Return the body weight itself: a value printed per kg times the kilograms."""
    return np.asarray(weight_kg)


def allometry(weight_kg: Array, *, reference: complex, exponent: complex) -> Array:
    """Return (weight / reference) ^ exponent."""
    return (np.asarray(weight_kg) / reference) ** exponent


def power(value: Array, *, reference: complex, exponent: complex) -> Array:
    """Return (value / reference) ^ exponent, for a covariate that is no weight."""
    return (np.asarray(value) / reference) ** exponent


def linear_with_age(age: Array, *, slope: complex, per: complex) -> Array:
    """Return 1 + slope x age / per: `slope` is the rise per step of age, `per` the step."""
    return 1 + slope * (np.asarray(age) / per)


def hill_maturation(age: Array, *, tm50: complex, hill: complex) -> Array:
    """Return age^hill / (tm50^hill + age^hill), the share of the mature value; one half at `tm50`."""
    return np.asarray(1 / (1 + (tm50 / np.asarray(age)) ** hill))


def renal_fraction(
    clearance: Array, *, nonrenal: complex, renal: complex, reference: complex, held_at: complex
) -> Array:
    """Return nonrenal + renal x clearance / reference, with the clearance held at `held_at` above it."""
    given = np.asarray(clearance)
    held = np.where(given.real > np.real(held_at), held_at, given)
    return nonrenal + renal * held / reference


def line(value: Array, *, slope: complex, intercept: complex) -> Array:
    """Return slope x value + intercept, a parameter itself and no factor."""
    return slope * np.asarray(value) + intercept


def weight_over_clearance(weight_kg: Array, clearance: Array, *, slope: complex, intercept: complex) -> Array:
    """Return slope x weight / clearance + intercept, a steady level itself and no factor."""
    return np.asarray(slope * np.asarray(weight_kg) / np.asarray(clearance) + intercept)


def time_since_bypass(hours: Array, *, fall: complex, recovery_half_life: complex) -> Array:
    """Return 1 - fall x 2^(-hours / half-life) after the end of cardiopulmonary bypass, and 1 before it.

    Infinity stands for a patient without bypass and gives 1.
    """
    since = np.asarray(hours)
    after = since.real >= 0
    never = np.isposinf(since.real)
    left = np.exp(-np.log(2) * np.where(after & ~never, since, 0) / recovery_half_life)
    return np.where(after & ~never, 1 - fall * left, 1.0)


def exponential_with_age(age: Array, *, at_birth: complex, half_life: complex) -> Array:
    """Return 1 + (at_birth - 1) x 2^(-age / half-life): `at_birth` times the later value, falling to it."""
    return np.asarray(1 + (at_birth - 1) * np.exp(-np.log(2) * np.asarray(age) / half_life))


def category(members: Sequence[Array], values: Sequence[complex]) -> Array:
    """Return for each element the value of the first group it belongs to; NaN where it belongs to none.

    Args:
        members: For each group an array of true and false; all of one shape.
        values: One value per group.
    """
    return np.select([np.asarray(item, dtype=bool) for item in members], list(values), default=np.nan)
