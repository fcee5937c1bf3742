"""The numbers of a drawing as a table: what stands beside every chart for who does not see it, or wants to read it off.

Knows charts, figures and bars. It reads what is drawn at round places of the axis and computes nothing else: between
two points of a line it takes the straight line that is drawn there.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from inotrope.display.bars import Bars
from inotrope.display.chart import BELOW, Chart, hours_named
from inotrope.display.shapes import Shape
from inotrope.display.sheet import Table
from inotrope.display.ticks import number
from inotrope.units import plain_number, round_half_up

if TYPE_CHECKING:
    from inotrope.display.figure import Axis, Figure, Layer

NONE = "none"
_AROUND = 8
"""Points that are told of a line that turns back: a loop."""
_FINE, _COARSE = 2.0, 20.0
"""Of the top of a scale: below the first two decimals are told, below the second one, else none."""


def table_beside(drawn: Chart | Bars | Figure) -> Table:
    """Return the numbers of a drawing as a table."""
    if isinstance(drawn, Bars):
        head = ("", *(f"{part[0].upper()}{part[1:]}" for part in drawn.parts))
        rows = tuple(
            (
                f"{bar.label}, named" if bar.named else bar.label,
                *(f"{number(round(share, 1))} %" for share in bar.shares),
            )
            for bar in drawn.bars
        )
        return Table(drawn.title, head, rows)
    return _of_chart(drawn) if isinstance(drawn, Chart) else _of_figure(drawn)


def _of_chart(chart: Chart) -> Table:
    """Return a chart at the hours that are named under it, and each point that was measured."""
    curves: list[tuple[str, Sequence[Sequence[float]]]] = [
        ("Typical curve" if chart.ninety is None else _capital(chart.middle_is), [chart.middle])
    ]
    if chart.half is not None and chart.ninety is not None:
        curves += [("50 % of the draws", chart.half), ("90 % of the draws", chart.ninety)]
    curves += [] if chart.other is None else [(_capital(chart.other_is), [chart.other])]
    curves += [] if chart.third is None else [(_capital(chart.third_is), [chart.third])]
    rows = []
    for hour in hours_named(chart):
        cells = (_span([_at(chart.time_h, line, hour) for line in lines], chart.unit, chart.top) for _, lines in curves)
        rows.append((_when(chart, hour), *cells))
    columns = len(curves)
    for (hour, level), below in zip(chart.points, chart.below or (False,) * len(chart.points), strict=True):
        word = BELOW if below else "measured"
        told = f"{word}: {_told(level, chart.top)} {chart.unit}"
        rows.append((_when(chart, round(hour, 1)), told, *("" for _ in range(columns - 1))))
    return Table(chart.title, ("Time from now", *(name for name, _ in curves)), tuple(rows))


def _when(chart: Chart, hour: float) -> str:
    clock = chart.clock_at(hour)
    return f"{number(hour)} h, {clock}" if clock else f"{number(hour)} h"


def _of_figure(figure: Figure) -> Table:
    """Return lines and bands at round places of the axis and where a point is marked; loops point by point."""
    seen = [layer for layer in figure.layers if layer.is_seen and layer.words and not layer.until_x]
    loops = [layer for layer in seen if layer.shape.is_line and not _runs(layer) and not _upright(layer)]
    return _of_loops(figure, loops) if loops else _of_lines(figure, seen)


def _of_lines(figure: Figure, seen: Sequence[Layer]) -> Table:
    across, up = figure.across, figure.up
    columns = [layer for layer in seen if _runs(layer) and (layer.until_y or layer.shape.is_line)]
    marks = [layer for layer in seen if not layer.shape.is_line and not layer.shape.is_band]
    places = {*across.named(), *(x for layer in marks if layer.shape is Shape.DISK for x in layer.x)}
    rows = [(_place(across, x), *(_told_at(layer, x, up) for layer in columns)) for x in sorted(places) if columns]
    for layer in marks:
        if layer.shape is not Shape.DISK:  # those lie on a line, which is told there
            points = [(x, y) for x, y in zip(layer.x, layer.y, strict=True) if math.isfinite(x + y)]
            told = [(_place(across, x), f"{layer.words}: {_told(y, up.high - up.low)} {up.unit}") for x, y in points]
            rows += [(first, second.strip(), *("" for _ in columns[1:])) for first, second in told]
    heads = [_capital(layer.words) for layer in columns] or [_capital(up.name)]
    return Table(figure.title, (_capital(across.name), *heads), tuple(rows))


def _of_loops(figure: Figure, loops: Sequence[Layer]) -> Table:
    """Return each loop in a few points, in the order in which it is drawn."""
    across, up = figure.across, figure.up
    lines = [
        [f"{_place(across, x)}, {_place(up, y)}" for x, y in _around(list(zip(layer.x, layer.y, strict=True)))]
        for layer in loops
    ]
    rows = tuple((f"{place} of {_AROUND}", *cells) for place, cells in enumerate(zip(*lines, strict=True), 1))
    return Table(f"{figure.title}: {across.name}, {up.name}", ("Point", *(_capital(one.words) for one in loops)), rows)


def _around(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [points[place * (len(points) - 1) // _AROUND] for place in range(_AROUND)]


def _runs(layer: Layer) -> bool:
    """Tell whether a layer has one value at each place: its points go from left to right."""
    return all(first < second for first, second in pairwise(layer.x))


def _upright(layer: Layer) -> bool:
    """Tell whether it only marks a place of the axis; the remark under the figure names that place."""
    return len(set(layer.x)) == 1


def _place(axis: Axis, value: float) -> str:
    """Return a place on an axis with its unit."""
    return f"{_told(value, axis.high - axis.low)} {axis.unit}".strip()


def _told_at(layer: Layer, place: float, up: Axis) -> str:
    ends = [_at(layer.x, line, place) for line in (layer.y, layer.until_y) if line]
    return _span(ends, up.unit, up.high - up.low)


def _at(places: Sequence[float], values: Sequence[float], place: float) -> float:
    """Return a line at a place, on the straight line between its neighbors; nan beyond its ends."""
    if not places[0] - 1e-9 <= place <= places[-1] + 1e-9:
        return math.nan
    after = min(max(bisect_left(places, place), 1), len(places) - 1)
    before = after - 1
    share = min(max((place - places[before]) / (places[after] - places[before]), 0.0), 1.0)
    if share in (0.0, 1.0):  # a neighbor that is not drawn does not count
        return values[after] if share else values[before]
    return values[before] + share * (values[after] - values[before])


def _span(ends: Sequence[float], unit: str, reach: float) -> str:
    """Say one number, or two with their unit once; what is not drawn is none."""
    if not all(map(math.isfinite, ends)):
        return NONE
    told = list(dict.fromkeys(_told(end, reach) for end in ends))
    return f"{' to '.join(told)} {unit}".strip()


def _told(value: float, reach: float) -> str:
    """Return a number as finely as an eye reads it off an axis of this length."""
    decimals = 2 if reach < _FINE else 1 if reach < _COARSE else 0
    return plain_number(round_half_up(Decimal(repr(float(value))), decimals))


def _capital(words: str) -> str:
    """Begin with a capital, but for a name that has its own letters, such as cAMP."""
    return f"{words[:1].upper()}{words[1:]}" if words[1:2].islower() else words
