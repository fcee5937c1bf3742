"""How tight a limit may be at all: beyond it no dose would be left, or every value of a patient would cross it.

Knows for each limit what it is held against: the entry's own lowest rate and load, its shortest interval, and the
plausible range of the vocabulary for what is measured. It invents no number: where nothing stands to hold a limit
against, any tighter value is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from inotrope.drug.conditions import MeasurementCompares, walk
from inotrope.drug.directions import Tighter
from inotrope.drug.entries import Entry
from inotrope.drug.rules import Rule
from inotrope.patient import vocabulary
from inotrope.units import Quantity

MEASURED = {
    "pressure.mean_arterial": "mean arterial pressure",
    "electrolytes.potassium_correct_first": "serum potassium",
    "weight.table_maximum": "body weight",
    "weight.table_minimum": "body weight",
}
"""Numbers of an entry that are held against something measured, as the vocabulary calls it."""


def lowest_rate(entry: Entry) -> Quantity:
    """Return the lowest rate that an entry prints: where it starts, or the lowest point of its renal table."""
    points = () if entry.renal is None else tuple(point.rate for point in entry.renal.points)
    return min((entry.maintenance.minimum.value, *points))


def _lowest_day(entry: Entry) -> Quantity:
    """Return what the lowest rate comes to in 24 h, mg/kg."""
    return Quantity(lowest_rate(entry).in_unit("mcg/kg/h") * 24 / 1000, "mg/kg")


def _interval(entry: Entry) -> Quantity:
    return entry.titration.interval.value


_LOWEST: dict[str, Callable[[Entry], Quantity]] = {
    "maintenance.maximum": lowest_rate,
    "total_24_h.maximum": _lowest_day,
    "duration.controlled_experience": _interval,
    "duration.longest": _interval,
    "duration.until_age": _interval,
    "storage.diluted_life": _interval,
}
"""What a number of an entry must not fall below, so that something of the entry is left."""

_AS_LOW_AS_PRINTED = {
    "load.dose": "load.dose",
    "load.dose_maximum": "load.dose",
    "history.largest_dose": "load.dose",
    "load.rate": "load.rate",
    "load.rate_maximum": "load.rate",
}
"""Numbers of a load, and what no entry prints lower: below it there is no load, which `[load] given` says."""


def end_of_number(path: str, meant: Iterable[Entry], every: Iterable[Entry], way: Tighter) -> Quantity | None:
    """Return the tightest value of a number that leaves any of the meant entries a dose; None where nothing tells.

    Args:
        path: Of the number, such as `maintenance.maximum`.
        meant: The entries whose number it is.
        every: All entries of the folder: a load may be as small as the smallest that any of them prints.
        way: On which side it is tighter.
    """
    if path == "pressure.systolic":  # it has no range of its own: above what no mean pressure reaches, all are low
        return vocabulary().limit("mean arterial pressure.impossible_above").value
    if path in MEASURED:
        return _end_of_measurement(MEASURED[path], way)
    if path in _AS_LOW_AS_PRINTED:
        numbers = (entry.numbers.get(_AS_LOW_AS_PRINTED[path]) for entry in every)
        return min((number.value for number in numbers if number is not None), default=None)
    lowest = _LOWEST.get(path)
    return None if lowest is None else min(lowest(entry) for entry in meant)


def end_of_limit(rule: Rule, name: str, way: Tighter) -> Quantity | None:
    """Return the tightest value of a rule's own limit: the end of the plausible range of what it is held against."""
    reference = f"@{name}"
    measured = [
        leaf.name
        for leaf in walk(rule.when)
        if isinstance(leaf, MeasurementCompares) and leaf.limit_reference == reference
    ]
    return _end_of_measurement(measured[0], way) if measured else None


def _end_of_measurement(name: str, way: Tighter) -> Quantity | None:
    kind = vocabulary().measurement(name)
    limit = None if kind is None else kind.limit("plausible_minimum" if way is Tighter.LOWER else "plausible_maximum")
    return None if limit is None else limit.value
