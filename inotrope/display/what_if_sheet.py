"""What if, as part of the forecast on a plan's sheet: one table for each change, every model before and after it.

Knows how a level with its interval is said in a cell.
"""

from __future__ import annotations

from inotrope.display.sheet import Block, Lines, Paragraph, Table
from inotrope.plan.forecast_record import IN_THE_END, LevelForecast, Spreading, WhatIf
from inotrope.units import plain_number, round_half_up

NO_ORDER = "A change that was asked about is no order: nothing here judged whether it may be given."


def what_if_blocks(forecast: LevelForecast) -> list[Block]:
    """Return what was asked and what each model says; nothing where nothing was asked."""
    blocks: list[Block] = [Paragraph(NO_ORDER)] if forecast.what_if else []
    for item in forecast.what_if:
        blocks += _one(item)
    return blocks


def _one(item: WhatIf) -> list[Block]:
    title = f"What if: {item.asked}"
    if item.refused:
        return [Lines((item.refused,), title)]
    return [
        Lines((f"Supposed: {item.regimen or 'nothing more is given'}", *item.says, *item.notes), title),
        *what_if_of(item),
    ]


def what_if_of(item: WhatIf) -> list[Block]:
    """Return what every model says of one change, and which do not answer then."""
    blocks: list[Block] = []
    said = dict.fromkeys(moment.when for model in item.models for moment in model.moments)
    times = sorted(said, key=lambda when: when == IN_THE_END)  # which a model without a curve says first
    head = ("Model", *(f"{when[0].upper()}{when[1:]}, {which}" for when in times for which in ("as planned", "then")))
    rows = []
    for model in item.models:
        found = {moment.when: moment for moment in model.moments}
        cells = [_cells(found[when].before, found[when].after) if when in found else ("none", "none") for when in times]
        if found:
            rows.append((short_name(model.model), *(cell for pair in cells for cell in pair)))
    if rows:
        blocks.append(Table("Median and ends of 90 % of the draws, or the typical patient alone", head, tuple(rows)))
    silent: dict[str, list[str]] = {}
    for model in item.models:
        if model.refused:
            silent.setdefault(model.refused, []).append(short_name(model.model))
    if silent:
        blocks.append(Lines(tuple(f"{', '.join(names)}: {why}" for why, names in silent.items()), "Do not answer then"))
    return blocks


def _cells(before: Spreading | None, after: Spreading | None) -> tuple[str, str]:
    shown = "none" if before is None else (before.median or before.typical).shown(0)
    return shown, "none" if after is None else span(after)


def short_name(model: str) -> str:
    """Return a model's name without that of its drug."""
    return model.rpartition("/")[2]


def span(level: Spreading) -> str:
    """Say a level with the interval of 90 % of the draws, or that of the typical patient alone."""
    if level.median is None or level.ninety_from is None or level.ninety_to is None:
        return f"{level.typical.shown(0)}, typical"
    if level.ninety_from == level.ninety_to:  # all draws agree, as before the first dose
        return level.median.shown(0)
    ends = f"{plain_number(round_half_up(level.ninety_from.value, 0))} to {level.ninety_to.shown(0)}"
    return f"{level.median.shown(0)}, {ends}"
