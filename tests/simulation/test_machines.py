"""Machines beside a regimen and of a case: dated, added to the body's own clearance, and never guessed."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inotrope.errors import CaseError, InotropeError, RequestError, UnitError
from inotrope.patient import Case, read_case
from inotrope.population import ExtracorporealClearance, Model, Standing, load_model
from inotrope.simulation import simulate
from inotrope.simulation.machines import read_machines
from inotrope.units import read_quantity

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"
ONE = {"CL": "5 L/h", "V1": "20 L", "weight": "70 kg"}
LABEL = "milrinone/label_adult"
WHOM = {"weight": "70 kg", "age": "60 year", "creatinine clearance": "80 mL/min/1.73 m2"}


def dialysis(case_keys: dict[str, Any] | None = None, **more: Any) -> Case:
    """77 kg on CRRT since 01:00, now 08:00, 0.25 mcg/kg/min since 02:00."""
    case = json.loads((CASES / "dialysis.json").read_text(encoding="utf-8"))
    case["administrations"] = [{"of": "milrinone", "start": "2026-11-22T02:00:00+01:00", "rate": "0.25 mcg/kg/min"}]
    case["support"][0] |= more
    case |= case_keys or {}
    return read_case(json.dumps(case).encode())


def towards(level: float, rate: float, clearance: float, hours: float, volume: float = 20) -> float:
    """The level so many hours later, in one compartment, by the closed form."""
    steady = rate / clearance
    return steady + (level - steady) * math.exp(-clearance / volume * hours)


@pytest.mark.parametrize("text", ["1.2 L/h from 6 h to 30 h", " 20 mL/min  FROM 360 min to 1800 min "])
def test_it_clears_from_its_start_to_its_end_by_hand(one: Model, text: str) -> None:
    found = simulate(one, "100 mcg/h for 40 h", covariates=ONE, times_h=[6, 18, 30, 40], machines=[text])
    at_6 = towards(0, 100, 5, 6)
    at_18 = towards(at_6, 100, 6.2, 12)
    at_30 = towards(at_18, 100, 6.2, 12)
    expected = [at_6, at_18, at_30, towards(at_30, 100, 5, 10)]
    assert found.concentration_ng_per_ml == pytest.approx(expected, rel=1e-13)
    assert any(says.startswith("The machine clears 1.2 L/h beside the body, as entered: '") for says in found.says)
    assert any("creatinine that the machine lowered" in says for says in found.says)


def test_two_add_up_and_without_times_one_always_runs(one: Model) -> None:
    entered = ExtracorporealClearance.entered(
        "ECMO", clearance=read_quantity("1 L/h", what="x", dimensions=("flow",)), because="measured"
    )
    found = simulate(one, "100 mcg/h for 9 h", covariates=ONE, times_h=[4, 9], machines=["2 L/h to 4 h", entered])
    at_4 = towards(0, 100, 8, 4)
    assert found.concentration_ng_per_ml == pytest.approx([at_4, towards(at_4, 100, 6, 5)], rel=1e-13)


def test_an_end_beyond_the_curve_and_a_start_at_its_end_change_nothing_of_it(one: Model) -> None:
    plain = simulate(one, "100 mcg/h for 9 h", covariates=ONE, times_h=[4, 9])
    late = simulate(one, "100 mcg/h for 9 h", covariates=ONE, times_h=[4, 9], machines=["2 L/h from 9 h to 90 h"])
    assert late.concentration_ng_per_ml == pytest.approx(plain.concentration_ng_per_ml, rel=1e-14)


def test_draws_and_virtual_patients_have_it_too() -> None:
    ways: list[dict[str, Any]] = [{"covariates": WHOM}, {"population": "adults_in_heart_failure"}]
    for way in ways:
        ask = {**way, "patients": 20, "seed": 1, "times_h": [5, 12]}
        plain = simulate(LABEL, "0.5 mcg/kg/min for 12 h", **ask)
        beside = simulate(LABEL, "0.5 mcg/kg/min for 12 h", machines=["3 L/h from 5 h"], **ask)
        assert plain.concentration_ng_per_ml is not None and beside.concentration_ng_per_ml is not None
        assert beside.concentration_ng_per_ml[:, 0] == pytest.approx(plain.concentration_ng_per_ml[:, 0], rel=1e-13)
        assert (beside.concentration_ng_per_ml[:, 1] < plain.concentration_ng_per_ml[:, 1]).all()


def test_it_answers_where_a_machine_replaces_the_kidneys() -> None:
    whom = {**WHOM, "kidney replacement": "present"}
    refused = simulate(LABEL, "0.5 mcg/kg/min for 24 h", covariates=whom)
    assert "'1.2 L/h from 6 h to 30 h'" in refused.refused
    found = simulate(LABEL, "0.5 mcg/kg/min for 24 h", covariates=whom, machines=["1.2 L/h"], times_h=[24])
    assert not found.refused
    # 0.14 L/kg/h x 70 kg = 9.8 L/h, and 1.2 by the machine
    assert found.concentration_ng_per_ml == pytest.approx([towards(0, 2100, 11, 24, 31.5)], rel=1e-12)


def test_a_case_brings_its_own() -> None:
    refused = simulate(LABEL, dialysis())
    assert "a clearance such as '1.2 L/h'" in refused.refused
    found = simulate(LABEL, dialysis(clearance="1.2 L/h", end="2026-11-22T12:00:00+01:00"), times_h=[0, 4, 10])
    # The body alone, no kidneys: 0.14 x 77 x 0.17 = 1.8326 L/h; 0.25 x 77 x 60 = 1155 mcg/h; 0.45 x 77 = 34.65 L.
    now = towards(0, 1155, 3.0326, 6, 34.65)
    at_4 = towards(now, 1155, 3.0326, 4, 34.65)
    expected = [now, at_4, towards(at_4, 1155, 1.8326, 6, 34.65)]
    assert found.concentration_ng_per_ml == pytest.approx(expected, rel=1e-12)
    assert found.standing is Standing.EXTRAPOLATION
    assert any("supposed is nothing" in says for says in found.says)


def test_a_case_so_soon_after_a_machine_is_refused_or_supposes_no_kidneys() -> None:
    ended = {"start": "2026-11-21T12:00:00+01:00", "end": "2026-11-22T07:00:00+01:00"}
    refused = simulate(LABEL, dialysis(**ended))
    assert refused.concentration_ng_per_ml is None
    assert "replaced the kidneys until lately" in refused.refused
    found = simulate(LABEL, dialysis(clearance="1.2 L/h", **ended), times_h=[0])
    at_7 = towards(0, 1155, 3.0326, 5, 34.65)  # as above, but that the machine ended an hour ago
    assert found.concentration_ng_per_ml == pytest.approx([towards(at_7, 1155, 1.8326, 1, 34.65)], rel=1e-12)
    assert any("until lately" in says for says in found.says)


def test_a_machine_that_ended_long_ago_leaves_the_level_now_uncertain() -> None:
    ended = {"start": "2026-11-01T12:00:00+01:00", "end": "2026-11-19T07:00:00+01:00"}
    given = [{"of": "milrinone", "start": "2026-11-18T07:00:00+01:00", "rate": "0.25 mcg/kg/min"}]
    found = simulate(LABEL, dialysis({"administrations": given}, **ended), times_h=[0])
    assert any("2026-11-19 07:00" in says and "now is uncertain" in says for says in found.says)


def test_a_case_of_a_drug_without_a_folder_has_no_window() -> None:
    case = dialysis({"drug": "vancomycin", "administrations": []}, end="2026-11-22T07:00:00+01:00")
    found = simulate(replace(load_model(LABEL), drug="vancomycin"), case, regimen="100 mcg/h", times_h=[1])
    assert not found.refused


def test_a_model_that_does_not_know_the_kidneys_says_so(one: Model) -> None:
    found = simulate(one, "100 mcg/h for 9 h", covariates=ONE, machines=["1 L/h"])
    assert found.standing is Standing.EXTRAPOLATION
    assert any("does not know the kidneys" in remark.says for remark in found.remarks)


def test_a_model_of_patients_on_a_machine_gets_none_more(one: Model, tmp_path: Path) -> None:
    text = (tmp_path / "model.toml") if (tmp_path / "model.toml").exists() else next(tmp_path.glob("*.toml"))
    limit = (
        '[[studied.within]]\nof = "kidney replacement"\nis = ["present"]\notherwise = "refusal"\nsays = "On CRRT."\n'
    )
    covariate = '[covariates]\n"kidney replacement" = { values = ["present", "absent", "unknown"], over_time = '
    covariate += '"last_carried_forward" }\n'
    text.write_text(
        text.read_text(encoding="utf-8").replace("[covariates]\n", f"{limit}\n{covariate}", 1), encoding="utf-8"
    )
    own = load_model(text)
    whom = {**ONE, "kidney replacement": "present"}
    plain = simulate(own, "100 mcg/h for 9 h", covariates=whom)
    found = simulate(own, "100 mcg/h for 9 h", covariates=whom, machines=["1 L/h"])
    assert plain.concentration_ng_per_ml is not None
    assert found.concentration_ng_per_ml == pytest.approx(plain.concentration_ng_per_ml, rel=0)
    assert any("not added once more" in says for says in found.says)


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("", RequestError, "Write '1.2 L/h from 6 h to 30 h'"),
        ("x" * 201, RequestError, "is no machine"),
        ("1.2", UnitError, "no unit"),
        ("1.2 L", UnitError, "1.2 L"),
        ("0 L/h", InotropeError, "0 L/h"),
        ("1.2 L/min", CaseError, "above 30 L/h"),
        ("1.2 L/h from 6 to 30 h", UnitError, "no unit"),
        ("1.2 L/h from -6 h", RequestError, "before 0 h"),
        ("1.2 L/h from 6 h to 6 h", RequestError, "ends at 6 h and starts at 6 h"),
        ("1.2 L/h from 6 mL", UnitError, "mL"),
    ],
)
def test_what_is_no_machine_is_refused(text: str, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        read_machines([text])


def test_where_it_is_not_read(one: Model) -> None:
    with pytest.raises(RequestError, match="stands in the case, under 'support'"):
        simulate(LABEL, dialysis(), machines=["1 L/h"])
    with pytest.raises(RequestError, match="A table does not read 'machines'"):
        simulate(one, {"ID": [1], "TIME": [0], "AMT": [1]}, machines=["1 L/h"])
