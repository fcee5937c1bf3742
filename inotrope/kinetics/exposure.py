"""What a course of concentrations amounts to: area, peak, trough, time above a level, half-lives, time to steady state.

Knows each of them in closed form or by exact bracketing, never from a grid: a peak between two grid points is found.
Does not know which of them matters for a drug.
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.crossing import halved, monotone_bounds, total_of, zeros_of
from inotrope.kinetics.curve import Curve
from inotrope.kinetics.parameters import Array, Parameters
from inotrope.kinetics.recurrence import begin_states
from inotrope.kinetics.roots import modes_of
from inotrope.kinetics.timeline import BEFORE, Timeline, at_times
from inotrope.kinetics.transition import carried_on


class Extreme(NamedTuple):
    """A peak or a trough.

    Attributes:
        value: ng/mL, `(...,)`.
        at_h: h, `(...,)`; the first moment where it is reached.
    """

    value: Array
    at_h: Array


def auc(timeline: Timeline, parameters: Parameters, from_h: float, to_h: float) -> Array:
    """Return the area under the concentration, in closed form; parameters may change inside.

    Args:
        timeline: The segments.
        parameters: One row, or as many as the timeline asks for.
        from_h: h.
        to_h: h, not before.

    Returns:
        ng/mL*h, `(...,)`.

    Raises:
        KineticsError: As `states`; or a time is not finite, or the end is before the start.
    """
    course = _course(timeline, parameters, from_h, to_h)
    area: Array = course.curve.area(course.hours).sum(axis=-1)
    return area


def peak(timeline: Timeline, parameters: Parameters, from_h: float, to_h: float) -> Extreme:
    """Return the highest concentration from `from_h` on, up to `to_h`; a dose at `to_h` itself does not count.

    It looks at both sides of every change, and at each place within where the slope is zero. Else as `auc`.
    """
    return _extreme(_course(timeline, parameters, from_h, to_h), sign=1.0)


def trough(timeline: Timeline, parameters: Parameters, from_h: float, to_h: float) -> Extreme:
    """Return the lowest concentration from `from_h` on, up to `to_h`; a dose at `to_h` itself does not count.

    At the time of a dose it is the level just before. Else as `peak`.
    """
    return _extreme(_course(timeline, parameters, from_h, to_h), sign=-1.0)


def time_above(
    timeline: Timeline, parameters: Parameters, from_h: float, to_h: float, level_ng_per_ml: ArrayLike
) -> Array:
    """Return for how many hours the concentration is above a level, between two times.

    Args:
        timeline: The segments.
        parameters: One row, or as many as the timeline asks for.
        from_h: h.
        to_h: h, not before.
        level_ng_per_ml: ng/mL; one, or one for each draw. At the level is not above it.

    Returns:
        h, `(...,)`.

    Raises:
        KineticsError: As `auc`; or the level is not finite.
    """
    level = np.asarray(level_ng_per_ml)
    if not np.isfinite(level).all():
        raise KineticsError(
            f"'level_ng_per_ml' is '{level_ng_per_ml!s}'.",
            value=level_ng_per_ml,
            accepted="a finite number, ng/mL",
            where="level_ng_per_ml",
        )
    course = _course(timeline, parameters, from_h, to_h)
    curve, level = course.curve, level[..., None]
    bounds = monotone_bounds(zeros_of(curve.slope(), curve.roots, course.hours), course.hours, curve.held.shape[1:])

    def excess(hours: Array) -> Array:
        above_level: Array = curve.at(hours) - level
        return above_level

    def slope(hours: Array) -> Array:
        return total_of(curve.slope(), curve.roots, hours)

    total = np.zeros(1)
    for start, end in itertools.pairwise(bounds):
        cross = halved(excess, slope, start, end)
        rises = excess(end).real > excess(start).real
        total = total + np.where(rises, end - cross, cross - start)
    above: Array = total.sum(axis=-1)
    return above


def half_lives(parameters: Parameters) -> Array:
    """Return the half-life of each exponential, `(..., rows, compartments)` h, the longest last: ln 2 / root.

    It is infinite where nothing leaves: with a clearance of 0, and for a compartment that is shut off.
    """
    roots = np.moveaxis(modes_of(parameters).roots, 0, -1)
    still = roots == 0
    return np.where(still, np.inf, math.log(2) / np.where(still, 1.0, roots))


def steady_concentration(parameters: Parameters, rate_mcg_per_h: ArrayLike) -> Array:
    """Return the concentration that a constant infusion comes to, `(..., rows)` ng/mL: rate / clearance.

    It is infinite with a clearance of 0, where the level rises for ever.
    """
    rate, clearance = np.asarray(rate_mcg_per_h), parameters.clearance_l_per_h
    still = clearance == 0
    level: Array = rate / np.where(still, 1.0, clearance)
    return np.where(still & (rate != 0), np.inf, level)


def time_to_steady_share(parameters: Parameters, share: float = 0.9) -> Array:
    """Return when a constant infusion from an empty body comes to this share of its steady concentration.

    Args:
        parameters: Every row by itself, as if it had always held.
        share: Of the steady concentration, above 0 and below 1.

    Returns:
        h, `(..., rows)`; infinite with a clearance of 0. What is still missing is sum_i w_i exp(-l_i t) with
        w_i = P_i[1, 1] CL / (V l_i), so one compartment needs -ln(1 - share) / l.

    Raises:
        KineticsError: The share is out of range.
    """
    if not 0 < share < 1:
        raise KineticsError(
            f"'share' is '{share}'.", value=share, accepted="a number above 0 and below 1", where="share"
        )
    modes = modes_of(parameters)
    endless = parameters.clearance_l_per_h == 0
    still = (modes.roots == 0) | endless
    roots = np.where(still, 1.0, modes.roots)
    k10 = parameters.clearance_l_per_h / parameters.volume_l
    weights = np.where(still, 0.0, modes.projectors[:, 0, 0] / roots * k10)
    # No mode is slower than the slowest, so by then the share is reached.
    slowest = np.where(endless, 1.0, np.where(still, np.inf, modes.roots.real).min(axis=0))
    latest = -math.log1p(-share) / slowest * (1 + 1e-12)
    reached = halved(
        lambda hours: 1 - share - total_of(weights, roots, hours),
        lambda hours: total_of(weights * roots, roots, hours),
        np.zeros_like(latest),
        latest,
    )
    return np.where(endless, np.inf, reached)


class _Course(NamedTuple):
    """The stretches between two times: their beginnings (h), their lengths (h) and the curve in each."""

    begin: NDArray[np.float64]
    hours: NDArray[np.float64]
    curve: Curve


def _course(timeline: Timeline, parameters: Parameters, from_h: float, to_h: float) -> _Course:
    for name, time in (("from_h", from_h), ("to_h", to_h)):
        if not math.isfinite(time):
            raise KineticsError(f"'{name}' is '{time}'.", value=time, accepted="a finite time, h", where=name)
    if to_h < from_h:
        raise KineticsError(
            f"'to_h' is '{to_h}', before 'from_h' '{from_h}'.", value=to_h, accepted=f"{from_h} or later", where="to_h"
        )
    first = int(at_times(timeline, from_h))
    # Segments without length are moments within one: what is in the body then is nobody's level.
    last = int(np.searchsorted(timeline.begin_h, to_h, side="left")) - 1
    segment = np.arange(max(first, 0), max(first, last, 0) + 1)
    begin = np.clip(timeline.begin_h[segment], from_h, to_h)
    hours = np.diff(begin, append=to_h)
    lasting = hours > 0 if to_h > from_h else np.ones(1, dtype=np.bool_)
    segment, begin, hours = segment[lasting], begin[lasting], hours[lasting]
    curve = _entered(timeline, parameters, segment, into=np.maximum(from_h - timeline.begin_h[segment], 0.0))
    if first == BEFORE:
        # Nothing was given yet: a stretch at 0.
        begin, hours = np.append(from_h, begin), np.append(min(timeline.begin_h[0], to_h) - from_h, hours)
        empty = np.zeros((*curve.held.shape[:-1], 1))
        curve = Curve(*(np.concatenate([empty, part], axis=-1) for part in curve))
    return _Course(begin, hours, curve)


def _entered(timeline: Timeline, parameters: Parameters, segment: NDArray[np.int64], *, into: Array) -> Curve:
    """Return the curves of these segments from so many hours into them on."""
    modes = modes_of(parameters)
    row, rate = timeline.row[segment], timeline.rate_mcg_per_h[segment]
    own = modes.taken(row)
    state = np.take(begin_states(timeline, parameters, modes), segment, axis=-1)
    if into.any():
        state = carried_on(own, state, hours=into, rate_mcg_per_h=rate)
    return Curve.of(own, state=state, rate_mcg_per_h=rate, volume_l=parameters.taken(row).volume_l)


def _extreme(course: _Course, *, sign: float) -> Extreme:
    curve, hours = course.curve, course.hours
    shape = curve.held.shape[1:]
    inner = zeros_of(curve.slope(), curve.roots, hours)
    places = np.stack([np.zeros(shape), *inner, np.broadcast_to(hours, shape)], axis=-1)
    values = np.stack([curve.at(places[..., place]) for place in range(places.shape[-1])], axis=-1)
    times = (course.begin[:, None] + places).reshape(*shape[:-1], -1)
    values = values.reshape(times.shape)
    best = np.argmax(sign * values.real, axis=-1, keepdims=True)
    value, at_h = (np.take_along_axis(every, best, axis=-1)[..., 0][()] for every in (values, times))
    return Extreme(value, at_h)
