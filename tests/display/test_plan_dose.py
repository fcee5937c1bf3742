"""The boxes of the dose: conditions of the load, what runs beside the label's start, names of bags, decimals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from inotrope.display import Sheet, plan_sheet, to_text
from inotrope.display.sheet import beside, total
from inotrope.patient import read_case
from inotrope.plan import Plan, make_plan
from inotrope.units import Quantity

from .conftest import CASES

PlanOf = Callable[..., Plan]


def drawn(sheet: Sheet) -> str:
    return to_text(replace(sheet, versions=(), notice=""), width=3000)


def box(plan: Plan, title: str) -> str:
    (section,) = (item for item in plan_sheet(plan).sections if item.title.startswith(title))
    return to_text(replace(plan_sheet(plan), status=None, alerts=(), sections=(section,), versions=()), width=3000)


def changed(name: str, **parts: Any) -> Plan:
    case: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    for key, value in parts.items():
        case[key] = {**case[key], **value} if isinstance(value, dict) else value
    return make_plan(read_case(case))


def test_a_load_with_an_open_condition_says_only_if_before_it_says_how_much(plan_of: PlanOf) -> None:
    plan = plan_of("sound-adult")
    assert plan.loading_dose is not None
    conditions = ("MAP and SBP are measured now and not below 65 and 90 mmHg", "nothing was given before")
    text = box(replace(plan, loading_dose=replace(plan.loading_dose, only_if=conditions)), "Loading dose")
    line = f"ONLY IF: {conditions[0]}; and {conditions[1]}"
    assert text.index(line) < text.index("4.1 mg")
    assert "ONLY IF" not in box(plan, "Loading dose")


def test_an_unmeasured_pressure_makes_the_load_conditional(plan_of: PlanOf) -> None:
    assert "ONLY IF: " in box(plan_of("almost-nothing-known"), "Loading dose")


def test_the_load_says_how_long_it_runs_and_what_follows(plan_of: PlanOf) -> None:
    # 4.1 mL in 10 min = 24.6 mL/h; left on for an hour it would be 24.6 mL, and at 9.2 mL/h five times the infusion.
    text = box(plan_of("sound-adult"), "Loading dose")
    says = (
        "24.6 mL/h of milrinone 1 mg/mL vial, undiluted, for 10 min; then take this syringe off and start the infusion"
    )
    assert re.search(rf"Runs at +{re.escape(says)}\n", text)
    assert "maintenance" not in text


def test_a_load_beside_a_running_infusion_starts_no_second_one(plan_of: PlanOf) -> None:
    running = plan_of("running-since-yesterday").running
    text = box(replace(plan_of("sound-adult"), running=running), "Loading dose")
    assert "for 10 min; then take this syringe off\n" in text


@pytest.mark.parametrize(
    ("volume", "says"),
    [
        ("4.1", "made up to 10 mL: 60 mL/h, to 20 mL: 120 mL/h, for the same 10 min"),  # 10 x 60 / 10, 20 x 60 / 10
        ("10", "made up to 20 mL: 120 mL/h, for the same 10 min"),
        ("12.5", "made up to 20 mL: 120 mL/h, for the same 10 min"),
        ("20", ""),
        ("21", ""),
    ],
)
def test_a_load_is_made_up_only_to_what_is_larger_than_it(plan_of: PlanOf, volume: str, says: str) -> None:
    plan = plan_of("sound-adult")
    assert plan.loading_dose is not None
    (drawn_up,) = plan.loading_dose.volumes
    ends = (Quantity(Decimal(10), "mL"), Quantity(Decimal(20), "mL"))
    other = replace(drawn_up, volume=Quantity(Decimal(volume), "mL"))
    text = box(replace(plan, loading_dose=replace(plan.loading_dose, volumes=(other,), made_up_to=ends)), "Loading")
    assert says in text if says else "made up to" not in text


def test_what_runs_stands_first_and_the_label_s_start_orders_nothing(plan_of: PlanOf) -> None:
    plan = plan_of("running-since-yesterday")
    text = box(plan, "Maintenance")
    assert "Maintenance (label's start, for comparison)" in text
    # 0.5 x 82 x 60 / 200 = 12.3 mL/h; 0.375 x 82 x 60 / 200 = 9.225, set 9.2
    rows = [line.strip() for line in text.splitlines() if line.startswith("  ")]
    assert re.fullmatch(r"Runs now +0\.5 mcg/kg/min \(12\.3 mL/h of milrinone premix 200 mcg/mL\)", rows[0])
    assert re.fullmatch(r"Label's start +0\.375 mcg/kg/min, for comparison", rows[1])
    assert re.fullmatch(r"That would be +9\.2 mL/h of milrinone premix 200 mcg/mL", rows[2])
    assert "Set the pump" not in text
    assert "worst window, what was given before counted, no new load, at the label's start" in text


def test_a_start_that_waits_for_the_physician_is_for_comparison_in_every_place(plan_of: PlanOf) -> None:
    plan = plan_of("rising-creatinine")  # little urine: not started before the physician has decided
    head = to_text(plan_sheet(plan)).split("-- ", 1)[0]
    assert "The rate below is for comparison" in " ".join(head.split())
    text = box(plan, "Maintenance")
    assert "Maintenance (for comparison, until the physician has decided)" in text
    rows = [line.strip() for line in text.splitlines() if line.startswith("  ")]
    assert re.fullmatch(r"Rate +0\.2966 mcg/kg/min, for comparison", rows[0])
    assert re.fullmatch(r"That would be +8 mL/h of milrinone premix 200 mcg/mL", rows[1])
    assert "Set the pump" not in text


def test_a_start_that_nothing_holds_is_set(plan_of: PlanOf) -> None:
    text = box(plan_of("sound-adult"), "Maintenance")
    assert "for comparison" not in text and "Set the pump" in text


def test_a_running_rate_above_what_is_allowed_says_so_inside_the_box(plan_of: PlanOf) -> None:
    plan = plan_of("running-since-yesterday")
    assert plan.running is not None
    above = replace(plan, running=replace(plan.running, above_allowed=True, says="ABOVE what is allowed: lower it"))
    assert re.search(r"Runs now +\[!\] 0\.5 mcg/kg/min .*ABOVE what is allowed: lower it\.\n", box(above, "Maint"))


def test_duration_and_kinetics_have_a_row_each(plan_of: PlanOf) -> None:
    plan = plan_of("sound-adult")
    assert plan.maintenance is not None
    text = box(plan, "Maintenance")
    assert re.search(rf"Duration +{re.escape(plan.maintenance.duration)}\n", text)
    assert re.search(rf"Level +{re.escape(plan.maintenance.kinetics)}\n", text)
    assert "48 h" in plan.maintenance.duration


def test_the_clock_times_of_titration_are_called_the_earliest(plan_of: PlanOf) -> None:
    assert "The clock times are the earliest, not a schedule." in box(plan_of("sound-adult"), "Titration")


@pytest.mark.parametrize(
    ("concentration", "name"),
    [
        ("1 mg/mL", "milrinone undiluted vial 1,000 mcg/mL"),
        ("200 mcg/mL", "milrinone diluted from vials, 200 mcg/mL"),
    ],
)
def test_a_vial_is_called_diluted_only_when_it_is(concentration: str, name: str) -> None:
    plan = changed("sound-adult", preparation={"product": "vial", "concentration": concentration, "volume": "20 mL"})
    text = drawn(plan_sheet(plan))
    assert re.search(rf"Set the pump +[\d.]+ mL/h of {re.escape(name)}\n", text)
    assert ("diluted from vials" in text) == (concentration == "200 mcg/mL")


def test_a_plan_of_another_folder_names_its_bag_with_care(plan_of: PlanOf) -> None:
    plan = changed("sound-adult", preparation={"product": "vial", "concentration": "1 mg/mL", "volume": "20 mL"})
    for other in (
        replace(plan, drug="another drug"),
        replace(plan, versions=replace(plan.versions, drug_folder="0" * 64)),
    ):
        assert "undiluted vial 1,000" not in drawn(plan_sheet(other))


EDGES = (Quantity(Decimal(5), "mL/min/1.73 m2"), Quantity(Decimal(50), "mL/min/1.73 m2"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("64.03", "64"),
        ("49.89", "49.9"),
        ("49.9", "49.9"),
        ("49.96", "49.96"),
        ("50", "50"),
        ("50.04", "50.04"),
        ("49.999", "49.999"),
        ("50.0004", "50.0004"),
        ("50.1", "50.1"),
        ("50.14", "50.1"),
        ("4.96", "4.96"),
        ("5.04", "5.04"),
        ("5.11", "5.1"),
    ],
)
def test_a_clearance_beside_an_end_of_the_table_is_not_rounded_onto_it(value: str, shown: str) -> None:
    assert beside(Quantity(Decimal(value), "mL/min/1.73 m2"), EDGES) == f"{shown} mL/min/1.73 m2"


def test_the_ends_are_those_of_the_renal_table(plan_of: PlanOf) -> None:
    plan = plan_of("sound-adult")
    near = replace(plan.kidney, clearance=Quantity(Decimal("50.04"), "mL/min/1.73 m2"))
    assert re.search(r"Clearance +50\.04 mL/min/1\.73 m2\n", box(replace(plan, kidney=near), "Kidney"))


def test_a_creatinine_is_shown_with_two_decimals() -> None:
    # 125 umol/L / 88.42 = 1.41 mg/dL
    rows = [{"what": "serum creatinine", "value": "125 umol/L", "at": "2026-11-22T06:10:00+01:00"}]
    assert re.search(r"Creatinine +1\.41 mg/dL,", box(changed("sound-adult", measurements=rows), "Kidney"))


@pytest.mark.parametrize(("value", "shown"), [("1.1271", "1.127"), ("0.5885", "0.589"), ("0.77", "0.77")])
def test_a_day_s_total_has_three_decimals(value: str, shown: str) -> None:
    assert total(Quantity(Decimal(value), "mg/kg")) == f"{shown} mg/kg"


def test_no_total_of_a_plan_has_more_than_three_decimals(example: str, plan_of: PlanOf) -> None:
    text = drawn(plan_sheet(plan_of(example))).split("-- Arithmetic")[0]
    assert not re.search(r"\d\.\d{4,} mg/kg(?!/)", text)


def test_an_assumed_pump_step_is_told_once_and_everything_else_assumed_as_before(plan_of: PlanOf) -> None:
    plan = plan_of("almost-nothing-known")
    other = "The site allows the load to be drawn from the premixed bag; the label's texts do not."
    assert any("pump's step" in line for line in plan.assumptions)
    text = drawn(plan_sheet(replace(plan, assumptions=(*plan.assumptions, other))))
    assert "pump's step is not" not in text
    assert len(re.findall(r"Pump step +.*\(assumed: the case does not say\)\n", text)) == 1
    assert text.count(other) == 3  # the head, the load, the rate
    alone = replace(plan, preparation=None)
    assert "pump's step is not" in drawn(plan_sheet(alone))


def test_a_rate_that_follows_a_first_rate_is_set_then() -> None:
    """The preterm baby: 0.75 mL/h for 3 h, and only then 0.2 mL/h."""
    text = " ".join(to_text(plan_sheet(make_plan(read_case(CASES / "preterm-baby.json"), forecast=False))).split())
    assert "Set the pump 0.75 mL/h" in text and "Then set the pump 0.2 mL/h" in text
