"""What if, on a plan's sheet: a table for each change, its regimen above it, and why a model is silent below it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from inotrope.display import plan_sheet, to_html, to_text
from inotrope.display.sheet import Lines, Paragraph, Table
from inotrope.display.what_if_sheet import what_if_blocks
from inotrope.patient import read_case
from inotrope.plan import Plan, make_plan

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"


def asked(*texts: str, name: str = "sound-adult", **changes: object) -> Plan:
    case = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return make_plan(read_case({**case, **changes}), what_if=texts)


def blocks(plan: Plan) -> list[object]:
    assert plan.forecast is not None
    return list(what_if_blocks(plan.forecast))


def test_nothing_asked_is_nothing_shown() -> None:
    assert blocks(asked()) == []
    assert "What if" not in to_text(plan_sheet(asked()))


def test_a_change_shows_each_moment_before_and_after_it() -> None:
    first, title, table = blocks(asked("pause 2 h after 6 h"))
    assert isinstance(first, Paragraph) and "is no order" in first.text
    assert isinstance(title, Lines) and title.title == "What if: pause 2 h after 6 h"
    assert isinstance(table, Table)
    assert table.head == ("Model", "At 8 h, as planned", "At 8 h, then", "At 24 h, as planned", "At 24 h, then")
    label = next(row for row in table.rows if row[0] == "label_adult")
    assert all("ng/mL" in cell for cell in label[1:]) and " to " in label[2]
    assert all(row[0] != "osaka_2009" for row in table.rows)  # no curve, and nothing new in the end


def test_a_model_without_a_curve_has_only_the_end_and_that_stands_last() -> None:
    table = blocks(asked("kidney 30 mL/min/1.73 m2"))[2]
    assert isinstance(table, Table)
    assert table.head[-1] == "In the end, then"
    osaka = next(row for row in table.rows if row[0] == "osaka_2009")
    assert osaka[1:3] == ("none", "none") and "typical" in osaka[4]


def test_who_is_silent_then_is_named_once_with_the_reason() -> None:
    silent = blocks(asked("kidney 30 mL/min/1.73 m2"))[-1]
    assert isinstance(silent, Lines) and silent.title == "Do not answer then"
    (line,) = silent.lines
    assert "prielipp_1996: It does not know the kidneys" in line and "bailey_1994" in line


def test_where_every_model_is_silent_there_is_no_table() -> None:
    plan = asked("kidney 30 mL/min/1.73 m2")
    assert plan.forecast is not None
    (item,) = plan.forecast.what_if
    silent = replace(item, models=tuple(model for model in item.models if model.refused))
    found = what_if_blocks(replace(plan.forecast, what_if=(silent,)))
    assert not any(isinstance(block, Table) for block in found) and len(found) == 3


def test_a_rate_above_the_limit_says_so_above_its_table() -> None:
    title = blocks(asked("rate 0.8 mcg/kg/min"))[1]
    assert isinstance(title, Lines) and "lies above what this plan allows" in title.lines[1]


def test_a_change_that_cannot_be_supposed_says_why() -> None:
    plan = asked("rate 0.25 mcg/kg/min", name="running-since-yesterday", allergies=["milrinone"])
    (_, told) = blocks(plan)
    assert isinstance(told, Lines) and "proposes no rate" in told.lines[0]
    assert "What if: rate <span" in to_html(plan_sheet(plan))


def test_kidneys_that_change_where_nothing_is_given_need_no_regimen() -> None:
    given = [{"of": "milrinone", "start": "2026-11-22T04:00:00+01:00", "dose": "50 mcg/kg", "duration": "10 min"}]
    found = blocks(asked("kidney 30 mL/min/1.73 m2", allergies=["milrinone"], administrations=given))
    text = " ".join(
        to_text(plan_sheet(asked("kidney 30 mL/min/1.73 m2", allergies=["milrinone"], administrations=given))).split()
    )
    assert "What if: kidney 30 mL/min/1.73 m2 from now on - Supposed: nothing more is given" in text
    assert any(isinstance(block, Table) for block in found)
