"""Pairs, limits, slips and the verdict, each worked out by hand from fields."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.drug import load_drug
from inotrope.findings import Severity
from inotrope.order import Judged, OrderStatus, judge_order, read_order, read_text, with_text
from inotrope.plan import check_order

MILRINONE = load_drug("milrinone")
# 0.5 x 70 x 60 / 200 = 10.5 mL/h; 20 mg / 100 mL = 200 mcg/mL; 100 / 10.5 = 9.52 h; 50 x 70 = 3,500 mcg = 3.5 mL
SOUND: dict[str, Any] = {
    "drug": "milrinone",
    "weight": "70 kg",
    "rate": "0.5 mcg/kg/min",
    "pump_rate": "10.5 mL/h",
    "amount": "20 mg",
    "volume": "100 mL",
    "concentration": "0.2 mg/mL",
    "duration": "9.5 h",
    "load": {"dose": "50 mcg/kg", "duration": "10 min", "volume": "3.5 mL"},
}


def judged(**changes: Any) -> Judged:
    order = {key: value for key, value in {**SOUND, **changes}.items() if value is not None}
    return judge_order(read_order(order), drug=MILRINONE)


def of_text(text: str) -> Judged:
    reading = read_text(f"milrinone {text}")
    assert not reading.problems, reading.problems
    return judge_order(with_text(read_order({"text": text, "drug": "milrinone"}), reading), drug=MILRINONE)


def differences(found: Judged) -> dict[str, str]:
    return {pair.relation: pair.difference.shown(1) for pair, severity in found.pairs if severity is not None}


def slips(found: Judged) -> set[str]:
    return {slip.id for slip in found.slips}


def rules(found: Judged) -> dict[str, Severity]:
    return {item.rule: item.severity for item in found.findings}


def test_a_sound_order_is_consistent_in_every_relation() -> None:
    found = judged()
    assert found.status is OrderStatus.CONSISTENT
    relations = {pair.relation for pair, _ in found.pairs}
    assert {"concentration", "pump-rate", "pump-rate-from-bag", "load-volume-from-dose"} <= relations
    assert not found.findings


@pytest.mark.parametrize(
    ("pump", "status"),
    [
        ("11.02 mL/h", OrderStatus.CONSISTENT),  # 11.02 / 10.5 = 1.0495
        ("11.025 mL/h", OrderStatus.CONSISTENT),  # 5 % exactly is not above 5 %
        ("11.03 mL/h", OrderStatus.WARNED),  # 1.0505
        ("11.55 mL/h", OrderStatus.WARNED),  # 10 % exactly is not above 10 %
        ("11.56 mL/h", OrderStatus.STOPPED),
        ("9.975 mL/h", OrderStatus.CONSISTENT),
        ("9.45 mL/h", OrderStatus.WARNED),
        ("9.44 mL/h", OrderStatus.STOPPED),
    ],
)
def test_five_and_ten_percent_are_the_edges(pump: str, status: OrderStatus) -> None:
    assert judged(pump_rate=pump, duration=None).status is status


@pytest.mark.parametrize(
    ("changes", "relation", "difference"),
    [
        ({"concentration": "0.25 mg/mL", "pump_rate": None, "duration": None}, "concentration", "25 %"),
        ({"pump_rate": "12 mL/h", "duration": None}, "pump-rate", "14.3 %"),  # 12 / 10.5
        ({"duration": "12 h"}, "bag-time", "26 %"),  # 12 / 9.5238 = 1.26
        ({"load": {"dose": "50 mcg/kg", "volume": "4.2 mL"}}, "load-volume-from-dose", "20 %"),
    ],
)
def test_the_pair_that_disagrees_is_named_with_its_difference(
    changes: dict[str, Any], relation: str, difference: str
) -> None:
    assert differences(judged(**changes))[relation] == difference


def test_a_bag_may_outlast_the_infusion_and_not_the_reverse() -> None:
    assert judged(duration="6 h").status is OrderStatus.CONSISTENT
    assert judged(duration="24 h").status is OrderStatus.STOPPED


@pytest.mark.parametrize(
    ("changes", "slip"),
    [
        ({"pump_rate": "105 mL/h"}, "ten-fold"),
        ({"rate": "5 mcg/kg/min"}, "ten-fold"),
        ({"pump_rate": "1050 mL/h"}, "hundred-fold"),
        ({"rate": "0.5 mg/kg/min"}, "mg-for-mcg"),
        ({"concentration": "0.2 mcg/mL"}, "mcg-for-mg"),
        ({"amount": "20 mcg"}, "mcg-for-mg-in-the-bag"),
        ({"pump_rate": "10,500 mL/h".replace(",", "")}, "thousand-fold"),
        ({"rate": "0.5 mcg/kg/h"}, "per-hour-for-per-minute"),
        ({"weight": "154 kg"}, "pounds-for-kilograms"),
        ({"pump_rate": "0.5 mL/h"}, "dose-in-rate-field"),
        ({"amount": "28.5 mg", "concentration": None}, "salt-for-base"),
        ({"concentration": "1 mg/mL"}, "vial-for-bag"),
        ({"pump_rate": "15.0 mL/h"}, "swapped-digits"),
        ({"weight": "84 kg"}, "wrong-weight"),
        ({"rate": "0.5 mcg/min"}, "not-per-weight"),
        ({"rate": "35 mcg/kg/min"}, "not-per-weight"),
        ({"load": {"dose": "50 mg/kg", "volume": "3.5 mL"}}, "mg-for-mcg"),
        ({"load": {"dose": "3.5 mg/kg", "volume": "3.5 mL"}}, "not-per-weight"),
    ],
)
def test_each_known_slip_is_named(changes: dict[str, Any], slip: str) -> None:
    found = judged(**changes)
    assert found.status is OrderStatus.STOPPED
    assert slip in slips(found)


def test_a_slip_that_everything_was_worked_out_from_is_named_by_the_limit_it_crosses() -> None:
    # 5 x 70 x 60 / 200 = 105 mL/h and 100 / 105 = 0.95 h: all fits, and 5 is above 0.75
    found = judged(rate="5 mcg/kg/min", pump_rate="105 mL/h", duration=None)
    assert differences(found) == {}
    assert slips(found) == {"ten-fold"}
    assert "rate-above-maximum" in rules(found)


def test_a_guess_lands_where_the_entry_allows() -> None:
    # 5 / 10 = 0.5; 5 / 100, 5 / 60 and 5 / 70 are below every adult start
    assert slips(of_text("5 mcg/kg/min, 70 kg")) == {"ten-fold"}
    # 30 / 60 = 0.5 and 30 / 100 = 0.3 and 30 / 70 = 0.43
    assert slips(of_text("30 mcg/kg/min, 70 kg")) == {"per-hour-for-per-minute", "hundred-fold", "not-per-weight"}


def test_the_hundred_fold_error_of_the_literature_is_named() -> None:
    # 200 mcg in 100 mL typed for 20 mg: 0.25 x 70 x 60 / 2 = 525 mL/h instead of 5.25
    found = judged(
        amount="200 mcg", concentration=None, rate="0.25 mcg/kg/min", pump_rate="525 mL/h", duration="19 h", load=None
    )
    assert {"mcg-for-mg-in-the-bag", "hundred-fold"} <= slips(found)
    assert rules(found)["impossible-strength"] is Severity.STOP


def test_a_dose_in_the_pump_field_and_a_pump_rate_in_the_dose_field_are_named_alone() -> None:
    assert "dose-in-rate-field" in slips(of_text("10.5 mcg/kg/min, 70 kg, 200 mcg/mL"))
    assert "dose-in-rate-field" in slips(of_text("0.5 mL/h, 70 kg, 200 mcg/mL"))


def test_what_no_slip_explains_is_stopped_without_a_name() -> None:
    found = of_text("0.5 mcg/kg/min, 10.5 mL/h, 200 mcg/mL, 2.6 mg/h")  # 2.6 / 0.2 = 13 mL/h
    assert found.status is OrderStatus.STOPPED
    assert slips(found) <= {"wrong-weight"}


@pytest.mark.parametrize(
    ("text", "rule", "severity"),
    [
        ("0.76 mcg/kg/min", "rate-above-maximum", Severity.STOP),
        ("0.5 mcg/kg/min, titrate to max 0.8 mcg/kg/min", "rate-above-maximum", Severity.STOP),
        ("0.5 mcg/kg/min, wean to 2.5 mcg/kg/min", "rate-above-maximum", Severity.STOP),
        ("0.375-0.8 mcg/kg/min", "rate-above-maximum", Severity.STOP),
        ("0.04 mcg/kg/min", "rate-below-lowest", Severity.STOP),
        ("0.1 mcg/kg/min", "rate-below-minimum", Severity.INFORM),
        ("56 mcg/min, 70 kg", "rate-above-maximum", Severity.STOP),  # 56 / 70 = 0.8
        ("18 mL/h, 200 mcg/mL, 70 kg", "rate-above-maximum", Severity.STOP),  # 18 x 200 / 60 / 70 = 0.857
        ("load 52 mcg/kg over 10 min", "load-above-entry", Severity.STOP),  # 2 % of rounding is 51
        ("load 4 mg over 10 min, 70 kg", "load-above-entry", Severity.STOP),  # 57.1 mcg/kg
        ("load 4 mL over 10 min, 70 kg", "load-above-entry", Severity.STOP),
        ("load 0.75 mcg/kg/min over 3 h, 70 kg", "load-above-entry", Severity.STOP),  # 135 mcg/kg
        ("load 50 mcg/kg over 5 min", "load-too-fast", Severity.STOP),
        ("2 mg/mL", "impossible-strength", Severity.STOP),
        ("1.42 mg/mL", "impossible-strength", Severity.STOP),
        ("4 mg in 100 mL", "impossible-strength", Severity.STOP),  # 0.04 mg/mL
        ("0.5 mcg/kg/min, 70 kg, 1 mL/h", "impossible-strength", Severity.STOP),  # implies 2.1 mg/mL
        ("1 mg/mL, 0.5 mcg/kg/min", "undiluted", Severity.WARN),
        ("0.5 mcg/kg/min, 500 kg", "weight-impossible", Severity.STOP),
        ("0.5 mcg/kg/min, 105 mL/h, 200 mcg/mL", "weight-impossible", Severity.STOP),  # implies 700 kg
        ("0.75 mcg/kg/min, 50 kg, 200 mcg/mL, 11.3 mL/h", "rounding-crosses-maximum", Severity.WARN),
        ("0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 105 mL/h", "delivered-rate-above-maximum", Severity.STOP),
        ("0.5 mcg/kg/min PO", "route-not-intravenous", Severity.STOP),
        ("20 mg in 100 mL lactated ringers", "diluent-not-on-label", Severity.WARN),
        (".5 mcg/kg/min", "number-written-unsafely", Severity.INFORM),
        ("0.5 mcg/kg/min, 70.0 kg", "number-written-unsafely", Severity.INFORM),
        ("load 50 mcg/kg over 10 min, 70 kg, 17.5 mL, then 200 mcg/mL", "load-from-bag", Severity.WARN),
    ],
)
def test_each_limit_is_found(text: str, rule: str, severity: Severity) -> None:
    found = of_text(text)
    assert rules(found).get(rule) is severity
    status = {Severity.STOP: OrderStatus.STOPPED, Severity.WARN: OrderStatus.WARNED}
    assert found.status is status.get(severity, OrderStatus.CONSISTENT if found.pairs else OrderStatus.NOT_COMPARED)


@pytest.mark.parametrize(
    "text",
    [
        "0.75 mcg/kg/min",
        "0.125 mcg/kg/min",
        "load 51 mcg/kg over 10 min",
        "load 3.5 mL over 10 min",
        "load 50 mcg/kg over 10 min, 17 mL",
        "load 50 mcg/kg over 10 min, 70 kg, 21 mL/h",
        "load over 10 min, 3.5 mg",
        "0.05 mg/mL",
        "0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "0.375-0.75 mcg/kg/min, 70 kg, 10.5 mL/h",
        "0.375-0.75 mcg/kg/min, 10.5 mL/h, 200 mcg/mL",
        "3 mg/kg in 50 mL, 4 kg, 0.5 mcg/kg/min, 0.5 mL/h",
        "0.5 mL/h, 20 mg in 100 mL",
        "premix 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
        "load 75 mcg/kg over 60 min, 6 kg",  # the UK text's load for a child
        "load 0.75 mcg/kg/min over 3 h then 0.2 mcg/kg/min, 0.9 kg",  # the KEMH guideline below 30 weeks
        "1 mg/kg in 50 mL, 2 kg",  # 2 mg in 50 mL is 0.04 mg/mL, a newborn's syringe
        "0.04 mg/mL, 2 kg",
        "1 mL/h of 200 mcg/mL, 8 kg",  # 1 x 200 / 60 / 8 = 0.417
    ],
)
def test_what_keeps_every_limit_is_not_stopped(text: str) -> None:
    found = of_text(text)
    assert found.status is (OrderStatus.CONSISTENT if found.pairs else OrderStatus.NOT_COMPARED)
    assert bool(found.lacking) is not bool(found.pairs)


def test_a_strength_too_weak_for_a_newborn_as_well_is_stopped() -> None:
    assert of_text("0.005 mg/mL, 2 kg").status is OrderStatus.STOPPED
    assert of_text("0.04 mg/mL, 20 kg").status is OrderStatus.STOPPED


def test_a_load_that_fits_neither_vial_nor_bag_is_stopped() -> None:
    # 50 x 70 = 3.5 mg: 3.5 mL of the vial, 17.5 mL of the bag
    assert of_text("load 50 mcg/kg over 10 min, 70 kg, 10 mL").status is OrderStatus.STOPPED
    assert of_text("load 50 mcg/kg over 10 min, 70 kg, 10 mL, then 200 mcg/mL").status is OrderStatus.STOPPED


def test_a_premix_without_a_strength_is_worked_out_with_the_products() -> None:
    # 0.5 x 70 x 60 / 200 = 10.5; 12 is 14.3 % more
    assert differences(of_text("premix 0.5 mcg/kg/min, 70 kg, 12 mL/h")) == {"pump-rate": "14.3 %"}


def test_rounding_to_the_pumps_step_is_never_more_than_a_warning() -> None:
    # 0.25 x 1 x 60 / 200 = 0.075; 0.1 mL/h is 33 % more, and the nearest that a pump with steps of 0.1 can be set to
    assert of_text("0.25 mcg/kg/min, 4 kg, 240 mcg/mL, 0.3 mL/h").status is OrderStatus.WARNED  # 0.25, half up
    assert of_text("0.25 mcg/kg/min, 4 kg, 240 mcg/mL, 0.4 mL/h").status is OrderStatus.STOPPED
    assert of_text("0.35 mcg/kg/min, 1 kg, 240 mcg/mL, 0.1 mL/h").status is OrderStatus.WARNED  # 0.0875


def test_a_list_of_steps_is_judged_row_by_row() -> None:
    steps = "80 kg, 200 mcg/mL: 0.25 mcg/kg/min = 6 mL/h; 0.375 mcg/kg/min = 9 mL/h; 0.5 mcg/kg/min = {} mL/h"
    assert of_text(steps.format(12)).status is OrderStatus.CONSISTENT
    wrong = of_text(steps.format(21))
    assert wrong.status is OrderStatus.STOPPED
    assert "swapped-digits" in slips(wrong)


def test_a_route_of_a_field_that_nobody_knows_is_warned_about() -> None:
    assert rules(judged(route="by owl")) == {"route-unknown": Severity.WARN}
    assert rules(judged(route="IV", diluent="D5W")) == {}
    assert rules(judged(diluent="ditch water")) == {"diluent-not-on-label": Severity.WARN}


def test_ranges_are_compared_end_by_end_and_one_value_must_lie_inside() -> None:
    # 0.25 and 0.5 x 80 x 60 / 200 are 6 and 12
    text = "0.25-0.5 mcg/kg/min, 80 kg, 200 mcg/mL, {} mL/h"
    assert of_text(text.format("6-12")).status is OrderStatus.CONSISTENT
    assert differences(of_text(text.format("6-15"))) == {"pump-rate": "25 %"}
    assert of_text(text.format("9")).status is OrderStatus.CONSISTENT
    assert differences(of_text(text.format("13"))) == {"pump-rate": "8.3 %"}  # 13 / 12
    assert differences(of_text(text.format("5"))) == {"pump-rate": "-16.7 %"}  # 5 / 6


def test_a_field_and_a_text_that_name_two_drugs_are_refused() -> None:
    found = check_order({"drug": "dobutamine", "text": "milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h"})
    assert {item.id for item in found.refusals} == {"two-drugs"}
