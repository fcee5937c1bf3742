"""One settled beat and what can be read from it: pressures as a monitor shows them, loops, work, valves.

Knows means and extremes over a beat, the area of a loop, and when valves open and close. Arrays keep the patients in
front; the last axis is the time, the one before it the parts of `cycle.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.circulation.beats.cycle import AORTA, AORTIC, LA, LV, MITRAL, PULMONIC, RA, RV_, TRICUSPID, TRUNK
from inotrope.circulation.flow import output_l_per_min, resistance_dyn_s_per_cm5


class Valves(NamedTuple):
    """When the valves of one ventricle open and close, s after the onset of its contraction.

    Attributes:
        inlet_closes: 0 where it was closed already.
        outlet_opens: The end of isovolumic contraction.
        outlet_closes: The beginning of isovolumic relaxation.
        inlet_opens: The end of it.
    """

    inlet_closes: Array
    outlet_opens: Array
    outlet_closes: Array
    inlet_opens: Array


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat that repeats itself, from the onset of ventricular contraction.

    Attributes:
        heart_rate_per_min: `(...)`.
        volumes_ml: `(..., 8, steps)`: left atrium and ventricle, systemic arteries and veins, right atrium and
            ventricle, pulmonary arteries and veins.
        pressures_mmhg: `(..., 10, steps)`: of the same, then of the aortic root and the pulmonary trunk.
        flows_ml_per_s: `(..., 8, steps)`: what leaves each of the eight.
        beats: How many it took until the beat repeated itself.
    """

    heart_rate_per_min: Array
    volumes_ml: Array
    pressures_mmhg: Array
    flows_ml_per_s: Array
    beats: Array

    @property
    def step_s(self) -> Array:
        """Length of a step."""
        steps: int = self.volumes_ml.shape[-1]
        return 60 / self.heart_rate_per_min / steps

    @property
    def time_s(self) -> Array:
        """`(..., steps)` from the onset of the beat."""
        found: Array = self.step_s[..., None] * np.arange(self.volumes_ml.shape[-1])
        return found

    @property
    def stroke_volume_ml(self) -> Array:
        """What passes the aortic valve."""
        passed: Array = self.flows_ml_per_s[..., AORTIC, :].sum(axis=-1)
        return passed * self.step_s

    @property
    def cardiac_output_l_per_min(self) -> Array:
        """Heart rate times stroke volume."""
        return output_l_per_min(stroke_volume_ml=self.stroke_volume_ml, heart_rate_per_min=self.heart_rate_per_min)

    @property
    def left_edv_ml(self) -> Array:
        """Largest volume of the left ventricle."""
        largest: Array = self.volumes_ml[..., LV, :].max(axis=-1)
        return largest

    @property
    def left_ejection_fraction(self) -> Array:
        """Stroke volume over largest volume."""
        return self.stroke_volume_ml / self.left_edv_ml

    @property
    def mean_arterial_mmhg(self) -> Array:
        """Mean in the aortic root."""
        return self._mean(AORTA)

    @property
    def systolic_mmhg(self) -> Array:
        """Highest in the aortic root."""
        highest: Array = self.pressures_mmhg[..., AORTA, :].max(axis=-1)
        return highest

    @property
    def diastolic_mmhg(self) -> Array:
        """Lowest in the aortic root."""
        lowest: Array = self.pressures_mmhg[..., AORTA, :].min(axis=-1)
        return lowest

    @property
    def central_venous_mmhg(self) -> Array:
        """Mean of the right atrium."""
        return self._mean(RA)

    @property
    def left_atrial_mmhg(self) -> Array:
        """Mean of the left atrium: what a wedged catheter shows."""
        return self._mean(LA)

    @property
    def mean_pulmonary_mmhg(self) -> Array:
        """Mean in the pulmonary trunk."""
        return self._mean(TRUNK)

    @property
    def systemic_resistance_dyn_s_per_cm5(self) -> Array:
        """SVR = 80 (MAP - CVP) / CO."""
        fall = self.mean_arterial_mmhg - self.central_venous_mmhg
        return resistance_dyn_s_per_cm5(fall_mmhg=fall, output_l_per_min=self.cardiac_output_l_per_min)

    @property
    def steepest_rise_mmhg_per_s(self) -> Array:
        """The largest dP/dt of the left ventricle."""
        pressure = self.pressures_mmhg[..., LV, :]
        rise = np.roll(pressure, -1, axis=-1) - np.roll(pressure, 1, axis=-1)
        steepest: Array = rise.max(axis=-1)
        return steepest / (2 * self.step_s)

    @property
    def left_stroke_work_mmhg_ml(self) -> Array:
        """The area of the left ventricle's loop; 1 g m is 73.6 mmHg mL."""
        return self._area(LV)

    @property
    def right_stroke_work_mmhg_ml(self) -> Array:
        """The area of the right ventricle's loop."""
        return self._area(RV_)

    @property
    def left_valves(self) -> Valves:
        """Mitral and aortic."""
        return self._valves(MITRAL, AORTIC)

    @property
    def right_valves(self) -> Valves:
        """Tricuspid and pulmonic."""
        return self._valves(TRICUSPID, PULMONIC)

    def _mean(self, part: int) -> Array:
        found: Array = self.pressures_mmhg[..., part, :].mean(axis=-1)
        return found

    def _area(self, part: int) -> Array:
        """Return the area inside a closed loop of volume and pressure (the shoelace rule)."""
        volume, pressure = self.volumes_ml[..., part, :], self.pressures_mmhg[..., part, :]
        next_volume, next_pressure = np.roll(volume, -1, axis=-1), np.roll(pressure, -1, axis=-1)
        twice: Array = (next_volume * pressure - volume * next_pressure).sum(axis=-1)
        return -twice / 2

    def _valves(self, inlet: int, outlet: int) -> Valves:
        """Return the four moments, each to one step: the first with flow, and the first without it."""
        steps = np.arange(self.volumes_ml.shape[-1])
        out = self.flows_ml_per_s[..., outlet, :] > 0
        into = self.flows_ml_per_s[..., inlet, :] > 0
        opens = np.argmax(out, axis=-1)
        closes = np.argmax(~out & (steps >= opens[..., None]), axis=-1)
        shuts = np.argmin(into, axis=-1)
        refills = np.argmax(into & (steps >= closes[..., None]), axis=-1)
        return Valves(*(self.step_s * place for place in (shuts, opens, closes, refills)))
