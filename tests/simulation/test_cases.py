"""Levels of a case: what it records counts, and what is planned follows from its `now` on."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from inotrope.errors import RequestError, UnitError
from inotrope.forecast import forecast
from inotrope.patient import Case, assess_kidney, read_case
from inotrope.population import load_model
from inotrope.simulation import simulate
from inotrope.units import Quantity

from .models import write_model

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"
LABEL = "milrinone/label_adult"


def shipped(name: str) -> Case:
    return read_case(CASES / f"{name}.json")


def with_record(*rows: dict[str, str]) -> Case:
    case: dict[str, Any] = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8"))
    case["administrations"] = list(rows)
    return read_case(json.dumps(case).encode())


def test_what_was_given_and_what_is_planned_by_hand() -> None:
    """0.5 mcg/kg/min for 4 h up to now, then 0.25: one compartment, 0.45 L/kg, rate constant k."""
    case = with_record({"of": "milrinone", "start": "2026-11-22T04:00:00+01:00", "rate": "0.5 mcg/kg/min"})
    found = simulate(LABEL, case, regimen="0.25 mcg/kg/min", times_h=[0, 6])
    steady = simulate(LABEL, case, regimen="0.5 mcg/kg/min", times_h=[8000])  # the clearance, as it shows in the end
    assert steady.concentration_ng_per_ml is not None
    k = 30 / steady.concentration_ng_per_ml[0] / 0.45
    now = 30 / (k * 0.45) * -math.expm1(-4 * k)
    later = now * math.exp(-6 * k) + 15 / (k * 0.45) * -math.expm1(-6 * k)
    assert found.concentration_ng_per_ml == pytest.approx([now, later], rel=1e-9)
    goes_on = simulate(LABEL, case)
    assert goes_on.given == "0.5 mcg/kg/min"
    assert goes_on.time_h is not None
    assert goes_on.time_h[-1] == 24


def test_a_case_without_a_record_is_told_to_be_without() -> None:
    found = simulate(LABEL, shipped("almost-nothing-known"), regimen="1 mg/h", patients=2, seed=1)
    assert found.refused or "does not say what was given before" in found.says[0]
    case = shipped("no-creatinine")
    with pytest.raises(RequestError, match=r"needs a creatinine clearance, .* No creatinine is recorded.*assume one"):
        simulate(LABEL, case)


def test_a_record_that_contradicts_itself_is_refused() -> None:
    twice = [
        {
            "of": "milrinone",
            "start": f"2026-11-22T0{hour}:00:00+01:00",
            "end": "2026-11-22T07:00:00+01:00",
            "rate": rate,
        }
        for hour, rate in ((4, "0.5 mcg/kg/min"), (5, "0.25 mcg/kg/min"))
    ]
    found = simulate(LABEL, with_record(*twice))
    assert found.refused.startswith("The record of what was given contradicts itself: ")
    assert found.concentration_ng_per_ml is None


def test_models_of_another_drug_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"is of milrinone and model own_2000 is of testamine"):
        simulate(write_model(tmp_path), shipped("sound-adult"))


@pytest.mark.parametrize(
    "more", [{"covariates": {"weight": "70 kg"}}, {"population": "children", "patients": 2, "seed": 1}]
)
def test_a_case_is_the_patient(more: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="A case does not read"):
        simulate(LABEL, shipped("sound-adult"), **more)


def test_a_kidney_function_is_assumed_as_in_a_plan() -> None:
    """The forecast of the plan supposes the same regimen of the same person: the typical levels are the same."""
    case, assumed = shipped("no-creatinine"), Quantity(Decimal(60), "mL/min/1.73 m2")
    model = load_model(LABEL)
    wanted = forecast(
        case, regimen="0.375 mcg/kg/min", models=[model], kidney=assess_kidney(case, assumed=assumed), draws=1, seed=1
    )
    for written in (assumed, "60 mL/min/1.73 m2"):
        found = simulate(LABEL, case, regimen="0.375 mcg/kg/min", assume_kidney=written, times_h=[1, 24])
        assert "Kidney function is ASSUMED to be 60 mL/min/1.73 m2. The record gives no usable one." in found.says
        steady = wanted.models[0].steady
        assert steady is not None
        assert found.concentration_ng_per_ml is not None
        assert found.concentration_ng_per_ml[-1] == pytest.approx(float(steady.typical), rel=0.01)
    sound = simulate(LABEL, shipped("sound-adult"), regimen="1 mg/h", assume_kidney="30 mL/min/1.73 m2")
    assert any(
        "ASSUMED to be 30 mL/min/1.73 m2. The record gives 64 mL/min/1.73 m2, not used." in item for item in sound.says
    )


def test_an_assumption_is_told_only_where_it_counts() -> None:
    found = simulate(
        "milrinone/prielipp_1996", shipped("sound-adult"), regimen="1 mg/h", assume_kidney="30 mL/min/1.73 m2"
    )
    assert not any("ASSUMED" in item for item in found.says)
    assert simulate("milrinone/prielipp_1996", shipped("no-creatinine"), regimen="1 mg/h").rows


def test_an_assumption_opens_what_a_machine_of_late_withheld() -> None:
    document = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8"))
    ended = {"what": "CRRT", "start": "2026-11-20T08:00:00+01:00", "end": "2026-11-21T20:00:00+01:00"}
    case = read_case(json.dumps({**document, "support": [ended]}).encode())
    found = simulate(LABEL, case, regimen="1 mg/h")
    assert "Or assume a kidney function." in found.refused
    assert not simulate(LABEL, case, regimen="1 mg/h", assume_kidney="30 mL/min/1.73 m2").refused


def test_of_what_no_kidney_is_assumed() -> None:
    with pytest.raises(RequestError, match=r"assumed of a case\. Of a regimen's patient give the covariate"):
        simulate(LABEL, "1 mg/h", assume_kidney="60 mL/min/1.73 m2")
    with pytest.raises(RequestError, match="A table does not read 'assume_kidney'"):
        simulate(LABEL, {"ID": [1]}, assume_kidney="60 mL/min/1.73 m2")
    for written in ("60 mL/min", "0 mL/min/1.73 m2", "251 mL/min/1.73 m2"):
        with pytest.raises(UnitError):
            simulate(LABEL, shipped("no-creatinine"), assume_kidney=written)
