"""An amount that goes in within minutes is a load, whatever it is called; a bag that is empty too soon is too fast.

Every number is worked out by hand for 82 kg: the label's load is 50 mcg/kg = 4.1 mg = 4.1 mL of the vial over 10 min,
and its highest rate 0.75 mcg/kg/min.
"""

from __future__ import annotations

import pytest

from inotrope.patient import read_case
from inotrope.plan import OrderCheck, check_order
from tests.cli.conftest import CASES

SOUND, RUNNING = "sound-adult", "running-since-yesterday"


def check(text: str, case: str | None = SOUND) -> OrderCheck:
    return check_order(text, case=None if case is None else read_case(CASES / f"{case}.json"))


def rules(found: OrderCheck, severity: str) -> set[str]:
    return {item.rule for item in found.findings if item.severity.value == severity}


def stated(found: OrderCheck, what: str) -> list[str]:
    return [str(item.value) for item in found.statements if item.what == what]


@pytest.mark.parametrize(
    "text",
    [
        "milrinone 41 mg over 10 min then 12.3 mL/h of 200 mcg/mL",
        "milrinone 41 mg over 10 min, 82 kg",
        "milrinone 41 mg in 10 min, then 0.5 mcg/kg/min",
        "milrinone 41 mg within 10 min",
        "milrinone 41000 mcg IV over 10 minutes followed by 0.5 mcg/kg/min",
        "milrinone 41 mg in 50 mL over 10 min",
        "milrinone 20 mg/100 mL over 10 min",
        "milrinone 20 mg/100 mL, 41 mg over 10 min, then 0.5 mcg/kg/min, 82 kg, 12.3 mL/h",
        "milrinone 41 mg over 10 min then 20 mg/100 mL at 0.5 mcg/kg/min",
        "milrinone 41 mL over 10 min then 12.3 mL/h of 200 mcg/mL",
        "give 41 mL milrinone 1 mg/mL over 10 min",
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_load_that_is_not_called_one_keeps_the_limit_of_a_load(text: str) -> None:
    found = check(text)  # 41 mg / 82 kg = 500 mcg/kg, 20 mg / 82 kg = 244 mcg/kg: the load is 50
    assert found.status == "stopped"
    assert "load-above-entry" in rules(found, "stop")


@pytest.mark.parametrize(
    "text",
    [
        "milrinone 4.1 mg over 10 min then 12.3 mL/h of 200 mcg/mL",
        "milrinone 4.1 mg in 10 min, then 0.5 mcg/kg/min",
        "milrinone 4.1 mg IV over 10 minutes followed by 0.5 mcg/kg/min (82 kg)",
        "milrinone 20 mg/100 mL, 4.1 mg over 10 min, then 0.5 mcg/kg/min, 82 kg, 12.3 mL/h",
        "milrinone 4.1 mg in 20 mL over 10 min then 0.5 mcg/kg/min",
        "milrinone 4.1 mg/20 mL over 10 min then 0.5 mcg/kg/min",
        "give 4.1 mL milrinone 1 mg/mL over 10 min",
        "milrinone 4.1 mL of 1 mg/mL diluted to 20 mL over 10 min then 0.5 mcg/kg/min",
    ],
)
def test_the_labels_own_load_is_one_however_it_is_written(text: str) -> None:
    found = check(text)
    assert found.status == "consistent", [item.says for item in found.findings]
    assert stated(found, "time of the load") == ["10 min"]
    assert found.patient is not None
    assert "load with the load of the plan" in found.patient.compared


@pytest.mark.parametrize(
    "text",
    [
        "milrinone 20 mg @ 0.5 mcg/kg/min",
        "milrinone 10 mL of 1 mg/mL in 40 mL in 50 mL in 10 min",
        "milrinone 20 mg in 100 mL over 8 h",
        "milrinone 20 mg from 0.5 mcg/kg/min over 10 min",
    ],
)
def test_what_is_no_load_by_its_time_stays_what_it_was(text: str) -> None:
    assert stated(check(text, None), "time of the load") == []


@pytest.mark.parametrize("text", ["milrinone 41 mg from 200 mg over 10 min", "milrinone 41 mg in 82 kg over 10 min"])
def test_ten_times_the_load_behind_words_that_say_nothing_is_not_consistent(text: str) -> None:
    assert check(text).status in ("refused", "stopped")


def test_a_childs_load_over_an_hour_is_one() -> None:
    found = check("milrinone 200 mcg over 1 h then 0.25 mcg/kg/min", "child-after-surgery")  # 200 / 4 = 50 mcg/kg
    assert found.status == "consistent"
    assert stated(found, "time of the load") == ["1 h"]
    ten = check("milrinone 2 mg over 1 h then 0.25 mcg/kg/min", "child-after-surgery")
    assert "load-above-entry" in rules(ten, "stop")


def test_it_is_held_against_what_runs_like_any_load() -> None:
    assert "load-against-plan" in rules(check("milrinone 4.1 mg over 10 min", RUNNING), "stop")


def test_it_is_not_given_faster_than_a_load() -> None:
    assert "load-too-fast" in rules(check("milrinone 4.1 mg over 2 min then 0.5 mcg/kg/min"), "stop")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        # 20,000 mcg / 60 min / 82 kg
        ("milrinone 20 mg in 100 mL, over 60 min", "4.0650 mcg/kg/min"),
        # 41,000 mcg / 120 min / 82 kg
        ("milrinone 41 mg over 2 h, 82 kg", "4.1667 mcg/kg/min"),
        # 100 mL x 200 mcg/mL / 120 min / 82 kg
        ("milrinone 200 mcg/mL, 100 mL over 2 h", "2.0325 mcg/kg/min"),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_bag_that_is_empty_too_soon_is_above_the_maximum(text: str, rate: str) -> None:
    found = check(text)
    assert found.status == "stopped"
    assert "rate-above-maximum" in rules(found, "stop")
    assert [item.high.shown(4) for item in found.delivered] == [rate.replace(".0650", ".065")]


def test_a_bag_that_lasts_as_long_as_it_should_is_compared_with_the_plan() -> None:
    found = check("milrinone 20 mg in 100 mL over 8 h 82 kg")
    assert found.status == "consistent"
    (one,) = found.delivered
    assert one.high.shown(4) == "0.5081 mcg/kg/min"  # 20,000 / 480 / 82
    assert one.says == "20 mg / 8 h / 82 kg"


@pytest.mark.parametrize(
    "text",
    ["milrinone 20 mg in 100 mL over 8 h", "milrinone 0.5 mcg/kg/min, 20 mg in 100 mL", "milrinone over 8 h, 82 kg"],
)
def test_without_a_weight_or_a_time_a_bag_delivers_nothing_that_is_known(text: str) -> None:
    assert check(text, None).delivered == ()


@pytest.mark.parametrize(
    "text",
    [
        "milrinone 41 mg now then 12.3 mL/h of 200 mcg/mL",
        "milrinone 41 mg, 0.5 mcg/kg/min",
        "milrinone 41 mg for 10 min then 12.3 mL/h",
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_an_amount_of_which_nobody_knows_what_it_is_is_asked_about(text: str) -> None:
    for case in (SOUND, None):
        found = check(text, case)
        assert found.status == "warned"
        assert "amount-not-compared" in rules(found, "warn")


@pytest.mark.parametrize(
    "text",
    [
        "milrinone 20 mg in 100 mL at 12.3 mL/h, 0.5 mcg/kg/min, 82 kg",
        "milrinone 20 mg, 200 mcg/mL",
        "milrinone 20 mg, 0.5 mcg/kg/min",  # 100 mL of the premix
        "milrinone 48 mg in 240 mL per 30 hours, rate 8 mL/h",
        "milrinone 20 mg runs for 488 min at 0.5 mcg/kg/min, 82 kg",  # 20,000 / (0.5 x 82)
    ],
)
def test_an_amount_that_is_a_bags_or_is_compared_is_not_asked_about(text: str) -> None:
    assert "amount-not-compared" not in rules(check(text), "warn")
