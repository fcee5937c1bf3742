"""Figures: a shape stands where its numbers are, every axis has its unit, and no color is needed to tell them apart."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from inotrope.display import to_html, to_markdown, to_text
from inotrope.display.figure import Axis, Figure, Layer, figures_alone, svg_figure
from inotrope.display.figure_text import text_figure
from inotrope.display.shapes import Shape
from inotrope.display.sheet import Section, Sheet
from inotrope.display.ticks import ticks

NAN = math.nan
TIME, LEVEL = Axis("time <since>", "h", 0.0, 10.0), Axis("level", "ng/mL", 0.0, 400.0)
BAND = Layer(Shape.LIGHT, "a band", (0.0, 10.0), (100.0, 100.0), (300.0, 300.0))
BOXES = Layer(Shape.DARK, "boxes", (0.0, 5.0), (50.0, NAN), (80.0, 90.0), (5.0, 10.0))
LINE = Layer(Shape.LINE, "a line & more", (0.0, 2.0, 4.0, 6.0, 8.0, 10.0), (200.0, 200.0, NAN, 350.0, NAN, NAN))
MARKS = Layer(Shape.CIRCLE, "marks", (5.0, 6.0, 7.0), (400.0, NAN, 900.0), errors=(40.0, 1.0, 0.0))
FIGURE = Figure("All <of it>", TIME, LEVEL, (BAND, BOXES, LINE, MARKS), 'in "words"', remark="Half of it.")

# The view box is 420 by 290: the axes run from 88 to 384 and from 240 up to 28.


def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(svg_figure(FIGURE))


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?[\d.]+", text)]


def test_bands_boxes_lines_and_marks_stand_where_their_numbers_are() -> None:
    root = drawn()
    (band,), (line,) = tuple(root.iter("polygon")), tuple(root.iter("polyline"))
    assert numbers(band.attrib["points"]) == [88, 187, 384, 187, 384, 81, 88, 81]  # 100 and 300 of 400
    assert numbers(line.attrib["points"]) == [88, 134, 147.2, 134]  # what is alone between gaps is no line
    (box,) = root.iter("rect")
    assert [float(box.attrib[name]) for name in ("x", "y", "width", "height")] == [88, 197.6, 148, 15.9]
    circles = [(float(item.attrib["cx"]), float(item.attrib["cy"])) for item in root.iter("circle")]
    assert circles == [(236.0, 28.0), (295.2, 28.0)]  # what lies above the axis is drawn at its end
    (bar,) = (item.attrib["d"] for item in root.iter("path") if "h8" in item.attrib["d"])
    assert numbers(bar)[1:3] == [6.8, 49.2]  # 40 of 400 to either side


def test_every_number_on_an_axis_has_its_unit() -> None:
    texts = [item.text or "" for item in drawn().iter("text")]
    assert texts[:5] == ["0 ng/mL", "100 ng/mL", "200 ng/mL", "300 ng/mL", "400 ng/mL"]
    assert texts[5:] == ["0 h", "2.5 h", "5 h", "7.5 h", "10 h", "level", "time <since>"]


def test_a_long_unit_stands_once_at_the_name_and_the_axis_begins_where_others_begin() -> None:
    long = Figure("t", TIME, Axis("CI", "L/min/m2", 2.0, 3.5, 0.5), (), "w")
    texts = [item.text or "" for item in ElementTree.fromstring(svg_figure(long)).iter("text")]
    assert texts[:4] == ["2", "2.5", "3", "3.5"] and "CI, L/min/m2" in texts
    assert 'd="M88.0 28.0V240.0' in svg_figure(long)


def test_what_must_be_read_first_stands_in_bold_above_the_rest() -> None:
    texts = list(ElementTree.fromstring(figures_alone((FIGURE,), "t", remarks=("then",), loud=("first",))).iter())
    (loud,), (plain,) = ([item for item in texts if item.text == words] for words in ("first", "then"))
    assert loud.attrib["font-weight"] == "700" and "font-weight" not in plain.attrib
    assert float(loud.attrib["y"]) < float(plain.attrib["y"])


def test_numbers_under_an_axis_do_not_run_into_each_other() -> None:
    wide = Figure("t", Axis("level", "ng/mL", 0.0, 80_000.0), LEVEL, (), "w")
    texts = [item.text or "" for item in ElementTree.fromstring(svg_figure(wide)).iter("text")]
    assert texts[5:-2] == ["0 ng/mL", "50,000 ng/mL"]
    odd = Figure("t", Axis("level", "ng/mL", 0.0, 8_000_000.0), LEVEL, (), "w")
    assert "0 ng/mL" in svg_figure(odd)


def test_ticks_are_round_and_lie_inside() -> None:
    assert ticks(-3.0, 3.0, 4) == (-2.0, 0.0, 2.0)
    assert ticks(0.4, 31.0, 4) == (10.0, 20.0, 30.0)


def test_the_text_shows_the_same() -> None:
    rows = {line.partition("|")[0].strip(): line.partition("|")[2] for line in text_figure(FIGURE, 64)}
    assert rows["200 ng/mL"].startswith("*" * 10) and rows["200 ng/mL"][20] == ":"
    assert rows["100 ng/mL"].strip(":") == "" and rows["0 ng/mL"] == ""
    assert rows["400 ng/mL"].index("o") == pytest.approx(49 / 2, abs=1)
    assert "#" in "".join(list(text_figure(FIGURE, 64))) and max(map(len, text_figure(FIGURE, 64))) <= 64
    assert re.findall(r"[\d.]+ h", list(text_figure(FIGURE, 64))[-1]) == ["0 h", "2.5 h", "5 h", "7.5 h", "10 h"]
    assert FIGURE.key.startswith("Up: level; across: time <since>. : a band; # boxes;")
    assert FIGURE.key.endswith("o marks. Half of it.")


def test_every_medium_draws_it_with_every_word_of_its_key() -> None:
    sheet = Sheet("t", "s", None, (Section("Figures", (FIGURE, FIGURE)),), (), "n")
    assert "|" + "*" * 10 in to_text(sheet) and "Up: level" in to_markdown(sheet)
    page = to_html(sheet)
    assert page.count('<svg class="chart figure"') == 2 and "All &lt;of it&gt;" in page and "Half of it." in page
    for words in ("a band", "boxes", "a line &amp; more", "marks"):
        assert page.count(f"<span>{words}</span>") == 2


def test_figures_side_by_side_keep_their_titles_and_keys() -> None:
    root = ElementTree.fromstring(figures_alone((FIGURE,) * 3, "Three <of them>"))
    name = "{http://www.w3.org/2000/svg}"
    texts = [item.text for item in root.iter(f"{name}text")]
    assert texts[0] == "Three <of them>" and texts.count("All <of it>") == 3 and texts.count("a line & more") == 3
    places = [(float(item.attrib["x"]), float(item.attrib["y"])) for item in root.findall(f"{name}svg")]
    assert [across for across, _ in places] == [0, 420, 0] and places[0][1] == places[1][1] < places[2][1]
    assert float(root.attrib["height"]) > places[2][1] + 290
    assert float(ElementTree.fromstring(figures_alone((FIGURE,), "One")).attrib["width"]) == 420


def test_no_shape_needs_color_to_be_told_apart() -> None:
    looks = [re.sub(r"#[0-9a-f]{6}", "ink", shape.look) for shape in Shape]
    lines = [look for shape, look in zip(Shape, looks, strict=True) if shape.is_line]
    assert len(set(lines)) == len(lines)
    bands = [look for shape, look in zip(Shape, looks, strict=True) if shape.is_band]
    assert len(set(bands)) == len(bands)
    for shape in Shape:
        for color in re.findall(r"#([0-9a-f]{6})", shape.look):
            red, green, blue = (int(color[place : place + 2], 16) for place in (0, 2, 4))
            assert blue >= max(red, green)


def test_a_key_names_only_what_is_seen() -> None:
    layers = (
        Layer(Shape.LINE, "one point", (1.0, 2.0), (NAN, 5.0)),
        Layer(Shape.LINE, "two", (1.0, 2.0), (4.0, 5.0)),
        Layer(Shape.LIGHT, "no end", (1.0,), (2.0,), (NAN,), (3.0,)),
        Layer(Shape.RING, "none", (), ()),
    )
    assert Figure("t", TIME, LEVEL, layers, "w").legend == ((Shape.LINE, "two"),)
