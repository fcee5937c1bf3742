"""A figure as lines of characters: each shape has its own, and what is drawn later lies over what came before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from inotrope.display.figure import Axis, Figure, Layer

ROWS, _MARGIN = 14, 12
"""Rows of the drawing, and columns of the numbers beside it."""


def text_figure(figure: Figure, width: int, rows: int = ROWS) -> Iterator[str]:
    """Yield the figure as lines of at most `width` columns; a later layer lies over an earlier one."""
    columns, across, up = max(width - _MARGIN - 2, 12), figure.across, figure.up
    cells = [[" "] * columns for _ in range(rows + 1)]

    def row(y: float) -> int:
        return round((y - up.low) / (up.high - up.low) * rows)

    def column(x: float) -> int:
        return round((x - across.low) / (across.high - across.low) * (columns - 1))

    for layer in figure.layers:
        for x, low, high in _cells(layer, across, columns):
            for y in range(max(row(low), 0), min(row(high), rows) + 1):
                if 0 <= column(x) < columns:
                    cells[y][column(x)] = layer.shape.sign
    named = {row(level): up.says(level) for level in up.named()}
    for y in range(rows, -1, -1):
        yield f"{named.get(y, ''):>{_MARGIN}} |{''.join(cells[y])}".rstrip()
    yield f"{'':>{_MARGIN}} +{'-' * columns}"
    line = [" "] * columns
    for place in across.named():
        text = across.says(place)
        start = min(column(place), columns - len(text))
        line[start : start + len(text)] = text
    yield f"{'':>{_MARGIN + 2}}{''.join(line)}".rstrip()


def _cells(layer: Layer, across: Axis, columns: int) -> Iterator[tuple[float, float, float]]:
    """Yield the places of a layer, each with its lower and its upper end: of a line and a band one for each column."""
    until = layer.until_y or layer.y
    steps = [across.low + (across.high - across.low) * place / (columns - 1) for place in range(columns)]
    if layer.until_x:
        for begin, end, low, high in zip(layer.x, layer.until_x, layer.y, until, strict=True):
            if math.isfinite(low + high):
                yield from ((x, low, high) for x in steps if begin <= x <= end)
    elif layer.shape.is_line or layer.shape.is_band:
        points = list(zip(layer.x, layer.y, until, strict=True))
        for (x0, low0, high0), (x1, low1, high1) in pairwise(points):
            if math.isfinite(low0 + high0 + low1 + high1):
                for x in (step for step in steps if x0 <= step <= x1 and x0 < x1):
                    share = (x - x0) / (x1 - x0)
                    yield x, low0 + share * (low1 - low0), high0 + share * (high1 - high0)
    else:
        yield from ((x, y, y) for x, y in zip(layer.x, layer.y, strict=True) if math.isfinite(x + y))
