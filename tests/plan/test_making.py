"""How a case ends, and that a stop withholds every dose."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from inotrope.drug import Site, load_drug
from inotrope.errors import InotropeError, RequestError
from inotrope.findings import Finding, State
from inotrope.patient import Case
from inotrope.plan import NOTICE, Plan, PlanStatus, make_plan, screen
from inotrope.units import Quantity

Maker = Callable[..., Case]


def q(value: str, unit: str) -> Quantity:
    return Quantity(Decimal(value), unit)


def finding(plan: Plan, rule: str) -> Finding:
    return next(item for item in plan.findings if item.rule == rule)


def test_a_sound_adult_gets_the_labels_start(make_case: Maker) -> None:
    """82 kg: 0.375 x 82 x 60 / 200 = 9.225 mL/h, half up 9.2; load 0.05 x 82 = 4.1 mg = 4.1 mL of 1 mg/mL."""
    plan = make_plan(make_case())
    assert plan.status is PlanStatus.PLAN
    assert plan.exit_code == 0
    assert plan.maintenance is not None
    assert plan.loading_dose is not None
    assert plan.maintenance.rate == q("0.375", "mcg/kg/min")
    assert plan.maintenance.pump_rate == q("9.2", "mL/h")
    assert plan.loading_dose.volumes[0].volume == q("4.1", "mL")
    assert plan.loading_dose.volumes[0].product == "milrinone 1 mg/mL vial"
    assert [step.rate for step in plan.titration] == [q("0.5", "mcg/kg/min"), q("0.75", "mcg/kg/min")]
    assert plan.findings == ()
    assert plan.missing == ()
    assert plan.forecast is not None
    assert make_plan(make_case(), forecast=False).forecast is None


@pytest.mark.hazard("rounding-across-a-limit")
def test_the_top_step_of_50_kg_is_11_2_and_says_what_printed_tables_say(make_case: Maker) -> None:
    """0.75 x 50 x 60 / 200 = 11.25; printed 11.3 delivers 11.3 x 200 / 3000 = 0.7533 mcg/kg/min."""
    case = make_case({"body weight": "50 kg"}, patient={"weight": "50 kg"})
    top = make_plan(case).titration[-1]
    assert top.pump_rate == q("11.2", "mL/h")
    assert top.printed_pump_rate == q("11.3", "mL/h")
    assert "half up, as tables round, it would be 11.3 mL/h, which is 0.7533 mcg/kg/min" in top.says


@pytest.mark.hazard("dose-in-spite-of-a-stop")
def test_a_stop_withholds_every_dose(make_case: Maker) -> None:
    plan = make_plan(make_case(allergies=["milrinone"]))
    assert plan.status is PlanStatus.STOPPED
    assert plan.exit_code == 3
    assert plan.loading_dose is plan.maintenance is plan.total_24_h is plan.preparation is None
    assert plan.titration == plan.rate_at_kidney == ()


@pytest.mark.hazard("dose-in-spite-of-a-stop")
def test_an_override_gives_the_dose_with_the_reason_on_it(make_case: Maker) -> None:
    case = make_case(conditions={"severe aortic stenosis": "present"})
    assert make_plan(case).status is PlanStatus.STOPPED
    plan = make_plan(case, overrides={"severe-valve-obstruction": "  bridge to\n valve surgery "})
    assert plan.status is PlanStatus.PLAN
    assert plan.maintenance is not None
    assert finding(plan, "severe-valve-obstruction").state is State.OVERRIDDEN
    assert any("bridge to valve surgery" in line for line in plan.assumptions)


@pytest.mark.hazard("dose-in-spite-of-a-stop")
def test_a_stop_set_aside_opens_no_load_and_no_step_and_says_why(make_case: Maker) -> None:
    reason = {"platelets-below-50": "known cause, hematology agrees."}
    start = make_plan(make_case({"platelets": "40 10^9/L"}), overrides=reason)
    assert start.loading_dose is not None
    assert not start.loading_dose.given
    assert start.loading_dose.because.endswith("this stop was overridden, which opens no load")
    assert start.maintenance is not None
    assert "do not raise it" in start.maintenance.because
    assert start.titration == ()
    assert any("agrees. Held all the same: no load, and no step upward" in line for line in start.assumptions)
    runs = [{"of": "milrinone", "start": "2026-11-22T02:00:00+01:00", "rate": "0.375 mcg/kg/min"}]
    running = make_plan(make_case({"platelets": "40 10^9/L"}, administrations=runs), overrides=reason).running
    assert running is not None
    assert running.next_up is None
    assert "Do not raise it: the stop 'Very low platelets' was overridden." in running.says


def test_a_stop_that_doubts_a_number_opens_what_the_number_allows(make_case: Maker) -> None:
    plan = make_plan(make_case({"body weight": "37.2 kg"}), overrides={"weight-slip": "weighed again: 82 kg"})
    assert plan.loading_dose is not None
    assert plan.loading_dose.given
    assert plan.titration
    assert not any("Held all the same" in line for line in plan.assumptions)


@pytest.mark.hazard("dose-in-spite-of-a-stop")
@pytest.mark.parametrize("rule", ["hypersensitivity-milrinone", "edema"])
def test_an_override_that_does_not_apply_changes_nothing_and_says_so(make_case: Maker, rule: str) -> None:
    plan = make_plan(make_case(allergies=["milrinone"]), overrides={rule: "because I say so"})
    assert plan.status is PlanStatus.STOPPED
    assert plan.maintenance is None
    assert any(rule in line and "not applied" in line for line in plan.assumptions)


@pytest.mark.hazard("dose-in-spite-of-a-stop")
@pytest.mark.parametrize(
    ("rule", "not_known"),
    [
        ("hypertrophic-obstruction", "hypertrophic obstructive cardiomyopathy"),
        ("mean-pressure-fall", "administrations, mean arterial pressure"),  # a rule that asks nothing
    ],
)
def test_an_override_of_what_could_not_be_judged_is_not_called_silent(
    make_case: Maker, rule: str, not_known: str
) -> None:
    case = make_case(conditions=None, administrations=None, measurements=None)
    plan = make_plan(case, overrides={rule: "because I say so"})
    said = f"Override of '{rule}' not applied: the rule could not be judged: not known: {not_known}."
    assert any(line.startswith(said) for line in plan.assumptions), plan.assumptions
    assert State.OVERRIDDEN not in {item.state for item in plan.findings}
    known = make_plan(make_case(), overrides={rule: "because I say so"})
    assert any("the rule does not fire for this patient" in line for line in known.assumptions)


@pytest.mark.parametrize(("rule", "reason"), [("no-such-rule", "because"), ("severe-valve-obstruction", "  ")])
def test_an_override_of_nothing_or_without_a_reason_is_an_error(make_case: Maker, rule: str, reason: str) -> None:
    with pytest.raises(RequestError, match=rule):
        make_plan(make_case(conditions={"severe aortic stenosis": "present"}), overrides={rule: reason})


@pytest.mark.hazard("renal-replacement")
def test_dialysis_has_no_automatic_rate(make_case: Maker) -> None:
    case = make_case(support=[{"what": "CRRT", "start": "2026-11-22T01:00:00+01:00"}])
    plan = make_plan(case)
    assert plan.status is PlanStatus.REFUSED
    assert plan.exit_code == 4
    assert plan.maintenance is None
    assert plan.rate_at_kidney == ()
    assert make_plan(case, assume_kidney=q("60", "mL/min/1.73 m2")).status is PlanStatus.REFUSED


@pytest.mark.parametrize("end", [None, "2026-11-21T22:00:00+01:00"])
def test_beside_a_machine_no_creatinine_is_what_a_rate_waits_for(make_case: Maker, end: str | None) -> None:
    """On dialysis and for two days after it no creatinine gives a rate (facts, milrinone.md 5): nobody is told so."""
    support = {"what": "hemodialysis", "start": "2026-11-21T18:00:00+01:00"} | ({} if end is None else {"end": end})
    plan = make_plan(make_case(support=[support], measurements=[]))
    assert [item.id for item in plan.refusals] == ["kidney-replacement"]
    assert plan.rate_at_kidney == ()
    two = [
        {"what": "serum creatinine", "value": value, "at": "2026-11-22T06:10:00+01:00"}
        for value in ("80 umol/L", "3 mg/dL")
    ]
    torn = make_plan(make_case(support=[support], measurements=two))  # a record that contradicts itself is still said
    assert [item.id for item in torn.refusals] == ["conflicting-data", "kidney-replacement"]


@pytest.mark.hazard("stale-or-changing-creatinine")
def test_without_a_creatinine_the_rate_at_three_kidneys_is_shown(make_case: Maker) -> None:
    """Named clearances 80, 30, 10: no line, 0.33 and 0.23; 82 kg at 200 mcg/mL is 24.6 mL/h per mcg/kg/min."""
    plan = make_plan(make_case(measurements=[]))
    assert plan.status is PlanStatus.REFUSED
    assert plan.refusals[0].id == "creatinine-absent"
    assert plan.missing[0].name == "serum creatinine"
    rates = [(item.clearance.value, item.rate.value, item.pump_rate) for item in plan.rate_at_kidney]
    assert rates == [
        (Decimal(80), Decimal("0.375"), q("9.2", "mL/h")),
        (Decimal(30), Decimal("0.33"), q("8.1", "mL/h")),
        (Decimal(10), Decimal("0.23"), q("5.6", "mL/h")),
    ]
    assumed = make_plan(make_case(measurements=[]), assume_kidney=q("30", "mL/min/1.73 m2"))
    assert assumed.status is PlanStatus.PLAN
    assert any("ASSUMED" in line for line in assumed.assumptions)


@pytest.mark.parametrize("quantity", [q("60", "mL/min"), q("82", "kg")])
def test_an_assumed_kidney_must_be_per_body_surface(make_case: Maker, quantity: Quantity) -> None:
    with pytest.raises(InotropeError, match=r"per body surface|not accepted"):
        make_plan(make_case(), assume_kidney=quantity)


@pytest.mark.hazard("repeated-or-untimely-load")
def test_the_premix_loads_only_where_the_site_says_so(make_case: Maker) -> None:
    """82 kg: 4.1 mg at 0.2 mg/mL is 20.5 mL."""
    site = Site(load_from_premix=True, pump_step=None, digest="d" * 64)
    plan = make_plan(make_case(), site=site)
    assert plan.loading_dose is not None
    assert plan.loading_dose.volumes[0].volume == q("20.5", "mL")
    assert plan.loading_dose.volumes[0].product == "milrinone 0.2 mg/mL premix"
    assert plan.versions.site == "d" * 64
    assert any("premixed bag" in line for line in plan.assumptions)
    by_vial = make_plan(make_case(preparation={"product": "vial", "concentration": "200 mcg/mL"}), site=site)
    assert by_vial.loading_dose is not None
    assert by_vial.loading_dose.volumes[0].product == "milrinone 1 mg/mL vial"


@pytest.mark.hazard("repeated-or-untimely-load")
def test_no_load_into_low_pressure_or_on_top_of_an_infusion(make_case: Maker) -> None:
    case = make_case({"mean arterial pressure": "60 mmHg"})
    assert make_plan(case).loading_dose is None  # what stops a running infusion starts none
    low = make_plan(case, overrides={"low-pressure-at-start": "shock, pressure held by norepinephrine"})
    assert low.loading_dose is not None
    assert not low.loading_dose.given
    assert "60 mmHg" in low.loading_dose.because
    running = [{"of": "milrinone", "start": "2026-11-22T02:00:00+01:00", "rate": "0.375 mcg/kg/min"}]
    on_top = make_plan(make_case(administrations=running))
    assert on_top.loading_dose is not None
    assert "already running" in on_top.loading_dose.because
    paused = [{**running[0], "duration": "2 h"}]
    again = make_plan(make_case(administrations=paused))
    assert again.loading_dose is not None
    assert "resumption" in again.loading_dose.because


@pytest.mark.hazard("adult-dose-for-somebody-else")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"patient": {"born": "2010-05-01"}, "indication": "cardiogenic shock"}, "no-entry-for-age"),
        ({"indication": "septic shock"}, "no-entry-for-age"),
        ({"indication": "pulmonary hypertension"}, "no-entry-for-indication"),
    ],
)
def test_somebody_else_is_refused_in_words(make_case: Maker, changes: dict[str, Any], refusal: str) -> None:
    plan = make_plan(make_case(**changes))
    assert plan.status is PlanStatus.REFUSED
    assert refusal in [item.id for item in plan.refusals]
    assert plan.maintenance is None
    assert plan.rate_at_kidney == ()


def test_contradictions_are_refused(make_case: Maker) -> None:
    twice = [
        {"of": "milrinone", "start": "2026-11-22T02:00:00+01:00", "rate": "0.375 mcg/kg/min", "duration": "3 h"},
        {"of": "milrinone", "start": "2026-11-22T03:00:00+01:00", "rate": "0.5 mcg/kg/min", "duration": "1 h"},
    ]
    bag = {"amount": "20 mg", "volume": "100 mL", "concentration": "100 mcg/mL"}
    for changes in ({"administrations": twice}, {"preparation": bag}):
        plan = make_plan(make_case(**changes))
        assert [item.id for item in plan.refusals] == ["conflicting-data"]


@pytest.mark.hazard("unknown-taken-for-absent")
def test_what_nobody_recorded_is_asked(make_case: Maker) -> None:
    bare = make_case(
        conditions=None, medicines=None, allergies=None, lines=None, support=None, events=None, administrations=None
    )
    plan = make_plan(bare)
    assert plan.status is PlanStatus.PLAN  # unknowns withhold nothing by themselves
    asked = {item.name for item in plan.missing}
    assert {"severe aortic stenosis", "allergies", "support", "medicines", "administrations", "events"} <= asked
    assert plan.missing[0].name == "support"  # dialysis would take the rate away


def test_screening_gives_the_findings_of_the_plan(make_case: Maker) -> None:
    case = make_case({"serum potassium": "3.4 mmol/L"}, allergies=["milrinone"], measurements=None)
    plan, screening = make_plan(case), screen(case)
    assert screening.findings == plan.findings
    assert screening.missing == plan.missing
    assert screening.exit_code == 3
    assert screening.notice == NOTICE
    refused = screen(make_case(measurements=[]))
    assert refused.exit_code == 0  # a refusal concerns the rate, and none was asked for


def test_a_bag_without_a_known_concentration_gives_no_pump_rate(make_case: Maker) -> None:
    plan = make_plan(make_case(preparation=None, pump=None))
    assert plan.maintenance is not None
    assert plan.maintenance.pump_rate is plan.maintenance.delivered_rate is None
    assert plan.preparation is not None
    assert len(plan.preparation.offered) == 4  # two premixed bags, two dilutions of the label
    asked = {item.name: item.would_change for item in plan.missing}
    assert asked["preparation"].startswith("the pump setting")
    assert asked["pump"].startswith("the rounding")


def test_two_values_of_one_moment_are_refused(make_case: Maker, sound: dict[str, Any]) -> None:
    at = "2026-11-22T06:10:00+01:00"
    twice = [*sound["measurements"], {"what": "serum potassium", "value": "2.0 mmol/L", "at": at}]
    plan = make_plan(make_case(measurements=twice))
    assert [item.id for item in plan.refusals] == ["conflicting-data"]
    assert "2 mmol/L and 4.3 mmol/L" in plan.refusals[0].says
    same = [*sound["measurements"], {"what": "serum potassium", "value": "4.3 mEq/L", "at": at}]
    assert make_plan(make_case(measurements=same)).status is PlanStatus.PLAN


@pytest.mark.hazard("unproved-data")
def test_a_case_cannot_choose_its_own_rules(make_case: Maker) -> None:
    for name in ("./milrinone", "/tmp/milrinone", "..\\milrinone", "inotrope/library/milrinone"):
        with pytest.raises(InotropeError, match="not a drug of this program"):
            make_plan(make_case(drug=name))


def test_a_running_infusion_is_told_in_every_status(make_case: Maker) -> None:
    """0.5 x 82 x 60 / 200 = 12.3 mL/h; at a clearance of 20 the line is 0.28."""
    runs = [{"of": "milrinone", "start": "2026-11-22T02:00:00+01:00", "rate": "0.5 mcg/kg/min"}]
    plan = make_plan(make_case(administrations=runs))
    assert plan.running is not None
    assert plan.running.rate == q("0.5", "mcg/kg/min")
    assert plan.running.pump_rate == q("12.3", "mL/h")
    assert plan.running.since == q("6", "h")
    assert not plan.running.above_allowed
    assert "no order to lower or raise" in plan.running.says
    above = make_plan(make_case(administrations=runs), assume_kidney=q("20", "mL/min/1.73 m2"))
    assert above.running is not None
    assert above.running.above_allowed
    assert above.running.says.startswith("ABOVE the highest rate allowed for this patient now, 0.28 mcg/kg/min")
    assert above.titration == ()
    stopped = make_plan(make_case(administrations=runs, allergies=["milrinone"]))
    assert stopped.running is not None
    assert stopped.running.says.startswith("A stop rule fires: stop it")
    refused = make_plan(make_case(administrations=runs, measurements=[], preparation=None))
    assert refused.running is not None
    assert refused.running.pump_rate is None
    assert refused.running.says.startswith("No rate can be vouched for")
    assert make_plan(make_case()).running is None


@pytest.mark.hazard("repeated-or-untimely-load")
def test_what_must_speak_for_the_load_is_said_in_its_box(make_case: Maker) -> None:
    known = make_plan(make_case()).loading_dose
    assert known is not None
    assert known.only_if == ()
    unknown = make_plan(make_case(administrations=None, measurements=_without_pressure(make_case))).loading_dose
    assert unknown is not None
    assert len(unknown.only_if) == 2
    assert "nothing runs" in unknown.only_if[1]


def _without_pressure(make_case: Maker) -> list[dict[str, str]]:
    kept = [item for item in make_case().measurements if "pressure" not in item.what]
    return [{"what": item.what, "value": item.as_written, "at": item.at.isoformat()} for item in kept]


def test_who_must_not_get_a_load_is_not_titrated_upward(make_case: Maker) -> None:
    reason = {"low-pressure-at-start": "shock, pressure held by norepinephrine"}
    low = make_plan(make_case({"mean arterial pressure": "60 mmHg"}), overrides=reason)
    assert low.maintenance is not None
    assert low.titration == ()


def test_one_creatinine_asks_for_another_because_it_would_change_the_rate(
    make_case: Maker, sound: dict[str, Any]
) -> None:
    measured = [item for item in sound["measurements"] if item["what"] != "serum creatinine"]
    lone = {"what": "serum creatinine", "value": "1.1 mg/dL", "at": "2026-11-22T06:10:00+01:00"}
    plan = make_plan(make_case(measurements=[*measured, lone]))
    question = next(item for item in plan.missing if item.name == "serum creatinine")
    assert question.would_change.startswith("the rate")
    assert "an earlier one" in question.asks


def test_two_levels_of_one_moment_are_refused_only_for_one_drug(make_case: Maker, sound: dict[str, Any]) -> None:
    def level(of: str, value: str) -> dict[str, str]:
        return {"what": "concentration", "of": of, "value": value, "at": "2026-11-22T06:10:00+01:00"}

    other = [*sound["measurements"], level("milrinone", "200 ng/mL"), level("digoxin", "1.2 ng/mL")]
    assert make_plan(make_case(measurements=other)).status is PlanStatus.PLAN
    twice = [*sound["measurements"], level("milrinone", "200 ng/mL"), level("milrinone", "210 ng/mL")]
    (refusal,) = make_plan(make_case(measurements=twice)).refusals
    assert (refusal.id, refusal.needs) == ("conflicting-data", ("concentration",))


def test_every_adverse_effect_is_watched_by_a_rule() -> None:
    assert all(effect.rules for effect in load_drug("milrinone").adverse)
