"""Numbers with units become the numbers that `circulation` takes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.circulation import Assumed, Bedside, Enzyme, Reflex, Response
from inotrope.circulation.beats import Chambers, Lags
from inotrope.drug import Counted, Sourced
from inotrope.drug.reading import NOWHERE
from inotrope.population.response import kinds
from inotrope.population.response.kinds import as_float
from inotrope.units import Quantity


def test_a_share_a_quantity_and_a_plain_number() -> None:
    assert as_float(Sourced(Quantity(Decimal("20"), "%"), NOWHERE), "share") == 0.2
    assert as_float(Sourced(Quantity(Decimal("2"), "min"), NOWHERE), "s") == 120
    assert as_float(Counted(Decimal("0.7"), NOWHERE), "") == 0.7
    resistance = Sourced(Quantity(Decimal("80"), "dyn s/cm5"), NOWHERE)
    assert as_float(resistance, "mmHg s/mL") == pytest.approx(80 / 1333.22387415, rel=1e-12)


@pytest.mark.parametrize(
    ("asked", "taken", "given_otherwise"),
    [
        (kinds.TYPICAL, Bedside, set()),
        (kinds.ASSUMED, Assumed, set()),
        (kinds.REFLEX, Reflex, set()),
        (kinds.LAGS, Lags, set()),
        (kinds.CHAMBERS, Chambers, {"held_by_atria_ml"}),
        (kinds.ENZYME, Enzyme, {"molar_mass_g_per_mol"}),
        (kinds.MEMBER, Response, {"rate_by_drive"}),
    ],
)
def test_every_number_that_is_taken_is_asked_for(asked: tuple, taken: type, given_otherwise: set[str]) -> None:
    assert {item.name for item in asked} | given_otherwise == set(taken.__dataclass_fields__)
    assert all((item.kind is None) == (item.unit == "") for item in asked)
