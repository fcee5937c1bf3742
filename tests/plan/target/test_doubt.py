"""Levels that can be fitted and are no ground for a dose: implausibly low, contradicting, or too early to tell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.plan.target.allowing.allowed import RESUMED
from inotrope.plan.target.record import TargetStatus
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import level
from tests.plan.target.bedside_targets import case, target
from tests.plan.target.test_renal_line import passed, weak

ADULTS = ("label_adult", "prielipp_1996")


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_a_level_that_the_label_cannot_explain_raises_nothing_by_another_model() -> None:
    """After 20 h at 0.375 the label's patients have about 190 ng/mL: 16 is a leak, a wrong sample or a slip."""
    found = target(case(level("16 ng/mL"), administrations=[given(20, rate="0.375 mcg/kg/min")]), only=ADULTS)
    assert found.status is TargetStatus.REFUSED and found.named is None and found.fitted
    assert [item.id for item in found.refusals] == ["level-doubted", "level-implausible"]
    assert "16 ng/mL at 2026-11-22 07:00 is far lower than label_adult" in found.refusals[0].says
    assert "whether the pump runs" in found.refusals[0].says


def test_a_level_that_is_too_high_for_one_model_is_searched_by_the_others() -> None:
    found = target(case(level("900 ng/mL"), administrations=[given(20, rate="0.375 mcg/kg/min")]), only=ADULTS)
    assert "level-doubted" not in [item.id for item in found.refusals] and found.searches


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_levels_that_no_patient_can_have_together_are_searched_by_nobody() -> None:
    running = [given(20, rate="0.375 mcg/kg/min")]
    found = target(case(level("80 ng/mL", -1.5), level("600 ng/mL"), administrations=running))
    assert found.status is TargetStatus.REFUSED and [item.id for item in found.refusals] == ["levels-contradict"]
    assert "80 ng/mL at 2026-11-22 06:30 and 600 ng/mL at 2026-11-22 07:00" in found.refusals[0].says
    assert target(case(level("180 ng/mL", -1.5), level("230 ng/mL"), administrations=running)).searches


def test_a_level_below_a_limit_contradicts_what_lies_far_above_it() -> None:
    """500 and, 4 h later, below 50: the draws lie at 400, and a pause would be named. 200 and below 100 may both be."""
    found = target(case(level("500 ng/mL", -5.0), level("<50 ng/mL")))
    assert found.status is TargetStatus.REFUSED and [item.id for item in found.refusals] == ["levels-contradict"]
    assert target(case(level("200 ng/mL", -5.0), level("<100 ng/mL"))).searches
    assert target(case(level("60 ng/mL", -5.0), level("<300 ng/mL"))).searches


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_a_level_lower_than_nearly_all_would_have_is_to_be_seen_twice_before_a_step_upward() -> None:
    """At 28 mL/min per 1.73 m2 and 0.3 the label's patients have about 250 ng/mL, 95 % of them above 100."""
    low = target(weak(level("60 ng/mL")))
    assert low.raises and "Measure a second level before any step upward: that of 60 ng/mL" in low.measure_now
    by_one = target(case(level("40 ng/mL"), administrations=[given(20, rate="0.375 mcg/kg/min")]), only=ADULTS)
    assert by_one.raises and "that of 40 ng/mL" in by_one.measure_now
    usual = target(weak(level("150 ng/mL")), wanted="180-300 ng/mL")
    assert usual.raises and usual.measure_now == ""
    assert target(weak(level("60 ng/mL")), wanted="20-100 ng/mL").measure_now == ""


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_what_was_stopped_is_resumed_at_no_more_than_it_ran_at_however_low_the_level() -> None:
    stopped = [given(36, rate="0.2 mcg/kg/min") | {"end": "2026-11-22T02:00:00+00:00"}]
    found = target(case(level("20 ng/mL"), administrations=stopped))
    assert found.allowed is not None and found.named is not None and found.paused
    assert found.allowed.highest.value <= Decimal("0.2") and found.allowed.because == RESUMED
    weakly = target(weak(level("20 ng/mL"), administrations=stopped))
    assert not weakly.searches or not passed(weakly)


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_a_level_soon_after_the_start_opens_no_line() -> None:
    """Half an hour after the start a level tells of the volume; what the kidneys clear nobody has seen yet."""
    early = target(weak(level("18 ng/mL", -0.1), administrations=[given(0.6, rate="0.3 mcg/kg/min")]))
    assert early.searches and not passed(early)
    assert passed(target(weak(level("60 ng/mL"))))


def test_a_model_made_in_other_patients_doubts_nothing() -> None:
    """By the model of the first hours after heart surgery 26 ng/mL is implausible too; nobody operated on this one."""
    found = target(case(level("26 ng/mL")), only=("after_surgery_1998", "prielipp_1996"))
    assert any(text.startswith("milrinone/after_surgery_1998: The level of 26") for text in found.left_out)
    assert found.searches and not found.refusals
