"""What follows from heart rate, output and pressures: stroke volume and resistances, as every monitor computes them.

Knows three equations and their units, for numbers and for arrays. Does not know which numbers were read, drawn or
solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from inotrope.circulation.arrays import Array

DYN_S_PER_CM5 = 80.0
"""dyn s/cm5 in 1 mmHg min/L, as every monitor computes it; 79.99 exactly."""
ML = 1000
"""mL in 1 L."""

Number = TypeVar("Number", float, Array)


def output_l_per_min(*, stroke_volume_ml: Number, heart_rate_per_min: Number) -> Number:
    """Return stroke volume times heart rate, L/min."""
    return stroke_volume_ml * heart_rate_per_min / ML


def stroke_volume_ml(*, output_l_per_min: Number, heart_rate_per_min: Number) -> Number:
    """Return output over heart rate, mL."""
    return ML * output_l_per_min / heart_rate_per_min


def resistance_dyn_s_per_cm5(*, fall_mmhg: Number, output_l_per_min: Number) -> Number:
    """Return 80 x the fall of pressure over the output: of SVR from MAP to CVP, of PVR from mPAP to PCWP."""
    return DYN_S_PER_CM5 * fall_mmhg / output_l_per_min


def resistances_dyn_s_per_cm5(shown: Mapping[str, Array], output_l_per_min: Array) -> dict[str, Array]:
    """Return SVR and PVR by their names, of pressures by theirs: the names of a `Circulation`."""
    falls = {
        "systemic_resistance_dyn_s_per_cm5": shown["mean_arterial_mmhg"] - shown["central_venous_mmhg"],
        "pulmonary_resistance_dyn_s_per_cm5": shown["mean_pulmonary_mmhg"] - shown["wedge_mmhg"],
    }
    return {
        name: resistance_dyn_s_per_cm5(fall_mmhg=fall, output_l_per_min=output_l_per_min)
        for name, fall in falls.items()
    }
