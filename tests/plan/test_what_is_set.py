"""What a plan says beside every number that somebody will set: how far off it is, and what a pump cannot do."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from inotrope.display import plan_sheet, to_html, to_text
from inotrope.dosing import pump_to_dose
from inotrope.drug import load_drug
from inotrope.patient import read_case
from inotrope.plan import Plan, PlanStatus, make_plan
from inotrope.units import Quantity

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"
NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")


def planned(example: str, **changes: Any) -> Plan:
    """Return the plan of a shipped example with keys replaced; None takes one away."""
    case: dict[str, Any] = copy.deepcopy(json.loads((CASES / f"{example}.json").read_text(encoding="utf-8")))
    for key, value in changes.items():
        case[key] = {**case[key], **value} if isinstance(value, dict) and key == "patient" else value
        if value is None:
            del case[key]
    return make_plan(read_case(case))


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def given(start: float, rate: str, end: float | None = None) -> dict[str, str]:
    row = {"of": "milrinone", "start": ago(start), "rate": f"{rate} mcg/kg/min"}
    return row if end is None else {**row, "end": ago(end)}


def text(plan: Plan) -> str:
    return " ".join(to_text(plan_sheet(plan), width=3000).split())


def test_a_running_bag_has_one_end_and_it_is_that_of_the_running_rate() -> None:
    # 82 kg at 200 mcg/mL: 0.5 mcg/kg/min is 12.3 mL/h; 100 mL last 8.13 h, of which 3 h are gone: empty 13:07
    bag = {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL", "hung": ago(3)}
    plan = planned("running-since-yesterday", administrations=[given(5, "0.5")], preparation=bag)
    assert plan.preparation is not None
    assert plan.preparation.bag_lasts is not None
    assert plan.preparation.bag_lasts.shown(2) == "8.13 h"
    said = text(plan)
    assert "A full bag lasts 8.1 h at 0.5 mcg/kg/min, which runs now" in said
    assert "empty 13:07 at the rate that runs" in said
    assert "10.9 h" not in said  # 100 mL at the start's 9.2 mL/h
    assert " Lasts 8" not in said
    fresh = text(planned("sound-adult"))
    assert "Lasts 10.9 h at 9.2 mL/h of milrinone premix 200 mcg/mL" in fresh


def test_a_recorded_rate_that_no_pump_setting_gives_is_shown_as_recorded_and_rounded() -> None:
    # 0.375 x 82 x 60 / 200 = 9.225 mL/h
    plan = planned("running-since-yesterday", administrations=[given(5, "0.375")])
    assert plan.running is not None
    assert str(plan.running.pump_setting) == "9.2 mL/h"
    said = text(plan)
    assert "0.375 mcg/kg/min as recorded (setting of the pump: 9.2 mL/h of milrinone premix 200 mcg/mL" in said
    assert "9.225 mL/h, which the pump cannot be set to" in said
    exact = text(planned("running-since-yesterday", administrations=[given(5, "0.5")]))
    assert "cannot be set to" not in exact


@pytest.mark.parametrize(
    ("rate", "setting", "lowered"),
    [
        ("0.75", "18.4 mL/h", True),  # 18.45 mL/h; 18.5 delivers 18.5 x 200 / 60 / 82 = 0.7520, above 0.75
        ("0.748", "18.4 mL/h", False),  # 18.4008 mL/h
        ("0.5", "12.3 mL/h", False),
    ],
)
def test_the_setting_of_a_recorded_rate_is_judged_as_a_conversion_judges_it(
    rate: str, setting: str, *, lowered: bool
) -> None:
    plan = planned("running-since-yesterday", administrations=[given(5, rate)])
    assert plan.running is not None and plan.running.pump_setting is not None
    assert str(plan.running.pump_setting) == setting
    assert not plan.running.above_allowed
    said = "18.5 mL/h would be nearest and delivers 0.752 mcg/kg/min, which is above what is allowed"
    assert (said in plan.running.says) is lowered
    folder = load_drug("milrinone")
    weight, strength = plan.patient.weight, Quantity(Decimal(200), "mcg/mL")
    assert plan.entry is not None
    entry = next(item for item in folder.entries if item.id == plan.entry.id)
    found = pump_to_dose(plan.running.pump_setting, weight=weight, concentration=strength, entry=entry)
    assert not found.must_not_stand
    if lowered:
        assert pump_to_dose(Quantity(Decimal("18.5"), "mL/h"), weight=weight, concentration=strength, entry=entry).says
    assert f"{setting} of milrinone premix 200 mcg/mL" in text(plan)


def test_what_runs_too_fast_is_shown_as_it_runs() -> None:
    # 0.8 x 82 x 60 / 200 = 19.68 mL/h: the record is above what is allowed, and its setting is not made smaller
    plan = planned("running-since-yesterday", administrations=[given(5, "0.8")])
    assert plan.running is not None
    assert str(plan.running.pump_setting) == "19.7 mL/h"
    assert "would be nearest" not in plan.running.says


def test_every_step_says_what_it_delivers_and_how_far_off_that_is() -> None:
    # 4 kg at 200 mcg/mL: 0.375 mcg/kg/min is 0.45 mL/h, set 0.5, which is 0.4167: 11.1 % more
    patient = {"born": "2026-08-01", "weight": "4 kg", "height": "55 cm", "gestational_age": "40 weeks"}
    plan = planned(
        "child-after-surgery",
        patient=patient,
        administrations=[given(5, "0.25")],
        preparation={"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL"},
        pump={"step": "0.1 mL/h"},
    )
    assert plan.status is PlanStatus.PLAN
    assert plan.running is not None
    up = plan.running.next_up
    assert up is not None
    assert up.delivered_error is not None
    assert up.delivered_error.shown(1) == "11.1 %"
    assert plan.titration[0].delivered_error == up.delivered_error
    assert (up.do_not_set, plan.titration[0].do_not_set, plan.titration[1].do_not_set) == (True, True, False)
    assert text(plan).count("do not set (it would be 0.5 mL/h)") == 2
    told = "The pump's step makes it +11.1 % from the rate, beyond the 10 % at which a plan stops: do not set it"
    assert told in up.says
    assert told in plan.titration[0].says
    assert text(plan).count("0.4167 mcg/kg/min (+11.1 %)") == 2
    assert '(+<span class="q">11.1 %</span>)' in to_html(plan_sheet(plan))


def test_a_load_by_rate_that_was_broken_off_is_said_to_be_incomplete() -> None:
    # 0.75 mcg/kg/min for 1.5 h are 67.5 mcg/kg of 135
    plan = planned("preterm-baby", administrations=[given(2.5, "0.75", 1)])
    assert plan.given is not None
    assert "broken off after 1.5 h of 3 h: about 67.5 mcg/kg of 135 mcg/kg went in" in plan.given.load_cut_short
    assert "What is missing is not given by itself; the prescriber decides." in text(plan)
    whole = planned("preterm-baby", administrations=[given(5, "0.75", 1)])
    assert whole.given is not None
    assert whole.given.load_cut_short == ""


def test_the_level_of_impaired_kidneys_is_not_timed_by_the_half_life_of_sound_ones() -> None:
    sound, reduced = planned("sound-adult").maintenance, planned("reduced-kidneys").maintenance
    assert sound is not None
    assert reduced is not None
    assert "10 h at a half-life of 2.4 h" in sound.kinetics
    assert "How long one is here is not known" in reduced.kinetics
    assert "10 h at" not in reduced.kinetics


@pytest.mark.hazard("baby-taken-for-a-child")
def test_a_newborn_without_a_gestational_age_is_asked_for_it_and_not_for_the_indication() -> None:
    patient = {"sex": "male", "weight": "0.9 kg", "age": "6 h"}
    case = json.loads((CASES / "preterm-baby.json").read_text(encoding="utf-8"))
    since = [item for item in case.get("measurements", []) if item["at"] > "2026-11-22T02:00"]  # born then
    plan = make_plan(read_case({**case, "patient": patient, "measurements": since}))
    assert [refusal.id for refusal in plan.refusals] == ["gestational-age-absent"]
    assert plan.missing[0].name == "gestational age"
    assert "indication" not in {name for finding in plan.findings for name in finding.needs}
    assert "indication" not in {item.name for item in plan.missing}
    assert plan.refusals[0].says.startswith("6 h after birth")


def test_a_small_baby_is_offered_only_what_its_pump_can_deliver_from() -> None:
    plan = planned("preterm-baby", preparation=None, pump={"step": "0.1 mL/h"})
    assert plan.preparation is not None
    offered = {item.id for item in plan.preparation.offered}
    assert offered
    for item in plan.preparation.offered:
        bag = {"product": "vial", "concentration": str(item.concentration), "volume": str(item.volume)}
        again = planned("preterm-baby", preparation=bag, pump={"step": "0.1 mL/h"})
        assert again.status is PlanStatus.PLAN, item.id
    assert "200 mcg/mL" in plan.preparation.left_out
    assert "Not offered, since a pump with steps of 0.1 mL/h cannot deliver" in text(plan)
    none = planned("preterm-baby", preparation=None, pump={"step": "1 mL/h"})
    assert none.preparation is not None
    assert none.preparation.offered == ()
    assert "Ask the pharmacy for a weaker preparation, or take a pump with finer steps." in text(none)
