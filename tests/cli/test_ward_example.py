"""The simulated ward of examples/: its truth by hand and by the engine, the laws of its ways, its tables by hand."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from inotrope.kinetics import Parameters, Timeline, concentrations

from .conftest import ROOT

FOLDER = ROOT / "examples"
TRUTH = "as the model"


@pytest.fixture(autouse=True)
def beside_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))


def part(name: str) -> Any:
    return importlib.import_module(f"on_a_ward.{name}")


def run(folder: Path, *words: str) -> tuple[list[dict[str, Any]], str]:
    """Return the rows and what the script printed."""
    rows = folder / "rows.json"
    command = [sys.executable, "-W", "error", os.fspath(FOLDER / "ward.py"), "--json", os.fspath(rows), *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=280)
    assert done.returncode == 0, done.stderr
    return json.loads(rows.read_text(encoding="utf-8")), done.stdout


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], str]:
    return run(tmp_path_factory.mktemp("ward"), "--patients", "4", "--truth", TRUTH)


def test_four_patients_obey_the_laws(four: tuple[list[dict[str, Any]], str]) -> None:
    rows, printed = four
    ways = list(dict.fromkeys(row["way"] for row in rows))
    assert len(rows) == 4 * len(ways) == 20
    assert [row["kidneys"] for row in rows if row["way"] == "oracle"] == ["stable", "falling", "falling", "recovering"]
    for row in rows:
        assert row["below"] + row["inside"] + row["above"] == pytest.approx(1)
        assert min(row["below"], row["inside"], row["above"]) >= 0 and row["highest"] >= row["last"] > 0
        best = next(one for one in rows if one["way"] == "oracle" and one["patient"] == row["patient"])
        assert best["inside"] - 2 * best["above"] >= row["inside"] - 2 * row["above"] - 1e-9
    stable = {row["way"]: row for row in rows if row["kidneys"] == "stable"}
    assert stable["fitted dose"]["asked"] == 5 and stable["table at the last creatinine"]["asked"] == 4
    assert "| fitted dose |" in printed and "4 patients" in printed


def test_a_patient_is_the_same_alone_and_by_any_number_of_processes(
    four: tuple[list[dict[str, Any]], str], tmp_path: Path
) -> None:
    again, _ = run(tmp_path, "--patients", "2", "--first", "2", "--processes", "2", "--truth", TRUTH)
    assert again == [row for row in four[0] if row["patient"] >= 2]


def test_the_levels_of_the_truth_are_those_of_the_engine() -> None:
    patients = part("patients")
    one = patients.draw_patient(1, 7)
    flow = np.where((one.grid_h > 0) & (one.grid_h < 30), 1500.0, 0.0)
    own = Parameters.of(
        clearance_l_per_h=one.drug_clearance_l_per_h[None],
        volume_l=np.full((1, one.grid_h.size), one.drug_volume_l),
    )
    line = Timeline.of_rates(one.grid_h, flow, row=np.arange(one.grid_h.size))
    expected = concentrations(line, own, one.grid_h)[0]
    assert one.drug_clearance_l_per_h[0] > 1.5 * one.drug_clearance_l_per_h[-1]  # his kidneys fall
    assert one.levels(flow) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    left, gain = one.between(2.0, 5.0)
    begin, end = one.at(2.0), one.at(5.0)
    assert left * expected[begin] + 1500 * gain == pytest.approx(expected[end])
    slower = patients.draw_patient(1, 7, slower=2.6)
    assert slower.drug_clearance_l_per_h == pytest.approx(one.drug_clearance_l_per_h / 2.6)
    assert slower.creatinine_mg_per_dl == pytest.approx(one.creatinine_mg_per_dl)


def test_creatinine_by_hand() -> None:
    """60 mg/h and 6 L/h are 10 mg/L; at 3 L/h it nears 20 mg/L with k = 3/42 per h: in 24 h by 1 - exp(-24 / 14)."""
    patients = part("patients")
    hours = round(24 / patients.STEP_H)
    clearance = np.array([6.0, *[3.0] * hours, 3.0])
    found = patients.creatinine_course(clearance, 60.0, 42.0)
    first = 1.0  # mg/dL: the first stretch is the steady state
    assert found[:2] == pytest.approx([first, first])
    assert found[-1] == pytest.approx(2 - np.exp(-24 / 14))


def test_what_is_not_known_yet_stands_in_no_case() -> None:
    bedside, patients = part("bedside"), part("patients")
    chart = bedside.Chart(patients.draw_patient(0, 3))
    chart.set(0.0, 5.0)

    def seen(hour: float, *, levels: bool = True) -> list[str]:
        return [item["what"] for item in bedside.case_of(chart, hour, levels=levels)["measurements"]]

    assert seen(9.5).count("concentration") == 0 and seen(10.0).count("concentration") == 1
    assert seen(28.0).count("concentration") == 2 and seen(28.0, levels=False).count("concentration") == 0
    assert seen(9.5).count("serum creatinine") == 1 and seen(22.0).count("serum creatinine") == 3
    assert bedside.decision_hours(levels=True) == [10.0, 22.0, 28.0, 34.0]


def test_a_setting_that_waits_is_dropped_by_a_later_one() -> None:
    bedside, patients = part("bedside"), part("patients")
    chart = bedside.Chart(patients.draw_patient(0, 3))
    chart.set_in_steps(1.0, [(0.0, 5.0), (2.0, 9.0)])
    assert (chart.running(1.0), chart.running(2.9), chart.running(3.0)) == (5.0, 5.0, 9.0)
    chart.set(2.0, 4.0)
    assert chart.settings == [(1.0, 5.0), (2.0, 4.0)]
    assert chart.flow[chart.patient.at(1.5)] == 1000  # 5 mL/h of 200 mcg/mL


def test_means_errors_and_pairs_by_hand() -> None:
    telling = part("telling")
    assert telling.mean_and_error([0.2, 0.4, 0.9]) == pytest.approx((0.5, np.sqrt(0.13 / 3)))
    rows = [
        {"truth": TRUTH, "patient": number, "kidneys": "stable", "way": way, "inside": value}
        for way, values in (("a", (0.5, 0.9)), ("b", (0.1, 0.7)))
        for number, value in enumerate(values)
    ]
    mean, error = telling.difference(rows, TRUTH, ("a", "b"), "inside")
    assert mean == pytest.approx(0.3) and error == pytest.approx(0.1)  # 0.4 and 0.2


def test_the_figure_and_the_text(four: tuple[list[dict[str, Any]], str], tmp_path: Path) -> None:
    telling, rows = part("telling"), four[0]
    ways = list(dict.fromkeys(row["way"] for row in rows))
    drawn = ElementTree.fromstring(telling.svg(rows, ways))
    words = "".join(drawn.itertext())
    assert all(way in words for way in ways) and "below the range" in words
    text = tmp_path / "ward.md"
    text.write_text(f"before\n{telling.BEGIN}\nold\n{telling.END}\nafter\n", encoding="utf-8")
    telling.put_between(text, "new")
    assert text.read_text(encoding="utf-8") == f"before\n{telling.BEGIN}\n\nnew\n{telling.END}\nafter\n"


def test_the_document_has_its_tables_and_its_figure() -> None:
    telling = part("telling")
    text = (ROOT / "docs" / "ward.md").read_text(encoding="utf-8")
    tables = text.partition(telling.BEGIN)[2].partition(telling.END)[0]
    assert "| fitted dose |" in tables and "(ward.svg)" in text
    ElementTree.parse(ROOT / "docs" / "ward.svg")
