"""The renal line: the highest rate that the label's table of creatinine clearances allows.

Knows the printed points and the straight lines between them. It does not estimate a clearance (`patient/`), and it
says nothing outside the table: below the first point no automatic rate exists, above the last one there is no line.
"""

from __future__ import annotations

import itertools
from decimal import ROUND_FLOOR, Context, Decimal

from inotrope.drug import Renal
from inotrope.errors import EquationError
from inotrope.units import Quantity

INDEXED = "mL/min/1.73 m2"
RATE = "mcg/kg/min"

DOWN = Context(prec=50, rounding=ROUND_FLOOR)
"""A ceiling that does not end in finitely many decimals is cut, never rounded up."""


def line_applies(renal: Renal, clearance: Quantity) -> bool:
    """Tell whether the table covers this clearance; both its ends belong to it."""
    return renal.lower.value <= clearance <= renal.upper.value


def renal_line(renal: Renal, clearance: Quantity) -> Quantity:
    """Return the table's rate at a clearance, on the straight line between the two printed points around it.

    Args:
        renal: The entry's table; points ascending.
        clearance: Creatinine clearance in mL/min/1.73 m2, as the printed table has it.

    Returns:
        The rate in mcg/kg/min.

    Raises:
        EquationError: The clearance lies outside the printed points.

    Source:
        The label's table (facts 1.1): 5, 10, 20, 30, 40, 50 give 0.20, 0.23, 0.28, 0.33, 0.38, 0.43. The points are
        points and not bands: "below 50: 0.43" applied to 41 would give 0.43 where the line has 0.385.
    """
    value = clearance.in_unit(INDEXED)
    points = [(point.clearance.in_unit(INDEXED), point.rate.in_unit(RATE)) for point in renal.points]
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= value <= right:
            return Quantity(low + DOWN.divide((value - left) * (high - low), right - left), RATE)
    raise EquationError(
        f"The renal table has no rate at a clearance of '{clearance.shown(1)}'; it covers {points[0][0]} to "
        f"{points[-1][0]} {INDEXED}. Dose outside it only on a measured level.",
        value=clearance,
        accepted=f"{points[0][0]} to {points[-1][0]} {INDEXED}",
    )


def hours_to_minutes(rate_per_h: Decimal) -> Decimal:
    """Return mcg/kg/h as mcg/kg/min, cut and never rounded up, since it serves as a ceiling."""
    return DOWN.divide(rate_per_h, Decimal(60))
