"""docs/simulate.md and the README do what they say: their commands run, their Python runs, their output is real."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from inotrope.cli.main import main
from inotrope.simulation.tables.columns import RECORDS, SHORT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "simulate.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(text: str) -> list[list[str]]:
    """Return every call of `inotrope simulate` in the text's blocks, one line each."""
    blocks = "\n".join(re.findall(r"```(?:sh|text)\n(.*?)```", text, flags=re.DOTALL)).replace("\\\n", " ")
    found = re.findall(r"^(?:\$ )?inotrope (simulate .*)$", blocks, flags=re.MULTILINE)
    return [shlex.split(line, comments=True) for line in found]


@pytest.mark.parametrize("words", commands(PAGE), ids=lambda words: words[1][:20])
def test_the_page_s_commands_run(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 0, capsys.readouterr().err
    assert "LEVELS OVER TIME" in capsys.readouterr().out


def test_the_page_s_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    exec(script, {})
    assert capsys.readouterr().out.startswith("24.166666666666668 214.2")


def test_every_column_is_named() -> None:
    assert [name for name in (*RECORDS, *SHORT) if f"`{name}`" not in PAGE] == []


def test_the_readme_shows_the_program_s_own_output(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```text\n(\$ inotrope simulate .*?)```", README, flags=re.DOTALL)
    (words,) = commands(f"```text\n{block}```")
    shown = block.replace("\\\n", " ").splitlines()[1:]
    assert main(words) == 0
    real = capsys.readouterr().out.splitlines()
    kept = [line for line in shown if not line.startswith("(and so on")]
    assert len(kept) > 10
    place = real.index(kept[0])
    assert real[place : place + len(kept)] == kept


def test_the_guide_to_models_says_how_occasions_and_measured_levels_are_drawn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It said that occasions have no place on the command line and that levels are never measured ones."""
    guide = (ROOT / "docs" / "adding_a_model.md").read_text(encoding="utf-8")
    assert "`--column OCC=occasion`" in guide.partition("## How patients differ")[2].partition("\n## ")[0]
    assert "`--residual`" in guide.partition("## How far a measured level misses")[2].partition("\n## ")[0]
    assert "no place on its command line" not in guide
    assert main(["simulate", "--help"]) == 0
    told = capsys.readouterr().out
    assert "--column COLUMN=NAME" in told and "--residual" in told


def test_the_page_tells_engines_and_numbers_apart() -> None:
    assert "random numbers of patient k of a seed are bit\nfor bit the same" in PAGE
    assert "differ in the last digit" in PAGE
