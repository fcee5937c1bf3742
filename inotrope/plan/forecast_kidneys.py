"""Moving kidneys and a range that is left, as a plan's forecast tells them: arrays become numbers with their units.

Knows how paths of clearance, ways ahead and moments of leaving are written down. It estimates nothing.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.estimation.kidney_covariates import UNIT
from inotrope.estimation.kidney_path import KidneyAhead, Walk
from inotrope.forecast.draws import spread_of
from inotrope.forecast.kidneys_ahead import KidneysAhead
from inotrope.forecast.record import Floats, Value
from inotrope.patient import Case, Kidney, vocabulary
from inotrope.plan.forecast_numbers import HOUR, intervals, spreading, values_in
from inotrope.plan.forecast_record import KidneyCourse, KidneyPath, Values
from inotrope.units import Quantity, hours_between

LOOKS_BACK_H, STEP_H = 48.0, 2.0
"""h. How far back the paths are told, and between two times of them: the knots of a walk lie two hours apart."""
_JUDGED = ("sd_per_root_day", "quiet_sd_per_root_day", "sd_per_root_day_after")


def kidney_course(kidneys: KidneysAhead, case: Case, kidney: Kidney, *, until_h: float) -> KidneyCourse:
    """Return how moving kidneys are told: what speaks for it, and the paths of clearance by way ahead.

    Args:
        kidneys: The paths.
        case: The patient.
        kidney: The kidney function of now, with what speaks for its changing.
        until_h: The last time.
    """
    moving = kidneys.moving
    first = max(float(kidneys.walk.knot_h[0]), -LOOKS_BACK_H)
    times = np.arange(math.ceil(first / STEP_H), math.floor(until_h / STEP_H) + 1) * STEP_H
    words = vocabulary()

    def path(way: KidneyAhead) -> KidneyPath:
        def clearance(walk: Walk) -> Floats:
            return moving.at(walk.going_on(way), times)

        return KidneyPath(
            kidneys=way.value,
            most_probable=values_in(clearance(moving.alone)[0], UNIT),
            intervals=intervals(spread_of(clearance(kidneys.walk)), UNIT),
        )

    alone = float(moving.now(moving.alone)[0])
    now = spreading(Value(alone, spread_of(moving.now(kidneys.walk))), UNIT)
    assert now is not None  # a value is told
    return KidneyCourse(
        because=kidney.changing_because or ("no creatinine is fresh enough to give the kidney function of now",),
        creatinines=tuple(
            f"{item.as_written}, {Quantity(hours_between(item.at, case.now), HOUR).shown(1)} ago"
            for item in moving.of_case.used
        ),
        now=now,
        time=Values(HOUR, tuple(times.tolist())),
        paths=tuple(path(way) for way in KidneyAhead),
        says=moving.of_case.says,
        sources=(
            *(words.ratio(f"kidney_walk.{name}").source for name in _JUDGED),
            words.limit("kidney_walk.doubling_ahead").source,
        ),
    )
