"""Moving kidneys and a range that is left, on the plan's sheet and its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from inotrope.display import plan_sheet, to_html, to_text
from inotrope.display.chart import Chart, svg_alone, text_chart
from inotrope.display.forecast_sheet import forecast_section
from inotrope.display.sheet import References, Section
from inotrope.plan import Plan
from inotrope.plan.forecast_record import LevelForecast, ModelLevels
from inotrope.units import Quantity

PlanOf = Callable[..., Plan]


def of(plan: Plan) -> LevelForecast:
    assert plan.forecast is not None
    return plan.forecast


def charts(section: Section) -> list[Chart]:
    return [block for block in section.blocks if isinstance(block, Chart)]


def words(plan: Plan, *, brief: bool = True, width: int = 300) -> str:
    return " ".join(to_text(plan_sheet(plan, brief=brief), width=width).split())


def label(found: LevelForecast) -> ModelLevels:
    return next(item for item in found.models if item.model == found.first)


def test_moving_kidneys_are_said_drawn_and_put_in_a_table(plan_of: PlanOf) -> None:
    plan = plan_of("rising-creatinine")
    found, text = of(plan), words(plan)
    model, course = label(found), found.kidney
    assert course is not None and course.now.median is not None
    assert "another number than the kidney function that limits the rate" in text
    assert f"move: clearance now {course.now.median}, 90 % " in text and "2.1 mg/dL, 1.8 h ago" in text
    assert "When 100 to 300 ng/mL is left by label_adult" in text
    for name, leaves in (("unchanged", model.leaves), *((way.kidneys, way.leaves) for way in model.ahead)):
        above, below = leaves[0], leaves[1]
        row = next(line for line in to_text(plan_sheet(plan), width=200).splitlines() if line.startswith(f"  {name} "))
        assert above.chance.shown(0) in row and below.chance.shown(0) in row
        hours = [str(hour) if hour is not None else "later" for hour in (above.by_5_percent, above.by_half)]
        assert ", ".join(hours) in row and above.at_the_end.shown(0) in row
    assert "There is oliguria" in text and "no forecast" in text


def test_the_chart_holds_three_medians_that_are_told_apart_without_color(plan_of: PlanOf) -> None:
    found = of(plan_of("rising-creatinine"))
    (chart,) = charts(forecast_section(found, References(), brief=True))
    model = label(found)
    assert model.curve is not None and model.curve.intervals is not None
    better, worse = (way.curve.intervals for way in model.ahead)
    assert better is not None and worse is not None
    assert (chart.middle, chart.third, chart.other) == (
        model.curve.intervals.median.values,
        better.median.values,
        worse.median.values,
    )
    assert "+: median if they worsen; .: median if they recover" in chart.key
    drawn = "\n".join(text_chart(chart, 80))
    assert all(sign in drawn for sign in "*+.#:")
    svg = svg_alone(chart)
    assert svg.count("<polyline") == 3 and "median if they recover" in svg
    assert chart.top >= max(worse.highest.values)


def test_the_whole_sheet_draws_the_clearance_with_its_unit_on_every_tick(plan_of: PlanOf) -> None:
    found = of(plan_of("rising-creatinine"))
    every = charts(forecast_section(found, References(), brief=False))
    (clearance,) = [chart for chart in every if chart.unit == "mL/min/1.73 m2"]
    assert clearance.time_h[0] == -48 and clearance.band is None and "Medians: unchanged" in clearance.says
    lines = list(text_chart(clearance, 80))
    assert all(len(line) <= 80 for line in lines)
    assert sum("mL/min/1.73 m2 |" in line for line in lines) >= 3
    ticks = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*>[\d.,]+ mL/min/1.73 m2<', svg_alone(clearance))]
    assert len(ticks) >= 3 and all(x > 18 * 7 for x in ticks)  # eighteen letters of at most 7 units end there
    page = to_html(plan_sheet(plan_of("rising-creatinine")))
    assert page.count("<svg") >= 3 and "median if they worsen" in page


@pytest.mark.parametrize("name", ["sound-adult", "running-since-yesterday"])
def test_held_kidneys_have_one_line(plan_of: PlanOf, name: str) -> None:
    plan = plan_of(name)
    above = label(of(plan)).leaves[0]
    text = words(plan)
    assert (
        f"of 100 to 300 ng/mL, by label_adult: {above.chance.shown(0)} of the draws come above it within 24 h" in text
    )
    assert "as the kidneys go on" not in text and "move: clearance" not in text
    assert (f", {above.now.shown(0)} now" in text and "are above it then" in text) == (
        name == "running-since-yesterday"
    )


def test_no_draw_outside_is_said_so(plan_of: PlanOf) -> None:
    found = of(plan_of("sound-adult"))
    none = Quantity(Decimal(0), "%")
    model = label(found)
    quiet = tuple(
        replace(item, now=none, chance=none, by_5_percent=None, by_25_percent=None, by_half=None)
        for item in model.leaves
    )
    models = tuple(replace(item, leaves=quiet) if item is model else item for item in found.models)
    plan = replace(plan_of("sound-adult"), forecast=replace(found, models=models))
    assert "by label_adult: no draw comes above it within 24 h; kidneys that begin to fail are not counted." in words(
        plan
    )
    fewer = (replace(quiet[0], chance=Quantity(Decimal("0.5"), "%")), *quiet[1:])
    models = tuple(replace(item, leaves=fewer) if item is model else item for item in found.models)
    plan = replace(plan_of("sound-adult"), forecast=replace(found, models=models))
    assert "1 % of the draws come above it within 24 h; kidneys that begin" in words(plan)
