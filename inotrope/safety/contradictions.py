"""What cannot both be true of one record: pressures in the wrong order, and a height that does not fit the weight.

Knows how each is computed. It holds no limit of its own, except how near in time two pressures must be to be compared.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.findings import Truth
from inotrope.patient import Case, vocabulary
from inotrope.safety.situation import Fact
from inotrope.units import hours_between, round_half_up

BUILD, PRESSURES = "weight over squared height", "pressures are in the wrong order"
OTHER_PULSE = ("intra-aortic balloon pump", "ventricular assist device", "ECMO")
"""Machines beside which a diastolic pressure may stand above the systolic one: a balloon inflates in between."""
UPWARDS = ("diastolic blood pressure", "mean arterial pressure", "systolic blood pressure")


def contradictions(case: Case) -> dict[str, Fact]:
    """Return both facts; where one of two values is missing there is nothing to compare.

    Weight over squared height, kg/m2, is told from the age of one year on: a younger child's length is rarely measured
    well. Beyond which it is nobody's, a rule says.
    """
    return {BUILD: _build(case), PRESSURES: Truth.of(_wrong_order(case) and not _other_pulse(case))}


def _other_pulse(case: Case) -> bool:
    return any(case.supported_by(name) is Truth.PRESENT for name in OTHER_PULSE)


def _build(case: Case) -> Fact:
    youngest = vocabulary().limit("equations.schwartz_2009_age_minimum").value.in_unit("year")
    if case.height is None or case.exact_age_years < youngest:
        return Truth.ABSENT
    height = case.height.in_unit("cm") / 100
    return round_half_up(case.patient.weight.in_unit("kg") / (height * height), 6)


def _wrong_order(case: Case) -> bool:
    """Tell whether the newest of two pressures, taken together, stand the wrong way round."""
    together: Decimal = vocabulary().limit("pressures.taken_together").value.in_unit("h")
    newest = [found for name in UPWARDS if (found := case.latest(name)) is not None]
    return any(
        lower.value > upper.value and abs(hours_between(lower.at, upper.at)) <= together
        for place, upper in enumerate(newest)
        for lower in newest[:place]
    )
