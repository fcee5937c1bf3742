"""Many patients on an even grid of times: two products and sums a mode and point, and no exponential at all.

Knows that on an even grid the exponentials of 64 points are one exponential times a table of the patient's. Agrees with
`concentrations_of_many` at the same times to a few units in the last place, not to the bit. The answer does not
depend on the number of threads nor on the order of patients.
"""

from __future__ import annotations

import math

import numpy as np

from inotrope.errors import KineticsError
from inotrope.kinetics.many.exponential import Floats
from inotrope.kinetics.many.patients import Many, buffer, walked
from inotrope.kinetics.many.walk import GRID, kernel_of


def concentrations_even(
    many: Many, *, step_h: float, count: int, start_h: float = 0.0, out: Floats | None = None, threads: int = 1
) -> Floats:
    """Return the concentration of each patient at `start_h + k step_h` for k from 0 up to `count`.

    Args:
        many: The patients; their own times are not looked at.
        step_h: h, above 0.
        count: How many times, at least 0.
        start_h: h, the first time.
        out: `(N, count)` float64, contiguous, written to and returned; None makes an array, which takes longer than
            what is written to it.
        threads: How many work at once.

    Returns:
        ng/mL, `(N, count)`; 0 before everything. At the time of a dose: just after it.

    Raises:
        KineticsError: The grid is none, `out` does not fit, or `threads` is below 1.
    """
    for name, value, sound in (
        ("step_h", step_h, math.isfinite(step_h) and step_h > 0),
        ("start_h", start_h, math.isfinite(start_h)),
        ("count", count, count >= 0 and count == int(count)),
    ):
        if not sound:
            accepted = {"step_h": "hours above 0", "start_h": "finite hours", "count": "a whole number of at least 0"}
            raise KineticsError(f"'{name}' is '{value}'.", value=value, accepted=accepted[name], where=name)
    walk = kernel_of(many.compartments, GRID)
    result = buffer(out, (many.patients, int(count)))
    return walked(many, walk, result, np.empty(0), (float(start_h), float(step_h)), threads=threads)
