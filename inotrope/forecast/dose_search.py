"""Scores of many rates at once: how much of the time, over all draws, a level lies below, in or above a range.

Knows that a level is linear in the rate, c(draw, time; r) = base + r * unit, also where clearance changes in time: so
one pair of curves answers for every rate, and each (draw, time) is in the range for the rates between two thresholds.
It holds only for a linear model, and knows no pump, no limit and no patient: which rates may be given, `plan` says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import RequestError
from inotrope.forecast.record import Floats

PENALTY = 2.0
"""Time above the range counts so many times as much against a rate as time in it counts for it: a judgement, and shown
with every answer."""
GUARD = 1e-12
"""Share of a limit within which a level is at the limit, and so in the range: a threshold is a quotient and rounds."""
IN_ONE_GO = 32_768
"""Levels that are counted at a time: so few stay in the processor's nearest memory, twice as fast as all at once."""
EVEN = 1e-12
"""Share of the highest rate by which steps may differ and still be even: they are decimals made binary."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What each rate comes to, over all draws and times; every array is (rates,), the shares add up to 1.

    Attributes:
        rates: As they were asked, in any unit that `unit` was made for.
        below: Share of draws and times with a level below the range.
        inside: In it, its ends included.
        above: Above it.
        penalty: What time above counts.
    """

    rates: Floats
    below: Floats
    inside: Floats
    above: Floats
    penalty: float

    @property
    def score(self) -> Floats:
        """Share in the range minus `penalty` times the share above it."""
        return self.inside - self.penalty * self.above

    @property
    def formula(self) -> str:
        """Say the score as it is printed beside an answer."""
        return formula_of(self.penalty)

    def best(self, count: int = 1) -> NDArray[np.int64]:
        """Return the places of the best rates, the best first; of equal scores the lower rate goes first."""
        order = np.lexsort((self.rates, -self.score))
        return order[:count]


def formula_of(penalty: float) -> str:
    """Say how a rate is scored."""
    return f"share of time in the range - {penalty:g} x share of time above it"


def ends_of(low: float, high: float) -> tuple[float, float]:
    """Return the lowest and the highest level that count as in a range, ng/mL; see `GUARD`."""
    return low - GUARD * low, high + GUARD * high


def score_rates(
    base_ng_per_ml: Floats,
    unit_ng_per_ml: Floats,
    rates: ArrayLike,
    *,
    low: float,
    high: float,
    weights: ArrayLike | None = None,
    penalty: float = PENALTY,
) -> Scores:
    """Return what each rate comes to, by counting for each (draw, time) the rates between two thresholds.

    Args:
        base_ng_per_ml: (draws, times), ng/mL, what was given runs on with nothing from now on.
        unit_ng_per_ml: (draws, times), ng/mL for a rate of 1 from now on, started from nothing; at least 0.
        rates: (rates,), at least 0, in any order.
        low: ng/mL, the lower end of the range, above or at 0.
        high: ng/mL, the upper end, above `low`.
        weights: (times,), what each time stands for, such as the hours around it; all alike by default.
        penalty: What time above counts, at least 0.

    Returns:
        The shares in the order of the rates; the same as counting the levels of each rate, where no level lies nearer
        to an end of the range than rounding (`GUARD`).

    Raises:
        RequestError: A rate below 0 or none at all, a range that is none, shapes that do not fit, a number that is not
            finite.
    """
    asked = np.atleast_1d(np.asarray(rates, dtype=np.float64))
    base, unit = np.asarray(base_ng_per_ml, dtype=np.float64), np.asarray(unit_ng_per_ml, dtype=np.float64)
    share = _shares(base, weights)
    _prove_curves(base, unit)
    _prove_asked(asked, low, high, penalty)
    order = np.argsort(asked, kind="stable")
    ascending = asked[order]
    first, last = ends_of(low, high)
    reached, passed = _first_rates(base, unit, ascending, first, last)
    # A level is below for every rate before the first that reaches the range, and above from the first that passes it.
    below = 1.0 - np.cumsum(share @ reached)[: asked.size]
    above = np.cumsum(share @ passed)[: asked.size]
    back = np.empty_like(order)
    back[order] = np.arange(order.size)
    below, above = np.clip(below, 0.0, 1.0)[back], np.clip(above, 0.0, 1.0)[back]
    return Scores(asked, below, np.clip(1.0 - below - above, 0.0, 1.0), above, penalty)


def hours_to_range(
    base_ng_per_ml: Floats, unit_ng_per_ml: Floats, rate: float, times_h: Floats, *, low: float, high: float
) -> Floats:
    """Return for each draw the first time at which its level is in the range, h; infinite where it never is.

    Args:
        base_ng_per_ml: As `score_rates`.
        unit_ng_per_ml: As `score_rates`.
        rate: One rate.
        times_h: (times,), ascending, of the curves.
        low: ng/mL.
        high: ng/mL.
    """
    level = base_ng_per_ml + rate * unit_ng_per_ml
    lowest, highest = ends_of(low, high)
    inside = (level >= lowest) & (level <= highest)
    first = np.argmax(inside, axis=1)
    return np.where(inside.any(axis=1), np.asarray(times_h)[first], np.inf)


def narrowing(answer: Floats, levels_ng_per_ml: Floats, error_sd_ng_per_ml: Floats) -> Floats:
    """Return what a level drawn at each time would leave of the answer's standard deviation, as a share of it.

    By the linear rule of two normal quantities: 1 - cov(z, y)^2 / (var(z) (var(y) + s^2)), its square root; s^2 is the
    mean over the draws of the squared error of a measurement. It compares times with each other; how far a real level
    narrows depends on what it is.

    Args:
        answer: (draws,), what is to be known, such as the level in 24 h; not all alike.
        levels_ng_per_ml: (draws, times), the level at each time at which one could be drawn.
        error_sd_ng_per_ml: (draws, times), the standard deviation of a measurement of it.

    Returns:
        (times,), from 0 (all is known then) to 1 (nothing is learned).

    Raises:
        RequestError: Fewer than two draws, or an answer that is the same in all of them.
    """
    spread = np.asarray(answer, dtype=np.float64) - np.mean(answer)
    if not spread @ spread > 0:
        raise RequestError("The answer is the same in every draw: there is nothing that a level could narrow.")
    levels = levels_ng_per_ml - levels_ng_per_ml.mean(axis=0)
    noise = (np.asarray(error_sd_ng_per_ml) ** 2).mean(axis=0) * spread.size
    told = (spread @ levels) ** 2 / ((spread @ spread) * ((levels * levels).sum(axis=0) + noise))
    return np.asarray(np.sqrt(np.clip(1.0 - told, 0.0, 1.0)))


def _shares(base: Floats, weights: ArrayLike | None) -> Floats:
    """Return what one draw at each time counts, so that all together count 1, (times,)."""
    if len(base.shape) != len(("draws", "times")) or not base.size:
        raise RequestError(f"The curves have the shape {base.shape}; accepted is (draws, times), none of them 0.")
    each = np.ones(base.shape[1]) if weights is None else np.asarray(weights, dtype=np.float64)
    if each.shape != base.shape[1:] or not (each >= 0).all() or not 0 < each.sum() < np.inf:
        raise RequestError("The weights of the times must be numbers of at least 0, one for each time, not all 0.")
    return np.asarray(each / (each.sum() * base.shape[0]))


def _prove_curves(base: Floats, unit: Floats) -> None:
    if unit.shape != base.shape or not (np.isfinite(base).all() and np.isfinite(unit).all() and (unit >= 0).all()):
        raise RequestError("Both curves must have one shape and finite levels, those of a rate of 1 at least 0.")


def _prove_asked(rates: Floats, low: float, high: float, penalty: float) -> None:
    if rates.ndim != 1 or not rates.size or not (np.isfinite(rates) & (rates >= 0)).all():
        raise RequestError(f"The rates '{rates.tolist()}' must be finite numbers of at least 0, in one row.")
    if not 0 <= low < high < np.inf:
        raise RequestError(f"The range {low:g} to {high:g} ng/mL is none: write the lower end first, at least 0.")
    if not 0 <= penalty < np.inf:
        raise RequestError(f"The penalty '{penalty}' must be a number of at least 0.", value=penalty)


def _first_rates(base: Floats, unit: Floats, rates: Floats, low: float, high: float) -> tuple[Counts, Counts]:
    """Return in how many draws each rate is the first to reach the range, and to pass it, (times, rates + 1).

    The last place counts the draws in which no rate does.
    """
    draws, times = base.shape
    own = np.arange(times) * (rates.size + 1)
    found = np.zeros((2, own.size * (rates.size + 1)), np.int64)
    few = max(1, IN_ONE_GO // times)
    for start in range(0, draws, few):
        some, each = base[start : start + few], unit[start : start + few]
        for side, (limit, beyond) in enumerate(((low, False), (high, True))):
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                threshold = (limit - some) / each
            places = _places(threshold, rates, beyond=beyond)
            places += own
            found[side] += np.bincount(places.ravel(), minlength=found.shape[1])
    reached, passed = found.reshape(2, times, -1)
    return reached, passed


def _places(threshold: Floats, rates: Floats, *, beyond: bool) -> NDArray[np.int64]:
    """Return the place of the first rate that reaches each threshold, or lies beyond it, (draws, times).

    Where a rate moves nothing, at the beginning, the quotient is infinite and all rates give what the base does; or it
    is none, where the base is at the limit, and so in the range. The thresholds are lost.
    """
    steps = np.diff(rates)
    nearest = np.fmin if beyond else np.fmax
    if not steps.size or np.ptp(steps) > EVEN * rates[-1]:
        nearest(threshold, np.inf if beyond else -np.inf, out=threshold)
        return np.searchsorted(rates, threshold, side="right" if beyond else "left")
    # Steps of a pump: five times as fast as a search. The guard covers what the quotient rounds.
    threshold -= rates[0]
    threshold *= 1 / steps.mean()
    np.ceil(threshold, out=threshold)
    nearest(threshold, rates.size if beyond else 0, out=threshold)
    return np.clip(threshold, 0, rates.size, out=threshold).astype(np.int64)
