"""How a sheet is laid out in columns, with and without color."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from inotrope.display import Card, Lines, Mark, Row, Rows, Section, Sheet, Table, draw, plan_sheet, to_text
from inotrope.plan import Plan

PlanOf = Callable[..., Plan]


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def sheet_of(*blocks: Rows | Table | Lines | Card) -> Sheet:
    return Sheet("a page", "", None, (Section("Part", blocks),), (), "The notice.")


@pytest.mark.parametrize("width", [80, 60, 132])
def test_no_line_is_wider_than_the_terminal(example: str, plan_of: PlanOf, width: int) -> None:
    lines = to_text(plan_sheet(plan_of(example)), width=width).splitlines()
    assert max(map(len, lines)) <= width


def test_a_plan_is_plain_ascii_so_that_any_printer_takes_it(example: str, plan_of: PlanOf) -> None:
    assert to_text(plan_sheet(plan_of(example))).isascii()


def test_no_number_parts_from_its_unit_at_the_end_of_a_line() -> None:
    words = "x" * 50
    text = to_text(sheet_of(Rows((Row("Rate", f"{words} 0.375 mcg/kg/min and {words} 60 mL/min/1.73 m2"),))), width=64)
    assert "0.375 mcg/kg/min" in text
    assert "60 mL/min/1.73 m2" in text


def test_severity_is_a_word_and_a_sign_each_its_own() -> None:
    signs = {mark.sign for mark in (Mark.STOP, Mark.WARN, Mark.ASK, Mark.INFORM, Mark.OVERRIDDEN, Mark.ASSUMED)}
    assert len(signs) == 6
    for mark in Mark:
        assert f"{mark.sign} {mark.value.upper()}" in to_text(sheet_of(Card(mark, "Something", "", ())))


def test_a_table_that_does_not_fit_becomes_a_list_and_loses_nothing() -> None:
    head = tuple(f"heading-number-{index}" for index in range(8))
    row = tuple(f"content-number-{index}" for index in range(8))
    text = to_text(sheet_of(Table("Wide", head, (row,))), width=60)
    assert all(word in text for word in (*head, *row))


def test_a_long_cell_is_wrapped_inside_its_column() -> None:
    text = to_text(sheet_of(Table("T", ("A", "B"), (("short", "word " * 30),))), width=60)
    assert text.count("word") == 30
    assert max(map(len, text.splitlines())) <= 60


def test_a_name_from_a_case_cannot_steer_the_terminal() -> None:
    text = to_text(sheet_of(Rows((Row("Medicine", "evil\x1b[2J\x07 name\r\nnext"),))))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\r" not in text


def test_numbered_lines_go_on_counting() -> None:
    text = to_text(sheet_of(Lines(("nine", "ten"), first=9)))
    assert "   9. nine" in text
    assert "  10. ten" in text


def test_a_terminal_gets_the_same_words_in_color(plan_of: PlanOf, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.text import Text

    for name in ("NO_COLOR", "TERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    sheet = plan_sheet(plan_of("running-since-yesterday"))
    screen = Screen()
    draw(sheet, screen)
    assert "\x1b[" in screen.getvalue()
    plain = "\n".join(line.rstrip() for line in Text.from_ansi(screen.getvalue()).plain.splitlines())
    assert plain.strip() == to_text(sheet, width=80).strip()


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_color_where_it_is_not_wanted(
    plan_of: PlanOf, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    screen = Screen()
    draw(plan_sheet(plan_of("severe-aortic-stenosis")), screen)
    assert "\x1b" not in screen.getvalue()
    assert "[X] STOP" in screen.getvalue()


def test_a_pipe_gets_plain_text(plan_of: PlanOf) -> None:
    stream = io.StringIO()
    sheet = plan_sheet(plan_of("sound-adult"))
    draw(sheet, stream)
    assert stream.getvalue() == to_text(sheet)


def test_a_heading_wider_than_the_terminal_is_wrapped() -> None:
    title = "Maintenance (for comparison, until the physician has decided)"
    lines = to_text(Sheet("a page", "", None, (Section(title, ()),), (), "The notice."), width=60).splitlines()
    heads = [line.strip("-= ") for line in lines if line.startswith("--")]
    assert " ".join(heads) == title and max(map(len, lines)) <= 60
