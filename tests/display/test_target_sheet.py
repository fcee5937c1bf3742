"""The sheet of a search for a dose: the answer first, whatever it is, and nothing that is withheld is left out."""

from __future__ import annotations

import pytest

from inotrope.display import to_html
from inotrope.display.target_sheet import target_sheet
from inotrope.display.terminal import to_text
from inotrope.plan.target.record import Target, TargetStatus
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import level
from tests.plan.target.bedside_targets import RISING, case, shipped_case, target
from tests.plan.target.test_courses import high
from tests.plan.target.test_renal_line import weak


def words(found: Target, *, brief: bool = True) -> str:
    return " ".join(to_text(target_sheet(found, brief=brief)).split())


def head(found: Target) -> str:
    """Return what stands before the first section."""
    return words(found).partition("-- ")[0].partition("== The")[0]


def test_a_high_level_that_falls_slowly_says_what_to_do_before_anything_else() -> None:
    found = target(high("560 ng/mL"), only=("label_adult", "label_adult_bolus"), hours=None)
    assert found.pause is not None and found.pause.after is not None
    text = head(found)
    assert "[!] NONE IS SAFE Ask the prescriber to pause the infusion" in text
    assert f"no longer above 300 ng/mL after {found.pause.after.shown(1)}" in text
    assert f"Measure a level in {found.pause.measure_after.shown(1)}, at 2026-11-22" in text and "search again" in text
    assert "THE PLAN WARNS Level above the range that was studied" in text


def test_where_nothing_runs_nothing_is_begun() -> None:
    ended = [given(30, rate="0.75 mcg/kg/min") | {"end": "2026-11-22T06:30:00+00:00"}]
    found = target(case(administrations=ended), wanted="20-60 ng/mL", penalty=20)
    assert found.status is TargetStatus.NONE_SAFE and found.pause is not None
    assert "Give nothing for now" in head(found)


def test_a_pause_that_is_not_enough_says_so() -> None:
    found = target(high("1100 ng/mL"), only=("label_adult", "label_adult_bolus"))
    assert found.pause is not None
    text = head(found)
    assert "stays above the range for 24 h in most draws" in text or "later than 24 h" in text


def test_above_the_line_is_told_loudly_with_the_best_within_it() -> None:
    found = target(weak(level("60 ng/mL")))
    text = words(found)
    assert (
        "This lies [!] above the label's renal line, 0.3" in text and "on the measured and fitted level alone" in text
    )
    assert "Within it" in text and "By the clock" in text
    assert "renal line" not in words(target(weak(level("180 ng/mL")))).partition("What is searched")[0]


def test_what_is_withheld_shows_no_setting_of_a_pump_and_what_runs_as_no_proposal() -> None:
    found = target(case(level("260 ng/mL"), creatinine=("1.0 mg/dL", "1.6 mg/dL", "5.5 mg/dL")))
    text = words(found)
    assert "[-] REFUSED No rate is searched" in text and "as it runs now" in text and "paused from now on" in text
    assert "no proposal: what withholds a rate stands" in text and "mL/h" not in text
    assert "What becomes of what runs" not in words(target(shipped_case("low-pressure")))


def test_a_rate_after_a_load_is_told_with_the_load_and_a_pause_with_what_comes_first() -> None:
    loaded = target(shipped_case("sound-adult"))
    assert loaded.named is not None and loaded.named.candidate.load
    text = words(loaded)
    assert (
        "[+] START Ask the prescriber for the load, then " in text
        and "08:00 the load, as the plan draws it up; 08:10 " in text
    )
    paused = words(target(shipped_case("measured-level"), only=("label_adult", "label_adult_bolus")))
    assert (
        "[!] PAUSE Ask the prescriber to pause the infusion for " in paused
        and ", then to run " in paused
        and "measure a level before it runs again" in paused
    )


def test_without_a_bag_the_rate_stands_alone_and_questions_that_could_stop_it_are_counted() -> None:
    bare = target(shipped_case("sound-adult", preparation=None))
    assert bare.named is not None and f"({bare.named.candidate.rate}" not in head(bare)
    assert "INCOMPLETE:" in head(target(shipped_case("almost-nothing-known")))


def test_none_reaches_says_what_holds_it_down() -> None:
    text = head(target(case(), wanted="20-30 mg/L"))
    assert "NONE REACHES THE RANGE" in text and "At most 0.7476 mcg/kg/min may be searched" in text


@pytest.mark.parametrize("moving", [False, True])
def test_a_brief_sheet_names_where_the_rest_stands_and_a_page_holds_it(moving: bool) -> None:
    found = target(
        case(level("260 ng/mL"), creatinine=RISING if moving else ("1.2 mg/dL",) * 3),
        hours=None,
        only=("label_adult", "after_surgery_1998"),
    )
    brief, full = (to_text(target_sheet(found, brief=which)) for which in (True, False))
    assert len(brief.splitlines()) < len(full.splitlines()) and "Left out here" in brief and "Left out here" not in full
    assert full.count("\n  1 h, ") == 1 and "23 h, " in full
    assert "made in other patients" in full or "does not hold" in full
    assert "<svg" in to_html(target_sheet(found))
    assert ("Clearance now" in brief and "another number than the kidney function" in " ".join(brief.split())) is moving
