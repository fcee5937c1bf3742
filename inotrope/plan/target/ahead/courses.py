"""What becomes of a level ahead of now as it runs and paused, and what to do where it lies above the range.

It names no rate and lifts nothing: these are courses, whether they may be or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from inotrope.estimation.problem import Floats
from inotrope.forecast.dose_search import ends_of
from inotrope.plan.fitting.numbers import number, of_draws
from inotrope.plan.forecast_numbers import HOUR, LEVEL, PERCENT
from inotrope.plan.target.allowing.ways import PAUSE
from inotrope.plan.target.curves import Draws
from inotrope.plan.target.scoring import Wanted
from inotrope.plan.target.search_record import Course, Pause
from inotrope.population import Flow
from inotrope.units import Quantity, later

AS_IT_RUNS, PAUSED = "as it runs now", "paused from now on"
THEN_THE_PLAN = "as it runs now, and after the load the rate of the plan"
TWENTIETH = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What a search is watched by.

    Attributes:
        wanted: The range and the times.
        past: What was given, and nothing from now on.
        runs: The same, and what runs goes on as the plan says it; None where nothing runs.
        runs_as: How that is called.
        running: The rate that runs; None where nothing does.
        hours: When the ward can draw a level, ascending.
        result_after_h: How long after that its result is there, h.
        now: By the clock.
        seed: Of the errors of the levels that would be measured.
    """

    wanted: Wanted
    past: tuple[Flow, ...]
    runs: tuple[Flow, ...] | None
    runs_as: str
    running: Quantity | None
    hours: tuple[Quantity, ...]
    result_after_h: float
    now: datetime
    seed: int


def courses(draws: Draws, watched: Watched) -> tuple[Course, ...]:
    """Return what becomes of the level as it runs and paused; nothing where nothing runs."""
    if watched.runs is None or watched.running is None:
        return ()
    return (
        _course(watched.runs_as, watched.running, draws.levels(watched.runs, watched.wanted.times_h), watched.wanted),
        _course(PAUSED, PAUSE, draws.levels(watched.past, watched.wanted.times_h), watched.wanted),
    )


def _course(name: str, rate: Quantity, levels: Floats, wanted: Wanted) -> Course:
    share = wanted.weights / (wanted.weights.sum() * len(levels))
    low, high = ends_of(wanted.low, wanted.high)
    below, above = levels < low, levels > high
    middle = int(np.searchsorted(wanted.times_h, wanted.times_h[-1] / 2))
    now, halfway, end = (
        of_draws(f"level at {wanted.times_h[place]:g} h", levels[:, place], LEVEL) for place in (0, middle, -1)
    )
    out, inside, over = (
        number(100 * float((where @ share).sum()), PERCENT) for where in (below, ~below & ~above, above)
    )
    return Course(name, rate, out, inside, over, now, halfway, end)


def pause_of(draws: Draws, watched: Watched) -> Pause | None:
    """Return what a pause comes to where the level is above the range in most draws; None where it is not."""
    wanted, levels = watched.wanted, draws.levels(watched.past, watched.wanted.times_h)
    above = levels > ends_of(wanted.low, wanted.high)[1]
    if np.mean(above[:, 0]) <= 1 / 2:
        return None
    last = above.shape[1] - np.argmax(above[:, ::-1], axis=1)  # the place after the last time above
    down = np.where(above.any(axis=1), last, 0)
    reached = np.append(wanted.times_h, np.inf)[down]
    early, half, late = (
        float(hour) for hour in np.quantile(reached, [TWENTIETH, 1 / 2, 1 - TWENTIETH], method="higher")
    )
    # Where it is not down by the end, a level in the middle tells how fast it falls.
    until = half if np.isfinite(half) else wanted.times_h[-1] / 2
    after = next((hour for hour in watched.hours if float(hour.value) >= until), watched.hours[-1])
    return Pause(
        comes_down=number(100 * float(np.isfinite(reached).mean()), PERCENT),
        after=_hours(half),
        ninety_from=_hours(early),
        ninety_to=_hours(late),
        measure_after=after,
        measure_at=later(watched.now, after),
    )


def _hours(value: float) -> Quantity | None:
    return number(value, HOUR) if np.isfinite(value) else None
