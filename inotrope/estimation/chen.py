"""The kinetic estimate of Chen beside the walk: one clearance for each stretch between two creatinines.

Knows how to run the published equation (`patient/kidney_equations.py`) along a series, with the highest daily rise of
this patient's own production and volume, which the paper allows for where they are known. It gives no uncertainty, and
where a creatinine rises faster than production allows, the equation gives 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from inotrope.errors import RequestError
from inotrope.estimation.creatinine_balance import MG_PER_L
from inotrope.estimation.problem import Floats
from inotrope.patient.kidney_equations import kinetic_gfr
from inotrope.units import Quantity

_HOURS_PER_DAY = 24.0


def chen_clearances(
    times_h: ArrayLike,
    creatinine_mg_per_dl: ArrayLike,
    *,
    age_years: int,
    baseline_creatinine_mg_per_dl: float,
    production_mg_per_h: float,
    volume_l: float,
) -> Floats:
    """Return the clearance between each creatinine and the next, (creatinines - 1,) L/h; never below 0.

    The baseline clearance is the one that held the baseline creatinine steady, production / creatinine.

    Args:
        times_h: (creatinines,) h, ascending.
        creatinine_mg_per_dl: mg/dL at these times.
        age_years: Completed years.
        baseline_creatinine_mg_per_dl: Of before the illness, mg/dL.
        production_mg_per_h: Of creatinine, mg/h; with the volume it gives the highest daily rise.
        volume_l: That holds creatinine, L.

    Raises:
        EquationError: Below 18 years, or a creatinine at the time of the one before it.
        RequestError: Another count of creatinines than of times, or a number that is not above 0.

    Source: Chen 2013, J Am Soc Nephrol 24:877.
    """
    times, measured = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (times_h, creatinine_mg_per_dl))
    if times.shape != measured.shape or times.ndim != 1:
        raise RequestError(f"There are {measured.size} creatinines at {times.size} times. Give one for each.")
    own: Sequence[float] = (baseline_creatinine_mg_per_dl, production_mg_per_h, volume_l, *measured.tolist())
    if not all(np.isfinite(number) and number > 0 for number in own):
        raise RequestError("Creatinines, production and volume are above 0.")
    rise = _quantity(_HOURS_PER_DAY * production_mg_per_h / (MG_PER_L * volume_l), "mg/dL")
    baseline = _quantity(baseline_creatinine_mg_per_dl, "mg/dL")
    steady = _quantity(production_mg_per_h / (MG_PER_L * baseline_creatinine_mg_per_dl), "L/h")
    found = [
        kinetic_gfr(
            age_years=age_years,
            baseline_creatinine=baseline,
            baseline_clearance=steady,
            earlier=_quantity(before, "mg/dL"),
            later=_quantity(after, "mg/dL"),
            interval=_quantity(hours, "h"),
            highest_daily_rise=rise,
        )
        for before, after, hours in zip(measured[:-1], measured[1:], np.diff(times), strict=True)
    ]
    return np.array([float(clearance.value) for clearance in found])


def _quantity(value: float, unit: str) -> Quantity:
    return Quantity(Decimal(repr(float(value))), unit)
