"""Files: CSV that reads back as the same numbers, Parquet with units in its schema, and both without their extra."""

from __future__ import annotations

import builtins
import csv
import sys
from pathlib import Path
from typing import Any

import pytest

from inotrope.errors import FileError, RequestError
from inotrope.population import Model
from inotrope.simulation import Simulation, simulate, writing

ONE = {"CL": "5 L/h", "V1": "20 L", "weight": "70 kg"}


@pytest.fixture
def found(one: Model) -> Simulation:
    return simulate(one, "100 mcg/h for 6 h", covariates=ONE, amounts=True)


def test_csv_reads_back_as_the_same_numbers(found: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_BLOCK", 7)
    path = tmp_path / "levels.csv"
    path.write_text("older", encoding="utf-8")
    path.chmod(0o600)
    found.write(path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    columns = found.columns()
    assert [list(row) for row in rows[:1]] == [["TIME", "CP", "A1"]]
    assert [[float(value) for value in row.values()] for row in rows] == [
        list(row) for row in zip(*(column.tolist() for column in columns.values()), strict=True)
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item.name for item in tmp_path.iterdir() if item.suffix == ".part"] == []


def test_parquet_carries_the_units(found: Simulation, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "levels.parquet"
    found.write(path)
    table = parquet.read_table(path)
    units = {field.name: field.metadata[b"unit"].decode() for field in table.schema}
    assert units == found.units == {"TIME": "h", "CP": "ng/mL", "A1": "mcg"}
    assert table.column("CP").to_pylist() == found.columns()["CP"].tolist()
    assert table.schema.metadata[b"inotrope.model"] == b"own_2000"
    assert table.schema.metadata[b"inotrope.digest"].decode() == found.about.digest


def test_a_data_frame_has_the_columns(found: Simulation) -> None:
    frame = found.to_polars()
    assert frame.columns == list(found.units)
    assert frame["CP"].to_list() == found.columns()["CP"].tolist()


def test_without_the_extra_its_name_is_told(found: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any, **other: Any) -> Any:
        if name.split(".", maxsplit=1)[0] in ("polars", "pyarrow"):
            raise ImportError(name)
        return real(name, *more, **other)

    for name in [name for name in sys.modules if name.split(".")[0] in ("polars", "pyarrow")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RequestError, match=r"needs polars, .* pip install 'inotrope\[population\]'"):
        found.to_polars()
    with pytest.raises(RequestError, match=r"needs pyarrow, .* pip install 'inotrope\[population\]'"):
        found.write(tmp_path / "levels.parquet")
    found.write(tmp_path / "levels.csv")


@pytest.mark.parametrize("name", ["levels.xlsx", "levels", "levels.txt"])
def test_another_ending_is_refused(found: Simulation, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"Name a file that ends in \.csv or \.parquet"):
        found.write(tmp_path / name)
    assert not list(tmp_path.glob("*levels*"))


def test_a_place_that_cannot_be_written(found: Simulation, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        found.write(tmp_path / "nowhere" / "levels.csv")
    assert list(tmp_path.glob("*.part")) == []
