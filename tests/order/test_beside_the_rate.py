"""What an order says beside its rate, whose it is, what its pump delivers, and what it lacks to be compared."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.findings import Severity
from inotrope.order import OrderStatus
from inotrope.plan import check_order
from inotrope.plan.orders import OrderCheck

SOUND = "milrinone 20 mg/100 mL, 70 kg, 0.375 mcg/kg/min, 7.9 mL/h"  # 0.375 x 70 x 60 / 200 = 7.875


def rules(check: OrderCheck) -> dict[str, Severity]:
    return {item.rule: item.severity for item in check.findings}


def refusals(check: OrderCheck) -> set[str]:
    return {item.id for item in check.refusals}


def delivered(order: str | dict[str, Any]) -> list[str]:
    return [
        item.rate.shown(4) if item.rate == item.high else f"{item.rate.shown(4)} to {item.high.shown(4)}"
        for item in check_order(order).delivered
    ]


@pytest.mark.parametrize(
    ("more", "rule", "severity"),
    [
        (", increase by 0.125 mcg/kg/min every 29 min", "titration-too-fast", Severity.WARN),
        (", increase by 0.375 mcg/kg/min every 1 min", "titration-too-fast", Severity.WARN),
        (", increase by 0.125 mcg/kg/min every 30 min to max 0.75 mcg/kg/min", "titration-too-fast", None),
        (", next bag when empty, for 30 days", "longer-than-any-entry", Severity.WARN),
        (", next bag when empty, for 3 days", "longer-than-controlled-experience", Severity.WARN),
        (", next bag when empty, for 48 h", "longer-than-controlled-experience", None),
        (", was 0.76 mcg/kg/min", "earlier-rate-above-maximum", Severity.WARN),
        (", was 0.75 mcg/kg/min", "earlier-rate-above-maximum", None),
        (", kvo/carrier at 79 mL/h", "line-flow-too-fast", Severity.WARN),
        (", carrier at 50 mL/h", "line-flow-too-fast", None),
        (", maintenance fluids at 100 mL/h", "line-flow-too-fast", None),
        (". Also on vasopressin", "another-medicine-named", Severity.INFORM),
    ],
)
def test_what_stands_beside_the_rate_is_looked_at(more: str, rule: str, severity: Severity | None) -> None:
    check = check_order(SOUND + more)
    assert rules(check).get(rule) is severity
    assert check.status == ("warned" if severity is Severity.WARN else "consistent")
    assert all(item.sources for item in check.findings)


def test_an_earlier_rate_is_never_the_rate() -> None:
    check = check_order("milrinone was 5 mcg/kg/min, 70 kg, 10.5 mL/h, 20 mg/100 mL")
    assert check.status == "warned"
    assert delivered("milrinone was 5 mcg/kg/min, 70 kg, 10.5 mL/h, 20 mg/100 mL") == ["0.5 mcg/kg/min"]
    assert {item.what: item.text for item in check.statements}["earlier rate"] == "5 mcg/kg/min"
    assert "only-rate-is-earlier" not in rules(check)
    assert "only-rate-is-earlier" in rules(check_order("milrinone was 10.5 mL/h, 70 kg"))


def test_another_fluids_flow_is_never_the_drugs() -> None:
    check = check_order("milrinone 20 mg/100 mL, 70 kg, 0.5 mcg/kg/min, carrier at 10.5 mL/h")
    assert "only-flow-is-anothers" in rules(check)
    assert check.delivered == ()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("aged 5, 70 kg, 0.5 mcg/kg/min, 200 mcg/mL, 10.5 mL/h", {"age-and-weight-apart"}),
        ("6 months old, 30 kg, 0.5 mcg/kg/min, 200 mcg/mL, 4.5 mL/h", {"age-and-weight-apart"}),
        ("3 days old, 7.1 kg, 0.5 mcg/kg/min, 50 mcg/mL, 4.3 mL/h", {"age-and-weight-apart"}),  # 5 kg at birth
        ("11 months old, 7.1 kg, 0.5 mcg/kg/min, 50 mcg/mL, 4.3 mL/h", set()),
        ("GA 30 weeks, 3 days old, 1.2 kg, 0.5 mcg/kg/min, 50 mcg/mL, 0.72 mL/h", set()),
        ("58 y old, 70 kg, 0.5 mcg/kg/min, 200 mcg/mL, 10.5 mL/h", set()),
        ("58 y old, 0.5 mcg/kg/min, 200 mcg/mL, 10.5 mL/h", set()),
        ("1.4 kg, 0.5 mcg/kg/min, 50 mcg/mL, 0.84 mL/h", {"age-absent"}),
        ("3 days old, 1.4 kg, 0.5 mcg/kg/min, 50 mcg/mL, 0.84 mL/h", {"age-absent", "age-and-weight-apart"}),
        ("PMA 31 weeks, 1.4 kg, 0.5 mcg/kg/min, 50 mcg/mL, 0.84 mL/h", set()),
        ("1.5 kg, 0.5 mcg/kg/min, 50 mcg/mL, 0.9 mL/h", set()),
    ],
)
def test_what_the_limits_hang_on_is_asked_and_never_guessed(text: str, refusal: set[str]) -> None:
    check = check_order(f"milrinone {text}")
    assert refusals(check) == refusal
    assert (check.status == "refused") is bool(refusal)
    assert check.pairs or "70 kg" not in text
    assert all(item.sources and item.needs for item in check.refusals)


def test_a_stop_goes_before_a_question() -> None:
    check = check_order("milrinone 1.4 kg, 0.5 mcg/kg/min, 50 mcg/mL, 8.4 mL/h")
    assert check.status == "stopped"
    assert refusals(check) == {"age-absent"}


def test_a_field_answers_the_question() -> None:
    order = {"drug": "milrinone", "weight": "1.4 kg", "rate": "0.5 mcg/kg/min", "concentration": "50 mcg/mL"}
    pumped = {**order, "pump_rate": "0.84 mL/h"}
    assert check_order(pumped).status == "refused"
    assert check_order({**pumped, "gestational_age": "31+2 weeks", "age": "3 days"}).status == "consistent"


def test_a_baby_below_thirty_weeks_is_held_to_its_own_entries() -> None:
    text = "milrinone 0.9 kg, 0.5 mcg/kg/min, 50 mcg/mL, 0.54 mL/h, GA {} weeks"
    tiny = check_order(text.format(27))
    assert rules(tiny)["rate-above-maximum"] is Severity.STOP
    (finding,) = (item for item in tiny.findings if item.rule == "rate-above-maximum")
    assert not any("label" in source.title.lower() for source in finding.sources)
    assert check_order(text.format(31)).status == "consistent"


def test_an_age_goes_before_the_weight_in_telling_whose_limits_hold() -> None:
    # 0.1 mL/h steps aside, 75 mcg/kg is a child's load (UK text) and above an adult's
    load = "milrinone load 75 mcg/kg over 60 min, {}"
    assert "load-above-entry" in rules(check_order(load.format("32 kg, 30 y old")))
    assert "load-above-entry" not in rules(check_order(load.format("32 kg, 10 y old")))
    assert "load-above-entry" not in rules(check_order(load.format("GA 35 weeks")))


def test_no_finding_on_a_newborn_cites_an_adults_label() -> None:
    check = check_order("milrinone 0.9 mcg/kg/min, 2 kg, 0.005 mg/mL, load 200 mcg/kg over 1 min")
    found = [
        item for item in check.findings if item.rule in ("rate-above-maximum", "load-above-entry", "load-too-fast")
    ]
    assert {item.rule for item in found} == {"rate-above-maximum", "load-above-entry", "load-too-fast"}
    for item in found:
        assert not any("pfizer" in source.id for source in item.sources), item
    (weak,) = (item for item in check.findings if item.rule == "impossible-strength")
    assert "0.01 mg/mL" in weak.says


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("200 mcg/mL, 70 kg, 10.5 mL/h", ["0.5 mcg/kg/min"]),  # 10.5 x 200 / 60 / 70
        ("20 mg/100 mL, 70 kg, 10.5 mL/h", ["0.5 mcg/kg/min"]),
        ("20 mg/100 mL, 0.25 mg/mL, 70 kg, 10.5 mL/h", ["0.625 mcg/kg/min", "0.5 mcg/kg/min"]),
        ("200 mcg/mL, 70 kg, 10.5-12.6 mL/h", ["0.5 mcg/kg/min to 0.6 mcg/kg/min"]),
        ("3 mg/kg in 50 mL, 0.5 mL/h", ["0.5 mcg/kg/min"]),  # 0.5 x 3000 / 50 / 60
        ("1 mL/h = 0.5 mcg/kg/min, 1.2 mL/h", ["0.6 mcg/kg/min"]),
        ("0.15 mL/kg/h, 200 mcg/mL", ["0.5 mcg/kg/min"]),
        ("35 mcg/min, 70 kg", ["0.5 mcg/kg/min"]),
        ("draw 10 mL of 1 mg/mL, add to 40 mL NS, 70 kg, 10.5 mL/h", ["0.5 mcg/kg/min"]),  # 10 mg in 50 mL
        ("0.5 mcg/kg/min, 70 kg", []),
        ("35 mcg/min", []),
    ],
)
def test_the_delivered_rate_is_shown_in_every_way_it_can_be_worked_out(text: str, rates: list[str]) -> None:
    assert delivered(f"milrinone {text}") == rates


def test_a_list_of_steps_shows_what_each_delivers() -> None:
    text = "milrinone 80 kg, 200 mcg/mL: 0.25 mcg/kg/min = 6 mL/h; 0.5 mcg/kg/min = 12 mL/h"
    assert delivered(text) == ["0.25 mcg/kg/min", "0.5 mcg/kg/min"]


@pytest.mark.parametrize(
    "text",
    ["3 mg/kg in 50 mL, 4 kg, 5 mL/h", "200 mcg/mL, 70 kg, 50 mL/h, titrate by 0.125 mcg/kg/min every 30 min"],
)
def test_a_pump_rate_without_a_rate_is_held_to_the_maximum_all_the_same(text: str) -> None:
    assert "rate-above-maximum" in rules(check_order(f"milrinone {text}"))


def test_nothing_compared_is_a_status_of_its_own_and_says_what_is_missing() -> None:
    check = check_order("milrinone 0.5 mcg/kg/min, 70 kg")
    assert check.status is OrderStatus.NOT_COMPARED
    assert check.exit_code == 4
    assert check.lacking[0].missing == ("pump rate", "concentration")
    assert check_order("milrinone 10.5 mL/h, 200 mcg/mL, 70 kg").lacking[0].missing == ("rate",)
    assert check_order({"drug": "milrinone", "age": "58 years"}).lacking == ()


def test_every_pair_that_does_not_fit_names_its_limit_and_source() -> None:
    check = check_order("milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 105 mL/h")
    for pair in check.pairs:
        assert (pair.limit is None) is (pair.severity is None)
        assert bool(pair.sources) is (pair.severity is not None)
    assert all(slip.sources for slip in check.slips)
    assert {slip.id for slip in check.slips} == {"ten-fold"}  # two digits swapped would fit as well, and is noise


@pytest.mark.parametrize(
    ("age", "weight", "asked"),
    [
        ("4 y old", 16, False),  # 11.5 to 30 kg: at 4 years and all but 5
        ("4 y old", 11, True),
        ("4 y old", 31, True),
        ("4 y old", 29, False),
        ("9 y old", 59, False),
        ("5 y old", 40, True),
        ("18 months old", 15, False),
    ],
)
def test_a_childs_weight_is_held_against_its_own_year(age: str, weight: int, asked: bool) -> None:
    check = check_order(f"{age}, {weight} kg, milrinone 0.5 mcg/kg/min, 200 mcg/mL")
    assert ("age-and-weight-apart" in refusals(check)) is asked
