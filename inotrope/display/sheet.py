"""A sheet: what is drawn, before it is drawn.

Knows the few blocks of which every page of ours is made, the signs of severity, and how a derived number is rounded
for the eye. A plan, a screening, a conversion and a drug page each become one sheet, and a terminal, an HTML page and
Markdown each draw any sheet; so no door can show less than another. It knows no medium and no drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from inotrope.display.bars import Bars
from inotrope.display.chart import Chart
from inotrope.errors import hides_something
from inotrope.findings import SourceReference, Status
from inotrope.units import Quantity, registry, round_half_up

if TYPE_CHECKING:
    from inotrope.display.figure import Figure
    from inotrope.display.stacked import Stacked

_MOST_DECIMALS = 6
_FEW = 8
"""Letters of a hash; enough to tell the versions of one folder apart."""


class Mark(StrEnum):
    """What a line weighs, shown by a word and a sign; a color may repeat it and never carries it."""

    PLAN = "plan"
    STOP = "stop"
    WARN = "warn"
    ASK = "ask"
    INFORM = "inform"
    REFUSED = "refused"
    OVERRIDDEN = "overridden"
    ASSUMED = "assumed"
    PASSED = "passed"
    FAILED = "failed"

    @property
    def sign(self) -> str:
        """The shape in plain characters, so that every terminal, printer and pipe can show it."""
        return _SIGNS[self]


_SIGNS = {
    Mark.PLAN: "[+]",
    Mark.STOP: "[X]",
    Mark.WARN: "[!]",
    Mark.ASK: "[?]",
    Mark.INFORM: "[i]",
    Mark.REFUSED: "[-]",
    Mark.OVERRIDDEN: "[/]",
    Mark.ASSUMED: "[~]",
    Mark.PASSED: "[+]",
    Mark.FAILED: "[X]",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what it says; `strong` for the numbers that somebody will set."""

    label: str
    text: str
    strong: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels with their texts, under each other."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one line of headings; the first cell of each line heads it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A list; numbered from `first` when that is above zero."""

    lines: tuple[str, ...]
    title: str = ""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two."""

    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """Something that must be seen: its weight, a title, a tag to refer to it, and what it says.

    `word` stands beside the sign where the word of the mark would say too little.
    """

    mark: Mark
    title: str
    tag: str
    rows: tuple[Row, ...]
    word: str = ""

    @property
    def head(self) -> str:
        """The word beside the sign."""
        return self.word or self.mark.value.upper()


Block: TypeAlias = "Rows | Table | Lines | Paragraph | Card | Chart | Bars | Figure | Stacked"
"""A figure and a timeline are names here and no more: no plan has one, and none waits for their modules."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a sheet. `loud` for the dose itself."""

    title: str
    blocks: tuple[Block, ...]
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole page: its head, its status if it has one, its parts, its versions, and always the notice.

    `alerts` stand right under the status: what a reader must know whatever the status is. `one_page` is for what has
    to be one page of paper: it is set small there, in two columns.
    """

    title: str
    subtitle: str
    status: Card | None
    sections: tuple[Section, ...]
    versions: tuple[Row, ...]
    notice: str
    alerts: tuple[Card, ...] = ()
    one_page: bool = False


class References:
    """Numbers every source of a page at its first mention, so that a line can point to it and a reader can find it."""

    def __init__(self) -> None:
        """Start with none."""
        self._numbers: dict[tuple[str, str, Status], int] = {}
        self.sources: list[SourceReference] = []

    def short(self, sources: Iterable[SourceReference]) -> str:
        """Point to sources by number; what is not confirmed says so."""
        return ", ".join(self._number(source) + unsure(source.status) for source in dict.fromkeys(sources))

    def bare(self, sources: Iterable[SourceReference]) -> str:
        """Point to sources by number alone, where the line itself says how sure it is."""
        return ", ".join(dict.fromkeys(self._number(source) for source in sources))

    def full(self, sources: Iterable[SourceReference]) -> str:
        """Point to sources by number, title and place."""
        return "; ".join(
            f"{self._number(source)} {name(source)} ({source.status})" for source in dict.fromkeys(sources)
        )

    def section(self) -> Section:
        """List all sources; where a text stands is said once, at its first number."""
        lines, first = [], dict[str, int]()
        for number, source in enumerate(self.sources, start=1):
            before = first.setdefault(source.id, number)
            stands = source.where if before == number else f"as [{before}]"
            lines.append(f"{name(source)}; {stands} ({source.status})")
        return Section("Sources", (Lines(tuple(lines), first=1) if lines else Paragraph("None."),))

    def _number(self, source: SourceReference) -> str:
        key = (source.id, source.place, source.status)  # one place can hold a number and our judgement on it
        if key not in self._numbers:
            self.sources.append(source)
            self._numbers[key] = len(self.sources)
        return f"[{self._numbers[key]}]"


def name(source: SourceReference) -> str:
    """Return a source as a reader sees it: what the text is, and the place in it."""
    return f"{source.title}: {source.place}" if source.place else source.title


def unsure(status: Status) -> str:
    """Return what must stand beside a number that nobody read in its source, or that is our own choice."""
    return "" if status in (Status.CONFIRMED, Status.DERIVED) else f" ({status})"


def clean(text: str) -> str:
    """Return a text on one line, with a blank for all that nobody sees: a case or a folder may hold any character."""
    if not text.isprintable() or hides_something(text):
        text = "".join(mark if mark.isprintable() and not hides_something(mark) else " " for mark in text)
    return " ".join(text.split())


def rate(quantity: Quantity) -> str:
    """Show a rate or a dose per weight: at most four decimals, finer than any pump can tell."""
    return quantity.shown(4)


def tenth(quantity: Quantity) -> str:
    """Show a derived clearance, weight, time or percentage: one decimal."""
    return quantity.shown(1)


def total(quantity: Quantity) -> str:
    """Show the amount of a day per body weight: three decimals, as many as the label's own totals need."""
    return quantity.shown(3)


def beside(quantity: Quantity, edges: Iterable[Quantity]) -> str:
    """Show a derived value: one decimal, and more beside an edge, so that nothing looks as if it lay on the edge.

    Within a tenth of an edge two decimals are shown, and as many more as tell the value from the edge.
    """
    tenth_of_one = Decimal("0.1")
    near = [edge for edge in edges if abs(quantity.in_unit(edge.unit) - edge.value) <= tenth_of_one]
    if not near:
        return tenth(quantity)
    decimals = 2
    while decimals < _MOST_DECIMALS and any(
        edge != quantity and round_half_up(quantity.in_unit(edge.unit), decimals) == edge.value for edge in near
    ):
        decimals += 1
    return quantity.shown(decimals)


def signed(quantity: Quantity) -> str:
    """Show a difference in percent with its sign."""
    text = quantity.shown(1)
    return text if text.startswith(("-", "0 ")) else f"+{text}"


def moment(when: datetime) -> str:
    """Show a clock time with its zone: `2026-11-22 08:00 +01:00`."""
    offset = when.isoformat()[-6:] if when.utcoffset() else "UTC"
    return f"{when:%Y-%m-%d %H:%M} {offset}"


def age(quantity: Quantity) -> str:
    """Show an age in completed years, or in months, weeks, days or hours."""
    number, unit = quantity.shown(0).split(" ")
    return f"{number} {unit}" if number == "1" or unit == "h" else f"{number} {unit}s"


def made_from(drug: str, digest: str) -> Row:
    """Return what a page for families was made from, in few letters: a team can find it again by them."""
    return Row("Made from", f"{drug} folder {digest[:_FEW]}")


@cache
def quantities() -> re.Pattern[str]:
    """Return the pattern of a number with its unit, which no line break may part."""
    units = "|".join(re.escape(unit) for unit in sorted(registry().units, key=len, reverse=True))
    return re.compile(rf"\d[\d,.]* (?:{units})(?![\w/])")
