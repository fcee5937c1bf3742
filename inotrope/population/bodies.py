"""Age and weight of a body, as far as they tell of whom a model is asked: one age by another's name, what fits an age.

Knows that the age and the postnatal age are one time, told in other units, and which weights are plausible at an age or
in the people whom a model holds for. It fills in nothing that a parameter reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.patient import vocabulary
from inotrope.population.effects import WEIGHT
from inotrope.population.forms import Array
from inotrope.population.model import Model, Within
from inotrope.units.registry import conversion

SINCE_BIRTH = ("age", "postnatal age")
"""The same time, by two names."""
SINCE_CONCEPTION = ("gestational age", "postmenstrual age")
AGES = (*SINCE_BIRTH, *SINCE_CONCEPTION)
"""Whatever of these was studied says of whom a model speaks."""
UNITS = {"age": "year", "postnatal age": "day", WEIGHT: "kg"}
"""What comes along for every model, since it tells of whom it is asked, and the unit where the model declares none."""


def unit_of(model: Model, name: str) -> str:
    """Return the unit in which a covariate stands for a model."""
    return model.covariates[name].unit if name in model.covariates else UNITS[name]


def with_ages(model: Model, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the covariates with an age that a limit asks for, where the same age is known by its other name.

    Args:
        model: Its limits.
        values: By covariate, in the units of `unit_of`.
    """
    found = dict(values)
    for limit in model.studied.limits:
        if limit.of in SINCE_BIRTH:
            other = SINCE_BIRTH[1 - SINCE_BIRTH.index(limit.of)]
            own, given = values.get(limit.of), values.get(other)
            if given is not None and (own is None or np.isnan(np.asarray(own).real).any()):
                derived = _converted(given, unit_of(model, other), unit_of(model, limit.of))
                found[limit.of] = derived if own is None else np.where(np.isnan(np.asarray(own).real), derived, own)
    return found


def plausible_weights(model: Model, values: Mapping[str, Any]) -> tuple[Array, Array, Array] | None:
    """Return weight, lowest and highest plausible weight, kg, of arrays that broadcast; None where nothing is to say.

    By the age; where that is not known, of all ages for which the model answers. Below one year only the upper end
    counts: who was born early is light for his age. A model whose study tells the weights itself is judged by those,
    and of one that tells no age nobody knows whom it holds for.
    """
    of = {limit.of for limit in model.studied.limits}
    if values.get(WEIGHT) is None or WEIGHT in of or not of & set(AGES):
        return None
    weight = _converted(values[WEIGHT], unit_of(model, WEIGHT), "kg")
    known = next((name for name in SINCE_BIRTH if values.get(name) is not None), None)
    lowest, highest = _range_of(model)
    if known is None:
        return weight, np.asarray(lowest), np.asarray(highest)
    years = _converted(values[known], unit_of(model, known), "year")
    low, high = weights_at(years)
    nobody = np.isnan(years)
    return weight, np.where(nobody, lowest, low), np.where(nobody, highest, high)


def weights_at(years: Array) -> tuple[Array, Array]:
    """Return the lowest and the highest plausible weight at an age, kg; NaN of NaN."""
    ages, low, high = _ends()
    return np.interp(years, ages, low), np.interp(years, ages, high)


def _range_of(model: Model) -> tuple[float, float]:
    """Return the lowest and highest plausible weight of all ages for which a model answers, kg."""
    edges = [_edges(limit) for limit in model.studied.limits if limit.of in SINCE_BIRTH]
    if not edges:  # such a study is told by its weeks alone
        return 0.0, np.inf
    youngest, oldest = max(first for first, _ in edges), min(last for _, last in edges)
    (low, _), (_, high) = weights_at(np.asarray(youngest)), weights_at(np.asarray(oldest))
    return float(low), float(high)


def _edges(limit: Within) -> tuple[float, float]:
    """Return the ages, years, between which a limit does not refuse; where it never refuses, those studied."""
    first, last = limit.refuse_below or limit.lowest, limit.refuse_above or limit.highest
    return (
        0.0 if first is None else float(first.value.in_unit("year")),
        np.inf if last is None else float(last.value.in_unit("year")),
    )


@cache
def _ends() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return ages in years, with the lowest and highest plausible weight at each, straight lines between them."""
    words = vocabulary()
    kind = words.measurement("body weight")
    assert kind is not None  # the vocabulary holds it; its tests prove it
    light = words.limit("equations.schwartz_2009_age_minimum").value.in_unit("year")
    least = words.limit("body weight.impossible_below").value.in_unit("kg")
    ages, low, high = [], [], []
    for band in kind.bands:
        for age in (band.age_from, band.age_to):
            lower, upper = band.range_at(age)
            ages.append(float(age.in_unit("year")))
            low.append(float(least if band.age_to.in_unit("year") <= light else lower.in_unit("kg")))
            high.append(float(upper.in_unit("kg")))
    return np.array(ages), np.array(low), np.array(high)


def _converted(value: Any, old: str, new: str) -> Array:
    up, down = conversion(old, new)
    return np.asarray(np.asarray(value).real * (float(up) / float(down)))
