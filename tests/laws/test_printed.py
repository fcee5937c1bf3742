"""The entries of the library are those typed by hand from the facts: the same numbers for the same patients."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inotrope.drug import Entry, RateLoad, load_drug
from inotrope.units import Quantity
from tests.laws import printed
from tests.laws.printed import ADULT, PRINTED, Printed

ENTRIES = {entry.id: entry for entry in load_drug("milrinone").entries}
EACH = pytest.mark.parametrize("row", PRINTED, ids=lambda row: row.id)


def number(quantity: Quantity, unit: str) -> Fraction:
    """Return a quantity in a unit, as a fraction."""
    return Fraction(quantity.in_unit(unit))


def test_the_entries_stand_in_the_order_of_the_table() -> None:
    assert list(ENTRIES) == [row.id for row in PRINTED]


@EACH
def test_an_entry_is_for_whom_the_table_says(row: Printed) -> None:
    entry = ENTRIES[row.id]
    names = {name.casefold() for name in (entry.indication, *entry.synonyms)}
    assert {" ".join(name.split()).casefold() for name in row.names} <= names
    assert entry.group == row.group
    assert entry.authority == row.authority
    gestation = (entry.gestational_age.minimum, entry.gestational_age.below)
    for limit, weeks in zip(gestation, row.gestation, strict=True):
        assert (None if limit is None else number(limit.value, "week")) == weeks
    since = (entry.postmenstrual_age.minimum, entry.postmenstrual_age.maximum)
    for limit, week in zip(since, row.conception or (None, None), strict=True):
        assert (None if limit is None else number(limit.value, "week")) == week


@EACH
def test_an_entry_has_the_printed_rates_and_no_other(row: Printed) -> None:
    rates = ENTRIES[row.id].maintenance
    stated = {number(item.value, "mcg/kg/min") for item in (rates.minimum, *rates.steps, rates.maximum)}
    assert tuple(sorted(stated)) == row.steps
    assert number(rates.minimum.value, "mcg/kg/min") == row.start
    assert number(rates.maximum.value, "mcg/kg/min") == row.top


@EACH
def test_an_entry_has_the_printed_load_or_none(row: Printed) -> None:
    load = ENTRIES[row.id].load
    if row.load is None:
        assert load is None
        return
    assert load is not None
    assert number(load.duration.value, "min") == row.load.hours * 60
    assert isinstance(load, RateLoad) == row.load.by_rate
    if isinstance(load, RateLoad):
        assert number(load.rate.value, "mcg/kg/min") * row.load.hours * 60 == row.load.low
        assert number(load.highest.value, "mcg/kg/min") * row.load.hours * 60 == row.load.high
    else:
        highest = load.dose if load.dose_maximum is None else load.dose_maximum
        assert (number(load.dose.value, "mcg/kg"), number(highest.value, "mcg/kg")) == (row.load.low, row.load.high)


def _hours(entry: Entry, name: str) -> Fraction | None:
    found = getattr(entry.duration, name)
    return None if found is None else number(found.value, "h")


@EACH
def test_caps_tables_and_times_belong_to_their_entry(row: Printed) -> None:
    entry = ENTRIES[row.id]
    cap = None if entry.total_24_h is None else number(entry.total_24_h.maximum.value, "mcg/kg")
    assert cap == row.cap
    assert (_hours(entry, "controlled_experience"), _hours(entry, "longest")) == (row.experience, row.longest)
    assert (entry.renal is not None) == (row.group == ADULT) == (entry.kidney is None)
    if entry.renal is not None:
        points = [
            (number(point.clearance, "mL/min/1.73 m2"), number(point.rate, "mcg/kg/min"))
            for point in entry.renal.points
        ]
        assert points == [(Fraction(flow), Fraction(rate)) for flow, rate in printed.RENAL_TABLE]
    assert number(entry.numbers["history.largest_dose"].value, "mcg/kg") == row.largest_dose
    assert ("pressure.systolic" in entry.numbers) == (row.group == ADULT)
