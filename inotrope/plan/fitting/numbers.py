"""Arrays of a fit become numbers with their units: rounded to three digits or a tenth, with where 90 % of draws lie."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from inotrope.estimation.problem import Floats
from inotrope.forecast.draws import spread_of
from inotrope.plan.fitting.record import FittedValue
from inotrope.plan.forecast_numbers import LEVEL, PERCENT
from inotrope.units import Quantity, round_half_up

CLEARANCE, VOLUME = "L/h", "L"
_DIGITS = 3


def number(value: float, unit: str) -> Quantity:
    """Return a number with its unit: a tenth for levels and shares, else three digits."""
    places = 1
    if unit not in (LEVEL, PERCENT) and value:
        places = max(_DIGITS - 1 - int(np.floor(np.log10(abs(value)))), 0)
    return Quantity(round_half_up(Decimal(repr(float(value))), places), unit)


def of_draws(
    name: str,
    draws: Floats,
    unit: str,
    *,
    typical: float | None = None,
    most_probable: float | None = None,
    left: float | None = None,
) -> FittedValue:
    """Return one number of a patient from its draws, (draws,)."""
    spread = spread_of(np.asarray(draws))
    return FittedValue(
        name=name,
        typical=None if typical is None else number(typical, unit),
        most_probable=None if most_probable is None else number(most_probable, unit),
        median=number(float(spread.median), unit),
        ninety_from=number(float(spread.lowest), unit),
        ninety_to=number(float(spread.highest), unit),
        left=None if left is None else number(100 * left, PERCENT),
    )
