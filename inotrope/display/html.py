"""A sheet as one HTML page that stands alone, prints and needs neither network nor script; or as part of another page.

Knows how to fill a template, in which every text is cleaned and escaped. How a page looks stands in `page.html.j2` and
`sheet.css`, how each block is drawn in `blocks.html.j2`: a screen of the bedside page draws the same blocks.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inotrope.display.bars import Bars, svg_bars
from inotrope.display.chart import Chart, svg_chart
from inotrope.display.shapes import SWATCH_HIGH, SWATCH_WIDE, Shape, swatch
from inotrope.display.sheet import Block, Card, Lines, Paragraph, Rows, Section, Sheet, Table, clean, quantities

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from jinja2 import Environment, Template
    from markupsafe import Markup

    from inotrope.display.figure import Figure
    from inotrope.display.stacked import Lane, Stacked


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


def to_fragment(
    shown: Sheet | Section | Iterable[Block | Section], *, name: str = "part", folded: Collection[str] = ()
) -> Markup:
    """Return the markup of a sheet, of a section or of single blocks, to stand inside another page.

    A sheet gives its status, its alerts and its sections; its title, versions and notice are the page's to show. Under
    every drawing its numbers stand as a table, folded: a screen is read aloud too, and a page on paper is not.

    Args:
        shown: What is drawn.
        name: How the identifiers of its headings begin; another for each fragment of one page.
        folded: Titles of the sections that stand folded behind their heading.
    """
    from markupsafe import Markup  # noqa: PLC0415 - comes with the template engine

    parts = _parts()
    if isinstance(shown, Sheet):
        cards, sections = parts.cards(shown), to_fragment(shown.sections, name=name, folded=folded)
        if shown.one_page:
            return Markup('<div class="one-page">{}<div class="columns">{}</div></div>').format(cards, sections)
        return Markup("").join([cards, sections])
    listed = (shown,) if isinstance(shown, Section) else tuple(shown)
    return Markup("").join(
        parts.part(item, f"{name}-{number}", tables=True, folded=item.title in folded)
        if isinstance(item, Section)
        else parts.draw(item, tables=True)
        for number, item in enumerate(listed, 1)
    )


def templates(*folders: Path) -> Environment:
    """Return an environment of templates that escapes and cleans every text, and knows the blocks of a sheet.

    Args:
        folders: Where templates lie; behind them those of this folder, among them `blocks.html.j2`.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only a page needs it

    from inotrope.display.chart_table import table_beside  # noqa: PLC0415 - the same

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
        loader=FileSystemLoader([*folders, Path(__file__).parent]),
    )
    environment.filters["whole"] = _whole
    environment.globals["kind"] = _kind
    environment.globals["figure"] = _figure
    environment.globals["sample"] = _sample
    environment.globals["beside"] = table_beside
    return environment


@cache
def _environment() -> Environment:
    return templates()


@cache
def _template() -> Template:
    return _environment().get_template("page.html.j2")


@cache
def _parts() -> Any:
    return _environment().get_template("blocks.html.j2").module


def _cleaned(value: object) -> object:
    """Clean a text on its way into the page; what is markup already was cleaned before."""
    return clean(value) if type(value) is str else value


def _kind(block: object) -> str:
    for known, word in _KINDS:
        if isinstance(block, known):
            return word
    return "stacked" if hasattr(block, "lanes") else "figure"


def _figure(chart: Chart | Bars | Figure | Stacked) -> Markup:
    """Return the chart, the bars or the figure as an SVG; it escapes every text itself."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with the template engine

    if isinstance(chart, Bars):
        bars = tuple(replace(bar, label=clean(bar.label)) for bar in chart.bars)
        return Markup(svg_bars(replace(chart, bars=bars, says=clean(chart.says))))
    if not isinstance(chart, Chart):
        from inotrope.display.figure import Figure, svg_figure  # noqa: PLC0415 - no plan has a figure

        if not isinstance(chart, Figure):
            from inotrope.display.stacked import svg_stacked  # noqa: PLC0415 - nor a timeline

            lanes = tuple(_clean_lane(lane) for lane in chart.lanes)
            return Markup(svg_stacked(replace(chart, says=clean(chart.says), lanes=lanes)))
        return Markup(svg_figure(replace(chart, says=clean(chart.says))))
    return Markup(svg_chart(replace(chart, title=clean(chart.title), says=clean(chart.says))))


def _clean_lane(lane: Lane) -> Lane:
    return replace(lane, bars=tuple(replace(bar, words=clean(bar.words)) for bar in lane.bars))


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
