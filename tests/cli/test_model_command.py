"""`inotrope model`: the list, every mistake of a lone file, and what a model comes to for a patient."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from inotrope.population import list_models

from .conftest import ROOT, Run

TEACHING = ROOT / "examples" / "models" / "teaching_two_compartment.toml"


def test_the_list_names_every_model_and_what_it_gives(run: Run) -> None:
    ended = run("model", "list")
    assert ended.code == 0
    assert [line.partition(":")[0] for line in ended.out.splitlines()] == list(list_models())
    assert "milrinone/cox_2013: Cox 2013, stage D heart failure, by kidney band. Gives: steady level." in ended.out
    gives = {item["name"]: item["gives"] for item in run("model", "list", "--json").json}
    assert gives["milrinone/label_adult"] == ["time course", "steady level"]
    assert gives["milrinone/ohanlon_2024"] == []


def test_every_mistake_of_a_file_is_told_at_its_line(run: Run, tmp_path: Path) -> None:
    text = TEACHING.read_text(encoding="utf-8")
    assert run("model", "check", str(TEACHING)).out == f"{TEACHING}: 0 problems.\n"
    path = tmp_path / "two_slips.toml"
    slips = (('"invented:70 kg and 100 mL/min"', '"papr:table 2"'), ('form = "allometry"', 'form = "alometry"'))
    for right, wrong in slips:
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    path.write_text(text, encoding="utf-8")
    ended = run("model", "check", str(path))
    assert ended.code == 3
    first, second, count = ended.out.splitlines()
    place = 1 + text[: text.index("papr")].count("\n")
    assert first.startswith(
        f"two_slips.toml, line {place}: parameters.clearance.typical.source: Source 'papr' does not "
    )
    assert "[source.<id>] of this file" in first
    assert "'alometry' is not a form that this program knows; the nearest known: 'allometry'" in second
    assert count == f"{path}: 2 problems."
    told = run("model", "check", str(path), "--json")
    assert told.code == 3
    assert [len(item) for item in (told.json["problems"], first)] == [2, len(first)]
    simulated = run("simulate", "80 mg/h for 24 h", "--model", str(path))
    assert simulated.code == 2
    assert simulated.is_one_line()
    assert "1 more in this file: see 'inotrope model check'" in simulated.err


def test_a_patient_s_parameters_and_half_lives(run: Run) -> None:
    """CL 4 (1/4 + 3/4 x 40/100), V 20 x 105/70, Q 5, V2 0.5 x 105; half-lives from the roots of the quadratic."""
    whom = ("--covariate", "weight=105 kg", "--covariate", "own creatinine clearance=40 mL/min")
    ended = run("model", "show", str(TEACHING), *whom)
    assert ended.code == 0
    total, product = (2.2 + 5) / 30 + 5 / 52.5, 2.2 / 30 * 5 / 52.5
    root = math.sqrt(total * total - 4 * product)
    fast, slow = (2 * math.log(2) / (total + sign * root) for sign in (1, -1))
    shown = " ".join(ended.out.split())
    assert f"clearance 2.2 L/h volume 30 L q2 5 L/h v2 52.5 L half-lives {fast:.4g} h, {slow:.4g} h" in shown
    assert "age: linear: between two entries a straight line" in shown


@pytest.mark.parametrize("name", list_models())
def test_every_shipped_model_is_shown(run: Run, name: str) -> None:
    ended = run("model", "show", name)
    assert ended.code == 0
    assert "== Typical values ==" in ended.out


def test_what_one_compartment_or_none_comes_to(run: Run) -> None:
    """15 mL/kg/h and 0.5 mL/kg: of the steady state alone no half-life follows."""
    one = run("model", "show", "milrinone/paradisis_2007", "--covariate", "postnatal age=1 day")
    # 512 mL x ln 2 / 35 mL/h, Paradisis 2007, which prints 10 h.
    assert f"half-life {0.512 * math.log(2) / 0.035:.4g} h" in " ".join(one.out.split())
    none = run("model", "show", "milrinone/bailey_1999", "--covariate", "weight=10 kg", "--covariate", "age=10 month")
    assert none.code == 0
    assert "half-li" not in none.out


@pytest.mark.parametrize(
    "words",
    [
        ("list", "more"),
        ("check", "milrinone/label_adult"),
        ("check", "nowhere.toml"),
        ("show", "milrinone/nobody_2000"),
        ("show", "nowhere.toml"),
        ("show", str(TEACHING), "--covariate", "weight"),
        ("show", str(TEACHING), "--covariate", "weight=70"),
        ("show", str(TEACHING), "--covariate", "weight=70 kg"),
    ],
)
def test_bad_input_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    ended = run("model", *words)
    assert ended.code == 2
    assert ended.is_one_line(), ended.err


def test_each_number_of_a_model_points_to_its_source(run: Run) -> None:
    """Every value that the teaching model cites stands with the number of that very citation."""
    out = run("model", "show", str(TEACHING)).out
    page, _, listed = out.partition("-- Sources ---")
    shown, places = " ".join(page.split()), " ".join(listed.split())
    text = TEACHING.read_text(encoding="utf-8")
    numbers = re.findall(r'value = "([^"]+)", source = "invented:([^"]+)"', text)
    assert len(numbers) > 15
    for value, place in numbers:
        found = re.search(rf"(\d+)\. Invented numbers, for teaching: {re.escape(place)};", places)
        assert found is not None, place
        assert f"{value} [{found[1]}] (judgement)" in shown, (value, place)
