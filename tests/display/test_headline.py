"""What a reader meets first: how the plan ended, what runs now, and what to do before anything is started."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from inotrope.display import Mark, Sheet, plan_sheet, screening_sheet, to_html, to_markdown, to_text
from inotrope.findings import Effect, Severity, State
from inotrope.patient import read_case
from inotrope.plan import Plan, PlanStatus, make_plan, screen
from inotrope.plan.record import RunningInfusion
from inotrope.units import Quantity

from .conftest import CASES

PlanOf = Callable[..., Plan]
RUNNING = RunningInfusion(
    rate=Quantity(Decimal("0.5"), "mcg/kg/min"),
    pump_rate=Quantity(Decimal("12.3"), "mL/h"),
    pump_setting=Quantity(Decimal("12.3"), "mL/h"),
    since=Quantity(Decimal(12), "h"),
    above_allowed=False,
    says="Look at it now",
    loading_until=None,
    cap_reached_at=None,
    next_up=None,
    next_down=None,
    weaning=(),
    bag_ends=None,
    bag_expires=None,
    limit_reached_at=None,
    limit_says="",
    watch_until_after_stop="",
)


def drawn(sheet: Sheet) -> str:
    return to_text(replace(sheet, versions=(), notice=""), width=3000)


def changed(name: str, **parts: Any) -> Plan:
    case: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    for key, value in parts.items():
        case[key] = {**case[key], **value} if isinstance(value, dict) else value
    return make_plan(read_case(case))


def head(plan: Plan) -> str:
    return drawn(plan_sheet(plan)).splitlines()[2]


def test_a_plan_is_called_a_plan_only_when_nothing_fires_and_nothing_open_could_stop_it(plan_of: PlanOf) -> None:
    assert head(plan_of("sound-adult")) == "[+] PLAN  A rate is proposed"
    assert head(plan_of("falling-platelets")) == "[!] PLAN WITH WARNINGS  A rate is proposed"
    assert head(plan_of("low-pressure")) == "[!] PLAN WITH A STOP SET ASIDE  A rate is proposed"
    assert head(plan_of("severe-aortic-stenosis")).startswith("[X] STOP")
    assert head(plan_of("no-creatinine")).startswith("[-] REFUSED")


def test_an_overridden_stop_is_a_warning_at_the_head(plan_of: PlanOf) -> None:
    plan = plan_of("severe-aortic-stenosis", reason="bridge to valve surgery tonight")
    assert plan.status is PlanStatus.PLAN
    assert head(plan) == "[!] PLAN WITH A STOP SET ASIDE  A rate is proposed"
    unknown = next(item for item in plan_of("almost-nothing-known").findings if item.effect is Effect.WITHHOLD)
    assert unknown.state is State.UNKNOWN
    incomplete = replace(plan, findings=(*plan.findings, unknown))
    assert head(incomplete) == "[!] PLAN WITH A STOP SET ASIDE, INCOMPLETE: 1 open question could stop it"
    assert "[/] Severe narrowing" in drawn(plan_sheet(plan)).split("-- Patient")[0]


def test_open_questions_that_could_stop_it_are_counted_at_the_head(plan_of: PlanOf) -> None:
    plan = plan_of("almost-nothing-known")
    effects = (Effect.WITHHOLD, Effect.NO_RATE)
    open_ = [item for item in plan.findings if item.state is State.UNKNOWN and item.effect in effects]
    names = {name for item in open_ for name in item.needs}
    count = len({item.asks for item in plan.missing if item.name in names})
    assert count > 1
    assert head(plan) == f"[?] PLAN, INCOMPLETE: {count} open questions could stop it"
    one = replace(plan, findings=tuple(open_[:1]), missing=())
    assert head(one) == "[?] PLAN, INCOMPLETE: 1 open question could stop it"
    rest = tuple(item for item in plan.findings if item not in open_)
    assert head(replace(plan, findings=rest)) == "[+] PLAN  A rate is proposed"
    warned = replace(plan, findings=(replace(rest[0], state=State.FIRES, severity=Severity.WARN), *open_))
    assert head(warned) == f"[!] PLAN WITH WARNINGS, INCOMPLETE: {count} open questions could stop it"


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_long_head_is_wrapped_and_loses_nothing(plan_of: PlanOf, width: int) -> None:
    plan = plan_of("almost-nothing-known")
    first = replace(plan.findings[0], state=State.FIRES, severity=Severity.WARN)
    sheet = plan_sheet(replace(plan, findings=(first, *plan.findings)))
    assert sheet.status is not None
    text = to_text(replace(sheet, title="a", subtitle="b", sections=(), versions=()), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert f"{sheet.status.head} {sheet.status.title}" in " ".join(text.split())


@pytest.mark.parametrize(
    "name", ["sound-adult", "severe-aortic-stenosis", "no-creatinine", "dialysis", "almost-nothing-known"]
)
def test_what_runs_stands_right_under_the_status_whatever_the_status_is(plan_of: PlanOf, name: str) -> None:
    sheet = plan_sheet(replace(plan_of(name), running=RUNNING))
    (card,) = sheet.alerts
    says = f"[!] {card.head}  {card.title}"
    assert re.fullmatch(
        r"\[!\] RUNS NOW  Milrinone runs at 0\.5 mcg/kg/min \(12\.3 mL/h of (milrinone|the present bag).*\): "
        r"Look at it now\.",
        says,
    )
    text = drawn(sheet)
    assert text.index("Findings: ") < text.index(says) < text.index("-- Patient")
    assert "RUNS NOW" in to_markdown(sheet)
    page = to_html(sheet)
    assert page.index("<b>RUNS NOW</b>") < page.index("<main>")


def test_what_runs_without_a_known_bag_shows_no_flow(plan_of: PlanOf) -> None:
    sheet = plan_sheet(replace(plan_of("almost-nothing-known"), running=replace(RUNNING, pump_rate=None)))
    assert sheet.alerts[0].title == "Milrinone runs at 0.5 mcg/kg/min: Look at it now."


def test_a_stop_or_a_refusal_of_a_running_infusion_says_what_to_do_with_it() -> None:
    given = json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8"))["administrations"]
    for name, status in (("severe-aortic-stenosis", PlanStatus.STOPPED), ("no-creatinine", PlanStatus.REFUSED)):
        plan = changed(name, administrations=given)
        assert plan.status is status
        assert plan.running is not None
        text = drawn(plan_sheet(plan))
        assert plan.running.says.rstrip(".") in text.split("-- ")[0]


def test_nothing_runs_and_nothing_is_said_of_it(plan_of: PlanOf) -> None:
    assert plan_sheet(plan_of("sound-adult")).alerts == ()


def test_every_stop_and_warning_stands_with_its_action_above_the_dose(plan_of: PlanOf) -> None:
    for name, title in (("low-pressure", "Before you start"), ("running-since-yesterday", "Now")):
        plan = plan_of(name)
        sheet = plan_sheet(plan)
        assert sheet.sections[0].title == title
        above = drawn(sheet).split("== Loading dose")[0]
        loud = (Severity.STOP, Severity.WARN)
        fired = [item for item in plan.findings if item.severity in loud and item.state is State.FIRES]
        assert fired
        for item in fired:
            assert f"[!] {item.title}. {item.advice}" in above
    stopped = plan_sheet(plan_of("severe-aortic-stenosis"))
    assert re.search(r"-- Do not start -+\n  \[X\] Severe narrowing", drawn(stopped))
    running = plan_sheet(replace(plan_of("severe-aortic-stenosis"), running=RUNNING))
    assert running.sections[0].title == "Now"


def test_a_note_is_not_shown_before_the_dose(plan_of: PlanOf) -> None:
    plan = plan_of("low-pressure")
    notes = tuple(replace(item, severity=Severity.INFORM) for item in plan.findings)
    assert notes
    sheet = plan_sheet(replace(plan, findings=notes))
    assert sheet.sections[0].title == "Patient"
    assert head(replace(plan, findings=notes)) == "[+] PLAN  A rate is proposed"


def test_the_record_s_own_status_is_not_touched(plan_of: PlanOf) -> None:
    assert plan_of("low-pressure").status is PlanStatus.PLAN
    assert plan_of("almost-nothing-known").status is PlanStatus.PLAN


def test_a_screening_heads_with_its_weightiest_warning() -> None:
    document = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8"))
    titles = {}
    for name, added in (
        ("held", {"events": [{"what": "intraventricular hemorrhage", "at": document["now"]}]}),
        ("warned", {"medicines": ["furosemide", "anagrelide"]}),
    ):
        status = screening_sheet(screen(read_case(document | added))).status
        assert status is not None
        assert status.mark is Mark.WARN
        titles[name] = status.title
    assert titles["held"].startswith("Hold the infusion if one runs, and start none: ")
    assert titles["warned"] == "Warnings: act on them before or during the infusion"


def test_a_screening_that_is_not_complete_says_so() -> None:
    open_ = screening_sheet(screen(read_case(CASES / "almost-nothing-known.json")))
    assert open_.status is not None
    assert open_.status.mark is Mark.ASK
    assert re.search(r"but \d+ open questions could stop it", open_.status.title)
    done = screening_sheet(screen(read_case(CASES / "sound-adult.json")))
    assert done.status is not None
    assert done.status.mark is Mark.INFORM
