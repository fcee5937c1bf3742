"""A chart of levels over time: as lines of characters, and as one SVG that stands alone.

Knows scales, ticks and how an interval is drawn. Everything that a color tells, a word tells too; the studied range is
drawn in gray and named, and no part of the chart says good or bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from inotrope.display.shapes import INK, Key, Shape, mark, standing_alone
from inotrope.display.ticks import multiples, number, rounded_top, step_of, ticks
from inotrope.units import Quantity, later
from inotrope.units.wards import clock_then

__all__ = ["Chart", "rounded_top", "svg_alone", "svg_chart", "text_chart"]

ROWS = 12
_LEFT, _LETTER = 12, 7.0
"""Columns of the level's ticks, such as `  300 ng/mL`, and units of the SVG's view box for a letter of them; a longer
unit takes more."""
_DAY = 24.0
_PARTS_OF_A_DAY, _MOST_HOURS = (1.0, 3.0, 6.0, 12.0, 24.0, 48.0), 9
_WIDE, _HIGH, _MARGIN_LEFT, _MARGIN_RIGHT, _MARGIN_TOP, _MARGIN_BOTTOM = 640.0, 250.0, 84.0, 16.0, 14.0, 34.0
"""Units of the SVG's own view box."""
_CLOCK = 15.0
"""The same: the row of clock times."""
BELOW = "below quantification, at its limit"


@dataclass(frozen=True, slots=True)
class Chart:
    """One curve with its intervals, over a studied range where there is one.

    Attributes:
        title: What it shows.
        time_h: Hours from now, ascending; below 0 what was.
        middle: The median of the draws, or the typical curve where no spread is shown, in `unit`, as all levels.
        half: The ends of the interval that holds 50 % of the draws; None where no spread is shown.
        ninety: The same of 90 %.
        band: The ends of the studied range, or of a hospital's own band; None draws none.
        top: The highest level of the scale, the same for charts that stand beside each other.
        says: The chart in words, for who does not see it.
        unit: Of every level.
        alone: Why there is no interval, where there is none.
        band_is: What the band is called.
        middle_is: What the middle is called, where it is not the median.
        other: Another curve at the same times, such as that of the typical patient; None draws none.
        other_is: What that is called.
        third: One more such curve.
        third_is: What that is called.
        points: What was measured, each an hour and a level; where `below` holds, the limit of quantification.
        errors: Of each point the length of its error bar to either side; none where that is not known.
        errors_are: What the bars are.
        below: Of each point, whether it is only known to lie below its level; none where all were measured.
        turns: Whether the times are uneven and hold every turn: a column of the text then shows all levels of its time.
        now: The clock time of hour 0, which a drawing then writes under its hours; None writes hours alone.
    """

    title: str
    time_h: tuple[float, ...]
    middle: tuple[float, ...]
    half: tuple[tuple[float, ...], tuple[float, ...]] | None
    ninety: tuple[tuple[float, ...], tuple[float, ...]] | None
    band: tuple[float, float] | None
    top: float
    says: str
    unit: str = "ng/mL"
    alone: str = "no spread is known"
    band_is: str = "the studied range"
    middle_is: str = "median"
    other: tuple[float, ...] | None = None
    other_is: str = ""
    third: tuple[float, ...] | None = None
    third_is: str = ""
    points: tuple[tuple[float, float], ...] = ()
    errors: tuple[float, ...] = ()
    errors_are: str = ""
    below: tuple[bool, ...] = ()
    turns: bool = False
    now: datetime | None = None

    def clock_at(self, hour: float) -> str:
        """Return the time of the clock at an hour, such as `14:00`; empty where the time of hour 0 is not known."""
        if self.now is None:
            return ""
        # The time alone: hours stand over it, and which day it is follows from them.
        shown = clock_then(later(self.now, Quantity(Decimal(str(hour)), "h")), self.now).split(" ")
        return " ".join(shown[1:] if len(shown[0]) > len("14:00") else shown)

    @property
    def marks(self) -> tuple[tuple[float, float, Shape, float], ...]:
        """Each point: its hour, its level, its shape and the length of its bar."""
        below = self.below or (False,) * len(self.points)
        errors = self.errors or (0.0,) * len(self.points)
        shapes = tuple(Shape.TRIANGLE if low else Shape.CIRCLE for low in below)
        return tuple((*point, shape, error) for point, shape, error in zip(self.points, shapes, errors, strict=True))

    @property
    def legend(self) -> Key:
        """What each shape of the drawing stands for."""
        found = [(Shape.LINE, "the typical curve" if self.ninety is None else self.middle_is)]
        found += [] if self.other is None else [(Shape.DASHED, self.other_is)]
        found += [] if self.third is None else [(Shape.DOTTED, self.third_is)]
        if self.ninety is not None:
            found += [(Shape.DARK, "50 % of the draws"), (Shape.LIGHT, "90 % of the draws")]
        if self.band is not None and self.band[0] < self.top:
            low, high = map(number, self.band)
            found.append((Shape.RANGE, f"{self.band_is.removeprefix('the ')}, {low} to {high} {self.unit}"))
        shapes = [shape for _, _, shape, _ in self.marks]
        if Shape.CIRCLE in shapes:
            bars = f", bar: {self.errors_are}" if any(self.errors) else ""
            found.append((Shape.CIRCLE, f"measured{bars}"))
        return (*found, (Shape.TRIANGLE, BELOW)) if Shape.TRIANGLE in shapes else tuple(found)

    @property
    def remark(self) -> str:
        """What a reader must know beside the key."""
        return f"{self.alone[:1].upper()}{self.alone[1:]}." if self.ninety is None else ""

    @property
    def key(self) -> str:
        """What the characters of the text stand for."""
        lines = ""
        if self.band is not None:
            low, high = (f"{number(end)} {self.unit}" for end in self.band)
            lines = f"; dashes: the ends of {self.band_is}, {low} and {high}"
        if self.ninety is None:
            return f"*: the typical curve; {self.alone}{lines}."
        more = "" if self.other is None else f"; +: {self.other_is}"
        more += "" if self.third is None else f"; .: {self.third_is}"
        shapes = [shape for _, _, shape, _ in self.marks]
        measured = "; o: measured" if Shape.CIRCLE in shapes else ""
        measured += f"; v: {BELOW}" if Shape.TRIANGLE in shapes else ""
        return f"*: {self.middle_is}; #: 50 % of the draws; : 90 % of the draws{more}{measured}{lines}."


def text_chart(chart: Chart, width: int) -> Iterator[str]:
    """Yield the chart as lines of at most `width` columns."""
    edge = max(_LEFT, _longest(chart))
    columns = max(width - edge - 2, 12)
    first, last = chart.time_h[0], chart.time_h[-1]
    places = list(_places(chart, columns))
    height = chart.top / ROWS
    levels = {round(ROWS * level / chart.top): level for level in ticks(0.0, chart.top, 4)}
    for row in range(ROWS, -1, -1):
        low, high = (row - 0.5) * height, (row + 0.5) * height
        line = "".join(_mark(chart, place, low, high) for place in places)
        for hour, level, shape, _ in chart.marks:
            if low <= level < high:
                at = round((hour - first) / (last - first) * (columns - 1))
                line = f"{line[:at]}{shape.sign}{line[at + 1 :]}"
        label = _label(chart, levels[row]) if row in levels else ""
        yield f"{label:>{edge}} |{line}".rstrip()
    yield f"{'':>{edge}} +{'-' * columns}"
    axis = [" "] * (columns + 8)
    for hour in _hours(first, last):
        at, text = int((hour - first) / (last - first) * (columns - 1)), f"{number(hour)} h"
        start = min(at, columns - len(text)) if hour > first else 0
        axis[start : start + len(text)] = text
    yield f"{'':>{edge + 2}}{''.join(axis)}".rstrip()


def _label(chart: Chart, level: float) -> str:
    """Return a tick of the level's axis, with its unit."""
    return f"{number(level)} {chart.unit}"


def _longest(chart: Chart) -> int:
    return max(len(_label(chart, level)) for level in ticks(0.0, chart.top, 4))


def _places(chart: Chart, columns: int) -> Iterator[range]:
    """Yield the points that each column shows: one, or all of its time where the chart holds every turn."""
    count, first, last = len(chart.time_h), chart.time_h[0], chart.time_h[-1]
    begin = 0
    for index in range(columns):
        if not chart.turns:
            place = min(int(index * (count - 1) / (columns - 1) + 0.5), count - 1)
            yield range(place, place + 1)
            continue
        until = first + (last - first) * (index + 0.5) / (columns - 1)
        end = begin
        while end < count and chart.time_h[end] < until:
            end += 1
        # Where points are few, a column between two of them shows the one before it.
        yield range(begin, end) if end > begin else range(max(begin - 1, 0), max(begin, 1))
        begin = end


def _mark(chart: Chart, places: range, low: float, high: float) -> str:
    """Return the character of one cell: a level falls into exactly one row."""

    def within(lower: Sequence[float], upper: Sequence[float]) -> bool:
        part = slice(places.start, places.stop)
        return min(lower[part]) < high and max(upper[part]) >= low

    if within(chart.middle, chart.middle):
        return "*"
    if chart.other is not None and within(chart.other, chart.other):
        return "+"
    if chart.third is not None and within(chart.third, chart.third):
        return "."
    for sign, interval in (("#", chart.half), (":", chart.ninety)):
        if interval is not None and within(*interval):
            return sign
    return "-" if any(low <= end < high for end in chart.band or ()) else " "


def svg_chart(chart: Chart) -> str:
    """Return the chart as an SVG element; every text in it is escaped."""
    from html import escape  # noqa: PLC0415 - only a page needs it

    first, last = chart.time_h[0], chart.time_h[-1]
    margin = max(_MARGIN_LEFT, 12 + _LETTER * _longest(chart))

    def across(hour: float) -> float:
        return margin + (hour - first) / (last - first) * (_WIDE - margin - _MARGIN_RIGHT)

    def down(level: float) -> float:
        return _HIGH - _MARGIN_BOTTOM - level / chart.top * (_HIGH - _MARGIN_TOP - _MARGIN_BOTTOM)

    def line(levels: Sequence[float]) -> str:
        return " ".join(
            f"{across(hour):.1f},{down(level):.1f}" for hour, level in zip(chart.time_h, levels, strict=True)
        )

    def area(ends: tuple[Sequence[float], Sequence[float]]) -> str:
        back = zip(reversed(chart.time_h), reversed(ends[1]), strict=True)
        return f"{line(ends[0])} " + " ".join(f"{across(hour):.1f},{down(level):.1f}" for hour, level in back)

    left, right = across(first), across(last)
    parts = [
        f'<svg class="chart levels" viewBox="0 0 {_WIDE:g} {_tall(chart):g}" role="img" '
        f'aria-label="{escape(chart.says)}">',
    ]
    words = ""
    if chart.band is not None and chart.band[0] < chart.top:
        low, high = chart.band
        ceiling, name = down(min(high, chart.top)), chart.band_is.removeprefix("the ")
        parts.append(
            f'<rect x="{left:.1f}" y="{ceiling:.1f}" width="{right - left:.1f}" '
            f'height="{down(low) - ceiling:.1f}" {Shape.RANGE.look}/>'
        )
        words = (
            f'<text x="{right - 4:.1f}" y="{down(low) - 4:.1f}" text-anchor="end" font-size="11" fill="{INK}" '
            f'stroke="#ffffff" stroke-width="3" stroke-opacity="0.85" paint-order="stroke">'
            f"{escape(name)} {number(low)} to {number(high)} {escape(chart.unit)}</text>"
        )
    if chart.ninety is not None and chart.half is not None:
        parts += [
            f'<polygon points="{area(chart.ninety)}" {Shape.LIGHT.look}/>',
            f'<polygon points="{area(chart.half)}" {Shape.DARK.look}/>',
        ]
    parts.append(f'<polyline points="{line(chart.middle)}" {Shape.LINE.look}/>')
    if chart.other is not None:
        parts.append(f'<polyline points="{line(chart.other)}" {Shape.DASHED.look}/>')
    if chart.third is not None:
        parts.append(f'<polyline points="{line(chart.third)}" {Shape.DOTTED.look}/>')
    unit = (_HIGH - _MARGIN_BOTTOM - _MARGIN_TOP) / chart.top
    parts += [mark(shape, across(hour), down(level), error * unit) for hour, level, shape, error in chart.marks]
    parts.append(words)  # above the areas, which would cover it
    if first < 0 < last:
        parts.append(f'<path d="M{across(0):.1f} {down(0):.1f}V{down(chart.top):.1f}" {Shape.DOTTED.look}/>')
        parts.append(
            f'<text x="{across(0) + 4:.1f}" y="{down(chart.top) + 9:.1f}" font-size="11" fill="{INK}">now</text>'
        )
    parts.append(f'<path d="M{left:.1f} {down(chart.top):.1f}V{down(0):.1f}H{right:.1f}" fill="none" stroke="{INK}"/>')
    for level in ticks(0.0, chart.top, 4):
        parts.append(
            f'<text x="{left - 6:.1f}" y="{down(level) + 4:.1f}" text-anchor="end" font-size="12">'
            f"{escape(_label(chart, level))}</text>"
        )
    for hour in _hours(first, last):
        anchor = "start" if hour == first else "end" if hour == last else "middle"
        parts.append(
            f'<text x="{across(hour):.1f}" y="{down(0) + 18:.1f}" text-anchor="{anchor}" font-size="12">'
            f"{number(hour)} h</text>"
        )
        if chart.now is not None:
            clock = f"now, {chart.clock_at(hour)}" if hour == 0 else chart.clock_at(hour)
            parts.append(
                f'<text x="{across(hour):.1f}" y="{down(0) + 18 + _CLOCK:.1f}" text-anchor="{anchor}" font-size="12">'
                f"{clock}</text>"
            )
    return "".join([*parts, "</svg>"])


def svg_alone(chart: Chart) -> str:
    """Return the chart as an SVG file of its own, with its title and its key, ending in a line feed."""
    from inotrope.display.sheet import clean  # noqa: PLC0415 - it knows charts, and imports this

    title, drawing = clean(chart.title), svg_chart(replace(chart, says=clean(chart.says)))
    return standing_alone(drawing, title, chart.legend, wide=_WIDE, high=_tall(chart))


def _tall(chart: Chart) -> float:
    """Return the height of the view box."""
    return _HIGH if chart.now is None else _HIGH + _CLOCK


def hours_named(chart: Chart) -> tuple[float, ...]:
    """Return the hours that are named under a chart."""
    return _hours(chart.time_h[0], chart.time_h[-1])


def _hours(first: float, last: float) -> tuple[float, ...]:
    """Return the hours that are named: from 0 on, or, where the chart begins before now, in parts of a day."""
    if first >= 0:
        # A day, also one after a load, in quarters, as a ward counts it.
        step = _DAY / 4 if _DAY <= last < _DAY + 2 else step_of(last, 4)
    else:
        spans = (step for step in _PARTS_OF_A_DAY if (last - first) / step <= _MOST_HOURS)
        step = next(spans, step_of(last - first, 4))
    return multiples(first, last, step)
