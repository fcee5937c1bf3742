"""Drawn patients: the same by NumPy and by machine code, alone or in blocks, with one thread or two; and quantiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.kinetics import Parameters, Timeline, concentrations
from inotrope.population import Model, Standing, draw_etas, draw_patients, load_model, load_population
from inotrope.simulation import course, levels, simulate

from .models import write_model

ADULTS = "adults_in_heart_failure"
MIXED = "10 mcg/kg over 1 h; 0.5 mcg/kg/min for 5 h; pause 1 h; 700 mcg/h for 5 h"
ONE = {"CL": "5 L/h", "V1": "20 L", "weight": "70 kg"}


def drawn(regimen: str = MIXED, **more: Any) -> Any:
    asked: dict[str, Any] = {"patients": 60, "seed": 4, "step": "2 h", "population": ADULTS, **more}
    found = simulate("milrinone/label_adult", regimen, **asked)
    assert not found.refused
    return found


def test_every_patient_is_as_by_the_parts(two: Model) -> None:
    """A virtual patient's level is that of his own weight, covariates and deviations, put together by hand here."""
    found = drawn(amounts=True)
    people = draw_patients(load_population(ADULTS), count=60, seed=4)
    label = load_model("milrinone/label_adult")
    etas = draw_etas(label, patients=np.arange(60), seed=4)
    for patient in (0, 17, 59):
        weight = people.numbers["weight"][patient]
        cleared = min(people.numbers["creatinine clearance"][patient], 150.0)
        body = Parameters.of(
            clearance_l_per_h=0.14 * weight * (0.17 + 0.83 * cleared / 80) * np.exp(etas["clearance"][patient, 0]),
            volume_l=0.45 * weight * np.exp(etas["volume"][patient, 0]),
        )
        plan = Timeline.of_rates([0, 1, 6, 7, 12], [10 * weight, 30 * weight, 0, 700, 0])
        wanted = concentrations(plan, body, found.time_h)
        assert found.concentration_ng_per_ml[patient] == pytest.approx(wanted, rel=1e-13)
        assert found.amounts_mcg[patient, :, 0] == pytest.approx(wanted * body.volume_l[0], rel=1e-13)
    assert found.identity.tolist() == list(range(60))


def test_machine_code_and_numpy_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    few, per_kg = drawn().concentration_ng_per_ml, drawn("0.5 mcg/kg/min").concentration_ng_per_ml
    monkeypatch.setattr(levels, "MUCH", 1)
    many = drawn()
    assert drawn("0.5 mcg/kg/min").concentration_ng_per_ml == pytest.approx(per_kg, rel=1e-13)
    assert many.concentration_ng_per_ml == pytest.approx(few, rel=1e-13)
    two_threads = drawn(threads=2).concentration_ng_per_ml
    monkeypatch.setattr(levels, "BLOCK", 20)
    monkeypatch.setattr(course, "_BLOCK", 7)
    assert np.array_equal(two_threads, many.concentration_ng_per_ml)
    assert np.array_equal(drawn().concentration_ng_per_ml, many.concentration_ng_per_ml)
    monkeypatch.setattr(levels, "find_spec", lambda name: None)
    alone = drawn()
    assert np.array_equal(alone.concentration_ng_per_ml, few)
    assert "Computed with NumPy alone" in " ".join(alone.says)


def test_a_patient_is_the_same_among_few_and_many() -> None:
    assert np.array_equal(drawn(patients=60).concentration_ng_per_ml[:5], drawn(patients=5).concentration_ng_per_ml)


@pytest.mark.parametrize("way", ["NumPy", "machine code"])
def test_quantiles_are_those_of_the_curves(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    curves = drawn().concentration_ng_per_ml
    monkeypatch.setattr(levels, "MUCH", 1 if way == "machine code" else 10**9)
    monkeypatch.setattr(levels, "BLOCK", 20)  # so that times and patients are taken in several blocks
    found = drawn(quantiles=[0.95, 0.05, 0.5])
    assert found.shares == (0.05, 0.5, 0.95)
    wanted = np.quantile(curves, [0.05, 0.5, 0.95], axis=0).T
    assert found.quantiles_ng_per_ml == pytest.approx(wanted, rel=1e-13)
    assert found.concentration_ng_per_ml is None
    assert found.units == {"TIME": "h", "CP_P5": "ng/mL", "CP_P50": "ng/mL", "CP_P95": "ng/mL"}
    assert found.columns()["CP_P50"].tolist() == found.quantiles_ng_per_ml[:, 1].tolist()
    assert found.rows == 7


def test_how_many_stand_where_is_told() -> None:
    said = " ".join(drawn().says)
    assert "Of 60 patients: " in said
    assert "beyond those who were studied" in said
    assert "Not known of the population: " in said


def test_nobody_is_left_out_silently() -> None:
    """Prielipp's model refuses failing kidneys, which some of these adults have: there is no answer for the rest."""
    found = simulate("milrinone/prielipp_1996", MIXED, population=ADULTS, patients=20, seed=1)
    assert found.standing is Standing.REFUSAL
    assert found.refused.startswith(f"Not for everybody of {ADULTS}: creatinine clearance is ")
    assert found.concentration_ng_per_ml is None


def test_covariates_that_a_population_lacks_are_named(two: Model) -> None:
    with pytest.raises(RequestError, match="needs 'CL' "):
        simulate(two, MIXED, population=load_population(ADULTS), patients=20, seed=1)


def test_without_a_spread_they_differ_by_covariates_alone(tmp_path: Path) -> None:
    """The label's model with its spread taken out: every level in the end is rate over the typical clearance."""
    label = load_model("milrinone/label_adult").path
    text = label.read_text(encoding="utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "sources.toml").write_bytes((label.parents[1] / "sources.toml").read_bytes())
    path = tmp_path / "models" / "same_2000.toml"
    path.write_text(text[: text.index("\n[variability]")] + text[text.index("\n[residual]") :], encoding="utf-8")
    asked: dict[str, Any] = {"population": ADULTS, "patients": 5, "seed": 1, "times_h": [500]}
    found = simulate(path, "0.5 mcg/kg/min for 600 h", **asked)
    assert course.NO_SPREAD in found.says
    people = draw_patients(load_population(ADULTS), count=5, seed=1)
    cleared = np.minimum(people.numbers["creatinine clearance"], 150)
    wanted = 30 / (0.14 * (0.17 + 0.83 * cleared / 80))
    assert found.concentration_ng_per_ml[:, 0] == pytest.approx(wanted, rel=1e-9)  # type: ignore[index]


def test_draws_of_one_patient(one: Model) -> None:
    found = simulate(one, "100 mcg/h for 1 h", covariates=ONE, patients=3, seed=2, times_h=[1])
    clearance = 5 * np.exp(draw_etas(one, patients=[0, 1, 2], seed=2)["clearance"][:, 0])
    wanted = 100 / clearance * -np.expm1(-clearance / 20)
    assert found.concentration_ng_per_ml[:, 0] == pytest.approx(wanted, rel=1e-14)  # type: ignore[index]
    assert found.patient == "3 draws of one patient: CL 5 L/h, V1 20 L, weight 70 kg"


def test_a_table_of_many_has_every_patient_at_every_time(one: Model) -> None:
    found = simulate(one, "100 mcg/h", covariates=ONE, patients=3, seed=2, times_h=[1, 2], amounts=True)
    whole = found.columns()
    assert found.rows == 6
    assert whole["ID"].tolist() == [0, 0, 1, 1, 2, 2]
    assert whole["TIME"].tolist() == [1, 2] * 3
    assert whole["A1"] == pytest.approx(whole["CP"] * 20, rel=1e-15)
    part = found.columns(3, 5)
    assert {name: column.tolist() for name, column in part.items()} == {
        name: column[3:5].tolist() for name, column in whole.items()
    }


def test_people_who_are_not_weighed(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path, compartments=1))
    found = simulate(model, "1 mcg/h", covariates={"CL": "5 L/h", "V1": "20 L"}, patients=2, seed=1)
    assert found.rows == 2 * 97


def test_what_is_not_drawn_is_told(tmp_path: Path) -> None:
    occasions = '[variability]\nform = "log-normal"\n[variability.between_occasions]\nclearance = { cv = { value = '
    occasions += '"30 %", source = "paper:table 1", status = "confirmed" } }\n'
    model = load_model(write_model(tmp_path, compartments=1, more=occasions))
    found = simulate(model, "1 mcg/h", covariates=ONE, patients=2, seed=1)
    assert found.says[-2:] == (course.NO_OCCASIONS, course.NO_ERROR)
    assert drawn().says[-1] == course.NO_ERROR
