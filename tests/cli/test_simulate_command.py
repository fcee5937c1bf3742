"""`inotrope simulate`: what it shows, what it writes, and how it ends."""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from inotrope import simulation
from inotrope.cli import progress

from ..simulation.models import write_model
from .conftest import ROOT, Run

LABEL = ("--model", "milrinone/label_adult")
WHOM = ("--weight", "70 kg", "--age", "60 year", "--covariate", "creatinine clearance=80 mL/min/1.73 m2")
REGIMEN = "50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h"
NOT_FOR_ONE = {"numba", "scipy", "polars", "pyarrow", "jinja2", "pint", "matplotlib", "numpy.ma", "numpy.random"}


def test_one_patient_on_a_page(run: Run) -> None:
    ended = run("simulate", REGIMEN, *LABEL, *WHOM)
    assert ended.code == 0
    assert ended.err == ""
    # 30 mcg/kg/h over 0.14 L/kg/h, all but reached after a day.
    assert "Highest  214.2 ng/mL at 24.17 h" in ended.out
    assert "24.17 h  214.2 ng/mL" in ended.out
    assert "Known conflict: In stage D heart failure" in ended.out
    assert "Not known: How clearance follows the kidneys" in ended.out
    assert "not cleared as a medical device" in " ".join(ended.out.split())


def test_json_and_a_file_have_the_same_levels(run: Run, tmp_path: Path) -> None:
    shown = run("simulate", REGIMEN, *LABEL, *WHOM, "--json").json
    assert shown["status"] == "simulated"
    assert shown["units"] == {"TIME": "h", "CP": "ng/mL"}
    out = tmp_path / "levels.csv"
    ended = run("simulate", REGIMEN, *LABEL, *WHOM, "--out", str(out))
    assert "98 rows written" in ended.out
    again = run("simulate", REGIMEN, *LABEL, *WHOM, "--out", str(out), "--overwrite", "--json").json
    assert "columns" not in again
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "TIME,CP"
    written = [[float(cell) for cell in line.split(",")] for line in lines[1:]]
    assert [list(row) for row in zip(*shown["columns"].values(), strict=True)] == written


def test_many_patients_and_their_quantiles(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "levels.csv"
    many = ("--population", "adults_in_heart_failure", "--patients", "50", "--seed", "3")
    ended = run("simulate", REGIMEN, *LABEL, *many, "--step", "6 h", "--out", str(out))
    assert ended.code == 0
    assert "50 virtual patients of adults_in_heart_failure" in " ".join(ended.out.split())
    assert "[!] EXTRAPOLATION" in ended.out
    rows = [line.split(",") for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["ID", "TIME", "CP"]
    assert len(rows) == 1 + 50 * 6
    last = sorted(float(level) for _, time, level in rows[1:] if time.startswith("24.1"))
    quantiles = run("simulate", REGIMEN, *LABEL, *many, "--step", "6 h", "--quantiles", "0, 50, 100", "--json").json
    columns = quantiles["columns"]
    assert columns["CP_P0"][-1] == last[0]
    assert columns["CP_P50"][-1] == pytest.approx((last[24] + last[25]) / 2, rel=1e-15)
    assert columns["CP_P100"][-1] == last[-1]
    drawn = run("simulate", REGIMEN, *LABEL, *WHOM, "--patients", "5", "--seed", "3", "--amounts")
    assert "5 draws of one patient: weight 70 kg" in " ".join(drawn.out.split())


def test_a_population_is_a_name_or_a_file(run: Run) -> None:
    name = "adults_in_heart_failure"
    path = ROOT / "inotrope" / "library" / "populations" / f"{name}.toml"
    words = ("simulate", REGIMEN, *LABEL, "--patients", "5", "--seed", "3", "--step", "12 h", "--json", "--population")
    assert run(*words, str(path)).json["columns"] == run(*words, name).json["columns"]


def test_a_case_goes_on_or_takes_a_regimen(run: Run) -> None:
    goes_on = run("simulate", "running-since-yesterday", *LABEL, "--json").json
    planned = run("simulate", "running-since-yesterday", *LABEL, "--regimen", "pause 1 h", "--json").json
    assert goes_on["columns"]["CP"][0] == planned["columns"]["CP"][0] > 0
    assert planned["columns"]["CP"][-1] < goes_on["columns"]["CP"][-1] / 10
    nothing = run("simulate", "sound-adult", *LABEL, "--json").json
    assert nothing["given"] == "nothing from now on"
    assert set(nothing["columns"]["CP"]) == {0.0}


def test_a_machine_beside_a_regimen(run: Run) -> None:
    replaced = (*WHOM, "--covariate", "kidney replacement=present")
    assert run("simulate", REGIMEN, *LABEL, *replaced).code == 4
    ended = run("simulate", REGIMEN, *LABEL, *replaced, "--machine", "1.2 L/h from 0 h to 30 h")
    assert ended.code == 0
    # 2,100 mcg/h over 9.8 + 1.2 L/h
    assert "24.17 h  190.9 ng/mL" in ended.out
    assert "The machine clears 1.2 L/h beside the body, as entered" in " ".join(ended.out.split())


def test_refusals_end_with_4_and_write_nothing(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "levels.csv"
    for words in (
        (REGIMEN, "--model", "milrinone/cox_2013", *WHOM),
        (REGIMEN, *LABEL, *WHOM[:2], "--age", "8 year", *WHOM[4:]),
        ("dialysis", *LABEL, "--regimen", "0.5 mcg/kg/min"),
    ):
        ended = run("simulate", *words, "--out", str(out))
        assert ended.code == 4, ended.err
        assert "[-] REFUSED  No level is computed" in ended.out
        assert run("simulate", *words, "--json").json["status"] == "refused"
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        (REGIMEN, *LABEL),
        (REGIMEN, "--model", "milrinone/nobody_2000"),
        (REGIMEN, "--model", "nowhere.toml"),
        ("sound-adlt", *LABEL),
        (REGIMEN, *LABEL, *WHOM, "--covariate", "weight=70 kg"),
        (REGIMEN, *LABEL, *WHOM, "--covariate", "creatinine clearance=60 mL/min/1.73 m2"),
        (REGIMEN, *LABEL, *WHOM, "--covariate", "indication"),
        (REGIMEN, *LABEL, *WHOM, "--patients", "many", "--seed", "1"),
        (REGIMEN, *LABEL, *WHOM, "--patients", "10", "--seed", "1", "--quantiles", "a"),
        (REGIMEN, *LABEL, *WHOM, "--threads", "0"),
        (REGIMEN, *LABEL, *WHOM, "--machine", "1.2 L"),
        ("dialysis", *LABEL, "--machine", "1.2 L/h"),
        (REGIMEN, *LABEL, *WHOM, "--out", "nowhere/levels.csv"),
        (REGIMEN, *LABEL, *WHOM, "--out", "-"),
        ("0.5 mcg/kg", *LABEL, *WHOM),
        ("1mg", *LABEL, *WHOM),
        ("levels.csv", *LABEL),
    ],
)
def test_bad_input_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    ended = run("simulate", *words)
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
    told = run("simulate", *words, "--json")
    assert told.code == 2
    assert set(json.loads(told.out)["error"]) == {"kind", "says", "value", "accepted", "where"}


def test_a_case_is_never_written_over(run: Run, tmp_path: Path, sound: dict[str, object]) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(sound), encoding="utf-8")
    named = tmp_path / "case.csv"
    named.symlink_to(case)
    for read, more in ((str(case), ()), (str(case), ("--overwrite",))):
        ended = run("simulate", read, *LABEL, "--out", str(case), *more)
        assert ended.code == 2
        assert "ends in .csv or .parquet" in ended.err
    for option, name in (("--out", named), ("--plot", tmp_path / "case.svg")):
        name.unlink(missing_ok=True)
        name.symlink_to(case)
        ended = run("simulate", str(case), *LABEL, option, str(name), "--overwrite")
        assert ended.code == 2
        assert "is read by this very command" in ended.err
    assert json.loads(case.read_text(encoding="utf-8")) == sound


def test_one_patient_loads_nothing_for_many() -> None:
    program = (
        "import sys; from inotrope.cli.main import main; code = main(sys.argv[1:]); "
        "print(code, sorted(sys.modules), file=sys.stderr)"
    )
    words = [sys.executable, "-c", program, "simulate", REGIMEN, *LABEL, *WHOM]
    shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stderr
    assert shown.startswith("0 ")
    ours = {"inotrope.plan.making", "inotrope.plan.orders", "inotrope.kinetics.many", "inotrope.simulation.tables"}
    assert not {name for name in NOT_FOR_ONE | ours if f"'{name}'" in shown}


def test_a_table_goes_in_and_out(run: Run, tmp_path: Path) -> None:
    """Two boluses of 9 mcg into 9 L: exp(-CL t / V)."""
    model = write_model(tmp_path, compartments=1)
    table, out = tmp_path / "doses.csv", tmp_path / "levels.csv"
    table.write_text("ID,TIME,AMT,CLEAR,V1\n1,0,9,1,9\n1,9,.,1,9\n2,0,9,2,9\n2,9,.,2,9\n", encoding="utf-8")
    words = ("simulate", "--data", str(table), "--model", str(model), "--column", "CLEAR=CL")
    ended = run(*words, "--out", str(out))
    assert ended.code == 0, ended.err
    assert "2 levels of 2 subjects." in ended.out
    rows = [line.split(",") for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["ID", "TIME", "CP"]
    assert [float(row[2]) for row in rows[1:]] == pytest.approx([math.exp(-1), math.exp(-2)], rel=1e-14)
    assert run(*words, "--json").json["columns"]["ID"] == [1, 2]
    table.write_text("ID,TIME,AMT,CLEAR,V1\n1,0,9,1,9\n1,9,.,1,9\n", encoding="utf-8")
    alone = run(*words, "--out", str(out), "--overwrite").out
    assert "1 level of 1 subject." in alone and "1 row written" in alone
    ended = run(*words, "--out", str(table))
    assert ended.code == 2
    assert "is read by this very command" in ended.err
    for wrong in ((*words, REGIMEN), ("simulate", *words[3:]), (*words, "--column", "ID")):
        ended = run(*wrong)
        assert ended.code == 2
        assert ended.is_one_line()


def test_long_work_shows_a_bar_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream)
        monkeypatch.setattr(progress, "_LONG", 0.0)
        with progress.bar("simulate") as told:
            for done in range(1, 4):
                told(done, 3)
        assert ("simulate" in stream.getvalue()) is shown
    quick = Terminal()
    monkeypatch.setattr("sys.stderr", quick)
    monkeypatch.setattr(progress, "_LONG", 60.0)
    with progress.bar("simulate") as told:
        told(3, 3)
    assert quick.getvalue() == ""


def test_the_levels_are_drawn(run: Run, tmp_path: Path) -> None:
    figure, page = tmp_path / "levels.svg", tmp_path / "levels.html"
    many = ("--patients", "40", "--seed", "1", "--quantiles", "5, 25, 50, 75, 95")
    for words in ((*WHOM,), (*WHOM, *many[:4]), (*WHOM, *many)):
        ended = run("simulate", REGIMEN, *LABEL, *words, "--plot", str(figure), "--overwrite")
        assert ended.code == 0, ended.err
        assert "Drawn: " in ended.out
        root = ElementTree.fromstring(figure.read_text(encoding="utf-8"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        intervals = root.findall(".//{http://www.w3.org/2000/svg}polygon")
        assert len(intervals) == (2 if "--patients" in words else 0)
        assert ("90 % of the draws" in ended.out) is bool(intervals)
    assert run("simulate", REGIMEN, *LABEL, *WHOM, "--plot", str(page)).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "<svg" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        (REGIMEN, "--plot", "levels.png"),
        (REGIMEN, "--plot", "nowhere/levels.svg"),
        (REGIMEN, "--plot", "levels.svg", "--patients", "9", "--seed", "1", "--quantiles", "50"),
        (REGIMEN, "--plot", "levels.svg", "--out", "levels.svg"),
        ("--data", "doses.csv", "--plot", "levels.svg"),
    ],
)
def test_what_cannot_be_drawn_is_told_before_anything_is_computed(run: Run, words: tuple[str, ...]) -> None:
    ended = run("simulate", *words, *LABEL, *WHOM)
    assert ended.code == 2
    assert ended.is_one_line()
    assert not Path("levels.svg").exists()


def test_a_refusal_leaves_an_older_file_alone(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "levels.csv"
    out.write_text("TIME,CP\n0,1\n", encoding="utf-8")
    words = ("simulate", REGIMEN, "--model", "milrinone/cox_2013", *WHOM, "--out", str(out), "--overwrite")
    assert run(*words).code == 4
    assert out.read_text(encoding="utf-8") == "TIME,CP\n0,1\n"


def test_a_regimen_is_told_from_a_case(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for regimen in ("0.5mcg/kg/min", " 50 mcg/kg over 10 min", "pause 2 h; 1 mg/h", ".5 µg/kg/min", "20ug/kg/h"):
        assert run("simulate", regimen, *LABEL, *WHOM).code == 0
    case = (ROOT / "inotrope" / "library" / "cases" / "sound-adult.json").read_bytes()
    (tmp_path / "1 mg of hope").write_bytes(case)
    ended = run("simulate", "1 mg of hope", *LABEL)
    assert ended.code == 0
    assert "nothing from now on" in ended.out
    for wrong, says in (("0.5 mcg/kg", "part 1 of the regimen"), ("5 tablets", "neither a file nor a shipped example")):
        assert says in run("simulate", wrong, *LABEL, *WHOM).err


def test_an_older_file_is_left_alone_unless_it_may_be_lost(run: Run, tmp_path: Path) -> None:
    words = ("simulate", "1 mg/h for 2 h", *LABEL, *WHOM)
    for option, name in (("--out", "levels.csv"), ("--plot", "levels.svg"), ("--plot", "levels.HTML")):
        path = tmp_path / name
        path.write_text("months of work\n", encoding="utf-8")
        ended = run(*words, option, str(path))
        assert (ended.code, ended.is_one_line()) == (2, True)
        assert "exists already and is left alone. Name another file, or add --overwrite." in ended.err
        assert path.read_text(encoding="utf-8") == "months of work\n"
        assert run(*words, option, str(path), "--overwrite").code == 0
        assert "months of work" not in path.read_text(encoding="utf-8")
    assert not list(tmp_path.glob("*.part"))


def test_a_file_that_appears_while_levels_are_computed_is_left_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, computed = tmp_path / "levels.csv", simulation.simulate

    def slowly(*words: Any, **more: Any) -> Any:
        path.write_text("another's", encoding="utf-8")
        return computed(*words, **more)

    monkeypatch.setattr(simulation, "simulate", slowly)
    ended = run("simulate", "1 mg/h for 2 h", *LABEL, *WHOM, "--out", str(path))
    assert (ended.code, ended.is_one_line()) == (2, True)
    assert path.read_text(encoding="utf-8") == "another's"


@pytest.mark.parametrize("name", ["levels.xlsx", "levels.csv.gz", "levels", "levels.csv.", "levels.json"])
def test_an_ending_that_is_no_table_of_ours_is_named(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for more in ((), ("--overwrite",)):
        ended = run("simulate", REGIMEN, *LABEL, *WHOM, "--out", str(path), *more)
        assert (ended.code, ended.is_one_line()) == (2, True)
        assert "Name a file that ends in .csv or .parquet, such as levels.csv." in ended.err
        assert path.exists() is bool(more)
        path.write_text("mine", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "mine"


def test_only_an_ordinary_file_is_replaced(run: Run, tmp_path: Path) -> None:
    pipe, link, target = tmp_path / "pipe.csv", tmp_path / "link.csv", tmp_path / "target.csv"
    os.mkfifo(pipe)
    ended = run("simulate", REGIMEN, *LABEL, *WHOM, "--out", str(pipe), "--overwrite")
    assert (ended.code, ended.is_one_line()) == (2, True)
    assert "is not an ordinary file" in ended.err
    link.symlink_to(target)
    assert run("simulate", REGIMEN, *LABEL, *WHOM, "--out", str(link)).code == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("TIME,CP\n")


def test_a_kidney_function_is_assumed_of_a_case(run: Run) -> None:
    words = ("simulate", "no-creatinine", *LABEL, "--regimen", "0.375 mcg/kg/min")
    ended = run(*words)
    assert (ended.code, ended.is_one_line()) == (2, True)
    assert "No creatinine is recorded." in ended.err
    assert "assume one ('60 mL/min/1.73 m2')" in ended.err
    ended = run(*words, "--assume-kidney", "60 mL/min/1.73 m2")
    assert ended.code == 0
    assert "Kidney function is ASSUMED to be 60 mL/min/1.73 m2." in " ".join(ended.out.split())
