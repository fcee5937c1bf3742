"""The chart of levels: a level stands in the row of its number, and nothing in the drawing says good or bad."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

import pytest

from inotrope.display import to_html, to_markdown, to_text
from inotrope.display.chart import Chart, rounded_top, svg_alone, svg_chart, text_chart
from inotrope.display.shapes import Shape, standing_alone
from inotrope.display.sheet import Section, Sheet

FLAT = Chart(
    title="A flat level <of 200>",
    time_h=(0.0, 12.0, 24.0),
    middle=(200.0, 200.0, 200.0),
    half=((150.0,) * 3, (250.0,) * 3),
    ninety=((60.0,) * 3, (390.0,) * 3),
    band=(100.0, 300.0),
    top=400.0,
    says='flat & "in words"',
)
NO_BAND = Chart("No band", (0.0, 5.0), (0.0, 8.0), None, None, None, 10.0, "none", unit="mg/L", alone="one patient")
ALONE = Chart("Alone", (0.0, 5.0), (0.0, 80.0), None, None, (100.0, 300.0), 400.0, "alone")


def rows(chart: Chart, width: int = 60) -> dict[str, str]:
    """Return the drawn part of each row that has a tick, by the tick."""
    found = {}
    for line in text_chart(chart, width):
        head, bar, drawn = line.partition("|")
        if bar and head.strip():
            found[head.strip()] = drawn
    return found


def test_a_level_stands_in_the_row_of_its_number() -> None:
    found = rows(FLAT)
    assert set(found) == {"0 ng/mL", "100 ng/mL", "200 ng/mL", "300 ng/mL", "400 ng/mL"}
    assert set(found["200 ng/mL"]) == {"*"}
    assert set(found["300 ng/mL"]) == {":"} and set(found["100 ng/mL"]) == {":"}
    assert found["0 ng/mL"].strip() == ""


def test_between_the_halves_stand_the_signs_of_the_inner_interval() -> None:
    lines = list(text_chart(FLAT, 60))
    assert any(set(line.partition("|")[2]) == {"#"} for line in lines)


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (40, 80, 100):
        assert max(map(len, text_chart(FLAT, width))) <= width


def test_the_hours_have_their_unit() -> None:
    assert list(text_chart(FLAT, 80))[-1].split("  ")[0] == ""
    assert re.findall(r"\d+ h", list(text_chart(FLAT, 80))[-1]) == ["0 h", "6 h", "12 h", "18 h", "24 h"]


def test_without_a_spread_the_studied_range_shows_and_the_key_says_so() -> None:
    found = rows(ALONE)
    assert "-" in found["100 ng/mL"] and "-" in found["300 ng/mL"]
    assert ALONE.key.startswith("*: the typical curve; no spread is known")


@pytest.mark.parametrize(("highest", "top"), [(0.0, 1e-9), (314.0, 400.0), (400.0, 400.0), (1.1, 1.5), (790.0, 800.0)])
def test_the_scale_ends_on_a_round_number_at_or_above_the_highest(highest: float, top: float) -> None:
    assert rounded_top(highest) == pytest.approx(top, abs=1e-8)


def test_the_svg_is_well_formed_and_colors_nothing_green_or_red() -> None:
    for chart in (FLAT, ALONE):
        root = ElementTree.fromstring(svg_chart(chart))
        colors = {item.attrib[name] for item in root.iter() for name in ("fill", "stroke") if name in item.attrib}
        for color in colors - {"none"}:
            red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
            assert blue >= max(red, green)  # grays and blues alone
    assert root.attrib["aria-label"] == "alone" and root.attrib["role"] == "img"


def test_the_middle_of_the_svg_is_where_its_number_is() -> None:
    root = ElementTree.fromstring(svg_chart(FLAT))
    (line,) = root.iter("polyline")
    downs = {float(point.split(",")[1]) for point in line.attrib["points"].split()}
    # 200 of 400 ng/mL: halfway between the top at 14 and the foot at 216
    assert downs == {115.0}


def test_a_range_above_the_scale_is_not_drawn() -> None:
    low = Chart("Low", (0.0, 24.0), (0.0, 40.0), None, None, (100.0, 300.0), 50.0, "low")
    assert "studied range" not in svg_chart(low)


def test_every_medium_draws_it() -> None:
    sheet = Sheet("t", "s", None, (Section("Level", (FLAT,)),), (), "n")
    assert "200 ng/mL |****" in to_text(sheet)
    assert "200 ng/mL |****" in to_markdown(sheet)
    page = to_html(sheet)
    assert '<svg class="chart levels"' in page and "A flat level &lt;of 200&gt;" in page
    for words in ("median", "50 % of the draws", "90 % of the draws", "studied range, 100 to 300 ng/mL"):
        assert words in re.sub("<[^>]*>", "", page.partition('<ul class="key">')[2])
    assert "No spread is known." in to_html(Sheet("t", "s", None, (Section("Level", (ALONE,)),), (), "n"))


def test_without_a_studied_range_none_is_drawn_and_the_unit_is_the_models() -> None:
    assert set(rows(NO_BAND)) == {"0 mg/L", "2.5 mg/L", "5 mg/L", "7.5 mg/L", "10 mg/L"}
    assert NO_BAND.key == "*: the typical curve; one patient."
    drawing = svg_chart(NO_BAND)
    assert "studied range" not in drawing
    assert "<rect" not in drawing
    assert "10 mg/L</text>" in drawing
    assert "ng/mL" not in drawing


def before_now() -> Chart:
    """A chart of a day before now and a day after it, with another curve and one level."""
    return Chart(
        title="Fitted",
        time_h=(-24.0, 0.0, 24.0),
        middle=(200.0,) * 3,
        half=((150.0,) * 3, (250.0,) * 3),
        ninety=((60.0,) * 3, (390.0,) * 3),
        band=None,
        top=400.0,
        says="fitted",
        middle_is="this patient",
        other=(100.0,) * 3,
        other_is="typical patient",
        points=((0.0, 300.0), (12.0, 20.0)),
        errors=(50.0, 0.0),
        errors_are="one SD",
        below=(False, True),
    )


def test_what_was_measured_and_another_curve_stand_where_their_numbers_are() -> None:
    found = rows(before_now())
    assert set(found["100 ng/mL"]) == {"+"} and set(found["200 ng/mL"]) == {"*"}
    assert found["300 ng/mL"].count("o") == 1
    assert found["300 ng/mL"].index("o") == pytest.approx((60 - 14 - 1) / 2, abs=1)  # now is in the middle
    assert (
        before_now().key
        == "*: this patient; #: 50 % of the draws; : 90 % of the draws; +: typical patient; o: measured; v: below "
        "quantification, at its limit."
    )


def test_hours_before_now_are_negative() -> None:
    assert re.findall(r"-?\d+ h", list(text_chart(before_now(), 80))[-1]) == [f"{hour} h" for hour in range(-24, 25, 6)]
    drawn = svg_chart(before_now())
    assert ElementTree.fromstring(drawn) is not None
    assert "-24 h" in drawn and "circle" in drawn and "stroke-dasharray" in drawn


def test_a_bar_is_as_long_as_its_error_and_what_is_below_the_limit_is_a_triangle() -> None:
    root = ElementTree.fromstring(svg_chart(before_now()))
    (bar,) = (item.attrib["d"] for item in root.iter("path") if "h8" in item.attrib["d"])
    # 250 to 350 of 400 ng/mL between the foot at 216 and the top at 14: half of a ng/mL is 202 / 400 long
    assert [float(number) for number in re.findall(r"M\S+ ([\d.]+)V([\d.]+)", bar)[0]] == [39.2, 89.8]
    (circle,), polygons = tuple(root.iter("circle")), tuple(root.iter("polygon"))
    assert float(circle.attrib["cy"]) == pytest.approx(216 - 202 * 300 / 400, abs=0.06)
    assert len(polygons[-1].attrib["points"].split()) == 3
    assert "v" in "".join(list(text_chart(before_now(), 60))[-4:])


def test_alone_it_has_its_title_and_every_shape_with_its_words() -> None:
    root = ElementTree.fromstring(svg_alone(before_now()))
    texts = [item.text for item in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "Fitted"
    for words in (
        "this patient",
        "typical patient",
        "50 % of the draws",
        "90 % of the draws",
        "measured, bar: one SD",
        "below quantification, at its limit",
    ):
        assert words in texts
    assert "A flat level <of 200>" in [
        item.text for item in ElementTree.fromstring(svg_alone(FLAT)).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_a_key_names_only_what_is_drawn() -> None:
    assert [words for _, words in ALONE.legend] == ["the typical curve", "studied range, 100 to 300 ng/mL"]
    assert [words for _, words in NO_BAND.legend] == ["the typical curve"]
    assert NO_BAND.remark == "One patient." and FLAT.remark == ""


def test_a_key_takes_as_many_rows_as_its_words_need() -> None:
    long = tuple((Shape.LINE, f"{place} {'word ' * 12}") for place in range(4))
    (svg, *_) = ElementTree.fromstring(standing_alone("<svg />", "t", long, wide=400, high=100)).iter()
    short = ElementTree.fromstring(standing_alone("<svg />", "t", long[:1], wide=400, high=100))
    assert float(svg.attrib["height"]) == float(short.attrib["height"]) + 3 * 17
    assert ElementTree.fromstring(standing_alone("<svg />", "t", (), wide=400, high=100)) is not None


def test_now_is_marked_where_the_chart_begins_before_it() -> None:
    root = ElementTree.fromstring(svg_chart(before_now()))
    (now,) = (item for item in root.iter("text") if item.text == "now")
    (line,) = (item.attrib["d"] for item in root.iter("path") if item.attrib.get("stroke-dasharray"))
    assert line.startswith("M354.0 216.0V14.0")  # halfway between 84 and 624
    assert float(now.attrib["x"]) == 358
    assert ">now<" not in svg_chart(FLAT)


def test_the_clock_stands_under_the_hours_where_the_time_of_now_is_known() -> None:
    now = datetime.fromisoformat("2026-11-22T20:30:00+01:00")
    drawn = svg_chart(replace(FLAT, now=now))
    assert re.findall(r">((?:now, )?\d\d:\d\d)</text>", drawn) == ["now, 20:30", "02:30", "08:30", "14:30", "20:30"]
    plain = svg_chart(FLAT)
    assert ":30" not in plain and 'viewBox="0 0 640 250"' in plain and 'viewBox="0 0 640 265"' in drawn
    assert ElementTree.fromstring(svg_alone(replace(FLAT, now=now))) is not None
