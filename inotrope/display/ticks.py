"""Round numbers for the scales of charts and figures, and how a number on a scale is written."""

from __future__ import annotations

import math

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def step_of(length: float, count: int) -> float:
    """Return a round step of which about `count` reach over a length."""
    rough = max(length, 1e-9) / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in STEPS if power * step >= rough * (1 - 1e-9))


def ticks(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return round numbers from `low` to `high`, about `count` of them."""
    return multiples(low, high, step_of(high - low, count))


def multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    """Return the multiples of a step from `low` to `high`."""
    return tuple(step * place for place in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1))


def rounded_top(highest: float) -> float:
    """Return a round number at or above the highest one, for the end of a scale."""
    step = step_of(highest, 4)
    return max(step * math.ceil(highest / step - 1e-9), step)


def number(value: float) -> str:
    """Return a number as it stands on a scale."""
    return f"{value:,.6g}"
