"""The scripts of examples/ run as they stand; both READMEs name each, and say how its plan ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from inotrope.cli.cases import find_case
from inotrope.display import plan_sheet, to_text
from inotrope.plan import make_plan

from .conftest import CASES, ROOT

SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
OWN_TEST = {"ward"}


@pytest.mark.parametrize("script", [path for path in SCRIPTS if path.stem not in OWN_TEST], ids=lambda path: path.stem)
def test_an_example_runs(script: os.PathLike[str]) -> None:
    words = [sys.executable, "-W", "error", os.fspath(script)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_readme_names_every_script_and_every_case() -> None:
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert SCRIPTS
    for path in (*SCRIPTS, *CASES.glob("*.json")):
        assert f"`{path.name if path.suffix == '.py' else path.stem}`" in text


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.json")))
def test_both_readmes_say_how_the_plan_of_a_case_ends(name: str) -> None:
    plan = make_plan(find_case(name), forecast=False)
    heading = to_text(plan_sheet(plan)).splitlines()[2]
    ends = {"[X] STOP ": "(stopped)", "[-] REFUSED ": "(refused)", "[?] PLAN, INCOMPLETE": "(incomplete)"}
    told = next((word for begin, word in ends.items() if heading.startswith(begin)), "")
    readme = (ROOT / "README.md").read_text(encoding="utf-8").split("Shipped examples to start from", 1)[1]
    listed = re.search(rf"`{name}`( \([a-z]+\))?[,.]", readme)
    rows = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"\| `{name}` \|[^|]*?(\([a-z]+\))? \|", rows)
    assert listed is not None and row is not None
    assert ((listed[1] or "").strip(), row[1] or "") == (told, told)
