"""What an answer means for what runs stands on every answer: more, less, the same, paused, or not vouched for."""

from __future__ import annotations

from typing import Any

from inotrope.display.target_sheet import target_sheet
from inotrope.display.terminal import to_text
from inotrope.patient import Case
from inotrope.plan.fitting.saying import ALL_BEYOND
from inotrope.plan.target.allowing.allowed import HELD
from inotrope.plan.target.record import Target
from inotrope.plan.target.saying import KIDNEYS_GO_ON, KIDNEYS_UNKNOWN
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import level
from tests.plan.target.bedside_targets import case, shipped_case, target


def runs(rate: str, *levels: dict[str, str], **more: Any) -> Case:
    return case(*levels, administrations=[given(20, rate=f"{rate} mcg/kg/min")], **more)


def text_of(found: Target) -> str:
    return " ".join(to_text(target_sheet(found, brief=True)).split())


def test_a_step_upward_is_told_as_one_and_asks_for_a_level() -> None:
    found = target(runs("0.375", level("95 ng/mL")))
    assert (
        found.raises and "0.375 mcg/kg/min (7.9 mL/h of milrinone 200 mcg/mL). What is named is MORE" in found.runs_now
    )
    text = text_of(found)
    assert "[!] RUNS NOW 0.375" in text and "No level within 24 h" not in text
    assert "Measure a level before this change and after it." in text


def test_a_step_downward_is_no_order_and_what_runs_as_well_is_told() -> None:
    found = target(runs("0.375", level("290 ng/mL")))
    assert not found.raises and "What is named is less: no order to lower" in found.runs_now
    as_good = target(runs("0.375", level("170 ng/mL")))
    assert "What is named is what runs." in as_good.runs_now and as_good.named is not None
    lower = as_good.searches[0].alike_from
    assert lower < as_good.named.candidate.rate and f"by the level alone: {lower}" in text_of(as_good)


def test_where_something_asks_for_less_nothing_is_said_for_what_runs() -> None:
    found = target(runs("0.375", level("170 ng/mL"), conditions={"oliguria": "present"}))
    assert found.named is not None
    assert "reduce or stop it" in found.runs_now and found.runs_now.endswith("What is named is less.")


def test_what_runs_is_named_as_such_and_no_step_upward_is_the_reason_of_the_highest_rate() -> None:
    found = target(
        runs(
            "0.375",
            level("40 ng/mL"),
            conditions={"hypertrophic obstructive cardiomyopathy": "present"},
        ),
        overrides={"hypertrophic-obstruction": "the cardiologist asks for it"},
    )
    assert found.allowed is not None and found.allowed.because == HELD
    assert "Do not raise it" in found.runs_now


def test_an_infusion_that_was_stopped_is_resumed_by_nobody_alone() -> None:
    found = target(shipped_case("paused-infusion"))
    assert found.runs_now == "" and "It is not resumed by itself" in found.paused
    text = text_of(found)
    assert "[!] PAUSED Paused for" in text and "Give " not in text.partition("The answer ==")[2][:40]
    assert target(shipped_case("sound-adult")).paused == ""


def test_a_pause_is_asked_of_the_prescriber() -> None:
    found = target(shipped_case("measured-level"), only=("label_adult", "label_adult_bolus"))
    assert (
        "a pause and then less" in found.runs_now
        and "[!] PAUSE Ask the prescriber to pause the infusion for" in text_of(found)
    )


def test_under_a_stop_or_a_refusal_it_is_said_that_it_runs() -> None:
    stopped = target(
        runs("0.375", level("60 ng/mL"), conditions={"hypertrophic obstructive cardiomyopathy": "present"})
    )
    assert "A stop rule fires: stop it or review it now" in stopped.runs_now
    refused = target(runs("0.375", level("150 ng/mL"), creatinine=()))
    assert "No rate can be vouched for" in refused.runs_now


def test_courses_say_on_what_they_stand() -> None:
    found = target(runs("0.375", level("150 ng/mL"), creatinine=()), only=("prielipp_1996",))
    assert found.courses and "By prielipp_1996." in found.says and KIDNEYS_UNKNOWN in found.says
    assert KIDNEYS_UNKNOWN in text_of(found)
    far = target(runs("0.375", level("150 ng/mL"), creatinine=()), only=("after_surgery_1998",))
    assert far.courses and "By after_surgery_1998." in far.says and ALL_BEYOND in far.says
    moving = target(runs("0.375", level("260 ng/mL"), creatinine=("1.0 mg/dL", "1.6 mg/dL", "5.5 mg/dL")))
    assert moving.courses and KIDNEYS_GO_ON in moving.says


def test_levels_that_no_model_takes_are_not_called_fitted() -> None:
    found = target(runs("0.375", level("9000 ng/mL")))
    assert not found.fitted and "9000 ng/mL at 2026-11-22 07:00 +01:00, not fitted" in text_of(found)
    assert found.refusals[0].id == "level-doubted" and "measure a level again" in found.refusals[0].says
    child = target(shipped_case("child-after-surgery", administrations=[given(20, rate="0.5 mcg/kg/min")]))
    assert child.refusals[0].id == "no-model-holds" and "inotrope plan" in child.refusals[0].says
