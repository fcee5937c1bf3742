"""The double check: what can be set at all, and that two entries are compared exactly and in silence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from inotrope.errors import RequestError, UnitError
from inotrope.findings import State, WhileRunning
from inotrope.patient import Case, read_case
from inotrope.plan import Plan, make_plan
from inotrope.plan.double_check.comparing import ITEMS, UNITS, Compared, DoubleCheck, compare, read_item
from inotrope.plan.double_check.settings import ToBeSet, settings_of, why_none
from inotrope.units import Quantity

Maker = Callable[..., Case]
CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"


def settings(case: Case) -> dict[str, ToBeSet]:
    return {item.name: item for item in settings_of(make_plan(case, forecast=False))}


def running(**changes: Any) -> Case:
    return read_case({**json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8")), **changes})


def entered(**texts: str) -> dict[str, Quantity]:
    return {item.replace("_", " "): read_item(item.replace("_", " "), text) for item, text in texts.items()}


@pytest.fixture
def start(make_case: Maker) -> ToBeSet:
    return settings(make_case())["start"]


def test_a_start_is_the_rate_of_the_plan_and_its_setting_of_the_pump(start: ToBeSet) -> None:
    # the label's lowest rate in 82 kg by 200 mcg/mL: 0.375 x 82 x 60 / 200 = 9.225 mL/h, on a pump of 0.1 mL/h 9.2
    shown = [str(getattr(start, field.name)) for field in fields(start)]
    assert shown == ["start", "milrinone", "82 kg", "200 mcg/mL", "9.2 mL/h", "0.375 mcg/kg/min"]


def test_two_who_mean_the_same_agree_in_whatever_unit(start: ToBeSet) -> None:
    found = compare(start, entered(weight="82.0 kg", concentration="0.2 mg/mL", pump_rate="9.20 mL/h"))
    assert found.agrees and found.differing == ()
    assert [item.item for item in found.items] == ["weight", "concentration", "pump rate"]
    assert compare(start, entered(weight="82 kg", concentration="200 mcg/mL", rate="0.375 mcg/kg/min")).agrees


@pytest.mark.hazard("set-otherwise-than-planned")
@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("weight", "82.1 kg"),
        ("weight", "28 kg"),
        ("weight", "180.8 kg"),  # pounds
        ("concentration", "20 mcg/mL"),
        ("concentration", "1 mg/mL"),
        ("concentration", "200 mg/mL"),
        ("pump rate", "9.3 mL/h"),
        ("pump rate", "92 mL/h"),
        ("pump rate", "9.225 mL/h"),
        ("pump rate", "9.2000000001 mL/h"),
    ],
)
def test_what_differs_is_named_and_nothing_else(start: ToBeSet, item: str, text: str) -> None:
    entries = entered(weight="82 kg", concentration="200 mcg/mL", pump_rate="9.2 mL/h") | {item: read_item(item, text)}
    found = compare(start, entries)
    assert found.differing == (item,) and not found.agrees


def test_the_rate_the_pump_delivers_is_not_the_rate_that_was_meant(start: ToBeSet) -> None:
    found = compare(start, entered(weight="82 kg", concentration="200 mcg/mL", rate="0.374 mcg/kg/min"))
    assert found.differing == ("rate",)


def test_both_rates_are_compared_where_both_are_entered(start: ToBeSet) -> None:
    both = entered(weight="82 kg", concentration="200 mcg/mL", pump_rate="9.2 mL/h", rate="0.5 mcg/kg/min")
    assert compare(start, both).differing == ("rate",)


@pytest.mark.hazard("set-otherwise-than-planned")
def test_no_value_of_the_first_person_stands_in_what_the_second_one_sees(start: ToBeSet) -> None:
    found = compare(start, entered(weight="81 kg", concentration="200 mcg/mL", pump_rate="9 mL/h"))
    assert [field.name for field in fields(Compared)] == ["item", "agrees"]
    assert [field.name for field in fields(DoubleCheck)] == ["items"]
    assert "82" not in repr(found) and "9.2" not in repr(found)


def test_each_difference_alone_is_seen_whatever_the_setting() -> None:
    """One in the last place that anybody writes is a difference, in every item."""
    meant = ToBeSet("start", "milrinone", *(Quantity(Decimal("7.5"), unit) for unit in ("kg", "mcg/mL", "mL/h")),
                    Quantity(Decimal("7.5"), "mcg/kg/min"))  # fmt: skip
    same = {item: Quantity(Decimal("7.50"), units[0]) for item, units in UNITS.items()}
    assert compare(meant, same).agrees
    for item in ITEMS:
        off = same | {item: Quantity(Decimal("7.50000000000001"), UNITS[item][0])}
        assert compare(meant, off).differing == (item,)


@pytest.mark.parametrize(
    ("left", "says"),
    [("weight", "The weight is missing"), ("concentration", "The concentration is missing"), ("pump rate", "The rate")],
)
def test_what_is_missing_is_asked_for(start: ToBeSet, left: str, says: str) -> None:
    entries = entered(weight="82 kg", concentration="200 mcg/mL", pump_rate="9.2 mL/h")
    del entries[left]
    with pytest.raises(RequestError, match=says) as caught:
        compare(start, entries)
    assert caught.value.where == left


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("weight", "82"),
        ("weight", "82000 g"),
        ("weight", "180 lb"),
        ("weight", "0 kg"),
        ("weight", ""),
        ("concentration", "200 mcg"),
        ("concentration", "20 %"),
        ("pump rate", "0.375 mcg/kg/min"),
        ("pump rate", "9,2 mL/h"),
        ("rate", "9.2 mL/h"),
        ("rate", "22.5 mcg/kg/h"),
    ],
)
def test_an_entry_that_cannot_be_read_names_its_field(item: str, text: str) -> None:
    with pytest.raises(UnitError) as caught:
        read_item(item, text)
    assert caught.value.where == item


def test_an_item_that_is_not_checked_is_an_error(start: ToBeSet) -> None:
    with pytest.raises(RequestError, match="'height' is not checked"):
        read_item("height", "178 cm")
    with pytest.raises(RequestError, match="'height' is not checked"):
        compare(start, {"height": Quantity(Decimal(178), "cm")})


def test_what_runs_and_its_next_steps_can_be_checked() -> None:
    """A low potassium keeps a rate from going up; potassium replaced, the step up is there again."""
    kept = settings(running())
    assert set(kept) == {"as it runs", "step down"}
    # 0.5 x 82 x 60 / 200 = 12.3 mL/h
    assert (str(kept["as it runs"].rate), str(kept["as it runs"].pump_rate)) == ("0.5 mcg/kg/min", "12.3 mL/h")
    measured = json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8"))["measurements"]
    for item in measured:
        item["value"] = "4.4 mmol/L" if item["what"] == "serum potassium" else item["value"]
    assert set(settings(running(measurements=measured))) == {"as it runs", "step up", "step down"}


def test_what_runs_above_the_limit_is_not_confirmed() -> None:
    """The label's highest rate is 0.75 mcg/kg/min."""
    given = [{"of": "milrinone", "start": "2026-11-21T20:00:00+01:00", "rate": "0.8 mcg/kg/min"}]
    assert "as it runs" not in settings(running(administrations=given))


@pytest.mark.parametrize(
    ("name", "says"),
    [("severe-aortic-stenosis", "gives no rate"), ("no-creatinine", "gives no rate"), ("dialysis", "gives no rate")],
)
def test_a_stop_and_a_refusal_have_nothing_to_check(name: str, says: str) -> None:
    plan = make_plan(read_case(CASES / f"{name}.json"), forecast=False)
    assert settings_of(plan) == () and says in why_none(plan)


def test_without_a_bag_there_is_no_setting_to_check(make_case: Maker) -> None:
    plan = make_plan(make_case(preparation=None), forecast=False)
    assert settings_of(plan) == () and "No bag is named" in why_none(plan)


def test_where_something_is_set_nothing_is_missing(make_case: Maker) -> None:
    assert why_none(make_plan(make_case(), forecast=False)) == ""


def test_a_step_that_the_pump_cannot_deliver_is_not_confirmed() -> None:
    plan = make_plan(running(), forecast=False)
    assert plan.running is not None and plan.running.next_down is not None
    off = replace(plan.running, next_down=replace(plan.running.next_down, do_not_set=True))
    assert [item.name for item in settings_of(replace(plan, running=off))] == ["as it runs"]
    last = replace(plan.running, next_down=replace(plan.running.next_down, rate=Quantity(Decimal(0), "mcg/kg/min")))
    assert [item.name for item in settings_of(replace(plan, running=last))] == ["as it runs"]


def test_the_plan_is_left_as_it_was(make_case: Maker) -> None:
    plan = make_plan(make_case(), forecast=False)
    before = copy.deepcopy(plan)
    settings_of(plan)
    assert plan == before


def asking(plan: Plan, asked: WhileRunning) -> Plan:
    """Return the plan with one finding more, which fires and asks this of the rate."""
    finding = replace(plan.findings[0], state=State.FIRES, while_running=asked)
    return replace(plan, findings=(finding, *plan.findings))


@pytest.mark.hazard("set-otherwise-than-planned")
@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (WhileRunning.STOP, []),
        (WhileRunning.HOLD, []),
        (WhileRunning.REDUCE, ["step down"]),
        (WhileRunning.KEEP, ["as it runs", "step down"]),
    ],
)
def test_nothing_is_confirmed_against_what_a_finding_asks(asked: WhileRunning, left: list[str]) -> None:
    plan = asking(make_plan(running(), forecast=False), asked)
    assert [item.name for item in settings_of(plan)] == left
    assert bool(why_none(plan)) is (not left)


@pytest.mark.parametrize(
    ("asked", "left"), [(WhileRunning.STOP, ["start"]), (WhileRunning.HOLD, []), (WhileRunning.REDUCE, [])]
)
def test_no_start_is_confirmed_before_the_physician_has_decided(
    make_case: Maker, asked: WhileRunning, left: list[str]
) -> None:
    """What asks to stop speaks of a line or a bag in use: another one may start."""
    measured = {"serum potassium": "3.2 mmol/L"}  # so that there is a finding
    plan = asking(make_plan(make_case(measure=measured), forecast=False), asked)
    assert [item.name for item in settings_of(plan)] == left
