"""The heart and vessels as a closed loop, and how a PDE3 inhibitor moves them, on arrays.

Knows mmHg, mL, s, L/min and beats per minute. Does not know any patient, drug or unit: every parameter comes as an
argument. NumPy is all that these files need; loops beat by beat stand in `beats/`, many patients in machine code in
`many/`, and these two alone load Numba.

It explains; no dose comes from it.
"""

from inotrope.circulation.bedside import Bedside, Contradiction
from inotrope.circulation.calibration import Assumed, calibrate, can_calibrate
from inotrope.circulation.flow import (
    output_l_per_min,
    resistance_dyn_s_per_cm5,
    resistances_dyn_s_per_cm5,
    stroke_volume_ml,
)
from inotrope.circulation.heart import Changes, Heart, Ventricle, Vessels
from inotrope.circulation.loop import Circulation, attempt, solve
from inotrope.circulation.mechanism import UNCHANGED, Chain, Drive, Enzyme, Response, act
from inotrope.circulation.reflex import Reflex, attempt_to_settle, settle

__all__ = [
    "UNCHANGED",
    "Assumed",
    "Bedside",
    "Chain",
    "Changes",
    "Circulation",
    "Contradiction",
    "Drive",
    "Enzyme",
    "Heart",
    "Reflex",
    "Response",
    "Ventricle",
    "Vessels",
    "act",
    "attempt",
    "attempt_to_settle",
    "calibrate",
    "can_calibrate",
    "output_l_per_min",
    "resistance_dyn_s_per_cm5",
    "resistances_dyn_s_per_cm5",
    "settle",
    "solve",
    "stroke_volume_ml",
]
