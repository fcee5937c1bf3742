"""`inotrope fit --data --plot`: the figures of a table as one SVG or as a page, and the check in words and in JSON."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.estimation.models import write_model

from .conftest import Run

HEAD = "ID,TIME,AMT,RATE,DV,CENS,WT\n"
NAME = "{http://www.w3.org/2000/svg}"


def table(folder: Path, *, measured: bool = True, name: str = "levels.csv") -> str:
    """Write a table of six subjects with a load, an infusion and three levels each."""
    lines = []
    for subject in range(1, 7):
        lines += [f"{subject},0,4000,24000,.,.,70", f"{subject},0.2,40000,2000,.,.,70"]
        for hour, level in ((1, 180), (8, 210), (19, 250)):
            value = level * (0.7 + 0.1 * subject)
            lines.append(f"{subject},{hour},0,0,{value if measured else '.'},{0 if measured else '.'},70")
        if measured:
            lines.append(f"{subject},40,0,0,20,1,70")
    path = folder / name
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = write_model(tmp_path)
    units = '\n[data]\ntime = "h"\namount = "mcg"\nconcentration = "ng/mL"\n'
    path.write_text(path.read_text(encoding="utf-8") + units, encoding="utf-8")
    return str(path)


def test_every_figure_is_drawn(run: Run, tmp_path: Path, model: str) -> None:
    figure, page = tmp_path / "all.svg", tmp_path / "all.html"
    ended = run("fit", "--data", table(tmp_path), "--model", model, "--plot", str(figure))
    assert ended.code == 0, ended.err
    assert f"Drawn: {figure}" in ended.out
    words = " ".join(ended.out.split())
    assert "Prediction-corrected check: measured, and where 90 % of drawn tables lie" in words
    assert "measured percentiles lie inside" in words and max(map(len, ended.out.splitlines()[:-1])) <= 80
    root = ElementTree.fromstring(figure.read_text(encoding="utf-8"))
    titles = [item.text for item in root.iter(f"{NAME}text") if item.attrib.get("font-weight") == "700"]
    assert titles[0] == "paper_2000: levels.csv" and "Share below quantification" in titles
    assert len(root.findall(f"{NAME}svg")) == 7 + 6  # predictions, residuals, the two checks, the share, six subjects
    again = run("fit", "--data", table(tmp_path), "--model", model, "--plot", str(figure))
    assert again.code == 2 and "--overwrite" in again.err
    ended = run("fit", "--data", table(tmp_path), "--model", model, "--prospective", "--plot", str(page))
    assert ended.code == 0, ended.err
    written = page.read_text(encoding="utf-8")
    assert written.startswith("<!DOCTYPE html>") and "Later levels foreseen" in written
    assert written.count('<svg class="chart figure"') == 13


def test_json_has_the_checks(run: Run, tmp_path: Path, model: str) -> None:
    page = tmp_path / "all.html"
    ended = run("fit", "--data", table(tmp_path), "--model", model, "--json", "--plot", str(page))
    assert ended.code == 0 and page.exists()
    plain, corrected = ended.json["checks"]
    assert not plain["corrected"] and corrected["corrected"] and plain["limit"] == 20
    assert plain["units"] == {"time": "h", "concentration": "ng/mL"} and plain["percentiles"] == [5, 50, 95]
    (one,) = plain["bins"]  # 24 levels are one bin
    assert (one["from"], one["to"], one["levels"], one["below"]) == (1, 40, 24, 0.25)
    # Of 24 levels six are below the limit; the median lies between places 11 and 12, the 6th and 7th of the others.
    others = sorted(level * (0.7 + 0.1 * subject) for level in (180, 210, 250) for subject in range(1, 7))
    assert one["measured"][0] is None
    assert one["measured"][1] == pytest.approx((others[5] + others[6]) / 2, rel=1e-12)
    again = run("fit", "--data", table(tmp_path), "--model", model, "--json")
    assert "checks" not in again.json


def test_without_a_level_nothing_is_drawn(run: Run, tmp_path: Path, model: str) -> None:
    figure = tmp_path / "none.svg"
    ended = run("fit", "--data", table(tmp_path, measured=False), "--model", model, "--plot", str(figure))
    assert ended.code == 0, ended.err
    assert "Not drawn: no level was measured." in ended.out and not figure.exists()


def test_a_drawing_goes_to_a_place_of_its_own(run: Run, tmp_path: Path, model: str) -> None:
    data = table(tmp_path)
    for words in (
        ("--plot", str(tmp_path / "all.png")),
        ("--plot", data),
        ("--plot", str(tmp_path / "no" / "all.svg")),
    ):
        ended = run("fit", "--data", data, "--model", model, *words)
        assert ended.code == 2 and ended.out == "" and ended.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["levels.csv", "paper_2000.toml"]
