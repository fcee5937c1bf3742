"""The amounts at the beginning of each segment: the only place where time is walked through step by step.

Knows the order at one moment: what is left of the segment before, then reset, steady state, bolus. The planned shape:
all transition matrices are made at once, and only this short recurrence goes from segment to segment, for every draw
together.
"""

from __future__ import annotations

import numpy as np

from inotrope.kinetics.parameters import Array, Parameters
from inotrope.kinetics.roots import Modes
from inotrope.kinetics.steady import check_elimination, cycle_amounts
from inotrope.kinetics.timeline import Timeline
from inotrope.kinetics.transition import transitions


def begin_states(timeline: Timeline, parameters: Parameters, modes: Modes) -> Array:
    """Return the amounts at the beginning of each segment, `(compartments, ..., segments)`; see `states`."""
    count = timeline.begin_h.size
    parameters.check_rows(timeline.row)
    hours = np.diff(timeline.begin_h)
    step = transitions(modes.taken(timeline.row[:-1]), hours)
    filled = step.filled * timeline.rate_mcg_per_h[:-1]
    # The segment in front, so that a turn of the walk touches memory that lies together.
    carried, filled = np.moveaxis(step.carried, -1, 0).copy(), np.moveaxis(filled, -1, 0).copy()
    kind = np.result_type(carried, filled, timeline.bolus_mcg)
    state = np.zeros(modes.roots.shape[:-1], dtype=kind)
    begin = np.empty((count, *state.shape), dtype=kind)
    for place in range(count):
        if place and hours[place - 1]:
            state = (carried[place - 1] * state).sum(axis=1) + filled[place - 1]
        if timeline.reset[place]:
            state = np.zeros_like(state)
        if timeline.steady[place] >= 0:
            cycle = timeline.cycles[timeline.steady[place]]
            check_elimination(parameters, cycle.row)
            gained = cycle_amounts(cycle, modes.taken(np.array([cycle.row])))[..., 0]
            state = state + gained if cycle.add else gained.astype(kind)
        begin[place] = state
        begin[place, 0] += timeline.bolus_mcg[place]
        state = begin[place]
    return np.moveaxis(begin, 0, -1)
