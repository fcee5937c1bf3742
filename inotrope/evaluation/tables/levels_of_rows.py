"""Which rows of a table are measured levels, and which of those lie below quantification.

Knows NONMEM's DV and MDV, the mark CENS (1: DV is the limit, and the level below it) and the limit itself, LLOQ. What
contradicts itself is an error that names row and column: a level is never left out in silence, and none is made up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inotrope.evaluation.record import Bools, Floats
from inotrope.simulation.answer import factor
from inotrope.simulation.tables.columns import Layout
from inotrope.simulation.tables.reading import Block
from inotrope.simulation.tables.subjects import Subjects

MOST_NG_PER_ML = 1e9
"""1 g/mL, what water itself weighs: no drug in blood weighs more."""
GIVES = (1, 4)
"""EVID of the rows that give a dose."""


class LevelsOfRows(NamedTuple):
    """What rows say of levels.

    Attributes:
        measured: (rows,), whether a row is a level.
        dv_ng_per_ml: (rows,) ng/mL, as measured; where `below`, the limit; nan where there is none.
        below: (rows,).
    """

    measured: Bools
    dv_ng_per_ml: Floats
    below: Bools


def levels_of_rows(block: Block, layout: Layout, subjects: Subjects) -> LevelsOfRows:
    """Return which rows are levels.

    A row with EVID 0 is one where DV is there and MDV is not 1. Other rows are none.

    Raises:
        RequestError: A mark that means nothing; a level below 0, beyond all measure, or on the row of a dose; a level
            below quantification without a limit; or marks that contradict each other.
    """
    dv, mdv, cens, lloq = (_column(block, name) for name in ("DV", "MDV", "CENS", "LLOQ"))
    asks = subjects.records["evid"] == 0
    rows = _Rows(block, layout)
    rows.refuse("MDV", ~np.isin(mdv, (0, 1)) & ~np.isnan(mdv), "'{}' is no mark; accepted is 0, 1 or an empty cell.")
    rows.refuse(
        "CENS",
        ~np.isin(cens, (0, 1)) & ~np.isnan(cens),
        "'{}' is no mark; accepted is 1 (DV is the limit of quantification, and the level below it), 0 or an empty "
        "cell.",
    )
    rows.refuse("LLOQ", lloq <= 0, "A limit of '{}' is none. Write the limit, above 0, or leave the cell empty.")
    given = np.isin(subjects.records["evid"], GIVES) & (mdv != 1) & ~np.isnan(dv) & (dv != 0)
    rows.refuse(
        "DV", given, "A dose stands on the row of the level '{}'. Give the level a row of its own, or write MDV = 1."
    )
    asks &= mdv != 1
    there, limited = ~np.isnan(dv), ~np.isnan(lloq)
    marked = asks & (cens == 1)
    rows.refuse("DV", asks & there & (dv < 0), "A level of '{}' is impossible; accepted is a number of 0 or more.")
    scale = factor(layout.units.concentration, "ng/mL")
    heavy = (
        f"'{{}} {layout.units.concentration}' is more than water itself weighs. Check the number and the model's unit."
    )
    rows.refuse("DV", asks & there & (dv * scale > MOST_NG_PER_ML), f"A level of {heavy}")
    rows.refuse("LLOQ", lloq * scale > MOST_NG_PER_ML, f"A limit of {heavy}")
    rows.refuse(
        "CENS",
        marked & ~limited & ~(dv > 0),
        "A level is marked as below quantification, and no limit is known. Write the limit in DV, or in LLOQ.",
    )
    rows.refuse(
        "CENS",
        marked & limited & (dv > lloq),
        "A level is marked as below quantification, and its DV lies above its LLOQ. Correct one of them.",
    )
    low = asks & there & limited & (dv < lloq)
    rows.refuse(
        "CENS",
        low & (cens == 0),
        "A level is marked as measured, and its DV lies below its LLOQ. Write CENS = 1, or leave LLOQ empty.",
    )
    below = marked | low
    measured = asks & (there | (marked & limited))
    found = np.where(measured, np.where(below & limited, lloq, dv) * scale, np.nan)
    return LevelsOfRows(measured, found, below & measured)


class _Rows:
    """Rows of a block that are about to be refused."""

    def __init__(self, block: Block, layout: Layout) -> None:
        self.block, self.layout = block, layout

    def refuse(self, name: str, wrong: Bools, says: str) -> None:
        """Raise the error about the first row that is wrong, if there is one."""
        if wrong.any():
            place = int(np.argmax(wrong))
            value = float(_column(self.block, name)[place])
            raise self.block.wrong(self.layout, place, name, says.format(f"{value:.17g}"), value=value)


def _column(block: Block, name: str) -> Floats:
    """Return a column; one that is not there as empty."""
    found: Floats = block.columns.get(name, np.full(block.rows, np.nan))
    return found
