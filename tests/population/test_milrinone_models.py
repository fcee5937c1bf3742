"""The milrinone models against `tests/authorities/milrinone_section_7.toml`, the facts, and the kinetics."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope.drug import load_drug
from inotrope.errors import RequestError
from inotrope.kinetics import Timeline, concentrations, half_lives
from inotrope.population import (
    Answer,
    Model,
    ModelKind,
    Standing,
    disposition,
    judge_domain,
    list_models,
    load_model,
    load_models,
    omega_matrix,
    steady_level,
    typical_parameter,
    typical_values,
)
from inotrope.units import read_quantity

CHECKS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "authorities" / "milrinone_section_7.toml").read_text(encoding="utf-8")
)["check"]
MODELS = load_models(load_drug("milrinone"))
RUN = {"after_surgery_1998", "bailey_2004", "butterworth_1995", "hornik_2019", "label_adult", "label_adult_bolus",
       "mcnamara_2013", "paradisis_2007", "prielipp_1996"}  # fmt: skip
LACK = {"bailey_1994", "benotti_1985", "giaccone_2017", "hallik_2019", "lindsay_1998", "mizuno_2019", "ohanlon_2024",
        "ramamoorthy_1998", "zuppa_2006"}  # fmt: skip
STEADY = {"bailey_1999", "cox_2013", "gist_2018", "larsson_1986", "osaka_2009", "taniguchi_2000"}
# Where a check does not say it: one kg for what is printed per kg, and the kidneys that leave the label's clearance be.
PLAIN: dict[str, Any] = {"weight": 1.0, "age": 0.0, "creatinine clearance": 80.0}
NAMES = {"age": "age", "weight": "weight", "creatinine_clearance": ("own creatinine clearance", "creatinine clearance")}
MATURE = 1e9
"""weeks. So old that the maturation is 1."""


def number(text: str, unit: str) -> float:
    dimensions = ("time", "body weight", "flow", "flow per body surface area", "rate per body weight",
                  "mass concentration", "flow per body weight")  # fmt: skip
    return float(read_quantity(text, what="x", dimensions=dimensions, positive=False).in_unit(unit))


def values_of(model: Model, inputs: dict[str, str]) -> dict[str, Any]:
    found = {name: value for name, value in PLAIN.items() if name in model.covariates}
    for name, text in inputs.items():
        for covariate in np.atleast_1d(NAMES.get(name, ())):
            if covariate in model.covariates:
                found[covariate] = number(text, model.covariates[covariate].unit)
    if "maturation" in inputs:
        found["postmenstrual age"] = MATURE
    return found


def asked(check: dict[str, Any], model: Model, values: dict[str, Any]) -> float:
    what, expected_unit = check["quantity"], check["expected"].partition(" ")[2]
    if what == "ratio of clearances":
        with_, without = (
            typical_parameter(model, "clearance", {"acute kidney injury": word}) for word in ("present", "absent")
        )
        return float(with_ / without)
    if what == "steady concentration":
        rate = number(check["inputs"]["rate"], "mcg/kg/h") * values["weight"]
        return float(steady_level(model, values, rate_mcg_per_h=np.array(rate)).level_ng_per_ml)
    if what == "half-life":
        return float(half_lives(disposition(model, typical_values(model, values)))[0, 0])
    found = float(typical_parameter(model, what.replace(" ", "_"), values))
    return found / {"mL/kg/min": 0.06, "mL/min": 0.06, "L/h": 1}[expected_unit]


@pytest.mark.parametrize(
    "check",
    [check for check in CHECKS if check["asks"] == "model"],
    ids=lambda check: f"{check['row']} {check['publication']} {check['quantity']} {check['expected']}",
)
def test_section_7_of_the_facts(check: dict[str, Any]) -> None:
    model = load_model(f"milrinone/{check['publication']}")
    values = values_of(model, check["inputs"])
    if check["expected"] == "refused":
        assert judge_domain(model, values, answer=Answer.STEADY_LEVEL).standing is Standing.REFUSAL
        return
    size, _, unit = check["tolerance"].partition(" ")
    expected = float(check["expected"].partition(" ")[0])
    hair = float(size) / 100 * expected if unit == "%" else float(size)
    assert asked(check, model, values) == pytest.approx(expected, abs=hair)


@pytest.mark.parametrize(
    ("name", "volume", "clearance"),
    # what kinetics alone is asked of these models, row 11 and 17: the model file holds the same numbers
    [("label_adult_bolus", 0.38, 0.13), ("label_adult", 0.45, 0.14), ("paradisis_2007", 0.512, 0.035)],
)
def test_the_parameters_of_rows_11_and_17(name: str, volume: float, clearance: float) -> None:
    model = load_model(f"milrinone/{name}")
    found = typical_values(model, values_of(model, {}))
    assert found["volume"] == pytest.approx(volume, rel=1e-12)
    assert found["clearance"] == pytest.approx(clearance, rel=1e-12)


def test_the_clearances_that_section_7_gives_to_kinetics_are_those_of_the_models() -> None:
    bailey = load_model("milrinone/bailey_2004")
    found = typical_values(bailey, {"weight": 10.0, "age": 0.0})
    assert found["clearance"] == pytest.approx(10 * 2.42 * 0.06)
    assert found["volume"] == pytest.approx(4.82)
    hornik = load_model("milrinone/hornik_2019")
    adult = {"weight": 70.0, "postmenstrual age": MATURE, "creatinine clearance": 30.0}
    level = steady_level(hornik, adult, rate_mcg_per_h=np.array(2100.0)).level_ng_per_ml
    assert level == pytest.approx(269, rel=0.01)


def test_stage_d_stands_beside_the_label_and_is_never_fitted() -> None:
    """Row 26: 451 ng/mL observed where the label's clearances give 167 and 180."""
    patient = {"weight": 70.0, "creatinine clearance": 80.0, "own creatinine clearance": 80.0, "hemodialysis": "absent"}
    rate = np.array(0.39 * 60 * 70)
    label, bolus, cox = (
        steady_level(load_model(f"milrinone/{name}"), patient, rate_mcg_per_h=rate)
        for name in ("label_adult", "label_adult_bolus", "cox_2013")
    )
    assert label.level_ng_per_ml == pytest.approx(167, abs=0.5)
    assert bolus.level_ng_per_ml == pytest.approx(180, abs=0.5)
    assert cox.level_ng_per_ml == pytest.approx(451 * 0.39 / 0.391)
    assert "in proportion" in cox.says
    assert any("2.6 times" in conflict.says for conflict in load_model("milrinone/label_adult").conflicts)


@pytest.mark.parametrize(
    ("patient", "expected", "sd"),
    [
        ({"own creatinine clearance": 61.0, "hemodialysis": "absent"}, 451, 243),
        ({"own creatinine clearance": 60.0, "hemodialysis": "absent"}, 591, 293),
        ({"own creatinine clearance": 30.0, "hemodialysis": "absent"}, 591, 293),
        ({"own creatinine clearance": 29.0, "hemodialysis": "absent"}, 1575, 962),
        ({"own creatinine clearance": 29.0, "hemodialysis": "present"}, 6252, 4409),
    ],
)
def test_cox_by_kidney_band(patient: dict[str, Any], expected: float, sd: float) -> None:
    cox = load_model("milrinone/cox_2013")
    found = steady_level(cox, {"weight": 80.0, **patient}, rate_mcg_per_h=np.array(0.391 * 60 * 80))
    assert found.level_ng_per_ml == pytest.approx(expected)
    assert found.printed_sd_ng_per_ml == pytest.approx(sd)
    # facts, section 2: apparent clearance 0.87, 0.66, 0.25, 0.06 mL/kg/min, arithmetic on the same numbers
    assert 0.391 / expected * 1000 == pytest.approx(
        {451: 0.87, 591: 0.66, 1575: 0.25, 6252: 0.06}[int(expected)], abs=0.01
    )


def test_half_lives_by_kidney_and_on_a_filter() -> None:
    larsson = load_model("milrinone/larsson_1986")
    found = typical_parameter(larsson, "half_life", {"own creatinine clearance": [100.0, 63.0, 30.0, 29.0]})
    assert found.tolist() == [0.94, 1.78, 1.78, 3.24]
    assert typical_parameter(load_model("milrinone/taniguchi_2000"), "half_life", {}) == pytest.approx(20.1)


def test_infants_and_children_of_ramamoorthy() -> None:
    model = load_model("milrinone/ramamoorthy_1998")
    found = typical_parameter(model, "clearance", {"weight": 1.0, "age": [0.99, 1.0]})
    assert found / 0.06 == pytest.approx([3.8, 5.9])


def test_the_kidneys_of_an_adult_are_the_judgement_of_the_facts() -> None:
    label = load_model("milrinone/label_adult")
    kidneys = np.array([0.0, 40.0, 80.0, 150.0, 400.0])
    found = typical_parameter(label, "clearance", {"weight": 1.0, "creatinine clearance": kidneys}) / 0.14
    assert found == pytest.approx([0.17, 0.585, 1.0, 1.72625, 1.72625])
    assert [place.rpartition(".")[2] for place in label.judged] == [
        "nonrenal", "renal", "reference", "held_at", "clearance", "volume", "a", "b",
    ]  # fmt: skip


def test_every_publication_is_a_curve_or_lacks_something_or_gives_steady_states_only() -> None:
    by_name = {model.name.partition("/")[2]: model for model in MODELS}
    assert by_name.keys() >= RUN
    for name, model in by_name.items():
        curve = not model.lacking(Answer.TIME_COURSE)
        steady = model.kind is ModelKind.STEADY_STATE_ONLY
        assert curve == (name in RUN), name
        assert steady == (name in STEADY), name
        assert name not in LACK or model.lacking(Answer.TIME_COURSE)


@pytest.mark.parametrize("name", sorted(LACK | STEADY))
def test_what_lacks_something_draws_no_curve(name: str) -> None:
    model = load_model(f"milrinone/{name}")
    with pytest.raises(RequestError, match="gives no course over time"):
        disposition(model, {})
    assert judge_domain(model, {}).standing is Standing.REFUSAL


@pytest.mark.parametrize("name", ["ohanlon_2024", "gist_2018", "taniguchi_2000", "larsson_1986"])
def test_what_lacks_a_clearance_gives_no_level(name: str) -> None:
    with pytest.raises(RequestError, match="gives no steady level"):
        steady_level(load_model(f"milrinone/{name}"), {}, rate_mcg_per_h=np.array(1.0))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_says_what_is_not_known_and_rests_on_named_sources(model: Model) -> None:
    assert model.unknown
    assert model.studied.who
    assert model.sources
    recalled = [place for place, item in model.numbers if "recalled" in item.source.id or "copy" in item.source.id]
    assert set(recalled) <= set(model.unconfirmed)
    assert all(number.source.id == "inotrope-judgement" for place, number in model.numbers if place in model.judged)


def test_what_was_never_read_is_unconfirmed() -> None:
    assert {model.name.partition("/")[2] for model in MODELS if model.unconfirmed} == {
        "butterworth_1995", "hornik_2019", "mcnamara_2013", "ohanlon_2024", "prielipp_1996",
    }  # fmt: skip


def test_spread_as_printed() -> None:
    names, matrix = omega_matrix(load_model("milrinone/ohanlon_2024"))
    assert names == ("clearance", "volume")
    assert matrix == pytest.approx(
        np.array([[0.359**2, 0.936 * 0.359 * 0.339], [0.936 * 0.359 * 0.339, 0.339**2]]), rel=1e-12
    )
    _, after = omega_matrix(load_model("milrinone/after_surgery_1998"))
    assert np.sqrt(np.diag(after)) == pytest.approx([0.34, 0.33], abs=0.006)  # the second reading, 1.3


def test_a_load_and_an_infusion_run_to_the_steady_level() -> None:
    """70 kg, 50 mcg/kg over 10 min, then 0.5 mcg/kg/min: 214 ng/mL in the end (row 9)."""
    label = load_model("milrinone/label_adult")
    parameters = disposition(label, typical_values(label, {"weight": 70.0, "creatinine clearance": 80.0}))
    timeline = Timeline.of_rates([0.0, 1 / 6], [21000.0, 2100.0])
    found = concentrations(timeline, parameters, np.array([0.0, 100.0]))
    assert found == pytest.approx([0, 2100 / 9.8], rel=1e-9)


def test_the_last_half_life_of_butterworth_is_the_artefact_that_its_note_names() -> None:
    """The facts: eigen half-lives of 3.9 min, 56 min and 80 h."""
    model = load_model("milrinone/butterworth_1995")
    found = half_lives(disposition(model, typical_values(model, {})))[0]
    assert found * np.array([60, 60, 1]) == pytest.approx([3.9, 56, 80], rel=0.02)
    assert "80 h" in model.note


def test_the_first_model_of_an_adult_with_heart_failure_is_a_confirmed_one() -> None:
    from inotrope.population import default_of

    patient = {"weight": 70.0, "age": 68.0, "creatinine clearance": 70.0, "own creatinine clearance": 75.0,
               "indication": "acute decompensated heart failure", "kidney replacement": "absent"}  # fmt: skip
    first = default_of([(model, judge_domain(model, patient)) for model in MODELS])
    assert first is not None and first.name == "milrinone/label_adult"
    operated = {**patient, "indication": "low cardiac output after cardiac surgery"}
    first = default_of([(model, judge_domain(model, operated)) for model in MODELS])
    assert first is not None and first.name == "milrinone/after_surgery_1998"


def test_the_list_has_every_file() -> None:
    assert list_models("milrinone") == tuple(model.name for model in MODELS)
