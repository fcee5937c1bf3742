"""The forecast on a plan's sheet: what is supposed, the highest first, all models, and what speaks against them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist

import pytest

from inotrope.display.chart import Chart
from inotrope.display.forecast_sheet import forecast_section
from inotrope.display.sheet import Lines, Paragraph, References, Rows, Section, Table
from inotrope.findings import Refusal
from inotrope.plan import Plan
from inotrope.plan.forecast_record import LevelForecast

PlanOf = Callable[..., Plan]


def of(plan: Plan) -> LevelForecast:
    assert plan.forecast is not None
    return plan.forecast


def drawn(found: LevelForecast | None, *, brief: bool = True) -> Section:
    return forecast_section(found, References(), brief=brief)


def charts(section: Section) -> list[Chart]:
    return [block for block in section.blocks if isinstance(block, Chart)]


def words(section: Section) -> str:
    texts = []
    for block in section.blocks:
        if isinstance(block, Rows):
            texts += [f"{row.label}: {row.text}" for row in block.rows]
        elif isinstance(block, Lines):
            texts += [block.title, *block.lines]
        elif isinstance(block, Paragraph):
            texts.append(block.text)
        elif isinstance(block, Table):
            texts += [block.caption, *(" | ".join(row) for row in block.rows)]
    return "\n".join(texts)


def test_without_a_forecast_there_is_no_part() -> None:
    assert drawn(None).blocks == ()


def test_a_brief_sheet_draws_the_first_model_and_lists_all(plan_of: PlanOf) -> None:
    found = of(plan_of("sound-adult"))
    section = drawn(found)
    (chart,) = charts(section)
    assert chart.title.startswith("The label's kinetics") and chart.ninety is not None
    text = words(section)
    assert "Highest: 458 ng/mL in the end, by butterworth_1995, which rests on recalled numbers" in text
    assert "cox_2013" in text and "as printed" in text and "no curve" in text
    assert "2.6 times" in text  # the conflict of the label with Cox
    assert "models do not answer; '--full' says why." in text
    # when the load of 10 min is in, between two times of the chart
    whole = words(drawn(found, brief=False))
    assert "leaves out its peak between two of them: 225 ng/mL, typical, at 0.17 h." in whole
    assert whole.count("leaves out its peak") < len(charts(drawn(found, brief=False)))  # others rise for hours
    assert "Peak: 225 ng/mL within the chart, at 0.17 h, by butterworth_1995, which rests on recalled numbers" in text
    # By hand: the steady level spreads as the clearance does, log-normal with a CV of 45 %; 200 draws tell it to half a
    # draw, 0.25 in 100.
    first = next(model for model in found.models if model.model == found.first)
    assert first.steady is not None
    omega, typical = math.sqrt(math.log(1 + 0.45**2)), float(first.steady.typical.value)
    below, reached = (NormalDist().cdf(math.log(end / typical) / omega) for end in (100, 300))
    steady = next(chance for chance in first.chances if chance.band == "usual" and chance.when == "in the end")
    shares = [float(share.value) / 100 for share in (steady.below, steady.within, steady.above)]
    assert shares == pytest.approx([below, reached - below, 1 - reached], abs=0.0051)
    assert f"below {steady.below.shown(0)}, in {steady.within.shown(0)}, above {steady.above.shown(0)}" in text
    assert "how exact the numbers are" not in text and "how exact the numbers are" in words(drawn(found, brief=False))
    # every known conflict; what nobody knows of the model that is drawn and of the highest, the rest counted
    assert all(
        f"{model.model.rpartition('/')[2]}: {says}" in text
        for model in of(plan_of("sound-adult")).models
        if not model.refused
        for says in model.conflicts
    )
    assert "butterworth_1995: None of the numbers was read" in text
    assert "osaka_2009: " not in text.partition("What speaks against")[2]
    assert "more that nobody knows, of the other models" in text


def test_the_whole_sheet_draws_every_curve_on_one_scale_and_every_refusal(plan_of: PlanOf) -> None:
    found = of(plan_of("sound-adult"))
    section = drawn(found, brief=False)
    assert len(charts(section)) == sum(model.curve is not None for model in found.models) > 1
    assert len({chart.top for chart in charts(section)}) == 1
    text = words(section)
    for model in found.models:
        if model.refused:
            assert f"{model.model.rpartition('/')[2]}: {model.refused}" in text


def test_what_holds_for_all_of_it_and_a_refusal_stand_on_top(plan_of: PlanOf) -> None:
    found = of(plan_of("sound-adult"))
    said = replace(found, says=("A level was measured.",), refusals=(Refusal("x", "It contradicts itself.", ()),))
    text = words(drawn(said))
    assert "To know: A level was measured." in text and "Refused: It contradicts itself." in text


def test_no_model_at_all_leaves_what_was_supposed(plan_of: PlanOf) -> None:
    found = replace(of(plan_of("sound-adult")), models=(), first=None, highest_steady=None, regimen="")
    section = drawn(found)
    assert charts(section) == [] and "no step upward: nothing" in words(section)


def test_a_first_model_without_chances_has_no_table_of_them(plan_of: PlanOf) -> None:
    section = drawn(of(plan_of("child-after-surgery")))
    text = words(section)
    assert "Chance" not in text and charts(section)[0].ninety is None
    assert "not known" not in text


def test_a_past_that_nobody_wrote_down_gives_no_level_now(plan_of: PlanOf) -> None:
    assert "| not known |" in words(drawn(of(plan_of("almost-nothing-known"))))


def test_the_whole_sheet_says_all_that_nobody_knows(plan_of: PlanOf) -> None:
    found = of(plan_of("sound-adult"))
    text = words(drawn(found, brief=False))
    assert "more that nobody knows" not in text
    for model in found.models:
        assert model.refused or all(says in text for says in (*model.conflicts, *model.unknown, *model.remarks))


def test_a_peak_without_its_time_is_told_without_it(plan_of: PlanOf) -> None:
    found = of(plan_of("sound-adult"))
    assert found.highest_peak is not None
    lone = replace(found, highest_peak=replace(found.highest_peak, model="x/other"))
    assert "Peak: 225 ng/mL within the chart, by other" in words(drawn(lone))
    assert "Peak" not in words(drawn(replace(found, highest_peak=None)))
