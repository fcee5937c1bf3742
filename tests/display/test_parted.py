"""A long section in parts: every block once, the first chart open, the rest behind its own heading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from inotrope.display import plan_sheet
from inotrope.display.chart import Chart
from inotrope.display.parted import KIDNEYS, OTHER_CURVES, parted
from inotrope.display.sheet import Block, Lines, Paragraph, Row, Rows, Section
from inotrope.plan import Plan

LEVELS = Chart("levels", (0.0, 24.0), (0.0, 100.0), None, None, None, 100.0, "")
CLEARANCE = replace(LEVELS, unit="mL/min/1.73 m2")
LEAVING = Rows((Row("Leaving", "a range"),))


def test_what_belongs_to_a_curve_goes_with_it() -> None:
    text, last = Paragraph("text"), Paragraph("last")
    blocks = (text, LEAVING, LEVELS, LEAVING, LEVELS, LEAVING, CLEARANCE, Lines(("a",), KIDNEYS), last)
    first, folded = parted(Section("Ahead", blocks, loud=True))
    assert first == Section("Ahead", (text, LEAVING, LEVELS, LEAVING, last), loud=True)
    assert folded == (
        Section(OTHER_CURVES, (LEVELS, LEAVING)),
        Section(KIDNEYS, (CLEARANCE, Lines(("a",)))),
    )


def test_of_every_example_nothing_is_lost(plan_of: Callable[..., Plan], example: str) -> None:
    def texts(blocks: tuple[Block, ...]) -> list[str]:
        return sorted(repr(replace(block, title="") if isinstance(block, Lines) else block) for block in blocks)

    for section in plan_sheet(plan_of(example)).sections:
        first, folded = parted(section)
        assert texts(section.blocks) == texts((*first.blocks, *(block for part in folded for block in part.blocks)))
        titles = {block.title for block in section.blocks if isinstance(block, Lines) and block.title}
        assert titles <= {part.title for part in folded}
