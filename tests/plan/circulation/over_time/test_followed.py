"""A reading that a course does not follow is named, and what was read now weighs more than what the model expects."""

from __future__ import annotations

from inotrope.plan.circulation.course_record import CirculationCourse

from .beds import BEFORE, MAP, ON, OUTPUT, RATE, RUNS, bed, course, reading, shipped_course


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
