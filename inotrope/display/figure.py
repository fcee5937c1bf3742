"""A figure of two axes with bands, lines and marks, as one SVG that stands alone.

Knows scales, ticks and how each layer lies on them. Sized for two figures beside each other on a page and one on a
phone. Every axis has its unit, and so has every number on it where there is room; no part of the figure says good or
bad.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from inotrope.display.shapes import INK, Key, Shape, errors_and_marks, grid, standing_alone
from inotrope.display.ticks import multiples, number, ticks

WIDE, HIGH = 420.0, 290.0
"""Of the view box; a text of 13 in it is 10 points high on a phone."""
_LEFT, _RIGHT, _TOP, _BOTTOM, _TEXT, _LETTER, _GAP = 88.0, 36.0, 28.0, 50.0, 13, 7.8, 8.0
At: TypeAlias = Callable[[float, float], tuple[float, float]]
"""From numbers of the axes to a place in the view box."""
MOST_TICKS = 4
"""About how many numbers an axis has."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is shown along it, its unit, and its two ends; `unit` is empty where there is none.

    `step` is what lies between two numbers under it, such as the quarter of a day; None for a round one.
    """

    name: str
    unit: str
    low: float
    high: float
    step: float | None = None

    def says(self, value: float) -> str:
        """Return a number with its unit."""
        return f"{number(value)} {self.unit}".strip()

    def named(self, count: int = MOST_TICKS) -> tuple[float, ...]:
        """Return the numbers that stand along it, about `count` of them where it has no step of its own."""
        return ticks(self.low, self.high, count) if self.step is None else multiples(self.low, self.high, self.step)


@dataclass(frozen=True, slots=True)
class Layer:
    """What one shape draws. Numbers that are nan are not drawn, and part a line.

    Attributes:
        shape: How.
        words: What it is, for the key; empty where another layer of the shape says it.
        x: Of each point.
        y: Of each point; of a band its lower end.
        until_y: The upper end of a band.
        until_x: Where each box ends, if the band is one of boxes side by side and not one that runs through.
        errors: Of each mark the length of its bar to either side.
    """

    shape: Shape
    words: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    until_y: tuple[float, ...] = ()
    until_x: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()

    @property
    def is_seen(self) -> bool:
        """Whether anything of it is drawn; a single point is no line."""
        ends = zip(self.x, self.y, self.until_y or self.y, strict=True)
        drawn = [math.isfinite(x + low + high) for x, low, high in ends]
        return any(map(all, pairwise(drawn))) if self.shape.is_line else any(drawn)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        title: What it shows.
        across: The axis from left to right.
        up: The axis from bottom to top.
        layers: From the lowest to the uppermost.
        says: The figure in words, for who does not see it.
        remark: What a reader must know beside the key.
    """

    title: str
    across: Axis
    up: Axis
    layers: tuple[Layer, ...]
    says: str
    remark: str = ""

    @property
    def legend(self) -> Key:
        """What each shape stands for that is seen."""
        return tuple((layer.shape, layer.words) for layer in self.layers if layer.words and layer.is_seen)

    @property
    def key(self) -> str:
        """What the characters of the text stand for, and what the axes are."""
        shapes = "; ".join(f"{shape.sign} {words}" for shape, words in self.legend)
        more = f" {self.remark}" if self.remark else ""
        return f"Up: {self.up.name}; across: {self.across.name}. {shapes}.{more}"


def svg_figure(figure: Figure) -> str:
    """Return the figure as an SVG element; every text in it is escaped."""
    from html import escape  # noqa: PLC0415 - only a page needs it

    across, up = figure.across, figure.up
    fits = _GAP + _LETTER * max(len(up.says(level)) for level in up.named()) <= _LEFT
    labels = up.says if fits else number  # a long unit stands once, at the name: figures under each other keep one axis
    name = up.name if fits else f"{up.name}, {up.unit}"
    begin = max(_LEFT, _GAP + _LETTER * max(len(labels(level)) for level in up.named()))
    unit_x = (WIDE - begin - _RIGHT) / (across.high - across.low)
    unit_y = (HIGH - _TOP - _BOTTOM) / (up.high - up.low)

    def at(x: float, y: float) -> tuple[float, float]:
        # What lies outside an axis is drawn at its end, and not over the words beside it.
        inside_x, inside_y = min(max(x, across.low), across.high), min(max(y, up.low), up.high)
        return begin + (inside_x - across.low) * unit_x, HIGH - _BOTTOM - (inside_y - up.low) * unit_y

    left, foot = at(across.low, up.low)
    right, top = at(across.high, up.high)
    parts = [
        f'<svg class="chart figure" viewBox="0 0 {WIDE:g} {HIGH:g}" role="img" aria-label="{escape(figure.says)}">',
        *(drawn(layer, at, unit_y) for layer in figure.layers),
        f'<path d="M{left:.1f} {top:.1f}V{foot:.1f}H{right:.1f}" fill="none" stroke="{INK}"/>',
    ]
    for level in up.named():
        _, down = at(across.low, level)
        parts.append(f'<path d="M{left - 4:.1f} {down:.1f}h4" stroke="{INK}"/>')
        parts.append(_text(left - 7, down + 4.5, "end", escape(labels(level))))
    for place in _fitting(across, right - left):
        here, _ = at(place, up.low)
        parts.append(f'<path d="M{here:.1f} {foot:.1f}v4" stroke="{INK}"/>')
        half = len(across.says(place)) * _LETTER / 2
        parts.append(_text(min(here, WIDE - half), foot + 18, "middle", escape(across.says(place))))
    parts.append(_text(8, 14, "start", escape(name)))
    parts.append(_text(right, HIGH - 10, "end", escape(across.name)))
    return "".join([*parts, "</svg>"])


def _fitting(axis: Axis, length: float) -> tuple[float, ...]:
    """Return the numbers under an axis: as many as stand beside each other with their units."""
    for count in range(MOST_TICKS, 1, -1):
        found = axis.named(count)
        if max(len(axis.says(place)) for place in found) * _LETTER * (len(found) - 1) <= length:
            break
    return found


def _text(x: float, y: float, anchor: str, escaped: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{_TEXT}">{escaped}</text>'


def drawn(layer: Layer, at: At, unit_y: float) -> str:
    """Return one layer as SVG.

    Args:
        layer: The layer.
        at: From numbers of the axes to a place in the view box.
        unit_y: Of the view box, the height of one unit of the axis that runs up.
    """
    look = layer.shape.look
    if layer.until_x:
        boxes = []
        for begin, end, low, high in zip(layer.x, layer.until_x, layer.y, layer.until_y, strict=True):
            if math.isfinite(low + high):
                (x, y), (until_x, until_y) = at(begin, high), at(end, low)
                size = f'width="{until_x - x:.1f}" height="{max(until_y - y, 1.0):.1f}"'
                boxes.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size}/>')
        return f"<g {look}>{''.join(boxes)}</g>"
    if layer.until_y:
        there = list(zip(layer.x, layer.y, strict=True))
        back = list(zip(reversed(layer.x), reversed(layer.until_y), strict=True))
        return f'<polygon points="{_points([at(*point) for point in there + back])}" {look}/>'
    if layer.shape.is_line:
        return "".join(
            f'<polyline points="{_points([at(*point) for point in piece])}" {look}/>' for piece in _pieces(layer)
        )
    errors = layer.errors or (0.0,) * len(layer.x)
    shown = [
        (*at(x, y), error * unit_y)
        for x, y, error in zip(layer.x, layer.y, errors, strict=True)
        if math.isfinite(x + y)
    ]
    return errors_and_marks(layer.shape, shown)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _pieces(layer: Layer) -> Iterator[list[tuple[float, float]]]:
    """Yield the unbroken pieces of a line, each of two points or more."""
    piece: list[tuple[float, float]] = []
    for x, y in (*zip(layer.x, layer.y, strict=True), (math.nan, math.nan)):
        if math.isfinite(x + y):
            piece.append((x, y))
            continue
        if len(piece) > 1:
            yield piece
        piece = []


def figures_alone(
    figures: Sequence[Figure], title: str, *, columns: int = 2, remarks: Sequence[str] = (), loud: Sequence[str] = ()
) -> str:
    """Return figures side by side as one SVG file, each with its own title and key, ending in a line feed.

    Args:
        figures: From left to right, row by row; one or more.
        title: Of all of them.
        columns: How many stand in a row, at most.
        remarks: What must be read with all of them; they stand under the title.
        loud: What must be read first; it stands above them, in bold.
    """
    each = [figure_alone(one) for one in figures]
    return grid(each, title, columns=min(columns, len(each)), remarks=remarks, loud=loud)


def figure_alone(figure: Figure) -> str:
    """Return one figure as an SVG file with its own title and key, ending in a line feed."""
    return standing_alone(svg_figure(figure), figure.title, figure.legend, wide=WIDE, high=HIGH)
