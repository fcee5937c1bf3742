"""The drawing of a course and its tables: every number of it was recorded, and words stand beside what is drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inotrope.course.meaning.timeline import Moment, Point, Span, Timeline, timeline
from inotrope.display import to_fragment, to_html, to_markdown, to_text
from inotrope.display.stacked import Bar, Lane, Stacked, axis, stacked_alone, svg_stacked
from inotrope.display.timeline_sheet import stacked_timeline, timeline_sheet
from inotrope.units import Quantity
from tests.course.meaning.story import Story, three_days

EVENING = datetime.fromisoformat("2026-11-23T20:21:00+01:00")
END = datetime.fromisoformat("2026-11-24T20:00:00+01:00")


@pytest.fixture(scope="module")
def story() -> Story:
    return three_days()


@pytest.fixture(scope="module")
def whole(story: Story) -> Timeline:
    return timeline(story.events, story.documents, until=END)


@pytest.fixture(scope="module")
def evening(story: Story) -> Timeline:
    known = tuple(event for event in story.events if event.recorded <= EVENING)
    return timeline(known, story.documents, until=EVENING)


def words(svg: str) -> list[str]:
    return ["".join(item.itertext()) for item in ElementTree.fromstring(svg).iter() if item.tag.endswith("text")]


def test_every_panel_and_lane_has_its_name_and_unit(whole: Timeline) -> None:
    found = words(stacked_alone(stacked_timeline(whole)))
    for name in (
        "Rate, mcg/kg/min",
        "Level, ng/mL",
        "Serum creatinine, mg/dL",
        "Creatinine clearance, mL/min/1.73 m2",
        "Mean arterial pressure, mmHg",
        "Cardiac index, L/min/m2",
        "Machines",
        "CRRT",
        "Events",
        "ventricular ectopy",
    ):
        assert name in found


def test_the_picture_of_the_docs_is_that_of_the_shipped_course(whole: Timeline) -> None:
    """To draw it anew: `python examples/three_days.py docs/three-days.sqlite`, and keep the SVG alone."""
    kept = (Path(__file__).parents[2] / "docs" / "three-days.svg").read_text(encoding="utf-8")
    assert words(kept) == words(stacked_alone(stacked_timeline(whole)))


def test_the_levels_ahead_begin_at_now_and_are_of_the_last_recorded_plan(evening: Timeline, story: Story) -> None:
    assert evening.foreseen is not None
    assert evening.foreseen.number == story.number_of("planned", 4)
    assert evening.foreseen.times[0] == EVENING - timedelta(minutes=1)
    drawn = stacked_timeline(evening)
    assert drawn.hours == pytest.approx(drawn.now + 24, abs=0.1)
    assert "now" in words(stacked_alone(drawn))


@pytest.mark.parametrize(
    ("when", "changes", "says"),
    [
        ("2026-11-22T12:30:00+01:00", 1, "made before one change of the case"),  # the step up, event 12
        ("2026-11-23T02:00:00+01:00", 7, "made before 7 changes of the case"),  # and five readings, a level, the pause
    ],
)
def test_a_forecast_of_before_the_last_change_says_that_it_is_none_of_now(
    story: Story, when: str, changes: int, says: str
) -> None:
    now = datetime.fromisoformat(when)
    found = timeline(tuple(event for event in story.events if event.recorded <= now), story.documents, until=now)
    assert found.foreseen is not None and found.foreseen.changes_since == changes
    assert says in " ".join(to_text(timeline_sheet(found), width=140).split())
    assert f"last recorded plan, {says.removesuffix(' of the case')}" in " ".join(
        words(stacked_alone(stacked_timeline(found)))
    )


def test_a_forecast_of_now_says_nothing_of_the_kind(evening: Timeline) -> None:
    assert evening.foreseen is not None and evening.foreseen.changes_since == 0
    assert "Not of now" not in to_text(timeline_sheet(evening))


def test_a_refused_plan_foresees_nothing(whole: Timeline) -> None:
    assert whole.foreseen is None


def test_the_boxes_of_the_rate_lie_where_it_was_given(whole: Timeline) -> None:
    drawn = stacked_timeline(whole)
    (layer,) = [layer for layer in drawn.panels[0].layers if layer.until_x]
    given = [
        (round(x, 4), round(until, 4), y) for x, until, y in zip(layer.x, layer.until_x, layer.until_y, strict=True)
    ]
    start = datetime.fromisoformat("2026-11-22T06:10:00+01:00")  # the creatinine of that morning
    assert drawn.start == start
    first = (datetime.fromisoformat("2026-11-22T08:30:00+01:00") - start).total_seconds() / 3600
    assert given[0] == (round(first, 4), round(first + 4, 4), 0.375)
    assert given[1][2] == 0.5
    assert given[-1][2] == 0.125


def test_the_tables_say_what_is_drawn(whole: Timeline) -> None:
    text = to_text(timeline_sheet(whole, label="bed 4"), width=140)
    for line in (
        r"2026-11-22 08:20 +50 mcg/kg, a single dose +2026-11-22 08:30",
        r"2026-11-22 12:30 +0\.5 mcg/kg/min +2026-11-23 01:55",
        r"2026-11-23 01:55 +nothing: paused or stopped +2026-11-23 03:40",
        r"2026-11-24 15:00 +nothing: paused or stopped +still",
        r"2026-11-23 23:00 +CRRT, effluent 2,000 mL/h +still",
        r"2026-11-23 06:10 +serum creatinine +1\.9 mg/dL; clearance",
        r"2026-11-23 06:10 +level +302 ng/mL",
        r"2026-11-23 13:00 +ventricular ectopy",
    ):
        assert re.search(line, text), line


def test_a_course_without_anything_given_is_drawn_too(whole: Timeline) -> None:
    nothing = replace(
        whole,
        **dict.fromkeys(("rates", "doses", "levels", "creatinine", "clearance", "pressure", "index", "machines"), ()),
        happened=(),
        recorded=(),
    )
    text = to_text(timeline_sheet(nothing))
    assert "Nothing of what is drawn here was measured" in text
    assert "nothing was given" in svg_stacked(stacked_timeline(nothing))


def test_a_level_below_the_assay_s_limit_is_another_mark(whole: Timeline) -> None:
    low = Point(END, Quantity(Decimal(20), "ng/mL"), "<20 ng/mL", below=True)
    drawn = stacked_timeline(replace(whole, levels=(*whole.levels, low)))
    assert "below the limit of the assay" in [words for _, words in drawn.legend]


def test_the_running_rate_and_other_drugs_go_on_to_now(evening: Timeline) -> None:
    norepinephrine = Span("norepinephrine", EVENING - timedelta(hours=2), None, "0.05 mcg/kg/min")
    other = replace(evening, others=(norepinephrine,))
    assert "norepinephrine 0.05 mcg/kg/min" in words(stacked_alone(stacked_timeline(other)))
    text = to_text(timeline_sheet(other), width=140)
    assert re.search(r"norepinephrine 0\.05 mcg/kg/min +still", text)
    assert re.search(r"0\.25 mcg/kg/min +still", text)
    assert "it runs at 0.25 mcg/kg/min" in svg_stacked(stacked_timeline(other))


def test_words_of_a_lane_never_lie_over_each_other() -> None:
    start = datetime.fromisoformat("2026-11-22T00:00:00+00:00")
    bars = tuple(Bar(place / 4, place / 4, f"something number {place}") for place in range(30))
    lane = Stacked("t", start, 24.0, 24.0, (), (Lane("Events", bars),), "says")
    svg = ElementTree.fromstring(svg_stacked(lane))
    placed = [item for item in svg.iter() if item.tag.endswith("text") and "something" in (item.text or "")]
    by_line: dict[float, list[tuple[float, float]]] = {}
    for item in placed:
        wide = len(item.text or "") * 6.9
        x = float(item.attrib["x"])
        left = x if item.attrib["text-anchor"] == "start" else x - wide
        assert left >= 0 and left + wide <= 760 + 1
        by_line.setdefault(float(item.attrib["y"]), []).append((left, left + wide))
    assert len(placed) == 30
    for spans in by_line.values():
        spans.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_a_long_bar_holds_its_words_and_a_lane_without_bars_keeps_its_line() -> None:
    start = datetime.fromisoformat("2026-11-22T00:00:00+00:00")
    lanes = (Lane("Machines", (Bar(1, None, "CRRT"),)), Lane("Events", ()))
    svg = svg_stacked(Stacked("t", start, 1000.0, 990.0, (), lanes, "says"))
    assert "CRRT" in svg and "Events" in svg


@pytest.mark.parametrize(
    ("values", "zero", "low", "high"),
    [
        ((54.0, 74.0), False, 50.0, 80.0),
        ((50.0, 80.0), False, 40.0, 90.0),
        ((0.375, 0.5), True, 0.0, 0.6),
        ((2.4,), False, 2.3, 2.5),
        ((0.0,), True, 0.0, 1e-6),
    ],
)
def test_an_axis_holds_its_values_between_round_numbers(
    values: tuple[float, ...], zero: bool, low: float, high: float
) -> None:
    found = axis("x", "mmHg", values, zero=zero)
    assert found.low <= min(values) and max(values) <= found.high
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high, abs=1e-5))


def test_what_somebody_wrote_is_no_markup(whole: Timeline) -> None:
    evil = "<script>alert(1)</script>\x1b[31m"
    bad = replace(
        whole,
        happened=(Moment(END, "event", evil),),
        others=(Span(evil, END - timedelta(hours=1), None, evil),),
        recorded=(Moment(END, "noted", evil, evil, 3),),
    )
    sheet = timeline_sheet(bad, label=evil)
    for shown in (to_html(sheet), str(to_fragment(sheet))):
        assert "<script>" not in shown
    outside_fences = "".join(to_markdown(sheet).split("```")[::2])
    assert "<script>" not in outside_fences
    assert "\x1b" not in to_text(sheet) + to_html(sheet) + to_markdown(sheet)
