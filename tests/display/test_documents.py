"""The documents that readers start from say what the program does: examples are planned, fields are compared."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from inotrope.patient import read_case
from inotrope.plan import PlanStatus, make_plan
from inotrope.plan.running_record import GivenSoFar, RunningInfusion, RunningStep

ROOT = Path(__file__).parents[2]


def examples() -> list[str]:
    """Return every block of JSON in the README: one whole case, and keys that go into it."""
    return re.findall(r"```json\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_readme_s_cases_are_planned_and_one_of_them_runs() -> None:
    whole, nothing, running, syringe = examples()
    case = json.loads(whole)
    assert make_plan(read_case(case)).status is PlanStatus.PLAN
    assert make_plan(read_case({**case, **json.loads(f"{{{nothing}}}")})).running is None
    drawn_up = read_case({**case, **json.loads(f"{{{syringe}}}")})
    assert drawn_up.preparation is not None and drawn_up.preparation.product == "vial"
    plan = make_plan(read_case({**case, **json.loads(f"{{{running}}}")}))
    assert plan.status is PlanStatus.PLAN
    assert plan.running is not None
    assert plan.running.bag_ends is not None


@pytest.mark.parametrize(("name", "has_level"), [("almost-nothing-known", False), ("measured-level", True)])
def test_the_readme_s_python_runs_and_asks_no_question_twice(
    name: str, has_level: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    shutil.copy(ROOT / "inotrope" / "library" / "cases" / f"{name}.json", tmp_path / "case.json")
    monkeypatch.chdir(tmp_path)
    said: list[tuple[object, ...]] = []
    names: dict[str, Any] = {"print": lambda *what: said.append(what)}
    exec(script, names)
    asked = {item.asks for item in names["plan"].missing}
    assert bool(asked) is not has_level  # this case with a level leaves nothing open
    assert sorted(what[0] for what in said if what[0] in asked) == sorted(asked)
    firsts = [what[0] for what in said]
    assert names["fit"].status in firsts
    assert (names["target"].status in firsts) is (names["target"].named is not None)


@pytest.mark.parametrize("record", [RunningInfusion, GivenSoFar, RunningStep])
def test_every_field_of_a_running_infusion_is_explained(record: type) -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    assert [field.name for field in fields(record) if f"`{field.name}`" not in text] == []  # type: ignore[arg-type]


def test_no_field_is_explained_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    explained = {name for line in re.findall(r"^\| (`.*?) \|", text, flags=re.MULTILINE) for name in line.split(", ")}
    known = {f"`{field.name}`" for record in (RunningInfusion, GivenSoFar) for field in fields(record)}
    assert explained == known
