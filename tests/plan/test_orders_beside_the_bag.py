"""Orders against what hangs by the case: a mL/h that nothing was compared with is never consistent."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inotrope.display import to_text
from inotrope.display.order_sheet import order_sheet
from inotrope.drug import read_site
from inotrope.findings import Severity
from inotrope.patient import Case
from inotrope.plan import check_order
from inotrope.plan.orders import OrderCheck
from tests.plan.bedside import adult, infant

TEXTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "texts_beside_cases.toml").read_text(encoding="utf-8")
)["text"]
CASES: dict[str, Callable[[], Case]] = {
    "infant": infant,
    "adult": adult,
    "bare": lambda: infant(preparation=None),
    "premix": lambda: adult(preparation={"product": "premix", "volume": "100 mL"}),
}


def named(check: OrderCheck) -> set[str]:
    return {item.rule for item in check.findings} | {item.id for item in check.slips}


def shown(check: OrderCheck) -> str:
    return " ".join(to_text(order_sheet(check)).split())


@pytest.mark.parametrize("entry", TEXTS, ids=lambda entry: f"{entry['case']}: {entry['text']}")
def test_an_order_beside_what_hangs(entry: dict[str, Any]) -> None:
    check = check_order(entry["text"], case=CASES[entry["case"]]())
    assert check.status == entry["expect_status"]
    assert check.exit_code == {"stopped": 3, "not-compared": 4}.get(check.status, 0)
    assert not entry["expect_rule"] or entry["expect_rule"] in named(check)


def test_what_was_taken_from_the_case_is_said() -> None:
    check = check_order("milrinone 0.5 mcg/kg/min = 0.5 mL/h", case=infant())
    assert {("concentration", "12 mg / 50 mL"), ("weight", "4 kg")} <= {
        (item.what, item.text) for item in check.statements
    }
    assert "concentration from the case: 12 mg / 50 mL" in shown(check)
    assert "weight from the case: 4 kg" in shown(check)
    alone = adult(preparation={"product": "vial", "concentration": "1 mg/mL"})
    assert "concentration from the case: 1 mg/mL" in shown(
        check_order("milrinone 0.5 mcg/kg/min = 2.1 mL/h", case=alone)
    )
    own = shown(check_order("milrinone 12 mg/50 mL, 4 kg, 0.5 mcg/kg/min = 0.5 mL/h", case=infant()))
    assert "from the case:" not in own


def test_another_strength_than_the_hanging_one_says_what_the_pump_would_deliver() -> None:
    check = check_order("milrinone premix 200 mcg/mL, 0.5 mcg/kg/min, 10.5 mL/h", case=adult())
    found = next(item for item in check.findings if item.rule == "another-strength-hangs")
    assert found.severity is Severity.STOP
    assert "1 mg/mL" in found.says
    assert "200 mcg/mL" in found.says
    assert "2.5 mcg/kg/min" in found.says
    assert "new bag" in found.advice
    quiet = check_order("milrinone premix 200 mcg/mL, 0.5 mcg/kg/min", case=adult())
    told = next(item for item in quiet.findings if item.rule == "another-strength-hangs")
    assert told.severity is Severity.WARN
    assert "new bag" in told.advice


def test_a_pump_rate_without_a_rate_from_another_bag_is_stopped_too() -> None:
    check = check_order("milrinone 200 mcg/mL at 10.5 mL/h", case=adult())
    assert check.status == "stopped"
    assert "another-strength-hangs" in named(check)


def test_what_hangs_is_no_bag_that_the_order_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "ward.toml"
    file.write_text('[bags]\nonly = true\nlist = [{ id = "premix-100-mL" }]\n', encoding="utf-8")
    check = check_order("milrinone 0.5 mcg/kg/min = 2.1 mL/h", case=adult(), site=read_site(file))
    assert "bag-not-on-site-list" not in named(check)
    assert "undiluted" not in named(check)


def test_what_is_missing_is_asked_for() -> None:
    check = check_order("milrinone 0.5 mcg/kg/min, 4 kg, 5 mL/h", case=infant(preparation=None))
    asked = {question for item in check.lacking for question in item.asks}
    assert asked == {"What is the strength in the bag or syringe, in mcg/mL or as mg in mL?"}
    assert all(question in shown(check) for question in asked)
    assert "The stated mL/h was compared with nothing" in shown(check)


def test_without_a_case_too_a_pump_rate_beside_nothing_is_not_consistent() -> None:
    # 0.5 x 70 = 35 mcg/min fits; no strength stands beside the mL/h, and 2100 / 21 = 100 mcg/mL is no premix
    check = check_order("milrinone 0.5 mcg/kg/min = 35 mcg/min = 21 mL/h, 70 kg")
    assert (check.status, check.exit_code) == ("not-compared", 4)
    assert check_order("milrinone 0.5 mcg/kg/min = 35 mcg/min, 70 kg").status == "consistent"
    assert check_order("milrinone 0.5 mcg/kg/min = 35 mcg/min = 10.5 mL/h, 70 kg, 200 mcg/mL").status == "consistent"


def test_a_stopped_plan_stops_an_order_that_fits_the_syringe() -> None:
    # 4 kg written as 40 kg: the syringe of 3 mg/kg is then ten times too weak
    check = check_order("milrinone 0.5 mcg/kg/min", case=infant(patient={"weight": "40 kg"}))
    assert (check.status, check.exit_code) == ("stopped", 3)


def test_a_weight_that_nobody_of_this_age_has_is_never_consistent() -> None:
    premix = {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL"}
    # the order alone, "63 days old, 1.5 kg", is asked about: the range grows from 2 to 5 kg at
    # birth to 7 to 13 kg at a year, and holds 2.2 and 8 kg at nine weeks; twice beyond it the plan stops
    outcomes = {"40 kg": "stopped", "12 kg": "warned", "1.5 kg": "warned", "2.2 kg": "consistent", "8 kg": "consistent"}
    for weight, status in outcomes.items():
        case = infant(patient={"weight": weight}, preparation=premix)
        check = check_order("milrinone 0.5 mcg/kg/min", case=case)
        assert check.status == status, weight
        assert ("age-and-weight-apart" in named(check)) is (status == "warned"), weight
    # born early, at 30 weeks, 1.5 kg is no wonder
    early = infant(patient={"weight": "1.5 kg", "gestational_age": "30+0", "born": "2026-11-10"}, preparation=premix)
    assert "age-and-weight-apart" not in named(check_order("milrinone 0.2 mcg/kg/min", case=early))
