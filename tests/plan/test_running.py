"""What a plan says of an infusion that runs or is paused, and what a stop or a refusal withholds of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inotrope.display import plan_sheet, to_html, to_text
from inotrope.patient import Case
from inotrope.plan import PlanStatus, make_plan
from inotrope.units import Quantity

Maker = Callable[..., Case]
NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")


def q(value: str, unit: str = "mcg/kg/min") -> Quantity:
    return Quantity(Decimal(value), unit)


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def runs(*steps: tuple[float, str]) -> list[dict[str, Any]]:
    return [{"of": "milrinone", "start": ago(hours), "rate": f"{rate} mcg/kg/min"} for hours, rate in steps]


def test_what_lies_ahead_of_a_running_infusion_is_on_the_plan(make_case: Maker) -> None:
    bag = {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL", "hung": ago(3)}
    plan = make_plan(make_case(administrations=runs((5, "0.5")), preparation=bag))
    running, given = plan.running, plan.given
    assert plan.status is PlanStatus.PLAN
    assert running is not None
    assert given is not None
    assert running.next_up is not None
    assert running.next_down is not None
    assert (running.next_up.rate, running.next_down.rate) == (q("0.75"), q("0.375"))
    assert [step.rate for step in running.weaning] == [q("0.375"), q("0")]
    assert running.limit_reached_at == NOW + timedelta(hours=43)
    assert running.cap_reached_at is None
    # 12.3 mL/h for 3 h leave 63.1 mL: 5 h 7 min 48.3 s
    assert running.bag_ends is not None
    assert abs(running.bag_ends - NOW - timedelta(hours=63.1 / 12.3)) < timedelta(seconds=1)
    assert (given.in_24_h, given.left_24_h) == (q("0.15", "mg/kg"), q("0.98", "mg/kg"))
    assert (given.since, given.paused) == (NOW - timedelta(hours=5), None)
    text = " ".join(to_text(plan_sheet(plan)).split())
    assert "0.15 mg/kg, of at most 1.13 mg/kg; first given 03:00" in text
    assert "0.98 mg/kg of that cap" in text
    assert "empty 13:07 at the rate that runs; hang the next one without a pause" in text
    assert "2026-11-24 03:00: 48 h after the start" in text


@pytest.mark.hazard("dose-in-spite-of-a-stop")
def test_a_stop_or_a_refusal_withholds_every_step_and_keeps_the_facts(make_case: Maker) -> None:
    stopped = make_plan(make_case(administrations=runs((5, "0.5")), allergies=["milrinone"]))
    refused = make_plan(make_case(administrations=runs((5, "0.5")), measurements=[]))
    for plan in (stopped, refused):
        assert plan.running is not None
        assert (plan.running.next_up, plan.running.next_down, plan.running.weaning) == (None, None, ())
        assert plan.running.limit_reached_at == NOW + timedelta(hours=43)
        assert plan.given is not None
        assert plan.given.in_24_h == q("0.15", "mg/kg")
    assert stopped.status is PlanStatus.STOPPED
    assert refused.status is PlanStatus.REFUSED


def test_with_a_low_pressure_before_the_load_nothing_goes_up(make_case: Maker) -> None:
    plan = make_plan(make_case(administrations=runs((5, "0.5")), medicines=["milrinone"]))
    assert plan.running is not None
    assert plan.running.next_up is None
    assert plan.running.next_down is not None


@pytest.mark.parametrize(
    ("found", "first"),
    [
        ({"events": [{"what": "extravasation", "at": ago(0.2)}]}, "Stop the infusion: leak into the tissue"),
        ({"events": [{"what": "intraventricular hemorrhage", "at": ago(2)}]}, "Hold the infusion: bleeding in the"),
        ({"urine": "0.1 mL/kg/h"}, "Reduce or stop the infusion: little urine"),
    ],
)
def test_what_a_finding_asks_of_the_rate_heads_the_plan_and_no_step_goes_up(
    make_case: Maker, sound: dict[str, Any], found: dict[str, Any], first: str
) -> None:
    if "urine" in found:
        urine = {"what": "urine output", "value": found["urine"], "at": ago(0.5)}
        found = {"measurements": [*(i for i in sound["measurements"] if i["what"] != "urine output"), urine]}
    plan = make_plan(make_case(administrations=runs((5, "0.375")), **found))
    assert plan.status is PlanStatus.PLAN
    assert plan.running is not None
    assert "no order to lower" not in plan.running.says
    assert "Within what is allowed" not in plan.running.says
    sheet = plan_sheet(plan)
    assert sheet.status is not None
    assert first in sheet.status.title
    assert (plan.running.next_up, plan.titration) == (None, ())
    assert plan.maintenance is not None
    assert "raise it by effect" not in plan.maintenance.because


def test_low_platelets_leave_the_rate_where_it_is(make_case: Maker, sound: dict[str, Any]) -> None:
    low = [*sound["measurements"], {"what": "platelets", "value": "95 x10^9/L", "at": ago(0.5)}]
    plan = make_plan(make_case(administrations=runs((5, "0.375")), measurements=low))
    assert plan.running is not None
    assert plan.running.says.startswith("Not above what is allowed for this patient now, 0.75 mcg/kg/min. Do not raise")
    assert (plan.running.next_up, plan.titration) == (None, ())
    assert plan.running.next_down is not None


def test_what_asks_to_stop_says_so_above_the_allowed_rate_and_while_a_load_goes_in(make_case: Maker) -> None:
    bleeding = [{"what": "intraventricular hemorrhage", "at": ago(2)}]
    fast = make_plan(make_case({"serum creatinine": "3 mg/dL"}, administrations=runs((5, "0.5")), events=bleeding))
    assert fast.running is not None
    assert fast.running.above_allowed
    assert "It runs ABOVE the highest rate allowed now" in fast.running.says
    sheet = plan_sheet(fast)
    assert sheet.status is not None
    assert "Hold the infusion: bleeding in the brain, and it runs above what is allowed now" in sheet.status.title
    calm = make_plan(make_case({"serum creatinine": "3 mg/dL"}, administrations=runs((5, "0.5"))))
    sheet = plan_sheet(calm)
    assert sheet.status is not None
    assert sheet.status.title == "Lower the infusion: it runs above what is allowed now"


@pytest.mark.hazard("interrupted-infusion")
def test_a_pause_is_told_with_what_must_not_happen(make_case: Maker) -> None:
    plan = make_plan(make_case(administrations=runs((10, "0.25"), (3, "0"))))
    assert plan.running is None
    assert plan.given is not None
    paused = plan.given.paused
    assert paused is not None
    assert (paused.since, paused.last_rate) == (NOW - timedelta(hours=3), q("0.25"))
    assert plan.maintenance is not None
    assert plan.maintenance.rate == q("0.25")
    assert plan.loading_dose is not None
    assert not plan.loading_dose.given
    text = " ".join(to_text(plan_sheet(plan)).split())
    assert "[!] PAUSED Paused for 3 h" in text
    assert "since 05:00. Paused for 3 h; it ran at 0.25 mcg/kg/min" in text
    assert "never with a load" in text


def test_a_short_pause_is_told_in_minutes(make_case: Maker) -> None:
    text = " ".join(
        to_text(plan_sheet(make_plan(make_case(administrations=runs((10, "0.25"), (1 / 30, "0")))))).split()
    )
    assert "[!] PAUSED Paused for 2 min" in text


def test_nothing_recorded_is_nothing_said_and_nothing_given_shows_no_section(make_case: Maker) -> None:
    assert make_plan(make_case(administrations=None)).given is None
    plan = make_plan(make_case(administrations=[]))
    assert plan.given is not None
    assert (plan.given.since, plan.given.paused) == (None, None)
    assert "Given so far" not in to_text(plan_sheet(plan))


def test_the_cap_ahead_the_fullest_window_and_limits_that_are_reached_are_told(make_case: Maker) -> None:
    bag = {"product": "vial", "concentration": "200 mcg/mL", "volume": "50 mL", "hung": ago(80)}
    given = [{"of": "milrinone", "start": ago(90), "duration": "10 min", "dose": "50 mcg/kg"}, *runs((80, "0.5"))]
    text = " ".join(to_text(plan_sheet(make_plan(make_case(administrations=given, preparation=bag)))).split())
    assert "since 2026-11-21 00:00: 48 h after the start" in text
    assert "should be empty by now: look at it" in text
    assert "expired 00:00" in text
    more = [{"of": "milrinone", "start": ago(20), "duration": "10 min", "dose": "54 mcg/kg"}, *runs((19, "0.8"))]
    plan = make_plan(make_case(administrations=more), overrides={"running-rate-above-maximum": "titrated by the chief"})
    # 54 + 19 h x 48 = 966 mcg/kg; (1,130 - 966) / 48 = 3.41667 h, before the dose of 20 h ago leaves the window
    assert plan.running is not None
    assert plan.running.cap_reached_at is not None
    assert abs(plan.running.cap_reached_at - NOW - timedelta(hours=164 / 48)) < timedelta(seconds=1)
    assert "reached 11:25 if this rate runs on" in " ".join(to_text(plan_sheet(plan)).split())


@pytest.mark.parametrize(
    ("rate", "measured", "indication", "above"),
    [
        ("0.5", True, None, False),
        ("5", True, None, True),  # the cap is reached as well, and no rate is proposed
        ("0.9", False, None, True),  # no creatinine: the maximum is known all the same
        ("0.5", False, None, None),  # nobody can say that it is within
        ("2", True, "an indication that nobody has", True),  # above the maximum of any entry
        ("0.5", True, "an indication that nobody has", None),
    ],
)
def test_whether_it_runs_above_what_is_allowed_is_never_denied_without_a_ceiling(
    make_case: Maker, rate: str, measured: bool, indication: str | None, above: bool | None
) -> None:
    case = make_case(administrations=runs((6, rate)))
    if not measured:
        kept = tuple(item for item in case.measurements if item.what != "serum creatinine")
        case = replace(case, measurements=kept)
    plan = make_plan(case if indication is None else replace(case, indication=indication))
    assert plan.running is not None
    assert plan.running.above_allowed is above


def test_a_child_has_no_cap_and_says_so(make_case: Maker) -> None:
    person = {"born": "2018-01-01", "sex": "male", "weight": "25 kg", "height": "125 cm"}
    case = make_case(patient=person, administrations=runs((5, "0.5")))
    plan = make_plan(case)
    assert plan.given is not None
    assert (plan.given.cap, plan.given.left_24_h) == (None, None)
    assert "no cap on 24 h is sourced for this use" in to_text(plan_sheet(plan))


@pytest.mark.parametrize(("creatinine", "hours"), [("1.1 mg/dL", True), ("3.2 mg/dL", False)])
def test_the_watch_after_a_stop_promises_no_hours_to_impaired_kidneys(
    make_case: Maker, creatinine: str, hours: bool
) -> None:
    running = make_plan(make_case({"serum creatinine": creatinine}, administrations=runs((5, "0.2")))).running
    assert running is not None
    assert ("12 h at a half-life of 2.4 h" in running.watch_until_after_stop) is hours


def test_while_a_load_by_rate_goes_in_no_step_is_offered(make_case: Maker) -> None:
    baby = {"born": "2026-11-20", "weight": "1 kg", "height": "38 cm", "gestational_age": "27 weeks"}
    syringe = {"product": "vial", "amount": "3 mg", "volume": "50 mL", "concentration": "60 mcg/mL"}
    case = make_case(
        patient=baby,
        indication="low cardiac output",
        conditions={"renal impairment": "absent", "oliguria": "absent"},
        administrations=runs((1, "0.75")),
        preparation=syringe,
        pump={"step": "0.01 mL/h"},
        measurements=[],
    )
    plan = make_plan(case)
    assert plan.status is PlanStatus.PLAN, plan.findings
    assert plan.running is not None
    assert plan.running.loading_until == NOW + timedelta(hours=2)
    assert (plan.running.next_up, plan.running.next_down, plan.running.weaning) == (None, None, ())


def test_a_weaning_step_past_the_time_limit_says_so(make_case: Maker) -> None:
    running = make_plan(make_case(administrations=runs((40, "0.75")))).running
    assert running is not None
    late = ["after the time limit" in step.says for step in running.weaning]
    assert late == [False, True, True]  # now, after 9.6 h and 19.2 h; 48 h are reached in 8 h
    assert late == [step.after_the_limit for step in running.weaning]
    sheet = plan_sheet(make_plan(make_case(administrations=runs((40, "0.75")))))
    for drawn in (to_text(sheet, width=3000), to_html(sheet)):
        assert drawn.count("after the time limit: ask the prescriber") == 2
        assert "[!] 17:36, after the time limit" in drawn


def test_no_time_of_weaning_and_no_hours_where_the_kidneys_change(make_case: Maker, sound: dict[str, Any]) -> None:
    before = {"what": "serum creatinine", "value": "0.7 mg/dL", "at": ago(20)}
    plan = make_plan(make_case(administrations=runs((5, "0.5")), measurements=[*sound["measurements"], before]))
    assert plan.kidney.changing == "yes"
    assert plan.running is not None
    assert plan.maintenance is not None
    assert [step.not_before is None for step in plan.running.weaning] == [False, True]
    assert "is not known" in plan.running.watch_until_after_stop
    assert "is not known" in plan.maintenance.kinetics
    weaning = to_text(plan_sheet(plan), width=3000).split("Weaning")[1].split("\n\n")[0]
    assert re.search(r"0, stop +stop +nothing +not known", weaning)


def test_a_child_with_impaired_kidneys_is_promised_no_hours_after_the_stop(make_case: Maker) -> None:
    case = make_case(
        {"serum creatinine": "1.2 mg/dL"},
        indication="low cardiac output after cardiac surgery",
        patient={"born": "2022-03-02", "weight": "16 kg", "height": "102 cm"},
        administrations=runs((5, "0.25")),
    )
    plan = make_plan(case)  # 0.413 x 102 / 1.2 = 35 mL/min/1.73 m2, below 50
    assert plan.running is not None
    assert "is not known" in plan.running.watch_until_after_stop


def test_where_no_rate_is_proposed_nothing_is_left_to_give(make_case: Maker) -> None:
    for more in ({"support": [{"what": "CRRT", "start": ago(30)}]}, {"events": [{"what": "overdose", "at": ago(1)}]}):
        plan = make_plan(make_case(administrations=runs((5, "0.25")), **more))
        assert plan.status is not PlanStatus.PLAN
        assert plan.given is not None
        assert (plan.given.cap, plan.given.left_24_h) == (q("1.13", "mg/kg"), None)
        assert "Left now" not in to_text(plan_sheet(plan))


def test_on_a_machine_no_clearance_and_no_renal_limit_is_shown(make_case: Maker) -> None:
    machine = [{"what": "CRRT", "start": ago(30)}]
    plan = make_plan(make_case({"serum creatinine": "1.8 mg/dL"}, support=machine))
    assert (plan.kidney.clearance, plan.kidney.equation, plan.kidney.estimates) == (None, None, ())
    assert "renal-reduction" not in {item.rule for item in plan.findings}
    assert "limits the rate" not in to_text(plan_sheet(plan))


def test_a_bag_that_should_be_empty_is_marked_on_the_sheet(make_case: Maker) -> None:
    bag = {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL", "hung": ago(12)}
    plan = make_plan(make_case(administrations=runs((20, "0.5")), preparation=bag))
    text = " ".join(to_text(plan_sheet(plan)).split())
    assert "[!] milrinone premix 200 mcg/mL: should be empty by now" in text


def test_without_an_entry_a_rule_asks_for_the_entry_and_not_for_what_is_recorded(make_case: Maker) -> None:
    # 0.6 is above the maximum of one entry for adults and not of the others; the potassium needs no entry.
    plan = make_plan(make_case(indication="gout", administrations=runs((40, "0.6"))))
    asked = {item.name: item for item in plan.missing}
    assert asked["indication"].asks.startswith("Is the indication right?")
    waiting = [item for item in plan.findings if item.needs == ("indication",)]
    assert waiting
    assert all(item.asks.startswith("No dosing entry serves this patient") for item in waiting)


def test_beside_a_machine_a_forecast_wants_its_clearance_and_no_rate_follows_from_it(make_case: Maker) -> None:
    crrt = {"what": "CRRT", "start": ago(30)}
    flowing = {"administrations": runs((5, "0.25"))}
    without = make_plan(make_case(support=[crrt], **flowing))
    beside = make_plan(make_case(support=[{**crrt, "clearance": "1.2 L/h"}], **flowing))
    assert without.forecast is not None and beside.forecast is not None
    assert "a clearance such as '1.2 L/h'" in " ".join(without.forecast.says)
    assert without.forecast.first is None
    assert beside.forecast.first == "milrinone/label_adult"
    assert (beside.status, beside.maintenance, beside.findings) == (without.status, None, without.findings)
    assert without.maintenance is None
    assumed = make_plan(
        make_case(support=[{**crrt, "clearance": "1.2 L/h"}], **flowing), assume_kidney=q("20", "mL/min/1.73 m2")
    )
    assert assumed.forecast is not None and assumed.maintenance is None
    assert not any("supposed is nothing" in says for says in assumed.forecast.says)
    assert "CRRT clears 1.2 L/h beside the body" in to_text(plan_sheet(beside))
