"""One supposed change on a page: the curve then over the one as planned, and that it is no order."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from inotrope.display import to_html, to_text
from inotrope.display.chart import Chart, svg_chart
from inotrope.display.sheet import Card, Lines, Mark, Paragraph, Section, Sheet, Table
from inotrope.display.supposition_sheet import every_model, supposition_blocks
from inotrope.patient import read_case
from inotrope.plan import prepare_plan
from inotrope.plan.supposing.prepared import PreparedPlan
from inotrope.plan.supposing.record import Supposition

CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"


@cache
def prepared(name: str = "running-since-yesterday", allergy: str = "") -> PreparedPlan:
    case = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return prepare_plan(read_case({**case, **({"allergies": [allergy]} if allergy else {})}))


@cache
def supposed(text: str) -> Supposition:
    return prepared().what_if(text)


def chart_of(found: Supposition) -> Chart:
    return next(item for item in supposition_blocks(found) if isinstance(item, Chart))


def test_it_begins_with_what_is_supposed_and_that_it_is_no_order() -> None:
    card = supposition_blocks(supposed("rate 0.3 mcg/kg/min after 2 h"))[0]
    assert isinstance(card, Card) and card.mark is Mark.INFORM and card.head == "WHAT IF:"
    assert card.title == "rate 0.3 mcg/kg/min after 2 h"
    texts = [row.text for row in card.rows]
    assert "0.5 mcg/kg/min for 2 h; 0.3 mcg/kg/min" in texts and any("is no order" in text for text in texts)


def test_a_rate_above_the_limit_is_warned_of_before_the_curve() -> None:
    card = supposition_blocks(supposed("rate 0.8 mcg/kg/min"))[0]
    assert isinstance(card, Card)
    assert [row.mark for row in card.rows if "above what this plan allows" in row.text] == [Mark.WARN]


def test_the_curve_then_lies_over_the_one_as_planned_on_the_clock_of_the_ward() -> None:
    found = supposed("pause 2 h after 6 h")
    chart = chart_of(found)
    label = next(item for item in found.models if item.model == found.first)
    assert label.curve is not None and label.before is not None
    assert label.curve.intervals is not None and label.before.intervals is not None
    assert chart.middle == label.curve.intervals.median.values and chart.other == label.before.intervals.median.values
    assert chart.middle[:24] == chart.other[:24] and chart.middle[32] < chart.other[32]  # in steps of 15 min
    assert "now, 08:00" in svg_chart(chart) and ">14:00<" in svg_chart(chart)
    assert [words for _, words in chart.legend][:2] == ["median then", "median as planned"]


def test_the_chances_stand_beside_those_as_planned() -> None:
    found = supposed("rate 0.3 mcg/kg/min")
    tables = [item for item in supposition_blocks(found) if isinstance(item, Table)]
    chances = next(table for table in tables if table.caption.startswith("Chance"))
    assert chances.head == ("Range", "As planned", "Then")
    assert chances.rows[0][0] == "100 to 300 ng/mL (usual), at 24 h"
    assert all("below" in cell and "above" in cell for row in chances.rows for cell in row[1:])


def test_what_cannot_be_told_is_a_refusal_alone() -> None:
    found = prepared("running-since-yesterday", "milrinone").what_if("rate 0.3 mcg/kg/min")
    (card,) = supposition_blocks(found)
    assert isinstance(card, Card) and card.mark is Mark.REFUSED and "proposes no rate" in card.rows[0].text


def test_where_the_first_model_is_silent_another_draws_and_without_any_it_is_said() -> None:
    found = supposed("kidney 30 mL/min/1.73 m2")
    blind = replace(found, first="milrinone/prielipp_1996")
    assert "level over 24 h, kidney" in chart_of(blind).title
    none = replace(found, models=tuple(replace(item, curve=None, chances=()) for item in found.models))
    assert any(isinstance(item, Paragraph) and "No model draws" in item.text for item in supposition_blocks(none))


def test_a_model_without_a_spread_shows_its_typical_curve_and_no_chance() -> None:
    found = supposed("rate 0.3 mcg/kg/min")
    alone = tuple(item for item in found.models if item.model == "milrinone/butterworth_1995")
    blocks = supposition_blocks(replace(found, models=alone, first=alone[0].model))
    chart = next(item for item in blocks if isinstance(item, Chart))
    assert [words for _, words in chart.legend][:2] == ["the typical curve", "as planned"]
    assert not any(isinstance(item, Table) and item.caption.startswith("Chance") for item in blocks)


def test_recalled_numbers_are_said_beside_the_chances_they_give() -> None:
    found = supposed("rate 0.3 mcg/kg/min")
    first = next(item for item in found.models if item.model == found.first)
    recalled = replace(found, models=(replace(first, recalled=True),))
    lines = [line for item in supposition_blocks(recalled) if isinstance(item, Lines) for line in item.lines]
    assert any("rests on recalled numbers" in line for line in lines)


@pytest.mark.parametrize("text", ["rate 0.3 mcg/kg/min", "pause 2 h", "kidney 30 mL/min/1.73 m2 at 14:00"])
def test_it_is_drawn_on_a_terminal_and_on_a_page(text: str) -> None:
    sheet = Sheet(
        "What if",
        "",
        None,
        (Section("What if", (*supposition_blocks(supposed(text)), *every_model(supposed(text)))),),
        (),
        "notice",
    )
    assert "<svg" in to_html(sheet) and text.split(maxsplit=1)[0] in to_text(sheet)


def test_every_model_stands_apart() -> None:
    (table,) = every_model(supposed("rate 0.3 mcg/kg/min"))
    assert isinstance(table, Table) and "label_adult" in [row[0] for row in table.rows]
    assert table not in supposition_blocks(supposed("rate 0.3 mcg/kg/min"))
    assert every_model(prepared("running-since-yesterday", "milrinone").what_if("rate 0.3 mcg/kg/min")) == []
