"""What a second pharmacist found: danger words, a syringe's salt, a load's volume alone, caps and recipes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inotrope.drug import load_drug
from inotrope.order import bounds_for, read_text
from inotrope.order.caps import day_caps
from inotrope.order.loading import load_below, with_vial
from inotrope.patient import vocabulary
from inotrope.plan import OrderCheck, check_order

BAG = "70 kg, 20 mg/100 mL, 10.5 mL/h"
ORDER = f"milrinone 0.5 mcg/kg/min, {BAG}"


def rules(check: OrderCheck) -> dict[str, str]:
    return {item.rule: item.severity.value for item in check.findings}


def asked(check: OrderCheck) -> set[str]:
    return {item.id for item in check.refusals}


@pytest.mark.parametrize(
    "fact",
    [
        "VT last night",
        "stopped for VT last night",
        "on amiodarone, ICD for VT",
        "hold for SBP < 85, hypotensive now",
        "call for SBP < 85, VT last night",
        "monitor for bleeding, VT last night",
        "labs daily, weights, bleeding",
        "stop for VT, patient hypotensive",
        "shock, pressors off",
        "GI bleed",
        "hypovolemic",
        "dynamic LVOT obstruction",
        "QTc was 540 ms",
        "QTc 0.54 s",
        "platelets 40,000",
        "platelets 99",
        "Mg 1.2 mg/dL",
        "Mg: 1.3 mEq/L",
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_danger_word_or_a_value_beyond_the_drugs_rules_asks_for_a_case(fact: str) -> None:
    check = check_order(f"{ORDER}, {fact}")
    assert check.status == "refused"
    assert asked(check) == {"write-a-case"}


@pytest.mark.parametrize(
    "text",
    [
        "no signs of shock",
        "SCAI stage C shock",
        "bleeding precautions",
        "call for VT, VF, hypotension, bleeding",
        "call for VT, hypotension or SBP drops",
        "off CRRT",
        "QTc 500 ms",
        "platelets 100",
        "platelets 210,000/uL",
        "Mg 0.7 mmol/L",
        "keep platelets > 50",
    ],
)
def test_a_no_a_duty_a_precaution_and_a_value_at_its_limit_do_not(text: str) -> None:
    assert check_order(f"{ORDER}, {text}").status == "consistent"


@pytest.mark.parametrize(
    ("bag", "asks"),
    [
        ("17.1 mg/50 mL, 4 kg, 0.5 mcg/kg/min = 0.35 mL/h", True),  # 3 x 4 x 1.427 = 17.1
        ("4.28 mg/kg in 50 mL, 4 kg, 0.5 mcg/kg/min = 0.35 mL/h", True),
        ("12 mg/50 mL, 4 kg, 0.5 mcg/kg/min = 0.5 mL/h", False),
        ("3 mg/kg in 50 mL, 4 kg, 0.5 mcg/kg/min = 0.5 mL/h", False),
        ("17.1 mg/50 mL (base), 4 kg, 0.5 mcg/kg/min = 0.35 mL/h", False),
        ("17.1 mg/25 mL, 4 kg, 0.5 mcg/kg/min = 0.18 mL/h", False),  # no listed syringe has 25 mL
        ("12.84 mg/50 mL, 0.5 mcg/kg/min = 0.35 mL/h", False),  # no weight, so nothing per weight
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_the_salt_of_a_syringe_by_weight_is_asked_about(bag: str, asks: bool) -> None:
    assert ("salt-or-base" in asked(check_order(f"child: milrinone {bag}"))) is asks


@pytest.mark.parametrize(
    ("load", "severity"),
    [
        ("3.5 mL over 10 min from same bag", "stop"),  # 3.5 x 200 / 70 = 10
        ("16.3 mL over 10 min from same bag", "warn"),  # 46.6, 7 % below 50
        ("17.5 mL over 10 min from same bag", None),
        ("10 mcg/kg over 10 min", None),  # a stated dose may be meant
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_load_of_a_volume_alone_is_held_against_the_entries(load: str, severity: str | None) -> None:
    check = check_order(f"milrinone bolus {load}, then 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h")
    assert rules(check).get("load-below-entry") == severity


def test_without_an_entry_that_loads_a_volume_is_held_against_nothing() -> None:
    drug = load_drug("milrinone")
    reading = read_text("milrinone bolus 3.5 mL over 10 min, 70 kg")
    bounds = bounds_for(drug, reading.statements, replace(drug.entries[0], load=None, total_24_h=None))
    limit = vocabulary().limit("order.parts_disagree_warn")
    assert not load_below(reading.statements, bounds, warn=limit, stop=limit)
    capped = read_text("milrinone 0.5 mcg/kg/min, max 11.3 mg/kg/day")
    assert not day_caps(capped.statements, bounds)


@pytest.mark.parametrize("word", ["ready-to-use bag", "premade bag", "Galaxy", "pre-mix", "manufacturer's bag"])
@pytest.mark.parametrize(
    ("bag", "pump", "status"), [("20 mg/100 mL", 10.5, "consistent"), ("10 mg/100 mL", 21, "stopped")]
)
def test_a_premix_by_any_word_has_its_strength(word: str, bag: str, pump: float, status: str) -> None:
    assert check_order(f"milrinone {word} {bag}, 0.5 mcg/kg/min, 70 kg, {pump} mL/h").status == status


@pytest.mark.parametrize(
    ("words", "warns"),
    [
        ("bag change daily", True),
        ("one bag per day", True),
        ("replace bag at 24 hours", True),
        ("q24h bag", True),
        ("bag daily", True),
        ("two bags per day", False),
        ("labs daily", False),
        ("replace bag at 12 hours", False),
        ("BP q24h", False),
    ],
)
def test_a_bag_that_is_changed_once_a_day_must_last_a_day(words: str, warns: bool) -> None:
    check = check_order(f"milrinone 20 mg/100 mL, 0.375 mcg/kg/min, 70 kg, 7.9 mL/h, {words}")  # 100 / 7.9 = 12.7 h
    assert check.status == ("warned" if warns else "consistent")


@pytest.mark.parametrize(
    ("weights", "status"),
    [
        ("70 kg (IBW 7 kg)", "stopped"),
        ("70 kg (IBW 31.8 kg)", "consistent"),
        ("70 kg, admission weight 72 kg", "consistent"),
        ("70 kg, admission weight 7 kg", "stopped"),
        ("70 kg, birth weight 3 kg", "consistent"),
        ("birth weight 70 kg", "consistent"),
        ("dry weight 70 kg, admission weight 72 kg", "refused"),
    ],
)
def test_weights_of_before_and_ideal_ones(weights: str, status: str) -> None:
    assert check_order(f"milrinone 0.5 mcg/kg/min, {weights}, 20 mg/100 mL, 10.5 mL/h").status == status


@pytest.mark.parametrize(
    ("rate", "pump", "cap", "rule"),
    [
        ("0.5", "10.5", "1.13 mg/kg/day", None),
        ("0.75", "15.7", "1.13 mg/kg/24 h", None),  # 1.08
        ("0.5", "10.5", "11.3 mg/kg/day", ("day-cap-above-maximum", "stop")),
        ("0.75", "15.7", "0.77 mg/kg/day", ("rate-above-day-cap", "stop")),
        ("0.5", "10.5", "0.7 mg/kg/day", ("rate-above-day-cap", "warn")),  # 0.72, 3 % above
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_cap_of_a_day_is_no_rate(rate: str, pump: str, cap: str, rule: tuple[str, str] | None) -> None:
    check = check_order(f"milrinone {rate} mcg/kg/min, 70 kg, 20 mg/100 mL, {pump} mL/h, max {cap}")
    told = {(name, weight) for name, weight in rules(check).items() if weight != "inform"}
    assert told == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("bag", "status"),
    [
        ("20 mL + 80 mL D5W", "consistent"),
        ("1 mg/mL 20 mL + 80 mL D5W", "consistent"),
        ("10 mL & 40 mL NS", "consistent"),
        ("10 mL + 90 mL NS", "stopped"),
        ("20 mL + 100 mL NS", "refused"),
        ("50 mg into 250 mL D5W", "refused"),
        ("20 mg milrinone into a 100 mL bag", "refused"),
        ("24 mg into 100 mL D5W (final volume 120 mL)", "consistent"),
    ],
)
def test_recipes_and_what_is_put_into_a_bag(bag: str, status: str) -> None:
    assert check_order(f"milrinone {bag}, 0.5 mcg/kg/min, 70 kg, 10.5 mL/h").status == status


def test_volumes_without_one_vials_strength_get_none() -> None:
    drug = load_drug("milrinone")
    statements = read_text("milrinone 20 mL + 80 mL D5W").statements
    assert with_vial(statements, replace(drug, products=())) == statements


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0.5 mcg/kg/min with dobutamine via separate line, 70 kg, 20 mg/100 mL, 10.5 mL/h", "consistent"),
        ("0.5 mcg/kg/min plus norepinephrine separately, 70 kg, 20 mg/100 mL, 10.5 mL/h", "consistent"),
        ("0.5 mcg/kg/min with dobutamine, 70 kg, 20 mg/100 mL, 10.5 mL/h", "refused"),
        (f"0.5 mcg/kg/min, {BAG}, single lumen PICC, also on furosemide drip", "refused"),
        (f"0.5 mcg/kg/min, {BAG}, single-lumen PICC, furosemide via PIV", "consistent"),
        (f"0.5 mcg/kg/min, {BAG} (held 2 h for line change)", "consistent"),
        (f"0.5 mcg/kg/min, {BAG}, held", "refused"),
        (f"0.5 mcg/kg/min, {BAG}, hold 2 h", "refused"),
        ("20mg/100mL,0.5mcg/kg/min,70kg,10.5mL/h", "consistent"),
        ("20 mg/100 mL, 0.5 mcg/kg/min, 70 kg, 10,5 mL/h", "refused"),
    ],
)
def test_lines_pauses_and_commas(text: str, status: str) -> None:
    assert check_order(f"milrinone {text}").status == status
