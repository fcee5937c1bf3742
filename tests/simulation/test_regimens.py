"""Levels of a regimen: by hand, by an integrator, and what is refused."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import inotrope
from inotrope.dosing import read_regimen
from inotrope.errors import FileError, InotropeError, LibraryError, RequestError, UnitError
from inotrope.population import Model, Standing, load_model
from inotrope.simulation import simulate
from inotrope.units import Quantity

from .models import write_model

ONE = {"CL": "5 L/h", "V1": "20 L", "weight": "70 kg"}
TWO = {**ONE, "Q": "8 L/h", "V2": "40 L"}
LABEL = {"weight": "70 kg", "age": "60 year", "creatinine clearance": "80 mL/min/1.73 m2"}


def test_a_load_and_a_rate_by_hand(one: Model) -> None:
    """700 mcg over 1 h, then 70 mcg/h: A(t) = R/k (1 - e^-kt), k = 5/20 per hour."""
    found = simulate(one, "10 mcg/kg over 1 h; 1 mcg/kg/h for 3 h; pause 1 h", covariates=ONE, step="1 h", amounts=True)
    k = 0.25
    at_1 = 700 / k * -math.expm1(-k)
    at_4 = at_1 * math.exp(-3 * k) + 70 / k * -math.expm1(-3 * k)
    assert found.time_h is not None
    assert found.amounts_mcg is not None
    assert found.time_h.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.amounts_mcg[[0, 1, 4, 5], 0] == pytest.approx([0, at_1, at_4, at_4 * math.exp(-k)], rel=1e-14)
    assert found.concentration_ng_per_ml == pytest.approx(found.amounts_mcg[:, 0] / 20, rel=1e-15)
    assert found.identity is None
    assert found.standing is Standing.UNKNOWN  # nobody said whether a machine replaces the kidneys


def test_doses_per_kg_and_of_the_whole_patient_add_up(two: Model) -> None:
    """Against an integrator: 70 mcg/h by weight, 300 mcg in all over half an hour, a pause, 100 mcg/h."""
    written = "1 mcg/kg/h for 2 h; 300 mcg over 30 min; pause 30 min; 100 mcg/h"
    found = simulate(two, written, covariates=TWO, until="8 h", step="30 min", amounts=True)
    rates = [(0, 2, 70.0), (2, 2.5, 600.0), (2.5, 3, 0.0), (3, 8, 100.0)]
    state, levels = [0.0, 0.0], [[0.0, 0.0]]
    for start, end, rate in rates:
        solved = solve_ivp(
            lambda _, a, rate=rate: [rate - 13 / 20 * a[0] + 8 / 40 * a[1], 8 / 20 * a[0] - 8 / 40 * a[1]],
            (start, end),
            state,
            method="DOP853",
            t_eval=np.arange(start + 0.5, end + 0.25, 0.5),
            rtol=1e-13,
            atol=1e-11,
        )
        state = solved.y[:, -1].tolist()
        levels += solved.y.T.tolist()
    assert found.amounts_mcg == pytest.approx(np.array(levels), rel=1e-11, abs=1e-9)


def test_times_may_be_named_and_may_be_none(one: Model) -> None:
    found = simulate(one, "100 mcg/h", covariates=ONE, times_h=[0, 4, 4, 10])
    assert found.concentration_ng_per_ml == pytest.approx(20 * -np.expm1(-0.25 * np.array([0, 4, 4, 10])), rel=1e-14)
    for more in ({}, {"patients": 3, "seed": 1}, {"patients": 3, "seed": 1, "quantiles": [0.5]}, {"amounts": True}):
        none = simulate(one, "100 mcg/h", covariates=ONE, times_h=[], **more)  # type: ignore[arg-type]
        assert none.rows == 0
        assert all(column.size == 0 for column in none.columns().values())


def test_the_grid_follows_the_regimen(one: Model) -> None:
    def times(written: str, **more: Any) -> list[float]:
        found = simulate(one, written, covariates=ONE, **more).time_h
        assert found is not None
        return [float(found[1]), float(found[-1])]

    assert times("100 mcg/h for 6 h") == [0.25, 6]
    assert times("100 mcg over 1 h; 100 mcg/h") == [0.25, 25]
    assert times("100 mcg/h for 3 day") == [1, 72]
    assert times("100 mcg over 10 min") == [pytest.approx(1 / 60), pytest.approx(1 / 6)]
    assert times("100 mcg over 6 s") == [pytest.approx(1 / 600)] * 2
    assert times("100 mcg/h for 100 min; 1 mcg/h for 31 min") == [0.25, pytest.approx(131 / 60)]
    assert times("100 mcg/h", until="3 h", step="10 min") == [pytest.approx(1 / 6), 3]
    assert times("100 mcg/h", until="5 h", step="2 h") == [2, 5]
    ended = simulate(one, "100 mcg/h", covariates=ONE, until="5 h", step="2 h").time_h
    assert ended is not None and ended.tolist() == [0, 2, 4, 5]
    assert times("100 mcg/h", until="1 h", step="20 min") == [pytest.approx(1 / 3), 1]
    assert times("100 mcg/h", until="100 min") == [pytest.approx(1 / 60), pytest.approx(5 / 3)]
    assert times("100 mcg/h", until=Quantity(Decimal(2), "h")) == [pytest.approx(1 / 60), 2]


def test_a_regimen_may_be_read_before(one: Model) -> None:
    read = simulate(one, read_regimen("100 mcg/h for 2 h"), covariates=ONE)
    written = simulate(one, "100 mcg/h for 2 h", covariates=ONE)
    assert read.columns()["CP"].tolist() == written.columns()["CP"].tolist()


def test_age_grows_with_the_clock(tmp_path: Path) -> None:
    """Clearance 1 + age/24 h by hours of age: the level after a year of hours shows a clearance that rose."""
    path = write_model(tmp_path, compartments=1)
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        'CL = { unit = "L/h", over_time',
        '"postnatal age" = { unit = "h", over_time = "linear" }\nCL = { unit = "L/h", over_time',
    )
    text = text.replace(
        "\n[parameters.volume]",
        '[[parameters.clearance.by]]\nform = "linear_with_age"\nof = "postnatal age"\n'
        'slope = { value = "1", source = "paper:table 1", status = "confirmed" }\n'
        'per = { value = "24 h", source = "paper:table 1", status = "confirmed" }\n\n[parameters.volume]',
    )
    path.write_text(text, encoding="utf-8")
    whom = {"CL": "5 L/h", "V1": "1 L", "weight": "70 kg"}
    found = simulate(path, "100 mcg/h for 240 h", covariates={**whom, "postnatal_age": "24 h"}, step="6 h")
    # A volume of 1 L keeps up with the clearance of each stretch of 6 h, taken in its middle: age 24 h + 237 h.
    assert found.concentration_ng_per_ml is not None
    assert found.concentration_ng_per_ml[-1] == pytest.approx(100 / (5 * (1 + 261 / 24)), rel=1e-9)
    assert "postnatal age grows with the clock from 24 h at 0 h on." in found.says


def test_shipped_models_answer_by_name_and_by_path(one: Model) -> None:
    by_name = inotrope.simulate("milrinone/label_adult", "0.5 mcg/kg/min for 24 h", covariates=LABEL)
    path = inotrope.load_model("milrinone/label_adult").path
    by_text, by_path = (simulate(asked, "0.5 mcg/kg/min for 24 h", covariates=LABEL) for asked in (str(path), path))
    # 30 mcg/kg/h over 0.14 L/kg/h, all but reached after 24 h with a half-life of 2.2 h.
    assert by_name.columns()["CP"][-1] == pytest.approx(30 / 0.14 * -math.expm1(-24 * 0.14 / 0.45), rel=1e-12)
    assert by_text.columns()["CP"].tolist() == by_path.columns()["CP"].tolist() == by_name.columns()["CP"].tolist()
    assert by_name.about.conflicts
    assert by_name.about.unknown


def test_tables_are_in_the_units_of_the_model_file(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path, compartments=1, data=("min", "mg", "mg/L")))
    found = simulate(model, "20 mg/h for 2 h", covariates=ONE, step="1 h", amounts=True)
    assert found.units == {"TIME": "min", "CP": "mg/L", "A1": "mg"}
    columns = found.columns()
    assert columns["TIME"].tolist() == [0, 60, 120]
    assert columns["A1"] == pytest.approx(80 * -np.expm1([0, -0.25, -0.5]), rel=1e-14)
    assert columns["CP"] == pytest.approx(4 * -np.expm1([0, -0.25, -0.5]), rel=1e-14)


def test_beyond_those_who_were_studied_is_told_or_refused(one: Model) -> None:
    light = simulate(one, "100 mcg/h for 2 h", covariates={**ONE, "weight": "10 kg"})
    assert light.standing is Standing.EXTRAPOLATION
    assert "Everybody weighed 20 kg or more" in light.remarks[0].says
    assert light.rows == 121
    heavy = simulate(one, "100 mcg/h for 2 h", covariates={**ONE, "weight": "310 kg"})
    assert heavy.standing is Standing.REFUSAL
    assert "310 kg" in heavy.refused
    assert heavy.concentration_ng_per_ml is None
    for ask in (lambda: heavy.rows, heavy.columns, heavy.to_polars, lambda: heavy.write(Path("x.csv"))):
        with pytest.raises(RequestError, match="310 kg"):
            ask()
    long = simulate(one, "1 mcg/h for 401 h", covariates=ONE)
    assert any("followed for 400 h" in remark.says for remark in long.remarks)


@pytest.mark.parametrize("name", ["milrinone/cox_2013", "milrinone/hallik_2019", "milrinone/lindsay_1998"])
def test_models_without_a_curve_refuse(name: str) -> None:
    found = simulate(name, "0.5 mcg/kg/min for 24 h", covariates={"weight": "70 kg"})
    assert "gives no course over time. It lacks" in found.refused
    drawn = simulate(name, "0.5 mcg/kg/min for 24 h", population="adults_in_heart_failure", patients=2, seed=1)
    assert drawn.refused == found.refused


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"covariates": {"weight": "70"}}, "has no unit"),
        ({"covariates": {"weight": 70}}, "has no unit"),
        ({"covariates": {"weight": "70 cm"}}, "cm"),
        ({"covariates": {"weight": "7000 kg"}}, "7000 kg"),
        ({"covariates": {"weight": "1e-300 kg"}}, "1e-300 kg"),
        (
            {"covariates": {"weight": Quantity(Decimal("1e-9"), "kg")}},
            "covariate 'weight': Weight '0.000000001 kg' is impossible",
        ),
        ({"covariates": {"weight": Quantity(Decimal(5), "h")}}, "measures body weight"),
        ({"covariates": {"age": "-1 year"}}, "from 0 on"),
        ({"covariates": {"wieght": "70 kg"}}, "nearest known: 'weight'"),
        ({"covariates": {"weight": "70 kg", "Weight": "70 kg"}}, "given twice"),
        ({"covariates": {"indication": " "}}, "any word"),
        ({"covariates": {"indication": Quantity(Decimal(5), "h")}}, "is a word"),
        ({"covariates": {"weight": "70 kg"}}, "needs 'creatinine clearance' (in mL/min/1.73 m2)"),
        ({"covariates": None}, "'weight' (in kg), 'creatinine clearance'"),
        ({"until": "24"}, "has no unit"),
        ({"step": "1 kg"}, "kg"),
        ({"step": "2 day"}, "has 0 steps"),
        ({"step": "0.1 s"}, "864,000"),
        ({"times_h": [1, 0]}, "position 1"),
        ({"times_h": [-1, 0]}, "position 0"),
        ({"times_h": [1, math.nan]}, "position 1"),
        ({"times_h": ["noon"]}, "no numbers"),
        ({"times_h": [[1, 2]]}, "one list"),
        ({"times_h": [1], "until": "2 h"}, "Give one of them"),
        # an age is written down for 366 days, and would stand still from there on
        ({"until": "367 day", "step": "1 day"}, "more than 366 days"),
        ({"times_h": [0, 8784, 8785]}, "more than 366 days"),
        ({"threads": 0}, "threads"),
        ({"regimen": "1 mcg/h"}, "does not read 'regimen'"),
        ({"seed": 1}, "number of patients"),
        ({"population": "adults_in_heart_failure"}, "number of patients"),
        ({"quantiles": [0.5]}, "Give patients"),
        ({"quantiles": [5], "patients": 2, "seed": 1}, "no share"),
        ({"quantiles": [0.5], "amounts": True, "patients": 2, "seed": 1}, "Ask for one"),
        ({"patients": 0, "seed": 1}, "no number of patients"),
        ({"patients": True, "seed": 1}, "no number of patients"),
        ({"patients": 2}, "Give a seed"),
        ({"patients": 2, "seed": -1}, "-1"),
        ({"patients": 2, "seed": 1, "population": "nobody", "covariates": None}, "nobody"),
        ({"patients": 2, "seed": 1, "population": "adults_in_heart_failure"}, "Give one of them"),
        ({"patients": 10_000_000, "seed": 1}, "Ask for quantiles"),
    ],
)
def test_what_means_nothing_is_told_in_words(more: dict[str, Any], says: str) -> None:
    asked: dict[str, Any] = {"covariates": LABEL, **more}
    with pytest.raises(InotropeError) as caught:
        simulate("milrinone/label_adult", "0.5 mcg/kg/min for 24 h", **asked)
    assert says in str(caught.value)


def test_a_regimen_per_kg_needs_a_weight(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path, compartments=1))
    with pytest.raises(RequestError, match="no weight is known"):
        simulate(model, "1 mcg/kg/h", covariates={"CL": "5 L/h", "V1": "20 L"})
    assert simulate(model, "1 mcg/h", covariates={"CL": "5 L/h", "V1": "20 L"}).rows == 97


def test_covariates_that_no_model_reads_are_told(one: Model) -> None:
    found = simulate(
        one, "1 mcg/h", covariates={**ONE, "height": "178 cm", "sex": "male", "kidney replacement": "absent"}
    )
    assert f"Not used: height. Model {one.name} does not read it." in found.says
    assert f"Not used: sex. Model {one.name} does not read it." in found.says
    assert found.standing is Standing.INSIDE


def test_words_of_a_model_are_its_own() -> None:
    with pytest.raises(RequestError, match="is not what 'hemodialysis' can be: "):
        simulate("milrinone/cox_2013", "1 mcg/h", covariates={"hemodialysis": "perhaps"})


@pytest.mark.parametrize("value", ["0 L/h", "5"])
def test_a_parameter_of_zero_or_without_a_unit_is_an_error_of_the_file(tmp_path: Path, value: str) -> None:
    path = write_model(tmp_path, compartments=1)
    path.write_text(path.read_text(encoding="utf-8").replace('"1 L/h"', f'"{value}"', 1), encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        simulate(path, "1 mcg/h", covariates=ONE)
    assert "parameters.clearance.typical" in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("CL", "0 L/h"), ("V1", "0 L"), ("V1", "-3 L")])
def test_a_body_without_clearance_or_volume_is_an_error(one: Model, name: str, value: str) -> None:
    with pytest.raises((RequestError, UnitError)) as caught:
        simulate(one, "1 mcg/h", covariates={**ONE, name: value})
    assert name in str(caught.value)


def test_models_that_are_not_there_are_named() -> None:
    with pytest.raises(RequestError, match="label_adult"):
        simulate("milrinone/label_adlt", "1 mcg/h")
    with pytest.raises(FileError):
        simulate("nowhere/own.toml", "1 mcg/h")


def test_draws_need_a_spread(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path, compartments=1, more=""))
    with pytest.raises(RequestError, match="does not say how patients differ"):
        simulate(model, "1 mcg/h", covariates=ONE, patients=3, seed=1)


@pytest.mark.parametrize("word", ["yes", "1", "there", "NA"])
def test_a_machine_in_place_of_the_kidneys_is_present_or_absent(word: str) -> None:
    whom = {"weight": "70 kg", "age": "60 year", "creatinine clearance": "80 mL/min/1.73 m2"}
    with pytest.raises(RequestError, match="is not what 'kidney replacement' can be: present, absent"):
        simulate("milrinone/label_adult", "1 mg/h", covariates={**whom, "kidney replacement": word})
    found = simulate("milrinone/label_adult", "1 mg/h", covariates={**whom, "kidney replacement": "unknown"})
    assert any("is not recorded" in item.says for item in found.remarks)


def test_no_kidneys_clear_more_than_the_vocabulary_knows() -> None:
    whom = {"weight": "70 kg", "age": "60 year"}
    for clearance in ("251 mL/min/1.73 m2", "999 mL/min/1.73 m2", "0.15 L/min/m2"):
        with pytest.raises(
            RequestError, match=r"is impossible; accepted is 0 or more, and at most 250 mL/min/1\.73 m2"
        ):
            simulate("milrinone/label_adult", "1 mg/h", covariates={**whom, "creatinine clearance": clearance})
    for clearance in ("250 mL/min/1.73 m2", "0.14 L/min/m2"):
        assert simulate("milrinone/label_adult", "1 mg/h", covariates={**whom, "creatinine clearance": clearance}).rows


@pytest.mark.parametrize(
    ("name", "wrong", "right", "accepted"),
    [
        ("age", "999 year", "130 year", "0 year to 130 year"),
        ("height", "999 cm", "260 cm", "30 cm to 260 cm"),
        ("height", "29 cm", "30 cm", "30 cm to 260 cm"),
        ("gestational age", "99 week", "44 week", "20 week to 44 week"),
        ("gestational age", "19 week", "20 week", "20 week to 44 week"),
        ("postnatal age", "131 year", "100 year", "0 year to 130 year"),
    ],
)
def test_what_no_patient_has_is_refused_as_in_a_case(name: str, wrong: str, right: str, accepted: str) -> None:
    whom = {"weight": "70 kg", "creatinine clearance": "80 mL/min/1.73 m2"}
    with pytest.raises(RequestError) as caught:
        simulate("milrinone/label_adult", "1 mg/h", covariates={**whom, name: wrong})
    assert caught.value.says == f"{name} '{wrong}' is impossible; accepted is {accepted}. Check the number."
    found = simulate("milrinone/label_adult", "1 mg/h", covariates={**whom, name: right})
    assert found.rows or "are those of adults" in found.refused
