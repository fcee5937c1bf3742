"""What a text tells about the patient: what a case is judged for refuses; a goal, a condition and a no do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inotrope.drug import load_drug
from inotrope.order import asks_case, bounds_for, read_text
from inotrope.patient import read_case
from inotrope.plan import check_order
from tests.cli.conftest import CASES

ORDER = "milrinone 0.5 mcg/kg/min, 70 kg, 20 mg/100 mL, 10.5 mL/h"


@pytest.mark.parametrize(
    "fact",
    [
        "on CRRT",
        "CVVHDF",
        "on HD",
        "dialysis Mon/Wed/Fri",
        "no bolus, on dialysis",
        "no fluids while on dialysis",
        "no load on board, CRRT",
        "peritoneal dialysis",
        "HOCM",
        "aortic stenosis",
        "severe AS",
        "AKI on CKD",
        "ESRD",
        "anuric",
        "pregnant",
        "acute MI",
        "CrCl 8 mL/min",
        "CrCl 3 mL/min",
        "CrCl < 30 mL/min",
        "eGFR 20",
        "creatinine 4.2 mg/dL",
        "creatinine 300 umol/L",
        "creatinine 0.3 mmol/L",
        "Cr 2.1",
        "BP 70/40",
        "SBP 82",
        "MAP 52",
        "K 2.8 mmol/L",
        "K+ 3.1",
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_fact_that_a_case_is_judged_for_refuses(fact: str) -> None:
    check = check_order(f"{ORDER}, {fact}")
    assert check.status == "refused"
    assert {item.id for item in check.refusals} == {"write-a-case"}
    assert all("Write a case" in item.says for item in check.refusals)


@pytest.mark.parametrize(
    "text",
    [
        "not on dialysis",
        "no CRRT, no ECMO",
        "no dialysis or CRRT",
        "no history of HOCM",
        "if dialysis starts call",
        "HD 3",
        "CrCl 96 mL/min",
        "if CrCl < 30 mL/min call",
        "creatinine 80 umol/L",
        "creatinine 1.1 mg/dL",
        "BP 118/72",
        "MAP 70",
        "hold for SBP < 85",
        "keep MAP > 60",
        "for MAP 60",
        "replace K if < 4.0 mmol/L",
        "K 4.4 mmol/L",
        "HR 130",
    ],
)
def test_a_no_a_goal_a_condition_and_a_value_within_limits_do_not(text: str) -> None:
    assert check_order(f"{ORDER}, {text}").status == "consistent"


@pytest.mark.parametrize(
    ("rate", "pump", "clearance", "status"),
    [
        ("0.33", "6.9", "CrCl 30 mL/min", "consistent"),  # the printed row
        ("0.2", "4.2", "CrCl < 30 mL/min", "consistent"),  # the lowest row
        ("0.25", "5.3", "CrCl < 30 mL/min", "refused"),
        ("0.34", "7.1", "CrCl 30 mL/min", "refused"),
    ],
)
def test_a_rate_of_the_renal_table_passes_with_its_clearance(rate: str, pump: str, clearance: str, status: str) -> None:
    assert check_order(f"milrinone {rate} mcg/kg/min, 70 kg, 200 mcg/mL, {pump} mL/h, {clearance}").status == status


def test_a_clearance_without_a_rate_refuses() -> None:
    assert check_order("milrinone 20 mg/100 mL = 200 mcg/mL, CrCl 30 mL/min").status == "refused"


@pytest.mark.parametrize("value", ["BP 118/72", "creatinine 0.4 mg/dL", "CrCl 96 mL/min"])
def test_a_value_of_a_child_is_never_judged_here(value: str) -> None:
    text = f"child 4 kg: milrinone 3 mg/kg in 50 mL, 0.5 mcg/kg/min = 0.5 mL/h, {value}"
    assert check_order(text).status == "refused"


def test_an_entry_without_a_renal_table_asks_for_every_clearance() -> None:
    drug = load_drug("milrinone")
    entry = replace(drug.entries[0], renal=None)
    reading = read_text(f"{ORDER}, CrCl 96 mL/min")
    assert asks_case(reading.facts, reading.statements, bounds_for(drug, reading.statements, entry))


def test_a_machine_that_the_dose_does_not_hang_on_warns() -> None:
    check = check_order(f"{ORDER}, on ECMO")
    assert check.status == "warned"
    assert [item.rule for item in check.findings] == ["not-judged-in-a-text"]


def test_what_stops_goes_before_what_is_asked() -> None:
    assert check_order("milrinone 5 mcg/kg/min, 70 kg, 20 mg/100 mL, 10.5 mL/h, on CRRT").status == "stopped"


@pytest.mark.parametrize(("fact", "warns"), [("on CRRT", True), ("CrCl 8 mL/min", True), ("BP 118/72", False)])
def test_beside_a_case_a_fact_of_the_text_warns_and_the_case_is_judged(fact: str, warns: bool) -> None:
    case = read_case(CASES / "reduced-kidneys.json")
    check = check_order(f"milrinone 0.3 mcg/kg/min, 200 mcg/mL at 5.8 mL/h, {fact}", case=case)
    told = [item for item in check.findings if item.rule == "not-judged-in-a-text"]
    assert bool(told) is warns
    assert "write-a-case" not in {item.id for item in check.refusals}
    assert all("case says the same" in item.advice for item in told)
