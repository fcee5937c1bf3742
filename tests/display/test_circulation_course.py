"""A circulation over time as people read it: what comes first, what stands beside every number, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from inotrope.display import to_html, to_text
from inotrope.display.circulation_course import as_read, course_section, sources_section, told_sources
from inotrope.display.circulation_over_time import course_figures, load_figures
from inotrope.display.figure import Figure
from inotrope.display.headline import status_card
from inotrope.display.plan_sheet import plan_sheet
from inotrope.display.shapes import Shape
from inotrope.display.sheet import Mark, Section, Sheet
from inotrope.findings import Refusal, SourceReference, Status
from inotrope.patient import read_case
from inotrope.plan import NOTICE, make_plan
from inotrope.plan.circulation.course_record import (
    CirculationCourse,
    ModelPressure,
    chance,
    course_refused,
    failed_course,
)
from inotrope.units import Quantity

from ..plan.circulation.course_by_hand import course, likely, quantity
from .conftest import CASES

SELECTS = "it selects no rate"


def sheet(section: Section) -> Sheet:
    return Sheet("A sheet", "", None, (section,), (), NOTICE)


def text_of(told: CirculationCourse, *, brief: bool = True, width: int = 80) -> str:
    return to_text(sheet(course_section(told, brief=brief)), width=width)


def words(text: str) -> str:
    return " ".join(text.split())


def line_of(text: str, begin: str) -> list[str]:
    """Return the cells of the first line that begins so."""
    line = next(line for line in text.splitlines() if line.strip().startswith(begin))
    return [cell for cell in re.split(r" {2,}", line.strip()) if cell]


def test_the_chance_of_a_low_pressure_is_read_first_and_what_it_is_for_above_it() -> None:
    lines = text_of(course()).splitlines()
    begin = next(place for place, line in enumerate(lines) if "Heart and vessels" in line)
    assert "for information" in lines[begin]
    assert SELECTS in lines[begin + 1]
    assert lines[begin + 2].strip() == "MAP below 65 mmHg within 24 h: 12 % (judgement)"


@pytest.mark.parametrize("brief", [True, False])
def test_no_line_is_wider_than_the_terminal(*, brief: bool) -> None:
    assert max(map(len, text_of(course(), brief=brief).splitlines())) <= 80


def test_the_table_tells_medians_and_where_90_percent_lie_at_five_hours() -> None:
    told, text = course(), text_of(course())
    assert line_of(text, "Now") == ["Now", "In 1 h", "In 6 h", "In 12 h", "In 24 h"]
    # By hand, of the fixture's own curves: MAP = 78 - 6 (1 - exp(-h / 3)) with 5 to either side.
    assert line_of(text, "MAP, mmHg") == ["MAP, mmHg", "78", "76", "73", "72", "72"]
    assert line_of(text, "MAP, 90 %") == ["MAP, 90 %", *("73 to 83", "71 to 81", "68 to 78", "67 to 77", "67 to 77")]
    assert line_of(text[text.index("MAP, 90 %") :], "MAP below")[1:] == ["under 1 %", "3 %", "10 %", "12 %", "12 %"]
    assert line_of(text, "SVR, dyn s/cm5")[1] == "1,330"  # to tens: nobody reads a resistance closer
    assert not re.search(r"^ +(CVP|PVR), ", text, re.MULTILINE)  # of these a brief sheet tells nothing
    assert "PCWP, mPAP: mean arterial, central venous, wedge" in words(text)
    whole = text_of(told, brief=False, width=120)
    for short in ("CVP", "mPAP", "PVR", "SV", "EF", "SVR", "HR"):
        assert line_of(whole, f"{short}, 90 %")


def test_a_reading_has_no_decimals_that_nobody_measured() -> None:
    told = ("78.0064 mmHg", "3.8640 L/min", "2.125 L/min/m2", "92 /min")
    assert [as_read(Quantity(Decimal(text.split()[0]), text.split()[1])) for text in told] == [
        "78 mmHg",
        "3.86 L/min",
        "2.13 L/min/m2",
        "92 /min",
    ]


def test_every_table_of_rates_stands_under_the_words_that_it_selects_none() -> None:
    text = words(text_of(course()))
    assert text.index("For information: what permitted rates") < text.index("0.25 mcg/kg/min")
    assert text.index("Information; it selects no rate.") < text.index("0.25 mcg/kg/min")
    waits = replace(course().rates[1], starts=quantity(4, "h"), extrapolated=quantity(13, "%"))
    shown = words(text_of(replace(course(), rates=(course().rates[0], waits)), width=200))
    assert "printed in the label, from 4 h on, 13 % extrapolated" in shown


def test_a_rate_without_an_answer_says_so_and_none_at_all_says_why() -> None:
    first, second = course().rates
    silent = replace(course(), rates=(replace(first, quantities=()), second))
    assert line_of(text_of(silent), "0.25 mcg")[3:] == ["no answer"] * 3
    assert "no answer" in text_of(silent, brief=False, width=150)
    none = replace(course(), rates=(), rates_say="No rate is listed, for none may be chosen now: a stop.")
    assert "for none may be chosen now" in words(text_of(none))
    assert "For information: what" not in text_of(replace(none, rates_say=""))


def test_the_load_stands_beside_none_with_both_regimens() -> None:
    text = words(text_of(course()))
    assert "With the load: 50 mcg/kg over 10 min; 0.375 mcg/kg/min. Without it: 0.375 mcg/kg/min." in text
    assert "In the same patient the load makes the lowest MAP of the hour lower by 5 mmHg (2 to 8)." in text
    assert "In 10 % MAP falls below 65 mmHg with the load and would not without it." in text
    rows = text_of(course())
    assert line_of(rows[rows.index("The load against") :], "MAP below")[1:] == ["14 %", "4 %"]
    assert "The load against" not in text_of(replace(course(), load=None))


def test_where_no_limit_is_known_no_chance_is_shown() -> None:
    told = course()
    assert told.load is not None
    ways = [replace(way, below=None) for way in (told.load.with_load, told.load.without)]
    bare = replace(
        told,
        below=None,
        headline="MAP after 24 h: 72 mmHg, 90 % from 67 to 77 (judgement)",
        load=replace(told.load, with_load=ways[0], without=ways[1], below_only_with=None),
        rates=tuple(replace(item, below=None, below_at_the_end=None) for item in told.rates),
        models=tuple(replace(item, below=None) for item in told.models),
    )
    for brief in (True, False):
        text = text_of(bare, brief=brief)
        assert "below 65" not in text and "Chance" not in text and "MAP after 24 h: 72 mmHg" in text
    assert all(layer.shape is not Shape.DASHED for one in course_figures(bare) for layer in one.layers)
    half = replace(told, load=replace(told.load, with_load=ways[0]), rates=bare.rates, models=bare.models)
    assert line_of(text_of(half)[2000:], "MAP below 65")[1:] == ["not known", "4 %"]
    assert "no limit" in text_of(half) and "not known" in text_of(half)


def test_models_of_the_level_stand_side_by_side_and_one_alone_needs_no_table() -> None:
    text = text_of(course())
    assert line_of(text, "label_adult (shown above)")[1:] == ["12 %", "70 mmHg (64 to 76)"]
    assert line_of(text, "third_2001")[1:] == ["no answer", "It is of children."]
    assert "never averaged" not in words(text_of(replace(course(), models=course().models[:1])))
    silent = ModelPressure("a/b", "B", False, None, None, "")
    assert line_of(text_of(replace(course(), models=(silent, *course().models))), "b ")[1:] == ["no answer"] * 2


def test_a_chance_is_never_none_and_never_certain() -> None:
    said = [chance(Quantity(Decimal(value), "%")) for value in ("0", "0.4", "0.5", "13.9", "99.4", "99.5", "100")]
    assert said == ["under 1 %", "under 1 %", "1 %", "14 %", "99 %", "over 99 %", "over 99 %"]


def test_readings_on_the_drug_show_the_time_without_it() -> None:
    told = course()  # the drug is in him: 40 ng/mL now
    on = replace(told.readings[0], on_the_drug=True)
    text = text_of(replace(told, readings=(on, *told.readings[1:])), brief=False)
    assert "2026-11-22 07:40 UTC, on the drug: MAP 78 mmHg, CO 3.9 L/min" in words(text)
    assert line_of(text, "Without the drug, as") and line_of(text, "mPAP, mmHg")[1:] != []
    assert told.level is not None
    level = replace(told.level, median=replace(told.level.median, values=(0.0, *told.level.median.values[1:])))
    assert "Without the drug" not in text_of(replace(told, level=level), brief=False)
    assert "Level, ng/mL 40" not in words(text_of(replace(told, level=None, rates=()), brief=False))


def test_a_refusal_stands_in_the_place_with_its_reason_and_the_dose_does_not_hang_on_it() -> None:
    why = Refusal("circulation-incomplete", "It needs heart rate.", ("heart rate",))
    text = words(text_of(course_refused(why, headline="No course.", left_out=("heart rate of yesterday: too old.",))))
    assert "It needs heart rate." in text and "too old" in text and "Nothing else in this plan depends on it." in text
    assert "Needs heart rate" not in text  # said already
    machine = Refusal("machine", "The model knows no machine.", ("measurements", "a reading without it"))
    assert "Needs a reading without it" in words(text_of(course_refused(machine, headline="No course.")))
    state = course_refused(why, headline="No course.", readings=course().readings, says=("From them: 42 mL.",))
    text = words(text_of(state))
    assert "Read 2026-11-22" in text and "Follows From them: 42 mL." in text
    assert "computation failed" in words(text_of(failed_course(ValueError("no"))))


def test_the_head_of_a_plan_has_the_one_line_and_says_what_it_is_not_for() -> None:
    plan = make_plan(read_case(CASES / "right-heart-catheter.json"), forecast=False)
    assert len(status_card(plan).rows) == 1  # a plan without a course says nothing of it
    ahead = status_card(replace(plan, circulation=course())).rows[-1].text
    assert ahead == "For information, it selects no rate: MAP below 65 mmHg within 24 h: 12 % (judgement)."
    assert len(status_card(replace(plan, circulation=failed_course(ValueError("no")))).rows) == 1


def test_readings_that_contradict_each_other_stand_in_the_head_of_a_plan() -> None:
    plan = make_plan(read_case(CASES / "right-heart-catheter.json"), forecast=False)
    why = Refusal("conflicting-data", "SVR '700 dyn s/cm5' contradicts the output. Read them again.", ())
    row = status_card(replace(plan, circulation=course_refused(why, headline="None."))).rows[-1]
    assert row.text == why.says and row.mark is Mark.WARN


def test_a_brief_sheet_says_what_it_leaves_out_and_a_full_one_has_it() -> None:
    brief, full = words(text_of(course())), words(text_of(course(), brief=False))
    assert "1 things" not in brief and "what nobody knows of it" in brief and "--full" in brief
    assert "Not recorded: hypertrophic cardiomyopathy." in full and "Not recorded" not in brief


def test_figures_show_the_limit_as_a_line_and_both_bands() -> None:
    figures = course_figures(course())
    assert [one.up.name for one in figures] == ["level", "MAP", "CI", "PCWP"]
    pressure = figures[1]
    assert {layer.shape for layer in pressure.layers} == {Shape.LIGHT, Shape.DARK, Shape.LINE, Shape.DASHED}
    limit = next(layer for layer in pressure.layers if layer.shape is Shape.DASHED)
    assert limit.y == (65.0, 65.0) and limit.words == "the limit, 65 mmHg"
    assert pressure.across.named() == (0, 6, 12, 18, 24)
    for one in figures:
        low = min(layer_low(one))
        assert one.up.low <= low
    load = course().load
    assert load is not None
    both = load_figures(course(), load)
    assert [one.title for one in both] == ["MAP with the load", "MAP without it", "CI with the load", "CI without it"]
    assert both[0].up == both[1].up and both[2].up == both[3].up  # one scale for what stands side by side


def layer_low(figure: Figure) -> list[float]:
    return [value for layer in figure.layers for value in layer.y]


def test_a_page_has_a_table_for_every_figure_and_loads_nothing() -> None:
    page = to_html(sheet(course_section(course(), brief=False)))
    assert page.count('<svg class="chart figure"') == 8
    assert not re.search(r"<(script|link|img|iframe)|https?://(?!www\.w3\.org)", page)
    seen = re.sub("<[^>]*>", "", page)
    for short in ("Level", "MAP", "CI", "PCWP"):
        assert f"{short}, 90 %" in seen
    assert "MAP after 30 min" in seen and "CI after 30 min" in seen


def test_a_reading_that_the_draws_do_not_show_is_a_warning_beside_the_readings() -> None:
    text = words(text_of(replace(course(), unlike=("The wedge pressure was read as 7 mmHg.",))))
    assert "To know [!] The wedge pressure was read as 7 mmHg." in text
    assert "[!]" not in text_of(course())


def test_an_output_stands_where_no_index_is_known() -> None:
    told = course()
    output = replace(told.quantities[0], what="cardiac output", short="CO")
    text = text_of(replace(told, quantities=(output, *told.quantities[1:])))
    assert line_of(text, "CO, 90 %")


def test_numbers_behind_it_are_told_text_by_text() -> None:
    one = SourceReference("a", "page 1", "A", "here", Status.CONFIRMED)
    more = (one, replace(one, place="page 2", status=Status.JUDGEMENT), replace(one, id="b", title="B", where=""))
    assert told_sources(more) == ("A; here (confirmed, judgement)", "B (confirmed)")
    section = sources_section(replace(course(), sources=more))
    assert words(to_text(sheet(section), width=200)).count("A (confirmed): page 1 - A (judgement): page 2") == 1
    assert sources_section(replace(course(), sources=())).blocks == ()


def test_an_interval_without_width_is_one_number() -> None:
    told = course()
    sure = replace(told.models[0], lowest=likely(70, 0, "mmHg"))
    assert line_of(text_of(replace(told, models=(sure, *told.models[1:]))), "label_adult")[-1] == "70 mmHg (70)"


def test_the_readme_shows_what_the_command_says() -> None:
    readme = (
        (CASES.parents[2] / "README.md").read_text(encoding="utf-8").split("## What it does to heart and vessels")[1]
    )
    shown = re.findall(r"```text\n(.*?)```", readme.split("\n## ")[0], flags=re.DOTALL)
    said = to_text(plan_sheet(make_plan(read_case(CASES / "right-heart-catheter.json")), brief=True))
    assert len(shown) == 2
    for block in shown:
        assert block.rstrip() in said
