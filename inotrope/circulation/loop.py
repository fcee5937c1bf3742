"""The algebraic heart: the steady state of the closed loop, in two unknowns, for many patients at once.

Knows the two equations, their derivatives, and when an answer is none. The unknowns are the end-diastolic volumes of
both ventricles; the equations say that both throw out the same volume, and that the blood in all parts is the stressed
volume. Every search starts at the calibrated volumes, and every answer carries its residual. Does not know any drug.

    SVl = (Eesl (EDVl - V0l) - al CVP) / (Eesl + al Rs/T)       SVr = (Eesr (EDVr - V0r) - ar PCWP) / (Eesr + ar Rp/T)
    F1 = SVl - SVr
    F2 = Csa MAP + Csv Psv + Cpa mPAP + Cpv PCWP + (EDVl - Vdl) + (EDVr - Vdr) - (SVl + SVr)/2 - Vs

al CVP is usually dropped; it keeps MAP - CVP = CO x SVR exact.

Source: facts/circulation.md, section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inotrope.circulation.arrays import Array, Mask, chunks, first, place
from inotrope.circulation.flow import output_l_per_min, resistance_dyn_s_per_cm5
from inotrope.circulation.heart import Heart
from inotrope.errors import CirculationError

STEP = 0.15
"""The largest step of one iteration, as a share of the calibrated volume: the exponential filling curves overshoot."""
ITERATIONS = 60
"""Newton needs 5 to 11; what needs more is not near an answer."""
SETTLED = 1e-12
"""A step this small beside the volume is the last: the next one would only move its rounding."""
TOLERANCE = 1e-11
"""The largest residual of an answer, as a share of the stressed volume."""


class State(NamedTuple):
    """What follows from two end-diastolic volumes, patient by patient, and how far they are from an answer."""

    left_sv: Array
    right_sv: Array
    central_venous: Array
    wedge: Array
    strokes_apart: Array
    volume_apart: Array


@dataclass(frozen=True, slots=True)
class Circulation:
    """A steady state; arrays of one shape.

    Attributes:
        heart_rate_per_min: Beats per minute.
        left_edv_ml: End-diastolic volume of the left ventricle.
        right_edv_ml: Of the right one.
        stroke_volume_ml: Of either.
        mean_arterial_mmhg: MAP.
        central_venous_mmhg: CVP.
        wedge_mmhg: PCWP.
        mean_pulmonary_mmhg: mPAP.
        systemic_veins_mmhg: Pressure in the systemic veins.
        residual_share: The larger of both equations' residuals, as a share of the stressed volume.
        solved: Whether this is a steady state; where it is not, no number of it may be used.
    """

    heart_rate_per_min: Array
    left_edv_ml: Array
    right_edv_ml: Array
    stroke_volume_ml: Array
    mean_arterial_mmhg: Array
    central_venous_mmhg: Array
    wedge_mmhg: Array
    mean_pulmonary_mmhg: Array
    systemic_veins_mmhg: Array
    residual_share: Array
    solved: Mask

    @property
    def cardiac_output_l_per_min(self) -> Array:
        """Heart rate times stroke volume."""
        return output_l_per_min(stroke_volume_ml=self.stroke_volume_ml, heart_rate_per_min=self.heart_rate_per_min)

    @property
    def left_ejection_fraction(self) -> Array:
        """Stroke volume over end-diastolic volume."""
        return self.stroke_volume_ml / self.left_edv_ml

    @property
    def right_ejection_fraction(self) -> Array:
        """Stroke volume over end-diastolic volume."""
        return self.stroke_volume_ml / self.right_edv_ml

    @property
    def systemic_resistance_dyn_s_per_cm5(self) -> Array:
        """SVR = 80 (MAP - CVP) / CO."""
        fall = self.mean_arterial_mmhg - self.central_venous_mmhg
        return resistance_dyn_s_per_cm5(fall_mmhg=fall, output_l_per_min=self.cardiac_output_l_per_min)

    @property
    def pulmonary_resistance_dyn_s_per_cm5(self) -> Array:
        """PVR = 80 (mPAP - PCWP) / CO."""
        fall = self.mean_pulmonary_mmhg - self.wedge_mmhg
        return resistance_dyn_s_per_cm5(fall_mmhg=fall, output_l_per_min=self.cardiac_output_l_per_min)

    @property
    def filled(self) -> Mask:
        """Whether both filling pressures are above zero; below it veins collapse, which this heart does not know."""
        return np.asarray((self.central_venous_mmhg > 0) & (self.wedge_mmhg > 0))

    def proven(self) -> Circulation:
        """Return the same circulation.

        Raises:
            CirculationError: For some patient no steady state was found; how many, the first, and its residual.
        """
        if self.solved.all():
            return self
        at = first(~self.solved)
        raise CirculationError(
            f"No steady state was found for {int((~self.solved).sum())} of {self.solved.size}; the first{place(at)} "
            f"has a residual of {self.residual_share[at]:.3g} of the blood and a stroke volume of "
            f"{self.stroke_volume_ml[at]:.3g} mL.",
            value=f"{self.residual_share[at]:.3g}",
            accepted="a heart and vessels that can be filled and throw out blood",
        )


def solve(heart: Heart) -> Circulation:
    """Return the steady state of every patient.

    Raises:
        CirculationError: For some patient there is none, or none was found.
    """
    return attempt(heart).proven()


def attempt(heart: Heart) -> Circulation:
    """Return the steady state of every patient, and in `solved` for whom it is one."""
    arrays, shape = list(heart.arrays.values()), heart.shape
    found = np.empty((len(FIELDS), int(np.prod(shape, dtype=np.int64))))
    for part, rows in chunks(arrays, shape):
        left, right = search(rows, rows[LEFT_START], rows[RIGHT_START])
        found[:, part] = told(rows, left, right)
    return gathered(found, shape)


# The rows of a chunk: `Heart.arrays` in their order.
RATE, STRESSED = 0, 1
LEFT_EES, LEFT_V0, LEFT_A, LEFT_B, LEFT_VD, LEFT_SHARE, LEFT_START = range(2, 9)
RIGHT_EES, RIGHT_V0, RIGHT_A, RIGHT_B, RIGHT_VD, RIGHT_SHARE, RIGHT_START = range(9, 16)
RS, RP, RV, CSA, CSV, CPA, CPV = range(16, 23)

FIELDS = tuple(name for name in Circulation.__dataclass_fields__ if name != "solved")


def search(rows: Array, left: Array, right: Array) -> tuple[Array, Array]:
    """Return the end-diastolic volumes at which both equations hold, or wherever Newton's method stopped.

    A patient whose step has become small is left alone from then on, so that no answer depends on who else is in the
    chunk.
    """
    left, right = left.copy(), right.copy()
    going, some, l, r = np.arange(left.size), rows, left, right  # noqa: E741
    moving = np.ones(left.size, dtype=bool)
    for _ in range(ITERATIONS):
        by_left, by_right = _step(some, l, r)
        l, r = l - by_left * moving, r - by_right * moving  # noqa: E741
        small = (np.abs(by_left) <= SETTLED * some[LEFT_START]) & (np.abs(by_right) <= SETTLED * some[RIGHT_START])
        moving &= ~small
        left_over = int(np.count_nonzero(moving))
        if left_over <= moving.size // 2:  # fewer rows are worth a copy of them
            left[going], right[going] = l, r
            if left_over == 0:
                break
            kept = np.flatnonzero(moving)
            going, some, l, r, moving = going[kept], some[:, kept], l[kept], r[kept], moving[kept]  # noqa: E741
    else:
        left[going], right[going] = l, r
    return left, right


def state_at(rows: Array, left: Array, right: Array) -> State:
    """Return what both volumes imply."""
    seconds = 60 / rows[RATE]
    wedge = rows[LEFT_A] * np.expm1(rows[LEFT_B] * (left - rows[LEFT_VD]))
    venous = rows[RIGHT_A] * np.expm1(rows[RIGHT_B] * (right - rows[RIGHT_VD]))
    left_sv = rows[LEFT_EES] * (left - rows[LEFT_V0]) - rows[LEFT_SHARE] * venous
    left_sv /= rows[LEFT_EES] + rows[LEFT_SHARE] * rows[RS] / seconds
    right_sv = rows[RIGHT_EES] * (right - rows[RIGHT_V0]) - rows[RIGHT_SHARE] * wedge
    right_sv /= rows[RIGHT_EES] + rows[RIGHT_SHARE] * rows[RP] / seconds
    volume = (rows[CSA] + rows[CSV]) * venous + (rows[CPA] + rows[CPV]) * wedge
    volume += _held_by_left(rows, seconds) * left_sv + _held_by_right(rows, seconds) * right_sv
    volume += (left - rows[LEFT_VD]) + (right - rows[RIGHT_VD]) - rows[STRESSED]
    return State(left_sv, right_sv, venous, wedge, left_sv - right_sv, volume)


def _held_by_left(rows: Array, seconds: Array) -> Array:
    """Return the volume that each mL of the left stroke volume keeps in systemic vessels, less half of itself."""
    held: Array = (rows[CSA] * rows[RS] + rows[CSV] * rows[RV]) / seconds - 0.5
    return held


def _held_by_right(rows: Array, seconds: Array) -> Array:
    held: Array = rows[CPA] * rows[RP] / seconds - 0.5
    return held


def _step(rows: Array, left: Array, right: Array) -> tuple[Array, Array]:
    """Return the step of Newton's method in both volumes, from the analytic Jacobian, held to a share of the volume."""
    now = state_at(rows, left, right)
    seconds = 60 / rows[RATE]
    wedge_slope = rows[LEFT_B] * (now.wedge + rows[LEFT_A])
    venous_slope = rows[RIGHT_B] * (now.central_venous + rows[RIGHT_A])
    left_stiff = rows[LEFT_EES] + rows[LEFT_SHARE] * rows[RS] / seconds
    right_stiff = rows[RIGHT_EES] + rows[RIGHT_SHARE] * rows[RP] / seconds
    left_by_left, left_by_right = rows[LEFT_EES] / left_stiff, -rows[LEFT_SHARE] * venous_slope / left_stiff
    right_by_right, right_by_left = rows[RIGHT_EES] / right_stiff, -rows[RIGHT_SHARE] * wedge_slope / right_stiff
    of_left, of_right = _held_by_left(rows, seconds), _held_by_right(rows, seconds)
    strokes_by_left, strokes_by_right = left_by_left - right_by_left, left_by_right - right_by_right
    volume_by_left = of_left * left_by_left + of_right * right_by_left + (rows[CPA] + rows[CPV]) * wedge_slope + 1
    volume_by_right = of_left * left_by_right + of_right * right_by_right + (rows[CSA] + rows[CSV]) * venous_slope + 1
    with np.errstate(divide="ignore", invalid="ignore"):  # a singular matrix gives no number, and that no answer
        determinant = strokes_by_left * volume_by_right - strokes_by_right * volume_by_left
        by_left = (now.strokes_apart * volume_by_right - now.volume_apart * strokes_by_right) / determinant
        by_right = (now.volume_apart * strokes_by_left - now.strokes_apart * volume_by_left) / determinant
    left_most, right_most = STEP * rows[LEFT_START], STEP * rows[RIGHT_START]
    return np.clip(by_left, -left_most, left_most), np.clip(by_right, -right_most, right_most)


def told(rows: Array, left: Array, right: Array) -> Array:
    """Return the fields of a `Circulation` for these volumes, in their order, one row each."""
    now = state_at(rows, left, right)
    flow = now.left_sv * rows[RATE] / 60
    return np.stack(
        [
            rows[RATE],
            left,
            right,
            now.left_sv,
            now.central_venous + flow * rows[RS],
            now.central_venous,
            now.wedge,
            now.wedge + now.right_sv * rows[RATE] / 60 * rows[RP],
            now.central_venous + flow * rows[RV],
            np.maximum(np.abs(now.strokes_apart), np.abs(now.volume_apart)) / np.abs(rows[STRESSED]),
        ]
    )


def gathered(found: Array, shape: tuple[int, ...]) -> Circulation:
    """Return rows of `told` as a `Circulation` in the shape of the heart, and whether each is a steady state."""
    named = {name: row.reshape(shape) for name, row in zip(FIELDS, found, strict=True)}
    solved = np.asarray((named["residual_share"] <= TOLERANCE) & (named["stroke_volume_ml"] > 0))
    return Circulation(**named, solved=solved)
