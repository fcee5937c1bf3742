"""Before and during stand on readings that show the patient of now, by the rules that a course has for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope import predict_circulation, read_case
from inotrope.plan.circulation import making
from inotrope.plan.circulation.loops import WITHOUT
from inotrope.plan.circulation.members import members_of
from inotrope.plan.circulation.patients import answers_of
from inotrope.plan.circulation.record import CirculationForecast, CirculationStatus

from ...circulation.patients import failing, milrinone
from .whom import BEDSIDE, written

FLUID = {"of": "sodium chloride 0.9 %", "dose": "500 mL"}
PRESSURE = "mean arterial pressure"


@pytest.fixture(autouse=True)
def _no_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "loops_of", lambda *_: WITHOUT)


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day}T{clock}:00+01:00"


def predicted(
    changed: dict[str, str | None] | None = None, moved: dict[str, str] | None = None, **keys: Any
) -> CirculationForecast:
    """Return the patient of the tests, some of whose readings were taken at another time."""
    table = written(changed)
    for item in table["measurements"]:
        if item["what"] in (moved or {}):
            item["at"] = (moved or {})[item["what"]]
    typical = keys.pop("typical", None)
    return predict_circulation(read_case({**table, **keys}), typical=typical)


def test_a_reading_that_is_too_old_does_not_count_and_is_asked_for_again() -> None:
    """response.toml: four hours before the drug, or before now; an ejection fraction holds for a week."""
    assert predicted(moved={PRESSURE: at("04:00")}).status is CirculationStatus.PREDICTED
    assert predicted(moved={"left ventricular ejection fraction": at("08:00", 15)}).moments
    found = predicted(moved={PRESSURE: at("03:59")})
    assert found.status is CirculationStatus.REFUSED and [item.name for item in found.missing] == [PRESSURE]
    assert "mean arterial pressure of 2026-11-22 03:59: read more than 4 h before now." in found.refusals[0].says
    runs = [{"of": "milrinone", "start": at("07:50"), "rate": "0.375 mcg/kg/min"}]
    begun = predicted(moved={PRESSURE: at("03:49")}, administrations=runs)
    assert "03:49: read more than 4 h before the drug." in begun.refusals[0].says
    stands_in = predicted(moved={PRESSURE: at("03:59")}, typical="decompensated_heart_failure")
    assert [item.what for item in stands_in.readings if item.assumed] == [PRESSURE]
    assert any(text.startswith("Left out: mean arterial pressure of 2026-11-22 03:59") for text in stands_in.says)


def test_an_output_of_a_stroke_volume_needs_the_heart_rate_of_its_time() -> None:
    """response.toml: readings that lie within half an hour are of one time."""
    stroke = {"cardiac output": None, "stroke volume": "45 mL"}
    assert predicted(stroke, {"stroke volume": at("07:10")}).moments
    for told in (
        predicted(stroke, {"stroke volume": at("07:09")}),
        predicted({**stroke, "heart rate": None}),
    ):
        assert "cardiac output" in [item.name for item in told.missing]


@pytest.mark.parametrize(
    "entry",
    [
        {"of": "norepinephrine", "start": at("07:50"), "rate": "0.1 mcg/kg/min"},
        {"of": "dobutamine", "start": at("07:50"), "rate": "5 mcg/kg/min"},
        {**FLUID, "start": at("07:45"), "end": at("07:55")},
    ],
)
def test_what_changed_since_the_readings_makes_them_those_of_another_time(entry: dict[str, str]) -> None:
    found = predicted(administrations=[entry])
    assert found.status is CirculationStatus.REFUSED and found.exit_code == 4 and not found.moments
    (refusal,) = found.refusals
    assert refusal.id == "bedside-changed" and entry["of"] in refusal.says and "07:40" in refusal.says
    assert found.readings  # what was read stands there all the same


def test_what_changed_between_the_readings_likewise() -> None:
    fluid = [{**FLUID, "start": at("06:30"), "end": at("07:00")}]
    assert predicted(administrations=fluid).moments  # before all of them
    found = predicted(moved={"central venous pressure": at("06:00")}, administrations=fluid)
    assert found.refusals[0].id == "bedside-changed" and "between 2026-11-22 06:00" in found.refusals[0].says


def test_nobody_can_tell_what_a_reading_is_of_where_nothing_says_what_was_given() -> None:
    table = {key: value for key, value in written().items() if key != "administrations"}
    (refusal,) = predict_circulation(read_case(table)).refusals
    assert refusal.id == "dose-history-incomplete" and "administrations" in refusal.needs
    nobody = {**written(dict.fromkeys(BEDSIDE)), "administrations": None}
    typical = predict_circulation(
        read_case({key: value for key, value in nobody.items() if value is not None}), typical="healthy_adult"
    )
    assert typical.moments  # without a reading there is nothing to tell


def test_patients_on_the_drug_miss_the_model_as_in_a_course() -> None:
    """response.toml: MAP by an SD of 5 mmHg, output by 7 %; as much of it as the level is of 163 ng/mL."""
    answers = answers_of(members_of(milrinone(), failing().bedside))
    assert answers is not None
    misses = answers.misses.sizes
    assert misses.shape == (8, 1000) and misses[2].std() == pytest.approx(5, rel=0.1)
    before, _ = answers.at(0.0)
    np.testing.assert_allclose(before.mean_arterial_mmhg, 82, atol=1e-9)
    model, _ = type(answers)(
        **{name: getattr(answers, name) for name in answers.__slots__}
        | {"misses": type(answers.misses)(0 * misses, answers.misses.full_ng_per_ml)}
    ).at(81.5)
    half, _ = answers.at(81.5)
    np.testing.assert_allclose(half.mean_arterial_mmhg - model.mean_arterial_mmhg, misses[2] / 2, atol=1e-9)
    np.testing.assert_allclose(
        half.cardiac_output_l_per_min / model.cardiac_output_l_per_min, np.exp(misses[1] / 2), rtol=1e-9
    )
    said = predicted().says
    assert any("misses the model too: MAP by an SD of 5 mmHg, output by 7 %" in text for text in said)
    assert not any("misses the model too" in text for text in predicted(typical="healthy_adult").says)
