"""What becomes of what runs, a pause, a level that is wanted at once, and what a refused patient still sees."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from inotrope.plan.fitting.of_model import Answer
from inotrope.plan.target.ahead.courses import AS_IT_RUNS, PAUSED, Watched, pause_of
from inotrope.plan.target.asking import read_hours, read_range, wanted_of
from inotrope.plan.target.counting import averaged_of
from inotrope.plan.target.curves import Draws, Part
from inotrope.plan.target.record import TargetStatus
from inotrope.population import Flow
from tests.forecast.persons import NOW, given
from tests.plan.fitting.bedside_levels import level, shipped
from tests.plan.target.bedside_targets import RISING, case, fit_models, models, outcome, shipped_case, target


def high(value: str, **more: Any) -> Any:
    document = shipped("measured-level")
    for item in document["measurements"]:
        if item["what"] == "concentration":
            item["value"] = value
    return shipped_case("measured-level", **(document | more))


def test_what_runs_and_a_pause_of_it_stand_beside_what_is_named() -> None:
    (one,) = target(case(level("260 ng/mL"))).searches
    runs, paused = one.courses
    assert (runs.course, paused.course) == (AS_IT_RUNS, PAUSED)
    assert runs.rate.value == Decimal("0.375") and paused.rate.value == 0
    for course in one.courses:
        total = course.below.value + course.inside.value + course.above.value
        assert float(total) == pytest.approx(100, abs=0.2)
    assert runs.now == paused.now and paused.at_the_end.median < runs.at_the_end.median
    bare = next(item for item in one.candidates if not item.rate.value)
    assert (bare.below, bare.inside, bare.above) == (paused.below, paused.inside, paused.above)
    assert not target(case(administrations=[])).searches[0].courses


def draws_of_one(*clearances: float) -> tuple[Draws, Part]:
    """Return patients of one compartment of 50 L by the label's model, with clearances of their own, L/h."""
    seen = outcome(case())
    answer = fit_models(seen.case, seen.drug, models("label_adult"), draws=len(clearances), seed=0).fits[
        "milrinone/label_adult"
    ][2]
    assert isinstance(answer, Answer)
    person = answer.person
    now = {name: float(np.ravel(value)[0]) for name, value in person.typical.items()}
    etas = np.zeros((len(clearances), len(person.names)))
    etas[:, person.names.index("clearance")] = [math.log(one / now["clearance"]) for one in clearances]
    part = Part(person.with_etas(etas), answer.error, (Flow(-20.0, 0.0, 4000.0),), 70.0)
    return Draws((part,)), part


def watched(hours: str | None = None) -> Watched:
    wanted = wanted_of(read_range("100-300 ng/mL", ()), None, read_hours(hours))
    return Watched(wanted, (Flow(-20.0, 0.0, 4000.0),), None, "", None, read_hours(hours), 0.0, NOW, 0)


def test_how_long_a_pause_takes_by_hand() -> None:
    """4,000 mcg/h for 20 h at 8 L/h come to 500 (1 - exp(-20 k)) ng/mL with k = CL / V.

    Of that 300 is left ln(that / 300) / k later.
    """
    draws, part = draws_of_one(*[8.0] * 100)
    volume = float(np.ravel(part.person.typical["volume"])[0])
    k = 8 / volume
    by_hand = math.log(500 * -math.expm1(-20 * k) / 300) / k
    found = pause_of(draws, watched())
    assert found is not None and found.after is not None and found.comes_down.value == 100
    assert by_hand <= float(found.after.value) <= by_hand + 0.25 + 0.01  # the next quarter of an hour
    assert found.after == found.ninety_from == found.ninety_to
    assert float(found.measure_after.value) == math.ceil(by_hand) and (found.measure_at - NOW).seconds % 3600 == 0


def test_a_level_that_does_not_come_down_within_the_day_is_measured_in_the_middle_of_it() -> None:
    draws, _ = draws_of_one(*[0.5] * 60, *[8.0] * 40)
    found = pause_of(draws, watched())
    assert found is not None and found.after is None and found.ninety_to is None and found.ninety_from is not None
    assert found.comes_down.value == 40 and found.measure_after.value == 12
    last = pause_of(draws, watched("2 h, 6 h"))
    assert last is not None and last.measure_after.value == 6  # the last that the ward can do


def test_where_the_level_is_not_above_the_range_there_is_nothing_to_pause_for() -> None:
    draws, _ = draws_of_one(*[20.0] * 10)
    assert pause_of(draws, watched()) is None


def test_a_high_level_that_falls_slowly_ends_as_what_to_do() -> None:
    found = target(high("560 ng/mL"), only=("label_adult", "label_adult_bolus"), hours=None)
    assert found.status is TargetStatus.NONE_SAFE and found.exit_code == 0 and found.named is None
    assert found.pause is not None and found.pause.after is not None
    assert found.pause.measure_after >= found.pause.after and found.pause == found.searches[0].pause
    assert found.searches[0].says[0].startswith("None is safe") and len(found.searches[0].says) == 1


def test_by_models_side_by_side_the_slowest_pause_counts_and_too_little_known_is_no_pause() -> None:
    runs = [given(40, rate="0.7 mcg/kg/min")]
    both = target(case(administrations=runs), wanted="20-60 ng/mL", penalty=20, only=("label_adult", "prielipp_1996"))
    assert both.status is TargetStatus.NONE_SAFE and both.pause is not None
    slowest = max(item.pause.measure_after for item in both.searches if item.pause is not None)
    assert both.pause.measure_after == slowest
    bare = target(case(administrations=[]), wanted="100-105 ng/mL", penalty=100)
    assert bare.pause is None and "no reason to pause" in bare.searches[0].says[1]


def test_a_pause_comes_before_a_rate_where_the_level_is_above_the_range() -> None:
    found = target(shipped_case("measured-level"), only=("label_adult", "label_adult_bolus"))
    (one,) = found.searches
    pauses = {item.pause.value for item in one.candidates}
    assert pauses == {0, 1, 2, 3, 4, 6, 8, 12} and found.named is not None
    first, *rest = found.named.steps
    assert first.rate.value == 0 and first.pump_rate is None and found.named.candidate.pause == rest[0].after
    assert len({item.candidate.pause for item in one.best}) == 3  # one of each way
    assert {item.pause.value for item in target(case(level("260 ng/mL"))).searches[0].candidates} == {0}


def test_an_old_high_level_that_still_forbids_a_step_is_measured_anew_at_once() -> None:
    """335 ng/mL nine hours ago at 0.6 mcg/kg/min; 0.3 has run since."""
    fell = [given(40, rate="0.6 mcg/kg/min"), given(9, rate="0.2 mcg/kg/min")]
    found = target(case(level("335 ng/mL", -9.0), administrations=fell))
    assert found.measure_now.startswith("Measure a level now: that of 2026-11-21 23:00")
    assert not target(case(level("335 ng/mL"), administrations=[given(40, rate="0.6 mcg/kg/min")])).measure_now
    assert not target(case(level("260 ng/mL"))).measure_now


def test_a_refused_patient_with_fitted_levels_sees_what_becomes_of_what_runs() -> None:
    failing = ("1.0 mg/dL", "1.6 mg/dL", "5.5 mg/dL")
    of = case(level("260 ng/mL"), creatinine=failing)
    found = target(of)
    assert found.status is TargetStatus.REFUSED and found.refusals and not found.searches and found.named is None
    assert [course.course for course in found.courses] == [AS_IT_RUNS, PAUSED]
    assert not target(case(creatinine=failing)).courses  # no level: models disagree, and nothing is told


def test_kidneys_that_move_and_their_ways_keep_the_way_of_what_is_named() -> None:
    (one,) = target(case(level("330 ng/mL"), creatinine=RISING)).searches
    assert one.named is not None and len(one.ahead) == 3
    unchanged = next(way for way in one.ahead if way.kidneys == "unchanged")
    assert abs(unchanged.inside.value - one.named.candidate.inside.value) < 5


def test_a_model_that_knows_no_kidney_goes_on_beside_one_that_does() -> None:
    mild = ("0.6 mg/dL", "0.75 mg/dL", "1.0 mg/dL")
    found = target(case(level("200 ng/mL"), creatinine=mild), only=("label_adult", "prielipp_1996"))
    (one,) = found.searches
    assert len(one.models) == 2 and len(one.ahead) == 3


def test_a_model_that_counts_for_no_draw_is_left_out() -> None:
    seen = outcome(case(level("260 ng/mL")))
    fitted = fit_models(seen.case, seen.drug, models("label_adult", "prielipp_1996"), draws=500, seed=0)
    assert len(averaged_of(fitted, 0)) == 2
    counts = {"milrinone/label_adult": 500, "milrinone/prielipp_1996": 0}
    uneven = {name: replace(item, draws=counts[name]) for name, item in fitted.weighed.models.items()}
    few = averaged_of(replace(fitted, weighed=replace(fitted.weighed, models=uneven)), 0)
    assert [item.named.partition(",")[0] for item in few] == ["milrinone/label_adult"]


def test_few_draws_of_several_models_keep_their_shares() -> None:
    draws, part = draws_of_one(*[8.0] * 90)
    both = Draws((part, replace(part, person=part.person.first(30))))
    few, kept = both.few(40)
    assert both.count == 120 and [len(one.person.etas) for one in few.parts] == [30, 10]
    assert list(kept[:30]) == list(range(30)) and list(kept[30:]) == list(range(90, 100))
    assert both.few(1000)[0].count == 120 and draws.count == 90
    levels = both.levels(part.past, np.array([0.0]))
    assert np.allclose(both.error_sd(levels), part.error.sd(levels))
