"""The table beside a drawing: the numbers that are drawn, at the places that are named, each with its unit."""

from __future__ import annotations

from datetime import datetime

import pytest

from inotrope.display.bars import Bar, Bars
from inotrope.display.chart import Chart
from inotrope.display.chart_table import table_beside
from inotrope.display.figure import Axis, Figure, Layer
from inotrope.display.shapes import Shape

HOURS = tuple(float(hour) for hour in range(25))
CHART = Chart(
    title="A rise of 10 ng/mL an hour",
    time_h=HOURS,
    middle=tuple(10 * hour for hour in HOURS),
    half=(tuple(9 * hour for hour in HOURS), tuple(11 * hour for hour in HOURS)),
    ninety=(tuple(8 * hour for hour in HOURS), tuple(12 * hour for hour in HOURS)),
    band=None,
    top=300.0,
    says="it rises",
)
ACROSS, UP = Axis("volume", "mL", 0.0, 200.0), Axis("pressure", "mmHg", 0.0, 100.0)


def figure(*layers: Layer) -> Figure:
    return Figure("A figure", ACROSS, UP, layers, "in words")


def test_a_chart_is_told_at_the_hours_under_it() -> None:
    table = table_beside(CHART)
    assert table.caption == CHART.title
    assert table.head == ("Time from now", "Median", "50 % of the draws", "90 % of the draws")
    assert [row[0] for row in table.rows] == ["0 h", "6 h", "12 h", "18 h", "24 h"]
    assert table.rows[1] == ("6 h", "60 ng/mL", "54 to 66 ng/mL", "48 to 72 ng/mL")
    assert table.rows[0] == ("0 h", "0 ng/mL", "0 ng/mL", "0 ng/mL")


def test_the_clock_stands_beside_the_hours_where_it_is_known() -> None:
    table = table_beside(Chart(**{**fields_of(CHART), "now": datetime.fromisoformat("2026-11-22T20:30:00+01:00")}))
    assert [row[0] for row in table.rows] == ["0 h, 20:30", "6 h, 02:30", "12 h, 08:30", "18 h, 14:30", "24 h, 20:30"]


def fields_of(chart: Chart) -> dict[str, object]:
    return {name: getattr(chart, name) for name in Chart.__dataclass_fields__}


def test_between_two_points_stands_the_line_that_is_drawn() -> None:
    table = table_beside(Chart("", (0.0, 10.0), (0.0, 100.0), None, None, None, 100.0, ""))
    # a line from 0 to 100 ng/mL over 10 h
    assert {row[0]: row[1] for row in table.rows}["5 h"] == "50 ng/mL"
    assert table.head == ("Time from now", "Typical curve")


def test_other_curves_and_measured_points_are_told_too() -> None:
    more = {
        "other": tuple(20 * hour for hour in HOURS),
        "other_is": "median if they worsen",
        "third": HOURS,
        "third_is": "median if they recover",
        "points": ((-1.75, 412.0), (3.0, 20.0)),
        "below": (False, True),
    }
    table = table_beside(Chart(**{**fields_of(CHART), **more}))
    assert table.head[-2:] == ("Median if they worsen", "Median if they recover")
    assert table.rows[1][-2:] == ("120 ng/mL", "6 ng/mL")
    assert table.rows[-2][:2] == ("-1.8 h", "measured: 412 ng/mL")
    assert table.rows[-1][:2] == ("3 h", "below quantification, at its limit: 20 ng/mL")
    assert {len(row) for row in table.rows} == {len(table.head)}


@pytest.mark.parametrize(("top", "told"), [(1.5, "0.63 ng/mL"), (15.0, "0.6 ng/mL"), (150.0, "1 ng/mL")])
def test_a_number_is_as_fine_as_its_scale(top: float, told: str) -> None:
    table = table_beside(Chart("", (0.0, 10.0), (0.625, 0.625), None, None, None, top, ""))
    assert table.rows[0][1] == told


def test_lines_and_bands_of_a_figure_are_told_at_its_places_and_where_a_point_lies_on_them() -> None:
    line = Layer(Shape.LINE, "median", (0.0, 200.0), (0.0, 100.0))
    band = Layer(Shape.LIGHT, "90 % of the draws", (0.0, 200.0), (0.0, 80.0), until_y=(10.0, 100.0))
    disk = Layer(Shape.DISK, "told in the table", (30.0,), (15.0,))
    upright = Layer(Shape.DOTTED, "right of it: extrapolation", (150.0, 150.0), (0.0, 100.0))
    box = Layer(Shape.RANGE, "levels of the label", (50.0,), (0.0,), (100.0,), (100.0,))
    table = table_beside(figure(box, band, line, upright, disk))
    assert table.head == ("Volume", "90 % of the draws", "Median")
    assert (
        "30 mL",
        "12 to 24 mmHg",
        "15 mmHg",
    ) in table.rows  # 80 x 30 / 200; 10 + 90 x 30 / 200 = 23.5; 100 x 30 / 200
    assert table.rows[-1] == ("200 mL", "80 to 100 mmHg", "100 mmHg")
    assert all("extrapolation" not in cell for row in table.rows for cell in row)


def test_where_a_line_is_not_drawn_there_is_no_number() -> None:
    line = Layer(Shape.LINE, "cAMP", (0.0, 50.0, 100.0, 150.0), (0.0, 10.0, float("nan"), 30.0))
    table = table_beside(figure(line))
    assert table.head == ("Volume", "cAMP")  # its own letters stay
    assert dict(table.rows) == {
        "0 mL": "0 mmHg",
        "50 mL": "10 mmHg",
        "100 mL": "none",
        "150 mL": "30 mmHg",
        "200 mL": "none",
    }


def test_marks_are_told_one_by_one() -> None:
    table = table_beside(figure(Layer(Shape.CIRCLE, "measured", (10.0, float("nan")), (50.0, 3.0))))
    assert table.head == ("Volume", "Pressure") and table.rows == (("10 mL", "measured: 50 mmHg"),)


def test_a_loop_is_told_point_by_point() -> None:
    x = (100.0, 100.0, 50.0, 50.0, 100.0)
    y = (10.0, 90.0, 90.0, 10.0, 10.0)
    fine = [Layer(Shape.DASHED, "before", x * 3, y * 3), Layer(Shape.LINE, "during", x * 3, y * 3)]
    table = table_beside(figure(*fine, Layer(Shape.RING, "other members", x, y)))
    assert table.caption == "A figure: volume, pressure"
    assert table.head == ("Point", "Before", "During") and len(table.rows) == 8
    assert table.rows[0] == ("1 of 8", "100 mL, 10 mmHg", "100 mL, 10 mmHg")


def test_bars_are_told_as_shares() -> None:
    bars = Bars("Time in it", (Bar("9.2 mL/h", (10.0, 85.25, 4.75), named=True), Bar("8 mL/h", (20.0, 80.0, 0.0))),
                ("below the range", "in it", "above it"), "words")  # fmt: skip
    table = table_beside(bars)
    assert table.head == ("", "Below the range", "In it", "Above it")
    assert table.rows[0][0] == "9.2 mL/h, named" and table.rows[1] == ("8 mL/h", "20 %", "80 %", "0 %")
