"""Which models answer for whom, what those say that give no curve, and the words of those that refuse."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.forecast import Forecast, KidneyChange, forecast
from inotrope.patient import Case
from inotrope.population import ExtracorporealClearance, ModelKind, Standing, load_model
from inotrope.population.model import REPLACEMENT, Covariate, OverTime, Within
from inotrope.units import read_quantity
from tests.forecast.persons import CL, RATE, STEADY, K, V, adult, given, kidney, label

RENAL = read_quantity("40 mL/min/1.73 m2", what="x", dimensions=("flow per body surface area",))


def asked(case: Case | None = None, regimen: str | None = "0.5 mcg/kg/min", clearance: str = "80") -> Forecast:
    who = adult() if case is None else case
    return forecast(who, regimen, kidney=kidney(who, clearance), seed=1)


def test_every_model_of_the_drug_is_there_and_each_answers_or_says_why_not() -> None:
    found = asked()
    assert len(found.models) == 24
    for item in found.models:
        assert item.answers == (not item.refused)
        assert item.answers == (item.curve is not None or item.steady is not None)
        assert item.refused or item.standing is not Standing.REFUSAL


def test_a_model_outside_its_domain_refuses_in_its_own_words_and_gives_no_number() -> None:
    item = asked().of("milrinone/bailey_2004")
    assert not item.answers and item.standing is Standing.REFUSAL
    assert "Children below 6 years were studied" in item.refused
    assert (item.curve, item.now, item.peak, item.steady, item.time_to_90_h) == (None,) * 5
    assert item.chances == item.steady_chances == ()


def test_a_model_that_lacks_everything_says_what() -> None:
    assert "every parameter" in asked().of("milrinone/hallik_2019").refused


def test_steady_levels_alone_never_become_a_curve() -> None:
    item = asked(adult(indication="bridge to heart transplant")).of("milrinone/cox_2013")
    assert item.kind is ModelKind.STEADY_STATE_ONLY and item.curve is None and item.now is None and item.peak is None
    assert item.steady is not None and item.steady.spread is None
    # 451 ng/mL (SD 243) at 0.391 mcg/kg/min above 60 mL/min; 0.5 is 1.2788 times that rate
    assert item.steady.typical == pytest.approx(451 * 0.5 / 0.391)
    assert item.printed_sd_ng_per_ml == pytest.approx(243 * 0.5 / 0.391)
    assert "in proportion to the rate" in item.steady_says
    assert item.chances == item.steady_chances == ()


def test_a_model_without_a_printed_deviation_gives_none() -> None:
    item = asked().of("milrinone/osaka_2009")
    assert item.steady is not None and item.printed_sd_ng_per_ml is None


def test_a_model_that_lacks_a_volume_gives_its_level_and_says_so() -> None:
    item = asked().of("milrinone/benotti_1985")
    assert item.curve is None and item.steady is not None
    assert item.says and item.says[0].startswith("It gives no curve, for it lacks")


def test_where_no_spread_is_known_the_typical_curve_stands_alone() -> None:
    item = asked().of("milrinone/butterworth_1995")
    assert item.curve is not None and item.curve.spread is None and item.chances == ()
    assert item.peak is not None and item.peak.spread is None
    assert any("no interval" in text or "without interval" in text for text in item.says)


def test_the_highest_is_named_among_curves_and_levels_alike() -> None:
    found = asked(adult(indication="bridge to heart transplant"))
    assert found.highest_steady is not None and found.highest_steady.model == "milrinone/cox_2013"
    steady = [item.steady.typical for item in found.models if item.steady is not None]
    assert found.highest_steady.level_ng_per_ml == max(steady)
    peaks = {item.model: item.peak.typical for item in found.models if item.peak is not None}
    assert found.highest_peak is not None and peaks[found.highest_peak.model] == max(peaks.values())


def test_the_first_to_show_fits_and_rests_on_nothing_recalled() -> None:
    assert asked().first == "milrinone/label_adult"


def test_conflicts_and_what_is_not_known_go_along() -> None:
    item = asked().of("milrinone/label_adult")
    assert any("2.6 times" in conflict.says for conflict in item.conflicts)
    assert item.unknown and item.sources and len(item.digest) == 64
    assert any("renal_fraction" in place for place in item.judged)


def test_a_regimen_that_ends_in_a_pause_has_no_steady_level() -> None:
    found = asked(adult(indication="bridge to heart transplant"), "0.5 mcg/kg/min for 6 h; pause")
    assert found.highest_steady is None
    assert found.of("milrinone/cox_2013").steady is None
    label_says = found.of("milrinone/label_adult")
    assert label_says.steady is None and label_says.time_to_90_h is not None
    assert label_says.peak_at_h == 6


def test_without_a_regimen_what_runs_runs_on() -> None:
    found = asked(adult(administrations=[given(12, rate="0.5 mcg/kg/min")]), None)
    item = found.of("milrinone/label_adult")
    assert found.regimen == "0.5 mcg/kg/min"
    assert item.curve is not None
    assert item.curve.typical_ng_per_ml[24] == pytest.approx(STEADY * (1 - math.exp(-18 * K)))


def test_without_a_regimen_and_an_infusion_what_is_left_goes_away() -> None:
    found = asked(adult(administrations=[given(2, dose="3.15 mg", duration="1 min")]), None)
    item = found.of("milrinone/label_adult")
    assert found.regimen == "" and item.curve is not None and item.steady is None
    at_end = 3150 * 60 / CL * (1 - math.exp(-K / 60))  # 3,150 mcg in one minute: just under 100 ng/mL in 31.5 L
    assert at_end == pytest.approx(3150 / V, rel=0.003)
    assert item.curve.typical_ng_per_ml[0] == pytest.approx(at_end * math.exp(-K * (2 - 1 / 60)), rel=1e-9)
    assert item.peak_at_h == 0


def test_a_record_that_says_nothing_of_the_past_gives_no_level_now() -> None:
    found = asked(adult(administrations=None))
    item = found.of("milrinone/label_adult")
    assert item.now is None and item.curve is not None
    assert any("does not say what was given" in text for text in found.says)


def test_a_record_that_contradicts_itself_is_refused() -> None:
    twice = [given(5, rate="0.5 mcg/kg/min"), given(5, rate="0.25 mcg/kg/min")]
    found = asked(adult(administrations=twice))
    assert found.models == () and found.first is None and found.highest_peak is None
    (refusal,) = found.refusals
    assert refusal.id == "conflicting-data" and "contradicts itself" in refusal.says


def test_a_measured_level_is_told_and_fits_nothing() -> None:
    level = {"what": "concentration", "of": "milrinone", "value": "212 ng/mL", "at": "2026-11-22T07:00:00+01:00"}
    found = asked(adult(measurements=[level]))
    assert found.says == (
        "A level of 212 ng/mL was measured 1 h ago; no curve is fitted to it here: 'inotrope fit' does.",
    )


def test_without_a_creatinine_the_model_that_needs_it_refuses() -> None:
    found = forecast(adult(), "0.5 mcg/kg/min", models=[label()], seed=1)
    assert found.models[0].refused == "It needs creatinine clearance, which is not known."
    assert found.first is None


# --- the kidneys change ---------------------------------------------------------------------------------------------


def test_kidneys_that_fall_to_40_in_6_h_raise_the_level_from_then_on() -> None:
    case = adult()
    found = forecast(
        case, "0.5 mcg/kg/min", models=[label()], kidney=kidney(case), kidney_change=KidneyChange(RENAL, 6.0), seed=1
    )
    item = found.models[0]
    assert item.curve is not None and item.steady is not None
    share = 0.17 + 0.83 * 40 / 80
    six, left = STEADY * (1 - math.exp(-6 * K)), math.exp(-12 * K * share)
    assert item.curve.typical_ng_per_ml[24] == pytest.approx(six)
    # next carried backward: from the hour on the new value holds
    assert item.curve.typical_ng_per_ml[72] == pytest.approx(six * left + STEADY / share * (1 - left), rel=1e-9)
    assert item.steady.typical == pytest.approx(STEADY / share)
    assert found.says == ("Supposed: creatinine clearance 40 mL/min/1.73 m2 from 6 h on.",)


def test_a_model_that_does_not_know_the_kidneys_refuses_their_fall() -> None:
    case = adult()
    found = forecast(case, "0.5 mcg/kg/min", kidney=kidney(case), kidney_change=KidneyChange(RENAL), seed=1)
    prielipp, osaka = found.of("milrinone/prielipp_1996"), found.of("milrinone/osaka_2009")
    assert prielipp.refused.startswith(
        "It does not know the kidneys, so that it cannot say what a creatinine clearance"
    )
    assert osaka.steady is not None
    before = forecast(case, "0.5 mcg/kg/min", kidney=kidney(case), seed=1).of("milrinone/osaka_2009")
    assert before.steady is not None  # level = 51.1 x weight / clearance + 28.2 at 0.2 mcg/kg/min
    assert osaka.steady.typical / 2.5 - 28.2 == pytest.approx(2 * (before.steady.typical / 2.5 - 28.2))


def test_kidneys_that_are_not_known_now_do_not_become_known_by_a_fall() -> None:
    found = forecast(adult(), "0.5 mcg/kg/min", models=[label()], kidney_change=KidneyChange(RENAL), seed=1)
    assert "needs creatinine clearance" in found.models[0].refused


# --- machines, age, and a line below zero ---------------------------------------------------------------------------


def test_a_machine_clears_beside_the_body_only_with_an_entered_clearance() -> None:
    support = [{"what": "CRRT", "start": "2026-11-22T01:00:00+01:00", "effluent": "2000 mL/h"}]
    case = adult(support=support)
    flow = read_quantity("20 mL/min", what="x", dimensions=("flow",))  # 1.2 L/h
    machine = ExtracorporealClearance.entered(
        "CRRT", clearance=flow, because="measured before and after the filter", start_h=-7.0, end_h=30.0
    )
    plain = forecast(case, "0.5 mcg/kg/min", models=[label()], kidney=kidney(case), seed=1)
    assert "A machine replaces the kidneys" in plain.models[0].refused
    item = forecast(case, "0.5 mcg/kg/min", models=[label()], kidney=kidney(case), machines=[machine], seed=1).models[0]
    assert item.curve is not None and item.curve.spread is not None
    assert item.curve.typical_ng_per_ml[-1] == pytest.approx(
        RATE / (CL + 1.2) * (1 - math.exp(-(CL + 1.2) / V * 24)), rel=1e-9
    )
    assert item.says == ("CRRT clears 1.2 L/h beside the body, as entered: measured before and after the filter.",)


def test_a_covariate_that_grows_with_the_clock_grows_in_steps_of_six_hours() -> None:
    document = {"born": "2026-11-15", "sex": "male", "weight": "4 kg", "height": "55 cm", "gestational_age": "39 weeks"}
    baby = adult(indication="low cardiac output after cardiac surgery", patient=document)
    item = forecast(baby, "0.5 mcg/kg/min", kidney=kidney(baby, "60"), seed=1).of("milrinone/hornik_2019")
    assert item.curve is not None and item.steady is not None, item.refused
    # clearance rises with postmenstrual age, so the level in the end lies below that of today's age alone
    today = 7 / 7 + 39
    rate = 0.5 * 60 * 4

    def clearance(weeks: float) -> float:
        mature = weeks**1.12 / (67.7**1.12 + weeks**1.12)
        return 15.9 * (4 / 70) ** 0.75 * mature * (60 / 117) ** 0.522

    assert item.steady.typical < rate / clearance(today)
    assert item.steady.typical == pytest.approx(rate / clearance(today + 1 / 7), rel=0.003)


NEGATIVE = """drug = "milrinone"
unknown = []
[model]
kind = "time_course"
structure = "one compartment"
title = "A line below zero"
source = ["paper:table"]
status = "confirmed"
[source.paper]
title = "A paper"
where = "a shelf"
grade = "A"
[studied]
who = "adults"
source = ["paper:table"]
status = "confirmed"
[covariates]
"creatinine clearance" = { unit = "mL/min/1.73 m2", over_time = "linear" }
[parameters.volume]
typical = { value = "30 L", source = "paper:table", status = "confirmed" }
[[parameters.clearance.by]]
form = "line"
of = "creatinine clearance"
slope = { value = "2", source = "paper:table", status = "confirmed" }
intercept = { value = "-100 mL/min", source = "paper:table", status = "confirmed" }
"""


def test_a_line_that_gives_no_clearance_is_a_refusal_in_words(tmp_path: Path) -> None:
    path = tmp_path / "line_2000.toml"
    path.write_text(NEGATIVE, encoding="utf-8")
    case = adult()
    both = forecast(case, "0.5 mcg/kg/min", models=[load_model(path)], kidney=kidney(case, "30"), seed=1)
    assert "which no body has" in both.models[0].refused and both.first is None
    assert both.models[0].standing is Standing.REFUSAL
    sound = forecast(case, "0.5 mcg/kg/min", models=[load_model(path)], kidney=kidney(case, "80"), seed=1).models[0]
    assert sound.steady is not None and sound.steady.typical == pytest.approx(RATE / (60 * 60 / 1000))


def test_the_same_seed_gives_the_same_numbers_whatever_stands_beside() -> None:
    case = adult()
    alone = forecast(case, "0.5 mcg/kg/min", models=[label()], kidney=kidney(case), seed=7).models[0]
    beside = forecast(case, "0.5 mcg/kg/min", kidney=kidney(case), seed=7).of("milrinone/label_adult")
    other = forecast(case, "0.5 mcg/kg/min", models=[label()], kidney=kidney(case), seed=8).models[0]
    assert alone.curve is not None and beside.curve is not None and other.curve is not None
    assert alone.curve.spread is not None and beside.curve.spread is not None and other.curve.spread is not None
    assert np.array_equal(alone.curve.spread.highest, beside.curve.spread.highest)
    assert not np.array_equal(alone.curve.spread.highest, other.curve.spread.highest)


def test_the_machine_of_a_case_is_taken_from_the_case() -> None:
    crrt = {"what": "CRRT", "start": "2026-11-22T01:00:00+01:00", "end": "2026-11-22T18:00:00+01:00"}
    plain = forecast(adult(support=[crrt]), "0.5 mcg/kg/min", models=[label()], seed=1)
    assert any(
        says.startswith("A machine replaces the kidneys") and "Enter what it clears of the drug" in says
        for says in plain.says
    )
    case = adult(support=[{**crrt, "clearance": "1.2 L/h"}])
    found = forecast(case, "0.5 mcg/kg/min", models=[label()], kidney=kidney(case), seed=1)
    assert found.says == ()
    item = found.models[0]
    assert item.curve is not None
    at_10 = RATE / (CL + 1.2) * (1 - math.exp(-(CL + 1.2) / V * 10))
    at_24 = RATE / CL + (at_10 - RATE / CL) * math.exp(-CL / V * 14)
    assert item.curve.typical_ng_per_ml[[40, -1]] == pytest.approx([at_10, at_24], rel=1e-12)


def test_beside_a_machine_the_own_kidneys_are_supposed_to_clear_nothing_and_a_blind_model_is_refused() -> None:
    creatinine = [{"what": "serum creatinine", "value": "1 mg/dL", "at": "2026-11-22T06:00:00+01:00"}]
    crrt = [{"what": "CRRT", "start": "2026-11-22T01:00:00+01:00", "clearance": "1.2 L/h"}]
    case = adult(support=crrt, measurements=creatinine)
    found = forecast(case, "0.5 mcg/kg/min", seed=1)
    assert found.says[0].startswith("Beside the machine no creatinine tells")
    item = found.of("milrinone/label_adult")
    assert item.steady is not None and item.curve is not None
    assert item.steady.typical == pytest.approx(RATE / (0.17 * CL + 1.2), rel=1e-12)
    drawn = [model.model for model in found.models if model.curve is not None]
    assert drawn == ["milrinone/label_adult", "milrinone/label_adult_bolus"]
    assumed = forecast(case, "0.5 mcg/kg/min", kidney=kidney(case, "80"), seed=1)
    blind = assumed.of("milrinone/prielipp_1996")
    assert blind.curve is None
    assert "cannot say what the body clears beside the machine" in blind.refused


def after_crrt(**more: str) -> Case:
    """Return a case whose CRRT of 39 h ended an hour ago, under an infusion of 30 h."""
    creatinine = [{"what": "serum creatinine", "value": "1.1 mg/dL", "at": "2026-11-22T06:00:00+01:00"}]
    crrt = {"what": "CRRT", "start": "2026-11-20T16:00:00+01:00", "end": "2026-11-22T07:00:00+01:00", **more}
    return adult(support=[crrt], measurements=creatinine, administrations=[given(30, rate="0.5 mcg/kg/min")])


def test_so_soon_after_a_machine_no_model_takes_its_creatinine_for_the_kidneys() -> None:
    found = forecast(after_crrt(), None, seed=1)
    assert found.first is None
    assert found.says[0].startswith("A machine replaced the kidneys until lately")
    assert not any(item.answers for item in found.models)
    assert all("until lately" in item.refused for item in found.models)


def test_after_a_machine_of_entered_clearance_the_own_kidneys_are_supposed_to_clear_nothing_yet() -> None:
    case = after_crrt(clearance="1.2 L/h")
    found = forecast(case, None, seed=1)
    assert found.says[0].startswith("A machine replaced the kidneys until lately, and no creatinine tells yet")
    item = found.of("milrinone/label_adult")
    assert item.now is not None and item.steady is not None
    with_it, alone = 0.17 * CL + 1.2, 0.17 * CL
    at_the_end = RATE / with_it * -math.expm1(-with_it / V * 29)
    now = RATE / alone + (at_the_end - RATE / alone) * math.exp(-alone / V)
    assert item.now.typical == pytest.approx(now, rel=1e-12)
    assert item.steady.typical == pytest.approx(RATE / alone, rel=1e-12)
    assert [one.model for one in found.models if one.curve is not None] == [
        "milrinone/label_adult",
        "milrinone/label_adult_bolus",
    ]
    assert "cannot say what the body clears beside the machine" in found.of("milrinone/prielipp_1996").refused


def test_a_supposed_kidney_function_answers_after_a_machine_and_now_is_said_to_be_uncertain() -> None:
    case = after_crrt()
    found = forecast(case, None, kidney=kidney(case, "80"), seed=1)
    (says,) = found.says
    assert says.startswith("CRRT ran until 2026-11-22 07:00") and "the level now is uncertain" in says
    item = found.of("milrinone/label_adult")
    assert item.now is not None
    assert item.now.typical == pytest.approx(STEADY * -math.expm1(-K * 30), rel=1e-12)


def test_to_a_model_of_patients_on_a_machine_its_clearance_is_not_added_once_more() -> None:
    crrt = [{"what": "CRRT", "start": "2026-11-22T01:00:00+01:00", "clearance": "1.2 L/h"}]
    case, made = adult(support=crrt), label()
    limit = Within(REPLACEMENT, None, None, None, None, ("present",), Standing.REFUSAL, "On CRRT.")
    covariate = Covariate(REPLACEMENT, "", ("present", "absent", "unknown"), OverTime.LAST_CARRIED_FORWARD, "")
    own = replace(
        made,
        studied=replace(made.studied, limits=(*made.studied.limits, limit)),
        covariates={**made.covariates, REPLACEMENT: covariate},
    )
    item = forecast(case, "0.5 mcg/kg/min", models=[own], kidney=kidney(case), seed=1).models[0]
    assert item.steady is not None and item.steady.typical == pytest.approx(STEADY, rel=1e-12)
    assert any("not added once more" in says for says in item.says)
    on_none = adult()
    refused = forecast(on_none, "0.5 mcg/kg/min", models=[own], kidney=kidney(on_none), seed=1).models[0]
    assert not refused.answers and "On CRRT." in refused.refused
