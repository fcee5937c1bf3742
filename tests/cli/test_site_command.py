"""`inotrope site check`: every problem of a hospital's own file, or every change that it makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inotrope.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "inotrope" / "library" / "sites" / "example-site.toml"


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "site.toml"
    path.write_text('[pump]\nstep = "3"\n[limits]\n"load.dose" = "90 mcg/kg"\n', encoding="utf-8")
    return str(path)


def test_the_example_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "check", str(EXAMPLE)]) == 0
    said = capsys.readouterr().out
    assert "limits.maintenance.maximum (adult-acute-decompensated-heart-failure): 0.75 mcg/kg/min" in said
    assert "limits.maintenance.maximum: 0.7 mcg/kg/min has no effect for adult-cardiogenic-shock, child-" in said
    assert "preterm-after-duct-ligation-hallik: the library is stricter there" in said
    assert "example-site.toml: 0 problems;" in said
    assert main(["site", "check", str(EXAMPLE), "--json"]) == 0
    idle = json.loads(capsys.readouterr().out)["without_effect"]
    assert {
        "path": "limits.maintenance.maximum",
        "library": "0.5 mcg/kg/min",
        "site": "0.7 mcg/kg/min",
        "entry": "adult-cardiogenic-shock",
    } in idle


def test_a_setting_that_reaches_nobody_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[limits]\n"load.dose" = "75 mcg/kg"\n', encoding="utf-8")
    assert main(["site", "check", str(path)]) == 3
    said = capsys.readouterr().out
    assert "'75 mcg/kg' would change nothing in load.dose: the library has 50 mcg/kg" in said
    assert "write less than 75 mcg/kg, or leave it out" in said


def test_every_problem_is_printed_with_its_place(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "check", bad]) == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("site.toml, line 2: pump.step: Step '3' has no unit")
    assert "site.toml, line 4: limits.load.dose: '90 mcg/kg' would loosen load.dose" in lines[1]
    assert lines[-1] == "site.toml: 2 problems; nothing of it is used."


def test_as_json(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "check", bad, "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert [item["where"] for item in found["problems"]] == [
        "site.toml, line 2: pump.step",
        "site.toml, line 4: limits.load.dose",
    ]
    assert found["changes"] == []
    assert main(["site", "check", str(EXAMPLE), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


def test_a_plan_with_a_bad_file_is_no_plan(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "sound-adult", "--site", bad]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("inotrope: site.toml, line 2: pump.step:")


def test_one_problem_stands_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[pump]\nstep = "3"\n', encoding="utf-8")
    assert main(["site", "check", str(path)]) == 3
    assert "site.toml: 1 problem; nothing of it is used." in capsys.readouterr().out
