from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from inotrope.patient import read_case
from inotrope.plan import Plan, make_plan
from inotrope.units import Quantity, read_quantity

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))
STOP = "severe-valve-obstruction"
LOW = "low-pressure"
"""The example of a low pressure: its stop is always set aside, to show what stands under it."""


@cache
def _plan(name: str, reason: str, kidney: str) -> Plan:
    assumed: Quantity | None = None
    if kidney:
        assumed = read_quantity(kidney, what="Kidney", dimensions=("flow per body surface area",))
    overrides = {STOP: reason} if reason else {}
    if name == LOW:
        overrides["low-pressure-at-start"] = "shock, its pressure held by norepinephrine"
    return make_plan(read_case(CASES / f"{name}.json"), overrides=overrides, assume_kidney=assumed)


@pytest.fixture
def plan_of() -> Callable[..., Plan]:
    """Give the plan of a shipped example, with its stop overridden or its kidney assumed where that is asked."""

    def plan(name: str, *, reason: str = "", kidney: str = "") -> Plan:
        return _plan(name, reason, kidney)

    return plan


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "example" in metafunc.fixturenames:
        metafunc.parametrize("example", NAMES)
