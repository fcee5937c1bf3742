"""Which rows of a table count and whose they are: comments, blank rows, columns that change the answer, IDs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope.errors import FileError, RequestError
from inotrope.population import Model, load_model
from inotrope.simulation import simulate
from inotrope.simulation.tables import parsing, reading

from .models import SPREAD, write_model
from .test_measured import OCCASIONS, model_of

TEACHING = Path(__file__).parents[2] / "examples" / "models" / "teaching_two_compartment.toml"
HEAD = "C,ID,TIME,AMT,CL,V1"
ROWS = {
    4: ["4,0,900,1,9", "4,1,,1,9", "4,7,,1,9"],
    0: ["0,0,900,2,9", "0,3,,2,9"],
    9007199254740991: ["9007199254740991,0,500,2,9", "9007199254740991,2,,2,9"],
}


@pytest.fixture(params=["polars", "numpy", "cells"])
def read_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read tables in each of the three ways."""
    if request.param != "polars":
        monkeypatch.setattr(parsing, "find_spec", lambda name: None)
    if request.param == "cells":
        monkeypatch.setattr(parsing, "_by_numpy", lambda piece, layout: None)


def levels(found: Any) -> dict[int, list[tuple[float, ...]]]:
    columns = found.columns()
    rows: dict[int, list[tuple[float, ...]]] = {}
    for row in zip(*(column.tolist() for column in columns.values()), strict=True):
        rows.setdefault(int(row[0]), []).append(row[1:])
    return rows


def written(path: Path, order: list[int]) -> Path:
    path.write_text("\n".join([HEAD[2:], *(row for name in order for row in ROWS[name]), ""]), encoding="utf-8")
    return path


@pytest.mark.usefixtures("read_by")
def test_a_seed_draws_the_same_people_in_any_order_and_of_any_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(write_model(tmp_path, compartments=1, more=SPREAD + RESIDUAL))
    whole = levels(simulate(model, written(tmp_path / "a.csv", [4, 0, 9007199254740991]), seed=9, residual=True))
    monkeypatch.setattr(reading, "PIECE", 30)
    for order in ([9007199254740991, 0, 4], [0, 4], [4]):
        some = levels(simulate(model, written(tmp_path / "b.csv", order), seed=9, residual=True))
        assert some == {name: whole[name] for name in order}
    assert len({row[1] for rows in whole.values() for row in rows}) == 4


RESIDUAL = """
[residual]
form = "sqrt(a^2 + (b f)^2)"
a = { value = "3 ng/mL", source = "paper:table 1", status = "confirmed" }
b = { value = "10 %", source = "paper:table 1", status = "confirmed" }
"""


def test_the_subject_of_an_id_is_the_patient_of_that_number(one: Model) -> None:
    table = {
        "ID": [2, 2, 0, 0],
        "TIME": [0, 1] * 2,
        "AMT": [9, 0] * 2,
        "RATE": [3, 0] * 2,
        "CL": [2] * 4,
        "V1": [9] * 4,
    }
    found = simulate(one, table, seed=5)
    drawn = simulate(one, "9 mcg over 3 h", covariates={"CL": "2 L/h", "V1": "9 L"}, times_h=[1], patients=3, seed=5)
    assert drawn.concentration_ng_per_ml is not None and found.concentration_ng_per_ml is not None
    wanted = drawn.concentration_ng_per_ml[[2, 0], 0]
    assert found.concentration_ng_per_ml == pytest.approx(wanted, rel=1e-14)


def test_occasions_go_by_the_id_too(tmp_path: Path) -> None:
    model = model_of(tmp_path, more=SPREAD + OCCASIONS)
    rows = [(name, time, 900 * (time == 0), 1 + (time > 5)) for name in (7, 3) for time in (0, 5, 9)]
    tables = [
        {name: [row[place] for row in part] for place, name in enumerate(("ID", "TIME", "AMT", "OCC"))}
        for part in (rows, rows[3:] + rows[:3])
    ]
    tables = [table | {"CL": [2] * 6, "V1": [9] * 6} for table in tables]
    both = [levels(simulate(model, table, seed=4, columns={"OCC": "occasion"})) for table in tables]
    assert both[0] == both[1]


@pytest.mark.parametrize("name", [1.5, -3])
def test_an_id_that_numbers_nobody_has_no_seed(one: Model, name: float) -> None:
    table = {"ID": [1, 1, name, name], "TIME": [0, 1] * 2, "AMT": [9, 0] * 2, "CL": [2] * 4, "V1": [9] * 4}
    assert simulate(one, table).rows == 2
    with pytest.raises(RequestError, match=r"table, row 3, column ID: ID '.*' is no whole number from 0 on") as caught:
        simulate(one, table, seed=5)
    assert "Number the subjects by whole numbers" in str(caught.value)


@pytest.mark.usefixtures("read_by")
@pytest.mark.parametrize("words", ["noon,x,100 mg,,", "1,0,100,5,20,7,8", "4,0,900,1,9", ",,,,"])
def test_a_comment_is_left_out_and_counted(tmp_path: Path, one: Model, words: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{HEAD}\n.,1,0,100,5,20\nC,{words}\n,1,1,,5,20\n c,{words}\n0,1,2,,5,20\n", encoding="utf-8")
    found = simulate(one, path)
    path.write_text(f"{HEAD}\n.,1,0,100,5,20\n,1,1,,5,20\n,1,2,,5,20\n", encoding="utf-8")
    alone = simulate(one, path)
    assert levels(found) == levels(alone)
    assert "Left out: 2 rows with the letter C in column C, a comment." in found.says
    assert not any("Left out" in text for text in alone.says)
    path.write_text(f"{HEAD}\nC,1,0,100,5,20\nC,1,1,,5,20\n", encoding="utf-8")
    with pytest.raises(FileError, match="a header and no row"):
        simulate(one, path)


def test_comments_of_a_frame_and_a_column_that_is_called_c(one: Model, tmp_path: Path) -> None:
    table = {"C": ["", "C", None], "ID": [1] * 3, "TIME": [0, 0, 1], "AMT": [9, 9, 0], "CL": [1] * 3, "V1": [9] * 3}
    found = simulate(one, table)
    assert found.concentration_ng_per_ml == pytest.approx([np.exp(-1 / 9)], rel=1e-14)
    assert "Left out: 1 row with the letter C in column C, a comment." in found.says
    with pytest.raises(RequestError, match="The table has no row"):
        simulate(one, table | {"C": ["C"] * 3})
    named = simulate(one, {**table, "C": [1, 1, 1]} | {"CL": [5] * 3}, columns={"C": "weight"})
    assert any("Column C is weight" in text for text in named.says)


@pytest.mark.usefixtures("read_by")
def test_blank_rows_are_none(tmp_path: Path, one: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    head, rows = HEAD[2:], ["1,0,100,5,20", "1,1,,5,20", "2,0,50,5,20", "2,3,,5,20"]
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    wanted = levels(simulate(one, path))
    for piece in (8 << 20, 20):
        monkeypatch.setattr(reading, "PIECE", piece)
        for blank in ("\n", "\r\n", "  \n", ",,,,\n", " , ,\n\n", "\n\n\n"):
            path.write_text(head + "\n" + blank + blank.join(f"{row}\n" for row in rows) + blank, encoding="utf-8")
            assert levels(simulate(one, path)) == wanted, blank


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("DATE", "Write TIME in h since each subject's first row"),
        ("dat1", "Write TIME in h since"),
        ("DAT3", "Write TIME in h since"),
        ("DUR", r"it would be a bolus. Write RATE = AMT / DUR \(mcg/h\)"),
        ("TINF", r"Write RATE = AMT / TINF \(mcg/h\)"),
        ("PCMT", "read in the central one alone"),
        ("CALL", "Leave CALL out"),
        ("CONT", "Leave CONT out"),
    ],
)
def test_a_column_whose_neglect_changes_the_answer_is_refused(one: Model, column: str, says: str) -> None:
    table = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "CL": [1, 1], "V1": [9, 9], column: [1, 1]}
    with pytest.raises(RequestError, match=rf"^table, row 1, column 6: Column {column} says .*{says}"):
        simulate(one, table)


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("RTAE", "RATE"),
        ("Rates", "RATE"),
        ("RATE (mg/h)", "RATE"),
        ("rate_mg", "RATE"),
        ("EVDI", "EVID"),
        ("ADDL2", "ADDL"),
    ],
)
def test_a_column_that_looks_like_one_that_is_not_there_is_refused(one: Model, column: str, meant: str) -> None:
    """Unread, an infusion would be a bolus."""
    table = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "CL": [1, 1], "V1": [9, 9], column: [1, 1]}
    with pytest.raises(RequestError, match=f"looks like {meant} and would not be read.* Write {meant}"):
        simulate(one, table)


@pytest.mark.parametrize("column", ["RACE", "CENTER", "STRATE", "HEART RATE", "R", "LLOQ1", "DAY"])
def test_a_column_that_looks_like_none_is_told_and_not_read(one: Model, column: str) -> None:
    table = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "CL": [1, 1], "V1": [9, 9], column: [1, 1]}
    assert f"Columns not used: {column}." in simulate(one, table).says


def test_beside_the_column_itself_one_that_looks_like_it_is_not_refused(one: Model) -> None:
    table = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "RATE": [9, 0], "RATE2": [1, 1], "CL": [1, 1], "V1": [9, 9]}
    assert "Columns not used: RATE2." in simulate(one, table).says


def test_such_a_name_may_be_given_to_a_covariate(one: Model) -> None:
    table = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "CL": [1, 1], "V1": [9, 9], "DUR": [70, 70]}
    assert simulate(one, table, columns={"DUR": "weight"}).rows == 1


OF_A_PATIENT = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "OWN_CREATININE_CLEARANCE": [66.7, 66.7], "WT": [70, 70]}


def test_the_column_at_fault_is_named_alone(tmp_path: Path) -> None:
    path = tmp_path / "sexed.toml"
    text = TEACHING.read_text(encoding="utf-8")
    by_sex = """[[parameters.clearance.by]]
form = "category"
[[parameters.clearance.by.group]]
of = "sex"
is = "male"
factor = { value = "1.2", source = "invented:sex", status = "judgement" }
[[parameters.clearance.by.group]]
factor = { value = "1", source = "invented:sex", status = "judgement" }
"""
    text = text.replace("[parameters.volume]", by_sex + "\n[parameters.volume]", 1)
    text = text.replace(
        "[covariates]", '[covariates]\nsex = { values = ["female", "male"], over_time = "last_carried_forward" }'
    )
    path.write_text(text, encoding="utf-8")
    wanted = {sex: simulate(path, OF_A_PATIENT | {"SEX": [sex] * 2}).columns()["CP"] for sex in ("female", "male")}
    assert wanted["female"] > wanted["male"]
    for sex, spellings in (("female", ("Female", "F", "f", "FEMALE")), ("male", ("Male", "M", "m"))):
        for word in spellings:
            assert simulate(path, OF_A_PATIENT | {"SEX": [word] * 2}).columns()["CP"] == wanted[sex]
    for strange in ("woman", "0", "1"):
        with pytest.raises(RequestError) as caught:
            simulate(path, OF_A_PATIENT | {"SEX": ["F", strange]})
        assert str(caught.value).startswith(
            f"table, row 2, column SEX: '{strange}' is not what 'sex' can be: female, male. "
        )
    with pytest.raises(RequestError) as caught:
        simulate(TEACHING, OF_A_PATIENT | {"OWN_CREATININE_CLEARANCE": [66.7, -3]})
    assert str(caught.value).startswith(
        "table, row 2, column OWN_CREATININE_CLEARANCE: An own creatinine clearance of '-3 mL/min' is impossible; "
    )


def test_a_clearance_of_nothing_is_answered_for_a_regimen_as_for_a_table() -> None:
    table = {"ID": [1, 1], "TIME": [0, 2], "AMT": [900, 0], "RATE": [300, 0], "AGE": [60] * 2, "WT": [70] * 2}
    found = simulate(TEACHING, table | {"OWN_CREATININE_CLEARANCE": [0, 0]})
    body = {"weight": "70 kg", "age": "60 year", "own creatinine clearance": "0 mL/min"}
    asked = simulate(TEACHING, "900 mg over 3 h", covariates=body, times_h=[2])
    assert asked.concentration_ng_per_ml == pytest.approx(found.concentration_ng_per_ml, rel=1e-14)
    for wrong in ("-1 mL/min", "0 cm"):
        name = "height" if "cm" in wrong else "own creatinine clearance"
        with pytest.raises((RequestError, ValueError)) as caught:
            simulate(TEACHING, "900 mg over 3 h", covariates=body | {name: wrong})
        assert name in str(caught.value)


@pytest.mark.parametrize(("written", "meant"), [("Present", "present"), ("ABSENT", "absent"), ("yes", ""), ("1", "")])
def test_whether_a_machine_replaces_the_kidneys_is_no_free_word(one: Model, written: str, meant: str) -> None:
    """For a model that says nothing of it too: a word that nobody knows would pass for an unknown one."""
    body = {"CL": "5 L/h", "V1": "20 L", "kidney replacement": written}
    table = {
        "ID": [1, 1],
        "TIME": [0, 1],
        "AMT": [9, 0],
        "CL": [1, 1],
        "V1": [9, 9],
        "kidney_replacement": [written] * 2,
    }
    if meant:
        assert bool(simulate(one, "9 mcg/h for 2 h", covariates=body).refused) is (meant == "present")
        assert bool(simulate(one, table).refused) is (meant == "present")
        return
    for given, more in (("9 mcg/h for 2 h", body), (table, None)):
        with pytest.raises(RequestError, match="is not what 'kidney replacement' can be"):
            simulate(one, given, covariates=more)
