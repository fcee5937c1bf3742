"""Bars of three parts: in characters and as an SVG, with every share readable without a color."""

from __future__ import annotations

from inotrope.display import Section, Sheet, to_html, to_markdown, to_text
from inotrope.display.bars import Bar, Bars, svg_bars, text_bars

PARTS = ("below the range", "in it", "above it")


def bars(*rows: Bar) -> Bars:
    return Bars("Time by rate", rows, PARTS, "In words: <one>.")


def test_characters_fill_the_width_in_proportion() -> None:
    one = Bar("1 mL/h", (25.0, 50.0, 25.0))
    (line,) = text_bars(bars(one), 6 + 8 + 40 + 6)
    assert line.startswith("  1 mL/h |") and line.endswith("| 25/50/25")
    bar = line[line.index("|") + 1 : line.rindex("|")]
    assert len(line) <= 60 and bar.count(".") == bar.count("!") == len(bar) / 4


def test_time_above_is_never_rounded_away() -> None:
    for shares, above in (((0.0, 99.4, 0.6), 1), ((0.0, 99.6, 0.4), 0), ((100.0, 0.0, 0.0), 0), ((99.0, 0.0, 1.0), 1)):
        (line,) = text_bars(bars(Bar("1 mL/h", shares)), 60)
        assert line.count("!") == above


def test_the_named_rate_has_a_sign_and_not_a_color_alone() -> None:
    named, other = Bar("2 mL/h", (10.0, 80.0, 10.0), named=True), Bar("10 mL/h", (0.0, 20.0, 80.0))
    first, second = text_bars(bars(named, other), 70)
    assert first.startswith(">  2 mL/h |") and second.startswith("  10 mL/h |")
    drawn = svg_bars(bars(named, other))
    assert "&gt; 2 mL/h" in drawn and "10 / 80 / 10 %" in drawn and 'aria-label="In words: &lt;one&gt;."' in drawn
    assert drawn.count("<rect") == 6


def test_every_medium_draws_them() -> None:
    shown = bars(Bar("2 mL/h", (10.0, 80.0, 10.0), named=True))
    sheet = Sheet("A page", "", None, (Section("Part", (shown,)),), (), "The notice.")
    text, page, marked = to_text(sheet), to_html(sheet), to_markdown(sheet)
    assert "Time by rate" in text and "10/80/10" in text and ". below the range; # in it; ! above it" in text
    assert "<svg" in page and "From left to right: below the range, in it, above it" in page
    assert "```" in marked and "10/80/10" in marked
    assert max(map(len, to_text(sheet, width=40).splitlines())) <= 60
