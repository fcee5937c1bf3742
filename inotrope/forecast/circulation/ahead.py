"""The circulation over time: how every quantity lies, and the chance that the pressure is below a limit.

Knows what many draws come to. A draw without an answer (no steady state, or veins that collapse) is left out of every
interval and counts as below every limit: it is worse off than a number could say. It proposes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.circulation.arrays import Array, Mask
from inotrope.errors import RequestError
from inotrope.forecast.circulation.misses import with_misses
from inotrope.forecast.circulation.person import Person
from inotrope.forecast.circulation.spreading import of_one, over_time
from inotrope.forecast.circulation.table import Table
from inotrope.forecast.record import Spread
from inotrope.population.response import Expected

PRESSURE = "mean_arterial_mmhg"


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    """Shares of the draws whose pressure lies below a limit.

    Attributes:
        before: Without the drug.
        at: (times,), at each time.
        so_far: (times,), at any time up to each.
    """

    before: float
    at: Array
    so_far: Array

    @property
    def ever(self) -> float:
        """The share that is below at any time."""
        return float(self.so_far[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """What is foreseen of one patient under what is given.

    Attributes:
        levels: (times, draws), ng/mL at the site of effect.
        expected: What every draw shows at them.
    """

    levels: Array
    expected: Expected

    @property
    def level(self) -> Spread:
        """How the levels lie at each time."""
        return over_time(self.levels)

    def of(self, name: str) -> Spread:
        """Return how a quantity lies at each time, over the draws that have an answer there; else NaN."""
        return over_time(self.expected.now[name])

    def before(self, name: str) -> Spread:
        """Return how it lies without the drug, one number each."""
        return of_one(self.expected.before[name])

    def is_below(self, limit_mmhg: float) -> Mask:
        """Return whose pressure is below a limit at each time, (times, draws); who has no answer is."""
        return ~(self.expected.now[PRESSURE] >= limit_mmhg)  # NaN is no pressure that is held

    def below(self, limit_mmhg: float) -> Below:
        """Return the shares below a limit."""
        below = self.is_below(limit_mmhg)
        return Below(
            before=float((self.expected.before[PRESSURE] < limit_mmhg).mean()),
            at=np.asarray(below.mean(axis=1)),
            so_far=np.asarray(np.logical_or.accumulate(below, axis=0).mean(axis=1)),
        )

    @property
    def lowest(self) -> Array:
        """(draws,), the lowest pressure of each draw at any time; NaN where one of them has no answer."""
        return np.asarray(self.expected.now[PRESSURE].min(axis=0))

    @property
    def lowest_spread(self) -> Spread:
        """How these lie, one number each."""
        return of_one(self.lowest)

    @property
    def unfilled(self) -> Array:
        """(times,), the share without an answer."""
        return self.expected.unfilled

    @property
    def extrapolated(self) -> Array:
        """(times,), the share whose level lies above all that were studied."""
        return np.asarray((self.levels > self.expected.studied_to_ng_per_ml).mean(axis=1))


def foresee(person: Person, *levels_ng_per_ml: Array) -> tuple[Foreseen, ...]:
    """Return what is foreseen of a patient under each of several regimens, in the same draws.

    Args:
        person: All that he may be.
        levels_ng_per_ml: For each regimen (times, draws), at the site of effect: see `Person.levels`.

    Raises:
        RequestError: Levels of other draws.
    """
    if any(levels.ndim != 2 or levels.shape[1] != person.draws or not len(levels) for levels in levels_ng_per_ml):  # noqa: PLR2004 - times and draws
        raise RequestError("Levels are given by time and draw, one for each draw of the patient.")
    table = Table.of(person, max((float(levels.max()) for levels in levels_ng_per_ml), default=0.0))
    return tuple(Foreseen(levels, _missed(person, table.expected(levels), levels)) for levels in levels_ng_per_ml)


def _missed(person: Person, expected: Expected, levels: Array) -> Expected:
    if person.misses is None:
        return expected
    return with_misses(expected, person.misses, levels, person.patients.surface_m2)
