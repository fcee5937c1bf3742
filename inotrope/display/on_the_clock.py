"""The clock of the ward under every chart of a sheet, whose hours count from the case's now.

Knows which blocks are charts over time. A page on paper and a terminal have the hours alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inotrope.display.chart import Chart
from inotrope.display.sheet import Block, Section, Sheet


def on_the_clock(sheet: Sheet, now: datetime) -> Sheet:
    """Return a sheet whose charts bear the time of the clock under their hours.

    Args:
        sheet: Of a plan or a fit: every chart of these counts hours from now.
        now: Hour 0.
    """
    return replace(sheet, sections=tuple(section_on_the_clock(section, now) for section in sheet.sections))


def section_on_the_clock(section: Section, now: datetime) -> Section:
    """Return one section likewise."""
    return replace(section, blocks=tuple(_block(block, now) for block in section.blocks))


def _block(block: Block, now: datetime) -> Block:
    return replace(block, now=now) if isinstance(block, Chart) else block
