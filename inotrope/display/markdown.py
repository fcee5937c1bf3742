"""A sheet as Markdown, for a drug page in a repository or a wiki.

Knows headings, tables and lists in the plain form that every renderer reads. It lets no text of the data become
Markdown or HTML of its own, and lets no character through that nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inotrope.display.bars import Bars, text_bars
from inotrope.display.chart import Chart, text_chart
from inotrope.display.sheet import Block, Card, Lines, Paragraph, Row, Rows, Sheet, Table, clean

_WIDTH = 80
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def to_markdown(sheet: Sheet) -> str:
    """Return a sheet as Markdown, ending in a line feed."""
    return "\n".join(_sheet(sheet)).rstrip() + "\n"


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"# {_text(sheet.title)}"
    yield ""
    if sheet.subtitle:
        yield from (_text(sheet.subtitle), "")
    for card in (*([] if sheet.status is None else [sheet.status]), *sheet.alerts):
        yield from _block(card)
        yield ""
    for section in sheet.sections:
        yield from (f"## {_text(section.title)}", "")
        for block in section.blocks:
            yield from _block(block)
            yield ""
    if sheet.versions:
        yield from ("## Versions", "", *_rows(sheet.versions), "")
    yield from ("---", "", _text(sheet.notice))


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Rows):
        yield from _rows(block.rows)
    elif isinstance(block, Card):
        tag = f" ({block.tag})" if block.tag else ""
        yield f"**{_text(f'{block.mark.sign} {block.head}')}: {_text(block.title + tag)}**"
        yield ""
        yield from _rows(block.rows)
    elif isinstance(block, Table):
        if block.caption:
            yield from (f"**{_text(block.caption)}**", "")
        yield f"| {' | '.join(map(_text, block.head))} |"
        yield f"|{'---|' * len(block.head)}"
        yield from (f"| {' | '.join(map(_text, row))} |" for row in block.rows)
    elif isinstance(block, Lines):
        if block.title:
            yield from (f"**{_text(block.title)}**", "")
        for number, line in enumerate(block.lines, start=block.first):
            yield f"{number}. {_text(line)}" if block.first else f"- {_text(line)}"
    elif isinstance(block, Chart):
        yield from ("```", clean(block.title), *text_chart(block, _WIDTH), clean(block.key), "```")
    elif isinstance(block, Bars):
        yield from ("```", clean(block.title), *text_bars(block, _WIDTH), clean(block.key), "```")
    elif isinstance(block, Paragraph):
        yield _text(block.text)
    else:
        from inotrope.display.figure import Figure  # noqa: PLC0415 - no plan has a figure
        from inotrope.display.figure_text import text_figure  # noqa: PLC0415 - the same
        from inotrope.display.stacked import text_stacked  # noqa: PLC0415 - nor a timeline

        drawn = text_figure(block, _WIDTH) if isinstance(block, Figure) else text_stacked(block, _WIDTH)
        yield from ("```", clean(block.title), *drawn, clean(block.key), "```")


def _rows(rows: tuple[Row, ...]) -> Iterator[str]:
    for row in rows:
        sign = f"{row.mark.sign} " if row.mark is not None else ""
        text = f"**{_text(sign + row.text)}**" if row.strong else _text(sign + row.text)
        yield f"- {_text(row.label)}: {text}" if row.label else f"- {text}"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", clean(text))
