"""Before and during is told at levels that this patient comes to, and more than an entry gives is told as such."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope import predict_circulation, read_case
from inotrope.display import to_text
from inotrope.display.circulation_sheet import circulation_sheet
from inotrope.plan.circulation import making
from inotrope.plan.circulation.beyond_entry import above_the_line, beyond_entry
from inotrope.plan.circulation.loops import WITHOUT
from inotrope.plan.circulation.members import Members
from inotrope.plan.circulation.record import CirculationForecast, CirculationStatus

from .whom import CASES, case, written

TYPICAL = "decompensated_heart_failure"


@pytest.fixture(autouse=True)
def _no_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "loops_of", lambda *_: WITHOUT)


def levels(found: CirculationForecast) -> list[float]:
    return [float(item.level.value) for item in found.moments]


def creatinine(value: str | None, at: str = "2026-11-22T06:00:00+01:00", **keys: object) -> CirculationForecast:
    """Return the patient of the tests with another creatinine, or with none."""
    table: dict[str, Any] = written(**keys)
    table["measurements"] = [item for item in table["measurements"] if "creatinine" not in item["what"]]
    if value is not None:
        table["measurements"].append({"what": "serum creatinine", "value": value, "at": at})
    return predict_circulation(read_case(table))


@pytest.mark.hazard("taken-for-authority")
def test_kidneys_that_clear_less_give_higher_levels_and_lower_pressures() -> None:
    """models/label_adult.toml: 83 % of the clearance follow the kidneys, up to 150 mL/min/1.73 m2."""
    sound, poor = creatinine("0.8 mg/dL"), creatinine("4.5 mg/dL")
    assert all(2 * one < other for one, other in zip(levels(sound), levels(poor), strict=True))
    assert levels(poor)[2] == pytest.approx(2 * levels(poor)[0], rel=0.001)  # 0.75 over 0.375 mcg/kg/min
    pressures = [
        next(float(each.during.value) for each in found.moments[0].foreseen if each.what == "mean arterial pressure")
        for found in (sound, poor)
    ]
    assert pressures[1] < pressures[0] - 5
    assert "at a creatinine clearance of" in poor.given
    assert any("Steady levels of milrinone/label_adult for a creatinine clearance of" in text for text in poor.says)
    assert poor.moments[0].beyond and "Above 400 ng/mL" in poor.moments[0].warnings[0]


@pytest.mark.hazard("taken-for-authority")
def test_where_no_clearance_is_known_every_level_says_that_it_is_the_labels() -> None:
    found = creatinine(None)
    assert levels(found) == [163, 217, 326]
    assert "not this patient's" in found.warnings[0] and "No creatinine is recorded" in found.warnings[0]
    assert all(item.warnings[0] == "The label's level, not this patient's." for item in found.moments)
    dialysis = read_case(CASES / "dialysis.json")
    found = predict_circulation(dialysis, typical=TYPICAL)
    assert "A machine replaces the kidneys" in found.warnings[0] and "label's own patients" in found.given
    assert "[!] WARN  The model and this patient" in to_text(circulation_sheet(found))


def test_kidneys_that_change_have_no_steady_level_and_that_is_said() -> None:
    found = predict_circulation(read_case(CASES / "rising-creatinine.json"), typical=TYPICAL)
    assert found.warnings[0].startswith("The kidneys are changing: no level is steady.")
    assert all(item.warnings[0] == "The kidneys are changing: the level may be higher." for item in found.moments)


def test_a_rate_without_a_steady_state_is_named_and_the_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Members.at

    def low_alone(self: Members, level: Any) -> Any:
        answer, heart = real(self, level)
        if isinstance(level, float) and level > 300:
            answer.solved[...] = False
        return answer, heart

    monkeypatch.setattr(Members, "at", low_alone)
    found = predict_circulation(case())
    assert found.status is CirculationStatus.PREDICTED and len(found.moments) == 2
    assert found.warnings == ("At 0.75 mcg/kg/min, steady, 385 ng/mL, the model has no steady state for this patient.",)


def test_of_numbers_that_were_assumed_no_share_of_patients_is_told() -> None:
    changed = {"central venous pressure": None, "mean arterial pressure": "74 mmHg"}
    found = predict_circulation(case(changed), typical=TYPICAL)
    assert all(each.ninety_from is None for item in found.moments for each in item.foreseen)
    told = [text for item in found.moments for text in item.warnings if text.startswith("MAP below 65 mmHg is")]
    assert all("1 of 8 numbers are a typical heart's" in text and "% of patients" not in text for text in told)
    assert "possible" in told[0] and "expected" in told[-1]
    assert any(text.startswith("No share of patients and no 90 % of them is told") for text in found.says)


@pytest.mark.hazard("taken-for-authority")
def test_a_reading_that_no_such_patient_shows_is_refused_as_in_a_plan() -> None:
    found = predict_circulation(case({"mean arterial pressure": "150 mmHg"}))
    assert found.status is CirculationStatus.REFUSED and not found.moments
    assert "6.1 SDs above" in found.refusals[0].says and "allowed: 5" in found.refusals[0].says


@pytest.mark.hazard("taken-for-authority")
def test_rates_above_what_the_kidneys_allow_are_named() -> None:
    """The label's table: 0.23 mcg/kg/min at 10 and 0.28 at 20 mL/min/1.73 m2; at 15.7 it is 0.258."""
    (says,) = creatinine("4.5 mg/dL").warnings
    assert says.startswith("0.375 mcg/kg/min, 0.5 mcg/kg/min, 0.75 mcg/kg/min: above the 0.25")
    assert "at a creatinine clearance of 16 mL/min/1.73 m2" in says
    table = written()
    table["measurements"] = [
        {**item, "value": "4.5 mg/dL"} if "creatinine" in item["what"] else item for item in table["measurements"]
    ]
    (rate,) = beyond_entry(read_case(table), "0.375 mcg/kg/min")
    assert "maximum of 0.258 mcg/kg/min at a creatinine clearance of 16 mL/min/1.73 m2, 1.45 times" in rate
    assert creatinine("0.8 mg/dL").warnings == ()
    child = {"patient": {"age": "9 years", "sex": "female", "weight": "30 kg"}}
    assert above_the_line(case(**child), ()) == ()


def test_more_than_the_entry_gives_is_said_first() -> None:
    """The US label: 50 mcg/kg, then up to 0.75 mcg/kg/min."""
    (rate,) = beyond_entry(case(), "5 mcg/kg/min for 24 h")
    assert rate.startswith(
        "5 mcg/kg/min is above the entry's maximum of 0.75 mcg/kg/min, 6.67 times as much (US label)"
    )
    (load,) = beyond_entry(case(), "100 mcg/kg over 10 min; 0.5 mcg/kg/min for 1 h")
    assert load.startswith("100 mcg/kg is above the entry's load of 50 mcg/kg, 2 times as much")
    assert beyond_entry(case(), "4.1 mg over 10 min; 0.75 mcg/kg/min for 1 h; pause 1 h") == ()  # 50 mcg/kg in 82 kg
    assert beyond_entry(case(), "61.5 mcg/min") == ()  # 0.75 mcg/kg/min in 82 kg
    assert len(beyond_entry(case(), "62 mcg/min")) == 1
    found = predict_circulation(case(), regimen="5 mcg/kg/min for 1 h")
    assert found.warnings[0] == beyond_entry(case(), "5 mcg/kg/min for 1 h")[0]
    assert beyond_entry(case(indication="low cardiac output after pediatric cardiac surgery"), "5 mcg/kg/min") == ()
    assert beyond_entry(case(indication="bridge to heart transplant"), "100 mcg/kg over 10 min") == ()  # it has no load
