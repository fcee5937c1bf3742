"""A patient whom nothing was fitted to is told so with his numbers; whoever is of the kind is told nothing."""

from __future__ import annotations

import pytest

from inotrope.patient import Case

from .beds import CVP, FRACTIONS, MAP, ON, OUTPUT, PULMONARY, RATE, RUNS, WEDGE, bed, course, reading, shipped_course

LEFT, RIGHT = FRACTIONS


def as_read(**changed: str) -> Case:
    numbers = {MAP: "78 mmHg", RATE: "92 /min", OUTPUT: "3.9 L/min"} | changed
    return bed(*(reading(what, value) for what, value in numbers.items()))


def test_whoever_was_read_as_the_kind_is_told_nothing() -> None:
    assert shipped_course().unlike == ()
    assert course(as_read()).unlike == ()


@pytest.mark.hazard("taken-for-authority")
def test_a_dry_heart_is_drawn_as_dry_as_it_was_read_and_warned_of() -> None:
    dry = course(as_read(**{CVP: "3 mmHg", WEDGE: "8 mmHg", PULMONARY: "16 mmHg"}))
    (says,) = dry.unlike
    assert says.startswith("Central venous pressure 3 mmHg, low; pulmonary capillary wedge pressure 8 mmHg, low")
    assert "beyond 99 of 100" in says and "Nothing was fitted to such a patient" in says
    before = {item.short: float(item.before.median.value) for item in dry.quantities}
    assert before["CVP"] == pytest.approx(3, abs=0.2) and before["PCWP"] == pytest.approx(8, abs=0.2)
    assert dry.below is not None and shipped_course().below is not None
    assert dry.below.ever.value > shipped_course().below.ever.value + 10  # type: ignore[union-attr]
    assert "drawn as they were read" in dry.learned


def test_a_sound_heart_is_named_with_its_numbers() -> None:
    sound = {RATE: "68 /min", OUTPUT: "5.4 L/min", MAP: "90 mmHg", CVP: "4 mmHg", WEDGE: "8 mmHg"}
    (says,) = course(as_read(**sound, **{LEFT: "62 %", RIGHT: "55 %"})).unlike
    for number in ("wedge pressure 8 mmHg, low", "left ventricular ejection fraction 62 %, high"):
        assert number in says


def test_a_racing_heart_is_named() -> None:
    (says,) = course(as_read(**{RATE: "190 /min"})).unlike
    assert says.startswith("Heart rate 190 /min, high: beyond")


def test_on_the_drug_the_time_is_told_and_each_kind_once() -> None:
    fast = (reading(MAP, "70 mmHg", "05:50"), reading(RATE, "178 /min", "05:50"), reading(OUTPUT, "4.8 L/min", "05:50"))
    later = (ON[0], reading(RATE, "180 /min", "07:50"), ON[2])
    (says,) = course(bed(*fast, *later, administrations=[RUNS])).unlike[:1]
    assert says.startswith("Heart rate 178 /min on the drug at 2026-11-22 05:50, high: beyond") and "180" not in says


def test_a_ventricle_that_empties_itself_has_no_course() -> None:
    """16 mL a beat of 60 % leave 11 mL, of which V0 may be half: as little as a slope can be told from."""
    found = course(as_read(**{RATE: "150 /min", OUTPUT: "2.4 L/min", LEFT: "60 %"}))
    assert found.refusals[0].id == "no-heart-from-these-numbers"
