"""The time that an interval of a text says, and the age that an age says: `q30min` is 30 min, `27+3 weeks` is an age.

Knows the forms that `patterns.py` recognizes. An age without a unit is taken in years, and where the weight says that
this cannot be true, the age is asked for.
"""

from __future__ import annotations

import re
from decimal import Decimal

from inotrope.order.statements import Kind
from inotrope.patient import vocabulary
from inotrope.units import Quantity

_UNITS = {"mi": "min", "h": "h", "d": "day", "w": "week"}
_INTERVAL = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)?(?:\s*(?:-|to|\u2013)\s*\d+)?\s*-?\s*(?P<unit>mi|h|d|w)", re.IGNORECASE
)
_EACH = re.compile(r"(?:every|each|q)\s*", re.IGNORECASE)
_GESTATION = re.compile(r"(?P<weeks>\d{2})(?:\s?\+\s?(?P<days>[0-6])|\s(?P<sevenths>[0-6])/7)?")
_AGE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*-?\s*(?P<unit>mo|[ywd])?", re.IGNORECASE)
_AGE_UNITS = {"mo": "month", "y": "year", "w": "week", "d": "day"}


def interval_of(text: str) -> Quantity:
    """Return the shortest time of an interval as it is written: `q4-6h` is 4 h, `every minute` and `daily` are one."""
    match = _INTERVAL.match(_EACH.sub("", text, count=1))
    assert match is not None  # every form of an interval has a unit of time
    return Quantity(Decimal(match["number"] or 1), _UNITS[match["unit"].lower()])


def is_gestation(weeks: Quantity) -> bool:
    """Tell whether a gestational age lies within what the vocabulary takes for possible."""
    lowest, highest = (vocabulary().limit(f"newborn.gestational_age_{end}").value for end in ("minimum", "maximum"))
    return lowest <= weeks <= highest


def age_of(text: str) -> tuple[Kind, Quantity]:
    """Return an age as it is written, and whether it is counted from birth or from conception."""
    weeks = _GESTATION.search(text)
    conceived = re.search(r"pma|cga", text, re.IGNORECASE) is not None
    if weeks is not None and (conceived or "+" in text or re.search(r"gest|\bga\b", text, re.IGNORECASE)):
        days = Decimal(weeks["days"] or weeks["sevenths"] or 0)
        value = Quantity(Decimal(weeks["weeks"]) + days / 7, "week")
        return (Kind.POSTMENSTRUAL if conceived else Kind.GESTATION), value
    match = _AGE.search(text)
    assert match is not None  # every form of an age has a number
    unit = (match["unit"] or "y").lower()
    return Kind.AGE, Quantity(Decimal(match["number"]), _AGE_UNITS[unit])
