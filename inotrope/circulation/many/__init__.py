"""Many patients at once: the algebraic heart and its reflex in machine code, with the answers of `loop` and `reflex`.

Knows threads. Loads Numba, which the files above this folder never do: they serve one patient.
"""

from inotrope.circulation.many.patients import attempt, attempt_to_settle, settle, solve

__all__ = ["attempt", "attempt_to_settle", "settle", "solve"]
