"""The figures of a circulation over time: level, pressure and index over a day, and over the hour after a load.

Knows axes and layers. Every curve is a median with the bands of 50 and 90 % of the draws; the pressure below which the
rules warn is a line with its words. What stands beside each other has one scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from inotrope.display.figure import Axis, Figure, Layer
from inotrope.display.shapes import Shape
from inotrope.display.ticks import number, rounded_top, step_of
from inotrope.plan.circulation.course_record import CirculationCourse, LoadBeside, LoadWay
from inotrope.plan.forecast_record import Intervals, Values

DRAWN = ("MAP", "CI", "CO", "PCWP")
LEVEL = "Level where the drug acts"
QUARTER_DAY, QUARTER_HOUR = 6.0, 15.0
_STEPS = 4


def course_figures(course: CirculationCourse) -> tuple[Figure, ...]:
    """Return the level, the pressure, the index and the filling over the course, in the order of cause and effect."""
    time, span = course.time, f"over {course.time.values[-1]:g} h"
    across = _across(time, QUARTER_DAY)
    found = []
    if course.level is not None:
        top = rounded_top(max(course.level.highest.values))
        up = Axis("level", course.level.median.unit, 0.0, top)
        found.append(_figure(f"{LEVEL}, {span}", (across, up), time, course.level))
    for short in DRAWN:
        for item in course.quantities:
            if item.short == short:
                limit = _limit(course) if short == "MAP" else None
                title = f"{item.what[0].upper()}{item.what[1:]} ({short}), {span}"
                up = _up(short, (item.curve,), limit)
                found.append(_figure(title, (across, up), time, item.curve, limit))
    return tuple(found)


def load_figures(course: CirculationCourse, load: LoadBeside) -> tuple[Figure, ...]:
    """Return each quantity of the hour twice, with the load and without it, on one scale."""
    across = _across(load.time, QUARTER_HOUR)
    found = []
    for place in sorted(range(len(load.with_load.quantities)), key=lambda one: not _is_pressure(load.with_load, one)):
        ways = [(load.with_load, "with the load"), (load.without, "without it")]
        both = [way.quantities[place] for way, _ in ways]
        limit = _limit(course) if both[0].short == "MAP" else None
        up = _up(both[0].short, [item.curve for item in both], limit)
        for item, (_, words) in zip(both, ways, strict=True):
            found.append(_figure(f"{item.short} {words}", (across, up), load.time, item.curve, limit))
    return tuple(found)


def _is_pressure(way: LoadWay, place: int) -> bool:
    return way.quantities[place].short == "MAP"


def _limit(course: CirculationCourse) -> float | None:
    return None if course.below is None else float(course.below.limit.value)


def _across(time: Values, step: float) -> Axis:
    return Axis("from now", time.unit, time.values[0], time.values[-1], step)


def _up(short: str, curves: Iterable[Intervals], limit: float | None) -> Axis:
    """Return the axis that holds all curves and the limit, between two round numbers; it need not begin at zero."""
    seen = [value for curve in curves for value in (*curve.lowest.values, *curve.highest.values)]
    seen += [] if limit is None else [limit]
    unit, low, high = next(iter(curves)).median.unit, min(seen), max(seen)
    step = step_of(high - low, _STEPS)
    return Axis(short, unit, step * math.floor(low / step), step * math.ceil(high / step))


def _figure(title: str, axes: tuple[Axis, Axis], time: Values, curve: Intervals, limit: float | None = None) -> Figure:
    across, up = axes
    layers = [
        Layer(Shape.LIGHT, "90 % of the draws", time.values, curve.lowest.values, until_y=curve.highest.values),
        Layer(Shape.DARK, "50 % of the draws", time.values, curve.lower.values, until_y=curve.upper.values),
        Layer(Shape.LINE, "median", time.values, curve.median.values),
    ]
    says = (
        f"{title}: median {up.says(curve.median.values[0])} now and {up.says(curve.median.values[-1])} at the end, "
        f"90 % of the draws from {up.says(curve.lowest.values[-1])} to {up.says(curve.highest.values[-1])}."
    )
    if limit is not None:
        words = f"the limit, {number(limit)} {up.unit}"
        layers.append(Layer(Shape.DASHED, words, (across.low, across.high), (limit, limit)))
        says += f" Dashed: {words}."
    return Figure(title, across, up, tuple(layers), says)
