"""The floors of ARCHITECTURE.md stand in pyproject.toml, are switched on, and catch a wrong import."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "inotrope"
MODEL = {"kinetics", "circulation", "population", "estimation", "forecast", "simulation", "evaluation"}

# Contracts 2 to 4 of ARCHITECTURE.md, "Floors": who must not import whom.
FORBIDDEN = {
    "doors": ({"web", "hooks"}, {"dosing", "safety", "order"} | MODEL),
    "label": ({"dosing", "safety", "order"}, MODEL),
    "mathematics": ({"kinetics", "circulation"}, {"units", "patient", "drug"}),
}


def contracts() -> dict[str, dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def existing(folders: set[str]) -> set[str]:
    return {f"inotrope.{folder}" for folder in folders if (PACKAGE / folder / "__init__.py").exists()}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_contract_is_switched_on_with_the_folders_it_names(name: str) -> None:
    sources, targets = (existing(folders) for folders in FORBIDDEN[name])
    if not sources or not targets:
        assert name not in contracts()
        return
    contract = contracts()[name]
    assert set(contract["source_modules"]) == sources
    assert set(contract["forbidden_modules"]) == targets


def test_every_folder_that_exists_is_no_longer_optional() -> None:
    floors = [part.strip() for line in contracts()["floors"]["layers"] for part in line.split("|")]
    optional = {floor.strip("()") for floor in floors if floor.startswith("(")}
    assert not existing(optional), "take the parentheses off in [tool.importlinter]"


def test_the_architecture_shows_the_folders_that_exist_and_no_others_as_present() -> None:
    tree = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```")[3]
    shown = dict(re.findall(r"^  ([a-z]+)/ +(.*)$", tree, flags=re.MULTILINE))
    present = {folder for folder, says in shown.items() if not says.startswith("later")}
    there = {folder.name for folder in PACKAGE.iterdir() if any(folder.glob("*.py")) or folder.name == "library"}
    assert present == there


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("patient", "from inotrope import dosing"),
        ("dosing", "import inotrope.safety"),
        ("drug", "from inotrope import Case"),
        ("order", "import inotrope.safety"),
        ("units", "def late():\n    from inotrope.plan import make_plan"),
    ],
)
def test_a_wrong_import_fails_the_build(tmp_path: Path, folder: str, line: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "inotrope", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "inotrope" / folder / "planted.py"
    planted.write_text(line + "\n", encoding="utf-8")
    verdict = lint(tmp_path)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert f"inotrope.{folder}.planted" in verdict.stdout


def test_a_folder_without_a_floor_fails_the_build(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "inotrope", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "inotrope" / "utils.py").write_text("", encoding="utf-8")
    verdict = lint(tmp_path)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert "inotrope.utils" in verdict.stdout
