"""What becomes of heart and vessels over time: each draw of a patient at the levels of its own kinetics.

It informs and warns. Nothing in it selects a rate. Names are looked up here only by whoever foresees a circulation: a
forecast of levels waits for none of it.
"""

from inotrope.forecast.circulation.ahead import Below, Foreseen, foresee
from inotrope.forecast.circulation.beside import Beside
from inotrope.forecast.circulation.misses import Misses, missed
from inotrope.forecast.circulation.person import Person
from inotrope.forecast.circulation.spreading import at

__all__ = ["Below", "Beside", "Foreseen", "Misses", "Person", "at", "foresee", "missed"]
