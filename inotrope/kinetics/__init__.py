"""What a body does to a drug: exact solutions of one, two and three compartments, on arrays in internal units.

Knows h, L, mcg and ng/mL. Does not know any drug, patient or unit; NumPy is all it needs.
"""

from inotrope.kinetics.parameters import Parameters
from inotrope.kinetics.records import Records
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
    "Parameters",
    "Records",
    "Rows",
    "Timeline",
    "at_times",
    "constant",
    "expand",
    "last_carried_forward",
    "next_carried_backward",
]
