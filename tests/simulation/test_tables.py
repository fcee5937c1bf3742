"""Levels of every subject of a table: against outside numbers, an integrator and by hand; read in three ways."""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from inotrope.errors import RequestError
from inotrope.kinetics import Records, concentrations, constant, expand
from inotrope.kinetics.parameters import Parameters
from inotrope.population import Model, Standing, draw_etas, load_model
from inotrope.simulation import simulate
from inotrope.simulation.tables import making, parsing, reading
from inotrope.simulation.tables.subjects import expand_doses

from .models import write_model

REFERENCE = Path(__file__).parents[1] / "authorities" / "two_compartment"
RATES = ((0, 1 / 6, 300), (1 / 6, 6, 30), (6, 24, 22.5), (24, 48, 45))


def reference_table(path: Path) -> Path:
    """Write the reference set's doses, times and bodies as one table, as its README says them."""
    bodies = {
        row["ID"]: row for row in csv.DictReader((REFERENCE / "inputs.csv").read_text(encoding="utf-8").splitlines())
    }
    lines = ["ID,TIME,EVID,AMT,RATE,CL,V1,Q,V2,WT"]
    times: dict[str, list[float]] = {name: [] for name in bodies}
    for row in csv.DictReader((REFERENCE / "output.csv").read_text(encoding="utf-8").splitlines()):
        times[row["ID"]].append(float(row["time"]))
    for name, body in bodies.items():
        weight = float(body["WT"])
        rows: list[tuple[float, int, float | str, float | str]] = [
            (start, 1, rate * weight * (end - start), rate * weight) for start, end, rate in RATES
        ]
        rows += [(time, 0, ".", "") for time in times[name]]
        tail = ",".join(body[column] for column in ("CL", "V1", "Q", "V2", "WT"))
        lines += [
            f"{name},{time!r},{evid},{amount},{rate},{tail}"
            for time, evid, amount, rate in sorted(rows, key=lambda row: row[:2])
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def read_by(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let tables be read by one way only."""

    def only(way: str) -> None:
        if not way.startswith("polars"):
            monkeypatch.setattr(parsing, "find_spec", lambda name: None)
        if way == "cells":
            monkeypatch.setattr(parsing, "_by_numpy", lambda piece, layout: None)

    return only


@pytest.mark.parametrize("way", ["polars", "numpy", "cells", "polars, machine code"])
def test_the_reference_set_comes_out(
    tmp_path: Path, two: Model, read_by: Any, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """50 patients, 200 times each: another engine's output at 17 digits, to 1e-12."""
    read_by(way)
    monkeypatch.setattr(reading, "PIECE", 50_000)  # so that pieces end within subjects
    if "machine code" in way:
        monkeypatch.setattr(making, "LONG", 0)
    seen: list[tuple[int, int]] = []
    found = simulate(two, reference_table(tmp_path / "reference.csv"), told=lambda *done: seen.append(done))
    wanted = np.loadtxt(REFERENCE / "output.csv", delimiter=",", skiprows=1)
    columns = found.columns()
    assert np.array_equal(columns["ID"], wanted[:, 0])
    assert columns["TIME"] == pytest.approx(wanted[:, 1], rel=1e-15)
    assert columns["CP"] == pytest.approx(wanted[:, 2], rel=1e-12)
    assert len(seen) > 10
    assert seen[-1][0] == seen[-1][1]


def test_one_and_two_threads_give_the_same_bits(tmp_path: Path, two: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "LONG", 0)
    table = reference_table(tmp_path / "reference.csv")
    one, both = (simulate(two, table, threads=threads).columns()["CP"] for threads in (1, 2))
    assert np.array_equal(one, both)


ROWS = [
    # ID, TIME, EVID, AMT, RATE, II, ADDL, CL, V1, Q, V2
    (7, 0, 1, 5000, 1000, 0, 0, 5, 20, 8, 40),
    (7, 1, 0, 0, 0, 0, 0, 5, 20, 8, 40),
    (7, 2, 2, 0, 0, 0, 0, 6, 20, 8, 40),
    (7, 3, 1, 900, 0, 2, 2, 3, 25, 8, 40),
    (7, 6.5, 0, 0, 0, 0, 0, 9, 18, 4, 50),
    (7, 12, 0, 0, 0, 0, 0, 9, 18, 4, 50),
]
NAMES = "ID,TIME,EVID,AMT,RATE,II,ADDL,CL,V1,Q,V2"


@pytest.mark.parametrize("over_time", ["next_carried_backward", "last_carried_forward"])
def test_bodies_that_change_within_an_infusion_and_between_repeated_doses(tmp_path: Path, over_time: str) -> None:
    """Against an integrator: an infusion of 5 h, boluses at 3, 5 and 7 h, parameters new at 1, 2, 3 and 6.5 h."""
    model = load_model(write_model(tmp_path, over_time=over_time))
    table = {name: [row[place] for row in ROWS] for place, name in enumerate(NAMES.split(","))}
    found = simulate(model, table, amounts=True)
    times = [row[1] for row in ROWS]
    boluses = {3.0: 900.0, 5.0: 900.0, 7.0: 900.0}
    state, at, wanted = np.zeros(2), 0.0, {}
    for stop in sorted({*times[1:], 5.0, 7.0}):
        place = next(index for index, time in enumerate(times) if time >= stop)
        body = ROWS[place if over_time == "next_carried_backward" else place - 1][7:]
        clearance, v1, q, v2 = body
        rate = 1000.0 if at < 5 else 0.0
        solved = solve_ivp(
            lambda _, a, r=rate, c=clearance, v=v1, f=q, w=v2: [
                r - (c + f) / v * a[0] + f / w * a[1],
                f / v * a[0] - f / w * a[1],
            ],
            (at, stop),
            state,
            method="DOP853",
            rtol=1e-13,
            atol=1e-10,
        )
        state, at = solved.y[:, -1], stop
        wanted[stop] = state.copy()
        state[0] += boluses.get(stop, 0.0)
    asked = [1, 2, 6.5, 12]
    assert found.time_h is not None
    assert found.time_h.tolist() == asked
    assert found.amounts_mcg == pytest.approx(np.array([wanted[time] for time in asked]), rel=1e-11)
    assert set(found.columns()) == {"ID", "TIME", "CP", "A1", "A2"}
    # The level of a row is read in the volume that stands in it, whichever way the volume came there.
    volumes = np.array([20, 20, 18, 18])
    assert found.columns()["CP"] == pytest.approx(np.array([wanted[time][0] for time in asked]) / volumes, rel=1e-11)


def test_a_covariate_on_a_straight_line_takes_the_middle(tmp_path: Path) -> None:
    """CL 2 at 0 h and 4 at 2 h: 3 in between. 100 mcg in 10 L: 10 exp(-0.3 x 2)."""
    model = load_model(write_model(tmp_path, compartments=1, over_time="linear"))
    found = simulate(model, {"ID": [1, 1], "TIME": [0, 2], "AMT": [100, 0], "CL": [2, 4], "V1": [10, 10]})
    assert found.columns()["CP"].tolist() == [pytest.approx(10 * math.exp(-0.6), rel=1e-14)]
    grown = simulate(model, {"ID": [1, 1], "TIME": [0, 2], "AMT": [100, 0], "CL": [3, 3], "V1": [10, 20]})
    assert grown.columns()["CP"].tolist() == [pytest.approx(5 * math.exp(-3 / 15 * 2), rel=1e-14)]


def test_a_steady_state_is_that_of_its_own_row(tmp_path: Path) -> None:
    """CL 2 up to 5 h and 4 in that row: 120 mcg/h for ever come to 30 ng/mL there, whichever entry held before."""
    table = {"ID": [1] * 3, "TIME": [0, 5, 5], "EVID": [2, 1, 0], "AMT": [0] * 3, "RATE": [0, 120, 0], "SS": [0, 1, 0]}
    for over_time in ("next_carried_backward", "last_carried_forward", "linear"):
        model = load_model(write_model(tmp_path, compartments=1, over_time=over_time))
        found = simulate(model, table | {"CL": [2, 4, 4], "V1": [10] * 3})
        assert found.columns()["CP"].tolist() == [0, pytest.approx(30, rel=1e-14)]


def test_the_last_row_is_proved_too(tmp_path: Path) -> None:
    """Its covariates hold for no stretch of time, but its own level is read with them."""
    model = load_model(write_model(tmp_path, compartments=1, over_time="last_carried_forward"))
    with pytest.raises(RequestError, match="volume comes to 0 L") as caught:
        simulate(model, {"ID": [1, 1], "TIME": [0, 2], "AMT": [100, 0], "CL": [3, 3], "V1": [10, 0]})
    assert caught.value.where == "table, row 2, column V1"


def test_steady_state_and_reset_by_hand(one: Model) -> None:
    """V 10 L, CL 1 L/h: SS 1 each 10 h gives 100 / (1 - e^-1) mcg; a reset leaves nothing; then RATE for ever."""
    k = math.exp(-1)
    table = {
        "ID": [1] * 6,
        "TIME": [0, 10, 10, 10, 12, 12],
        "EVID": [1, 0, 3, 0, 4, 0],
        "AMT": [100, 0, 0, 0, 0, 0],
        "RATE": [0, 0, 0, 0, 50, 0],
        "II": [10, 0, 0, 0, 0, 0],
        "SS": [1, 0, 0, 0, 1, 0],
        "CMT": [0, 1, 1, 1, 1, 1],
        "CL": [1] * 6,
        "V1": [10] * 6,
    }
    assert simulate(one, table).columns()["CP"] == pytest.approx([10 * k / (1 - k), 0, 50], rel=1e-14)


def test_units_are_those_of_the_model_file(tmp_path: Path) -> None:
    """Minutes, mg, mg/min and mg/L: 60 mg at 1 mg/min into 20 L with 5 L/h, read after 30 and 90 min."""
    model = load_model(write_model(tmp_path, compartments=1, data=("min", "mg", "mg/L")))
    table = {"ID": [1] * 3, "TIME": [0, 30, 90], "AMT": [60, 0, 0], "RATE": [1, 0, 0], "CL": [5] * 3, "V1": [20] * 3}
    found = simulate(model, table)
    assert found.units == {"ID": "", "TIME": "min", "CP": "mg/L"}
    full = 60 / 5  # mg/L in the end
    an_hour = full * -math.expm1(-0.25)
    wanted = [full * -math.expm1(-0.125), an_hour * math.exp(-0.125)]
    assert found.columns()["CP"] == pytest.approx(wanted, rel=1e-14)
    assert found.columns()["TIME"].tolist() == [30, 90]
    assert found.says[0] == "1 subject."
    assert "TIME is read in min, AMT in mg, RATE in mg/min." in found.says


def test_how_the_table_was_read_is_told(one: Model) -> None:
    table = {"id": [1, 1], "Time": [0, 1], "AMT": [9, 0], "DV": [0, 3], "X 1": [5, 5], "CLEAR": [1, 1], "v1": [9, 9]}
    found = simulate(one, {**table, "WT": [70, 70]}, columns={"CLEAR": "CL"})
    assert found.says[0] == "1 subject."
    assert any(text.startswith("Column CLEAR is CL in L/h. CL: next carried backward: ") for text in found.says)
    assert "Column WT is weight in kg." in " ".join(found.says)
    assert "Without EVID a row with AMT, RATE or SS is a dose, and others ask." in found.says
    assert "Measured levels are not read: DV." in found.says
    assert "Columns not used: X 1." in found.says
    assert found.concentration_ng_per_ml == pytest.approx(math.exp(-1 / 9), rel=1e-14)


def test_a_data_frame_is_a_table(one: Model) -> None:
    table = {"ID": [1.5, 1.5], "TIME": [0, 1], "AMT": [9, None], "CL": [1, 1], "V1": [9, 9]}
    found = simulate(one, table)
    polars = pytest.importorskip("polars")
    framed = simulate(one, polars.DataFrame(table))
    assert framed.columns()["CP"].tolist() == found.columns()["CP"].tolist()
    assert framed.to_polars().columns == ["ID", "TIME", "CP"]
    assert framed.to_polars()["ID"].to_list() == [1.5]


def test_a_seed_draws_every_subject_once(one: Model) -> None:
    """The level of a bolus: each subject's clearance is its own typical one times exp(eta) of its ID."""
    table = {"ID": [4, 4, 9, 9], "TIME": [0, 1, 0, 1], "AMT": [9, 0, 9, 0], "CL": [1, 1, 2, 2], "V1": [9] * 4}
    found = simulate(one, table, seed=5)
    eta = draw_etas(one, patients=[4, 9], seed=5)["clearance"][:, 0]
    assert found.seed == 5
    assert found.columns()["CP"] == pytest.approx(np.exp(-np.array([1, 2]) * np.exp(eta) / 9), rel=1e-14)
    with pytest.raises(RequestError, match="Leave the seed out"):
        simulate(load_model(write_model(one.path.parent, compartments=1, more="")), table, seed=5)


@pytest.mark.parametrize("way", ["polars", "numpy"])
def test_words_and_limits_of_a_table(tmp_path: Path, one: Model, read_by: Any, way: str) -> None:
    read_by(way)
    path = tmp_path / "table.csv"
    head = "ID,TIME,AMT,CL,V1,WT,KIDNEY_REPLACEMENT\n"
    path.write_text(head + "1,0,9,1,9,10, absent\n1,1,,1,9,10,.\n2,0,9,1,9,70,absent\n2,1,.,1,9,,absent\n", "utf-8")
    found = simulate(one, path)
    assert found.standing is Standing.EXTRAPOLATION
    assert found.rows == 2
    path.write_text(
        head + "1,0,9,1,9,70,absent\n1,1,,1,9,70,absent\n3,0,9,1,9,310,absent\n3,1,.,1,9,310,absent\n", "utf-8"
    )
    assert simulate(one, path).refused.startswith("table.csv, row 4, ID 3: weight is 310 kg.")
    path.write_text(head + "1,0,9,1,9,70,absent\n1,1,,1,9,70,present\n1,2,,1,9,70,present\n", "utf-8")
    assert simulate(one, path).refused.startswith("table.csv, row 3, ID 1: A machine replaces the kidneys")
    assert simulate("milrinone/cox_2013", path).refused.startswith("Model milrinone/cox_2013 gives no course")


@pytest.mark.parametrize("seed", range(30))
def test_walking_through_the_doses_alone_changes_nothing(seed: int) -> None:
    """Random records with ties of every kind: the same levels as from the walk through all of them."""
    random = np.random.default_rng(seed)
    count = 40
    evid = random.choice([0, 0, 0, 1, 1, 2, 3, 4], count)
    doses = np.isin(evid, (1, 4))
    rate = np.where(doses & (random.random(count) < 0.6), 50.0, 0.0)
    repeated = doses & (random.random(count) < 0.5)
    records = Records.of(
        time_h=np.sort(random.integers(0, 20, count)).astype(float),
        evid=evid,
        amount_mcg=np.where(doses, 100.0, 0.0),
        rate_mcg_per_h=rate,
        interval_h=np.where(repeated, 3.0, 0.0),
        additional=np.where(repeated, random.integers(0, 4, count), 0),
        steady=np.where(repeated & (random.random(count) < 0.3), 1, 0),
    )
    body = Parameters.of(clearance_l_per_h=5.0, volume_l=20.0, q2_l_per_h=8.0, v2_l=40.0)
    whole, few = expand(records, rows=constant), expand_doses(records)
    assert few.observed_h.tolist() == whole.observed_h.tolist()
    levels = [concentrations(one.timeline, body, one.observed_h, one.observed_segment) for one in (whole, few)]
    assert levels[1] == pytest.approx(levels[0], rel=1e-13, abs=1e-13)


def test_rows_that_only_ask_are_zero_and_not_nothing() -> None:
    looks = Records.observations(time_h=[0.0, 1.0])
    assert expand_doses(looks).observed_h.tolist() == [0, 1]


@pytest.mark.slow
def test_ten_million_rows_stay_within_bounds(tmp_path: Path) -> None:
    """100,000 subjects of 100 rows each: every level by hand, in less memory than two such tables of numbers."""
    model, path = write_model(tmp_path, compartments=1), tmp_path / "long.csv"
    hours = np.arange(1, 100) / 4
    with path.open("w", encoding="utf-8") as stream:
        stream.write("ID,TIME,EVID,AMT,CL,V1,DV\n")
        for subject in range(1, 100_001):
            body = f"{subject % 7 + 1},20,."
            stream.write(f"{subject},0,1,100,{body}\n")
            stream.writelines(f"{subject},{hour},0,.,{body}\n" for hour in hours.tolist())
    program = (
        "import sys; from pathlib import Path; import numpy as np; from inotrope.simulation import simulate\n"
        "found = simulate(sys.argv[1], Path(sys.argv[2]))\n"
        # Its own highest memory, before the comparison takes some: what getrusage tells holds that of the suite as
        # well, out of which this program was started.
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])\n"
        "clearance = found.identity % 7 + 1\n"
        "wanted = 5 * np.exp(-clearance / 20 * found.time_h)\n"
        "assert found.rows == 9_900_000 and np.allclose(found.concentration_ng_per_ml, wanted, rtol=1e-12, atol=0)"
    )
    words = [sys.executable, "-c", program, str(model), str(path)]
    done = subprocess.run(words, cwd=REFERENCE.parents[2], capture_output=True, text=True, check=True, timeout=1800)
    assert int(done.stdout) * 1024 < 2 * 10_000_000 * 7 * 8


def test_every_limit_is_told_wherever_in_the_table_it_is_crossed(
    tmp_path: Path, one: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Subject 1 weighs too little, subject 4 is looked at too late: both are told, though they stand in two pieces."""
    monkeypatch.setattr(reading, "PIECE", 30)
    path = tmp_path / "table.csv"
    rows = ["ID,TIME,AMT,CL,V1,WT"]
    rows += [
        f"{name},0,9,1,9,{10 if name == 1 else 70}\n{name},{500 if name == 4 else 1},0,1,9,70" for name in range(1, 7)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    found = simulate(one, path)
    assert {remark.of for remark in found.remarks} == {"weight", "time", "kidney replacement"}
    assert "Of 6 subjects: 5 studied, 1 beyond those who were studied." in found.says
