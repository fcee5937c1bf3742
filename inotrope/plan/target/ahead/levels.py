"""When to measure the next level: what each hour that the ward can do would be worth.

Knows the course that is named, what may be chosen instead of it at a moment, and how far a level narrows the answer.
What choosing anew is worth, `worth.py` reckons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.problem import Floats
from inotrope.forecast.dose_search import narrowing
from inotrope.plan.fitting.numbers import number
from inotrope.plan.forecast_numbers import HOUR, PERCENT
from inotrope.plan.target.ahead.courses import Watched
from inotrope.plan.target.ahead.worth import Anew, gains, halves_of, noise, worth_most
from inotrope.plan.target.allowing.ways import Setting, Way
from inotrope.plan.target.curves import Draws, lasting
from inotrope.plan.target.scoring import ALIKE, Searched, Wanted, as_float
from inotrope.plan.target.search_record import NextLevel
from inotrope.units import Quantity, later

WORTH_DRAWS, WORTH_STEP = 2000, 2
"""Of so many draws, and of every second time, the worth of a level is told: it is no dose, and its chance is shown."""


def next_levels(
    draws: Draws, watched: Watched, found: Searched, place: int
) -> tuple[tuple[NextLevel, ...], NextLevel | None]:
    """Return what a level at each hour would be worth against one course, and the one that is worth most.

    Args:
        draws: Of the patient.
        watched: When the ward can draw one.
        found: What was searched.
        place: Of the rate that is gone on with.

    Returns:
        The hours whose result is there before the end of what is searched, none where nothing flows in any draw; and as
        the best None where nothing is worth more than chance, or than anybody would see.
    """
    (way, setting), (_, every) = found.of(place), found.levels(place)
    few, kept = draws.few(WORTH_DRAWS)
    levels, ends_h = every[kept], found.wanted.times_h[-1]
    until = ends_h if way.ends_h is None else min(ends_h, float(way.ends_h))
    hours = [hour for hour in watched.hours if float(hour.value) + watched.result_after_h < until]
    columns = np.searchsorted(found.wanted.times_h, [float(hour.value) for hour in hours])
    errors = few.error_sd(levels[:, columns])
    try:
        left = narrowing(levels[:, -1], levels[:, columns], errors)
    except RequestError:  # nothing flows in any draw: there is no level to measure
        return (), None
    halves, chance = halves_of(len(kept), watched.seed), np.random.default_rng(watched.seed)
    measured = levels[:, columns] + errors * chance.standard_normal((len(kept), 1))
    counted = np.flatnonzero(found.wanted.weights)[::WORTH_STEP]
    course = Going(few, way, setting, found.wanted.at(counted), levels[:, counted])
    gained = [
        gains(course.anew(float(hour.value) + watched.result_after_h, measured[:, column]), halves)
        for column, hour in enumerate(hours)
    ]
    best = worth_most([on for on, _ in gained], [without for _, without in gained], ALIKE * float(ends_h))
    told = tuple(
        NextLevel(
            after=hour,
            at=later(watched.now, hour),
            worth=_hours(float(on.mean())),
            without=_hours(float(without.mean())),
            noise=_hours(noise(on - without)),
            left=number(100 * float(share), PERCENT),
        )
        for hour, (on, without), share in zip(hours, gained, left, strict=True)
    )
    return told, None if best is None else told[best]


@dataclass(frozen=True, slots=True, eq=False)
class Going:
    """A course that is gone on with: its draws, its way and setting, what is wanted, its levels at those times."""

    draws: Draws
    way: Way
    setting: Setting
    wanted: Wanted
    levels: Floats

    def anew(self, begin: float, measured: Floats) -> Anew:
        """Return the draws from the moment on at which the result of a level is there, `begin` h from now."""
        first = int(np.searchsorted(self.wanted.times_h, begin, side="right"))
        unit = cache(partial(self.draws.unit, times_h=self.wanted.times_h[first:]))
        way, rate = self.way, self.setting.rate
        base = kept = self.levels[:, first:]
        for part in way.segments(rate):
            to_h = None if part.to_h is None else float(part.to_h)
            if part.rate.value and (to_h is None or to_h > begin):
                base = base - as_float(part.rate) * lasting(unit, max(float(part.from_h), begin), to_h)
        highest = way.highest_anew(rate, begin)
        rates = [0.0, *(as_float(item.rate) for item in way.settings if item.rate.value and item.rate <= highest)]
        ends_h = None if way.ends_h is None else float(way.ends_h)
        return Anew(self.wanted, first, kept, base, lasting(unit, begin, ends_h), np.array(rates), measured)


def _hours(value: float) -> Quantity:
    return number(round(value, 2), HOUR)
