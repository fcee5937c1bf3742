"""A sheet as lines of text: on a terminal with color, in a pipe or a dumb terminal without.

Knows one layout for both, so that color can add nothing but color: severity is a word and a sign, tables are columns
of text without box art, and a number never parts from its unit at the end of a line. Rich is imported only when a
terminal can show color; a pipe pays nothing for it.
"""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterator
from typing import TextIO

from inotrope.display.bars import Bars, text_bars
from inotrope.display.chart import Chart, text_chart
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Rows, Sheet, Table, clean, quantities

WIDTH = 80
"""Columns of a pipe, a printer and the narrowest common terminal."""
_WIDEST = 100
_NARROWEST = 40
_LABEL = 14
_GAP = 2
_HARD_SPACE = "\N{NO-BREAK SPACE}"

Span = tuple[str, str]
Line = list[Span]
"""Pieces of one line, each with the name of its style; an empty name is plain."""

_STYLES = {
    "loud": "bold",
    "quiet": "dim",
    "head": "bold cyan",
    Mark.PLAN: "bold green",
    Mark.PASSED: "bold green",
    Mark.STOP: "bold white on red",
    Mark.FAILED: "bold red",
    Mark.WARN: "bold yellow",
    Mark.ASK: "bold magenta",
    Mark.INFORM: "bold blue",
    Mark.REFUSED: "bold red",
    Mark.OVERRIDDEN: "bold yellow",
    Mark.ASSUMED: "bold magenta",
}


def to_text(sheet: Sheet, *, width: int = WIDTH) -> str:
    """Return a sheet as plain text of at most `width` columns, ending in a line feed."""
    lines = ("".join(text for text, _ in line).rstrip() for line in _sheet(sheet, max(width, _NARROWEST)))
    return "\n".join(lines) + "\n"


def draw(sheet: Sheet, stream: TextIO) -> None:
    """Write a sheet to a stream, with color where the stream is a terminal that shows color and nobody forbade it."""
    if not stream.isatty():
        stream.write(to_text(sheet))
        return
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, _WIDEST)
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        stream.write(to_text(sheet, width=width))
        return
    from rich.console import Console  # noqa: PLC0415 - a pipe needs no colors
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream, highlight=False, width=max(width, _NARROWEST))
    for line in _sheet(sheet, max(width, _NARROWEST)):
        console.print(Text.assemble(*((text, _STYLES.get(style, "")) for text, style in line)), soft_wrap=True)


def _sheet(sheet: Sheet, width: int) -> Iterator[Line]:
    title, under = clean(sheet.title).upper(), clean(sheet.subtitle)
    space = width - len(title) - len(under)
    yield [(title, "loud"), (" " * max(space, 1), ""), (under, "quiet")]
    yield [("=" * width, "quiet")]
    for card in (*([] if sheet.status is None else [sheet.status]), *sheet.alerts):
        yield from _card(card, width)
    for section in sheet.sections:
        yield []
        fill = "=" if section.loud else "-"
        *above, name = _wrap(clean(section.title), width - 3)
        yield from ([(f"{fill * 2} ", "quiet"), (line, "head")] for line in above)
        yield [(f"{fill * 2} ", "quiet"), (name, "head"), (" " + fill * max(width - len(name) - 4, 0), "quiet")]
        before: Block | None = None
        for block in section.blocks:
            if before is not None and not isinstance(before, Paragraph):
                yield []
            yield from _block(block, width)
            before = block
    if sheet.versions:
        yield []
        yield [("-- ", "quiet"), ("Versions", "head"), (" " + "-" * (width - 12), "quiet")]
        yield from _rows(sheet.versions, width, indent=2)
    yield []
    yield [("=" * width, "quiet")]
    yield from ([(line, "")] for line in _wrap(sheet.notice, width))


def _block(block: Block, width: int) -> Iterator[Line]:
    if isinstance(block, Rows):
        yield from _rows(block.rows, width, indent=2)
    elif isinstance(block, Card):
        yield from _card(block, width)
    elif isinstance(block, Table):
        yield from _table(block, width)
    elif isinstance(block, Lines):
        yield from _list(block, width)
    elif isinstance(block, Chart):
        yield from ([(line, "loud")] for line in _wrap(block.title, width))
        yield from ([(line, "")] for line in text_chart(block, width))
        yield from ([(line, "quiet")] for line in _wrap(block.key, width))
    elif isinstance(block, Bars):
        yield from ([(line, "loud")] for line in _wrap(block.title, width))
        yield from ([(line, "")] for line in text_bars(block, width))
        yield from ([(line, "quiet")] for line in _wrap(block.key, width))
    elif isinstance(block, Paragraph):
        yield from ([(line, "")] for line in _wrap(block.text, width))
    else:
        from inotrope.display.figure import Figure  # noqa: PLC0415 - no plan has a figure
        from inotrope.display.figure_text import text_figure  # noqa: PLC0415 - the same
        from inotrope.display.stacked import text_stacked  # noqa: PLC0415 - nor a timeline

        lines = text_figure(block, width) if isinstance(block, Figure) else text_stacked(block, width)
        yield from ([(line, "loud")] for line in _wrap(block.title, width))
        yield from ([(line, "")] for line in lines)
        yield from ([(line, "quiet")] for line in _wrap(block.key, width))


def _rows(rows: tuple[Row, ...], width: int, *, indent: int) -> Iterator[Line]:
    column = max((len(row.label) for row in rows if len(row.label) <= _LABEL), default=0)
    for row in rows:
        label, style = clean(row.label), "loud" if row.strong else ""
        if len(label) > column:
            yield [(" " * indent + label, "quiet")]
        start = indent + (column + _GAP if column and label else 0)
        sign = f"{row.mark.sign} " if row.mark is not None else ""
        for index, text in enumerate(_wrap(sign + row.text, width - start)):
            head = " " * indent + label if index == 0 and len(label) <= column else ""
            yield [(f"{head:<{start}}", "quiet"), (text, row.mark.value if row.mark is not None else style)]


def _card(card: Card, width: int) -> Iterator[Line]:
    word = f"{card.mark.sign} {clean(card.head)}"
    title = f"{card.title} ({card.tag})" if card.tag else card.title
    gap = " " * (1 if word.endswith(":") else _GAP)
    start = len(word) + len(gap)
    if start > width // 2:  # a long word would leave its title a narrow column
        start = 4
        lines = textwrap.wrap(_protect(f"{word}{gap}{title}"), width, subsequent_indent=" " * start)
        for index, text in enumerate(line.replace(_HARD_SPACE, " ") for line in lines):
            whole = index == 0 and text.startswith(word)
            yield [(word, card.mark.value), (text[len(word) :], "loud")] if whole else [(text, "loud")]
    else:
        for index, text in enumerate(_wrap(title, width - start)):
            first = (word, card.mark.value) if index == 0 else (" " * len(word), "")
            yield [first, (gap, ""), (text, "loud")]
    yield from _rows(card.rows, width, indent=4)


def _list(block: Lines, width: int) -> Iterator[Line]:
    if block.title:
        yield from ([(line, "loud")] for line in _wrap(block.title, width))
    last = block.first + len(block.lines) - 1
    for number, line in enumerate(block.lines, start=block.first):
        head = f"{number:>{len(str(last)) + 2}}. " if block.first else "  - "
        for index, text in enumerate(_wrap(line, width - len(head))):
            yield [(head if index == 0 else " " * len(head), "quiet"), (text, "")]


def _table(table: Table, width: int) -> Iterator[Line]:
    if table.caption:
        yield from ([(line, "loud")] for line in _wrap(table.caption, width))
    columns = _columns(table, width - 2)
    if columns is None:
        for row in table.rows:
            yield from _rows(tuple(map(Row, table.head, row)), width, indent=2)
            yield []
        return
    yield from _cells(table.head, columns, "loud")
    yield [("  " + "  ".join("-" * column for column in columns), "quiet")]
    for row in table.rows:
        yield from _cells(row, columns, "")


def _columns(table: Table, width: int) -> list[int] | None:
    """Return the width of each column: its natural one, or the long ones cut to share; None when nothing fits."""
    columns = list(zip(table.head, *table.rows, strict=True))
    natural = [max(len(clean(cell)) for cell in column) for column in columns]
    least = [max(len(word) for word in _words(column[0], column[1:])) for column in columns]
    space = width - _GAP * (len(natural) - 1)
    if sum(least) > space:
        return None
    while sum(natural) > space:
        longest = max(range(len(natural)), key=lambda index: natural[index] - least[index])
        natural[longest] -= 1
    return natural


def _words(head: str, cells: tuple[str, ...]) -> Iterator[str]:
    """Yield what no line break parts; a heading alone may stand with its unit below the number."""
    yield from clean(head).split(" ")
    for cell in cells:
        yield from _protect(cell).split(" ")


def _cells(row: tuple[str, ...], columns: list[int], style: str) -> Iterator[Line]:
    tie = style != "loud"
    wrapped = [_wrap(cell, column, tie=tie, least=1) for cell, column in zip(row, columns, strict=True)]
    for index in range(max(map(len, wrapped))):
        parts = [cell[index] if index < len(cell) else "" for cell in wrapped]
        yield [("  " + "  ".join(f"{part:<{column}}" for part, column in zip(parts, columns, strict=True)), style)]


def _wrap(text: str, width: int, *, tie: bool = True, least: int = 8) -> list[str]:
    lines = textwrap.wrap(_protect(text) if tie else clean(text), max(width, least), break_on_hyphens=False)
    return [line.replace(_HARD_SPACE, " ") for line in lines] or [""]


def _protect(text: str) -> str:
    """Tie each number to its unit, so that no line ends between them."""
    return quantities().sub(lambda found: found[0].replace(" ", _HARD_SPACE), clean(text))
