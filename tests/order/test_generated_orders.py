"""Orders made at random: a sound one is never stopped, and one with a planted slip never passes.

The arithmetic of a sound order is done here, in fractions, and not by the code under test.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from inotrope.plan import check_order

pytestmark = pytest.mark.usefixtures("uncounted")

Order = dict[str, Fraction]
RATES = [Fraction(part, 1000) for part in (125, 200, 250, 300, 375, 430, 500, 600, 700)]
BAGS = [(20, 100), (40, 200), (10, 50), (20, 200), (15, 100), (30, 50), (50, 250)]


def sound(dice: random.Random) -> Order:
    """Return an order whose pump rate, rounded to 0.1 mL/h, lies within 2 % of the exact one.

    Where the pump's step alone moves a tiny flow by a tenth, a planted slip is stopped all the same, but its factor can
    no longer be told from another's.
    """
    while True:
        order = rounded(dice)
        exact = order["rate"] * order["weight"] * 60 / order["strength"]
        if abs(order["pump"] / exact - 1) <= Fraction(2, 100):
            return order


def rounded(dice: random.Random) -> Order:
    amount, volume = dice.choice(BAGS)
    weight = Fraction(dice.randint(350, 1300), 10)
    rate = dice.choice(RATES)
    strength = Fraction(amount * 1000, volume)
    return {
        "weight": weight,
        "rate": rate,
        "amount": Fraction(amount),
        "volume": Fraction(volume),
        "strength": strength,
        "pump": Fraction(number(rate * weight * 60 / strength, 1)),
        "load": 50 * weight / 1000,
    }


def number(value: Fraction, places: int) -> str:
    """Half up, without trailing zeros: as somebody writes it."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = f"{whole // 10**places}.{whole % 10**places:0{places}d}" if places else str(whole)
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(order: Order, form: int) -> str:
    rate, weight = number(order["rate"], 6), number(order["weight"], 3)
    pump, load = number(order["pump"], 5), number(order["load"], 1)
    amount, volume = number(order["amount"], 4), number(order["volume"], 3)
    strength = number(order["strength"] / 1000, 6)
    return (
        f"milrinone {amount} mg/{volume} mL D5W at {rate} mcg/kg/min, {weight} kg, {pump} mL/h",
        f"MILRINONE {rate} MCG/KG/MIN WT {weight} KG {strength} MG/ML RATE {pump} ML/HR",
        f"Milrinone load 50 mcg/kg over 10 min ({load} mg), then {rate} mcg/kg/min; {weight} kg; "
        f"bag {amount} mg in {volume} mL; {pump} mL/h",
        f"Weight: {weight} kg. Primacor {amount} mg in {volume} mL ({strength} mg/mL), {rate} mcg/kg/min = {pump} mL/h",
    )[form]


FORMS = range(4)


def times(key: str, factor: Fraction) -> Callable[[Order], Order]:
    return lambda order: {**order, key: order[key] * factor}


SLIPS: dict[str, tuple[Callable[[Order], Order], set[str]]] = {
    "rate ten times": (times("rate", Fraction(10)), {"ten-fold"}),
    "pump rate ten times": (times("pump", Fraction(10)), {"ten-fold"}),
    "pump rate a tenth": (times("pump", Fraction(1, 10)), {"ten-fold"}),
    "pump rate a hundred times": (times("pump", Fraction(100)), {"hundred-fold"}),
    "pump rate per minute": (times("pump", Fraction(1, 60)), {"per-hour-for-per-minute"}),
    "rate per hour": (times("rate", Fraction(60)), {"per-hour-for-per-minute"}),
    "weight in pounds": (times("weight", Fraction(10000, 4536)), {"pounds-for-kilograms"}),
    "pump rate worked out with the salt": (times("pump", Fraction(1427, 1000)), {"salt-for-base"}),
    "rate a thousand times": (times("rate", Fraction(1000)), {"thousand-fold", "mg-for-mcg"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_order_is_never_stopped_or_refused(form: int) -> None:
    dice = random.Random(form)
    for _ in range(60):
        text = written(sound(dice), form)
        check = check_order(text)
        assert check.status in ("consistent", "warned"), (text, check.refusals, check.findings)
        assert not check.slips


@pytest.mark.parametrize("slip", SLIPS)
def test_a_planted_slip_never_passes_and_is_named(slip: str) -> None:
    dice = random.Random(slip)
    change, names = SLIPS[slip]
    for form in FORMS:
        for _ in range(10):
            text = written(change(sound(dice)), form)
            check = check_order(text)
            assert check.status == "stopped", text
            assert {item.id for item in check.slips} & names, (text, check.slips)


@pytest.mark.parametrize("form", FORMS)
def test_an_amount_over_hours_is_compared_with_the_rate(form: int) -> None:
    dice = random.Random(f"over {form}")
    for _ in range(15):
        order, hours = sound(dice), dice.choice((6, 8, 12, 24, 36))
        total = order["rate"] * order["weight"] * 60 * hours / 1000
        text = f"{written(order, form)}; {{}} mg over {hours} h"
        right, wrong = (check_order(text.format(number(each, 3))) for each in (total, total * 5))
        assert right.status in ("consistent", "warned"), (text, right.refusals, right.findings)
        assert wrong.status == "stopped", text
        assert [round(pair.difference.in_unit("%")) for pair in wrong.pairs if pair.relation == "total"] == [400], text


@pytest.mark.parametrize("form", FORMS)
def test_a_strength_in_a_word_and_a_shared_line_are_asked_about_in_any_order(form: int) -> None:
    dice = random.Random(f"words {form}")
    for _ in range(15):
        order = sound(dice)
        text = written(order, form)
        asked = check_order(f"DS bag. {text}")
        assert (asked.status == "refused") is (order["strength"] != 400), text  # 400 is twice the premix
        assert check_order(f"{text}, furosemide drip running, same line").status == "refused", text
        assert check_order(f"{text}, furosemide drip running, separate line").status in ("consistent", "warned"), text


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_hundred_thousand_orders() -> None:
    dice = random.Random(20261122)
    for index in range(50_000):
        form = index % 4
        text = written(sound(dice), form)
        assert check_order(text).status in ("consistent", "warned"), text
        change, names = SLIPS[dice.choice(list(SLIPS))]
        text = written(change(sound(dice)), form)
        check = check_order(text)
        assert check.status == "stopped", text
        assert {item.id for item in check.slips} & names, text
