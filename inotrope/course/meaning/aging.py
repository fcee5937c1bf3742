"""An age that was written as an age, as a course goes on: a newborn of 12 h is one of 84 h three days later.

Knows that a date of birth grows by itself and a written age does not. Left as it was, a newborn stays in its first
hours, and what was measured three days ago lies before its birth.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from inotrope.errors import InotropeError
from inotrope.units import Quantity, hours_between, plain_number, read_quantity, read_time, round_half_up

DECIMALS = 2
"""Of an age in hours, days, weeks or months: what is lost at each rewriting is half a hundredth of that."""
YEAR = "year"


def aged(patient: Mapping[str, Any], *, written: str, now: datetime) -> dict[str, Any]:
    """Return who the patient is at a later moment than the one that the age was written for.

    Years are spoken whole: they grow by whole years.

    Args:
        patient: As the case has it.
        written: The moment of the case that has it.
        now: The moment that is asked for; before `written` nothing is changed.
    """
    if "age" not in patient:
        return dict(patient)
    try:
        age = read_quantity(patient["age"], what="Age", dimensions=("time",), positive=False)
    except InotropeError:  # whoever reads the case says what is wrong with it
        return dict(patient)
    passed = hours_between(read_time(written, what="Time"), now) / Quantity(Decimal(1), age.unit).in_unit("h")
    more = passed.to_integral_value(ROUND_FLOOR) if age.unit == YEAR else round_half_up(passed, DECIMALS)
    if more <= 0:
        return dict(patient)
    return {**patient, "age": f"{plain_number(age.value + more)} {age.unit}"}
