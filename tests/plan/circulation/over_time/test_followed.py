"""A reading that a course does not follow is named, and what was read now weighs more than what the model expects."""

from __future__ import annotations

import pytest

from inotrope import make_plan
from inotrope.display import to_text
from inotrope.display.plan_sheet import plan_sheet
from inotrope.patient import Case
from inotrope.plan.circulation.course_record import CirculationCourse

from .beds import BEFORE, CVP, MAP, ON, OUTPUT, RATE, RUNS, WEDGE, bed, course, reading, shipped_course

FULLER = "No chance of a MAP below a limit is told"


def against(found: CirculationCourse) -> list[str]:
    return [line for line in found.unlike if "does not follow it" in line]


def test_a_pressure_just_read_below_the_limit_is_most_probably_below_it() -> None:
    low = course(bed(*BEFORE, reading(MAP, "58 mmHg", "07:50"), administrations=[RUNS]))
    assert low.below is not None and float(low.below.now.value) > 90  # as read ten minutes ago
    pressure = next(item for item in low.quantities if item.short == "MAP")
    assert pressure.curve.lowest.values[0] < 58 < pressure.curve.highest.values[0] < 66
    assert abs(float(pressure.before.median.value) - 78) < 3  # before the drug as it was read, by its error of 3 mmHg


def test_readings_that_a_course_follows_are_not_named() -> None:
    assert against(shipped_course()) == []
    assert any("misses the model too: MAP by an SD of 5 mmHg, output by 7 %" in line for line in shipped_course().says)


def test_an_output_that_fell_on_the_drug_is_named_by_its_moment() -> None:
    fell = (reading(RATE, "80 /min", "07:50"), reading(OUTPUT, "2.7 L/min", "07:50"), reading(MAP, "92 mmHg", "07:50"))
    found = course(bed(*BEFORE, *fell, reading("right ventricular ejection fraction", "30 %"), administrations=[RUNS]))
    assert any(
        line.startswith("The cardiac output of 2.7 L/min at 2026-11-22 07:50 lies below") for line in against(found)
    )
    assert against(course(bed(*BEFORE, *ON, administrations=[RUNS]))) == []


def on_the_drug(venous: str, wedge: str) -> Case:
    return bed(*ON, reading(CVP, venous, "07:50"), reading(WEDGE, wedge, "07:50"), administrations=[RUNS])


@pytest.mark.hazard("taken-for-authority")
def test_who_is_drawn_fuller_than_he_was_read_on_the_drug_is_told_no_chance() -> None:
    """A wedge pressure of 10 beside a CVP of 22 mmHg is drawn fuller by more than 2 mmHg, its error."""
    case = on_the_drug("22 mmHg", "10 mmHg")
    found = course(case)
    (says,) = (line for line in found.unlike if line.startswith(FULLER))
    assert "wedge pressure was read as 10 mmHg at 2026-11-22 07:50" in says and "errs (2 mmHg)" in says
    assert found.below is None and found.headline.startswith("MAP after 24 h: ")
    assert found.rates and all(item.below is None for item in found.rates)
    assert all(item.below is None for item in found.models)
    assert "MAP below" not in "".join(found.headline) and found.quantities  # the course itself stands
    assert FULLER in " ".join(to_text(plan_sheet(make_plan(case))).split())


def test_who_is_drawn_as_he_was_read_on_the_drug_is_told_his_chance() -> None:
    found = course(on_the_drug("3 mmHg", "8 mmHg"))
    assert found.below is not None and not any(line.startswith(FULLER) for line in found.unlike)
    plain = course(bed(*ON, administrations=[RUNS])).below
    assert plain is not None and found.below.ever.value > plain.ever.value  # the dry lose more pressure
