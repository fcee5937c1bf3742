"""A sheet as one HTML page that stands alone: it prints, it needs no network and it runs no script.

Knows how to fill the template, in which every text is cleaned and escaped. How the page looks stands in `page.html.j2`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.display.bars import Bars, svg_bars
from inotrope.display.chart import Chart, svg_chart
from inotrope.display.shapes import SWATCH_HIGH, SWATCH_WIDE, Shape, swatch
from inotrope.display.sheet import Card, Lines, Paragraph, Rows, Sheet, Table, clean, quantities

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

    from inotrope.display.figure import Figure


_KINDS = (
    (Rows, "rows"),
    (Table, "table"),
    (Lines, "lines"),
    (Card, "card"),
    (Chart, "chart"),
    (Bars, "bars"),
    (Paragraph, "paragraph"),
)


def to_html(sheet: Sheet) -> str:
    """Return a sheet as a self-contained HTML page, ending in a line feed."""
    return _template().render(sheet=sheet).rstrip() + "\n"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only a page needs it

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_cleaned
    )
    environment.filters["whole"] = _whole
    environment.globals["kind"] = _kind
    environment.globals["figure"] = _figure
    environment.globals["sample"] = _sample
    return environment.from_string(Path(__file__).with_name("page.html.j2").read_text("utf-8"))


def _cleaned(value: object) -> object:
    """Clean a text on its way into the page; what is markup already was cleaned before."""
    return clean(value) if type(value) is str else value


def _kind(block: object) -> str:
    for known, word in _KINDS:
        if isinstance(block, known):
            return word
    return "figure"


def _figure(chart: Chart | Bars | Figure) -> Markup:
    """Return the chart, the bars or the figure as an SVG; it escapes every text itself."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with the template engine

    if isinstance(chart, Bars):
        bars = tuple(replace(bar, label=clean(bar.label)) for bar in chart.bars)
        return Markup(svg_bars(replace(chart, bars=bars, says=clean(chart.says))))
    if not isinstance(chart, Chart):
        from inotrope.display.figure import svg_figure  # noqa: PLC0415 - no plan has a figure

        return Markup(svg_figure(replace(chart, says=clean(chart.says))))
    return Markup(svg_chart(replace(chart, title=clean(chart.title), says=clean(chart.says))))


def _sample(shape: Shape) -> Markup:
    """Return the sample of a shape for a key; the word beside it says the same."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with the template engine

    size = f'width="{SWATCH_WIDE:g}" height="{SWATCH_HIGH:g}" viewBox="0 0 {SWATCH_WIDE:g} {SWATCH_HIGH:g}"'
    return Markup(f'<svg {size} aria-hidden="true" focusable="false">{swatch(shape)}</svg>')


def _whole(text: str) -> Markup:
    """Escape a text, and keep each number on one line with its unit."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with the template engine

    text = clean(text)
    pieces, end = [], 0
    for found in quantities().finditer(text):
        pieces += [escape(text[end : found.start()]), Markup('<span class="q">{}</span>').format(found[0])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])
