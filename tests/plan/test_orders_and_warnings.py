"""What a plan warns of is told with the order that is held against it, and changes no verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inotrope.display import to_text
from inotrope.display.order_sheet import order_sheet
from inotrope.findings import Severity, State
from inotrope.patient import Case
from inotrope.plan import check_order, make_plan, to_plain
from tests.cli.conftest import CASES
from tests.plan.bedside import adult

PREMIX = {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL"}
TEXT = "milrinone 0.5 mcg/kg/min = 10.5 mL/h"  # 0.5 x 70 x 60 / 200


def warned(**changes: Any) -> Case:
    return adult(preparation={**PREMIX, "diluent": "dextrose 5 %"}, **changes)


def potassium(value: str) -> list[dict[str, str]]:
    """The shipped adult's measurements with another potassium."""
    content = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8"))
    measured: list[dict[str, str]] = content["measurements"]
    return [{**item, "value": value} if item["what"] == "serum potassium" else item for item in measured]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"lines": [{"with": ["furosemide"]}]}, "loop-diuretic-same-line"),
        ({"measurements": potassium("2.6 mmol/L")}, "potassium"),
        ({"medicines": ["riociguat"]}, "riociguat"),
    ],
)
def test_what_the_plan_warns_of_is_told_and_changes_no_verdict(changes: dict[str, Any], rule: str) -> None:
    check = check_order(TEXT, case=warned(**changes))
    assert (check.status, check.exit_code) == ("consistent", 0)
    assert any(rule in item.rule for item in check.plan_warnings)
    sheet = " ".join(to_text(order_sheet(check)).split())
    assert "the plan of this case warns of" in sheet
    for item in check.plan_warnings:
        assert item.title in sheet
        assert item.advice in sheet
    plain = to_plain(check)
    assert [item["rule"] for item in plain["plan_warnings"]] == [item.rule for item in check.plan_warnings]


def test_every_warning_of_the_plan_is_carried_and_nothing_else() -> None:
    case = warned(lines=[{"with": ["furosemide"]}], medicines=["riociguat"])
    plan = make_plan(case, forecast=False)
    heavy = [item for item in plan.findings if item.state is State.FIRES and item.severity is not Severity.INFORM]
    assert [item.rule for item in check_order(TEXT, case=case).plan_warnings] == [item.rule for item in heavy]


def test_a_plan_that_warns_of_nothing_says_nothing() -> None:
    check = check_order(TEXT, case=warned())
    assert check.plan_warnings == ()
    assert "warns of" not in to_text(order_sheet(check))
    assert check_order(TEXT).plan_warnings == ()
    assert check_order("milrinone 0.5").plan_warnings == ()


def test_an_order_that_is_stopped_by_itself_still_tells_what_the_plan_warns_of() -> None:
    check = check_order("milrinone 0.5 mcg/kg/min = 105 mL/h", case=warned(medicines=["riociguat"]))
    assert (check.status, check.exit_code) == ("stopped", 3)
    assert [item.rule for item in check.plan_warnings] == ["riociguat"]
