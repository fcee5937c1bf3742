"""The stretches between two rows of a table in which a covariate that runs on a straight line is taken as constant.

Knows the lengths of a regimen's stretches (at most 6 h, and shares of a half-life where something dies away with the
covariate) and cuts a table as finely, so that both come to the same levels. A cut is a row that gives nothing and whose
level nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.population import HALF_LIVES, Model, OverTime, dying_away
from inotrope.simulation.answer import factor
from inotrope.simulation.course import LONGEST_STEP_H
from inotrope.simulation.tables.columns import DOSES, OCCASION, Layout, over_time
from inotrope.simulation.tables.reading import Block, part_of
from inotrope.simulation.tables.subjects import LOOKS, Subjects, prove

MOST_ROWS = 2_000_000
"""Rows with their cuts that are held at once, where there is more than one subject."""
MOST_STRETCHES = 10_000
"""Between two rows: 7 years of stretches of 6 h."""


def portions(blocks: Iterator[Block], layout: Layout, model: Model) -> Iterator[tuple[Block, Subjects, NDArray[Any]]]:
    """Yield blocks of whole subjects, proved, with the number of stretches up to each row, (rows,).

    Raises:
        RequestError: As `prove`.
    """
    for block in blocks:
        subjects = prove(block, layout, model)
        count = stretches(model, subjects)
        begins = subjects.begins
        group = (np.cumsum(count)[begins] - count[begins]) // MOST_ROWS
        cuts = begins[1:][np.diff(group) > 0].tolist()
        if not cuts:
            yield block, subjects, count
            continue
        for start, stop in zip([0, *cuts], [*cuts, block.rows], strict=True):
            part = part_of(block, start, stop)
            yield part, prove(part, layout, model), count[start:stop]


def stretches(model: Model, subjects: Subjects) -> NDArray[np.int64]:
    """Return into how many stretches the time from the row before up to each row is cut, (rows,); 1 is uncut."""
    rows = subjects.identity.size
    found = np.ones(rows)
    before = np.maximum(np.arange(rows) - 1, 0)
    hours = subjects.records["time_h"] - subjects.records["time_h"][before]
    hours[subjects.begins] = 0.0
    for name in model.needs:
        if over_time(model, name) is not OverTime.LINEAR:
            continue
        value = subjects.values[name]
        runs = (value != value[before]) & (hours > 0)
        found = np.where(runs, np.maximum(found, hours / LONGEST_STEP_H), found)
        for half_life_h, step_h in dying_away(model, name):
            own = value * factor(model.covariates[name].unit, "h")
            fast = runs & (np.minimum(own, own[before]) < HALF_LIVES * half_life_h)
            span = np.maximum(hours, np.abs(own - own[before]))
            found = np.where(fast, np.maximum(found, span / step_h), found)
    # A stretch of 6 h is one, and not two for the last digit of a time.
    return np.ceil(np.minimum(found, MOST_STRETCHES) - 1e-9).astype(np.int64)


def cut(
    block: Block, subjects: Subjects, layout: Layout, model: Model, count: NDArray[np.int64]
) -> tuple[Block, Subjects, NDArray[np.bool_] | None]:
    """Return rows with a look at the end of each stretch between them, and which rows that ask for a level are those.

    Args:
        block: Rows as they stand in the table.
        subjects: The same, proved.
        layout: Which column is what.
        model: Which covariates run on a straight line.
        count: As `stretches`.

    Returns:
        The very same and None where nothing is cut.
    """
    if (count == 1).all():
        return block, subjects, None
    of = np.repeat(np.arange(block.rows), count)
    nth = np.arange(of.size) - np.repeat(np.cumsum(count) - count, count) + 1
    added = nth < count[of]
    before = np.where(added, of - 1, of)
    share = np.where(added, nth / count[of], 1.0)
    columns = {}
    for name, column in block.columns.items():
        way = over_time(model, name) if name in layout.covariates else None
        if name == "TIME" or way is OverTime.LINEAR:
            columns[name] = np.where(added, column[before] + share * (column[of] - column[before]), column[of])
        elif name in DOSES:
            columns[name] = np.where(added, 0.0, column[of])
        elif name == "EVID":
            columns[name] = np.where(added, float(LOOKS[-1]), column[of])
        else:
            forward = way is OverTime.LAST_CARRIED_FORWARD or name == OCCASION
            columns[name] = column[before if forward else of]
    finer = replace(block, row=block.row[of], columns=columns)
    proved = prove(finer, layout, model)
    asks = np.isin(proved.records["evid"], LOOKS)
    return finer, proved, added[asks]
