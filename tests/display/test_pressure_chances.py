"""The chance of a low pressure under the load, beside each step upward, and marked in the head where it is likely."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inotrope.display import to_text
from inotrope.display.plan_sheet import plan_sheet
from inotrope.display.pressure_chances import headline_row, load_rows, step_chances
from inotrope.display.sheet import Mark
from inotrope.patient import read_case
from inotrope.plan import Plan, make_plan

from ..plan.circulation.course_by_hand import course, quantity, rate
from .conftest import CASES


@pytest.fixture(name="plan", scope="module")
def _plan() -> Plan:
    """Give the plan of the shipped catheter with the course by hand, in which one of its two steps has a chance."""
    bare = make_plan(read_case(CASES / "right-heart-catheter.json"), forecast=False)
    return replace(bare, circulation=replace(course(), rates=(rate("0.5", "printed in the label", 2.0),)))


def test_under_the_load_stands_the_hour_with_it_and_without_it(plan: Plan) -> None:
    (row,) = load_rows(plan)
    assert row.text.startswith("MAP below 65 mmHg within an hour: 14 % with the load, 4 % without it (judgement")
    assert row.mark is None and row.text in " ".join(to_text(plan_sheet(plan), width=400).split())
    load = plan.circulation.load  # type: ignore[union-attr]
    assert load is not None
    likely = replace(load, with_load=replace(load.with_load, below=quantity(50, "%")))
    (row,) = load_rows(with_course(plan, load=likely))
    assert row.mark is Mark.WARN
    nobody = replace(load, without=replace(load.without, below=None))
    assert load_rows(with_course(plan, load=nobody)) == load_rows(with_course(plan, load=None)) == ()


def test_beside_each_step_upward_stands_its_chance(plan: Plan) -> None:
    assert [str(step.rate) for step in plan.titration] == ["0.5 mcg/kg/min", "0.75 mcg/kg/min"]
    assert step_chances(plan) == ("MAP below 65 mmHg in a day", ("24 %", "not told"))
    text = to_text(plan_sheet(plan), width=200)
    (line,) = [line for line in text.splitlines() if "12.3 mL/h" in line]
    assert line.rstrip().endswith("24 %") and "the chance at that rate, from when it may run" in text
    assert step_chances(with_course(plan, rates=())) is None
    assert step_chances(with_course(plan, below=None)) is None


def test_from_even_chances_on_the_head_marks_it_and_changes_nothing_else(plan: Plan) -> None:
    (row,) = headline_row(plan)
    assert row.mark is None and "it selects no rate" in row.text
    below = plan.circulation.below  # type: ignore[union-attr]
    assert below is not None
    (row,) = headline_row(with_course(plan, below=replace(below, ever=quantity(50, "%"))))
    assert row.mark is Mark.WARN
    bare = replace(plan, circulation=None)
    assert headline_row(bare) == load_rows(bare) == () and step_chances(bare) is None
    assert plan_sheet(plan).status.mark is plan_sheet(bare).status.mark  # type: ignore[union-attr]


def with_course(plan: Plan, **changed: object) -> Plan:
    assert plan.circulation is not None
    return replace(plan, circulation=replace(plan.circulation, **changed))  # type: ignore[arg-type]
