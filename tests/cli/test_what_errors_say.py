"""What an error says to somebody who is new here: in his own words, with what to write instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import CASES, ROOT, Run

LABEL = ("--model", "milrinone/label_adult")
REGIMEN = "0.5 mcg/kg/min for 24 h"
MANY = ("--population", "adults_in_heart_failure", "--patients", "4", "--seed", "1", "--step", "12 h")
TEACHING = ROOT / "examples" / "models" / "teaching_two_compartment.toml"


def told(run: Run, *words: str, given: bytes | None = None) -> str:
    """Return the one line of an input that was wrong."""
    ended = run(*words, given=given)
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
    return ended.err


@pytest.mark.parametrize(
    ("written", "instead"),
    [("0.05, 0.5", "'5, 50'"), ("0.5", "'50'"), ("0, 0.5, 1", "'0, 50, 100'"), ("0.025,0.975", "'2.5, 97.5'")],
)
def test_shares_are_not_taken_for_percents(run: Run, written: str, instead: str) -> None:
    says = told(run, "simulate", REGIMEN, *LABEL, *MANY, "--quantiles", written)
    assert f"write {instead} (5 for the fifth percentile)" in says


@pytest.mark.parametrize("written", ["", " , ", "500", "-5, 50", "nan", "5 50", "a"])
def test_quantiles_are_percents(run: Run, written: str) -> None:
    says = told(run, "simulate", REGIMEN, *LABEL, *MANY, "--quantiles", written)
    assert f"--quantiles is '{written.strip()}'. Write percents from 0 to 100, such as '5, 50, 95'." in says


def test_half_a_percent_is_one_where_the_list_can_be_nothing_else(run: Run) -> None:
    ended = run("simulate", REGIMEN, *LABEL, *MANY, "--quantiles", "0.5, 50, 99.5", "--json")
    assert {"CP_P0.5", "CP_P50", "CP_P99.5"} <= set(ended.json["columns"])
    assert run("simulate", REGIMEN, *LABEL, *MANY, "--quantiles", "1").code == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [("--weight", "70 kg"), ("--sex", "male"), ("--covariate", "weight=70 kg"), ("--population", "newborns")],
)
def test_who_a_case_is_of_stands_in_the_case(run: Run, tmp_path: Path, option: str, value: str) -> None:
    says = told(run, "simulate", "sound-adult", *LABEL, option, value)
    assert f"{option} '{value}' does not go with a case: who the patient is stands in the case." in says
    says = told(run, "simulate", "--data", str(tmp_path / "doses.csv"), *LABEL, option, value)
    assert f"{option} '{value}' does not go with a table: who the patient is stands in its columns." in says


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        (";", "The table seems separated by semicolons, and commas are expected"),
        ("\t", "The table seems separated by tabs, and commas are expected"),
        ("|", "The table seems separated by bars, and commas are expected"),
        (" ", "The table seems to have one column only: commas are expected"),
    ],
)
def test_a_table_without_commas_is_told_what_parts_it(run: Run, tmp_path: Path, mark: str, says: str) -> None:
    table = tmp_path / "doses.csv"
    table.write_text(f"{mark.join(('ID', 'TIME', 'AMT'))}\n{mark.join('101')}\n", encoding="utf-8")
    assert says in told(run, "simulate", "--data", str(table), *LABEL)


def test_an_empty_file_is_called_by_what_it_should_hold(run: Run, tmp_path: Path) -> None:
    model, page = tmp_path / "own.toml", tmp_path / "own.json"
    model.touch()
    page.touch()
    for words in (("model", "check", str(model)), ("site", "check", str(model)), ("order", str(page))):
        says = told(run, *words)
        assert "The file is empty" in says
        assert "case" not in says
    assert "Write an order into it" in told(run, "order", str(page))
    assert "Write a case into it, or run 'inotrope new'" in told(run, "plan", str(page))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('"2010"', "'2010' is not a whole number: in quotes it is text. Drop the quotes."),
        ('"about 2010"', "'about 2010' is not a whole number."),
        ("20.5", "'20.5' is not a whole number."),
    ],
)
def test_a_year_in_quotes_is_text(run: Run, tmp_path: Path, written: str, says: str) -> None:
    model = tmp_path / "own.toml"
    text = TEACHING.read_text(encoding="utf-8").replace("[source.invented]", f"[source.invented]\nyear = {written}", 1)
    model.write_text(text, encoding="utf-8")
    ended = run("model", "check", str(model))
    assert ended.code == 3
    assert ended.out.splitlines()[0].endswith(f": source.invented.year: {says}")


def test_a_case_that_is_given_as_an_order_is_known_by_its_form(run: Run, tmp_path: Path) -> None:
    case = CASES / "sound-adult.json"
    says = told(run, "order", str(case))
    assert "This is a patient's case, and no order." in says
    assert f"--text 'milrinone ...' --case {str(case)[:20]}" in says
    assert "--case -." in told(run, "order", "-", given=case.read_bytes())
    order = tmp_path / "order.json"
    order.write_text(json.dumps({"rate": "0.5 mcg/kg/min", "speed": "10 mL/h"}), encoding="utf-8")
    assert "Key 'speed' is not known here" in told(run, "order", str(order))


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_is_called_empty(run: Run, text: str) -> None:
    assert "--text is empty. Write the order between the quotes" in told(run, "order", "--text", text)


def test_a_folder_of_a_drug_is_shown_by_its_path(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "inotrope" / "library")
    shown = run("drug", "show", "milrinone").out
    for path in ("./milrinone", "milrinone/", str(ROOT / "inotrope" / "library" / "milrinone")):
        assert run("drug", "show", path).out == shown
    monkeypatch.chdir(ROOT / "inotrope" / "library" / "milrinone")
    assert run("drug", "show", ".").out == shown
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").symlink_to(ROOT / "inotrope" / "library" / "milrinone")
    assert run("drug", "show", "mine").out == shown
    assert "'./yours' is no folder" in told(run, "drug", "show", "./yours")
    assert "'.' is no drug folder: it holds no drug.toml" in told(run, "drug", "show", ".")


@pytest.mark.parametrize(
    "written", ["20mg/100mL", "20 mg/100 mL", "20 mg / 100mL", "20 mg in 100 mL", "20mg per 100mL", "20000 mcg/0.1 L"]
)
def test_a_concentration_is_read_as_labels_write_it(run: Run, written: str) -> None:
    """20 mg in 100 mL is 0.2 mg/mL; 0.5 mcg/kg/min x 70 kg x 60 min/h / 200 mcg/mL = 10.5 mL/h."""
    words = ("dose", "--rate", "0.5 mcg/kg/min", "--weight", "70 kg", "--concentration")
    found = run(*words, written, "--json").json
    assert found["concentration"] == {"value": 0.2, "unit": "mg/mL"}
    assert found["pump_rate"] == {"value": 10.5, "unit": "mL/h"}
    assert run(*words, "10 mg/30 mL").out.count("of milrinone 333.333 mcg/mL") == 1


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("20 mg/0 mL", "Volume of the concentration '0 mL' must be above zero."),
        ("20/100 mL", "Amount of the concentration '20' has no unit."),
        ("20 mg/100", "Volume of the concentration '100' has no unit."),
        ("20 mg/100 mg", "Volume of the concentration '100 mg' is in 'mg', which measures mass."),
        ("20 mg/100 mL/2", "has the unknown unit 'mL/2'"),
        ("200", "Concentration '200' has no unit."),
    ],
)
def test_an_amount_in_a_volume_has_two_units(run: Run, written: str, says: str) -> None:
    assert says in told(run, "dose", "--rate", "0.5 mcg/kg/min", "--weight", "70 kg", "--concentration", written)


@pytest.mark.parametrize(
    ("age", "says"),
    [
        ("60", "age '60' has no unit. Write it such as '1 year'."),
        ("60 kg", "Accepted: year, month, week, day, h."),
        ("60 min", "but not in a unit that is read here. Accepted: year, month, week, day, h."),
    ],
)
def test_an_age_is_asked_for_as_an_age(run: Run, age: str, says: str) -> None:
    assert says in told(run, "simulate", REGIMEN, *LABEL, "--age", age)


@pytest.mark.parametrize(
    ("creatinine", "says"),
    [
        ("1.1", "Write it such as '1 mg/dL'."),
        ("1.1 mg/mL", "but not in a unit that is read here. Accepted: mg/dL, umol/L"),
    ],
)
def test_a_creatinine_is_asked_for_as_a_creatinine(run: Run, tmp_path: Path, creatinine: str, says: str) -> None:
    case = tmp_path / "case.json"
    text = (CASES / "sound-adult.json").read_text(encoding="utf-8")
    case.write_text(text.replace('"1.1 mg/dL"', f'"{creatinine}"'), encoding="utf-8")
    assert says in told(run, "screen", str(case))


def test_an_order_that_is_given_as_a_case_is_known_by_its_form(run: Run, tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text(json.dumps({"drug": "milrinone", "rate": "0.5 mcg/kg/min"}), encoding="utf-8")
    for words in (("plan", str(order)), ("screen", str(order)), ("simulate", str(order), *LABEL)):
        says = told(run, *words)
        assert "order.json: This is an order, and no patient's case. To check it: inotrope order " in says
    for other in ({"drug": "milrinone"}, {"drug": "milrinone", "rate": "1 mcg/kg/min", "speed": "fast"}, {}):
        order.write_text(json.dumps(other), encoding="utf-8")
        assert "This is an order" not in told(run, "plan", str(order))


def test_an_order_without_its_option_is_asked_for_as_text(run: Run, tmp_path: Path) -> None:
    says = told(run, "order", "milrinone 0.5 mcg/kg/min, 70 kg")
    assert "'milrinone 0.5 mcg/kg/min, 70 kg' is no file. An order that is text stands behind --text." in says
    order = tmp_path / "the order.json"
    order.write_text(json.dumps({"drug": "milrinone", "rate": "0.5 mcg/kg/min"}), encoding="utf-8")
    assert "is no file" not in run("order", str(order)).err
