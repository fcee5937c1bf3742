"""The head of a search: its first word says raise, lower or leave, in one voice, and nothing reads as an order."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.display.sheet import Rows
from inotrope.display.target_sheet import target_sheet
from inotrope.display.terminal import to_text
from inotrope.plan.target.record import Change, Target, TargetStatus
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import level
from tests.plan.target.bedside_targets import case, shipped_case, target
from tests.plan.target.test_renal_line import weak

LINES = 25
"""As many as a terminal shows at once."""


def running(rate: str, *levels: dict[str, str], only: tuple[str, ...] = ("label_adult",), **more: Any) -> Target:
    asked = {"overrides": more.pop("overrides", None)}
    return target(case(*levels, administrations=[given(20, rate=f"{rate} mcg/kg/min")], **more), only=only, **asked)


def screen(found: Target) -> str:
    """Return what stands before the first section, in one line."""
    text = to_text(target_sheet(found, brief=True))
    head = text.partition("\n== ")[0].partition("\n-- ")[0]
    assert len(head.splitlines()) <= LINES
    return " ".join(head.split())


def test_more_than_runs_is_asked_for_as_a_raise_with_its_first_step() -> None:
    low = running("0.375", level("40 ng/mL"))
    assert low.change is Change.RAISE and low.measure_now
    assert "[!] RAISE " in screen(low) and low.measure_now in screen(low)
    found = running("0.375", level("95 ng/mL"))
    assert found.change is Change.RAISE and found.named is not None and len(found.named.steps) > 1
    text = screen(found)
    assert "[+] RAISE Ask the prescriber to raise it to " in text and "[!] RUNS NOW 0.375 mcg/kg/min" in text
    assert "In steps: first " in text and ", no more before 08:30" in text


def test_less_than_runs_is_asked_for_and_what_is_as_good_is_left() -> None:
    less = running("0.375", level("260 ng/mL"))
    assert less.change is Change.LOWER and "[+] LOWER Ask the prescriber to lower it to " in screen(less)
    aside = {"hypertrophic-obstruction": "the cardiologist asks for it"}
    held = running(
        "0.375", level("80 ng/mL"), overrides=aside, conditions={"hypertrophic obstructive cardiomyopathy": "present"}
    )
    assert held.change is Change.LEAVE and "[!] LEAVE " in screen(held) and "Do not raise it" in screen(held)
    good = running("0.375", level("170 ng/mL"))
    assert good.change is Change.LEAVE
    assert "LEAVE Of what is allowed no rate is better by the score than what runs" in screen(good)
    assert "Lowest rate that is as good, by the level alone: " in screen(good)


def test_a_paused_infusion_gets_no_plain_rate_from_now_on() -> None:
    found = target(shipped_case("paused-infusion"))
    assert found.named is not None and found.change is Change.RESUME
    text = screen(found)
    assert "[!] ONLY IF RESUMED On the prescriber's word, and with no load: at most " in text
    assert "[!] PAUSED Paused for " in text and "[+]" not in text and "Measure a level before it runs again" in text


def test_a_finding_that_asks_to_reduce_is_the_answer_and_the_rate_stands_below_it() -> None:
    found = running("0.375", level("170 ng/mL"), conditions={"oliguria": "present"})
    assert found.named is not None and found.change is Change.REDUCE
    text = screen(found)
    assert "[!] REDUCE OR STOP Little urine: call the prescriber now. The rate below is for comparison" in text
    assert "reduce or stop it and call the physician" in text and "[+]" not in text
    assert "Of what is slower than it runs, by the level alone: " in text


def test_a_warning_of_the_plan_stands_there_with_what_it_asks_for() -> None:
    text = screen(target(shipped_case("measured-level")))
    assert "THE PLAN WARNS Level above the range that was studied. Ask the physician" in text


def test_models_of_other_patients_get_no_sign_of_a_plan() -> None:
    found = running("0.375", level("100 ng/mL"), only=("after_surgery_1998",))
    assert found.named is not None and found.extrapolates
    text = screen(found)
    assert "[+]" not in text and "Every model that answers was made in other patients than this one" in text


def test_no_worth_of_a_level_never_reads_as_no_level_needed() -> None:
    """Whatever the draws make of it, a level is due before a change and after it; the chance stands below."""
    found = running("0.375", level("95 ng/mL", -2))
    assert found.next_level is None
    text = screen(found)
    assert "Measure a level before this change and after it." in text and "chance" not in text
    below = " ".join(to_text(target_sheet(found)).split())
    assert "by more than chance would" in below and "The one before and after a change stays due." in below


def test_beside_a_setting_of_the_pump_stands_what_it_delivers() -> None:
    """1 mL/h of the bag is 200 / 60 / 70 mcg/kg/min: 10.5 mL/h of it are the 0.5 that may run first."""
    found = running("0.375", level("95 ng/mL"))
    assert found.named is not None
    for step in found.named.steps:
        assert step.pump_rate is not None and step.delivered_rate is not None
        assert float(step.delivered_rate.value) == pytest.approx(float(step.pump_rate.value) * 200 / 60 / 70, abs=5e-5)
        assert step.delivered_rate <= step.rate
    assert "first 10.5 mL/h (delivers 0.5 mcg/kg/min)" in screen(found)
    line = target(weak(level("95 ng/mL")))
    assert line.named is not None
    first = line.named.steps[0]
    assert first.delivered_rate is not None and first.delivered_rate < first.rate
    shown = f"{first.pump_rate} (delivers {first.delivered_rate.shown(4)})"
    assert f"08:00 {shown}" in " ".join(to_text(target_sheet(line)).split())


def test_what_lies_mostly_outside_the_range_has_no_sign_of_a_plan() -> None:
    text = screen(target(case(), wanted="200-240 ng/mL", penalty=0.5))
    assert "(EVEN SO MOSTLY OUT OF THE RANGE)" in text and "[+]" not in text.partition("RUNS NOW")[0]
    assert "MOSTLY OUT OF" not in screen(target(case()))
    reduced = running("0.3", level("80 ng/mL"), conditions={"oliguria": "present"})
    assert reduced.change is Change.REDUCE and reduced.status is TargetStatus.MOSTLY_OUTSIDE
    assert "[!] REDUCE OR STOP Little urine" in screen(reduced)


def test_a_rate_that_is_not_asked_for_is_not_loud_and_no_step_downward_waits_for_a_level() -> None:
    reduced = running("0.375", level("170 ng/mL"), conditions={"oliguria": "present"})
    left, less = running("0.375", level("170 ng/mL")), running("0.375", level("260 ng/mL"))
    for found, label in ((reduced, "To compare"), (left, "As good is"), (less, "To ask for")):
        answer = next(part for part in target_sheet(found).sections if part.title == "The answer")
        assert isinstance(answer.blocks[0], Rows)
        row = answer.blocks[0].rows[0]
        assert row.label == label and row.strong is (found is less)
    assert "No step downward waits for its result" in screen(less)
    assert "reduced or stopped waits for its result" in screen(reduced)


def test_that_time_above_the_range_hardly_counts_is_said_where_it_was_asked_for() -> None:
    lightly = target(case(level("170 ng/mL")), penalty=0.5)
    assert "Time above the range counts 0.5 times time in it, as asked for" in screen(lightly)
    assert "as asked for" not in screen(target(case(level("170 ng/mL"))))
