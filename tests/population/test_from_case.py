"""What a case tells of the covariates that models ask for, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope.patient import read_case
from inotrope.population import Model, OverTime, Standing, judge_domain, load_model, series_of_case, values_over_time
from inotrope.population.model import Covariate

from .conftest import Write

NOW = "2026-11-22T08:00:00+00:00"
ADULT: dict[str, Any] = {
    "drug": "milrinone",
    "indication": "acute decompensated heart failure",
    "now": NOW,
    "patient": {"born": "1958-11-22", "sex": "male", "weight": "70 kg", "height": "178 cm"},
    "measurements": [{"what": "serum creatinine", "value": "1 mg/dL", "at": "2026-11-22T06:00:00+00:00"}],
    "support": [],
}
NAMES = {
    "weight": "kg", "height": "cm", "age": "year", "postnatal age": "day", "postmenstrual age": "week",
    "gestational age": "week", "creatinine clearance": "mL/min/1.73 m2", "own creatinine clearance": "mL/min",
    "acute kidney injury": "", "sex": "", "indication": "", "edema": "", "ECMO": "", "time since bypass": "h",
}  # fmt: skip


@pytest.fixture
def asking(write: Write) -> Model:
    """A model that asks for everything."""
    model = load_model(write())
    found = {name: Covariate(name, unit, (), OverTime.LINEAR, "") for name, unit in NAMES.items()}
    for name in ("acute kidney injury", "sex", "indication", "edema", "ECMO"):
        found[name] = Covariate(name, "", (), OverTime.LAST_CARRIED_FORWARD, "")
    object.__setattr__(model, "covariates", found)
    return model


def told(model: Model, case: dict[str, Any], at_h: float = 0.0) -> dict[str, Any]:
    """What holds in the stretch from `at_h` on."""
    values = values_over_time(model, series_of_case(model, read_case(case)), np.array([at_h]))
    return {name: value[0].item() for name, value in values.items()}


def test_a_sound_adult(asking: Model) -> None:
    found = told(asking, ADULT)
    assert (found["weight"], found["height"], found["sex"]) == (70, 178, "male")
    assert found["age"] == pytest.approx(68)
    assert found["indication"] == "acute decompensated heart failure"
    assert found["edema"] == "unknown"
    assert found["ECMO"] == found["kidney replacement"] == "absent"
    # Cockcroft-Gault: (140 - 68) x 70 / 72 = 70 mL/min; Mosteller: sqrt(178 x 70 / 3600) = 1.8604 m2
    assert found["own creatinine clearance"] == pytest.approx(70, rel=1e-4)
    assert found["creatinine clearance"] == pytest.approx(70 * 1.73 / 1.86041, rel=1e-4)
    assert "time since bypass" not in found
    assert "gestational age" not in found
    assert "postmenstrual age" not in found
    assert "acute kidney injury" not in found  # one creatinine and no baseline tell no stage


def test_ages_grow_with_the_clock(asking: Model) -> None:
    baby = {
        **ADULT,
        "patient": {"born": "2026-11-21T08:00:00+00:00", "sex": "female", "weight": "0.9 kg",
                    "gestational_age": "27+0"},
        "measurements": [],
    }  # fmt: skip
    now, later = told(asking, baby), told(asking, baby, at_h=24.0)
    assert now["postnatal age"] == pytest.approx(1)
    assert later["postnatal age"] == pytest.approx(2)
    assert later["gestational age"] == now["gestational age"] == 27
    assert now["postmenstrual age"] == pytest.approx(27 + 1 / 7)
    assert now["age"] == pytest.approx(1 / 365.25)
    assert told(asking, baby, at_h=-48.0)["postnatal age"] == pytest.approx(0)  # not before birth
    assert "creatinine clearance" not in now
    assert "own creatinine clearance" not in now
    assert "height" not in now


def test_a_rising_creatinine_is_kidney_injury(asking: Model) -> None:
    rising = {"what": "serum creatinine", "value": "1 mg/dL", "at": "2026-11-21T06:00:00+00:00"}
    doubled = {"what": "serum creatinine", "value": "2 mg/dL", "at": "2026-11-22T06:00:00+00:00"}
    assert told(asking, {**ADULT, "measurements": [rising, doubled]})["acute kidney injury"] == "present"
    steady = {**doubled, "value": "1 mg/dL"}
    assert told(asking, {**ADULT, "measurements": [rising, steady]})["acute kidney injury"] == "absent"


def test_impaired_kidneys_are_those_of_the_record_and_of_an_infant_s_creatinine(asking: Model) -> None:
    """Without a clearance a creatinine that rises is all that tells; with one, the clearance does."""
    rising = [
        {"what": "serum creatinine", "value": "0.3 mg/dL", "at": "2026-11-21T06:00:00+00:00"},
        {"what": "serum creatinine", "value": "0.9 mg/dL", "at": "2026-11-22T06:00:00+00:00"},
    ]
    infant = {"born": "2026-05-21T08:00:00+00:00", "sex": "female", "weight": "6 kg"}
    asks = replace(asking, covariates={**asking.covariates, "renal impairment": asking.covariates["edema"]})
    for case, expected in (
        (ADULT, "unknown"),
        ({**ADULT, "conditions": {"renal impairment": "present"}}, "present"),
        ({**ADULT, "measurements": rising}, "unknown"),
        ({**ADULT, "patient": infant, "measurements": []}, "unknown"),
        ({**ADULT, "patient": infant, "measurements": rising}, "present"),
    ):
        series = series_of_case(asks, read_case(case))
        assert series["renal impairment"].value.tolist() == [expected]


def test_a_boy_of_failing_kidneys_gets_no_curve_of_a_model_that_does_not_know_them() -> None:
    """2 years, 86 cm, creatinine 4 mg/dL: 0.413 x 86 / 4 = 8.9 mL/min/1.73 m2 (bedside Schwartz)."""
    high = [{"what": "serum creatinine", "value": "4 mg/dL", "at": f"2026-11-{day}T06:00:00+00:00"} for day in (21, 22)]
    boy = {"born": "2024-11-22", "sex": "male", "weight": "12 kg", "height": "86 cm"}
    case = {**ADULT, "indication": "low cardiac output after cardiac surgery", "patient": boy, "measurements": high}
    model = load_model("milrinone/bailey_2004")
    values = values_over_time(model, series_of_case(model, read_case(case)), np.array([0.0]))
    found = judge_domain(model, values)
    assert found.standing is Standing.REFUSAL
    assert found.remarks[0].says.startswith("creatinine clearance is 8.8")


@pytest.mark.parametrize(
    ("support", "expected"),
    [
        ([{"what": "CRRT", "start": "2026-11-22T01:00:00+00:00"}], "present"),
        ([{"what": "ECMO", "start": "2026-11-22T01:00:00+00:00"}], "absent"),
        (None, "unknown"),
    ],
)
def test_a_machine_comes_along_for_every_model(model: Model, support: Any, expected: str) -> None:
    case = {key: value for key, value in {**ADULT, "support": support}.items() if value is not None}
    assert told(model, case)["kidney replacement"] == expected


def test_a_case_and_the_label(tmp_path: Path) -> None:
    label = load_model("milrinone/label_adult")
    values = values_over_time(label, series_of_case(label, read_case(ADULT)), np.array([0.0]))
    assert judge_domain(label, values).standing is Standing.INSIDE
    without = {**ADULT, "measurements": []}
    values = values_over_time(label, series_of_case(label, read_case(without)), np.array([0.0]))
    found = judge_domain(label, values)
    assert found.standing is Standing.REFUSAL
    assert found.remarks[0].says == "It needs creatinine clearance, which is not known."
    crrt = {**ADULT, "support": [{"what": "CRRT", "start": "2026-11-22T01:00:00+00:00"}]}
    values = values_over_time(label, series_of_case(label, read_case(crrt)), np.array([0.0]))
    assert not judge_domain(label, values, level_measured=False).answers
