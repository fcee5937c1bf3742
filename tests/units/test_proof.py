"""Pint agrees with every factor and every dimension of the closed list, and notices a planted slip."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from inotrope.units.proof import prove_units
from inotrope.units.registry import read_list


@pytest.mark.hazard("rate-in-the-wrong-unit")
def test_pint_proves_the_list() -> None:
    assert prove_units() == ()


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("mcg", {"factor": "1/1000"}, "Unit 'mcg' has the factor '1/1000'; it is '1/1000000'."),
        ("mcg/kg/h", {"factor": "1/60000000"}, "Unit 'mcg/kg/h' has the factor '1/60000000'; it is '1/3600000000'."),
        ("mg", {"pint": "liter", "factor": "1/1000"}, "Unit 'mg' does not convert into the other units of 'mass'."),
        ("kPa", {"dimension": "force"}, "'force' and 'pressure' are one dimension under two words."),
    ],
)
def test_a_planted_slip_is_found(name: str, change: dict[str, str], says: str) -> None:
    document: dict[str, Any] = copy.deepcopy(read_list())
    entry = next(item for item in document["unit"] if item["name"] == name)
    entry.update(change)
    assert says in prove_units(document)
