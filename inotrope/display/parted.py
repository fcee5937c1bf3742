"""A long section in parts for a screen: what is read first, and what stands folded behind its own heading.

Knows the blocks of a forecast: the first chart with what belongs to it stays, the curves of other models and the long
lists are folded. Nothing is left out and nothing is written anew.
"""

from __future__ import annotations

from inotrope.display.chart import Chart
from inotrope.display.sheet import Block, Lines, Rows, Section

OTHER_CURVES = "The curves of the other models"
KIDNEYS = "Of the kidneys"
LEVEL = "ng/mL"


def parted(section: Section) -> tuple[Section, tuple[Section, ...]]:
    """Return the section as it is read first, and its other parts, which together hold each block once."""
    first: list[Block] = []
    folded: dict[str, list[Block]] = {}
    shown, behind = False, False
    for block in section.blocks:
        if isinstance(block, Chart):
            behind = shown or block.unit != LEVEL
            shown = shown or not behind
            home = OTHER_CURVES if block.unit == LEVEL else KIDNEYS
        elif isinstance(block, Lines) and block.title:
            behind, home = True, block.title
        else:
            # What a folded chart is followed by, such as when its range is left, goes with it.
            behind = behind and isinstance(block, Rows)
            home = OTHER_CURVES
        if behind:
            folded.setdefault(home, []).append(block)
        else:
            first.append(block)
    return (
        Section(section.title, tuple(first), section.loud),
        tuple(Section(title, tuple(_untitled(block, title) for block in blocks)) for title, blocks in folded.items()),
    )


def _untitled(block: Block, title: str) -> Block:
    """Return a list without the title that the fold bears."""
    return Lines(block.lines, "", block.first) if isinstance(block, Lines) and block.title == title else block
