"""Chambers: what atria hold, and what is refused."""

from __future__ import annotations

import pytest

from inotrope.circulation import loop
from inotrope.circulation.beats import Chambers, cycle
from inotrope.errors import CirculationError

from ..patients import failing
from .conftest import of_file


def test_what_atria_hold() -> None:
    """25 mmHg / 0.22 and 12 mmHg / 0.15."""
    _, chambers = of_file("failing")
    assert chambers.held_by_atria_ml == pytest.approx(25 / 0.22 + 12 / 0.15, rel=1e-13)


def test_the_order_is_that_of_the_machine_code() -> None:
    heart, chambers = of_file("failing")
    names = [*heart.arrays, *chambers.arrays]
    assert len(heart.arrays) == loop.CPV + 1
    for place, name in (
        (cycle.RISE, "rise_s_per_root_s"),
        (cycle.LEAD, "atrial_lead_s"),
        (cycle.RA_LOW, "right_atrium_low_mmhg_per_ml"),
        (cycle.VALVE, "valve_mmhg_s_per_ml"),
        (cycle.MOST, "most_of_resistance"),
        (cycle.HELD, "held_by_atria_ml"),
    ):
        assert names[place] == name
    assert len(names) == cycle.NUMBERS


def test_every_number_must_be_given_and_above_zero() -> None:
    heart, given = of_file("failing")[0], failing().chambers
    with pytest.raises(TypeError, match="No part of the chambers: septum"):
        Chambers.of(heart, **given, septum=1.0)
    with pytest.raises(KeyError, match="fall_share"):
        Chambers.of(heart, **{name: value for name, value in given.items() if name != "fall_share"})
    with pytest.raises(CirculationError, match="is not above zero"):
        Chambers.of(heart, **given | {"valve_mmhg_s_per_ml": 0.0})
