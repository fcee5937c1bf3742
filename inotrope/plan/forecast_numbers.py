"""Arrays of a forecast become numbers with their units, rounded to a tenth.

Knows how a spread is written down. It does not know which regimen is meant (`forecasting.py`, `what_if.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from inotrope.forecast import Curve, Spread, Value
from inotrope.forecast.record import Floats, Leaving
from inotrope.plan.forecast_record import Intervals, RangeLeft, Spreading, Values
from inotrope.units import Quantity, round_half_up

LEVEL, HOUR, PERCENT = "ng/mL", "h", "%"
CURVE_H = Decimal(24)
"""As far as the curve of a plan goes: what `forecast` does where no other end is asked for."""
SEED = 20_260_101
"""Of every plan and every fit: the same case gives the same numbers on every machine."""


def quantity(value: float, unit: str, decimals: int = 1) -> Quantity:
    """Return a number with its unit, half rounded up."""
    return Quantity(round_half_up(Decimal(repr(value)), decimals), unit)


def levels(found: Iterable[float]) -> Values:
    """Return levels in ng/mL."""
    return values_in(found, LEVEL)


def values_in(found: Iterable[float], unit: str) -> Values:
    """Return numbers of one unit."""
    return Values(unit, tuple(round(float(value), 1) for value in found))


def intervals(spread: Spread, unit: str = LEVEL) -> Intervals:
    """Return how the draws lie at each time."""
    return Intervals(*(values_in(end, unit) for end in _ends(spread)))


def at(curve: Curve, place: int) -> Value:
    """Return the level at one of the times of a curve, the last one at -1."""
    spread = None if curve.spread is None else Spread(*(end[place] for end in _ends(curve.spread)))
    return Value(float(curve.typical_ng_per_ml[place]), spread)


def spreading(value: Value | None, unit: str) -> Spreading | None:
    """Return one number and how the draws lie around it; None stays None."""
    if value is None:
        return None
    spread, typical = value.spread, quantity(value.typical, unit)
    if spread is None:
        return Spreading(typical, None, None, None, None, None)
    ends = (spread.median, spread.lower, spread.upper, spread.lowest, spread.highest)
    return Spreading(typical, *(quantity(float(end), unit) for end in ends))


def left_told(item: Leaving) -> RangeLeft:
    """Return when a range is left, as an answer holds it."""
    times = (None if hour is None else quantity(hour, HOUR) for hour in item.by_h)
    return RangeLeft(
        item.band,
        item.side.value,
        *(quantity(100 * share, PERCENT) for share in (item.now, item.at_the_end, item.chance)),
        *times,
    )


def _ends(spread: Spread) -> tuple[Floats, ...]:
    return (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest)
