"""Amounts and concentrations at any times: the reference that every other engine is held against.

Knows how to read the state anywhere in a segment, vectorized over draws and times. Does not know how it came there
(`recurrence.py`), nor which times matter (`exposure.py`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.effect import effect_at
from inotrope.kinetics.parameters import Array, Parameters
from inotrope.kinetics.recurrence import begin_states
from inotrope.kinetics.roots import modes_of
from inotrope.kinetics.timeline import BEFORE, Timeline, at_times
from inotrope.kinetics.transition import left_and_filled

BLOCK = 4096
"""Numbers in one go: 32 KiB, which the cache holds and the allocator keeps. Whole arrays took 1.5 times as long for 200
draws and 4 times for 4,000."""

ROUNDING_H = 1e-9
"""A time so little before the segment that it is to read stands at its beginning: clock times are sums of floats."""


def states(timeline: Timeline, parameters: Parameters) -> Array:
    """Return the amounts at the beginning of each segment, after its reset, steady state and bolus.

    Args:
        timeline: The segments.
        parameters: One row, or as many as the timeline asks for.

    Returns:
        mcg, `(..., segments, compartments)`; the central compartment first.

    Raises:
        KineticsError: The timeline asks for a parameter row that is not there, or for a steady state without clearance.
    """
    return np.moveaxis(begin_states(timeline, parameters, modes_of(parameters)), 0, -1)


def amounts(
    timeline: Timeline, parameters: Parameters, times_h: ArrayLike, segment: NDArray[np.int64] | None = None
) -> Array:
    """Return the amounts at these times.

    Args:
        timeline: The segments.
        parameters: One row, or as many as the timeline asks for.
        times_h: h, in any order. At the time of a dose: just after it. Complex times carry a derivative by time.
        segment: The segment that each time reads, such as `Expanded.observed_segment`; None finds it.

    Returns:
        mcg, `(..., times, compartments)`; 0 before everything.

    Raises:
        KineticsError: As `states`; or a time is not finite, or lies before the segment that it is to read.
    """
    total, _ = _read(timeline, parameters, times_h, segment, compartments=parameters.compartments)
    return np.moveaxis(total, 0, -1)


def concentrations(
    timeline: Timeline, parameters: Parameters, times_h: ArrayLike, segment: NDArray[np.int64] | None = None
) -> Array:
    """Return the concentrations in the central compartment, `(..., times)` ng/mL; else as `amounts`."""
    total, read = _read(timeline, parameters, times_h, segment, compartments=1)
    amount: Array = total[0]
    amount /= parameters.taken(timeline.row[read]).volume_l
    return amount


def effect_site(
    timeline: Timeline,
    parameters: Parameters,
    times_h: ArrayLike,
    *,
    equilibration_per_h: ArrayLike,
    segment: NDArray[np.int64] | None = None,
) -> Array:
    """Return the concentrations at a site of effect that follows the blood: dE/dt = k (C - E).

    Args:
        timeline: The segments.
        parameters: One row, or as many as the timeline asks for.
        times_h: As for `amounts`.
        equilibration_per_h: k, 1/h, above 0; one, or one for each draw with a last axis of 1. It never changes in time.
        segment: As for `amounts`.

    Returns:
        ng/mL, `(..., times)`; 0 before everything. At steady state the site is at its own steady state.

    Raises:
        KineticsError: As `amounts`; or k is not finite, or not above 0.
    """
    rate = np.atleast_1d(np.asarray(equilibration_per_h))
    if not (np.isfinite(rate) & (rate.real > 0)).all():
        raise KineticsError(
            f"'equilibration_per_h' is '{equilibration_per_h!s}'.",
            value=equilibration_per_h,
            accepted="finite rate constants above 0, 1/h",
            where="equilibration_per_h",
        )
    at, hours, before = place_times(timeline, times_h, segment)
    site = effect_at(timeline, parameters, equilibration_per_h=rate, segment=at, hours=hours)
    return np.where(before, 0.0, site)


def _read(
    timeline: Timeline,
    parameters: Parameters,
    times_h: ArrayLike,
    segment: NDArray[np.int64] | None,
    *,
    compartments: int,
) -> tuple[Array, NDArray[np.int64]]:
    """Return the amounts of the first compartments, `(compartments, ..., times)`, and the segments read."""
    at, hours, before = place_times(timeline, times_h, segment)
    modes = modes_of(parameters)
    begin = begin_states(timeline, parameters, modes)
    of_segment = modes.taken(timeline.row)
    kind = np.result_type(begin, hours, timeline.rate_mcg_per_h)
    total = np.zeros((compartments, *parameters.batch, hours.size), dtype=kind)
    draws = math.prod(parameters.batch)  # counted, for there may be no times and then nothing to count by
    flat = total.reshape(compartments, draws, hours.size)
    roots = of_segment.roots.reshape(len(modes.roots), draws, of_segment.roots.shape[-1])
    for mode, root in enumerate(roots):
        projector = of_segment.projectors[mode]
        held = (projector[:compartments] * begin).sum(axis=1).reshape(compartments, draws, begin.shape[-1])
        fed = (projector[:compartments, 0] * timeline.rate_mcg_per_h).reshape(held.shape)
        for few in _blocks(len(root), hours.size):
            own = root[few] if parameters.rows == 1 else np.take(root[few], at, axis=-1)
            left, filled = left_and_filled(own, hours)
            for compartment in range(compartments):
                flat[compartment, few] += np.take(held[compartment, few], at, axis=-1) * left
                flat[compartment, few] += np.take(fed[compartment, few], at, axis=-1) * filled
    total[..., before] = 0.0
    return total, at


def place_times(
    timeline: Timeline, times_h: ArrayLike, segment: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], Array, NDArray[np.bool_]]:
    """Return for each time its segment, the hours since that began, and whether it lies before everything."""
    times = np.atleast_1d(np.asarray(times_h))
    found = at_times(timeline, times) if segment is None else _checked_segment(timeline, times, segment)
    at, before = np.maximum(found, 0), found == BEFORE
    hours = times - timeline.begin_h[at]
    return at, np.where(before | (hours.real < 0), 0.0, hours), before


def _blocks(draws: int, times: int) -> list[slice]:
    """Return slices of so many draws that what is made on the way stays in the cache and is not handed back."""
    size = max(1, BLOCK // max(times, 1))
    return [slice(start, start + size) for start in range(0, draws, size)]


def _checked_segment(timeline: Timeline, times: Array, segment: NDArray[np.int64]) -> NDArray[np.int64]:
    at_times(timeline, times)  # says which time is not finite
    found = np.asarray(segment)
    if found.shape != times.shape or not ((found >= BEFORE) & (found < timeline.begin_h.size)).all():
        raise KineticsError(
            f"'segment' has the shape {found.shape} for {times.size} times, or names a segment that is not there.",
            value=found.shape,
            accepted=f"for each time a segment from 0 to {timeline.begin_h.size - 1}",
            where="segment",
        )
    early = (found != BEFORE) & (times.real < timeline.begin_h[np.maximum(found, 0)] - ROUNDING_H)
    if early.any():
        place = int(np.argmax(early))
        raise KineticsError(
            f"Time '{times[place]}' is before the segment {found[place]} that it is to read.",
            value=times[place],
            accepted=f"a time from {timeline.begin_h[found[place]]} h on",
            where=f"times_h[{place}]",
        )
    return found
