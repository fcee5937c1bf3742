"""Where nothing is searched a level that was measured is not passed over: what can be done next is said."""

from __future__ import annotations

from inotrope.display.target_sheet import target_sheet
from inotrope.display.terminal import to_text
from inotrope.plan.target.record import TargetStatus
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import level, shipped
from tests.plan.target.bedside_targets import case, shipped_case, target

RUNS = [given(20, rate="0.25 mcg/kg/min")]
CRRT = [{"what": "CRRT", "start": "2026-11-21T01:00:00+00:00"}]


def test_a_machine_of_which_nobody_knows_what_it_clears_is_asked_for_where_a_level_is_measured() -> None:
    found = target(case(level("300 ng/mL"), administrations=RUNS, support=CRRT))
    assert found.status is TargetStatus.REFUSED and not found.courses
    assert "300 ng/mL at 2026-11-22 07:00 is measured" in found.to_do[0] and "'clearance'" in found.to_do[0]
    assert "To do next The level of 300 ng/mL" in " ".join(to_text(target_sheet(found)).split())
    known = target(case(level("300 ng/mL"), administrations=RUNS, support=[CRRT[0] | {"clearance": "1.2 L/h"}]))
    assert known.courses and known.to_do == ()
    assert target(case(administrations=RUNS, support=CRRT)).to_do == ()
    unmeasured = target(case(administrations=RUNS, support=[CRRT[0] | {"clearance": "1.2 L/h"}]))
    assert "once a level is measured" in unmeasured.to_do[0]


def test_a_level_for_which_no_model_holds_goes_to_the_pharmacist_and_the_plan_stands() -> None:
    running = [given(20, rate="0.5 mcg/kg/min")]
    before = shipped("child-after-surgery")["measurements"]
    measured = [*before, level("60 ng/mL") | {"at": "2026-11-22T06:00:00+00:00"}]
    found = target(shipped_case("child-after-surgery", administrations=running, measurements=measured))
    assert found.status is TargetStatus.REFUSED and "show it to the pharmacist" in found.to_do[0]
    assert "Within what is allowed for this patient now" in found.runs_now and "'inotrope plan'" in found.runs_now
    assert target(case(level("170 ng/mL"))).to_do == ()


def test_several_stops_say_which_of_them_holds() -> None:
    fast = [given(20, rate="0.9 mcg/kg/min")]
    text = " ".join(to_text(target_sheet(target(case(administrations=fast)))).split())
    assert "stop rules fire. Where they ask for different things, do what goes farthest (stop before lower)" in text
    one = target(shipped_case("low-pressure"))
    assert len(one.refusals) > 1 or "stop rules fire" not in " ".join(to_text(target_sheet(one)).split())


def test_an_implausible_level_is_told_once_by_the_clock_and_by_a_model_with_its_name() -> None:
    found = target(case(level("9000 ng/mL")), only=("label_adult", "label_adult_bolus", "paradisis_2007"))
    text = " ".join(to_text(target_sheet(found)).partition("\n-- ")[0].split())
    assert "9000 ng/mL at 2026-11-22 07:00 is far higher than label_adult" in text
    assert "By label_adult: The level of 9000 ng/mL at 2026-11-22 07:00 is implausible" in text
    assert text.count("is implausible") == 1 and "at -1 h" not in text and "infant" not in text
