"""The files of a fit: columns, units, empty cells for what has no answer, and the same numbers in every form."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import FileError
from inotrope.evaluation import fit_table, foresee
from inotrope.evaluation.writing import level_columns, subject_columns, to_plain, write_levels, write_subjects

from .tables import SOUND, columns_of, model_of


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_subjects_as_csv_and_as_parquet(tmp_path: Path) -> None:
    text = SOUND.replace("2,2,0,.,.,60,70", "2,2,0,.,.,60,999999999") + "3,0,1,4000,0,50,.\n"
    fit = fit_table(model_of(tmp_path), columns_of(text))
    write_subjects(fit, tmp_path / "subjects.csv")
    rows = read(tmp_path / "subjects.csv")
    assert [row["ID"] for row in rows] == ["1", "2", "3"]
    assert [row["STATUS"] for row in rows] == ["fitted", "no answer", "no level"]
    assert [row["LEVELS"] for row in rows] == ["2", "1", "0"]
    assert float(rows[0]["ETA_clearance"]) == fit.modes.etas[0, 0]
    assert float(rows[0]["clearance"]) == pytest.approx(8 * np.exp(fit.modes.etas[0, 0]), rel=1e-12)
    assert float(rows[0]["COV_2_1"]) == fit.modes.covariance[0, 1, 0]
    assert {rows[1][name] for name in ("ETA_v2", "q2", "OBJ", "COV_4_4")} == {""}
    assert rows[2]["clearance"] == str(8 * (50 / 70) ** 0.75)
    assert list(rows[0])[:3] == ["ID", "STATUS", "LEVELS"] and len(rows[0]) == 3 + 4 + 4 + 1 + 10
    pyarrow = pytest.importorskip("pyarrow.parquet")
    write_subjects(fit, tmp_path / "subjects.parquet")
    table = pyarrow.read_table(tmp_path / "subjects.parquet")
    assert table.column_names == list(rows[0])
    assert table.column("OBJ").to_pylist()[1] is None
    assert table.schema.field("clearance").metadata == {b"unit": b"L/h"}
    assert table.schema.metadata[b"inotrope.digest"].decode() == fit.model.digest


def test_levels_in_the_units_of_the_table(tmp_path: Path) -> None:
    own = columns_of(SOUND)
    table = own | {"TIME": own["TIME"] * 60, "AMT": own["AMT"] / 1000, "DV": own["DV"] / 1000}
    fit = fit_table(model_of(tmp_path, data=("min", "mg", "mg/L")), table)
    write_levels(fit, tmp_path / "levels.csv")
    rows = read(tmp_path / "levels.csv")
    assert [(row["ID"], float(row["TIME"]), float(row["DV"]), row["CENS"]) for row in rows] == [
        ("1", 120, pytest.approx(0.06), "0"),
        ("1", 480, pytest.approx(0.02), "0"),
        ("2", 120, pytest.approx(0.07), "0"),
    ]
    assert float(rows[0]["PRED"]) == pytest.approx(fit.rows.pred[0] / 1000, rel=1e-15)
    with pytest.raises(FileError, match="no name for a table of levels"):
        write_levels(fit, tmp_path / "levels.xlsx")


def test_a_prospective_one_has_a_row_for_each_number_of_known_levels(tmp_path: Path) -> None:
    fit = fit_table(model_of(tmp_path), columns_of(SOUND))
    later = foresee(fit)
    columns = level_columns(fit, later)
    assert columns["ID"].tolist() == [1, 1, 1, 1, 1, 2, 2]
    assert columns["OBS"].tolist() == [0, 0, 1, 2, 2, 0, 1]
    assert columns["TIME"].tolist() == [2, 8, 8, 2, 8, 2, 2]
    assert columns["IPRED"][:2] == pytest.approx(columns["PRED"][:2], rel=1e-12)
    assert columns["IPRED"][[3, 4, 6]].tolist() == fit.rows.ipred.tolist()
    assert np.isnan(columns["LOW"]).tolist() == [False, False, False, True, True, False, True]
    assert np.isnan(columns["IWRES"]).tolist() == [True, True, True, False, False, True, False]


def test_as_json(tmp_path: Path) -> None:
    text = SOUND.replace("2,2,0,.,.,60,70", "2,2,0,.,.,60,999999999").replace("\n1,", "\n1.5,")
    fit = fit_table(model_of(tmp_path), columns_of(text))
    plain = json.loads(json.dumps(to_plain(fit, foresee(fit)), allow_nan=False))
    assert (plain["status"], plain["subjects"], plain["levels"]) == ("fitted", 2, 3)
    assert plain["no_answer"] == ["2"] and plain["shrinkage"]["clearance"] is None
    assert plain["columns"]["subjects"]["ID"] == [1.5, 2.0]
    assert plain["columns"]["subjects"]["OBJ"] == [fit.modes.objective[0], None]
    assert [item["used"] for item in plain["prospective"]] == [0, 1]
    short = to_plain(fit, rows=False)
    assert "columns" not in short and "prospective" not in short
    refused = to_plain(fit_table("milrinone/cox_2013", columns_of(SOUND)))
    assert refused["status"] == "refused" and "subjects" not in refused


def test_a_model_without_units_has_those_inside(tmp_path: Path) -> None:
    """A fit made in Python may carry a model whose file names none."""
    from dataclasses import replace

    fit = fit_table(model_of(tmp_path), columns_of(SOUND))
    bare = replace(fit, model=replace(fit.model, data=None))
    assert level_columns(bare)["DV"].tolist() == [60, 20, 70]
    assert subject_columns(bare)["ID"].tolist() == [1, 2]
