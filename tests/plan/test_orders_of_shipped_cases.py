"""Orders against the plans of the shipped patients and of running infusions: worked cases of what a plan says no to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inotrope.display import to_text
from inotrope.display.order_sheet import order_sheet
from inotrope.findings import Severity
from inotrope.patient import Case, read_case
from inotrope.plan import check_order, make_plan
from inotrope.plan.orders import OrderCheck
from tests.cli.conftest import CASES

Make = Callable[..., Case]
NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
HELD = {"platelets": "95 10^9/L"}
"""Low enough that the plan gives no step upward (below 100), and not so low that it stops."""


def shipped(name: str, text: str) -> OrderCheck:
    return check_order(f"milrinone {text}", case=read_case(CASES / f"{name}.json"))


def weight_of(check: OrderCheck, rule: str) -> Severity | None:
    return next((item.severity for item in check.findings if item.rule == rule), None)


def said(check: OrderCheck, rule: str) -> str:
    return next(f"{item.says} {item.advice}" for item in check.findings if item.rule == rule)


def runs(*steps: tuple[float, str]) -> list[dict[str, Any]]:
    return [
        {"of": "milrinone", "start": (NOW - timedelta(hours=hours)).isoformat(), "rate": f"{rate} mcg/kg/min"}
        for hours, rate in steps
    ]


@pytest.mark.parametrize(
    ("name", "text", "refusal"),
    [
        ("dialysis", "0.75 mcg/kg/min", "kidney-replacement"),
        ("dialysis", "20 mg/100 mL, 0.2 mg/mL", "kidney-replacement"),
        ("no-creatinine", "0.5 mcg/kg/min", "creatinine-absent"),
    ],
)
def test_a_refused_plan_refuses_the_order_and_is_named(name: str, text: str, refusal: str) -> None:
    check = shipped(name, text)
    assert (check.status, check.exit_code) == ("refused", 4)
    assert refusal in {item.id for item in check.refusals}
    assert weight_of(check, "plan-is-refused") is Severity.WARN
    assert "The plan of this patient gives no rate" in to_text(order_sheet(check))


def test_a_stop_of_the_order_goes_before_a_refused_plan() -> None:
    check = shipped("dialysis", "7.5 mcg/kg/min")  # ten times the label's maximum
    assert (check.status, check.exit_code) == ("stopped", 3)
    assert "kidney-replacement" in {item.id for item in check.refusals}


def test_a_stopped_plan_names_what_stops_it() -> None:
    check = shipped("low-pressure", "0.5 mcg/kg/min")
    assert (check.status, check.exit_code) == ("stopped", 3)
    assert "low-pressure-at-start" in said(check, "plan-is-stopped")


def test_a_paused_infusion_is_not_resumed_above_what_it_ran_at() -> None:
    # it ran at 0.5 mcg/kg/min; the plan: resume at no more than it ran at
    assert weight_of(shipped("paused-infusion", "0.75 mcg/kg/min"), "resumed-above-pause") is Severity.STOP
    assert shipped("paused-infusion", "0.75 mcg/kg/min").status == "stopped"
    for text in ("0.5 mcg/kg/min", "0.375 mcg/kg/min", "0.5 mcg/kg/min for 3 h then 0.75 mcg/kg/min"):
        check = shipped("paused-infusion", text)
        assert check.status == "consistent"
        assert weight_of(check, "infusion-is-paused") is Severity.INFORM
        assert weight_of(check, "start-above-plan") is None


def test_a_paused_infusion_is_held_to_its_rate_under_a_refusal_too(make_case: Make) -> None:
    paused = [{**runs((5, "0.5"))[0], "end": (NOW - timedelta(hours=2)).isoformat()}]
    case = make_case(administrations=paused, measurements=[])
    assert check_order("milrinone 0.5 mcg/kg/min", case=case).status == "refused"
    assert check_order("milrinone 0.75 mcg/kg/min", case=case).status == "stopped"


def test_a_plan_without_a_step_upward_stops_a_raise() -> None:
    for text in ("0.75 mcg/kg/min", "0.375-0.75 mcg/kg/min", "0.5 mcg/kg/min, max 0.75 mcg/kg/min"):
        check = shipped("falling-platelets", text)
        assert check.status == "stopped", text
        assert "platelets" in said(check, "raise-against-plan").lower()
    for text in ("0.5 mcg/kg/min", "0.375 mcg/kg/min"):
        assert shipped("falling-platelets", text).status == "consistent"


def test_a_plan_without_a_step_upward_stops_a_raise_at_the_start_too(make_case: Make) -> None:
    held = make_case(measure=HELD)
    assert check_order("milrinone 0.375 mcg/kg/min", case=held).status == "consistent"
    for text in ("0.5 mcg/kg/min", "0.375 mcg/kg/min for 3 h then 0.5 mcg/kg/min"):
        check = check_order(f"milrinone {text}", case=held)
        assert check.status == "stopped", text
        assert weight_of(check, "raise-against-plan") is Severity.STOP


def test_a_raise_is_stopped_by_what_speaks_against_it_under_a_refusal_too(make_case: Make) -> None:
    dialyzed = {
        "administrations": runs((5, "0.375")),
        "support": [{"what": "CRRT", "start": (NOW - timedelta(hours=7)).isoformat()}],
    }
    assert check_order("milrinone 0.5 mcg/kg/min", case=make_case(**dialyzed)).status == "refused"
    held = check_order("milrinone 0.5 mcg/kg/min", case=make_case(measure=HELD, **dialyzed))
    assert held.status == "stopped"
    assert weight_of(held, "raise-against-plan") is Severity.STOP
    assert held.refusals


def test_a_raise_before_the_interval_has_passed_warns(make_case: Make) -> None:
    # raised 15 min ago, and the label's interval is 30 min: not before 08:15
    soon = make_case(administrations=runs((5, "0.375"), (0.25, "0.5")))
    check = check_order("milrinone 0.75 mcg/kg/min", case=soon)
    assert check.status == "warned"
    assert "08:15" in said(check, "raise-too-early")
    assert check_order("milrinone 0.5 mcg/kg/min", case=soon).status == "consistent"
    later = make_case(administrations=runs((5, "0.375"), (4, "0.5")))
    assert check_order("milrinone 0.75 mcg/kg/min", case=later).status == "consistent"


def test_a_raise_beyond_the_next_step_warns(make_case: Make) -> None:
    case = make_case(administrations=runs((5, "0.375")))
    check = check_order("milrinone 0.75 mcg/kg/min", case=case)
    assert check.status == "warned"
    assert "0.5 mcg/kg/min" in said(check, "raise-beyond-next-step")
    assert check_order("milrinone 0.5 mcg/kg/min", case=case).status == "consistent"
    assert check_order("milrinone 0.5 mcg/kg/min for 3 h then 0.75 mcg/kg/min", case=case).status == "consistent"


def test_a_pump_rate_is_a_raise_only_beyond_its_rounding(make_case: Make) -> None:
    case = make_case(administrations=runs((5, "0.5")), measure=HELD)
    # 82 kg at 0.5 mcg/kg/min and 200 mcg/mL: 12.3 mL/h; 12.5 is 1.6 % more, 15 is 22 % more
    assert check_order("milrinone 200 mcg/mL at 12.5 mL/h", case=case).status == "consistent"
    assert check_order("milrinone 200 mcg/mL at 15 mL/h", case=case).status == "stopped"


def test_what_a_finding_asks_of_the_rate_is_asked_of_the_order(make_case: Make, sound: dict[str, Any]) -> None:
    # under little urine the plan asks to reduce or stop
    urine = {"what": "urine output", "value": "0.1 mL/kg/h", "at": (NOW - timedelta(hours=0.5)).isoformat()}
    little = {"measurements": [*sound["measurements"], urine]}
    running = make_case(administrations=runs((5, "0.375")), **little)
    rule = "plan-asks-for-less"
    same = check_order("milrinone 0.375 mcg/kg/min", case=running)
    assert (same.status, weight_of(same, rule)) == ("warned", Severity.WARN)
    assert weight_of(check_order("milrinone 0.25 mcg/kg/min", case=running), rule) is None
    # and nothing is started before the physician has decided
    start = check_order("milrinone 0.375 mcg/kg/min", case=make_case(**little))
    assert weight_of(start, rule) is Severity.WARN


def test_a_hold_is_no_order_for_any_rate(make_case: Make) -> None:
    bled = [{"what": "intraventricular hemorrhage", "at": (NOW - timedelta(hours=2)).isoformat()}]
    case = make_case(events=bled, administrations=runs((5, "0.5")))
    assert weight_of(check_order("milrinone 0.375 mcg/kg/min", case=case), "plan-asks-for-less") is Severity.WARN


def test_a_start_above_the_plans_is_told() -> None:
    # the label starts at 0.375, its standard rate is 0.5: a start up to it is told, one above it warns
    high = shipped("sound-adult", "0.75 mcg/kg/min")
    assert (high.status, weight_of(high, "start-above-plan")) == ("warned", Severity.WARN)
    assert "0.375 mcg/kg/min" in said(high, "start-above-plan")
    standard = shipped("sound-adult", "0.5 mcg/kg/min")
    assert (standard.status, weight_of(standard, "start-above-plan")) == ("consistent", Severity.INFORM)
    assert shipped("bridge-to-transplant", "0.375 mcg/kg/min").status == "warned"  # it has no standard rate
    # 82 kg: 18.4 mL/h of 200 mcg/mL are 0.748 mcg/kg/min, 9.3 mL/h are 0.378: less than 5 % above 0.375
    assert shipped("sound-adult", "200 mcg/mL at 18.4 mL/h").status == "warned"
    for text in ("0.375 mcg/kg/min", "0.375-0.75 mcg/kg/min", "200 mcg/mL at 9.3 mL/h"):
        check = shipped("sound-adult", text)
        assert check.status == "consistent", text
        assert check.findings == ()


def test_a_load_by_rate_is_no_start() -> None:
    check = shipped("preterm-baby", "0.75 mcg/kg/min for 3 h then 0.2 mcg/kg/min")
    assert weight_of(check, "start-above-plan") is None
    assert check.status == "consistent"


def test_an_incomplete_plan_is_told(make_case: Make) -> None:
    check = shipped("almost-nothing-known", "0.375 mcg/kg/min")
    assert (check.status, weight_of(check, "plan-is-incomplete")) == ("warned", Severity.WARN)
    assert "support" in said(check, "plan-is-incomplete")
    # what hangs on the pump is what an order states: it is told and warns of nothing
    bagless = check_order("milrinone 0.375 mcg/kg/min", case=make_case(preparation=None))
    assert (bagless.status, weight_of(bagless, "plan-is-incomplete")) == ("consistent", Severity.INFORM)


def test_what_was_compared_is_named() -> None:
    running = shipped("running-since-yesterday", "0.5 mcg/kg/min").patient
    paused = shipped("paused-infusion", "0.5 mcg/kg/min").patient
    assert running is not None
    assert paused is not None
    assert "rate with the rate that runs" in running.compared
    assert "rate with the rate before the pause" in paused.compared


@pytest.mark.parametrize("name", ["reduced-kidneys", "rising-creatinine"])
def test_the_rate_as_the_plan_prints_it_is_not_above_its_ceiling(name: str) -> None:
    plan = make_plan(read_case(CASES / f"{name}.json"))
    assert plan.maintenance is not None
    printed = plan.maintenance.rate.shown(4)  # 0.3081 mcg/kg/min for 0.308090785
    assert Severity.STOP not in {item.severity for item in shipped(name, printed).findings}
    more = plan.maintenance.rate.value + Decimal("0.0001")
    assert weight_of(shipped(name, f"{more:.4f} mcg/kg/min"), "rate-above-ceiling") is Severity.STOP


def test_a_leak_of_a_cannula_does_not_speak_against_a_start(make_case: Make) -> None:
    leak = [{"what": "extravasation", "at": (NOW - timedelta(hours=0.2)).isoformat()}]
    rule = "plan-asks-for-less"
    start = check_order("milrinone 0.375 mcg/kg/min", case=make_case(events=leak))
    assert weight_of(start, rule) is None
    running = make_case(events=leak, administrations=runs((5, "0.375")))
    assert weight_of(check_order("milrinone 0.375 mcg/kg/min", case=running), rule) is Severity.WARN
