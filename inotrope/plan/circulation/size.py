"""The size of a patient's body, as everything of his circulation takes it: the surface, and an output over it.

Knows one surface, Mosteller's of the weight that doses; without a height there is none, and nothing stands in for it.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.patient import Case, body_size


def surface_m2(case: Case) -> float | None:
    """Return the body's surface, m2; None without a height."""
    surface = body_size(case).bsa_mosteller
    return None if surface is None else float(surface.in_unit("m2"))


def index_of(case: Case, output_l_per_min: float) -> tuple[float, str] | None:
    """Return the index that an output is, L/min/m2, and the words before that number; None without a height."""
    surface = body_size(case).bsa_mosteller
    if surface is None:
        return None
    index = float(Decimal(repr(output_l_per_min)) / surface.in_unit("m2"))
    return index, f"over a body surface of {surface.shown(2)} the output is an index of"
