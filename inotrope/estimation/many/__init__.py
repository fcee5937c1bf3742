"""The most probable parameters of many subjects at once: batched in NumPy, or in machine code.

Knows subjects that each have their own doses, covariates and levels. The machine code loads Numba, and only when it is
asked for: `find_modes(..., machine_code=True)`.
"""

from inotrope.estimation.many.finding import Modes, find_modes
from inotrope.estimation.many.subjects import Subject

__all__ = ["Modes", "Subject", "find_modes"]
