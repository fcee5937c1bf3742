"""The numbers that a simulator of milrinone must give (`milrinone_section_7.toml`), as far as compartments alone go.

What a publication's formula says of a patient is asked of its model file elsewhere; here the formula as the facts print
it is worked out once more, so that a wrong expected value is not handed on.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope import kinetics

CHECKS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "milrinone_section_7.toml").read_text(encoding="utf-8")
)["check"]
# To mcg, L, h; what is per kg stays per kg.
FACTORS = {
    "mcg/kg/min": 60.0,
    "mcg/h": 1.0,
    "L/kg/h": 1.0,
    "mL/kg/min": 0.06,
    "L/h": 1.0,
    "mL/h": 0.001,
    "L/kg": 1.0,
    "mL/kg": 0.001,
    "mL": 0.001,
    "ng/mL": 1.0,
    "h": 1.0,
}
# As section 2 of the facts prints them: age in months, clearance of creatinine in mL/min.
FORMULAS: dict[tuple[str, str], Callable[..., float]] = {
    ("bailey_1999", "clearance"): lambda age: 2.5 * (1 + 0.058 * age),
    ("bailey_2004", "half-life"): lambda age: math.log(2) * 482 / (2.42 * (1 + 0.0396 * age)) / 60,
    ("osaka_2009", "steady concentration"): lambda weight, creatinine_clearance, rate: (
        51.1 * weight / creatinine_clearance + 28.2
    ),
    ("osaka_2009", "renal clearance"): lambda weight, creatinine_clearance: 1.77 * creatinine_clearance - 3.89,
    ("hornik_2019", "clearance"): lambda weight, maturation, creatinine_clearance: (
        15.9 * (weight / 70) ** 0.75 * maturation * (creatinine_clearance / 117) ** 0.522
    ),
    ("gist_2018", "ratio of clearances"): lambda **both: both["with"] / both["without"],
    ("label_adult", "steady concentration"): lambda rate: rate * 60 / 0.14,
}


def plain(text: str) -> float:
    return float(text.split(" ", maxsplit=1)[0])


def size(text: str) -> float:
    number, _, unit = text.partition(" ")
    return float(number) * FACTORS[unit]


def hair(check: dict[str, Any]) -> float:
    number, _, unit = check["tolerance"].partition(" ")
    return float(number) / 100 * plain(check["expected"]) if unit == "%" else float(number)


def name(check: dict[str, Any]) -> str:
    return f"{check['row']} {check['publication']} {check['quantity']} {' '.join(check['inputs'].values())}"


@pytest.mark.parametrize("check", [check for check in CHECKS if check["asks"] == "kinetics"], ids=name)
def test_what_compartments_alone_give(check: dict[str, Any]) -> None:
    given = {what: size(text) for what, text in check["inputs"].items()}
    parameters = kinetics.Parameters.of(clearance_l_per_h=given["clearance"], volume_l=given.get("volume", 0.45))
    if check["quantity"] == "half-life":
        found = kinetics.half_lives(parameters)
    else:
        found = kinetics.steady_concentration(parameters, given["rate"])
        # And a curve that runs long enough arrives there.
        timeline = kinetics.Timeline.of_rates(np.array([0.0]), np.array([given["rate"]]))
        late = 60 * float(kinetics.half_lives(parameters)[0, 0])
        curve = kinetics.concentrations(timeline, parameters, np.array([late]))
        assert curve == pytest.approx(np.ravel(found), rel=1e-12)
    assert np.ravel(found) == pytest.approx([size(check["expected"])], abs=hair(check))


@pytest.mark.parametrize(
    "check", [check for check in CHECKS if check["asks"] == "model" and check["expected"] != "refused"], ids=name
)
def test_what_the_formula_gives_as_printed(check: dict[str, Any]) -> None:
    formula = FORMULAS[check["publication"], check["quantity"]]
    found = formula(**{what: plain(text) for what, text in check["inputs"].items()})
    assert found == pytest.approx(plain(check["expected"]), abs=hair(check))


def test_every_row_of_the_models_is_here() -> None:
    """Rows 12-14, 18, 20, 23 do not exist in the facts; 24 and 25 are of the circulation."""
    assert {check["row"] for check in CHECKS} == {9, 10, 11, 15, 16, 17, 19, 21, 22, 26}
    assert all(check["status"] in ("confirmed", "derived", "unconfirmed") for check in CHECKS)
