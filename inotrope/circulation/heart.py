"""Two ventricles and the vessels between them, as parameters in mmHg, mL and s, and how a drug changes them.

Knows the numbers of which the closed loop is made, and factors on them. Does not know where they come from
(`calibration.py`), nor how the loop is solved (`loop.py`).

Source: facts/circulation.md, section 2.1. Linear end-systolic and exponential end-diastolic pressure-volume relations.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation.arrays import Array, numbers, positive, shape_of


@dataclass(frozen=True, slots=True)
class Ventricle:
    """One ventricle: ESP = elastance (ESV - v0) at the end of ejection, P = a (exp(b (V - vd)) - 1) when it is filled.

    Attributes:
        elastance_mmhg_per_ml: Ees, the slope at the end of systole.
        v0_ml: Volume at which that line meets zero pressure.
        filling_mmhg: a of the filling curve.
        filling_per_ml: b of the filling curve.
        vd_ml: Volume at zero filling pressure.
        end_systolic_share: End-systolic over mean pressure of the artery that it fills.
        start_ml: End-diastolic volume as calibrated, where every search begins.
    """

    elastance_mmhg_per_ml: Array
    v0_ml: Array
    filling_mmhg: Array
    filling_per_ml: Array
    vd_ml: Array
    end_systolic_share: Array
    start_ml: Array


@dataclass(frozen=True, slots=True)
class Vessels:
    """What lies between the ventricles.

    Attributes:
        systemic_mmhg_s_per_ml: Rs, from the aorta to the right atrium: MAP - CVP = flow x Rs.
        pulmonary_mmhg_s_per_ml: Rp, from the pulmonary artery to the left atrium.
        venous_mmhg_s_per_ml: Rv, the part of Rs between the systemic veins and the right atrium.
        systemic_arteries_ml_per_mmhg: Compliance; the next three too.
        systemic_veins_ml_per_mmhg: Compliance.
        pulmonary_arteries_ml_per_mmhg: Compliance.
        pulmonary_veins_ml_per_mmhg: Compliance.
    """

    systemic_mmhg_s_per_ml: Array
    pulmonary_mmhg_s_per_ml: Array
    venous_mmhg_s_per_ml: Array
    systemic_arteries_ml_per_mmhg: Array
    systemic_veins_ml_per_mmhg: Array
    pulmonary_arteries_ml_per_mmhg: Array
    pulmonary_veins_ml_per_mmhg: Array


@dataclass(frozen=True, slots=True)
class Heart:
    """A calibrated circulation; every array broadcasts with every other, the leading axes are patients or draws.

    Attributes:
        rate_per_min: Heart rate.
        stressed_volume_ml: Blood beyond what fills every part at zero pressure.
        left: The left ventricle.
        right: The right ventricle.
        vessels: Resistances and compliances.
    """

    rate_per_min: Array
    stressed_volume_ml: Array
    left: Ventricle
    right: Ventricle
    vessels: Vessels

    @property
    def arrays(self) -> dict[str, Array]:
        """Every parameter by its place, in the order in which `loop.py` and `beats` take them."""
        found = {"rate_per_min": self.rate_per_min, "stressed_volume_ml": self.stressed_volume_ml}
        for part in ("left", "right", "vessels"):
            inner = getattr(self, part)
            found |= {f"{part}.{item.name}": getattr(inner, item.name) for item in fields(inner)}
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape that all parameters broadcast to."""
        return shape_of(self.arrays)

    def checked(self) -> Heart:
        """Return the same heart.

        Raises:
            CirculationError: A number is not finite, or not above zero where only that is possible; shapes do not fit.
        """
        for name, array in self.arrays.items():
            (numbers if name.endswith((".v0_ml", ".vd_ml")) else positive)(name, array)
        _ = self.shape
        return self

    def changed(self, changes: Changes) -> Heart:
        """Return the heart with every factor applied; a factor of exactly 1 changes no bit."""
        vessels, left, right = self.vessels, self.left, self.right
        return replace(
            self,
            rate_per_min=self.rate_per_min * changes.rate,
            stressed_volume_ml=self.stressed_volume_ml * changes.stressed_volume,
            left=replace(
                left,
                elastance_mmhg_per_ml=left.elastance_mmhg_per_ml * changes.left_elastance,
                filling_per_ml=left.filling_per_ml * changes.left_filling,
            ),
            right=replace(right, elastance_mmhg_per_ml=right.elastance_mmhg_per_ml * changes.right_elastance),
            vessels=replace(
                vessels,
                systemic_mmhg_s_per_ml=vessels.systemic_mmhg_s_per_ml * changes.systemic_resistance,
                pulmonary_mmhg_s_per_ml=vessels.pulmonary_mmhg_s_per_ml * changes.pulmonary_resistance,
            ),
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """Factors on a heart, 1 where nothing changes: what a drug or a reflex does.

    Attributes:
        rate: On the heart rate.
        left_elastance: On Ees of the left ventricle: its force.
        right_elastance: On Ees of the right ventricle.
        left_filling: On b of the left filling curve; below 1 it relaxes further.
        systemic_resistance: On Rs.
        pulmonary_resistance: On Rp.
        stressed_volume: On the stressed volume; below 1 veins have widened.
    """

    rate: Array
    left_elastance: Array
    right_elastance: Array
    left_filling: Array
    systemic_resistance: Array
    pulmonary_resistance: Array
    stressed_volume: Array

    @classmethod
    def of(
        cls,
        *,
        rate: ArrayLike = 1.0,
        left_elastance: ArrayLike = 1.0,
        right_elastance: ArrayLike = 1.0,
        left_filling: ArrayLike = 1.0,
        systemic_resistance: ArrayLike = 1.0,
        pulmonary_resistance: ArrayLike = 1.0,
        stressed_volume: ArrayLike = 1.0,
    ) -> Changes:
        """Return checked factors.

        Raises:
            CirculationError: A factor is not a finite number above zero.
        """
        given = {name: value for name, value in locals().items() if name != "cls"}
        return cls(**{name: positive(name, value) for name, value in given.items()})


def filling_pressure(ventricle: Ventricle, volume_ml: Array) -> Array:
    """Return the pressure of a filled ventricle, a (exp(b (V - vd)) - 1), mmHg."""
    grown: Array = np.expm1(ventricle.filling_per_ml * (volume_ml - ventricle.vd_ml))
    return ventricle.filling_mmhg * grown
