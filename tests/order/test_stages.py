"""Orders in stages made at random: each pair of rate and pump rate is compared, whatever says what is in the bag.

A slip of ten in the rate or the pump rate of any stage must never end as consistent or not compared. The arithmetic is
done here, in fractions, and not by the code under test.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import pytest

from inotrope.plan import check_order
from tests.order.test_generated_orders import number

pytestmark = pytest.mark.usefixtures("uncounted")

PATIENTS = {
    "newborn": ("GA 39+0 weeks, ", (26, 48)),
    "child": ("6 y old, ", (150, 260)),
    "adult": ("", (450, 1200)),
}
RATES = [Fraction(part, 1000) for part in (250, 375, 500, 600, 750)]
BAGS = ("by weight", "bag", "strength", "vial", "scale")
JOINS = (
    "; then ", ", then ", " then ", ", increase to ", ", decrease to ", "; followed by ", ", may increase to ",
    "; reduce to ",
    ", titrate to ", ", wean to ", ". Next ", " for 1 h, then ", " for 1 h then ", " to max ", "; max ", "\n",
)  # fmt: skip
PAIRS = (
    "{rate} = {flow}", "{rate} ({flow})", "{rate} at {flow}", "{rate} {flow}", "{rate}, {flow}", "{flow} = {rate}",
    "{flow} ({rate})", "{rate} -> {flow}", "{rate}: {flow}", "{rate} / {flow}", "{flow}, {rate}", "{rate} i.e. {flow}",
    "{rate} which is {flow}", "{rate} run at {flow}", "{rate} (pump {flow})", "{rate} [{flow}]", "{rate} - {flow}",
)  # fmt: skip
BY_WEIGHT = {
    "newborn": (Fraction(3, 2), Fraction(3)),
    "child": (Fraction(3, 4), Fraction(3, 2)),
    "adult": (Fraction(3, 10),),
}
"""Milligrams per kilogram in the bag or syringe."""


@dataclass(frozen=True)
class Made:
    """An order: its text, and what was planted where."""

    text: str
    planted: str


def made(dice: random.Random, *, slip: str | None, stages: int = 2) -> Made:
    """Return a text of several stages, with a slip of ten up or down in the rate or the flow of one of them."""
    who, bag = dice.choice(list(PATIENTS)), dice.choice(BAGS)
    head, (least, most) = PATIENTS[who]
    weight = Fraction(dice.randint(least, most), 10)
    volume = Fraction(dice.choice((60, 100)))
    strength, says = _bag(dice, who, bag, weight, volume)
    where, factor = dice.randrange(stages), dice.choice((Fraction(10), Fraction(1, 10)))
    pair, parts = dice.choice(PAIRS), []
    for place, rate in enumerate(dice.sample(RATES, stages)):
        off = factor if place == where else Fraction(1)
        stated = rate * (off if slip == "rate" else 1)
        flow = rate * weight * 60 / strength * (off if slip == "flow" else 1)
        parts.append(pair.format(rate=f"{number(stated, 6)} mcg/kg/min", flow=f"{number(flow, 4)} mL/h"))
    body, kilograms = "".join(_joined(dice, parts)), f"{head}{number(weight, 1)} kg"
    text = dice.choice(
        (
            f"milrinone {says}, {kilograms}, {body}",
            f"{kilograms}: milrinone {says}: {body}",
            f"Milrinone {body}; {kilograms}; {says}",
            f"{kilograms}. Milrinone {body}. Bag {says}.",
        )
    )
    return Made(text, f"{who}, {bag}, {slip} of stage {where + 1} times {factor}")


def _joined(dice: random.Random, parts: list[str]) -> list[str]:
    found = [parts[0]]
    for part in parts[1:]:
        found += [dice.choice(JOINS), part]
    return found


def _bag(dice: random.Random, who: str, bag: str, weight: Fraction, volume: Fraction) -> tuple[Fraction, str]:
    """Return the strength in mcg/mL and what the text says of the bag."""
    strength = Fraction(dice.choice((100, 200, 400)))
    if bag == "by weight":
        per = dice.choice(BY_WEIGHT[who])
        return per * weight * 1000 / volume, f"{number(per, 2)} mg/kg in {volume} mL"
    if bag == "bag":
        return strength, f"{number(strength * volume / 1000, 2)} mg in {volume} mL"
    if bag == "vial":
        drawn = strength * volume / 1000
        return strength, f"{number(drawn, 2)} mL of 1 mg/mL + {number(volume - drawn, 2)} mL D5W"
    if bag == "scale":
        scale = strength / weight / 60
        return Fraction(number(scale, 5)) * weight * 60, f"1 mL/h = {number(scale, 5)} mcg/kg/min"
    return strength, f"{number(strength, 0)} mcg/mL"


ENDS_SOUND = ("consistent", "warned")


@pytest.mark.parametrize("stages", [2, 3])
def test_a_sound_order_in_stages_is_neither_stopped_nor_refused(stages: int) -> None:
    """A warning remains possible: 0.75 as a pump rounds it up delivers more than the maximum."""
    dice = random.Random(stages)
    for _ in range(80):
        order = made(dice, slip=None, stages=stages)
        check = check_order(order.text)
        assert check.status in ENDS_SOUND, (order.text, check.refusals, check.findings, check.pairs)
        assert not check.slips


@pytest.mark.parametrize("stages", [2, 3])
@pytest.mark.parametrize("slip", ["rate", "flow"])
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_slip_of_ten_in_any_stage_is_stopped(slip: str, stages: int) -> None:
    dice = random.Random(f"{slip}{stages}")
    for _ in range(80):
        order = made(dice, slip=slip, stages=stages)
        assert check_order(order.text).status == "stopped", (order.planted, order.text)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_twenty_thousand_slips_in_a_stage() -> None:
    dice = random.Random(20261124)
    for index in range(20_000):
        order = made(dice, slip=("rate", "flow")[index % 2], stages=2 + index % 3 // 2)
        assert check_order(order.text).status == "stopped", (order.planted, order.text)


HEAD = "milrinone 200 mcg/mL, 70 kg, "


@pytest.mark.parametrize(
    ("stages", "status"),
    [
        ("0.5 then 0.25 mcg/kg/min", "refused"),  # a number without a unit
        ("0.5 mcg/kg/min then 0.25 mcg/kg/min (10.5 mL/h then 5.25 mL/h)", "consistent"),
        ("0.5 mcg/kg/min then 0.25 mcg/kg/min (10.5 mL/h then 52.5 mL/h)", "stopped"),
        ("0.5 mcg/kg/min = 35 mcg/min = 10.5 mL/h, then 0.25 mcg/kg/min = 17.5 mcg/min = 5.25 mL/h", "consistent"),
        ("0.5 mcg/kg/min = 35 mcg/min = 10.5 mL/h, then 0.25 mcg/kg/min = 1.75 mcg/min = 5.25 mL/h", "stopped"),
        ("0.5 mcg/kg/min (35 mcg/min, 10.5 mL/h); then 0.25 mcg/kg/min (175 mcg/min, 5.25 mL/h)", "stopped"),
        ("0.5 mcg/kg/min = 0.15 mL/kg/h, then 0.25 mcg/kg/min = 0.075 mL/kg/h", "consistent"),
        ("0.5 mcg/kg/min = 0.15 mL/kg/h, then 0.25 mcg/kg/min = 0.75 mL/kg/h", "stopped"),
        ("0.5 mcg/kg/min, 10.5 mL/h; reduce to 0.25 mcg/kg/min, central line, 5.25 mL/h", "consistent"),
        ("0.5 mcg/kg/min, 10.5 mL/h; reduce to 0.25 mcg/kg/min, central line, 52.5 mL/h", "stopped"),
        ("0.25 mcg/kg/min = 5.25 mL/h, max 0.5 mcg/kg/min. Pump 5.25 mL/h", "consistent"),
        ("0.25 mcg/kg/min = 5.25 mL/h, max 0.5 mcg/kg/min. Pump 52.5 mL/h", "stopped"),
        ("0.25 mcg/kg/min = 5.25 mL/h, then 10.5 mL/h", "warned"),  # nothing says which rate that is
        ("0.25 mcg/kg/min = 5.25 mL/h, then 105 mL/h", "stopped"),  # 105 x 200 / 60 / 70 = 5
        ("0.25 mcg/kg/min = 5.25 mL/h, increase by 2.6 mL/h", "warned"),
        ("load 5 mcg/kg/min for 10 min = 105 mL/h, then 0.5 mcg/kg/min = 10.5 mL/h", "warned"),
        ("load 5 mcg/kg/min = 105 mL/h for 10 min, then 0.5 mcg/kg/min = 10.5 mL/h", "warned"),
        ("load 5 mcg/kg/min for 10 min = 10.5 mL/h, then 0.5 mcg/kg/min = 10.5 mL/h", "stopped"),
        ("load 5 mcg/kg/min for 10 min = 35 mg, then 0.5 mcg/kg/min = 10.5 mL/h", "stopped"),
        ("0.5 mcg/kg/min = 10.5 mL/h for 24 h, then 0.25 mcg/kg/min = 5.25 mL/h for 24 h, new bags", "consistent"),
        ("0.5 mcg/kg/min = 10.5 mL/h for 25 h, then 0.25 mcg/kg/min = 5.25 mL/h for 24 h, new bags", "warned"),
        ("0.5 mcg/kg/min = 10.5 mL/h for 25 h, then 0.25 mcg/kg/min for 24 h, new bags", "warned"),
        ("100 mL, 0.5 mcg/kg/min = 10.5 mL/h for 4 h, then 0.25 mcg/kg/min = 5.25 mL/h", "consistent"),
        ("100 mL, 0.5 mcg/kg/min = 10.5 mL/h for 40 h, then 0.25 mcg/kg/min = 5.25 mL/h", "stopped"),  # empty at 9.5 h
    ],
)
def test_what_a_stage_states_is_compared_in_its_own_stage(stages: str, status: str) -> None:
    check = check_order(HEAD + stages)
    assert check.status == status, (check.refusals, check.findings, check.pairs)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0.85 kg, GA 27+3 weeks, 0.75 mcg/kg/min for 3 h, then 0.2 mcg/kg/min = 0.6 mL/h", "consistent"),
        ("0.85 kg, GA 27+3 weeks, 0.75 mcg/kg/min for 30 h = 2.25 mL/h, then 0.2 mcg/kg/min = 0.6 mL/h", "stopped"),
        ("0.85 kg, GA 27+3 weeks, 0.76 mcg/kg/min for 3 h = 2.28 mL/h, then 0.2 mcg/kg/min = 0.6 mL/h", "stopped"),
        ("1.6 kg, GA 31+0 weeks, 1.25 mcg/kg/min for 60 min = 3.75 mL/h, then 0.5 mcg/kg/min = 1.5 mL/h", "consistent"),
        ("12 kg, 1.25 mcg/kg/min for 60 min = 3.75 mL/h, then 0.5 mcg/kg/min = 1.5 mL/h", "stopped"),
        (
            "0.85 kg, GA 27+3 weeks, load 0.75 mcg/kg/min for 3 h = 6.75 mL, then 0.2 mcg/kg/min = 0.6 mL/h",
            "consistent",
        ),
        ("0.85 kg, GA 27+3 weeks, load 0.75 mcg/kg/min for 3 h = 67.5 mL, then 0.2 mcg/kg/min = 0.6 mL/h", "stopped"),
    ],
)
def test_a_first_stage_is_a_load_where_an_entry_gives_it_so(text: str, status: str) -> None:
    check = check_order(f"milrinone 1 mg/kg in 50 mL, {text}")
    assert check.status == status, (check.refusals, check.findings, check.pairs)


def test_a_slip_names_the_stage() -> None:
    check = check_order(
        "milrinone 3 mg/kg in 50 mL, 3.4 kg, 0.25 mcg/kg/min = 0.25 mL/h, increase to 0.5 mcg/kg/min = 5 mL/h"
    )
    assert [(slip.id, slip.value) for slip in check.slips] == [("ten-fold", "5 mL/h")]
    assert {piece.text: piece.means for piece in check.read}["5 mL/h"] == "highest pump rate of the titration"


@pytest.mark.parametrize(
    ("pairs", "slip"),
    [
        ("0.25 mcg/kg/min = 0.25 mL/h, then 0.5 mcg/kg/min = 5 mL/h", ("ten-fold", "5 mL/h")),
        ("0.25 mcg/kg/min = 2.5 mL/h, then 0.5 mcg/kg/min = 0.5 mL/h", ("ten-fold", "2.5 mL/h")),
        ("0.25 mcg/kg/min = 2.5 mL/h, then 0.5 mcg/kg/min = 5 mL/h", ("ten-fold", "3 mg/kg")),
    ],
)
def test_a_value_that_all_stages_share_is_blamed_only_where_all_are_off(pairs: str, slip: tuple[str, str]) -> None:
    check = check_order(f"milrinone 3 mg/kg in 50 mL, 3.4 kg, {pairs}")
    found = [(item.id, item.value) for item in check.slips]
    assert slip in found
    assert (len(found) == 1) is (slip[1] != "3 mg/kg")


def test_an_earlier_pair_warns_and_stops_nothing() -> None:
    check = check_order(HEAD + "increase from 0.25 mcg/kg/min = 52.5 mL/h to 0.5 mcg/kg/min = 10.5 mL/h")
    assert check.status == "warned"
    assert not check.slips
    assert {pair.stated for pair in check.pairs if pair.severity} == {"52.5 mL/h"}
