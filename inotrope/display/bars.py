"""Bars of three parts, one under the other: as lines of characters, and as one SVG that stands alone.

Knows shares of one whole, such as time below, in and above a range. Everything that a shade tells, a character, a
number or a word tells too, and no part of it says good or bad.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inotrope.display.shapes import INK

_SIGNS = ".#!"
"""Below, in, above."""
_LEAST = 12
"""Columns of a bar on the narrowest terminal."""
_WIDE, _ROW, _TOP, _LEFT, _RIGHT, _GAP = 490.0, 20.0, 6.0, 220.0, 112.0, 4.0
"""Units of the SVG's own view box."""
_FILLS = ("#e8edf2", "#6f9dc2", INK)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, and its three shares in %, which add up to 100; `named` where it is the answer."""

    label: str
    shares: tuple[float, float, float]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under each other.

    Attributes:
        title: What they show.
        bars: From top to bottom.
        parts: What the three parts are called.
        says: The picture in words, for who does not see it.
    """

    title: str
    bars: tuple[Bar, ...]
    parts: tuple[str, str, str]
    says: str

    @property
    def key(self) -> str:
        """What the characters of the text stand for."""
        signs = "; ".join(f"{sign} {part}" for sign, part in zip(_SIGNS, self.parts, strict=True))
        return f"{signs}; > the rate that is named. Each bar is the time of all draws, its numbers are %."


def text_bars(bars: Bars, width: int) -> Iterator[str]:
    """Yield the bars as lines of at most `width` columns."""
    label = max(len(bar.label) for bar in bars.bars)
    numbers = ["/".join(f"{share:.0f}" for share in bar.shares) for bar in bars.bars]
    last = max(map(len, numbers))
    columns = max(width - label - last - 6, _LEAST)
    for bar, number in zip(bars.bars, numbers, strict=True):
        line = "".join(sign * count for sign, count in zip(_SIGNS, _counts(bar, columns), strict=True))
        yield f"{'>' if bar.named else ' '} {bar.label:>{label}} |{line}| {number:>{last}}"


def svg_bars(bars: Bars) -> str:
    """Return the bars as an SVG element; every text in it is escaped."""
    from html import escape  # noqa: PLC0415 - only a page needs it

    high = 2 * _TOP + _ROW * len(bars.bars)
    whole = _WIDE - _LEFT - _RIGHT
    found = [f'<svg class="chart bars" viewBox="0 0 {_WIDE:g} {high:g}" role="img" aria-label="{escape(bars.says)}">']
    for place, bar in enumerate(bars.bars):
        top = _TOP + place * _ROW
        weight = "700" if bar.named else "400"
        text = f'font-size="12" font-weight="{weight}" fill="{INK}"'
        found.append(
            f'<text x="{_LEFT - 8:g}" y="{top + 14:g}" text-anchor="end" {text}>'
            f"{'&gt; ' if bar.named else ''}{escape(bar.label)}</text>"
        )
        left = _LEFT
        for share, fill in zip(bar.shares, _FILLS, strict=True):
            long = whole * share / 100
            found.append(
                f'<rect x="{left:.1f}" y="{top + _GAP / 2:g}" width="{long:.1f}" height="{_ROW - _GAP:g}" '
                f'fill="{fill}" stroke="{INK}" stroke-width="0.5"/>'
            )
            left += long
        numbers = " / ".join(f"{share:.0f}" for share in bar.shares)
        found.append(f'<text x="{_WIDE - _RIGHT + 8:g}" y="{top + 14:g}" {text}>{numbers} %</text>')
    return "".join([*found, "</svg>"])


def _counts(bar: Bar, columns: int) -> tuple[int, int, int]:
    """Return the characters of each part: what lies above is never rounded away."""
    above = round(bar.shares[2] * columns / 100)
    if not above and bar.shares[2] >= 1 / 2:
        above = 1
    below = min(round(bar.shares[0] * columns / 100), columns - above)
    return below, columns - below - above, above
