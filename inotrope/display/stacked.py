"""Figures under each other on one axis of time, with lanes below them for what went on and what happened.

Knows the ward's clock, panels of one width, and how words are kept from lying over each other. What is drawn are the
layers of `figure.py`, told apart by form, dash and edge as everywhere; it knows no course.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inotrope.display.figure import Axis, Figure, drawn
from inotrope.display.figure_text import text_figure
from inotrope.display.shapes import DEEP, INK, Key, Shape, standing_alone
from inotrope.display.sheet import clean
from inotrope.display.ticks import number, step_of

WIDE = 760.0
_LEFT, _RIGHT, _TOP, _PANEL, _GAP, _FOOT = 64.0, 16.0, 6.0, 84.0, 30.0, 44.0
_TEXT, _LETTER, _LANE, _BAR = 12.0, 6.9, 19.0, 11.0
_STEPS_H = (1, 2, 3, 6, 12, 24, 48, 72, 168)
"""Hours between two times of the clock under the figures."""
_ROOM = 74.0
"""Of the view box, what a time of the clock needs."""
_TEXT_ROWS = 6
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that went on, hours from the start; `end` is None while it still does."""

    start: float
    end: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """What stands beside a lane, and its bars; a bar without length is a moment."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Stacked:
    """Panels on one axis of time.

    Attributes:
        title: What it shows.
        start: The moment of hour 0.
        hours: The length of the axis.
        now: Hours from the start to now; what lies behind it is foreseen.
        panels: From top to bottom; each layer counts hours from the start.
        lanes: Under them.
        says: The drawing in words, for who does not see it.
        remark: What a reader must know beside the key.
    """

    title: str
    start: datetime
    hours: float
    now: float
    panels: tuple[Figure, ...]
    lanes: tuple[Lane, ...]
    says: str
    remark: str = ""

    @property
    def legend(self) -> Key:
        """What each shape stands for that is seen, each once."""
        return tuple(dict.fromkeys(entry for panel in self.panels for entry in panel.legend))

    @property
    def key(self) -> str:
        """What the characters of the text stand for."""
        shapes = "; ".join(f"{shape.sign} {words}" for shape, words in self.legend)
        return f"Hour 0 is {self.start:%Y-%m-%d %H:%M}, and now hour {self.now:.1f}. {shapes}. {self.remark}".rstrip()


def axis(name: str, unit: str, values: Sequence[float], *, zero: bool) -> Axis:
    """Return the axis of a panel that holds all values, between two round numbers on which none of them lies."""
    low, high = (0.0 if zero else min(values)), max(values)
    step = step_of(max(high - low, abs(high) * 0.1, 1e-6), 3)
    bottom = 0.0 if zero else round(step * math.floor(low / step - _SLACK), 12)
    top = round(step * math.ceil(high / step + _SLACK), 12)
    return Axis(name, unit, bottom, top if top > bottom else bottom + step)


def svg_stacked(stacked: Stacked) -> str:
    """Return the drawing as an SVG element; every text in it is escaped."""
    from html import escape  # noqa: PLC0415 - only a page needs it

    rows = [_packed(lane.bars, stacked) for lane in stacked.lanes]
    panels = (_GAP + _PANEL) * len(stacked.panels)
    lanes = _GAP / 2 + sum(_LANE * max(len(row), 1) for row in rows) if rows else 0.0
    foot = _TOP + panels + lanes
    high = foot + _FOOT
    parts = [
        f'<svg class="chart stacked" viewBox="0 0 {WIDE:g} {high:g}" role="img" aria-label="{escape(stacked.says)}">'
    ]
    parts += [_upright(x, _TOP, foot) for x, _ in _clock(stacked)]
    for place, panel in enumerate(stacked.panels):
        parts += _panel(panel, stacked, _TOP + _GAP + (_GAP + _PANEL) * place)
    down = _TOP + panels + _GAP / 2
    for lane, row in zip(stacked.lanes, rows, strict=True):
        parts.append(_text(2, down + _BAR, "start", escape(lane.name)))
        for line in row:
            parts += [_drawn_bar(bar, stacked, down, escape(bar.words)) for bar in line]
            down += _LANE
        down += 0 if row else _LANE
    if stacked.now < stacked.hours:
        x = _across(stacked, stacked.now)
        parts.append(
            f'<path d="M{x:.1f} {_TOP:g}V{foot:.1f}" stroke="{INK}" stroke-width="1.4" stroke-dasharray="5 3"/>'
        )
        parts.append(_text(x + 4, _TOP + 11, "start", "now"))
    parts.append(f'<path d="M{_LEFT:g} {foot:.1f}H{WIDE - _RIGHT:g}" stroke="{INK}" fill="none"/>')
    for x, when in _clock(stacked):
        parts.append(f'<path d="M{x:.1f} {foot:.1f}v4" stroke="{INK}"/>')
        parts.append(_text(x, foot + 17, "middle", f"{when:%H:%M}"))
        parts.append(_text(x, foot + 32, "middle", f"{when:%d %b}"))
    return "".join([*parts, "</svg>"])


def stacked_alone(stacked: Stacked) -> str:
    """Return the drawing as an SVG file with its title and key, ending in a line feed."""
    inside = svg_stacked(stacked)
    high = float(inside.partition('viewBox="')[2].partition('"')[0].split()[3])
    return standing_alone(inside, stacked.title, stacked.legend, wide=WIDE, high=high)


def text_stacked(stacked: Stacked, width: int) -> Iterator[str]:
    """Yield the drawing as lines of at most `width` columns: each panel small, then the lanes in words."""
    for panel in stacked.panels:
        yield f"{panel.title}, {panel.up.unit}"
        yield from text_figure(replace(panel, up=replace(panel.up, unit="")), width, _TEXT_ROWS)
    for lane in stacked.lanes:
        for bar in lane.bars:
            end = ", still" if bar.end is None else f" to {number(round(bar.end, 1))} h"
            when = f"{number(round(bar.start, 1))} h"
            yield f"{lane.name}: {clean(bar.words)} ({when if bar.end == bar.start else when + end})"[:width]


def _across(stacked: Stacked, hour: float) -> float:
    inside = min(max(hour, 0.0), stacked.hours)
    return _LEFT + inside / stacked.hours * (WIDE - _LEFT - _RIGHT)


def _clock(stacked: Stacked) -> Iterator[tuple[float, datetime]]:
    """Yield round times of the ward's clock with where they lie, as many as stand beside each other."""
    most = (WIDE - _LEFT - _RIGHT) / _ROOM
    step = next((step for step in _STEPS_H if stacked.hours / step <= most), _STEPS_H[-1])
    midnight = stacked.start.replace(hour=0, minute=0, second=0, microsecond=0)
    hour = 0
    while True:
        when = midnight + timedelta(hours=hour)
        place = (when - stacked.start).total_seconds() / 3600
        if place > stacked.hours:
            return
        if place >= 0:
            yield _across(stacked, place), when
        hour += step


def _panel(panel: Figure, stacked: Stacked, top: float) -> Iterator[str]:
    from html import escape  # noqa: PLC0415 - as above

    up = panel.up
    unit_y = _PANEL / (up.high - up.low)

    def at(x: float, y: float) -> tuple[float, float]:
        return _across(stacked, x), top + _PANEL - (min(max(y, up.low), up.high) - up.low) * unit_y

    yield _text(_LEFT, top - 8, "start", f"<tspan font-weight='700'>{escape(panel.title)}</tspan>, {escape(up.unit)}")
    for level in up.named(3):
        _, down = at(0, level)
        yield f'<path d="M{_LEFT:g} {down:.1f}H{WIDE - _RIGHT:g}" stroke="#dde3e8"/>'
        yield _text(_LEFT - 6, down + 4, "end", number(level))
    for layer in panel.layers:
        yield drawn(layer, at, unit_y)
    yield f'<path d="M{_LEFT:g} {top:g}v{_PANEL:g}H{WIDE - _RIGHT:g}" fill="none" stroke="{INK}"/>'


def _packed(bars: Sequence[Bar], stacked: Stacked) -> list[list[Bar]]:
    """Return the bars of a lane in as few lines as their words need, none over another."""
    lines: list[tuple[float, list[Bar]]] = []
    for bar in sorted(bars, key=lambda item: item.start):
        begin, end = _reach(bar, stacked)
        for place, (taken, line) in enumerate(lines):
            if taken <= begin:
                line.append(bar)
                lines[place] = (end, line)
                break
        else:
            lines.append((end, [bar]))
    return [line for _, line in lines]


def _reach(bar: Bar, stacked: Stacked) -> tuple[float, float]:
    """Return from where to where a bar reaches with its words, which stand behind it, or before it at the right end."""
    begin, end = _ends(bar, stacked)
    words = len(bar.words) * _LETTER + 14
    return (begin - words, end + 4) if _words_before(bar, stacked) else (begin, end + words)


def _words_before(bar: Bar, stacked: Stacked) -> bool:
    begin, end = _ends(bar, stacked)
    words = len(bar.words) * _LETTER + 14
    return end + words > WIDE and begin - words >= _LEFT


def _ends(bar: Bar, stacked: Stacked) -> tuple[float, float]:
    begin = _across(stacked, bar.start)
    end = _across(stacked, stacked.now if bar.end is None else bar.end)
    return begin, max(end, begin)


def _drawn_bar(bar: Bar, stacked: Stacked, top: float, words: str) -> str:
    begin, end = _ends(bar, stacked)
    if end - begin < 1:
        x, y = begin, top + _BAR / 2 + 1
        mark = (
            f'<path d="M{x:.1f} {y - 6:.1f}l5.5 6l-5.5 6l-5.5 -6z" fill="#ffffff" stroke="{INK}" stroke-width="1.6"/>'
        )
        begin, end = begin - 6, begin + 6
    else:
        goes_on = (
            ""
            if bar.end is not None
            else f'<path d="M{end:.1f} {top + 1:.1f}l6 {_BAR / 2:g}l-6 {_BAR / 2:g}z" fill="{DEEP}"/>'
        )
        mark = (
            f'<rect x="{begin:.1f}" y="{top + 1:.1f}" width="{end - begin:.1f}" height="{_BAR:g}" '
            f"{Shape.DARK.look}/>{goes_on}"
        )
        end += 6 if bar.end is None else 0
    inside = end - begin > len(bar.words) * _LETTER + 10
    if inside:
        return mark + _text(begin + 5, top + _BAR - 0.5, "start", words)
    if _words_before(bar, stacked):
        return mark + _text(begin - 4, top + _BAR - 0.5, "end", words)
    return mark + _text(end + 4, top + _BAR - 0.5, "start", words)


def _upright(x: float, top: float, foot: float) -> str:
    return f'<path d="M{x:.1f} {top:g}V{foot:.1f}" stroke="#eef1f4"/>'


def _text(x: float, y: float, anchor: str, escaped: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{_TEXT:g}">{escaped}</text>'
