"""What may be searched: never above the plan, never before its steps, never a load that it withholds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from inotrope.drug import read_site
from inotrope.findings import State
from inotrope.patient import Case
from inotrope.plan import make_plan
from inotrope.plan.making import work_out
from inotrope.plan.target.allowing.allowed import ON_ASSUMPTION, Allowed, allowed_rates
from inotrope.plan.target.allowing.ways import PAUSES_H
from inotrope.plan.target.making import find_dose
from inotrope.plan.target.record import TargetStatus
from inotrope.units import Quantity
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import at, creatinines, level, shipped
from tests.plan.target.bedside_targets import RISING, allowed, case, models, outcome, shipped_case, target


def rate(text: str) -> Quantity:
    return Quantity(Decimal(text), "mcg/kg/min")


SOUND = "sound-adult"
CASES = [
    case(),
    case(level("260 ng/mL")),
    case(administrations=[given(20, rate="0.7 mcg/kg/min")]),
    case(administrations=[given(0.2, rate="0.375 mcg/kg/min")]),
    *(shipped_case(name) for name in (SOUND, "reduced-kidneys", "preterm-baby", "paused-infusion", "measured-level")),
]


@pytest.mark.parametrize("of", CASES, ids=range(len(CASES)))
def test_nothing_lies_above_the_plan_and_every_rate_is_a_step_of_the_pump(of: Case) -> None:
    plan, found = make_plan(of, forecast=False), allowed(of)
    assert plan.maintenance is not None and plan.preparation is not None and plan.preparation.concentration is not None
    kg, strength = of.patient.weight.in_unit("kg"), plan.preparation.concentration.in_unit("mcg/mL")
    step = plan.preparation.pump_step.in_unit("mL/h")
    assert found.highest <= plan.maintenance.maximum
    loaded = [way for way in found.ways if way.load is not None]
    assert bool(loaded) is (plan.loading_dose is not None and plan.loading_dose.given)
    for way in found.ways:
        assert [stage.from_h for stage in way.stages] == sorted({stage.from_h for stage in way.stages})
        assert all(stage.highest <= plan.maintenance.maximum for stage in way.stages)
        for setting in way.settings:
            assert setting.rate <= way.stages[-1].highest
            if setting.pump is not None:
                assert setting.pump.in_unit("mL/h") % step == 0
                by_hand = setting.pump.in_unit("mL/h") * strength / kg / 60
                assert float(setting.rate.value) == pytest.approx(float(by_hand))
        rates = [setting.rate for setting in way.settings]
        assert rates == sorted(set(rates)) and (rates[0].value == 0) is (way.load is None and not way.pause_h)


def test_a_pause_goes_only_before_what_runs_and_leads_to_no_more_than_runs_and_is_allowed() -> None:
    assert not any(way.pause_h for way in allowed(case(administrations=[])).ways)
    assert not any(way.pause_h for way in allowed(shipped_case("paused-infusion")).ways)
    for of in (case(), shipped_case("measured-level"), shipped_case("running-since-yesterday")):
        found, running = allowed(of), outcome(of).past.running_rate
        assert running is not None
        before = [way for way in found.ways if way.pause_h]
        assert [way.pause_h for way in before] == list(PAUSES_H)
        for way in before:
            assert way.load is None and [stage.from_h for stage in way.stages] == [0, way.pause_h]
            assert way.stages[0].highest.value == 0 and way.stages[-1].highest == way.settings[-1].rate
            assert way.settings[-1].rate <= min(running, found.highest)
            text = way.course(way.settings[-1].rate)
            assert text.startswith("nothing from now; ") and (f"from {way.pause_h} h on" in text or way.pause_h == 1)


def test_what_is_given_in_segments_is_what_the_course_says() -> None:
    """A load for 10 min, then each step until the next, and the last rate until the entry ends."""
    _, loaded = allowed(shipped_case(SOUND)).ways
    parts = loaded.segments(rate("0.6"))
    assert [(round(float(part.from_h) * 60), part.to_h and round(float(part.to_h) * 60)) for part in parts] == [
        (0, 10),
        (10, 40),
        (40, 70),
        (70, None),
    ]
    assert parts[0].rate == rate("5") and [part.rate for part in parts[2:]] == [rate("0.5"), rate("0.6")]
    ends = replace(loaded, ends_h=Decimal(1))
    assert [part.to_h for part in ends.segments(rate("0.6"))][-1] == 1 and len(ends.segments(rate("0.6"))) == 3
    assert ends.course(rate("0.6")).endswith("until 1 h from now, when this entry ends")
    assert ends.set_for(parts[0]) is None  # a load is drawn up
    assert replace(ends, settings=ends.settings[-1:]).set_for(parts[1]) is None


def test_chosen_anew_a_rate_goes_up_by_one_step_whose_time_has_come() -> None:
    bare, _ = allowed(shipped_case(SOUND)).ways
    assert [stage.highest for stage in bare.stages] == [rate("0.375"), rate("0.5"), rate("0.75")] or bare.stages
    tops = [stage.highest for stage in bare.stages]
    low = bare.settings[1].rate
    assert bare.highest_anew(low, 0.25) == tops[0] and bare.highest_anew(low, 6) == tops[1]
    assert bare.highest_anew(tops[1], 6) == tops[2] == bare.highest_anew(tops[2], 6)
    assert bare.highest_anew(tops[2], 0.25) == tops[0]
    paused = next(way for way in allowed(case()).ways if way.pause_h == 4)
    assert paused.highest_anew(paused.settings[0].rate, 1) == paused.settings[-1].rate


def test_steps_upward_begin_when_the_plan_lets_them() -> None:
    """After the load of 10 min the infusion starts; its first step comes 30 min later, each other after 30 more."""
    of = shipped_case(SOUND)
    bare, loaded = allowed(of).ways
    plan = make_plan(of, forecast=False)
    assert [step.rate for step in plan.titration] == [rate("0.5"), rate("0.75")]
    minutes = [round(float(stage.from_h) * 60) for stage in loaded.stages]
    assert minutes == [10, 40, 70]
    assert [round(float(stage.from_h) * 60) for stage in bare.stages] == [0, 30, 60]
    assert loaded.stage_of(rate("0.375")) == 0 and loaded.stage_of(rate("0.376")) == 1
    assert loaded.course(rate("0.6")) == (
        "load of 50 mcg/kg over 10 min; 0.375 mcg/kg/min from 10 min on; 0.5 mcg/kg/min from 40 min on; "
        "0.6 mcg/kg/min from 70 min on"
    )
    assert bare.course(rate("0")) == "nothing from now"


def test_what_was_changed_lately_waits() -> None:
    """0.375 has run for 12 min: the next step is 18 min away, though less can be given at once."""
    way = allowed(case(administrations=[given(0.2, rate="0.375 mcg/kg/min")])).ways[0]
    assert [round(float(stage.from_h) * 60) for stage in way.stages] == [0, 18, 48]
    way = allowed(case(administrations=[given(5, rate="0.2 mcg/kg/min")])).ways[0]
    # To the rate that the plan proposes at once, and half an hour later to the next.
    assert [round(float(stage.from_h) * 60) for stage in way.stages] == [0, 30, 60]
    assert way.stages[0].highest < rate("0.38")


def test_what_runs_above_the_renal_line_is_only_lowered() -> None:
    of = shipped_case("measured-level")
    plan, found = make_plan(of, forecast=False), allowed(of)
    assert plan.running is not None and plan.maintenance is not None
    assert plan.running.rate > plan.maintenance.maximum >= found.highest
    assert len(found.ways[0].stages) == 1 and found.line is None


def test_a_finding_against_a_raise_leaves_what_runs_and_less() -> None:
    found = allowed(shipped_case("falling-platelets"))
    way = found.ways[0]
    assert way.stages == way.stages[:1] and any("No step upward" in text for text in found.says)
    plan = make_plan(shipped_case("falling-platelets"), forecast=False)
    assert plan.loading_dose is None or not plan.loading_dose.given


def test_without_a_bag_only_printed_rates_are_searched() -> None:
    document = shipped(SOUND) | {"preparation": None}
    found = allowed(shipped_case(SOUND, **document))
    assert found.step is None
    assert [setting.rate for setting in found.ways[0].settings] == [rate("0"), rate("0.375"), rate("0.5"), rate("0.75")]
    assert target(shipped_case(SOUND, preparation=None)).searches[0].candidates[1].pump_rate is None


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_a_stop_leaves_no_candidate() -> None:
    found = target(shipped_case("low-pressure"))
    assert found.status is TargetStatus.STOPPED and found.exit_code == 3
    assert found.refusals and not found.searches and found.named is None and found.allowed is None
    assert "Blood pressure too low" in found.refusals[0].says


@pytest.mark.parametrize("name", ["dialysis", "no-creatinine"])
def test_a_refusal_of_the_plan_leaves_no_candidate(name: str) -> None:
    of = shipped_case(name)
    found = target(of)
    assert found.status is TargetStatus.REFUSED and found.exit_code == 4 and not found.searches
    assert found.refusals == make_plan(of, forecast=False).refusals


def test_a_finding_that_asks_to_reduce_leaves_only_what_is_slower() -> None:
    of = case(conditions={"oliguria": "present"})
    found = allowed(of)
    assert found.highest < rate("0.375") and any("Only what is slower than it runs" in text for text in found.says)
    assert len(found.ways[0].stages) == 1


def test_what_the_physician_decides_first_is_not_searched() -> None:
    (refused,) = target(shipped_case("rising-creatinine")).refusals
    assert "Little urine" in refused.says and "before that is decided" in refused.says


def test_a_finding_that_asks_to_stop_what_runs_is_not_searched() -> None:
    (refused,) = target(case(events=[{"what": "extravasation", "at": at(-1)}])).refusals
    assert refused.says.endswith("No rate is searched before that is decided.")


def test_while_a_load_goes_in_nothing_is_searched() -> None:
    going = given(0.1, dose="50 mcg/kg", duration="10 min")
    (refused,) = target(case(administrations=[going])).refusals
    assert refused.id == "load-going-in" and "until 08:04" in refused.says


def at_site(tmp_path: Path, text: str, name: str = SOUND) -> Allowed:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    found = allowed_rates(work_out(shipped_case(name), {}, None, read_site(path), None))
    assert isinstance(found, Allowed)
    return found


def test_a_hospital_s_own_limits_hold(tmp_path: Path) -> None:
    soft = at_site(tmp_path, '[soft]\nmaximum = "0.45 mcg/kg/min"\n')
    assert soft.highest <= rate("0.45") and "asks before it goes above 0.45 mcg/kg/min" in soft.because
    hard = at_site(tmp_path, '[limits]\n"maintenance.maximum" = "0.5 mcg/kg/min"\n')
    assert hard.highest <= rate("0.5")
    assert len(at_site(tmp_path, "[load]\ngiven = false\n").ways) == 1


@pytest.mark.parametrize(("minimum", "lowest"), [("1.25 mL/h", "1.3"), ("2 mL/h", "2"), ("0.05 mL/h", "1.3")])
def test_no_rate_is_slower_than_the_pump_can_run_or_than_an_order_may_be(minimum: str, lowest: str) -> None:
    """An order below 0.05 mcg/kg/min is a slip: for 82 kg that is 1.23 mL/h of 200 mcg/mL."""
    of = shipped_case(SOUND, pump={"step": "0.1 mL/h", "minimum": minimum})
    for way in allowed(of).ways:
        pumps = [setting.pump.value for setting in way.settings if setting.pump is not None]
        assert (pumps[0] == Decimal(lowest) and way.settings[0].rate.value == 0) or way.load is not None


def test_where_the_pump_cannot_run_so_slowly_the_plan_stops_and_nothing_is_searched() -> None:
    found = target(shipped_case("measured-level", pump={"step": "0.1 mL/h", "minimum": "50 mL/h"}))
    assert found.status is TargetStatus.STOPPED and found.refusals[0].id == "pump-below-minimum"


def test_a_soft_limit_below_what_the_pump_can_run_leaves_a_pause(
    tmp_path: Path,
) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[soft]\nmaximum = "0.15 mcg/kg/min"\n', encoding="utf-8")
    slow = {"step": "0.1 mL/h", "minimum": "8 mL/h"}
    found = allowed_rates(work_out(shipped_case(SOUND, pump=slow), {}, None, read_site(path), None))
    assert isinstance(found, Allowed) and [way.settings[-1].rate for way in found.ways] == [rate("0")]
    one = find_dose(shipped_case(SOUND, pump=slow), site=read_site(path), draws=500).searches[0]
    assert len(one.candidates) == len(one.best) == 1 and one.named is None


def test_an_assumed_kidney_counts_for_the_limits_and_for_every_model_and_stands_on_the_answer() -> None:
    """The label's line at 10 mL/min is 0.23 mcg/kg/min; a kidney that clears less leaves a higher level."""
    assumed, steady = Quantity(Decimal(10), "mL/min/1.73 m2"), case(level("260 ng/mL"))
    found, own = target(steady, assume_kidney=assumed), target(steady)
    assert found.allowed is not None and found.allowed.highest.value <= Decimal("0.23")
    assert any(text.startswith("Kidney function is ASSUMED to be 10") for text in found.assumptions)
    assert found.kidney is not None and not found.kidney.moving and "ASSUMED" in found.kidney.because[0]
    assert found.searches[0].candidates[1].inside != own.searches[0].candidates[1].inside
    moving = target(case(level("260 ng/mL"), creatinine=RISING), assume_kidney=assumed)
    assert moving.kidney is not None and not moving.kidney.moving and not moving.searches[0].ahead


def test_a_kidney_assumed_above_the_measured_one_is_a_stop_here_too() -> None:
    found = target(shipped_case("measured-level"), assume_kidney=Quantity(Decimal(60), "mL/min/1.73 m2"))
    assert found.status is TargetStatus.STOPPED and not found.searches


def test_a_stop_that_is_set_aside_opens_no_load_and_no_step_upward() -> None:
    of, reason = shipped_case("severe-aortic-stenosis"), {"severe-valve-obstruction": "valve surgery tonight, Dr. A"}
    assert target(of).status is TargetStatus.STOPPED
    found = target(of, overrides=reason)
    assert found.allowed is not None and not found.allowed.load
    assert found.allowed.highest == found.allowed.now and found.allowed.highest.value <= Decimal("0.377")
    assert any(text.startswith("OVERRIDDEN") for text in found.assumptions)
    assert any(item.override_reason for item in found.findings)


def test_an_override_that_its_rule_does_not_allow_lifts_nothing() -> None:
    """0.02 mg/mL is a strength that no bag has; nobody may set that stop aside."""
    thin = shipped_case(SOUND, preparation={"product": "premix", "concentration": "0.02 mg/mL"})
    rule = next(item.rule for item in outcome(thin).findings if item.state is State.FIRES and not item.override_allowed)
    found = target(thin, overrides={rule: "it is what hangs there, Dr. A"})
    assert found.status is TargetStatus.STOPPED and not found.searches


def test_what_runs_more_slowly_than_an_order_may_be_can_go_on() -> None:
    """1 mL/h of 200 mcg/mL is 0.0476 mcg/kg/min for 70 kg; it is not raised, and was not raised by a search."""
    slow = case(administrations=[given(20, rate="0.04762 mcg/kg/min")])
    pumps = [setting.pump.value for setting in allowed(slow).ways[0].settings if setting.pump is not None]
    assert pumps == [Decimal(step) / 10 for step in range(1, 11)]
    usual = [setting.pump.value for setting in allowed(case()).ways[0].settings if setting.pump is not None]
    assert usual[0] == Decimal("1.1")  # the first step at 0.05 mcg/kg/min or above


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_a_low_potassium_is_corrected_before_a_step_upward() -> None:
    """At 3.4 mmol/L, below the 3.5 that says correct first, no rate above what runs is searched; at 3.5 some are."""
    for value, more in (("3.4 mmol/L", False), ("3.5 mmol/L", True)):
        of = case(
            measurements=[
                *creatinines(*("1.2 mg/dL",) * 3),
                {"what": "serum potassium", "value": value, "at": at(-2.0)},
            ]
        )
        found = allowed(of)
        assert (found.highest.value > Decimal("0.38")) is more
        assert any("Low potassium" in text for text in found.says) is not more


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_an_assumed_clearance_raises_nothing() -> None:
    """At a clearance of 60 the plan allows 0.75: assumed, it raises nothing that runs, and a start only starts."""
    assumed = Quantity(Decimal(60), "mL/min/1.73 m2")
    at_03 = [given(20, rate="0.3 mcg/kg/min")]
    for given_so_far, most in ((at_03, Decimal("0.31")), ([], Decimal("0.381"))):
        of = case(administrations=given_so_far, creatinine=())
        found = allowed_rates(work_out(of, {}, assumed, None, None))
        assert isinstance(found, Allowed)
        assert found.highest.value <= most < allowed(case(administrations=given_so_far)).highest.value
        assert found.because == ON_ASSUMPTION and any("assumed and not measured" in text for text in found.says)
    runs = case(administrations=at_03, creatinine=())
    named = find_dose(runs, assume_kidney=assumed, models=models("label_adult"), draws=500).named
    assert named is not None and named.candidate.rate.value <= Decimal("0.31")
