"""Orders ten times off beside a patient: the first rate of a preterm told as a dose, a small load, what runs."""

from __future__ import annotations

import pytest

from inotrope.patient import read_case
from inotrope.plan import OrderCheck, check_order
from tests.cli.conftest import CASES


def check(text: str, case: str) -> OrderCheck:
    return check_order(text, case=read_case(CASES / f"{case}.json"))


def told(found: OrderCheck, severity: str) -> dict[str, str]:
    return {item.rule: item.says for item in found.findings if item.severity.value == severity}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # the guideline gives 0.75 mcg/kg/min for 3 h, which is 135 mcg/kg; 1.2 mg / 0.9 kg = 1,333.3 mcg/kg
        ("milrinone load 1.2 mg over 3 h", "The load of 1.2 mg, which is 1,333.3 mcg/kg, is above 135 mcg/kg"),
        ("milrinone 1350 mcg/kg over 3 h then 0.2 mcg/kg/min", "The load of 1,350 mcg/kg is above 135 mcg/kg"),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_first_rate_that_is_told_as_a_dose_has_the_limit_of_one(text: str, says: str) -> None:
    found = check(text, "preterm-baby")
    assert found.status == "stopped"
    assert told(found, "stop")["load-above-entry"].startswith(says)


@pytest.mark.hazard("order-that-contradicts-itself")
def test_it_goes_in_no_faster_than_that_rate() -> None:
    found = check("milrinone 135 mcg/kg over 18 min then 0.2 mcg/kg/min", "preterm-baby")  # 135 / 18
    assert told(found, "stop")["load-too-fast"].startswith(
        "The load of 135 mcg/kg goes in over 18 min at 7.5 mcg/kg/min, faster than the 0.75 mcg/kg/min of the"
    )
    whole = check("milrinone 135 mcg/kg over 3 h then 0.2 mcg/kg/min", "preterm-baby")  # 135 / 180 = 0.75
    assert whole.status == "consistent" and not told(whole, "stop")


@pytest.mark.parametrize(
    ("text", "case", "says"),
    [
        # 0.41 mg / 82 kg = 5 mcg/kg of the label's 50
        ("milrinone load 0.41 mg over 10 min", "sound-adult", "The load of 0.41 mg, which is 5 mcg/kg, is 90 % below"),
        ("milrinone load 5 mcg/kg over 10 min", "sound-adult", "The load of 5 mcg/kg is 90 % below"),
        # 0.012 mg / 0.9 kg = 13.3 mcg/kg of 135
        (
            "milrinone load 0.012 mg over 3 h",
            "preterm-baby",
            "The load of 0.012 mg, which is 13.3 mcg/kg, is 90 % below",
        ),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_load_far_below_that_of_the_plan_is_asked_about(text: str, case: str, says: str) -> None:
    found = check(text, case)
    assert found.status == "warned"
    assert told(found, "warn")["load-below-plan"].startswith(says)


@pytest.mark.parametrize("text", ["milrinone load 4.1 mg over 10 min", "milrinone load 45 mcg/kg over 10 min"])
def test_the_load_of_the_plan_and_one_a_tenth_smaller_are_not(text: str) -> None:
    assert "load-below-plan" not in told(check(text, "sound-adult"), "warn")


@pytest.mark.parametrize(
    "text", ["milrinone 0.05 mcg/kg/min", "milrinone 1.23 mL/h", "continue milrinone at 1.25 mL/h"]
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_tenth_of_what_runs_is_asked_about(text: str) -> None:
    found = check(text, "running-since-yesterday")  # 0.5 mcg/kg/min, 0.5 x 82 x 60 / 200 = 12.3 mL/h
    assert found.status == "warned"
    assert told(found, "warn")["tenth-of-what-runs"].endswith("is a tenth of what runs, 0.5 mcg/kg/min.")


@pytest.mark.parametrize(
    "text", ["milrinone 0.5 mcg/kg/min", "milrinone 0.25 mcg/kg/min", "milrinone 0.125 mcg/kg/min"]
)
def test_what_runs_and_a_step_down_are_not(text: str) -> None:
    assert "tenth-of-what-runs" not in told(check(text, "running-since-yesterday"), "warn")
