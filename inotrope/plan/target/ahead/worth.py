"""What a level at an hour is worth: how much better the rest of the time goes if the rate is chosen anew on its result.

Draws are grouped by the level that would be measured in each of them, with the error of a measurement. Each group gets
the rate that suits it best from the moment of the result on; what that comes to is compared, draw by draw, with going
on as named. A rate is chosen on one half of the draws and counted on the other: what was chosen and counted on the same
draws looks better than it is. It knows no patient, no clock and no words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inotrope.estimation.problem import Floats
from inotrope.forecast.dose_search import ends_of, score_rates
from inotrope.plan.target.scoring import Wanted

GROUPS = 10
"""So many levels are told apart, each by as many draws: a judgement. More of them leave too few draws for a choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Anew:
    """The draws from the moment on at which a rate is chosen anew.

    Attributes:
        wanted: The range, the penalty and the times of the search.
        first: The place of the first of these times that comes after the moment; the arrays begin there.
        kept: (draws, times) ng/mL, going on as named.
        base: (draws, times) ng/mL, as named until then and nothing after it.
        unit: (draws, times) ng/mL, 1 mcg/kg/min from then on.
        rates: (rates,) mcg/kg/min, those that may be chosen.
        measured: (draws,) ng/mL, the level as it would be measured.
    """

    wanted: Wanted
    first: int
    kept: Floats
    base: Floats
    unit: Floats
    rates: Floats
    measured: Floats

    @property
    def hours(self) -> Floats:
        """What each time stands for, (times,) h."""
        wanted = self.wanted
        return np.asarray(wanted.weights[self.first :] * (np.ptp(wanted.times_h) / wanted.weights.sum()))

    def score(self, levels: Floats) -> Floats:
        """Return the score of each draw under some levels, h in the range minus the penalty times h above, (draws,)."""
        low, high = ends_of(self.wanted.low, self.wanted.high)
        above = levels > high
        inside = (levels >= low) & ~above
        return np.asarray(inside @ self.hours - self.wanted.penalty * (above @ self.hours))


def gains(anew: Anew, halves: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return for each draw what choosing anew adds, h: on the measured level, and without one.

    Args:
        anew: The draws.
        halves: (draws,), which of two halves a draw belongs to.

    Returns:
        Two arrays (draws,), in hours in the range minus the penalty times hours above it.
    """
    draws, going_on = anew.measured.size, anew.score(anew.kept)
    place = np.argsort(np.argsort(anew.measured, kind="stable"), kind="stable")
    of_level, everyone = place * GROUPS // draws, np.zeros(draws, dtype=np.int64)
    return _gain(anew, going_on, of_level, halves), _gain(anew, going_on, everyone, halves)


def _gain(anew: Anew, going_on: Floats, groups: NDArray[np.int64], halves: NDArray[np.bool_]) -> Floats:
    """Return what each draw gains by the rate that the other half of its group chose."""
    gained = np.zeros(groups.size)
    for group in range(int(groups.max()) + 1):
        for half in (False, True):
            choosing, counting = (groups == group) & (halves == half), (groups == group) & (halves != half)
            rate = _choice(anew, going_on, choosing)
            if rate is not None and counting.any():
                levels = anew.base[counting] + rate * anew.unit[counting]
                gained[counting] = anew.score(levels) - going_on[counting]
    return gained


def _choice(anew: Anew, going_on: Floats, draws: NDArray[np.bool_]) -> float | None:
    """Return the best rate for some of the draws; None where none is better than going on as named."""
    if not draws.any():
        return None
    found = score_rates(
        anew.base[draws],
        anew.unit[draws],
        anew.rates,
        low=anew.wanted.low,
        high=anew.wanted.high,
        weights=anew.hours,
        penalty=anew.wanted.penalty,
    )
    best = int(found.best()[0])
    better = found.score[best] * anew.hours.sum() > going_on[draws].mean()
    return float(anew.rates[best]) if better else None


def halves_of(draws: int, seed: int) -> NDArray[np.bool_]:
    """Return to which of two halves each draw belongs, at random."""
    place: NDArray[np.int64] = np.random.default_rng(seed).permutation(draws)
    return np.asarray(place % 2 == 0)


def worth_most(on_level: Sequence[Floats], without: Sequence[Floats], least: float) -> int | None:
    """Return at which of some hours a level is worth most; None where none is worth more than chance or than `least`.

    What a level adds is counted against the best that can be done without one, at whichever hour: going on as named, or
    choosing anew at an hour that is settled now.

    Args:
        on_level: For each hour the gain of each draw with a level, h.
        without: The same without one.
        least: What nobody would see, h.
    """
    if not on_level:
        return None
    best = max(range(len(on_level)), key=lambda place: float(on_level[place].mean()))
    alone = max(without, key=lambda gain: float(gain.mean()))
    adds = on_level[best] - (alone if alone.mean() > 0 else 0.0)
    return best if adds.mean() > max(least, noise(adds)) else None


def noise(gain: Floats) -> float:
    """Return two standard errors of a mean over draws."""
    return 2 * float(gain.std(ddof=1)) / float(np.sqrt(gain.size)) if gain.size > 1 else np.inf
