"""`inotrope circulation`: what it shows, what it draws, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inotrope.plan.circulation import making
from inotrope.plan.circulation.loops import WITHOUT

from ..plan.circulation.whom import written
from .conftest import CASES, Run

TYPICAL = ("--typical", "decompensated_heart_failure")


@pytest.fixture(autouse=True)
def _no_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "loops_of", lambda *_: WITHOUT)


def test_what_is_missing_is_a_refusal_that_asks(run: Run) -> None:
    ended = run("circulation", "sound-adult")
    assert (ended.code, ended.err) == (4, "")
    assert "Missing: cardiac output, central venous pressure" in " ".join(ended.out.split())
    assert "typical heart (an adult with decompensated heart failure)" in " ".join(ended.out.split())


def test_a_typical_heart_is_said(run: Run) -> None:
    ended = run("circulation", "sound-adult", *TYPICAL)
    assert ended.code == 0
    assert "[~] ASSUMED" in ended.out and "selects no rate" in ended.out
    shown = run("circulation", "sound-adult", *TYPICAL, "--json").json
    assert shown["status"] == "predicted" and shown["typical"] is True
    assert shown["moments"][0]["level"] == {"value": 192.6, "unit": "ng/mL"}  # of his own kidneys


def test_it_draws_a_picture_or_a_page(run: Run, tmp_path: Path) -> None:
    picture, page = tmp_path / "chain.svg", tmp_path / "chain.html"
    ended = run("circulation", "sound-adult", *TYPICAL, "--plot", str(picture))
    assert ended.code == 0 and "Drawn: " in ended.out
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    assert run("circulation", "sound-adult", *TYPICAL, "--plot", str(page), "--json").code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    same = tmp_path / "same.html"
    assert run("circulation", "sound-adult", *TYPICAL, "--html", str(same), "--json").code == 0
    assert same.read_text("utf-8") == page.read_text("utf-8")
    assert run("circulation", "sound-adult", *TYPICAL, "--html", str(same), "--plot", str(picture)).code == 2
    assert run("circulation", "sound-adult", *TYPICAL, "--html", str(tmp_path / "page.svg")).code == 2
    again = run("circulation", "sound-adult", *TYPICAL, "--plot", str(picture))
    assert again.code == 2 and "exists already" in again.err
    assert run("circulation", "sound-adult", *TYPICAL, "--plot", str(picture), "--overwrite").code == 0
    refused = run("circulation", "sound-adult", "--plot", str(tmp_path / "none.svg"))
    assert refused.code == 4 and "Not drawn" in refused.out and not (tmp_path / "none.svg").exists()


def test_bad_numbers_are_one_line_that_names_the_pair(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(written({"mean arterial pressure": "12 mmHg"})), encoding="utf-8")
    ended = run("circulation", str(file))
    assert ended.code == 2 and ended.is_one_line()
    assert "mean arterial pressure and central venous pressure: " in ended.err
    shown = run("circulation", str(file), "--json").json
    assert shown["error"]["kind"] == "circulation"


def test_a_regimen_and_a_model(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(written()), encoding="utf-8")
    shown = run("circulation", str(file), "--regimen", "0.5 mcg/kg/min for 24 h", "--json").json
    other = run(
        "circulation", str(file), "--regimen", "0.5 mcg/kg/min for 24 h", "--model", "milrinone/prielipp_1996", "--json"
    ).json
    assert shown["given"] == "0.5 mcg/kg/min for 24 h" and shown["typical"] is False
    assert shown["moments"][0]["level"] != other["moments"][0]["level"]
    bad = run("circulation", str(file), "--regimen", "a bit")
    assert bad.code == 2 and bad.is_one_line()


REGIMEN = ("--regimen", "0.375 mcg/kg/min")


def few(folder: Path) -> str:
    """Write the shipped patient with three readings of his circulation: enough for a day, not for before and during."""
    table = json.loads((CASES / "right-heart-catheter.json").read_text(encoding="utf-8"))
    gone = {"central venous pressure", "pulmonary capillary wedge pressure", "mean pulmonary artery pressure"}
    gone |= {
        "systemic vascular resistance",
        "left ventricular ejection fraction",
        "right ventricular ejection fraction",
    }
    table["measurements"] = [item for item in table["measurements"] if item["what"] not in gone]
    file = folder / "few.json"
    file.write_text(json.dumps(table), encoding="utf-8")
    return str(file)


def test_a_regimen_shows_the_day_and_its_chance_of_a_low_pressure_comes_first(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "day.html"
    ended = run("circulation", "right-heart-catheter", *REGIMEN, "--plot", str(page))
    lines = ended.out.splitlines()
    assert ended.code == 0 and "it selects no rate" in lines[2]
    assert re.fullmatch(r" +MAP below 65 mmHg within 24 h: .* % \(judgement\)", lines[3])
    assert "In 24 h" in ended.out and "with level and readings uncertain" in " ".join(ended.out.split())
    assert max(len(line) for line in lines if str(page) not in line) <= 80
    assert page.read_text(encoding="utf-8").count(", over 24 h: median") == 4


def test_three_readings_are_enough_for_a_day_and_what_they_are_not_enough_for_is_said(run: Run, tmp_path: Path) -> None:
    case, page, picture = few(tmp_path), tmp_path / "day.html", tmp_path / "chain.svg"
    ended = run("circulation", case, *REGIMEN, "--plot", str(page))
    text = " ".join(ended.out.split())
    assert ended.code == 0 and "Drawn: " in text and "[-] REFUSED" not in text
    assert "Before and during are not" in text and "Missing: central venous pressure" in text
    assert "PCWP, 90 %" in ended.out and ", over 24 h: median" in page.read_text(encoding="utf-8")
    none = run("circulation", case, *REGIMEN, "--plot", str(picture))
    assert none.code == 0 and "Not drawn: the chain needs the numbers that are missing" in none.out
    assert not picture.exists()
    assert run("circulation", case).code == 4


def test_a_day_that_is_refused_beside_what_is_missing_refuses_all(run: Run, tmp_path: Path) -> None:
    table = json.loads(Path(few(tmp_path)).read_text(encoding="utf-8"))
    table["measurements"] = [item for item in table["measurements"] if item["what"] != "heart rate"]
    (tmp_path / "none.json").write_text(json.dumps(table), encoding="utf-8")
    ended = run("circulation", str(tmp_path / "none.json"), *REGIMEN)
    assert (
        ended.code == 4 and "Nothing is predicted" in ended.out and "it needs heart rate" in " ".join(ended.out.split())
    )
