"""`inotrope fit --data`: a table of many subjects in, files, a page or JSON out."""

from __future__ import annotations

import csv
import io
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.estimation.reference import Reference
from tests.evaluation.tables import REFERENCE, SOUND, written_model

from .conftest import Run


@pytest.fixture
def sound(tmp_path: Path) -> str:
    path = tmp_path / "table.csv"
    path.write_text(SOUND, encoding="utf-8")
    return str(path)


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_reference_set_through_the_command(run: Run, tmp_path: Path) -> None:
    """25 patients of `map_estimates`: etas and objective to 1e-9 in the file, covariance to 1e-6."""
    wanted, out, levels = Reference.read(), tmp_path / "subjects.csv", tmp_path / "levels.csv"
    model = str(written_model(tmp_path))
    ended = run("fit", "--data", str(REFERENCE), "--model", model, "--out", str(out), "--predictions", str(levels))
    assert ended.code == 0 and ended.err == ""
    assert "25 subjects written: " in ended.out and "100 levels written: " in ended.out
    rows = read(out)
    etas = np.array([[float(row[f"ETA_{name}"]) for name in ("clearance", "volume", "q2", "v2")] for row in rows])
    assert np.abs(etas - wanted.etas).max() < 1e-9
    assert np.abs(np.array([float(row["OBJ"]) for row in rows]) - wanted.objective).max() < 1e-9
    for row, covariance in zip(rows, wanted.covariance, strict=True):
        own = [[float(row[f"COV_{max(i, j)}_{min(i, j)}"]) for i in range(1, 5)] for j in range(1, 5)]
        assert np.abs(np.array(own) - covariance).max() < 1e-6 * np.abs(covariance).max()
    assert [row["DV"] for row in read(levels)][:2] == ["162.64", "101.055"]


def test_as_json_with_foresight(run: Run, tmp_path: Path, sound: str) -> None:
    model = str(written_model(tmp_path))
    ended = run("fit", "--data", sound, "--model", model, "--prospective", "--json", "--threads", "2")
    assert ended.code == 0
    assert ended.json["subjects"] == 2 and [item["used"] for item in ended.json["prospective"]] == [0, 1]
    assert ended.json["columns"]["levels"]["OBS"] == [0, 0, 1, 2, 2, 0, 1]
    out = tmp_path / "subjects.csv"
    short = run("fit", "--data", sound, "--model", model, "--json", "--out", str(out))
    assert "columns" not in short.json and len(read(out)) == 2


def test_occasions_are_named_by_a_column(run: Run, tmp_path: Path, sound: str) -> None:
    model = str(written_model(tmp_path, occasions={"clearance": 0.2}))
    head, *rows = SOUND.splitlines()
    Path(sound).write_text("\n".join([f"{head},OCC", *(f"{row},1" for row in rows)]) + "\n", encoding="utf-8")
    ended = run("fit", "--data", sound, "--model", model, "--column", "OCC=occasion", "--json")
    assert ended.json["etas"] == ["clearance", "volume", "q2", "v2", "clearance, occasion 1"]


def test_a_model_that_refuses_writes_nothing(run: Run, tmp_path: Path, sound: str) -> None:
    out = tmp_path / "subjects.csv"
    words = ("fit", "--data", sound, "--model", "milrinone/cox_2013", "--prospective", "--out", str(out))
    ended = run(*words)
    assert ended.code == 4 and not out.exists()
    assert "gives no course over time" in " ".join(ended.out.split())
    assert run(*words, "--json").json["status"] == "refused"


def test_nothing_is_half_written(run: Run, tmp_path: Path, sound: str) -> None:
    """A file that exists stays, a table that means nothing leaves nothing, and two outputs are two files."""
    model = str(written_model(tmp_path))
    out = tmp_path / "subjects.csv"
    out.write_text("mine\n", encoding="utf-8")
    words = ("fit", "--data", sound, "--model", model, "--out", str(out))
    ended = run(*words)
    assert ended.code == 2 and "--overwrite" in ended.err and out.read_text(encoding="utf-8") == "mine\n"
    assert run(*words, "--overwrite").code == 0 and len(read(out)) == 2
    other = tmp_path / "levels.csv"
    Path(sound).write_text(SOUND.replace(",60\n", ",abc\n"), encoding="utf-8")
    ended = run("fit", "--data", sound, "--model", model, "--predictions", str(other))
    assert ended.code == 2 and not other.exists() and len(ended.err.splitlines()) == 1
    assert "table.csv, row 3, column DV: 'abc' is not a finite number" in ended.err
    for words in (("--out", str(other), "--predictions", str(other)), ("--out", sound, "--overwrite")):
        ended = run("fit", "--data", sound, "--model", model, *words)
        assert ended.code == 2 and not other.exists() and len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Name a case, or --data FILE.csv with a --model"),
        (("table.csv",), "'table.csv' is a table: write --data table.csv"),
        (("measured-level", "--data", "x.csv"), "A case is named, and a table as well"),
        (("measured-level", "--out", "x.csv"), "--out 'x.csv' goes with --data, and not with a case"),
        (("measured-level", "--prospective"), "--prospective goes with --data, and not with a case"),
        (("--data", "x.csv"), "A table is fitted by one model. Name it"),
        (("--data", "x.csv", "--model", "a", "--model", "b"), "A table is fitted by one model"),
        (("--data", "x.csv", "--model", "a", "--site", "s.toml"), "--site 's.toml' goes with a case"),
        (("--data", "x.csv", "--model", "a", "--threads", "two"), "--threads is 'two'. Write a whole number"),
        (("--data", "x.csv", "--model", "milrinone/label_adult", "--threads", "0"), "'0' is no number of threads"),
        (("--data", "x.csv", "--model", "a", "--column", "OCC"), "'OCC' is no pair. Write --column"),
        (("--data", "none.csv", "--model", "milrinone/label_adult"), "'none.csv' cannot be read"),
        (("--data", "x.csv", "--model", "a", "--out", "x.xlsx"), "Name a file that ends in .csv or .parquet"),
    ],
)
def test_what_goes_together(run: Run, words: tuple[str, ...], says: str) -> None:
    ended = run("fit", *words)
    assert ended.code == 2 and says in ended.err and len(ended.err.splitlines()) == 1


def test_parquet_without_its_package_is_told_before_anything_is_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ended = run("fit", "--data", "none.csv", "--model", "a", "--out", str(tmp_path / "subjects.parquet"))
    assert ended.code == 2 and "Parquet needs pyarrow" in ended.err


def test_long_work_shows_a_bar_on_a_terminal(tmp_path: Path, sound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from inotrope.cli import main, progress

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "_LONG", 0.0)
    words = ["fit", "--data", sound, "--model", str(written_model(tmp_path)), "--prospective"]
    assert main.main(words) == 0
    assert "foresee" in stream.getvalue()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (SOUND.replace(",", ";"), "separated by semicolons, and commas are expected"),
        (SOUND.replace(",", "\t"), "separated by tabs, and commas are expected"),
        ("", "The table is empty"),
        (SOUND.splitlines()[0] + "\n", "The table has a header and no row"),
        (bytes(range(256)).decode("latin-1"), "row 1"),
        (SOUND.replace("2,2,0", "1,2,0"), "ID '1' comes back after another one"),
        (SOUND.replace("1,8,0", "1,1,0"), "row 4, column TIME: '1 h' is before the record above"),
        (SOUND.replace("WT", "X"), "needs 'weight' (in kg), and the table has no such column"),
        (SOUND.replace("1,2,0,.,.,70", "1,2,0,.,.,"), "row 3, column WT: weight is empty"),
        (SOUND.replace(",60\n", ",60,1\n"), "row 3: The row has 8 cells; the header has 7"),
        (SOUND.replace("DV", "CONC"), "There is no column DV"),
    ],
)
def test_a_table_that_means_nothing_ends_in_one_line(run: Run, tmp_path: Path, table: str, says: str) -> None:
    path, out = tmp_path / "table.csv", tmp_path / "subjects.csv"
    path.write_bytes(table.encode())
    ended = run("fit", "--data", str(path), "--model", str(written_model(tmp_path)), "--out", str(out))
    assert ended.code == 2 and says in ended.err and len(ended.err.splitlines()) == 1
    assert not out.exists() and ended.out == ""


def test_a_byte_order_mark_is_passed_over(run: Run, tmp_path: Path, sound: str) -> None:
    Path(sound).write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert run("fit", "--data", sound, "--model", str(written_model(tmp_path))).code == 0


def test_the_page_s_example_runs_as_it_stands(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table that the page tells a reader to write, and the command below it, in the repository's folder."""
    root = Path(__file__).parents[2]
    page = (root / "docs" / "fit_tables.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```csv\n(.*?)```", page, flags=re.DOTALL)
    (command,) = re.findall(r"^inotrope (fit --data .*examples/.*)$", page.replace("\\\n", " "), flags=re.MULTILINE)
    (tmp_path / "levels.csv").write_text(table, encoding="utf-8")
    (tmp_path / "examples").symlink_to(root / "examples")
    monkeypatch.chdir(tmp_path)
    ended = run(*shlex.split(command))
    assert ended.code == 0 and ended.err == ""
    assert "a = 1 mg/L, b = 10 %" in " ".join(ended.out.split())  # the unit of the model file
    assert "Implausible" not in ended.out and "Drawn: figures.html" in ended.out
    assert len(read(tmp_path / "subjects.csv")) == 2
    rows = read(tmp_path / "levels_out.csv")
    assert {row["OBS"] for row in rows if row["IWRES"]} == {"3"} and len(rows) == 2 * (3 + 2 + 1 + 3)
