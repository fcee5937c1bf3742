"""Totals over a time: each way to word one is compared with the rate, and no bag or load is taken for one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.order import Kind, read_text
from inotrope.plan import OrderCheck, check_order

ORDER = "milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h"
"""Gives 0.5 x 70 x 60 x 24 / 1000 = 50.4 mg and 10.5 x 24 = 252 mL in a day."""
WORDED = (
    ", 24 h total {}",
    ", total dose over 24 h {}",
    "; daily dose {}",
    "; {} daily",
    "; total {} over 24 hours",
    "; {} total in 24 h",
    "; {} over 24 h total",
    "; total per 24 h {}",
    "; total mg per day: {}",
    "; 24 hr drug total = {}",
    "; in 24 h {}",
    "; 24h dose: {}",
    "; runs 24 h = {}",
    "; total use {} per 24 h",
    "; total given over 24 h {}",
    ", for 24 h. Total dose {}",
    ", for 24 h ({} total)",
    "; {} over 24 h",
    ", {} infused over 1 day",
    ", {} for 24 h",
)


def total_pairs(check: OrderCheck) -> list[tuple[str, str]]:
    return [(pair.relation, pair.stated) for pair in check.pairs if pair.relation.startswith("total")]


@pytest.mark.parametrize("words", WORDED)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_total_is_compared_however_it_is_worded(words: str) -> None:
    right, wrong = (check_order(ORDER + words.format(total)) for total in ("50.4 mg", "504 mg"))
    assert right.status == "consistent"
    assert total_pairs(right) == [("total", "50.4 mg")]
    assert wrong.status == "stopped"
    assert {slip.id for slip in wrong.slips} == {"ten-fold"}


@pytest.mark.parametrize(
    "words",
    [
        "; 24 h volume {}",
        "; {}/24 h",
        "; total volume in 24 h = {}",
        "; total {} in 24 h",
        "; {} total in 24 h",
        "; daily volume {}",
    ],
)
def test_a_total_volume_is_compared_with_the_pump_rate(words: str) -> None:
    right, wrong = (check_order(ORDER + words.format(total)) for total in ("252 mL", "25.2 mL"))
    assert (right.status, total_pairs(right)) == ("consistent", [("total-volume", "252 mL")])
    assert wrong.status == "stopped"
    assert "ten-fold" in {slip.id for slip in wrong.slips}


@pytest.mark.parametrize(
    ("order", "relation"),
    [
        ("35 mcg/min, 200 mcg/mL, 10.5 mL/h; 24 h total 50.4 mg", "total-from-mass-rate"),
        ("200 mcg/mL, 10.5 mL/h; 24 h total 50.4 mg", "total-by-concentration"),
        ("20 mg in 100 mL, 10.5 mL/h; 24 h total 50.4 mg", "total-by-bag"),
        ("10 kg, 3 mg/kg in 50 mL, 0.5 mL/h; 24 h total 7.2 mg", "total-by-bag-per-weight"),
        ("20 mL of 1 mg/mL vial + 80 mL NS, 10.5 mL/h; 24 h total 50.4 mg", "total-by-vial"),
        ("0.5 mcg/kg/min; 24 h total 0.72 mg/kg", "total-per-weight"),
        ("70 kg, 200 mcg/mL, 10.5 mL/h; 24 h total 0.72 mg/kg", "total-per-weight-by-concentration"),
        ("0.5 mcg/kg/min, 70 kg, 200 mcg/mL; 24 h volume 252 mL", "total-volume-by-concentration"),
        ("0.5 mcg/kg/min, 70 kg, 20 mg in 100 mL; 24 h volume 252 mL", "total-volume-by-bag"),
    ],
)
def test_a_total_is_worked_out_from_what_the_order_states(order: str, relation: str) -> None:
    """0.5 x 10 x 60 x 24 / 1000 = 7.2 and 0.5 x 60 x 24 / 1000 = 0.72; the rest as above."""
    check = check_order(f"milrinone {order}")
    assert relation in {pair.relation for pair in check.pairs}
    assert check.status == "consistent", [(pair.relation, pair.difference) for pair in check.pairs]


def test_a_total_that_stands_beside_nothing_is_warned_about() -> None:
    for order in ("0.5 mcg/kg/min; 24 h total 252 mg", "0.5 mcg/kg/min, 70 kg; total dose 252 mg"):
        check = check_order(f"milrinone {order}")
        assert (check.status, [item.rule for item in check.findings]) == ("warned", ["total-not-compared"])


def test_a_total_longer_than_the_controlled_experience_still_warns() -> None:
    check = check_order(f"{ORDER} for 72 h (total 151.2 mg), new bag when empty")
    assert [item.rule for item in check.findings] == ["longer-than-controlled-experience"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("; total in first 24 h including load 54 mg", "whether the load is part"),
        ("; daily total 50.4 mg with load", "whether the load is part"),
        ("; total 50.4 mg over 24 h already given", "whether it was given"),
        ("; titrate to max 0.75 mcg/kg/min, 24 h total 50.4 mg", "which the total is of"),
        ("; 12 h total 25.2 mg; 24 h total 50.4 mg", "Two values for the total"),
    ],
)
def test_a_total_with_two_readings_is_refused(words: str, why: str) -> None:
    check = check_order(ORDER + words)
    assert check.status == "refused"
    assert any(why in item.says for item in check.refusals)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("20 mg total in 100 mL", {Kind.AMOUNT, Kind.VOLUME}),
        ("over 9.5 h 20 mg in 100 mL", {Kind.AMOUNT, Kind.VOLUME, Kind.BAG_TIME}),
        ("100 mL bag, total 20 mg", {Kind.AMOUNT, Kind.VOLUME}),
        ("load 3.5 mg in 1 h", {Kind.LOAD_AMOUNT}),
        ("no load; 50.4 mg in 24 h", {Kind.TOTAL, Kind.TOTAL_TIME}),
        ("total given 33 mL in 5 h", {Kind.VOLUME}),
        ("max 80 mg in 24 h", set()),
    ],
)
def test_what_is_a_total_and_what_is_a_bag_a_load_or_a_cap(text: str, kinds: set[Kind]) -> None:
    read = read_text(f"milrinone 0.5 mcg/kg/min; {text}")
    assert {item.kind for item in read.statements} - {Kind.RATE} == kinds


@pytest.mark.parametrize(
    ("order", "relation"),
    [
        ("{} over 24 h at 0.5 mcg/kg/min, 70 kg", "total"),
        ("20 mg/100 mL, 10.5 mL/h, {} over 24 h", "total-by-bag"),
        ("20 mg/100 mL, 35 mcg/min; {} over 24 h", "total-from-mass-rate"),
        ("load 50 mcg/kg over 10 min, then 0.5 mcg/kg/min, 70 kg, {} over 24 h", "total"),
        ("{} over 24 h, 0.5 mcg/kg/min, 70 kg, new bag when empty", "total"),
    ],
)
def test_an_amount_over_hours_is_a_total_although_nobody_calls_it_one(order: str, relation: str) -> None:
    """0.5 x 70 x 60 x 24 / 1000 = 50.4 mg, and 252 is five times that: 400 % more."""
    right, wrong = (check_order(f"milrinone {order.format(total)}") for total in ("50.4 mg", "252 mg"))
    assert right.status == "consistent"
    assert wrong.status == "stopped"
    pairs = {
        pair.relation: (pair.stated, pair.computed.in_unit("mg"), pair.difference.in_unit("%")) for pair in wrong.pairs
    }
    assert pairs[relation] == ("252 mg", Decimal("50.4"), 400)
    means = {piece.text: piece.means for piece in wrong.read}
    assert (means["252 mg"], means["24 h"]) == ("total over a time", "time of the total")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("70 kg; 20 mg over 9.5 h, 100 mL bag", {Kind.WEIGHT, Kind.AMOUNT, Kind.VOLUME, Kind.BAG_TIME}),
        ("20 mg over 9.5 h", {Kind.AMOUNT, Kind.BAG_TIME}),  # without a weight nothing tells what it should be
        ("70 kg, max 0.75 mcg/kg/min; 20 mg over 9.5 h", {Kind.WEIGHT, Kind.HIGHEST, Kind.AMOUNT, Kind.BAG_TIME}),
        ("70 kg; dispense 60 mg for 24 h", {Kind.WEIGHT, Kind.AMOUNT, Kind.COURSE}),
        ("70 kg; 20 mg for 24 h, next bag when empty", {Kind.WEIGHT, Kind.AMOUNT, Kind.LONG_COURSE}),
        ("70 kg; max 80 mg over 24 h", {Kind.WEIGHT}),
        ("70 kg; load 3.5 mg over 1 h", {Kind.WEIGHT, Kind.LOAD_AMOUNT, Kind.LOAD_TIME}),
        # 3,500 / 70 = 50 mcg/kg: the label's load; as what is in the bag a load of ten times as much was consistent
        ("70 kg; 3.5 mg over 10 min", {Kind.WEIGHT, Kind.LOAD_AMOUNT, Kind.LOAD_TIME}),
        ("70 kg; 20 mg over 9.5 h, 10 h", {Kind.WEIGHT, Kind.TOTAL, Kind.TOTAL_TIME, Kind.COURSE}),
    ],
)
def test_an_amount_over_hours_stays_what_is_in_the_bag(text: str, kinds: set[Kind]) -> None:
    read = read_text(f"milrinone 0.5 mcg/kg/min; {text}")
    assert {item.kind for item in read.statements} - {Kind.RATE} == kinds


def test_an_amount_over_hours_before_the_rate_is_the_loads_where_a_load_was_told() -> None:
    read = read_text("milrinone load 50 mcg/kg. 3.5 mg over 1 h. Then 0.5 mcg/kg/min, 70 kg")
    assert Kind.LOAD_AMOUNT in {item.kind for item in read.statements}


def test_a_dose_over_a_day_is_a_total_and_no_load() -> None:
    """0.5 x 60 x 24 / 1000 = 0.72 mg/kg; 3.6 is five times that."""
    for day in ("24 h", "1 day"):
        right, wrong = (
            check_order(f"milrinone 0.5 mcg/kg/min, 70 kg, {dose} over {day}") for dose in ("0.72 mg/kg", "3.6 mg/kg")
        )
        assert (right.status, total_pairs(right)) == ("consistent", [("total-per-weight", "0.72 mg/kg")])
        assert wrong.status == "stopped"
        assert [pair.difference.in_unit("%") for pair in wrong.pairs if pair.stated == "3.6 mg/kg"] == [400]


@pytest.mark.parametrize(
    "text",
    ["0.5 mcg/kg/min, 50 mcg/kg over 1 h", "load 50 mcg/kg over 24 h, then 0.5 mcg/kg/min", "50 mcg/kg over 24 h"],
)
def test_a_dose_over_another_time_or_called_a_load_is_one(text: str) -> None:
    assert Kind.LOAD_DOSE in {item.kind for item in read_text(f"milrinone 70 kg, {text}").statements}
