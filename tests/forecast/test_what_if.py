"""A pause, another rate: how a regimen is cut on the clock, and what the level does."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from inotrope.dosing import read_regimen
from inotrope.errors import RequestError
from inotrope.forecast import differences, forecast, with_pause, with_rate
from inotrope.units import Quantity
from tests.forecast.persons import STEADY, K, adult, kidney, label

SAID = read_regimen("50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h; 0.375 mcg/kg/min")


def h(hours: str) -> Quantity:
    return Quantity(Decimal(hours), "h")


def rate(number: str) -> Quantity:
    return Quantity(Decimal(number), "mcg/kg/min")


def test_a_pause_takes_the_place_of_what_was_planned_for_its_hours() -> None:
    paused = with_pause(read_regimen("0.5 mcg/kg/min for 24 h; 0.375 mcg/kg/min"), after=h("6"), lasting=h("2"))
    assert str(paused) == "0.5 mcg/kg/min for 6 h; pause 2 h; 0.5 mcg/kg/min for 16 h; 0.375 mcg/kg/min"


def test_a_pause_over_the_end_of_a_part_and_of_the_whole() -> None:
    assert str(
        with_pause(read_regimen("0.5 mcg/kg/min for 24 h; 0.375 mcg/kg/min"), after=h("23"), lasting=h("2"))
    ) == ("0.5 mcg/kg/min for 23 h; pause 2 h; 0.375 mcg/kg/min")
    assert str(with_pause(read_regimen("0.5 mcg/kg/min for 24 h"), after=h("23"), lasting=h("2"))) == (
        "0.5 mcg/kg/min for 23 h; pause"
    )


def test_a_pause_from_the_start() -> None:
    assert str(with_pause(read_regimen("0.5 mcg/kg/min"), after=h("0"), lasting=h("1"))) == "pause 1 h; 0.5 mcg/kg/min"


@pytest.mark.parametrize(("dose", "says"), [("60 mcg/kg", "120 mcg/kg/h"), ("6 mg", "12000 mcg/h")])
def test_a_load_that_is_cut_goes_in_at_its_own_rate(dose: str, says: str) -> None:
    changed = with_rate(read_regimen(f"{dose} over 30 min; 0.5 mcg/kg/min"), after=h("0.25"), rate=rate("0.375"))
    assert str(changed).replace(",", "") == f"{says} for 0.25 h; 0.375 mcg/kg/min"


def test_another_rate_goes_on_without_end() -> None:
    assert str(with_rate(SAID, after=h("4"), rate=rate("0.25"))).endswith("0.25 mcg/kg/min")
    after = with_rate(read_regimen("0.5 mcg/kg/min"), after=h("4"), rate=rate("0.25"))
    assert str(after) == "0.5 mcg/kg/min for 4 h; 0.25 mcg/kg/min"


def test_what_a_pause_and_half_the_rate_do_to_the_level() -> None:
    case = adult()
    plain = read_regimen("0.5 mcg/kg/min")
    base = forecast(case, plain, models=[label()], kidney=kidney(case), seed=1)
    half = forecast(
        case, with_rate(plain, after=h("12"), rate=rate("0.25")), models=[label()], kidney=kidney(case), seed=1
    )
    (difference,) = differences(base, half)
    assert difference.steady_ratio == pytest.approx(0.5)
    left = math.exp(-12 * K)
    at_24 = STEADY * (1 - left) * left + 0.5 * STEADY * (1 - left)
    assert difference.end_ratio == pytest.approx(at_24 / (STEADY * (1 - left * left)), rel=1e-9)
    assert difference.refused == ""


def test_a_model_without_a_curve_or_an_answer_has_no_difference() -> None:
    case = adult()
    nothing = forecast(case, "pause", kidney=kidney(case), seed=1)
    some = forecast(case, "0.5 mcg/kg/min", kidney=kidney(case), seed=1)
    by_model = {item.model: item for item in differences(nothing, some)}
    assert by_model["milrinone/label_adult"].end_ratio is None  # it was nothing before
    assert by_model["milrinone/label_adult"].steady_ratio is None
    assert by_model["milrinone/bailey_2004"].refused
    assert by_model["milrinone/osaka_2009"].end_ratio is None


@pytest.mark.parametrize(
    ("after", "lasting", "says"),
    [("-1", "2", "does not lie ahead"), ("1", "0", "is none"), ("24", "2", "is over"), ("30", "2", "is over")],
)
def test_a_pause_that_cannot_be_is_an_error(after: str, lasting: str, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        with_pause(read_regimen("0.5 mcg/kg/min for 24 h"), after=h(after), lasting=h(lasting))


def test_another_rate_after_the_end_is_an_error() -> None:
    with pytest.raises(RequestError, match="is over"):
        with_rate(read_regimen("0.5 mcg/kg/min for 24 h"), after=h("24"), rate=rate("0.25"))
