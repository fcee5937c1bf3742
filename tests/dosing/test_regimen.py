"""The regimen: rate = min(start, renal line, what the 24 h total leaves), rounded, with total and next steps."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from inotrope.dosing import Regimen, compute_regimen, history, loading_dose, no_load, pump_step
from inotrope.findings import Refusal
from tests.dosing.adult import NOW, adult_entry, bolus, case, infusion, milrinone, quantity


def planned(clearance: str, *, load: bool = True, default_step: str | None = None, **changes: Any) -> Regimen | Refusal:
    patient, entry = case(**changes), adult_entry()
    assert entry.load is not None
    dose = loading_dose(entry.load, weight=patient.patient.weight, product="vial 1 mg/mL", strength=quantity("1 mg/mL"))
    return compute_regimen(
        patient,
        milrinone(),
        entry,
        clearance=quantity(f"{clearance} mL/min/1.73 m2"),
        past=history(patient, drug="milrinone"),
        load=dose if load else no_load("none"),
        default_step=None if default_step is None else quantity(default_step),
    )


def regimen(clearance: str, **more: Any) -> Regimen:
    found = planned(clearance, **more)
    assert isinstance(found, Regimen), found
    return found


def test_the_sound_adult_gets_the_minimum() -> None:
    found = regimen("80")
    # 0.375 x 82 x 60 / 200 = 9.225 -> 9.2 mL/h, 0.37398 mcg/kg/min
    assert found.maintenance.rate == quantity("0.375 mcg/kg/min")
    assert found.maintenance.pump is not None
    assert found.maintenance.pump.rate == quantity("9.2 mL/h")
    assert found.maintenance.delivered.shown(5) == "0.37398 mcg/kg/min"
    assert found.maintenance.standard == quantity("0.5 mcg/kg/min")
    assert found.maintenance.maximum == quantity("0.75 mcg/kg/min")
    assert "the entry's minimum rate" in found.maintenance.because
    assert found.maintenance.arithmetic[0] == (
        "rate = lowest of 0.375 mcg/kg/min (start), 0.75 mcg/kg/min (24 h total) = 0.375 mcg/kg/min"
    )
    # 0.05 + 0.37398 x 1.44 = 0.58854 mg/kg; x 82 = 48.26 mg
    assert found.total_24_h.per_weight.shown(4) == "0.5885 mg/kg"
    assert found.total_24_h.amount.shown(2) == "48.26 mg"
    assert found.total_24_h.maximum == quantity("1.13 mg/kg")
    assert (found.pump_step, found.pump_step_assumed) == (quantity("0.1 mL/h"), False)


def test_the_steps_upward_are_the_printed_rates() -> None:
    steps = regimen("80").titration
    assert [step.rate for step in steps] == [quantity("0.5 mcg/kg/min"), quantity("0.75 mcg/kg/min")]
    # the load takes 10 min, the infusion starts when it is in: 10 + 30 and 10 + 60
    assert [step.not_before for step in steps] == [NOW + timedelta(minutes=40), NOW + timedelta(minutes=70)]
    # 0.5 x 82 x 0.3 = 12.3; 0.75 x 82 x 0.3 = 18.45 -> half up 18.5 gives 0.752, so 18.4
    assert [step.pump.rate for step in steps if step.pump] == [quantity("12.3 mL/h"), quantity("18.4 mL/h")]
    assert steps[0].total_24_h.shown(2) == "0.77 mg/kg"
    assert [step.says for step in steps] == [
        "a printed step, 30 min after the end of the load of 10 min",
        "the highest rate allowed now: the entry's maximum rate is 0.75 mcg/kg/min",
    ]


def test_where_no_load_is_given_the_first_step_counts_from_now() -> None:
    steps = regimen("80", load=False).titration
    assert [step.not_before for step in steps] == [NOW + timedelta(minutes=30), NOW + timedelta(minutes=60)]
    assert steps[0].says == "a printed step"
    # A load of 10 min that ended an hour ago delays nothing.
    steps = regimen("80", load=False, administrations=[bolus("1", "50 mcg/kg")]).titration
    assert steps[0].not_before == NOW + timedelta(minutes=30)


def test_a_load_that_is_still_going_in_is_waited_for() -> None:
    # Started 5 min ago for 10 min: it ends in 5 min, and the first step comes 30 min after that.
    steps = regimen("80", load=False, administrations=[bolus("0.0834", "50 mcg/kg")]).titration
    assert [step.not_before for step in steps] == [NOW + timedelta(minutes=35), NOW + timedelta(minutes=65)]
    assert steps[0].says == "a printed step, 30 min after the end of the load that is going in"
    # Beside an infusion of 12 min the load is waited for, and not the 18 min that are left of the infusion's.
    given = [bolus("0.0834", "50 mcg/kg"), infusion("0.2", "0.375 mcg/kg/min")]
    assert regimen("80", load=False, administrations=given).titration[0].not_before == NOW + timedelta(minutes=35)


def test_a_load_that_has_ended_beside_an_infusion_is_the_last_change() -> None:
    # It ended 6 min ago (or this minute) and the infusion has run for an hour: the step comes 30 min after its end.
    runs = infusion("1", "0.375 mcg/kg/min")
    for start, minutes in (("0.2667", 24), ("0.1667", 30), ("0.6667", 0), ("5", 0)):
        found = regimen("80", load=False, administrations=[runs, bolus(start, "50 mcg/kg")]).titration
        assert found[0].not_before == NOW + timedelta(minutes=minutes), start


def test_one_step_only_says_both_that_it_is_the_highest_and_whence_it_counts() -> None:
    # At a clearance of 45 the line is 0.405 mcg/kg/min, the one step there is.
    (step,) = regimen("45").titration
    assert step.says.startswith("the highest rate allowed now: at a creatinine clearance of 45 ")
    assert step.says.endswith(", 30 min after the end of the load of 10 min")


@pytest.mark.parametrize(
    ("clearance", "rate", "maximum", "steps"),
    [
        ("50", "0.375", "0.43", ["0.43"]),  # the line lies above the start: it is the last step
        ("39", "0.375", "0.375", []),  # 0.33 + 0.9 x 0.05 = 0.375: start and line are one
        ("20", "0.28", "0.28", []),  # the line lies below the start: it is the rate
        ("5", "0.2", "0.2", []),
    ],
)
def test_the_renal_line_is_a_ceiling_on_start_and_titration(
    clearance: str, rate: str, maximum: str, steps: list[str]
) -> None:
    found = regimen(clearance)
    assert found.maintenance.rate == quantity(f"{rate} mcg/kg/min")
    assert found.maintenance.maximum == quantity(f"{maximum} mcg/kg/min")
    assert [step.rate for step in found.titration] == [quantity(f"{item} mcg/kg/min") for item in steps]
    assert found.maintenance.delivered <= found.maintenance.maximum


def test_below_the_start_the_reason_is_the_limit() -> None:
    found = regimen("20")
    assert found.maintenance.because.startswith(
        "below the entry's minimum rate, because at a creatinine clearance of 20"
    )
    # 0.28 x 82 x 0.3 = 6.888 -> half up 6.9 gives 0.28049, above the line; down 6.8
    assert found.maintenance.pump is not None
    assert found.maintenance.pump.rate == quantity("6.8 mL/h")
    assert "half up, as tables round, it would be 6.9 mL/h" in found.maintenance.pump.says


def test_a_total_that_leaves_a_printed_step_exactly_is_not_listed_twice() -> None:
    # 22 h before now, 4 h at 120 mcg/kg/h (2 mcg/kg/min) = 480: (1,130 - 480 + leaving)... the ceiling is the maximum.
    found = regimen("80", load=False)
    assert [step.rate for step in found.titration] == [quantity("0.5 mcg/kg/min"), quantity("0.75 mcg/kg/min")]


def test_what_was_given_is_counted_and_said() -> None:
    # 4 h at 240 mcg/kg/h until now = 960 of 1,130: until it leaves (20 h from now) 170 / 20 h = 8.5 mcg/kg/h = 0.141666
    found = regimen("80", load=False, administrations=[infusion("4", "4 mcg/kg/min", duration="4 h")])
    assert found.maintenance.rate.shown(5) == "0.14167 mcg/kg/min"
    assert found.maintenance.maximum == found.maintenance.rate
    assert found.titration == ()
    assert found.total_24_h.per_weight <= quantity("1.13 mg/kg")
    assert len(found.total_24_h.arithmetic) == 2
    assert "with what was given before now counted" in found.total_24_h.arithmetic[1]


def test_the_total_may_cut_the_steps() -> None:
    # 10 h at 60 mcg/kg/h until now = 600: until 14 h from now 530 / 14 = 37.857 mcg/kg/h = 0.63095 mcg/kg/min
    found = regimen("80", load=False, administrations=[infusion("10", "1 mcg/kg/min", duration="10 h")])
    assert [step.rate.shown(5) for step in found.titration] == ["0.5 mcg/kg/min", "0.63095 mcg/kg/min"]
    assert found.titration[1].says.startswith("the highest rate allowed now: the total of any 24 h")


def test_when_nothing_is_left_it_is_refused() -> None:
    found = planned("80", load=False, administrations=[infusion("24", "0.8 mcg/kg/min")])
    assert isinstance(found, Refusal)
    assert (found.id, found.needs) == ("total-24-h-reached", ("administrations",))
    assert "1.152 mg/kg was given within 24 h; the entry's maximum is 1.13 mg/kg" in found.says


def test_without_a_concentration_there_is_a_rate_and_no_pump() -> None:
    found = regimen("80", preparation=None)
    assert found.maintenance.pump is None
    assert found.maintenance.delivered == quantity("0.375 mcg/kg/min")
    assert len(found.maintenance.arithmetic) == 1
    assert [step.pump for step in found.titration] == [None, None]
    # 0.05 + 0.375 x 1.44 = 0.59 mg/kg, the label's own total
    assert found.total_24_h.per_weight == quantity("0.59 mg/kg")


def test_a_pump_that_cannot_run_so_slowly_is_refused() -> None:
    # 0.375 x 82 x 60 / 1,000 = 1.845 mL/h, below half a step of 5 mL/h
    found = planned("80", preparation={"product": "vial", "concentration": "1 mg/mL"}, pump={"step": "5 mL/h"})
    assert isinstance(found, Refusal)
    assert (found.id, found.needs) == ("pump-cannot-deliver", ("preparation", "pump"))
    assert "0.375 mcg/kg/min for 82 kg at 1,000 mcg/mL is 1.845 mL/h, below one pump step of 5 mL/h" in found.says


def test_the_pump_step_is_the_case_s_then_the_ward_s_then_the_entry_s() -> None:
    entry = adult_entry()
    assert pump_step(case(pump={"step": "1 mL/h"}), entry, quantity("0.5 mL/h")) == (quantity("1 mL/h"), False)
    assert pump_step(case(pump={"minimum": "1 mL/h"}), entry, quantity("0.5 mL/h")) == (quantity("0.5 mL/h"), False)
    assert pump_step(case(pump=None), entry) == (quantity("0.1 mL/h"), True)
    assert regimen("80", pump=None, default_step="1 mL/h").pump_step == quantity("1 mL/h")


def test_an_entry_without_a_cap_has_no_maximum_total() -> None:
    entry = replace(adult_entry(), total_24_h=None)
    patient = case()
    found = compute_regimen(
        patient,
        milrinone(),
        entry,
        clearance=quantity("80 mL/min/1.73 m2"),
        past=history(patient, drug="milrinone"),
        load=no_load("none"),
    )
    assert isinstance(found, Regimen)
    assert (found.total_24_h.maximum, found.total_24_h.sources) == (None, ())
    # 9.2 mL/h x 200 / 60 / 82 x 1.44 = 0.53853...
    assert found.total_24_h.per_weight.in_unit("mg/kg") == pytest.approx(Decimal("0.538537"), abs=Decimal("0.000001"))


@pytest.mark.parametrize("clearances", [("5", "12.3", "30", "39", "50", "51", "120")])
def test_the_rate_never_falls_as_clearance_rises(clearances: tuple[str, ...]) -> None:
    found = [regimen(clearance).maintenance for clearance in clearances]
    for lower, higher in itertools.pairwise(found):
        assert lower.rate <= higher.rate
        assert lower.delivered <= higher.delivered
        assert lower.maximum <= higher.maximum


def test_steps_start_above_what_runs_and_end_at_the_ceiling() -> None:
    """At a clearance of 80 the steps are 0.5 and 0.75; at 45 the line is 0.405."""
    running = [infusion("2", "0.5 mcg/kg/min")]
    assert [step.rate for step in regimen("80", load=False, administrations=running).titration] == [
        quantity("0.75 mcg/kg/min")
    ]
    assert [step.rate for step in regimen("45").titration] == [quantity("0.405 mcg/kg/min")]
    assert regimen("45", load=False, administrations=running).titration == ()


def test_duration_and_kinetics_are_said() -> None:
    """4 half-lives of 2.4 h are 9.6 h, shown as 10 h."""
    found = regimen("80").maintenance
    assert found.duration == "no controlled experience beyond 48 h"
    assert "4 half-lives: 10 h at a half-life of 2.4 h" in found.kinetics
    running = regimen("80", load=False, administrations=[infusion("2", "0.5 mcg/kg/min")]).maintenance
    assert running.duration.endswith("the first infusion started 2 h ago")


# --- while it runs, and after a pause


def test_the_steps_of_a_running_infusion_wait_for_its_last_change() -> None:
    given = [infusion("5", "0.375 mcg/kg/min"), infusion("0.2", "0.4 mcg/kg/min")]
    steps = regimen("80", load=False, administrations=given).titration
    assert [(step.not_before - NOW).total_seconds() / 60 for step in steps] == [18, 48]  # 12 of 30 min have passed


@pytest.mark.parametrize(
    ("before", "clearance", "rate", "because"),
    [
        ("0.5", "80", "0.375", "the entry's minimum rate"),
        ("0.25", "80", "0.25", "below the entry's minimum rate, because it ran at no more before the pause"),
        ("0.35", "20", "0.28", "below the entry's minimum rate, because at a creatinine clearance of 20"),
    ],
)
@pytest.mark.hazard("interrupted-infusion")
def test_a_resumption_starts_no_higher_than_it_ran(before: str, clearance: str, rate: str, because: str) -> None:
    given = [infusion("5", f"{before} mcg/kg/min"), infusion("2", "0 mcg/kg/min")]
    found = regimen(clearance, load=False, administrations=given).maintenance
    assert found.rate == quantity(f"{rate} mcg/kg/min")
    assert found.because.startswith(because)
    assert f"{before} mcg/kg/min (before the pause)" in found.arithmetic[0]
