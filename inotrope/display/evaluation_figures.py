"""The figures of a model held against a table: predictions, residuals, the predictive check, and a few subjects.

Knows axes, layers and words. It computes nothing that is not where a shape lies; levels are shown in the unit of the
model file.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.display.chart import BELOW
from inotrope.display.figure import Axis, Figure, Layer
from inotrope.display.shapes import Shape
from inotrope.display.sheet import clean
from inotrope.evaluation.agreement import NINETY_FIVE
from inotrope.evaluation.curves import SubjectCurve
from inotrope.evaluation.predictive_check import PredictiveCheck
from inotrope.evaluation.record import Bools, Floats, Ints, TableFit
from inotrope.simulation.answer import INTERNAL, factor

MOST_POINTS = 1500
"""Levels in one figure; of more, so many are drawn, evenly chosen."""
_FEWEST_SDS = 3.0
_PAD = 0.03


def predicted_figures(fit: TableFit) -> tuple[Figure, ...]:
    """Return measured levels against typical and against individual predictions."""
    found = []
    for predicted, words in ((fit.rows.pred, "typical"), (fit.rows.ipred, "individual")):
        shown = np.isfinite(predicted)
        if not shown.any():
            continue
        scale, unit = level_scale(fit)
        x, y = predicted * scale, fit.rows.dv_ng_per_ml * scale
        top = _top(float(max(x[shown].max(), y[shown].max())))
        marks, remark = _marks(fit, x, y, shown)
        found.append(
            Figure(
                title=f"Measured against {words} prediction",
                across=Axis(f"{words} prediction", unit, 0.0, top),
                up=Axis("measured", unit, 0.0, top),
                layers=(*marks, Layer(Shape.DASHED, "both are equal", (0.0, top), (0.0, top))),
                says=f"{shown.sum()} measured levels against the {words} prediction of each, up to {top:.3g} {unit}.",
                remark=remark,
            )
        )
    return tuple(found)


def residual_figures(fit: TableFit) -> tuple[Figure, ...]:
    """Return the weighted residuals by time and by individual prediction."""
    weighted, (scale, unit) = fit.rows.weighted, level_scale(fit)
    shown = np.isfinite(weighted)
    if not shown.any():
        return ()
    high = max(_FEWEST_SDS, math.ceil(np.abs(weighted[shown]).max()))
    time, ipred = fit.rows.time_h * _hours(fit), fit.rows.ipred * scale
    found = []
    for x, axis in (
        (time, _time_axis(fit, float(time[shown].min()), float(time[shown].max()))),
        (ipred, Axis("individual prediction", unit, 0.0, _top(float(ipred[shown].max())))),
    ):
        marks, remark = _marks(fit, x, weighted, shown)
        ends = (axis.low, axis.high)
        lines = [Layer(Shape.LINE, "no difference", ends, (0.0, 0.0))]
        for place, end in enumerate((-NINETY_FIVE, NINETY_FIVE)):
            lines.append(Layer(Shape.DOTTED, "" if place else "95 % are expected inside", ends, (end, end)))
        found.append(
            Figure(
                title=f"Weighted residuals by {axis.name}",
                across=axis,
                up=Axis("measured less individual prediction", "SD", -high, high),
                layers=(*lines, *marks),
                says=f"{shown.sum()} weighted residuals by {axis.name}, at most {high:g} SD off.",
                remark=remark,
            )
        )
    return tuple(found)


def check_figures(fit: TableFit, check: PredictiveCheck) -> tuple[Figure, ...]:
    """Return a predictive check; after the plain one the shares below quantification, where there are any."""
    words = "prediction-corrected predictive check" if check.corrected else "visual predictive check"
    scale, unit = level_scale(fit)
    level, observed, simulated = (array * scale for array in (check.level_ng_per_ml, check.observed, check.simulated))
    limit = check.limit_ng_per_ml * scale
    # An interval that begins below the limit is drawn down to it; corrected levels have no one limit.
    low = np.where(np.isnan(simulated[..., 0]), 0.0 if check.corrected else limit, simulated[..., 0])
    time = fit.rows.time_h[check.level] * _hours(fit)
    begin, end, middle = _edges(fit, check)
    axis = _time_axis(fit, float(begin[0]), float(end[-1]), padded=False)

    def boxes(place: int, words: str) -> Layer:
        shape = Shape.DARK if place == 1 else Shape.LIGHT
        high = simulated[:, place, 2]
        return Layer(shape, words, _tuple(begin), _tuple(low[:, place]), _tuple(high), _tuple(end))

    few = np.flatnonzero(np.isfinite(level))
    drawn = _evenly(few)
    layers = [
        boxes(0, ""),
        boxes(2, "drawn, 90 % of percentiles 5 and 95"),
        boxes(1, "drawn, 90 % of medians"),
        Layer(Shape.RING, "measured", _tuple(time[drawn]), _tuple(level[drawn])),
        Layer(Shape.DASHED, "", _tuple(middle), _tuple(observed[:, 0])),
        Layer(Shape.DASHED, "measured, percentiles 5 and 95", _tuple(middle), _tuple(observed[:, 2])),
        Layer(Shape.LINE, "measured, median", _tuple(middle), _tuple(observed[:, 1])),
    ]
    if math.isfinite(limit) and not check.corrected:
        layers.append(Layer(Shape.DOTTED, "limit of quantification", (axis.low, axis.high), (limit, limit)))
    layers += _judged(middle, observed, check.inside)
    highest = max(np.nanmax(array, initial=0.0) for array in (level, simulated, observed))
    remark = f"{drawn.size:,} of {few.size:,} levels are drawn, evenly chosen." if drawn.size < few.size else ""
    figures = [
        Figure(
            title=f"{words[0].upper()}{words[1:]}",
            across=axis,
            up=Axis("level, corrected" if check.corrected else "level", unit, 0.0, _top(float(highest))),
            layers=tuple(layers),
            says=f"{words}: {_count(check.inside)}, of {check.replicates} drawn tables.",
            remark=remark,
        )
    ]
    return (
        (*figures, _below(axis, begin, end, middle, check))
        if check.below.any() and not check.corrected
        else (*figures,)
    )


def _below(axis: Axis, begin: Floats, end: Floats, middle: Floats, check: PredictiveCheck) -> Figure:
    """Return the shares below quantification."""
    low, _, high = (100 * check.below_simulated).T
    observed = 100 * check.below
    return Figure(
        title="Share below quantification",
        across=axis,
        up=Axis("share of the levels", "%", 0.0, 100.0),
        layers=(
            Layer(Shape.LIGHT, "drawn, 90 % of tables", _tuple(begin), _tuple(low), _tuple(high), _tuple(end)),
            Layer(Shape.LINE, "measured", _tuple(middle), _tuple(observed)),
            *_judged(middle, observed[:, None], check.below_inside[:, None]),
        ),
        says=f"Share below the limit of quantification: {_count(check.below_inside)}.",
    )


def curve_figures(fit: TableFit, curves: tuple[SubjectCurve, ...]) -> tuple[Figure, ...]:
    """Return each subject's own curve beside that of the typical patient, with his levels."""
    scale, unit = level_scale(fit)
    found = []
    for curve in curves:
        rows = fit.rows
        level, below = rows.dv_ng_per_ml[curve.level] * scale, rows.below[curve.level]
        errors = np.where(below, 0.0, rows.sd[curve.level] * scale)
        time, own, typical = (
            array * by
            for array, by in (
                (curve.time_h, _hours(fit)),
                (curve.own_ng_per_ml, scale),
                (curve.typical_ng_per_ml, scale),
            )
        )
        at = rows.time_h[curve.level] * _hours(fit)
        layers = [
            Layer(Shape.DASHED, "typical patient", _tuple(time), _tuple(typical)),
            Layer(Shape.LINE, "this subject", _tuple(time), _tuple(own)),
        ]
        for shape, words, which in (
            (Shape.CIRCLE, "measured, bar: one SD", ~below),
            (Shape.TRIANGLE, BELOW, below),
        ):
            if which.any():
                points = _tuple(at[which]), _tuple(level[which])
                layers.append(Layer(shape, words, *points, (), (), _tuple(errors[which])))
        top = _top(float(max(own.max(), typical.max(), (level + errors).max())))
        title = f"Subject {clean(fit.ids[curve.subject])}: levels lie {curve.rms:.2f} SD off the curve"
        found.append(
            Figure(
                title=title,
                across=_time_axis(fit, float(time[0]), float(time[-1]), padded=False),
                up=Axis("level", unit, 0.0, top),
                layers=tuple(layers),
                says=f"{title}, {curve.level.size} levels, up to {top:.3g} {unit}.",
            )
        )
    return tuple(found)


def _judged(middle: Floats, observed: Floats, inside: Bools) -> list[Layer]:
    """Return the measured values of each bin as marks: open inside their interval, full outside."""
    found = []
    for shape, words, which in (
        (Shape.CIRCLE, "inside its interval", inside),
        (Shape.DISK, "outside its interval", ~inside),
    ):
        bins, column = np.nonzero(which & np.isfinite(observed))
        if bins.size:
            found.append(Layer(shape, words, _tuple(middle[bins]), _tuple(observed[bins, column])))
    return found


def _marks(fit: TableFit, x: Floats, y: Floats, shown: Bools) -> tuple[list[Layer], str]:
    """Return the levels as marks, and how many of them are drawn where that is not all."""
    below, count = fit.rows.below, int(shown.sum())
    few = np.zeros(shown.shape, dtype=np.bool_)
    few[_evenly(np.flatnonzero(shown))] = True
    found = []
    for shape, words, which in ((Shape.RING, "a level", few & ~below), (Shape.TRIANGLE, BELOW, few & below)):
        if which.any():
            found.append(Layer(shape, words, _tuple(x[which]), _tuple(y[which])))
    drawn = int(few.sum())
    return found, "" if drawn == count else f"{drawn:,} of {count:,} levels are drawn, evenly chosen."


def _evenly(places: Ints) -> Ints:
    """Return all places, or as many as are drawn: never every fourth, where each subject has four levels."""
    if places.size <= MOST_POINTS:
        return places
    return np.asarray(places[np.linspace(0, places.size - 1, MOST_POINTS).round().astype(np.int64)])


def _edges(fit: TableFit, check: PredictiveCheck) -> tuple[Floats, Floats, Floats]:
    """Return where the box of each bin begins and ends, halfway to its neighbors, and the middle of its times."""
    begin, end, middle = (array * _hours(fit) for array in (check.begin_h, check.end_h, check.middle_h))
    between = (end[:-1] + begin[1:]) / 2
    pad = _PAD * (end[-1] - begin[0]) or 1.0
    return np.append(begin[0] - pad, between), np.append(between, end[-1] + pad), middle


def _time_axis(fit: TableFit, first: float, last: float, *, padded: bool = True) -> Axis:
    pad = (_PAD * (last - first) or 1.0) if padded else 0.0
    unit = (fit.model.data or INTERNAL).time
    return Axis("time", unit, first - pad, last + pad)


def level_scale(fit: TableFit) -> tuple[float, str]:
    """Return what levels in ng/mL are multiplied by to be shown, and their unit."""
    unit = (fit.model.data or INTERNAL).concentration
    return factor("ng/mL", unit), unit


def _hours(fit: TableFit) -> float:
    return factor("h", (fit.model.data or INTERNAL).time)


def _count(inside: Bools) -> str:
    return f"{int(inside.sum())} of {inside.size} measured values lie inside the interval of 90 %"


def _top(highest: float) -> float:
    """Return where an axis ends: a little above the highest number."""
    return highest * (1 + _PAD) or 1.0


def _tuple(array: Floats) -> tuple[float, ...]:
    return tuple(array.tolist())
