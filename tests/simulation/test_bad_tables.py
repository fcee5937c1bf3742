"""Tables that mean nothing: an error that names row and column, says what is accepted, and never a silent zero."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inotrope.errors import FileError, InotropeError, RequestError
from inotrope.population import Model, load_model
from inotrope.simulation import simulate
from inotrope.simulation.tables import parsing, reading

from .models import write_model

HEAD = "ID,TIME,EVID,AMT,RATE,II,ADDL,SS,CMT,CL,V1"
SOUND = f"""{HEAD}
1,0,1,100,50,0,0,0,1,5,20
1,1,0,.,,.,.,.,1,5,20
1,4,0,.,,.,.,.,1,5,20
2,0,1,100,0,12,1,1,1,6,30
2,5,0,.,,.,.,.,1,6,30
"""
Tell = Callable[..., str]


@pytest.fixture(params=["polars", "numpy"])
def tell(request: pytest.FixtureRequest, tmp_path: Path, one: Model, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Write the sound table with one thing changed, and return what is said of it, with and without polars."""
    if request.param == "numpy":
        monkeypatch.setattr(parsing, "find_spec", lambda name: None)

    def do(old: str, new: str, *, text: str = SOUND, kind: type[InotropeError] = RequestError) -> str:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        path = tmp_path / "table.csv"
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(kind) as caught:
            simulate(one, path)
        return str(caught.value)

    return do


def test_the_table_itself_is_sound(tmp_path: Path, one: Model) -> None:
    path = tmp_path / "table.csv"
    for text in (SOUND, SOUND.replace("\n", "\r\n"), "\ufeff" + SOUND, SOUND.rstrip("\n"), SOUND + "\n\n"):
        path.write_text(text, encoding="utf-8")
        assert simulate(one, str(path)).rows == 3
    path.write_text(SOUND.replace("1,0,1,100", '"1", 0 ,1,1e2'), encoding="utf-8")
    assert simulate(one, path).rows == 3


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("1,4,0", "1,0.5,0", "row 4, column TIME", "is before the record above"),
        (
            "1,4,0",
            "1,-4,0",
            "row 4, column TIME",
            "'-4 h' is before the start of time; accepted is a time of at least 0 h",
        ),
        ("1,4,0", "1,,0", "row 4, column TIME", "TIME is empty"),
        ("1,4,0", "1,noon,0", "row 4, column TIME", "'noon' is not a finite number"),
        ("1,4,0", "1,NaN,0", "row 4, column TIME", "'NaN' is not a finite number"),
        ("1,4,0", "1,inf,0", "row 4, column TIME", "'inf' is not a finite number"),
        ("1,4,0", "1,1e999,0", "row 4, column TIME", "'1e999' is not a finite number"),
        ("1,4,0", "1,4-1,0", "row 4, column TIME", "'4-1' is not a finite number"),
        ("1,4,0", "1,1_0,0", "row 4, column TIME", "'1_0' is not a finite number"),
        ("1,4,0", "1,4,7", "row 4, column EVID", "'7' is no kind of record"),
        ("1,4,0", "1,4,.", "row 4, column EVID", "EVID is empty"),
        ("1,4,0", ",4,0", "row 4, column ID", "The ID is empty"),
        ("1,4,0", "A1,4,0", "row 4, column ID", "'A1' is not a finite number"),
        ("1,4,0,.", "1,4,0,9", "row 4, column AMT", "stands on a record that is no dose"),
        (
            "1,0,1,100,50",
            "1,0,1,-100,50",
            "row 2, column AMT",
            "'-100 mcg' is negative; accepted is an amount of at least 0",
        ),
        (
            "1,0,1,100,50",
            "1,0,1,100,-50",
            "row 2, column RATE",
            "'-50 mcg/h' is negative; accepted is a rate of at least",
        ),
        ("1,0,1,100,50", "1,0,1,100,-1", "row 2, column RATE", "'-1' asks for a modeled rate or duration"),
        ("1,0,1,100,50", "1,0,1,100,-2", "row 2, column RATE", "asks for a modeled rate or duration"),
        ("1,0,1,100,50", "1,0,1,,50", "row 2, column RATE", "has no amount"),
        ("100,50,0,0", "100,50,0,3", "row 2, column II", "gives ADDL no interval"),
        ("100,50,0,0,0", "100,50,0,0,1", "row 2, column II", "gives SS no interval"),
        ("100,50,0,0,0", "100,50,0,0,5", "row 2, column SS", "no kind of steady state"),
        ("100,50,0,0,0,1", "100,50,0,0,0,2", "row 2, column CMT", "not the central compartment"),
        ("2,5,0,.,,.,.,.,1,6,30", "2,5,0,.,,.,.,.,1,6,0", "row 6, column V1", "volume comes to 0 L"),
        (
            "2,5,0,.,,.,.,.,1,6,30",
            "2,5,0,.,,.,.,.,1,6,-3",
            "row 6, column V1",
            "A V1 of '-3 L' is impossible; accepted is 0 L or more",
        ),
        ("2,5,0,.,,.,.,.,1,6,30", "2,5,0,.,,.,.,.,1,0,30", "row 6, column CL", "clearance comes to 0 L/h"),
        (
            "2,5,0,.,,.,.,.,1,6,30",
            "2,5,0,.,,.,.,.,1,,30",
            "row 6, column CL",
            "CL is empty, and model own_2000 needs it",
        ),
        ("2,5,0,.,,.,.,.,1,6,30", "2,5,0,.,,.,.,.,1,nan,30", "row 6, column CL", "'nan' is not a finite number"),
        ("2,5,0,.,,.,.,.,1,6,30", "2,5,0,.,,.,.,.,1,6 L,30", "row 6, column CL", "'6 L' is not a finite number"),
        ("2,5,0,.,,.,.,.,1,6,30", "2,5,0,.,,.,.,.,1,6", "row 6", "has 10 cells; the header has 11"),
        ("2,5,0,.,,.,.,.,1,6,30", "2,5,0,.,,.,.,.,1,6,30,7", "row 6", "has 12 cells; the header has 11"),
        ("2,5,0,.,,.,.,.,1,6,30", '2,5,0,.,,.,.,.,1,6,"30', "row 6", "Close every quote"),
        ("2,0,1,100,0", "\n \r\n,,\n2,0,1,100,-1", "row 8, column RATE", "asks for a modeled rate"),
        ("2,0,1,100,0", "\n\r\n2,0,1,100,-1", "row 7, column RATE", "asks for a modeled rate"),
        ("2,5,0", "1,5,0", "row 6, column ID", "ID '1' comes back after another one"),
    ],
)
def test_a_row_is_named(tell: Tell, old: str, new: str, where: str, says: str) -> None:
    said = tell(old, new)
    assert said.startswith(f"table.csv, {where}: "), said
    assert says in said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (HEAD, HEAD.replace("TIME", "TIMES"), "There is no column TIME. Columns not known: TIMES"),
        (HEAD, HEAD.replace("ID", "NO").replace("AMT", "DOSE"), "There is no column ID and no column AMT"),
        (HEAD, HEAD.replace("CL", "X"), "needs 'CL' (in L/h), and the table has no such column. Columns not known: X"),
        (HEAD, HEAD.replace(",", "\t"), "separated by tabs"),
        (HEAD, HEAD.replace(",", "|"), "separated by bars"),
        (HEAD, HEAD.replace(",", " "), "one column only"),
        (f"{HEAD}\n", "ID\n", "There is no column TIME and no column AMT. Columns not known: none"),
        (HEAD, HEAD.replace("CMT", "cl"), "'CL' and 'cl' are both CL"),
        (HEAD, HEAD.replace(",", ";"), "The table seems separated by semicolons, and commas are expected"),
    ],
)
def test_the_header_is_named(tell: Tell, old: str, new: str, says: str) -> None:
    assert says in tell(old, new)
    assert tell(old, new).startswith("table.csv, row 1")


def test_files_that_are_none(tell: Tell, tmp_path: Path, one: Model) -> None:
    assert "The table is empty" in tell(SOUND, "", kind=FileError)
    assert "a header and no row" in tell(SOUND, HEAD + "\n", kind=FileError)
    assert "a header and no row" in tell(SOUND, HEAD, kind=FileError)
    with pytest.raises(FileError, match="cannot be read"):
        simulate(one, tmp_path / "nowhere.csv")
    path = tmp_path / "bytes.csv"
    path.write_bytes(SOUND.encode() + b"\xff,5,0,.,,.,.,.,1,6,30\n")
    with pytest.raises(FileError, match=r"bytes.csv, row 7: A byte is no text"):
        simulate(one, path)
    path.write_bytes(b"\xff\n")
    with pytest.raises(FileError, match="header is no text"):
        simulate(one, path)


def test_a_table_that_asks_for_nothing(tell: Tell) -> None:
    assert "No row of the table asks for a level" in tell(SOUND, f"{HEAD}\n1,0,1,100,50,0,0,0,1,5,20\n")


def test_an_id_comes_back_in_a_later_piece(one: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PIECE", 40)
    path = tmp_path / "table.csv"

    def write(*names: int) -> None:
        rows = [f"{name},{time},{1 - time},{9 * (1 - time)},1,9" for name in names for time in (0, 1)]
        path.write_text("\n".join(["ID,TIME,EVID,AMT,CL,V1", *rows]), encoding="utf-8")

    write(5, 3, 8, 5)
    with pytest.raises(RequestError, match=r"row 8, column ID: ID '5' comes back"):
        simulate(one, path)
    write(5, 3, 8, 4)
    assert simulate(one, path).columns()["ID"].tolist() == [5, 3, 8, 4]


ID_ROWS = "ID,TIME,EVID,AMT,CL,V1\n{0},0,1,9,1,9\n{0},1,0,0,1,9\n{1},0,1,9,1,9\n{1},1,0,0,1,9\n"


@pytest.mark.parametrize(
    ("first", "second", "row"),
    [
        ("20231004123456787", "20231004123456789", 2),
        ("7", "20231004123456789", 4),
        ("7", "9007199254740992", 4),  # 2**53, which 2**53 + 1 is read as
        ("7", "-9007199254740993", 4),
        ("7", "20231004.123456787", 4),
    ],
)
def test_an_id_of_more_digits_than_a_number_holds_is_refused(
    one: Model, tmp_path: Path, first: str, second: str, row: int
) -> None:
    path = tmp_path / "table.csv"
    for quote in ("", '"'):  # read by polars or NumPy, or cell by cell
        text = ID_ROWS.format(f"{quote}{first}{quote}", f"{quote}{second}{quote}")
        path.write_text(text, encoding="utf-8")
        with pytest.raises(RequestError, match=rf"row {row}, column ID: An ID of about .* two people could become one"):
            simulate(one, path)


def test_columns_of_whole_numbers_are_held_to_it_too(one: Model) -> None:
    names = np.array([5, 5, 20231004123456787, 20231004123456789], dtype=np.int64)
    table = {"ID": names, "TIME": [0, 1, 0, 0], "AMT": [9, 0, 9, 9], "CL": [1] * 4, "V1": [9] * 4}
    with pytest.raises(RequestError, match=r"table, row 3, column ID: An ID of about 2\.0231e"):
        simulate(one, table)


def test_every_id_that_is_kept_comes_back_as_it_was(one: Model, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(ID_ROWS.format("9007199254740990", "9007199254740991"), encoding="utf-8")
    identity = simulate(one, path).identity
    assert identity is not None and identity.tolist() == [9007199254740990, 9007199254740991]
    path.write_text(ID_ROWS.format("1.1", "1.2"), encoding="utf-8")
    identity = simulate(one, path).identity
    assert identity is not None and identity.tolist() == [1.1, 1.2]


def test_without_units_there_is_no_table(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path, data=None))
    with pytest.raises(RequestError, match=r"does not say in which units .* \[data\]"):
        simulate(model, {"ID": [1]})


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"ID": [1, 1], "TIME": [0], "AMT": [9, 0], "CL": [1, 1], "V1": [9, 9]}, "different shapes"),
        ({"ID": [[1]], "TIME": [[0]], "AMT": [[9]], "CL": [[1]], "V1": [[9]]}, "different shapes"),
        ({"ID": [], "TIME": [], "AMT": [], "CL": [], "V1": []}, "has no row"),
        ({"ID": [1], "TIME": ["noon"], "AMT": [9], "CL": [1], "V1": [9]}, "table, row 1, column TIME: 'noon'"),
        ({"ID": [1], "TIME": [float("inf")], "AMT": [9], "CL": [1], "V1": [9]}, "table, row 1, column TIME: 'inf'"),
        (5, "is no regimen, no case and no table"),
        ([1, 2], "is no regimen, no case and no table"),
    ],
)
def test_columns_that_are_none(one: Model, table: Any, says: str) -> None:
    with pytest.raises(RequestError) as caught:
        simulate(one, table)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "more",
    [
        {"covariates": {"weight": "70 kg"}},
        {"regimen": "1 mcg/h"},
        {"times_h": [1]},
        {"until": "2 h"},
        {"step": "2 h"},
        {"patients": 3},
        {"population": "children"},
        {"quantiles": [0.5]},
    ],
)
def test_what_a_table_does_not_read_is_named(one: Model, more: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match=f"A table does not read '{next(iter(more))}'"):
        simulate(one, {"ID": [1]}, **more)
    with pytest.raises(RequestError, match="does not read 'columns'"):
        simulate(one, "1 mcg/h", columns={"X": "CL"})


@pytest.mark.parametrize(
    ("columns", "says"), [({"Y": "CL"}, "There is no column 'Y'"), ({"X": "CLL"}, "is no covariate of model own_2000")]
)
def test_columns_named_wrongly(one: Model, columns: dict[str, str], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        simulate(one, {"ID": [1], "TIME": [0], "AMT": [9], "X": [1], "V1": [9]}, columns=columns)


@pytest.mark.parametrize("row", [1, 2, 3, 4, 5])
def test_a_body_that_comes_to_no_number_is_named(tmp_path: Path, row: int) -> None:
    path = write_model(tmp_path, compartments=1)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('exponent = { value = "1"', 'exponent = { value = "-1"'), encoding="utf-8")
    clearances = [float(place != row) for place in range(1, 6)]
    table = {"ID": [1] * 5, "TIME": range(5), "AMT": [9, 0, 0, 0, 0], "CL": clearances, "V1": [9] * 5}
    with pytest.raises(RequestError, match=rf"table, row {row}, column CL: .*clearance comes to no finite number"):
        simulate(path, table)


def test_an_error_speaks_in_the_units_of_the_table(tmp_path: Path) -> None:
    model = load_model(write_model(tmp_path, compartments=1, data=("min", "mg", "mg/L")))
    sound = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "RATE": [3, 0], "CL": [1, 1], "V1": [9, 9]}
    for column, said in (
        ("AMT", "'-9 mg' is negative; accepted is an amount of at least 0 mg."),
        ("RATE", "'-9 mg/min' is negative; accepted is a rate of at least 0 mg/min."),
        ("TIME", "'-9 min' is before the start of time; accepted is a time of at least 0 min."),
    ):
        with pytest.raises(RequestError) as caught:
            simulate(model, {**sound, column: [-9, 0]})
        assert caught.value.says == said


@pytest.mark.parametrize("weight", [1e-300, 0.0, -70.0, 0.07, 0.29, 400.1, 70_000.0, 1e300])
def test_a_weight_that_nobody_has_is_refused_by_row(weight: float) -> None:
    table = {"ID": [1, 1], "TIME": [0, 1], "AMT": [9, 0], "WT": [70, weight], "AGE": [60, 60], "C": [80, 80]}
    columns = {"C": "creatinine clearance"}
    with pytest.raises(RequestError, match=r"table, row 2, column WT: A weight of .* is 0\.3 kg to 400 kg"):
        simulate("milrinone/label_adult", table, columns=columns)
    for sound in (0.3, 400.0):
        assert simulate("milrinone/label_adult", {**table, "WT": [70, sound]}, columns=columns).rows == 1


LABEL = "milrinone/label_adult"
OF_LABEL = """ID,TIME,AMT,RATE,WT,AGE,CRCL,kidney replacement
1,0,35,2.1,70,60,80,absent
1,4,.,.,70,60,80,absent
2,0,40,2.4,80,65,60,absent
2,4,.,.,80,65,60,absent
"""
SECOND = "1,4,.,.,70,60,80,absent"
CRCL = {"CRCL": "creatinine clearance"}


@pytest.fixture(params=["polars", "numpy", "quoted"])
def levels(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Simulate the label's table as changed, read by polars, by NumPy (with a word: cell by cell), or with quotes."""
    if request.param == "numpy":
        monkeypatch.setattr(parsing, "find_spec", lambda name: None)

    def do(text: str, columns: dict[str, str] = CRCL, encoding: str = "utf-8") -> Any:
        path = tmp_path / "table.csv"
        written = text.replace("2,0,40", '"2",0,40') if request.param == "quoted" else text
        path.write_bytes(written.encode(encoding))
        return simulate(LABEL, path, columns=columns)

    return do


@pytest.mark.parametrize(
    ("cell", "instead", "says"),
    [
        (
            "80",
            "-99",
            "A creatinine clearance of '-99 mL/min/1.73 m2' is impossible; accepted is 0 mL/min/1.73 m2 to 250 ",
        ),
        ("80", "-1", "is impossible"),
        ("80", "999", "needs it on every row: no code such as -99 stands for a missing value."),
        ("80", "", "is empty, and model milrinone/label_adult needs it on every row"),
        ("80", ".", "is empty, and model milrinone/label_adult needs it on every row"),
        ("80", "NA", "'NA' is not a finite number. Write one: no row goes without it."),
        ("80", "80 mL/min", "Write the number alone: its unit stands in the model file."),
        ("80", ">80", "'>80' is not a finite number. Write one"),
        ("80", "8d1", "'8d1' is not a finite number. Write one: no row goes without it."),
        (
            "70",
            "-99",
            "A weight of '-99 kg' is impossible; accepted is 0.3 kg to 400 kg. Model milrinone/label_adult needs",
        ),
        (
            "60",
            "-99",
            "An age of '-99 year' is impossible; accepted is 0 year to 130 year. Where it is not known, leave the cell",
        ),
        ("60", "999", "An age of '999 year' is impossible; accepted is 0 year to 130 year. Where it is not known"),
        ("60", "NA", "Write one; where there is none, leave the cell empty or write a dot."),
        ("4", "4:00", "Write the time since a start, in h: no clock and no date is read."),
        ("4", "2026-01-01", "Write the time since a start, in h: no clock and no date is read."),
        ("4", "-999", "is before the start of time; accepted is a time of at least 0 h"),
        ("4", "NA", "'NA' is not a finite number. Write one: no row goes without it."),
        (
            "absent",
            "NA",
            "'NA' is not what 'kidney replacement' can be: present, absent, unknown. Where it is not known, leave the",
        ),
        ("absent", "yes", "'yes' is not what 'kidney replacement' can be: present, absent, unknown."),
        ("absent", "1", "'1' is not what 'kidney replacement' can be: present, absent, unknown."),
        ("absent", "on", "'on' is not what 'kidney replacement' can be: present, absent, unknown."),
    ],
)
def test_a_missing_value_never_becomes_a_number(levels: Callable[..., Any], cell: str, instead: str, says: str) -> None:
    cells = SECOND.split(",")
    place = cells.index(cell)
    cells[place] = instead
    with pytest.raises(RequestError) as caught:
        levels(OF_LABEL.replace(SECOND, ",".join(cells)))
    assert caught.value.where == f"table.csv, row 3, column {OF_LABEL.splitlines()[0].split(',')[place]}"
    assert says in caught.value.says


@pytest.mark.parametrize("empty", ["", ".", "unknown"])
def test_what_is_not_known_is_said(levels: Callable[..., Any], empty: str) -> None:
    found = levels(OF_LABEL.replace(SECOND, f"1,4,.,.,70,60,80,{empty}"))
    assert any("Whether a machine replaces the kidneys is not recorded" in item.says for item in found.remarks)
    if empty != "unknown":
        found = levels(OF_LABEL.replace(SECOND, f"1,4,.,.,70,{empty},80,absent"))
        assert "age is not known everywhere." in " ".join(item.says for item in found.remarks)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ", "),
        lambda text: text.replace("ID,TIME,AMT,RATE,WT,AGE,CRCL", "id,time,amt,rate,wt,age,crcl"),
        lambda text: text.replace("ID,TIME,AMT,RATE,WT,AGE,CRCL", '"ID","TIME","AMT","RATE","WT","AGE","CRCL"'),
        lambda text: "\n".join(",".join(f'"{cell}"' for cell in row.split(",")) for row in text.split()) + "\n",
        lambda text: text.replace(",35,", ",+3.5e1,"),
    ],
)
def test_the_same_table_written_otherwise_has_the_same_levels(
    levels: Callable[..., Any], change: Callable[[str], str]
) -> None:
    text = OF_LABEL.replace("kidney replacement", "kidney_replacement")
    wanted = levels(text).columns()["CP"].tolist()
    assert len(wanted) == 2
    assert levels(change(text)).columns()["CP"].tolist() == wanted


def test_a_column_is_named_in_any_case_that_is_clear(levels: Callable[..., Any]) -> None:
    assert levels(OF_LABEL, {"crcl": "creatinine clearance"}).rows == 2
    twice = OF_LABEL.replace("AGE", "crcl")
    assert levels(twice, CRCL).rows == 2
    with pytest.raises(RequestError, match="There is no column 'Crcl'"):
        levels(twice, {"Crcl": "creatinine clearance"})


@pytest.mark.parametrize(
    ("change", "kind", "where", "says"),
    [
        (lambda text: text.replace(",", ";"), RequestError, "table.csv, row 1", "seems separated by semicolons"),
        (lambda text: text.replace("2.1", "2,1").replace(",", ";"), RequestError, "table.csv, row 1", "by semicolons"),
        (lambda text: text.replace(",", "\t"), RequestError, "table.csv, row 1", "separated by tabs"),
        (lambda text: text.replace("2.1", "2,1"), RequestError, "table.csv, row 2", "has 9 cells; the header has 8"),
        (lambda text: text.replace("2.1", '"2,1"'), RequestError, "table.csv, row 2, column RATE", "a decimal point"),
        (lambda text: text.replace("\n", "\r"), FileError, "table.csv, row 1", "end in a carriage return alone"),
    ],
)
def test_another_form_of_table_is_named_before_its_columns_are_looked_for(
    tmp_path: Path, change: Callable[[str], str], kind: type[InotropeError], where: str, says: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(change(OF_LABEL).encode())
    with pytest.raises(kind) as caught:
        simulate(LABEL, path, columns=CRCL)
    assert caught.value.where == where
    assert says in caught.value.says
