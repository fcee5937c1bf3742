from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.drug import numbers
from inotrope.drug.numbers import Kind
from inotrope.units import Quantity, unit


@pytest.mark.parametrize("kind", [item for item in vars(numbers).values() if isinstance(item, Kind)])
def test_a_kind_has_a_span_in_a_unit_of_its_dimension(kind: Kind) -> None:
    assert unit(kind.unit).dimension == kind.dimension
    assert kind.lowest < kind.highest
    for end in (kind.lowest, kind.highest):
        assert kind.holds(Quantity(end, kind.unit))


def test_both_ends_of_a_span_are_inside_whatever_the_unit() -> None:
    assert numbers.STRENGTH.holds(Quantity(Decimal("15"), "mcg/mL"))
    assert not numbers.STRENGTH.holds(Quantity(Decimal("14.9"), "mcg/mL"))
    assert numbers.STRENGTH.span == "0.015 to 13 mg/mL"


@pytest.mark.parametrize("factor", [70, 1000])
def test_milrinone_seventy_or_a_thousand_times_off_falls_out(factor: int) -> None:
    # The label's load, rates and strengths (facts/milrinone.md 1.1): at least one of each group falls out either way.
    groups = [
        (numbers.LOAD, ["50"], "mcg/kg"),
        (numbers.RATE, ["0.375", "0.5", "0.75"], "mcg/kg/min"),
        (numbers.STRENGTH, ["0.2", "1"], "mg/mL"),
    ]
    for kind, values, name in groups:
        exact = [Quantity(Decimal(value), name) for value in values]
        assert all(kind.holds(item) for item in exact)
        assert not all(kind.holds(Quantity(item.value * factor, name)) for item in exact)
        assert not all(kind.holds(Quantity(item.value / factor, name)) for item in exact)
