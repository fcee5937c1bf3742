"""Whom a plan is for, as it is shown: the body, and the age in the unit that its group is spoken of in.

Knows how an age is written; which group it makes, `patient/age.py` says. No name and no date of birth comes out.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from inotrope.patient import Case, body_size
from inotrope.plan.record import PatientSummary
from inotrope.units import Quantity, round_half_up

_DAYS_BELOW, _WEEKS_BELOW = Decimal(28), Decimal(168)
"""Days; how an age is written, not a limit of a dose: a newborn's in days, then in weeks while those of the pregnancy
still count, then in months below two years."""
_HOURS_BELOW = Decimal(3)
"""Days, where the hour of birth is known."""
_MONTHS_BELOW = 2
"""Years."""


def patient_summary(case: Case) -> PatientSummary:
    """Return whom a plan is for: the weight that doses, with what stands beside it."""
    size = body_size(case)
    return PatientSummary(
        sex=case.patient.sex,
        age=_age(case),
        weight=case.patient.weight,
        height=case.height,
        ideal_weight=size.ideal,
        adjusted_weight=size.adjusted,
        body_surface_area=size.bsa_mosteller,
        gestational_age=case.patient.gestational_age,
        postmenstrual_age=case.postmenstrual_age,
    )


def _age(case: Case) -> Quantity:
    """Return the age in completed years; below two years in months, weeks or days, and in hours on the first days."""
    days = case.postnatal_age
    if case.age_years >= _MONTHS_BELOW:
        return Quantity(Decimal(case.age_years), "year")
    if case.postnatal_hours_known and days.value < _HOURS_BELOW:
        return _completed(days.to("h"))
    if days.value < _DAYS_BELOW:
        return _completed(days)
    return _completed(days.to("week" if days.value < _WEEKS_BELOW else "month"))


def _completed(age: Quantity) -> Quantity:
    whole = round_half_up(age.value, 6).to_integral_value(ROUND_FLOOR)  # 11 h are no finite decimal of a day
    return Quantity(whole, age.unit)
