"""What a case says of the covariates that models ask for.

Knows where each known covariate stands in a case, and gives it as a series in hours from the case's `now`. What nobody
recorded is left out, so that the model says that it is not known; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np

from inotrope.findings import Truth
from inotrope.patient import Case, Kidney, assess_kidney, body_size, vocabulary
from inotrope.population.effects import WEIGHT
from inotrope.population.machines_of_case import EarlierKidneys, replaced
from inotrope.population.model import CLEARANCES, IMPAIRED, REPLACEMENT, Model
from inotrope.population.over_time import Series
from inotrope.units import Quantity

SPAN_H = 24.0 * 366
"""h. How far before and after `now` an age is written down: it grows on a straight line with the clock."""
_INJURY_STAGE = 1
WITHIN_H = 1 / 60
"""h. A change takes a minute, so that it holds in every way of filling the time between two entries."""


def series_of_case(
    model: Model, case: Case, *, kidney: Kidney | None = None, earlier: EarlierKidneys | None = None
) -> dict[str, Series]:
    """Return every covariate of a model that a case tells, in hours from `now`.

    Args:
        model: Which covariates are asked for.
        case: The patient.
        kidney: The kidney function to use, such as an assumed one; by default that of the case.
        earlier: The kidneys up to a machine that took their place; None where they are as now all the time.

    Returns:
        By covariate. Weight, height and kidney function are those of `now`, held over time; ages grow with the clock.
        A word is `present`, `absent` or `unknown`, or the indication as the case writes it.
    """
    kidneys = assess_kidney(case) if kidney is None else kidney
    found: dict[str, Series] = {}
    for name in dict.fromkeys((*model.covariates, REPLACEMENT)):
        reader = _READERS.get(name)
        series = _of_vocabulary(case, name) if reader is None else reader(case, kidneys)
        if series is not None:
            if earlier is not None and name in CLEARANCES and reader is not None:
                series = _after(reader(case, earlier.kidney), earlier.until_h, series)
            found[name] = series
    return found


def _after(before: Series | None, until_h: float, now: Series) -> Series:
    """Return what held up to a moment, and after it what holds now."""
    assert before is not None  # earlier kidneys have a clearance, and the body's surface is that of now
    both = np.concatenate([before.value, now.value])
    return Series.of(both, unit=now.unit, time_h=[until_h, until_h + WITHIN_H])


def _held(quantity: Quantity | None) -> Series | None:
    return None if quantity is None else Series.of_quantity(quantity)


def _growing(age: Quantity | None) -> Series | None:
    if age is None:
        return None
    now = float(age.in_unit("h"))
    start = max(-SPAN_H, -now)
    return Series.of(np.array([now + start, now + SPAN_H]), unit="h", time_h=[start, SPAN_H], grows=True)


def _age(case: Case) -> Quantity:
    """Return the age in years where it counts in years, else to the day or hour since birth."""
    years = case.exact_age_years
    return Quantity(years, "year") if years >= 1 else case.postnatal_age


def _own_clearance(case: Case, kidney: Kidney) -> Series | None:
    """Return the clearance that is not per body surface: the value that doses, times this body's surface."""
    surface = body_size(case).bsa_mosteller
    if kidney.clearance is None or surface is None:
        return None
    indexed = kidney.clearance.in_unit("mL/min/1.73 m2")
    return _held(Quantity(indexed * surface.in_unit("m2") / Decimal("1.73"), "mL/min"))


def _word(truth: Truth) -> Series:
    return Series.of(truth.value)


def _injury(kidney: Kidney) -> Series | None:
    stage = kidney.kdigo_stage
    return None if stage is None else _word(Truth.of(stage >= _INJURY_STAGE))


def _impairment(case: Case, kidney: Kidney) -> Series:
    """Return whether the kidneys are impaired: as recorded, and without a clearance by the creatinine's course too."""
    return _word(case.condition(IMPAIRED) if kidney.clearance is not None else kidney.impaired)


def _of_vocabulary(case: Case, name: str) -> Series | None:
    words = vocabulary()
    condition, support = words.condition(name), words.support(name)
    if condition is not None:
        return _word(case.condition(condition.name))
    return None if support is None else _word(case.supported_by(support.name))


_READERS: dict[str, Callable[[Case, Kidney], Series | None]] = {
    WEIGHT: lambda case, _: _held(case.patient.weight),
    "height": lambda case, _: _held(case.height),
    "age": lambda case, _: _growing(_age(case)),
    "postnatal age": lambda case, _: _growing(case.postnatal_age),
    "postmenstrual age": lambda case, _: _growing(case.postmenstrual_age),
    "gestational age": lambda case, _: _held(case.patient.gestational_age),
    "creatinine clearance": lambda _, kidney: _held(kidney.clearance),
    "own creatinine clearance": _own_clearance,
    "acute kidney injury": lambda _, kidney: _injury(kidney),
    IMPAIRED: _impairment,
    "sex": lambda case, _: Series.of(case.patient.sex),
    "indication": lambda case, _: Series.of(case.indication),
    REPLACEMENT: lambda case, _: _word(replaced(case)),
}
