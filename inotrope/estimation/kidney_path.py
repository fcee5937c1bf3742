"""A clearance of creatinine over time, as draws: what was, what is, and three ways in which it may go on.

Knows how to read a path at any time and how the part after `now` bends in a named way. It estimates nothing
(`kidney_walk.py`). These ways are a judgement and no forecast: nobody foresees a recovery.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from inotrope.estimation.creatinine_balance import Balance
from inotrope.estimation.problem import Floats
from inotrope.patient import vocabulary

ML_PER_MIN = 1000 / 60
"""mL/min in 1 L/h."""


class KidneyAhead(StrEnum):
    """How the clearance goes on after `now`: a judgement, shown as one."""

    UNCHANGED = "unchanged"
    RECOVERING = "recovering"
    WORSENING = "worsening"


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Equally weighted joint draws of a clearance over time, of production and of volume.

    Draw k is one patient: his row of every array belongs together.

    Attributes:
        knot_h: (knots,) h, ascending.
        log_clearance_l_per_h: (draws, knots), natural logarithm of L/h of creatinine by the patient's own kidneys.
        log_production: (draws,), how far the production lies from the usual one, as a logarithm.
        log_volume: (draws,), the same of the volume.
        log_start: (draws,), how far the first creatinine lies from a steady state, as a logarithm.
        balance: What else moves the creatinine.
        now_h: Up to here the past; the ways differ after it.
        last_h: The last creatinine.
        mode_log_clearance_l_per_h: (knots,), the most probable path of the likelier of the two kidneys; after the last
            creatinine it goes on level.
        quiet_chance: How probable it is, after the creatinines, that the kidney neither fails nor recovers.
        converged: Whether both searches ended in a minimum. Where one did not, no draw means anything.
        steps: How many steps the longer search took.
        ahead: The way drawn here.
    """

    knot_h: Floats
    log_clearance_l_per_h: Floats
    log_production: Floats
    log_volume: Floats
    log_start: Floats
    balance: Balance
    now_h: float
    last_h: float
    mode_log_clearance_l_per_h: Floats
    quiet_chance: float
    converged: bool
    steps: int
    ahead: KidneyAhead = KidneyAhead.UNCHANGED

    def clearance_at(self, times_h: ArrayLike) -> Floats:
        """Return the clearance at any times, (draws, times) L/h: straight on the logarithmic scale from knot to knot.

        Before the first and after the last knot the nearest value holds.
        """
        times = np.atleast_1d(np.asarray(times_h, dtype=np.float64))
        if self.knot_h.size == 1:
            return np.exp(np.repeat(self.log_clearance_l_per_h, times.size, axis=1))
        right = np.clip(np.searchsorted(self.knot_h, times, side="right"), 1, self.knot_h.size - 1)
        begin, end = self.knot_h[right - 1], self.knot_h[right]
        share = np.clip((times - begin) / (end - begin), 0.0, 1.0)
        path = self.log_clearance_l_per_h
        return np.asarray(np.exp(path[:, right - 1] * (1 - share) + path[:, right] * share))

    def on_stretches(self, begin_h: ArrayLike) -> Floats:
        """Return the clearance that stands for each stretch, (draws, stretches) L/h: that of its middle.

        Args:
            begin_h: (stretches,) h, ascending; the last one has no end and takes the clearance of its beginning. With
                the knots among them, this is the path that the creatinine was reckoned with.
        """
        begin = np.atleast_1d(np.asarray(begin_h, dtype=np.float64))
        return self.clearance_at(np.append((begin[:-1] + begin[1:]) / 2, begin[-1]))

    def creatinine(self) -> Floats:
        """Return the creatinine of each draw at each knot, (draws, knots) mg/dL, without the error of a measurement."""
        return np.asarray(
            self.balance.creatinine(
                self.log_clearance_l_per_h,
                log_production=self.log_production,
                log_volume=self.log_volume,
                log_start=self.log_start,
            )
        )

    def going_on(self, ahead: KidneyAhead) -> Walk:
        """Return the same draws as they would go on in one of the ways; only what comes after `now` differs.

        Recovering, a clearance doubles in the time that the vocabulary names, up to what the same draw had at its first
        knot; worsening, it halves in that time. What spreads the draws ahead is the same in all three.
        """
        per_hour = math.log(2) / float(vocabulary().limit("kidney_walk.doubling_ahead").value.in_unit("h"))
        moved = per_hour * np.maximum(self.knot_h - self.now_h, 0.0)
        path = self.log_clearance_l_per_h - self._drift(self.ahead, moved)
        unchanged = replace(self, log_clearance_l_per_h=path, ahead=KidneyAhead.UNCHANGED)
        return replace(unchanged, log_clearance_l_per_h=path + unchanged._drift(ahead, moved), ahead=ahead)

    def taken(self, draws: ArrayLike) -> Walk:
        """Return some of the draws, by their indices, such as those that levels left (`draw_weights.py`)."""
        chosen = np.asarray(draws, dtype=np.int64)
        return replace(
            self,
            log_clearance_l_per_h=self.log_clearance_l_per_h[chosen],
            log_production=self.log_production[chosen],
            log_volume=self.log_volume[chosen],
            log_start=self.log_start[chosen],
        )

    def _drift(self, ahead: KidneyAhead, moved: Floats) -> Floats:
        """Return what a way ahead adds to the logarithms, (draws, knots)."""
        if ahead is KidneyAhead.UNCHANGED:
            return np.zeros((1, moved.size))
        if ahead is KidneyAhead.WORSENING:
            return -moved[None]
        path = self.log_clearance_l_per_h
        now = int(np.searchsorted(self.knot_h, self.now_h - 1e-6))
        room = np.maximum(path[:, 0] - path[:, now], 0.0)
        return np.asarray(np.minimum(moved[None], room[:, None]))
