"""Each named form against arithmetic by hand, its limits, and its derivative by the complex step."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from inotrope.population import forms

Form = Callable[..., np.ndarray]

# form, covariate, numbers, value by hand
BY_HAND = [
    (forms.per_kg, 70.0, {}, 70.0),
    (forms.allometry, 280.0, {"reference": 70, "exponent": 0.5}, 2.0),  # 4 ^ 0.5
    (forms.power, 25.0, {"reference": 100, "exponent": -0.5}, 2.0),  # 0.25 ^ -0.5
    (forms.linear_with_age, 6.0, {"slope": 0.058, "per": 1}, 1.348),  # 1 + 0.348
    (forms.linear_with_age, 0.5, {"slope": 0.058, "per": 1 / 12}, 1.348),  # the same six months, in years
    (forms.hill_maturation, 50.0, {"tm50": 50, "hill": 3}, 0.5),
    (forms.hill_maturation, 100.0, {"tm50": 50, "hill": 2}, 0.8),  # 4 / (1 + 4)
    (forms.renal_fraction, 80.0, {"nonrenal": 0.17, "renal": 0.83, "reference": 80, "held_at": 150}, 1.0),
    (forms.renal_fraction, 40.0, {"nonrenal": 0.17, "renal": 0.83, "reference": 80, "held_at": 150}, 0.585),
    (forms.line, 62.2, {"slope": 1.77, "intercept": -3.89}, 106.204),
    (forms.time_since_bypass, 0.0, {"fall": 0.4, "recovery_half_life": 12}, 0.6),
    (forms.time_since_bypass, 24.0, {"fall": 0.4, "recovery_half_life": 12}, 0.9),  # 1 - 0.4 / 4
    (forms.exponential_with_age, 0.0, {"at_birth": 2.0, "half_life": 1}, 2.0),
    (forms.exponential_with_age, 3.0, {"at_birth": 2.0, "half_life": 1}, 1.125),  # 1 + 1 / 8
]


@pytest.mark.parametrize(("form", "given", "numbers", "expected"), BY_HAND)
def test_by_hand(form: Form, given: float, numbers: dict[str, float], expected: float) -> None:
    assert form(np.array([given]), **numbers) == pytest.approx([expected], rel=1e-14)


@pytest.mark.parametrize(("form", "given", "numbers", "expected"), BY_HAND)
def test_the_complex_step_gives_the_slope(form: Form, given: float, numbers: dict[str, float], expected: float) -> None:
    given = given or 1.0  # at zero a power has no slope, and time since bypass has a corner
    step = 1e-6 * given
    by_difference = (form(np.array(given + step), **numbers) - form(np.array(given - step), **numbers)) / (2 * step)
    by_complex = form(np.array(given + 1e-200j), **numbers).imag / 1e-200
    assert by_complex == pytest.approx(float(by_difference), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("form", "given", "numbers", "expected"), BY_HAND)
def test_a_number_of_the_form_may_be_complex(
    form: Form, given: float, numbers: dict[str, float], expected: float
) -> None:
    for name, value in numbers.items():
        shifted = {**numbers, name: value + 1e-200j}
        assert form(np.array([given or 1.0]), **shifted).real == pytest.approx(
            form(np.array([given or 1.0]), **numbers).real
        )


def test_the_weight_over_clearance_is_a_level() -> None:
    found = forms.weight_over_clearance(np.array([60.0]), np.array([62.2]), slope=51.1, intercept=28.2)
    assert found == pytest.approx([77.4926], abs=5e-5)  # 3,066 / 62.2 = 49.2926


def test_a_clearance_is_held_and_nothing_rises_above() -> None:
    numbers = {"nonrenal": 0.17, "renal": 0.83, "reference": 80, "held_at": 150}
    found = forms.renal_fraction(np.array([150.0, 151.0, 1e9, 1e9 + 1e-200j]), **numbers)
    assert found.real == pytest.approx([1.72625] * 4)  # 0.17 + 0.83 x 1.875
    assert found[3].imag == 0


def test_before_bypass_and_without_one_nothing_changes() -> None:
    found = forms.time_since_bypass(np.array([-5.0, np.inf, 1e6]), fall=0.4, recovery_half_life=12)
    assert found == pytest.approx([1.0, 1.0, 1.0])


def test_maturation_goes_from_nothing_to_one() -> None:
    found = forms.hill_maturation(np.array([1e-6, 1e9]), tm50=67.7, hill=1.12)
    assert found == pytest.approx([0.0, 1.0], abs=1e-6)


def test_the_first_group_that_holds_gives_the_value_and_none_gives_nan() -> None:
    members = [np.array([True, False, False]), np.array([True, True, False])]
    found = forms.category(members, [2.0, 3.0])
    assert found[:2].tolist() == [2.0, 3.0]
    assert math.isnan(found[2])
    assert forms.category(members[:1], [2 + 1e-200j])[0].imag == 1e-200
