"""What a pharmacist found to be called consistent: other weights, a premix that is none, the salt, a final volume."""

from __future__ import annotations

import pytest

from inotrope.plan import OrderCheck, check_order

BAG = "70 kg, 20 mg/100 mL, 10.5 mL/h"


def rules(check: OrderCheck) -> dict[str, str]:
    return {item.rule: item.severity.value for item in check.findings}


def asked(check: OrderCheck) -> set[str]:
    return {item.id for item in check.refusals}


@pytest.mark.parametrize(
    ("weights", "rule", "says"),
    [
        ("70 kg (last weight 31.8 kg)", "weight-slip", "2.20"),  # 70 / 31.8
        ("70 kg last weight 31.8 kg", "weight-slip", "pounds"),
        ("70 kg, previous weight 154 kg", "weight-slip", "2.20"),
        ("70 kg, prior weight 7 kg", "weight-slip", "10.00"),
        ("70 kg (80 kg last weight)", "weights-differ", "14 %"),
        ("dosing weight 70 kg, actual weight 110 kg", "weights-differ", "57 %"),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_another_weight_is_a_finding_with_its_factor(weights: str, rule: str, says: str) -> None:
    check = check_order(f"milrinone 0.5 mcg/kg/min, {weights}, 20 mg/100 mL, 10.5 mL/h")
    assert rules(check)[rule] == ("stop" if rule == "weight-slip" else "warn")
    assert any(says in item.says for item in check.findings if item.rule == rule)


@pytest.mark.parametrize("weights", ["70 kg (last weight 72 kg)", "70 kg, ideal body weight 31.8 kg", "70 kg"])
def test_a_near_or_an_ideal_weight_is_none(weights: str) -> None:
    assert check_order(f"milrinone 0.5 mcg/kg/min, {weights}, 20 mg/100 mL, 10.5 mL/h").status == "consistent"


@pytest.mark.parametrize(("kilograms", "pump", "status"), [(120, 13.5, "consistent"), (121, 13.6, "warned")])
def test_a_weight_above_the_tables_warns_as_the_plan_does(kilograms: int, pump: float, status: str) -> None:
    check = check_order(f"milrinone 0.375 mcg/kg/min, {kilograms} kg, 200 mcg/mL, {pump} mL/h")
    assert check.status == status
    assert ("weight-above-table" in rules(check)) is (status == "warned")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("load 50 mcg/kg over 10 min = 3.5 mL of premix at 21 mL/h", "stopped"),
        ("bolus 3.5 mL from the bag over 10 min", "stopped"),
        ("load from premix 50 mcg/kg = 3.5 mL over 10 min", "stopped"),
        ("load 50 mcg/kg over 10 min = 17.5 mL of premix at 105 mL/h", "warned"),
        ("load 50 mcg/kg over 10 min = 3.5 mL from vial at 21 mL/h", "consistent"),
        ("load 50 mcg/kg = 3.5 mL of 1 mg/mL, not premix, over 10 min", "consistent"),
        ("load 50 mcg/kg = 3.5 mL in syringe from the vial, over 10 min", "consistent"),
    ],
)
def test_a_load_is_counted_from_what_it_is_drawn_from(text: str, status: str) -> None:
    if "3.5 mL from the bag" in text:  # 3.5 x 200 / 70 = 10: with the dose beside it
        text = f"{text} (50 mcg/kg)"
    check = check_order(f"milrinone {text}, then 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h")
    assert check.status == status
    assert status != "stopped" or "vial-for-bag" in {slip.id for slip in check.slips}


def test_a_bag_before_the_load_and_a_load_of_a_stated_strength_change_nothing() -> None:
    bag = "milrinone bag 20 mg/100 mL, 70 kg, 0.5 mcg/kg/min = 10.5 mL/h"
    assert check_order(bag).status == "consistent"
    both = "milrinone load 50 mcg/kg = 3.5 mL of 1 mg/mL of premix over 10 min, 70 kg, then 0.5 mcg/kg/min, 10.5 mL/h"
    assert any(item.what == "strength of the load" and item.text == "1 mg/mL" for item in check_order(both).statements)


def test_a_load_from_a_bag_of_no_strength_has_none() -> None:
    check = check_order("milrinone load 50 mcg/kg = 3.5 mL from the bag over 10 min, 70 kg")
    assert [item.text for item in check.statements if item.what == "strength of the load"] == ["1 mg/mL"]


@pytest.mark.parametrize(
    ("bag", "pump", "slip"),
    [
        ("premix 20 mg/200 mL", "21 mL/h", "half-or-double"),
        ("premix 0.4 mg/mL", "5.3 mL/h", "half-or-double"),
        ("premix 0.1 mg/mL", "21 mL/h", "half-or-double"),
        ("premixed bag 30 mg/100 mL", "7 mL/h", None),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_premix_of_a_strength_that_none_has_stops(bag: str, pump: str, slip: str | None) -> None:
    check = check_order(f"milrinone {bag}, 0.5 mcg/kg/min, 70 kg, {pump}")
    assert check.status == "stopped"
    assert rules(check)["premix-strength"] == "stop"
    assert slip is None or slip in {item.id for item in check.slips}


def test_no_premix_is_no_premix() -> None:
    text = "No premix in stock: milrinone 10 mg/100 mL, 0.5 mcg/kg/min, 70 kg, 21 mL/h"
    assert check_order(text).status == "consistent"


@pytest.mark.parametrize(
    ("bag", "asks"),
    [
        ("lactate 28.5 mg in 100 mL, 0.5 mcg/kg/min, 70 kg, 7.4 mL/h", True),
        ("lactate 28.5 mg, 0.5 mcg/kg/min, 70 kg = 35 mcg/min", True),
        ("lactate 20 mg, 0.5 mcg/kg/min, 70 kg = 35 mcg/min", False),
        ("0.5 mcg/kg/min, 70 kg = 35 mcg/min", False),
        ("28.5 mg (base) in 100 mL, 0.5 mcg/kg/min, 70 kg, 7.4 mL/h", False),
        ("3 mg/kg in 50 mL = 14.3 mg, 4.75 kg, 0.5 mcg/kg/min, 0.5 mL/h", False),
        ("lactate 20 mg in 100 mL, 0.5 mcg/kg/min, 70 kg, 10.5 mL/h", False),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_the_salt_of_a_listed_bag_is_asked_about(bag: str, asks: bool) -> None:
    check = check_order(f"milrinone {bag}")
    assert ("salt-or-base" in asked(check)) is asks
    assert check.status == ("refused" if asks else "consistent")


@pytest.mark.parametrize(
    "bag",
    [
        "20 mL of 1 mg/mL added to 100 mL D5W",
        "20 mL of 1 mg/mL + 100 mL D5W",
        "add 20 mL (1 mg/mL) to 100 mL D5W",
        "infusion. Add 20 mL (1 mg/mL) to 100 mL D5W",
        "20 mg + 100 mL D5W",
        "20 mg and 100 mL D5W",
        "100 mL D5W + 20 mL of 1 mg/mL",
        "to 100 mL D5W add 20 mg",
        "add 3 mg/kg to 50 mL D5W",
        "20 mL of 1 mg/mL + 250 mL NS",
    ],
)
@pytest.mark.parametrize("pump", ["10.5", "12.6"])
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_drug_added_to_a_bag_asks_for_the_final_volume(bag: str, pump: str) -> None:
    check = check_order(f"milrinone {bag}, 0.5 mcg/kg/min, 70 kg, {pump} mL/h")
    assert check.status == "refused"
    assert asked(check) == {"final-volume-open"}


@pytest.mark.parametrize(
    "bag",
    [
        "20 mL of 1 mg/mL added to D5W to a total of 100 mL",
        "20 mL of 1 mg/mL added to 100 mL D5W (withdraw 20 mL first)",
        "20 mL of 1 mg/mL added to 100 mL D5W = 0.2 mg/mL",
        "20 mL of 1 mg/mL + 80 mL D5W",
        "20 mg mixed with D5W to 100 mL",
        "20 mg, add D5W to 100 mL",
        "20 mg with D5W to make 100 mL",
    ],
)
def test_a_told_final_volume_is_not_asked_for(bag: str) -> None:
    assert check_order(f"milrinone {bag}, 0.5 mcg/kg/min, 70 kg, 10.5 mL/h").status == "consistent"


@pytest.mark.parametrize(
    "text",
    [
        "add 2 mg milrinone to 50 mL NS, 0.25 mcg/kg/min, 4 kg, 1.5 mL/h",  # 2 mL in 50 mL are 4 %
        "milrinone 20 mL (20 mg) added to 100 mL D5W = 120 mL, 0.5 mcg/kg/min, 70 kg, 12.6 mL/h",
    ],
)
def test_little_in_much_and_a_sum_that_is_told_are_not_asked_about(text: str) -> None:
    assert check_order(text).status == "consistent"


def test_an_amount_by_weight_without_a_weight_leaves_the_final_volume_alone() -> None:
    assert "final-volume-open" not in asked(check_order("milrinone add 3 mg/kg to 50 mL D5W, 0.5 mcg/kg/min, 0.5 mL/h"))


@pytest.mark.parametrize(
    ("bag", "status"), [("bag every 24 h", "warned"), ("bag every 12 h", "consistent"), ("BP every 24 h", "consistent")]
)
def test_a_bag_that_is_empty_before_the_next_is_told(bag: str, status: str) -> None:
    check = check_order(f"milrinone 20 mg/100 mL, 0.375 mcg/kg/min, 70 kg, 7.9 mL/h, {bag}")  # 100 / 7.9 = 12.7 h
    assert check.status == status


def test_bicarbonate_as_the_diluent_says_why() -> None:
    check = check_order(f"milrinone 0.5 mcg/kg/min in sodium bicarbonate, {BAG}")
    says = next(item.says for item in check.findings if item.rule == "diluent-incompatible")
    assert "must not be diluted in it" in says


@pytest.mark.parametrize("text", [", same line as Lasix", ", run with furosemide"])
def test_a_known_incompatibility_is_told_with_its_source(text: str) -> None:
    says = check_order(f"milrinone 0.5 mcg/kg/min, {BAG}{text}").refusals[0].says
    assert "precipitate" in says
    assert "confirmed" in says
    assert "not checked" not in says


@pytest.mark.parametrize("text", [", same line as dopamine", ", run with dopamine"])
def test_what_the_folder_does_not_know_is_not_checked(text: str) -> None:
    assert "not checked here" in check_order(f"milrinone 0.5 mcg/kg/min, {BAG}{text}").refusals[0].says


def test_no_slip_is_named_that_the_syringe_itself_explains() -> None:
    check = check_order("child 4 kg: milrinone 3 mg/kg in 50 mL, 1.5 mcg/kg/min = 1.5 mL/h")
    assert check.status == "stopped"
    assert "dose-in-rate-field" not in {slip.id for slip in check.slips}


def test_no_more_slips_are_named_than_can_be_weighed() -> None:
    check = check_order("milrinone 0.75 mcg/kg/min, 1 kg GA 38+0, max 7.5 mL/h, 20 mg/100 mL")
    assert 1 <= len(check.slips) <= 4
