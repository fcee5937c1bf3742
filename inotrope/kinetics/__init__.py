"""What a body does to a drug: exact solutions of one, two and three compartments, on arrays in internal units.

Knows h, L, mcg and ng/mL. Does not know any drug, patient or unit; NumPy is all it needs.
"""

from inotrope.kinetics.exposure import (
    Extreme,
    auc,
    half_lives,
    peak,
    steady_concentration,
    time_above,
    time_to_steady_share,
    trough,
)
from inotrope.kinetics.parameters import Parameters
from inotrope.kinetics.planned import Plan
from inotrope.kinetics.records import Records
from inotrope.kinetics.roots import Modes, modes_of
from inotrope.kinetics.solving import amounts, concentrations, effect_site, states
from inotrope.kinetics.timeline import (
    Cycle,
    Expanded,
    Rows,
    Timeline,
    at_times,
    constant,
    expand,
    last_carried_forward,
    next_carried_backward,
)

__all__ = [
    "Cycle",
    "Expanded",
    "Extreme",
    "Modes",
    "Parameters",
    "Plan",
    "Records",
    "Rows",
    "Timeline",
    "amounts",
    "at_times",
    "auc",
    "concentrations",
    "constant",
    "effect_site",
    "expand",
    "half_lives",
    "last_carried_forward",
    "modes_of",
    "next_carried_backward",
    "peak",
    "states",
    "steady_concentration",
    "time_above",
    "time_to_steady_share",
    "trough",
]
