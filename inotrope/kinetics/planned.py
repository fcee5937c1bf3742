"""Concentrations at fixed times, asked for again and again with other parameters that never change in time.

Knows what of a timeline can be prepared once, and that without a change of parameters every mode runs by itself: all
that is given goes to the central compartment, so of each mode one number is carried from segment to segment and not the
amounts of all compartments. Patients whose timelines have the same pattern are one plan, each with his own hours, rates
and boluses. Where parameters change in time, `solving.py` answers. The laws hold both to each other.

    C(t) = sum_i P_i[1, 1] g_i(t) / V        dg_i/dt = -l_i g_i + R
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError
from inotrope.kinetics.parameters import Array, Parameters
from inotrope.kinetics.roots import central_modes
from inotrope.kinetics.solving import place_times
from inotrope.kinetics.steady import check_elimination, gathered
from inotrope.kinetics.timeline import Cycle, Timeline
from inotrope.kinetics.transition import left_and_filled

Pattern: TypeAlias = tuple[bytes, bytes, tuple[Cycle, ...], bytes]
"""What patients of one plan have in common: resets, steady states, their cycles, and the segment each time reads."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What fixed times ask of one timeline, or of those of several patients with one pattern.

    Attributes:
        steps_h: (segments - 1 + times[, patients]) h: the lengths of the segments, and then how far into its segment
            each time lies.
        rate_mcg_per_h: (segments[, patients]) mcg/h.
        bolus_mcg: (segments[, patients]) mcg.
        reset: (segments,).
        steady: (segments,), see `Timeline`.
        cycles: See `Timeline`.
        segment: (times,), the segment that each time reads.
        before: (times,), whether it lies before everything.
    """

    steps_h: Array
    rate_mcg_per_h: Array
    bolus_mcg: Array
    reset: NDArray[np.bool_]
    steady: NDArray[np.int64]
    cycles: tuple[Cycle, ...]
    segment: NDArray[np.int64]
    before: NDArray[np.bool_]

    @classmethod
    def of(cls, timeline: Timeline, times_h: ArrayLike, segment: NDArray[np.int64] | None = None) -> Plan:
        """Return the plan of one timeline; of its `row` nothing is read.

        Args:
            timeline: The segments.
            times_h: As for `concentrations`.
            segment: As for `concentrations`.

        Raises:
            KineticsError: As `concentrations`, of times and segments.
        """
        at, hours, before = place_times(timeline, times_h, segment)
        return cls(
            steps_h=np.concatenate([np.diff(timeline.begin_h), hours]),
            rate_mcg_per_h=timeline.rate_mcg_per_h,
            bolus_mcg=timeline.bolus_mcg,
            reset=timeline.reset,
            steady=timeline.steady,
            cycles=timeline.cycles,
            segment=at,
            before=before,
        )

    @property
    def pattern(self) -> Pattern:
        """What another plan must have in common with this one, to be joined with it; it can be a key."""
        read = np.where(self.before, -1, self.segment)
        return self.reset.tobytes(), self.steady.tobytes(), self.cycles, read.tobytes()

    @classmethod
    def joined(cls, plans: Sequence[Plan]) -> Plan:
        """Return the plan of several patients, each with his own hours, rates and boluses.

        Raises:
            KineticsError: They differ in their patterns, or there is none.
        """
        if len({plan.pattern for plan in plans}) != 1:
            raise KineticsError(
                f"{len(plans)} plans of different patterns cannot be joined.",
                accepted="plans of one pattern: the same resets, steady states and segments read",
                where="plans",
            )
        first = plans[0]
        columns: dict[str, Any] = {
            name: np.stack([getattr(plan, name) for plan in plans], axis=-1)
            for name in ("steps_h", "rate_mcg_per_h", "bolus_mcg")
        }
        return cls(
            **columns,
            reset=first.reset,
            steady=first.steady,
            cycles=first.cycles,
            segment=first.segment,
            before=first.before,
        )

    def concentrations(self, parameters: Parameters) -> Array:
        """Return the concentrations at the times of the plan.

        Args:
            parameters: (..., [patients,] 1), real or complex: one row, which holds at all times.

        Returns:
            ng/mL, (..., [patients,] times); 0 before everything.

        Raises:
            KineticsError: More than one parameter row, or a steady state without clearance.
        """
        if parameters.rows != 1:
            raise KineticsError(
                f"A plan was asked for parameters of {parameters.rows} rows.",
                value=parameters.rows,
                accepted="one row, which holds at all times; else `concentrations`",
                where="parameters",
            )
        every, central = central_modes(parameters)
        roots, share = every[..., 0], central[..., 0]
        # Segments and times in front, so that a turn of the walk touches memory that lies together.
        steps, rate, bolus = (
            each.reshape(len(each), *[1] * (1 + roots.ndim - each.ndim), *each.shape[1:])
            for each in (self.steps_h, self.rate_mcg_per_h, self.bolus_mcg)
        )
        left, filled = left_and_filled(roots, steps)
        segments = self.reset.size
        gained = filled[: segments - 1] * rate[:-1]
        begin = np.zeros((segments, *left.shape[1:]), dtype=np.result_type(gained, bolus))
        for place, (reset, steady) in enumerate(zip(self.reset.tolist(), self.steady.tolist(), strict=True)):
            held = begin[place]
            if place and not reset:
                np.multiply(begin[place - 1], left[place - 1], out=held)
                held += gained[place - 1]
            if steady >= 0:
                cycle = self.cycles[steady]
                check_elimination(parameters, 0)
                entered = gathered(cycle, every)[..., 0]
                held[...] = held + entered if cycle.add else entered
            held += bolus[place]
        read = begin[self.segment] * left[segments - 1 :] + filled[segments - 1 :] * rate[self.segment]
        total: Array = (share * read).sum(axis=1) / parameters.volume_l[..., 0]
        if self.before.any():
            total[self.before] = 0.0
        # Laid out as told: a sum over the times otherwise adds in another order for another number of patients.
        total = np.moveaxis(total, 0, -1).copy()
        return total
