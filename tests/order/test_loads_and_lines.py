"""What a load is drawn from, what runs in the same line, how long an order runs, and the likeliest slip alone."""

from __future__ import annotations

import pytest

from inotrope.plan import check_order

TAIL = "then 0.5 mcg/kg/min, 200 mcg/mL, 10.5 mL/h"


def rules(text: str) -> dict[str, str]:
    return {item.rule: item.severity.value for item in check_order(text).findings}


@pytest.mark.parametrize(
    ("load", "rule", "severity"),
    [
        ("load 17.5 mL of 200 mcg/mL over 10 min", "load-from-premix", "warn"),
        ("load 3.5 mL of 1 mg/mL over 10 min", "load-from-premix", None),
        ("load 50 mcg/kg = 17.5 mL over 10 min", "load-from-bag", "warn"),
        ("load 50 mcg/kg = 3.5 mL over 10 min", "load-from-bag", None),
    ],
)
def test_the_premix_is_for_the_infusion(load: str, rule: str, severity: str | None) -> None:
    assert rules(f"milrinone 70 kg, {load}, {TAIL}").get(rule) == severity


def test_a_newborns_load_runs_from_the_syringe() -> None:
    found = rules("3.4 kg, GA 39+0 weeks, milrinone 3 mg/kg in 50 mL: load 75 mcg/kg over 60 min = 1.25 mL/h")
    assert found["load-from-bag"] == "inform"


def test_a_childs_load_from_a_syringe_by_weight_is_compared() -> None:
    """75 x 50 / 1500 = 2.5 mL; 3 x 16 / 50 = 0.96 mg/mL is all but the vial: half of it is not."""
    text = "4 y old, 16 kg, milrinone 1.5 mg/kg in 50 mL, load 75 mcg/kg over 60 min = {}, then 0.5 mcg/kg/min = 1 mL/h"
    assert check_order(text.format("2.5 mL/h")).status == "warned"
    assert check_order(text.format("25 mL/h")).status == "stopped"


@pytest.mark.parametrize(
    ("line", "partner", "diluent"),
    [
        ("via UVC with TPN", True, False),
        ("0.45 mL/h with TPN", True, False),
        ("0.45 mL/h with NS", False, False),  # a diluent of the label may share the line
        ("10 mg in 50 mL with TPN", False, True),
        ("all is well here today with TPN", False, True),
        ("in TPN", False, True),
        (", TPN", False, True),
    ],
)
def test_a_fluid_in_the_same_line_is_no_diluent(line: str, partner: bool, diluent: bool) -> None:
    found = rules(f"milrinone 200 mcg/mL, 3 kg, GA 39+0 weeks, 0.5 mcg/kg/min {line}")
    assert ("line-partner-not-checked" in found) is partner
    assert ("diluent-not-on-label" in found) is diluent


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("10 mL of 1 mg/mL + 90 mL NS, 70 kg, 0.5 mcg/kg/min = 10.5 mL/h", "half-or-double"),
        ("40 mL of 1 mg/mL + 60 mL NS, 70 kg, 0.5 mcg/kg/min = 10.5 mL/h", "half-or-double"),
        ("10 mg in 100 mL, 70 kg, 0.5 mcg/kg/min = 10.5 mL/h", "half-or-double"),
        ("load 5 mg over 10 min, 70 kg, then 0.5 mcg/kg/min, 200 mcg/mL, 10.5 mL/h", "salt-for-base"),
        ("load 35 mg over 10 min, 70 kg, then 0.5 mcg/kg/min, 200 mcg/mL, 10.5 mL/h", "ten-fold"),
    ],
)
def test_the_likeliest_slip_is_named_alone(text: str, named: str) -> None:
    assert {slip.id for slip in check_order(f"milrinone {text}").slips} == {named}


@pytest.mark.parametrize(
    "text",
    ["20 mg, 200 mcg/mL, 70 kg, 0.5 mcg/kg/min = 105 mL/h", "20 mL, 100 mL bag, 70 kg, 0.5 mcg/kg/min = 105 mL/h"],
)
def test_half_the_drug_is_looked_for_in_a_bag_alone(text: str) -> None:
    assert "half-or-double" not in {slip.id for slip in check_order(f"milrinone {text}").slips}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("70 kg, 0.5 mcg/kg/min = 10.5 mL/h for 49 h, new bags", "longer-than-controlled-experience"),
        ("70 kg, 0.5 mcg/kg/min = 10.5 mL/h for 6 days, new bags", "longer-than-any-entry"),
        ("2 y old, 12 kg, 0.5 mcg/kg/min = 1.8 mL/h for 36 h", "longer-than-any-entry"),
        ("GA 39+0 weeks, 3 kg, 0.5 mcg/kg/min = 0.45 mL/h for 73 h", "longer-than-any-entry"),
    ],
)
def test_a_course_beyond_the_entry_or_the_label_warns(text: str, rule: str) -> None:
    assert rules(f"milrinone 200 mcg/mL, {text}")[rule] == "warn"


def test_a_flow_every_hour_is_still_refused_and_its_step_is_not() -> None:
    assert check_order("milrinone 200 mcg/mL, 70 kg, 10.5 mL/h every 4 h").status == "refused"
    sound = (
        "milrinone 200 mcg/mL, 70 kg, 0.25 mcg/kg/min = 5.25 mL/h, increase by 0.125 mcg/kg/min = 2.6 mL/h every 4 h"
        " to max 0.75 mcg/kg/min"
    )
    assert check_order(sound).status == "consistent"
