"""What the algebraic heart does not have and a beat needs: the shape of contraction, atria, valves, impedances.

Knows these numbers, and what atria hold that the algebraic heart does not count: at the calibrated filling pressures
each atrium holds pressure / its lowest elastance, and that much blood is added once and for all, so that the same
stressed volume fills both forms alike. Does not know where the numbers come from.

Source: facts/circulation.md, section 2.3.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation.arrays import Array, positive
from inotrope.circulation.heart import Heart, filling_pressure


@dataclass(frozen=True, slots=True)
class Chambers:
    """One patient's atria, valves and timing, or arrays of many; the order is that of `cycle.py`.

    Attributes:
        rise_s_per_root_s: Time of a ventricle's rise to its full elastance, over the root of the beat's length.
        fall_share: Time of its fall, over that of its rise.
        atrial_lead_s: From the onset of the atria to that of the ventricles.
        atrial_wave_s: Length of the atria's contraction.
        left_atrium_low_mmhg_per_ml: Elastance at rest.
        left_atrium_high_mmhg_per_ml: At the height of contraction.
        right_atrium_low_mmhg_per_ml: Elastance at rest.
        right_atrium_high_mmhg_per_ml: At the height of contraction.
        atrial_v0_ml: Volume of an atrium at zero pressure.
        valve_mmhg_s_per_ml: Resistance of each open valve.
        aortic_impedance_mmhg_s_per_ml: In series with the aortic valve; part of Rs.
        pulmonary_impedance_mmhg_s_per_ml: In series with the pulmonic valve; part of Rp.
        pulmonary_return_mmhg_s_per_ml: From the pulmonary veins to the left atrium; part of Rp.
        most_of_resistance: The largest share of Rs or Rp that one of these three parts may be.
        held_by_atria_ml: Blood in both atria beyond V0 at the calibrated pressures.
    """

    rise_s_per_root_s: Array
    fall_share: Array
    atrial_lead_s: Array
    atrial_wave_s: Array
    left_atrium_low_mmhg_per_ml: Array
    left_atrium_high_mmhg_per_ml: Array
    right_atrium_low_mmhg_per_ml: Array
    right_atrium_high_mmhg_per_ml: Array
    atrial_v0_ml: Array
    valve_mmhg_s_per_ml: Array
    aortic_impedance_mmhg_s_per_ml: Array
    pulmonary_impedance_mmhg_s_per_ml: Array
    pulmonary_return_mmhg_s_per_ml: Array
    most_of_resistance: Array
    held_by_atria_ml: Array

    @classmethod
    def of(cls, calibrated: Heart, **given: ArrayLike) -> Chambers:
        """Return the chambers of a heart as it was calibrated, before any drug; every other number must be given.

        Raises:
            CirculationError: A number is not above zero.
        """
        names = [item.name for item in fields(cls) if item.name != "held_by_atria_ml"]
        found = {name: positive(name, given.pop(name)) for name in names}
        if given:
            raise TypeError(f"No part of the chambers: {', '.join(given)}")
        wedge = filling_pressure(calibrated.left, calibrated.left.start_ml)
        venous = filling_pressure(calibrated.right, calibrated.right.start_ml)
        held = wedge / found["left_atrium_low_mmhg_per_ml"] + venous / found["right_atrium_low_mmhg_per_ml"]
        return cls(**found, held_by_atria_ml=np.asarray(held))

    @property
    def arrays(self) -> dict[str, Array]:
        """Every number by its name, in the order of `cycle.py`."""
        return {item.name: getattr(self, item.name) for item in fields(self)}
