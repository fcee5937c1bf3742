"""What figures are drawn with: lines, bands and marks that are told apart without color, and the key that names them.

Knows each shape's look in an SVG and its character in a text. Grays and blues alone, told apart by dash, edge and form
too: a figure must say the same on a gray printer. It knows no scale and no data.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TypeAlias

INK, BLUE, DEEP = "#16202a", "#0b4f86", "#0b3d5c"


class Shape(Enum):
    """A way of drawing something; those that come later lie above those that come first."""

    RANGE = ("-", f'fill="#dde3e8" fill-opacity="0.55" stroke="{INK}" stroke-width="1" stroke-dasharray="1 4"')
    LIGHT = (":", f'fill="{BLUE}" fill-opacity="0.16" stroke="{BLUE}" stroke-opacity="0.5" stroke-width="0.8"')
    DARK = ("#", f'fill="{BLUE}" fill-opacity="0.36" stroke="{DEEP}" stroke-opacity="0.6" stroke-width="0.8"')
    LINE = ("*", f'fill="none" stroke="{DEEP}" stroke-width="2.2"')
    DASHED = ("+", f'fill="none" stroke="{DEEP}" stroke-width="1.6" stroke-dasharray="6 4"')
    DOTTED = (".", f'fill="none" stroke="{INK}" stroke-width="1.2" stroke-dasharray="1.5 3.5"')
    EDGE = ("'", f'fill="none" stroke="{INK}" stroke-width="1" stroke-dasharray="9 3 1.5 3"')
    CIRCLE = ("o", f'fill="#ffffff" stroke="{INK}" stroke-width="2"')
    RING = ("o", f'fill="#ffffff" fill-opacity="0.5" stroke="{INK}" stroke-width="1" stroke-opacity="0.7"')
    DISK = ("O", f'fill="{DEEP}" stroke="#ffffff" stroke-width="1"')
    TRIANGLE = ("v", f'fill="#ffffff" stroke="{INK}" stroke-width="1.6"')

    def __init__(self, sign: str, look: str) -> None:
        """Take the character in a text, and the attributes in an SVG."""
        self.sign, self.look = sign, look

    @property
    def is_band(self) -> bool:
        """Whether it has two ends."""
        return self in (Shape.RANGE, Shape.LIGHT, Shape.DARK)

    @property
    def is_line(self) -> bool:
        """Whether it is a line; what is neither a band nor a line is a mark."""
        return self in (Shape.LINE, Shape.DASHED, Shape.DOTTED, Shape.EDGE)


Key: TypeAlias = tuple[tuple[Shape, str], ...]
"""Every shape of a figure, with what it stands for."""

_SIZES = {Shape.CIRCLE: 4.5, Shape.RING: 2.6, Shape.DISK: 5.0, Shape.TRIANGLE: 4.5}
SWATCH_WIDE, SWATCH_HIGH = 30.0, 12.0
_LETTER = 0.56
"""Of the size of the text, the width of a letter on average in a sans serif."""
_TEXT, _ROW = 12.0, 17.0
_SIZE = r'width="([\d.]+)" height="([\d.]+)"'


def _form(shape: Shape, x: float, y: float) -> str:
    """Return the element of a mark, up to its attributes."""
    size = _SIZES[shape]
    if shape is Shape.TRIANGLE:
        corners = ((x - size, y - size), (x + size, y - size), (x, y + size))
        points = " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)
        return f'<polygon points="{points}"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}"'


def _bar(shape: Shape, x: float, y: float, error: float) -> str:
    """Return a bar that reaches `error` up and down from a mark; none where the mark would cover it."""
    if error <= _SIZES[shape]:
        return ""
    high, low = y - error, y + error
    path = f"M{x:.1f} {high:.1f}V{low:.1f}M{x - 4:.1f} {high:.1f}h8M{x - 4:.1f} {low:.1f}h8"
    return f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.4"/>'


def mark(shape: Shape, x: float, y: float, error: float = 0.0) -> str:
    """Return a mark at a place, with a bar that reaches `error` up and down; in units of the view box."""
    return f"{_bar(shape, x, y, error)}{_form(shape, x, y)} {shape.look}/>"


def errors_and_marks(shape: Shape, places: Sequence[tuple[float, float, float]]) -> str:
    """Return many marks, each with where it lies and how far its bar reaches; their look is written once."""
    bars = "".join(_bar(shape, *place) for place in places)
    return f"{bars}<g {shape.look}>{''.join(f'{_form(shape, x, y)}/>' for x, y, _ in places)}</g>"


def swatch(shape: Shape, x: float = 0.0, y: float = 0.0) -> str:
    """Return the sample of a shape for a key, `SWATCH_WIDE` by `SWATCH_HIGH`, with its upper left corner at a place."""
    middle, look = y + SWATCH_HIGH / 2, shape.look
    if shape.is_band:
        return (
            f'<rect x="{x + 1:.1f}" y="{y + 1:.1f}" width="{SWATCH_WIDE - 2:g}" height="{SWATCH_HIGH - 2:g}" {look}/>'
        )
    if shape.is_line:
        return f'<path d="M{x + 1:.1f} {middle:.1f}h{SWATCH_WIDE - 2:g}" {look}/>'
    return mark(shape, x + SWATCH_WIDE / 2, middle)


def standing_alone(drawing: str, title: str, key: Key, *, wide: float, high: float) -> str:
    """Return a drawing as an SVG file of its own: the title above it, the key below it, on white.

    Args:
        drawing: An SVG element.
        title: In words.
        key: What its shapes stand for.
        wide: Of its view box.
        high: Of its view box.
    """
    from html import escape  # noqa: PLC0415 - only a file needs it

    heads = textwrap.wrap(title, int((wide - 16) / (_TEXT * 1.15 * _LETTER)))
    top = 8 + _ROW * 1.1 * len(heads)
    lines = list(_placed(key, wide))
    whole = top + high + _ROW * (1 + lines[-1][2]) + 8 if lines else top + high + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {whole:.0f}" width="{wide:g}" '
        f'height="{whole:.0f}" font-family="sans-serif" fill="{INK}">',
        f'<rect width="{wide:g}" height="{whole:.0f}" fill="#ffffff"/>',
    ]
    parts += [
        f'<text x="8" y="{8 + _ROW * 1.1 * (place + 0.75):.1f}" font-size="{_TEXT * 1.15:g}" font-weight="700">'
        f"{escape(line)}</text>"
        for place, line in enumerate(heads)
    ]
    inside = drawing.replace("<svg ", f'<svg x="0" y="{top:.1f}" width="{wide:g}" height="{high:g}" ', 1)
    parts.append(inside)
    for (shape, words), across, row in lines:
        down = top + high + _ROW * row + 2
        parts.append(swatch(shape, across, down))
        text = f'x="{across + SWATCH_WIDE + 6:.1f}" y="{down + 10:.1f}" font-size="{_TEXT:g}"'
        parts.append(f"<text {text}>{escape(words)}</text>")
    return "".join([*parts, "</svg>"]) + "\n"


def _placed(key: Key, wide: float) -> Iterator[tuple[tuple[Shape, str], float, int]]:
    """Yield each entry of a key with where it begins and in which row, as many in a row as there is room for."""
    across, row = 8.0, 0
    for entry in key:
        needs = SWATCH_WIDE + 6 + len(entry[1]) * _TEXT * _LETTER + 14
        if across > 8 and across + needs > wide:  # noqa: PLR2004 - the margin
            across, row = 8.0, row + 1
        yield entry, across, row
        across += needs


def grid(
    drawings: Sequence[str], title: str, *, columns: int, remarks: Sequence[str] = (), loud: Sequence[str] = ()
) -> str:
    """Return SVG files side by side as one, under a title, ending in a line feed.

    Args:
        drawings: Each as `standing_alone` returns it, all of one width.
        title: In words.
        columns: How many stand in a row.
        remarks: What must be read with all of them; they stand under the title.
        loud: What must be read first; it stands above the remarks, in bold.
    """
    from html import escape  # noqa: PLC0415 - only a file needs it

    sizes = [re.findall(_SIZE, drawing)[0] for drawing in drawings]
    wide, top, inside = max(float(size[0]) for size in sizes), 34.0, []
    most = int(wide * columns / _TEXT / _LETTER)
    for weight, told in ((' font-weight="700"', loud), ("", remarks)):
        for line in (part for one in told for part in textwrap.wrap(one, int(most * (0.93 if weight else 1)))):
            inside.append(f'<text x="8" y="{top + 9:.1f}" font-size="{_TEXT:g}"{weight}>{escape(line)}</text>')
            top += _ROW
        top += _ROW / 2 if weight and told else 0
    for first in range(0, len(drawings), columns):
        row = slice(first, first + columns)
        for place, drawing in enumerate(drawings[row]):
            inside.append(drawing.rstrip().replace("<svg ", f'<svg x="{place * wide:g}" y="{top:g}" ', 1))
        top += max(float(size[1]) for size in sizes[row])
    whole = wide * columns
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:g} {top:g}" width="{whole:g}" height="{top:g}" '
        f'font-family="sans-serif" fill="{INK}"><rect width="{whole:g}" height="{top:g}" fill="#ffffff"/>'
        f'<text x="8" y="23" font-size="17" font-weight="700">{escape(title)}</text>{"".join(inside)}</svg>\n'
    )
