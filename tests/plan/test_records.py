"""What comes out: JSON that fits its published schema, sources named once, versions that name what computed it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inotrope.findings import Truth
from inotrope.patient import Case, read_case
from inotrope.plan import make_plan, plan_schema, screen, screening_schema, to_plain
from inotrope.plan.decks import build_case
from inotrope.plan.missing import missing_questions
from inotrope.plan.versions import program_version
from inotrope.units import Quantity
from tests.worked_cases import worked_cases


def test_plain_values_are_json() -> None:
    moment = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
    content = {"a": (Truth.PRESENT, None, True), "b": [Quantity(Decimal("7.90"), "mL/h")], "c": moment}
    assert json.loads(json.dumps(to_plain(content))) == {
        "a": ["present", None, True],
        "b": [{"value": 7.9, "unit": "mL/h"}],
        "c": "2026-11-22T08:00:00+01:00",
    }


@pytest.mark.usefixtures("uncounted")
def test_every_worked_case_fits_the_published_schemas() -> None:
    bases, decks = worked_cases()
    plan_fits = jsonschema.Draft202012Validator(plan_schema())
    screening_fits = jsonschema.Draft202012Validator(screening_schema())
    statuses, forecast = set(), set()
    for place, deck in enumerate(decks[::7]):
        case = read_case(build_case(bases, deck.content), name=deck.id)
        # One in four with its forecast, whose hundreds of levels take as long as all of the rest.
        plan: Any = to_plain(make_plan(case, forecast=place % 4 == 0))
        statuses.add(plan["status"])
        forecast |= {plan["status"]} if plan["forecast"] is not None else set()
        plan_fits.validate(json.loads(json.dumps(plan)))
        screening_fits.validate(json.loads(json.dumps(to_plain(screen(case)))))
    assert statuses == {"plan", "stopped", "refused"}
    assert {"plan", "refused"} <= forecast


def test_the_schema_refuses_a_plan_with_a_key_too_many_or_too_few(make_case: Callable[..., Case]) -> None:
    fits = jsonschema.Draft202012Validator(plan_schema())
    plan: Any = to_plain(make_plan(make_case()))
    assert fits.is_valid(plan)
    assert not fits.is_valid({**plan, "dose": 1})
    assert not fits.is_valid({key: value for key, value in plan.items() if key != "notice"})
    assert not fits.is_valid({**plan, "maintenance": {**plan["maintenance"], "pump_rate": 9.2}})


@pytest.mark.hazard("taken-for-authority")
def test_every_part_names_its_sources_and_the_plan_lists_each_once(make_case: Callable[..., Case]) -> None:
    plan = make_plan(make_case({"serum potassium": "3.4 mmol/L"}))
    assert plan.maintenance is not None
    assert plan.loading_dose is not None
    listed = [(item.id, item.place, item.status) for item in plan.sources]
    assert len(listed) == len(set(listed))
    used = (*plan.maintenance.sources, *plan.loading_dose.sources, *plan.findings[0].sources, *plan.kidney.sources)
    assert {(item.id, item.place, item.status) for item in used} <= set(listed)
    assert all(item.title and item.where for item in plan.sources)
    assert plan.notice
    assert len(plan.versions.drug_folder) == len(plan.versions.vocabulary) == 64


def test_missing_is_ordered_by_what_would_change_the_dose(make_case: Callable[..., Case]) -> None:
    plan = make_plan(make_case(conditions=None, support=None, measurements=[], preparation=None))
    order = [item.would_change for item in plan.missing]
    ranks = {text: index for index, text in reversed(list(enumerate(order)))}
    assert order[0] == "whether a rate can be given: none is proposed without it"
    assert ranks["whether the drug may be given"] < ranks["a warning"]
    assert len({item.name for item in plan.missing}) == len(plan.missing)
    assert missing_questions((), (), without_pump_rate=True, pump_assumed=True)[0].name == "preparation"


def test_the_version_is_the_installed_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program_version.cache_clear()
    assert program_version() == metadata.version("inotrope")
    (tmp_path / "inotrope-1.2.3.dist-info").mkdir()
    for path, found in (([str(tmp_path)], "1.2.3"), ([], "asked")):
        program_version.cache_clear()
        monkeypatch.setattr("sys.path", path)
        monkeypatch.setattr("importlib.metadata.version", lambda name: "asked")
        assert program_version() == found
    monkeypatch.undo()
    program_version.cache_clear()
