"""What speaks against the model in a patient is told with his numbers; whoever is of the kind is told nothing."""

from __future__ import annotations

import pytest

from inotrope import predict_circulation
from inotrope.display import to_text
from inotrope.display.circulation_sheet import circulation_sheet
from inotrope.estimation.response import bedside_of_case
from inotrope.patient import Case
from inotrope.plan.circulation.doubts import doubts_before
from inotrope.plan.circulation.record import CirculationForecast
from tests.estimation.response.bedsides import shipped

from .over_time.beds import (
    CVP,
    FRACTIONS,
    MAP,
    ON,
    OUTPUT,
    PULMONARY,
    RATE,
    READ,
    RUNS,
    WEDGE,
    bed,
    course,
    reading,
    shipped_course,
)

LEFT, RIGHT = FRACTIONS


def as_read(**changed: str) -> Case:
    numbers = {MAP: "78 mmHg", RATE: "92 /min", OUTPUT: "3.9 L/min"} | changed
    return bed(*(reading(what, value) for what, value in numbers.items()))


def doubts_of(case: Case) -> tuple[str, ...]:
    file = shipped()
    return doubts_before(file, bedside_of_case(case, file.readings), 2.0136)


def text_of(found: CirculationForecast) -> str:
    return to_text(circulation_sheet(found))


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


SOUND = {RATE: "68 /min", OUTPUT: "5.4 L/min", MAP: "90 mmHg", CVP: "4 mmHg", WEDGE: "8 mmHg", LEFT: "62 %"}


def test_a_sound_heart_is_named_with_its_numbers() -> None:
    """5.4 L/min over 2.01 m2 is an index of 2.69."""
    found = course(as_read(**SOUND))
    sound, rare = found.unlike
    assert sound.startswith("Cardiac index 2.68 L/min/m2, pulmonary capillary wedge pressure 8 mmHg, central venous")
    assert "sound heart" in sound and "recalled" in sound and "blunted reflex" in sound
    for number in ("wedge pressure 8 mmHg, low", "ejection fraction 62 %, high"):
        assert number in rare
    assert "unlike the patients of the model" in found.headline


@pytest.mark.parametrize("one", [{OUTPUT: "4.9 L/min"}, {WEDGE: "13 mmHg"}, {CVP: "7 mmHg"}, {LEFT: "51 %"}])
def test_one_number_of_a_failing_heart_and_it_is_not_called_sound(one: dict[str, str]) -> None:
    """Just beyond each limit: 4.9 over 2.01 m2 is an index of 2.44."""
    assert not any("sound heart" in says for says in doubts_of(as_read(**(SOUND | one))))
    limits = {OUTPUT: "5.1 L/min", WEDGE: "12 mmHg", CVP: "6 mmHg", LEFT: "52 %"}
    assert any("sound heart" in says for says in doubts_of(as_read(**(SOUND | limits))))


def test_an_index_alone_makes_no_heart_sound() -> None:
    assert doubts_of(as_read(**{OUTPUT: "5.4 L/min"})) == ()
    assert doubts_of(bed(reading(MAP, "80 mmHg"), reading(RATE, "90 /min"))) == ()
    (says,) = doubts_of(as_read(**{OUTPUT: "5.4 L/min", WEDGE: "12 mmHg"}))[:1]
    assert says.startswith("Cardiac index 2.68 L/min/m2, pulmonary capillary wedge pressure 12 mmHg: the readings")


@pytest.mark.hazard("taken-for-authority")
@pytest.mark.parametrize(("venous", "wedge", "told"), [(22, 10, True), (15, 15, True), (14, 15, False)])
def test_a_failing_right_heart_shows_in_the_filling_pressures(venous: int, wedge: int, *, told: bool) -> None:
    found = doubts_of(as_read(**{CVP: f"{venous} mmHg", WEDGE: f"{wedge} mmHg"}))
    says = [text for text in found if text.startswith(f"CVP {venous} mmHg is not below PCWP {wedge} mmHg (as a sign")]
    assert bool(says) is told
    if told:
        assert "judgement" in says[0] and "'predominant right heart failure'" in says[0]


def test_a_failing_right_heart_is_seen_on_the_drug_too() -> None:
    pressures = (reading(CVP, "18 mmHg", "07:50"), reading(WEDGE, "14 mmHg", "07:50"))
    found = course(bed(*ON, *pressures, administrations=[RUNS]))
    assert found.unlike[0].startswith("CVP 18 mmHg is not below PCWP 14 mmHg on the drug")
    assert "unlike the patients of the model" in found.headline


def test_before_and_during_tells_the_same() -> None:
    right = {CVP: "22 mmHg", WEDGE: "10 mmHg", PULMONARY: "30 mmHg", LEFT: "22 %", RIGHT: "30 %"}
    found = predict_circulation(as_read(**right))
    assert [text.split(" (")[0] for text in found.warnings][:1] == ["CVP 22 mmHg is not below PCWP 10 mmHg"]
    sheet = text_of(found)
    assert "[!] WARN  The model and this patient" in sheet
    whole = predict_circulation(bed())
    assert whole.warnings == () and "The model and this patient" not in text_of(whole)
    assert predict_circulation(bed(without=READ), typical="decompensated_heart_failure").warnings == ()


def test_a_medicine_that_is_not_in_the_model_is_named_beside_it() -> None:
    runs = {"of": "epinephrine", "start": "2026-11-22T02:00:00+01:00", "rate": "0.05 mcg/kg/min"}
    found = course(bed(administrations=[runs]))
    assert found.unlike[0].startswith("Not in the model: epinephrine.") and "unlike" not in found.headline
    assert predict_circulation(bed(administrations=[runs])).warnings == found.unlike


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
