"""The concentration at a site of effect that follows the blood with a delay: one exponential more.

Knows dE/dt = k (C - E), with E = 0 before everything, across resets and steady states. The site takes no drug away.
Does not know any effect.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inotrope.kinetics.curve import Curve
from inotrope.kinetics.parameters import Array, Parameters
from inotrope.kinetics.recurrence import begin_states
from inotrope.kinetics.roots import Modes, modes_of
from inotrope.kinetics.steady import cycle_amounts, phases
from inotrope.kinetics.timeline import Cycle, Timeline
from inotrope.kinetics.transition import carried_on


def effect_at(
    timeline: Timeline,
    parameters: Parameters,
    *,
    equilibration_per_h: Array,
    segment: NDArray[np.int64],
    hours: Array,
) -> Array:
    """Return the concentration at the site so many hours into these segments, `(..., times)` ng/mL.

    Args:
        timeline: The segments.
        parameters: One row, or as many as the timeline asks for.
        equilibration_per_h: 1/h; one, or one for each draw with a last axis of 1.
        segment: `(times,)`, from 0.
        hours: h since the beginning of that segment.
    """
    modes = modes_of(parameters)
    of_segment = modes.taken(timeline.row)
    curve = Curve.of(
        of_segment,
        state=begin_states(timeline, parameters, modes),
        rate_mcg_per_h=timeline.rate_mcg_per_h,
        volume_l=parameters.taken(timeline.row).volume_l,
    )
    site = _begin_sites(timeline, parameters, modes, curve, equilibration_per_h)
    left = np.exp(-equilibration_per_h * hours)
    gained = curve.taken(segment).delayed(hours, equilibration_per_h=equilibration_per_h)
    level: Array = np.take(site, segment, axis=-1) * left + gained
    return level


def _begin_sites(
    timeline: Timeline, parameters: Parameters, modes: Modes, curve: Curve, equilibration_per_h: Array
) -> Array:
    """Return the concentration at the site at the beginning of each segment, `(..., segments)`."""
    step = np.append(np.diff(timeline.begin_h), 0.0)
    left = np.exp(-equilibration_per_h * step)
    gained = curve.delayed(step, equilibration_per_h=equilibration_per_h)
    left = np.broadcast_to(left, gained.shape)
    begin = np.zeros_like(gained)
    for place in range(step.size):
        if place:
            begin[..., place] = begin[..., place - 1] * left[..., place - 1] + gained[..., place - 1]
        if timeline.reset[place]:
            begin[..., place] = 0.0
        if timeline.steady[place] >= 0:
            cycle = timeline.cycles[timeline.steady[place]]
            row = np.array([cycle.row])
            site = _cycle_site(cycle, modes.taken(row), parameters.taken(row), equilibration_per_h)[..., 0]
            begin[..., place] = begin[..., place] + site if cycle.add else site
    return begin


def _cycle_site(cycle: Cycle, modes: Modes, parameters: Parameters, equilibration_per_h: Array) -> Array:
    """Return the concentration at the site just before the next dose of a cycle, `(..., 1)`."""
    if math.isinf(cycle.duration_h):
        constant: Array = cycle.rate_mcg_per_h / parameters.clearance_l_per_h
        return constant
    state = cycle_amounts(cycle, modes).copy()
    state[0] += cycle.bolus_mcg
    site = np.zeros(1)
    for hours, rate in phases(cycle):
        curve = Curve.of(modes, state=state, rate_mcg_per_h=np.array([rate]), volume_l=parameters.volume_l)
        after = curve.delayed(np.array([hours]), equilibration_per_h=equilibration_per_h)
        site = site * np.exp(-equilibration_per_h * hours) + after
        state = carried_on(modes, state, hours=np.array([hours]), rate_mcg_per_h=np.array([rate]))
    return site / -np.expm1(-equilibration_per_h * cycle.interval_h)
