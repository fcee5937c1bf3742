"""Beat by beat: the closed loop as eight volumes over time, with the parameters of the algebraic heart.

For loops, valves, dP/dt and transients; a steady state over hours is the algebraic heart's. Loads Numba, which the
files above this folder never do.
"""

from inotrope.circulation.beats.beat import Beat, Valves
from inotrope.circulation.beats.chambers import Chambers
from inotrope.circulation.beats.running import STEPS, Lags, Transient, follow, settled_beat

__all__ = ["STEPS", "Beat", "Chambers", "Lags", "Transient", "Valves", "follow", "settled_beat"]
