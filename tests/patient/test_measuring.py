"""One measured value; the refusals stand in test_reading.py, seen from the case."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from inotrope.errors import LibraryError
from inotrope.patient.measuring import MAY_BE_ZERO, read_measurement
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity, unit

WEIGHT = Quantity(Decimal("80"), "kg")
LINKED = {"mass concentration", "molar concentration", "equivalent concentration"}


@pytest.mark.parametrize("name", ["body weight", "height"])
def test_the_patients_own_limits_stand_in_the_vocabulary(name: str) -> None:
    assert vocabulary().measurement(name) is not None


def test_a_zero_is_allowed_only_under_known_names() -> None:
    assert set(vocabulary().names("measurement")) >= MAY_BE_ZERO


def test_a_value_below_quantification_keeps_what_was_written() -> None:
    kind = vocabulary().measurement("level")
    assert kind is not None
    at = datetime(2026, 11, 22, tzinfo=UTC)
    found = read_measurement(" < 0.02  mg/L", kind=kind, of="milrinone", at=at, site=None, weight=WEIGHT)
    assert (found.below, found.as_written, str(found.value)) == (True, "< 0.02 mg/L", "20 ng/mL")


@pytest.mark.parametrize("name", vocabulary().names("measurement"))
def test_every_accepted_unit_becomes_the_shown_one(name: str) -> None:
    kind = vocabulary().measurement(name)
    assert kind is not None
    wanted = unit(kind.unit).dimension
    for accepted in kind.units:
        own = unit(accepted).dimension
        by_weight = (own, wanted) == ("flow", "flow per body weight")
        assert own == wanted or by_weight or {own, wanted} <= LINKED, f"{accepted} of {name}"


def test_a_limit_with_the_wrong_kind_of_number_is_an_error() -> None:
    with pytest.raises(LibraryError, match=r"'kdigo\.stage_1_ratio' is no limit"):
        vocabulary().limit("kdigo.stage_1_ratio")
