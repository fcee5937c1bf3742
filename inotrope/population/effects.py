"""What each named form asks of a model file, and how it is applied to a patient's covariates.

Knows for each form the covariate that it takes, its numbers and what they measure, and brings them into the unit of the
covariate. The arithmetic itself stands in `forms.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np

from inotrope.drug import Counted, Sourced
from inotrope.errors import RequestError
from inotrope.population import forms
from inotrope.population.forms import Array
from inotrope.population.model import Covariate, Effect, Group, Number
from inotrope.units import Quantity

WEIGHT = "weight"
"""The covariate that every value per kg is multiplied with."""


class Measures(StrEnum):
    """What a number of a form is."""

    ABOVE_ZERO = "a ratio above zero"
    ANY_RATIO = "a ratio"
    SHARE = "a share"
    LIKE_COVARIATE = "like the covariate"
    LIKE_PARAMETER = "like the parameter"


@dataclass(frozen=True, slots=True)
class FormRule:
    """One named form: its function, the dimension of its covariate (empty for any), and its numbers."""

    apply: Callable[..., Array]
    dimension: str
    numbers: dict[str, Measures]


_REFERENCE = {"reference": Measures.LIKE_COVARIATE, "exponent": Measures.ANY_RATIO}
FORMS: dict[str, FormRule] = {
    "per_kg": FormRule(forms.per_kg, "body weight", {}),
    "allometry": FormRule(forms.allometry, "body weight", _REFERENCE),
    "power": FormRule(forms.power, "", _REFERENCE),
    "linear_with_age": FormRule(
        forms.linear_with_age, "time", {"slope": Measures.ANY_RATIO, "per": Measures.LIKE_COVARIATE}
    ),
    "hill_maturation": FormRule(
        forms.hill_maturation, "time", {"tm50": Measures.LIKE_COVARIATE, "hill": Measures.ABOVE_ZERO}
    ),
    "renal_fraction": FormRule(
        forms.renal_fraction,
        "",
        {
            "nonrenal": Measures.ABOVE_ZERO,
            "renal": Measures.ABOVE_ZERO,
            "reference": Measures.LIKE_COVARIATE,
            "held_at": Measures.LIKE_COVARIATE,
        },
    ),
    "line": FormRule(forms.line, "", {"slope": Measures.ANY_RATIO, "intercept": Measures.LIKE_PARAMETER}),
    "time_since_bypass": FormRule(
        forms.time_since_bypass, "time", {"fall": Measures.SHARE, "recovery_half_life": Measures.LIKE_COVARIATE}
    ),
    "exponential_with_age": FormRule(
        forms.exponential_with_age, "time", {"at_birth": Measures.ABOVE_ZERO, "half_life": Measures.LIKE_COVARIATE}
    ),
    "category": FormRule(forms.category, "", {}),
}
"""The closed list; `category` has groups instead of numbers."""
LEVEL_FORMS: dict[str, FormRule] = {
    "weight_over_clearance": FormRule(
        forms.weight_over_clearance, "flow", {"slope": Measures.ABOVE_ZERO, "intercept": Measures.LIKE_PARAMETER}
    ),
    "category": FORMS["category"],
}
"""What `[level]` may be."""


def effect_values(effect: Effect, covariates: Mapping[str, Covariate], values: Mapping[str, Any], unit: str) -> Array:
    """Return the factor of an effect, or the parameter itself where the form gives it.

    Args:
        effect: One form with its numbers.
        covariates: The model's covariates, for their units.
        values: For each covariate an array in its declared unit, or of words; all broadcast to one shape.
        unit: The internal unit of the parameter, for forms that give it.

    Returns:
        An array of the broadcast shape; real, or complex where a covariate is.

    Raises:
        RequestError: A patient belongs to none of the groups.
    """
    if effect.form == "category":
        return _category(effect, covariates, values, unit)
    own = covariates[effect.of].unit
    rule = (LEVEL_FORMS if effect.form in LEVEL_FORMS else FORMS)[effect.form]
    numbers = {
        name: _plain(effect.numbers[name], measures, own)
        for name, measures in rule.numbers.items()
        if measures is not Measures.LIKE_PARAMETER
    }
    given = values[effect.of]
    if effect.form == "weight_over_clearance":
        intercept = _of(effect.numbers["intercept"], unit)
        return rule.apply(values[WEIGHT], given, slope=numbers["slope"], intercept=intercept)
    if effect.form == "line":  # the slope counts in the unit in which the intercept is printed
        printed = _sourced(effect.numbers["intercept"]).value
        found = rule.apply(given, slope=numbers["slope"], intercept=float(printed.value))
        return found * float(Quantity(Decimal(1), printed.unit).in_unit(unit))
    return rule.apply(given, **numbers)


def _plain(number: Number, measures: Measures, unit: str) -> float:
    """Return a number of a form as a float: a ratio, a share of 1, or a quantity in the covariate's unit."""
    return _of(number, "%") / 100 if measures is Measures.SHARE else _of(number, unit)


def belongs(group: Group, covariates: Mapping[str, Covariate], values: Mapping[str, Any]) -> Array:
    """Return for each element whether a group's row holds; a row without a test holds for everybody."""
    if not group.of:
        return np.asarray(True)
    given = np.asarray(values[group.of])
    if group.is_:
        return np.asarray(given == group.is_)
    limit = group.below or group.up_to
    assert limit is not None  # reading demands one of the three
    edge = _of(limit, covariates[group.of].unit)
    return given.real < edge if group.below is not None else given.real <= edge


def _category(effect: Effect, covariates: Mapping[str, Covariate], values: Mapping[str, Any], unit: str) -> Array:
    members = np.broadcast_arrays(*(belongs(group, covariates, values) for group in effect.groups))
    numbers = [_of(group.value, unit) for group in effect.groups]
    found = forms.category(members, numbers)
    if np.isnan(found).any():
        named = " or ".join(f"'{name}'" for name in effect.needs)
        raise RequestError(
            f"By {named}, {int(np.isnan(found).sum())} of {found.size} belong to none of the model's groups."
        )
    return found


def _of(number: Number, unit: str) -> float:
    return float(number.value) if isinstance(number, Counted) else float(number.value.in_unit(unit))


def _sourced(number: Number) -> Sourced:
    assert isinstance(number, Sourced)  # reading demands a quantity here
    return number
