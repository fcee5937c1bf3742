"""What an auditor found: pushed loads, lines named by a medicine, steps without an end, loads that are made up."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from inotrope.drug import load_drug
from inotrope.order import bounds_for, read_text
from inotrope.order.ages_in_words import ages_in_words
from inotrope.order.pushing import how_fast, load_time_implied
from inotrope.order.titration import steps_findings
from inotrope.patient import read_case
from inotrope.plan import OrderCheck, check_order, make_plan
from inotrope.units import Quantity
from tests.cli.conftest import CASES

BAG = "70 kg, 20 mg/100 mL, 10.5 mL/h"
ORDER = f"milrinone 0.5 mcg/kg/min, {BAG}"
THEN = f"then 0.5 mcg/kg/min, {BAG}"
FIELDS = {"drug": "milrinone", "weight": "70 kg", "rate": "0.5 mcg/kg/min", "pump_rate": "10.5 mL/h"}
FIELDS |= {"concentration": "0.2 mg/mL"}


def rules(check: OrderCheck) -> dict[str, str]:
    return {item.rule: item.severity.value for item in check.findings if item.severity.value != "inform"}


@pytest.mark.parametrize(
    "load",
    [
        "load 50 mcg/kg IV push",
        "load 50 mcg/kg, IV-push",
        "bolus 50 mcg/kg IVP",
        "4 mg IV push now",
        "3.5 mg IVP",
        "bolus 3.5 mg IV slow push",
        "load 3.5 mL pushed",
        "IV bolus 50 mcg/kg push over seconds",
        "rapid bolus 50 mcg/kg",
        "load 50 mcg/kg by hand push",
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_load_that_is_pushed_is_stopped(load: str) -> None:
    assert rules(check_order(f"milrinone {load}, {THEN}"))["pushed"] == "stop"


@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_push_is_stopped_for_a_child_beside_its_case_and_in_the_field_of_the_route() -> None:
    case = read_case(CASES / "child-after-surgery.json")
    pushed = check_order("milrinone load 50 mcg/kg IV push, then 0.25 mcg/kg/min", case=case)
    assert rules(pushed)["pushed"] == "stop"
    for route in ("intravenous push", "IV push", "Intravenous  Push"):
        form = {**FIELDS, "load": {"dose": "50 mcg/kg"}, "route": route}
        assert rules(check_order(json.loads(json.dumps(form))))["pushed"] == "stop", route
    timed = check_order({**FIELDS, "load": {"dose": "50 mcg/kg", "duration": "10 min"}, "route": "IV push"})
    assert "pushed" not in rules(timed)
    assert rules(check_order(f"{ORDER}. IV push"))["pushed"] == "stop"  # no infusion is pushed


@pytest.mark.parametrize(
    "text",
    [
        f"milrinone load 50 mcg/kg IV push over 10 min, {THEN}",
        f"milrinone load 50 mcg/kg over 10 min, {THEN}. Do not IV push",
        f"{ORDER}. Furosemide IV push prn",
        f"{ORDER}. Flush: push saline slowly",
        f"{ORDER}. Milrinone and push of fluids",
        f"{ORDER}, push button to confirm",
    ],
)
def test_a_no_a_time_a_flush_and_another_medicine_are_no_push(text: str) -> None:
    assert check_order(text).status == "consistent"


@pytest.mark.parametrize(
    ("load", "severity"),
    [
        ("load 50 mcg/kg", "warn"),
        ("bolus 3.5 mg stat", "warn"),
        ("load 3.5 mL of 1 mg/mL", "warn"),
        ("load 50 mcg/kg over 10 min", None),
        ("load 50 mcg/kg was given at 14:00", None),
        ("load 3.5 mL of 1 mg/mL at 21 mL/h", None),  # 3.5 x 60 / 21 = 10 min
        ("load 3.5 mg of 1 mg/mL at 21 mL/h", None),
        ("load 50 mcg/kg of 1 mg/mL at 21 mL/h", None),  # 50 x 70 / 1000 = 3.5 mL
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_the_time_of_a_load_is_asked_for(load: str, severity: str | None) -> None:
    check = check_order(f"milrinone {load}, {THEN}")
    assert rules(check).get("load-without-time") == severity
    fields = check_order({**FIELDS, "load": {"dose": "50 mcg/kg"}})
    assert rules(fields) == {"load-without-time": "warn"}


@pytest.mark.parametrize(("flow", "stops"), [("21 mL/h", False), ("22 mL/h", False), ("22.2 mL/h", True)])
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_flow_tells_the_time_of_a_load(flow: str, *, stops: bool) -> None:
    check = check_order(f"milrinone load 50 mcg/kg = 3.5 mL of 1 mg/mL at {flow}, {THEN}")
    assert (rules(check).get("load-too-fast") == "stop") is stops  # 3.5 x 60 / 22.2 = 9.46 min, 5.4 % less than 10


def test_without_a_weight_or_a_strength_a_flow_tells_no_time() -> None:
    assert load_time_implied(read_text("milrinone load 50 mcg/kg at 21 mL/h").statements) is None
    assert load_time_implied(read_text("milrinone load 50 mcg/kg of 1 mg/mL at 21 mL/h").statements) is None


def test_where_no_entry_has_a_load_a_push_is_stopped_all_the_same() -> None:
    drug = load_drug("milrinone")
    without = next(item for item in drug.entries if item.load is None)
    bounds = bounds_for(drug, (), without)
    (found,) = how_fast((), (("push", "text"),), bounds, route=None, given_already=False)
    assert found.severity == "stop"
    assert "entry gives" not in found.says


@pytest.mark.parametrize(
    ("tail", "status"),
    [
        (" via the furosemide line", "refused"),
        (" through the Lasix cannula", "refused"),
        (" on the furosemide lumen", "refused"),
        ("; use bumetanide IV access", "refused"),
        (". Line: furosemide", "refused"),
        (". Manifold: furosemide", "refused"),
        (", 3-way tap furosemide", "refused"),
        (" in the blood transfusion line", "refused"),
        (", white lumen; furosemide white lumen", "refused"),
        (" via the Lasix pigtail", "refused"),
        (" down the furosemide drip", "refused"),
        (", run behind Lasix", "refused"),
        ("; Lasix at Y", "refused"),
        (" via the furosemid line", "refused"),
        (", lidocaine for line placement", "consistent"),
        (", vancomycin for line infection", "consistent"),
        (", white lumen; furosemide brown lumen", "consistent"),
        (". Do not run furosemide, Lasix or Bumex in this line", "consistent"),
        ("; separate line from furosemide", "consistent"),
        ("; furosemide through its own lumen", "consistent"),
        ("; first-line dobutamine", "consistent"),
        ("; arterial line and insulin", "consistent"),
        ("; heparin lock of unused lumens", "consistent"),
        (" via PICC, patient on amiodarone", "consistent"),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_medicine_beside_a_line_is_asked_about_unless_it_is_kept_apart(tail: str, status: str) -> None:
    check = check_order(ORDER + tail)
    assert check.status == status
    assert len(set(check.refusals)) == len(check.refusals)


@pytest.mark.parametrize(
    ("tail", "rule"),
    [
        (", increase by 0.3 mcg/kg/min q1h", ("step-above-maximum", "stop")),  # 0.8
        (", increase by 0.25 mcg/kg/min q1h", ("titration-without-maximum", "warn")),  # 0.75, then 1
        (", titrate up or down by 0.125 mcg/kg/min q1h", ("titration-without-maximum", "warn")),
        (", increase by 0.3 mcg/kg/min q1h to max 0.75 mcg/kg/min", ("step-above-maximum", "warn")),
        (", increase by 0.125 mcg/kg/min q1h to max 0.75 mcg/kg/min", None),
        (", increase by 0.125 mcg/kg/min q1h x 2", None),  # 0.75
        (", increase by 0.125 mcg/kg/min q1h x 3", ("step-above-maximum", "stop")),  # 0.875
        (", wean by 0.125 mcg/kg/min q2h", None),
        (", reduce by 0.5 mcg/kg/min if hypotensive", None),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_titration_is_held_against_the_maximum(tail: str, rule: tuple[str, str] | None) -> None:
    assert set(rules(check_order(ORDER + tail)).items()) == ({rule} if rule else set())


def test_a_step_of_the_pump_is_worked_out_and_a_start_by_the_pump_counts() -> None:
    assert rules(check_order(f"{ORDER}, increase by 6 mL/h q1h"))["step-above-maximum"] == "stop"  # 16.5 mL/h is 0.786
    assert rules(check_order(f"{ORDER}, increase by 2 mL/h q1h"))["titration-without-maximum"] == "warn"
    pumped = check_order(f"milrinone {BAG}, increase by 0.3 mcg/kg/min q1h")  # 10.5 x 200 / 60 / 70 = 0.5
    assert rules(pumped)["step-above-maximum"] == "stop"
    drug = load_drug("milrinone")
    for text in (
        "milrinone titrate by 0.8 mcg/kg/min q1h",
        "milrinone 0.5 mcg/kg/min, 10.5 mL/h, increase by 6 mL/h q1h",
    ):
        statements = read_text(text).statements
        (found,) = steps_findings(statements, frozenset(), bounds_for(drug, statements))
        assert found.rule == "titration-without-maximum"


@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_step_is_held_against_what_the_patient_may_get() -> None:
    case = read_case(CASES / "reduced-kidneys.json")
    plan = make_plan(case, forecast=False)
    assert plan.maintenance is not None
    assert plan.maintenance.maximum < Quantity(Decimal("0.375"), "mcg/kg/min")
    order = "milrinone 0.25 mcg/kg/min, increase by 0.125 mcg/kg/min q2h"
    assert rules(check_order(order, case=case))["step-above-ceiling"] == "stop"
    named = check_order(f"{order} to max {plan.maintenance.maximum}", case=case)
    assert rules(named)["step-above-ceiling"] == "warn"
    assert "step-above-ceiling" not in rules(check_order(order.replace("0.125", "0.01"), case=case))
    both = rules(check_order(order.replace("0.125", "0.6"), case=case))
    assert both["step-above-maximum"] == "stop"
    assert "step-above-ceiling" not in both


@pytest.mark.parametrize(
    ("tail", "rule"),
    [
        (", also on anagrelide", "anagrelide"),
        (", on cilostazol and aspirin", "other-pde3-inhibitor"),
        (", takes ponesimod", "ozanimod-ponesimod"),
        (", not on anagrelide", None),
        (". Anagrelide stopped", None),
        (", on metoprolol, digoxin and aspirin", None),  # the rule on digoxin asks for a potassium
        (" bag expires 96 h", "bag-kept-too-long"),
        (", BUD 4 days", "bag-kept-too-long"),
        (" premix, good for 96 h", None),
        (" bag expires 72 h", None),
        (", BUD 30 min after spiking", None),
    ],
)
def test_what_a_case_is_warned_of_warns_in_a_text(tail: str, rule: str | None) -> None:
    assert rules(check_order(ORDER + tail)) == ({rule: "warn"} if rule else {})


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (f"{ORDER} preterm", True),
        (f"{ORDER}. Newborn", True),
        (f"Toddler: {ORDER}", True),
        (f"{ORDER}, born preterm", False),
        (f"{ORDER}, premature beats", False),
        (f"{ORDER}, mother of a newborn", False),
        ("infant 8 kg, milrinone 0.5 mcg/kg/min, 24 mg/50 mL, 0.5 mL/h", False),
        ("toddler, milrinone 0.5 mcg/kg/min, 24 mg/50 mL, 0.5 mL/h", False),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_an_age_in_a_word_is_held_against_the_weight(text: str, *, asks: bool) -> None:
    assert ("age-and-weight-apart" in {item.id for item in check_order(text).refusals}) is asks


def test_an_age_in_a_word_is_found_with_its_place() -> None:
    (found,) = ages_in_words("a preterm baby's"[:9])
    assert (found.what, found.text, found.where) == ("infant", "preterm", "text, characters 3 to 9")


@pytest.mark.parametrize(
    "text",
    [
        f"{ORDER} load 3.5 mL over 10 min",
        f"{ORDER}, 20 mg/100 mL load 50 mcg/kg over 10 min",
        f"milrinone load 50 mcg/kg = 3.5 mg made up to 10 mL, 60 mL/h for 10 min; {THEN}",
        f"milrinone load 3.5 mg made up to 20 mL: 120 mL/h over 10 min, {THEN}",
        f"milrinone load 50 mcg/kg (3.5 mg) diluted to 10 mL, run at 60 mL/h over 10 min, {THEN}",
        "milrinone load 50 mcg/kg = 3.5 mL over 10 min, 20 mg in 100 mL at 0.5 mcg/kg/min = 10.5 mL/h, 70 kg",
    ],
)
def test_the_syringe_of_a_load_is_not_the_bag(text: str) -> None:
    assert check_order(text).status == "consistent"


def test_a_slip_of_ten_in_a_made_up_load_is_found() -> None:
    text = f"milrinone load 50 mcg/kg = 3.5 mg made up to 10 mL, 600 mL/h for 10 min; {THEN}"
    assert check_order(text).status == "stopped"
    assert check_order(text.replace("600", "60").replace("3.5 mg", "35 mg")).status == "stopped"


def orders_of_a_plan(weight: str, bag: str) -> list[str]:
    """Return the orders that an adult's plan prints: its load undiluted and made up, then the infusion."""
    case = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8"))
    case["patient"]["weight"] = weight
    case["measurements"] = [item for item in case["measurements"] if item["what"] != "body weight"]
    plan = make_plan(read_case(case), forecast=False)
    load, start = plan.loading_dose, plan.maintenance
    assert load is not None
    assert load.given
    assert load.pump_rate is not None
    assert load.duration is not None
    assert start is not None
    (drawn,) = load.volumes
    what, time = f"load {load.dose_per_weight} ({load.dose})", load.duration
    infusion = f"{start.rate}, {start.pump_rate} of {bag}; {weight}"
    found = [f"milrinone {what} = {drawn.volume} of {drawn.strength} at {load.pump_rate} for {time}; then {infusion}"]
    for volume in load.made_up_to:
        flow = Quantity(volume.in_unit("mL") * 60 / load.duration.in_unit("min"), "mL/h")
        for words in (
            f"made up to {volume}: {flow}",
            f"made up to {volume}, {flow}",
            f"diluted to {volume}, run at {flow}",
        ):
            found.append(f"milrinone {what} {words} for {load.duration}; then {infusion}")
            found.append(f"milrinone load {load.dose} {words} over {load.duration}, then {infusion}")
    return found


@pytest.mark.parametrize("weight", ["41 kg", "55.5 kg", "70 kg", "82 kg", "103 kg", "119 kg"])
def test_what_a_plan_prints_is_consistent_as_an_order(weight: str) -> None:
    every = orders_of_a_plan(weight, "200 mcg/mL")
    assert len(every) == 13
    for text in every:
        check = check_order(text)
        assert check.status == "consistent", (text, [item.says for item in (*check.findings, *check.refusals)])
        computed = {pair.what for pair in check.pairs}
        assert "pump rate of the load" in computed, text
