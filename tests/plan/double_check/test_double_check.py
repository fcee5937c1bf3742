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
from inotrope.patient.examples import read_example
from inotrope.plan import Plan, make_plan
from inotrope.plan.double_check.comparing import ALWAYS, Compared, DoubleCheck, compare, lacking
from inotrope.plan.double_check.first_given import DRAWN_UP, FIRST_RATE, NOTHING, FirstGiven, ways_to_begin
from inotrope.plan.double_check.items import AMOUNTS, ITEMS, LOAD, OF_THE_LOAD, as_shown, read_item
from inotrope.plan.double_check.settings import ToBeSet, settings_of, why_none
from inotrope.units import Quantity

Maker = Callable[..., Case]
CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"


def settings(case: Case) -> dict[str, ToBeSet]:
    """Return the settings of a case by name; of a start the last one, which begins with nothing."""
    return {item.name: item for item in settings_of(make_plan(case, forecast=False))}


def starts(case: Case) -> list[ToBeSet]:
    return list(settings_of(make_plan(case, forecast=False)))


def running(**changes: Any) -> Case:
    return read_case({**json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8")), **changes})


def entered(**texts: str) -> dict[str, Quantity]:
    return {item.replace("_", " "): read_item(item.replace("_", " "), text) for item, text in texts.items()}


SOUND = {"weight": "82 kg", "concentration": "200 mcg/mL", "pump_rate": "9.2 mL/h", "rate": "0.375 mcg/kg/min"}
VIAL = {"strength_of_the_load": "1 mg/mL", "volume_drawn_up": "4.1 mL", "time_of_the_load": "10 min"}
DILUTED = (("4.1 mL", "10 mL", "20 mL"), ("24.6 mL/h", "60 mL/h", "120 mL/h"))
UNDILUTED = VIAL | {"volume_in_the_syringe": "4.1 mL", "rate_of_the_load": "24.6 mL/h"}


@pytest.fixture
def start(make_case: Maker) -> ToBeSet:
    return settings(make_case())["start"]


@pytest.fixture
def loaded(make_case: Maker) -> ToBeSet:
    return starts(make_case())[0]


def test_a_start_is_the_rate_of_the_plan_and_its_setting_of_the_pump(start: ToBeSet) -> None:
    # the label's lowest rate in 82 kg by 200 mcg/mL: 0.375 x 82 x 60 / 200 = 9.225 mL/h, on a pump of 0.1 mL/h 9.2
    shown = [str(getattr(start, field.name)) for field in fields(start)][:6]
    assert shown == ["start", "milrinone", "82 kg", "200 mcg/mL", "9.2 mL/h", "0.375 mcg/kg/min"]
    assert start.first == FirstGiven(NOTHING, left_out=True) and start.set_aside == ()


def test_two_who_mean_the_same_agree_in_whatever_unit(start: ToBeSet) -> None:
    other = SOUND | {"weight": "82.0 kg", "concentration": "0.2 mg/mL", "pump_rate": "9.20 mL/h"}
    found = compare(start, entered(**other), NOTHING)
    assert found.agrees and found.differing == () and found.unchecked == ()
    assert [item.item for item in found.items] == ["weight", "concentration", "load", "pump rate", "rate"]


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
        ("rate", "0.5 mcg/kg/min"),
        ("rate", "0.374 mcg/kg/min"),  # what the pump delivers is not what was meant
    ],
)
def test_what_differs_is_named_and_nothing_else(start: ToBeSet, item: str, text: str) -> None:
    found = compare(start, entered(**SOUND) | {item: read_item(item, text)}, NOTHING)
    assert found.differing == (item,) and not found.agrees


@pytest.mark.hazard("set-otherwise-than-planned")
def test_a_start_begins_with_its_load_or_without_and_both_must_mean_the_same(make_case: Maker) -> None:
    """50 mcg/kg x 82 kg = 4.1 mg, of 1 mg/mL 4.1 mL; in 10 min 24.6 mL/h, made up to 10 mL 60 mL/h, to 20 mL 120."""
    found = starts(make_case())
    assert [item.first and item.first.how for item in found] == [DRAWN_UP] * 3 + [NOTHING]
    assert [item.first and item.first.another for item in found] == [False, True, True, False]
    for meant, in_all, flow in zip(found[:-1], *DILUTED, strict=True):
        entry = entered(**SOUND, **VIAL, volume_in_the_syringe=in_all, rate_of_the_load=flow)
        assert compare(meant, entry, DRAWN_UP).agrees
        others = [item for item in found if item is not meant and item.first and item.first.how == DRAWN_UP]
        for other in others:
            assert compare(other, entry, DRAWN_UP).differing == ("volume in the syringe", "rate of the load")
        assert compare(found[-1], entry, DRAWN_UP).differing == (LOAD,)
        assert compare(meant, entered(**SOUND), NOTHING).differing == (LOAD,)


@pytest.mark.hazard("set-otherwise-than-planned")
@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("strength of the load", "0.2 mg/mL"),
        ("volume drawn up", "41 mL"),
        ("volume in the syringe", "10 mL"),
        ("time of the load", "1 min"),
        ("time of the load", "10 h"),
        ("rate of the load", "246 mL/h"),
    ],
)
def test_a_load_that_differs_is_named(loaded: ToBeSet, item: str, text: str) -> None:
    entry = entered(**SOUND, **UNDILUTED)
    assert compare(loaded, entry, DRAWN_UP).agrees
    assert compare(loaded, entry | {item: read_item(item, text)}, DRAWN_UP).differing == (item,)


@pytest.mark.hazard("set-otherwise-than-planned")
def test_a_first_rate_in_the_place_of_a_load_is_part_of_the_check() -> None:
    """The preterm baby: 0.75 mcg/kg/min for 3 h, then 0.2; its syringe gives 1 mcg/kg/min at 1 mL/h."""
    first, without = starts(read_case(json.loads(read_example("preterm-baby"))))
    own = entered(weight="0.9 kg", concentration="54 mcg/mL", pump_rate="0.2 mL/h", rate="0.2 mcg/kg/min")
    load = entered(time_of_the_load="180 min", rate_of_the_load="0.75 mL/h")
    assert compare(first, own | load, FIRST_RATE).agrees
    assert compare(first, own, NOTHING).differing == (LOAD,)
    assert compare(without, own, NOTHING).agrees and compare(without, own | load, FIRST_RATE).differing == (LOAD,)
    slower = entered(time_of_the_load="3 h", rate_of_the_load="0.2 mL/h")
    assert compare(first, own | slower, FIRST_RATE).differing == ("rate of the load",)


def test_while_a_first_rate_goes_in_the_rate_after_it_can_be_checked() -> None:
    given = [{"of": "milrinone", "start": "2026-11-22T07:00:00+01:00", "rate": "0.75 mcg/kg/min"}]
    baby = read_case({**json.loads(read_example("preterm-baby")), "administrations": given})
    found = settings(baby)
    assert set(found) == {"as it runs", "after the load"}
    assert (str(found["after the load"].pump_rate), found["after the load"].first) == ("0.2 mL/h", None)
    plan = make_plan(baby, forecast=False)
    assert plan.maintenance is not None
    assert [item.name for item in settings_of(replace(plan, maintenance=None))] == ["as it runs"]


def test_a_load_that_the_pharmacist_dilutes_has_its_volume_and_its_time() -> None:
    """A child of 4 kg: 0.2 mL of the vial, too little to be given undiluted; nobody says to which volume."""
    meant = starts(read_case(json.loads(read_example("child-after-surgery"))))[0]
    assert meant.first is not None and meant.first.how == DRAWN_UP
    own = entered(weight="4 kg", concentration="240 mcg/mL", pump_rate="0.25 mL/h", rate="0.25 mcg/kg/min")
    load = entered(strength_of_the_load="1 mg/mL", volume_drawn_up="0.2 mL", time_of_the_load="1 h")
    assert compare(meant, own | load, DRAWN_UP).agrees
    found = compare(meant, own | load | entered(volume_in_the_syringe="10 mL"), DRAWN_UP)
    assert found.agrees and found.unchecked == ("volume in the syringe",)


def test_a_load_that_waits_for_an_answer_and_one_without_a_bag_are_no_course(make_case: Maker) -> None:
    load = make_plan(make_case(), forecast=False).loading_dose
    assert load is not None and ways_to_begin(None) == (FirstGiven(NOTHING),)
    without = (FirstGiven(NOTHING, left_out=True),)
    assert ways_to_begin(replace(load, only_if=("the pressure",))) == without
    baby = make_plan(read_case(json.loads(read_example("preterm-baby"))), forecast=False).loading_dose
    assert baby is not None and ways_to_begin(replace(baby, pump_rate=None)) == without
    odd = replace(load, setting="not settable on this pump")  # the dilutions can be set
    assert [dict(item.amounts).get("volume in the syringe") for item in ways_to_begin(odd)[:-1]] == [*load.made_up_to]


@pytest.mark.hazard("set-otherwise-than-planned")
def test_a_rate_of_endless_figures_is_what_stands_on_the_plan(start: ToBeSet) -> None:
    """0.308090785 mcg/kg/min stands on a plan as 0.3081, and 10 mg in 30 mL as 333.333 mcg/mL."""
    rate, bag = Quantity(Decimal("0.308090785"), "mcg/kg/min"), Quantity(Decimal(10_000) / 30, "mcg/mL")
    meant = replace(start, rate=rate, concentration=bag)
    seen = entered(**SOUND | {"rate": "0.3081 mcg/kg/min", "concentration": "0.333333 mg/mL"})
    assert compare(meant, seen, NOTHING).agrees
    for other in ("0.308 mcg/kg/min", "0.3082 mcg/kg/min", "0.30809 mcg/kg/min"):
        assert compare(meant, seen | {"rate": read_item("rate", other)}, NOTHING).differing == ("rate",)
    assert [str(as_shown(item, value)) for item, value in (("rate", rate), ("concentration", bag))] == [
        "0.3081 mcg/kg/min",
        "333.333 mcg/mL",
    ]


@pytest.mark.hazard("set-otherwise-than-planned")
def test_no_value_of_the_first_person_stands_in_what_the_second_one_sees(loaded: ToBeSet) -> None:
    other = {"weight": "81 kg", "pump_rate": "9 mL/h", "volume_drawn_up": "4 mL"}
    found = compare(loaded, entered(**(SOUND | UNDILUTED | other)), DRAWN_UP)
    assert [field.name for field in fields(Compared)] == ["item", "agrees"]
    assert [field.name for field in fields(DoubleCheck)] == ["items", "unchecked"]
    assert "82" not in repr(found) and "9.2" not in repr(found) and "4.1" not in repr(found)


def test_each_difference_alone_is_seen_whatever_the_setting() -> None:
    """One in the last place that anybody writes is a difference, in every item."""
    amounts = {item: Quantity(Decimal("7.5"), known.units[0]) for item, known in AMOUNTS.items()}
    first = FirstGiven(DRAWN_UP, tuple((item, amounts[item]) for item in OF_THE_LOAD))
    meant = ToBeSet("start", "milrinone", *(amounts[item] for item in ALWAYS), first)
    same = {item: Quantity(Decimal("7.50"), known.units[0]) for item, known in AMOUNTS.items()}
    assert compare(meant, same, DRAWN_UP).agrees
    for item, known in AMOUNTS.items():
        off = same | {item: Quantity(Decimal("7.50000000000001"), known.units[0])}
        assert compare(meant, off, DRAWN_UP).differing == (item,)


@pytest.mark.hazard("set-otherwise-than-planned")
@pytest.mark.parametrize("left", [item.replace(" ", "_") for item in ITEMS if item != LOAD])
def test_whatever_was_meant_must_be_entered(loaded: ToBeSet, left: str) -> None:
    """The rate per body weight alone agrees with nothing: the figures in mL/h stand on the pump."""
    entries = entered(**{item: text for item, text in (SOUND | UNDILUTED).items() if item != left})
    item = left.replace("_", " ")
    with pytest.raises(RequestError, match=f"{AMOUNTS[item].name} is missing") as caught:
        compare(loaded, entries, DRAWN_UP)
    assert caught.value.where == item


def test_everything_that_is_missing_is_told_at_once(loaded: ToBeSet) -> None:
    assert [item.where for item in lacking(loaded, {}, "")] == ["weight", "concentration", LOAD, "pump rate", "rate"]
    assert [item.where for item in lacking(loaded, {}, DRAWN_UP)] == [item for item in ITEMS if item != LOAD]
    assert [item.where for item in lacking(loaded, {}, FIRST_RATE)][2:4] == ["time of the load", "rate of the load"]
    assert [item.where for item in lacking(replace(loaded, first=None), {})] == list(ALWAYS)
    assert lacking(loaded, entered(**SOUND, **UNDILUTED), DRAWN_UP) == ()


@pytest.mark.parametrize(
    ("how", "load", "where", "says"),
    [
        ("", {}, LOAD, "What goes in first is missing"),
        ("both", {}, LOAD, "What goes in first is missing"),
        (NOTHING, {"time_of_the_load": "10 min"}, "time of the load", "Empty it"),
        (FIRST_RATE, VIAL, "strength of the load", "Empty it"),
        (FIRST_RATE, {"time_of_the_load": "10 min"}, "rate of the load", "is missing"),
        (DRAWN_UP, {"time_of_the_load": "10 min"}, "strength of the load", "is missing"),
    ],
)
def test_one_way_to_begin_is_said_and_nothing_of_another(
    start: ToBeSet, how: str, load: dict[str, str], where: str, says: str
) -> None:
    with pytest.raises(RequestError, match=says) as caught:
        compare(start, entered(**SOUND, **load), how)
    assert caught.value.where == where


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
        ("volume drawn up", "4.1"),
        ("time of the load", "10"),
        ("time of the load", "600 s"),
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
        compare(start, {"height": Quantity(Decimal(178), "cm")}, NOTHING)
    with pytest.raises(RequestError, match="'time of the load' is not checked"):
        compare(replace(start, first=None), entered(**SOUND, time_of_the_load="10 min"))


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


def test_a_stop_that_was_set_aside_goes_along() -> None:
    case = read_case(json.loads(read_example("low-pressure")))
    reason = {"low-pressure-at-start": "the intensivist decided at the bedside"}
    found = settings_of(make_plan(case, forecast=False, overrides=reason))
    assert [item.set_aside for item in found] == [("Blood pressure too low to start",)]
    assert found[0].first == FirstGiven(NOTHING)  # a stop that is set aside opens no load


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
    assert list(dict.fromkeys(item.name for item in settings_of(plan))) == left
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
    assert list(dict.fromkeys(item.name for item in settings_of(plan))) == left
