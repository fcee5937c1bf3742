"""What of a table's levels an error of measurement can weigh, before anybody is fitted to them.

Knows levels of 0, levels before any dose, and levels that say nothing. What no likelihood can hold is an error that
names its row; what is strange and can be weighed is told.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels
from inotrope.estimation.many import Subject
from inotrope.evaluation.reading import Measured, listed
from inotrope.evaluation.record import Bools, Floats, Ints
from inotrope.simulation.answer import many

WITH_LIMIT = "Write CENS = 1 and the limit of quantification in DV, or leave the cell empty"


def weighed(found: Measured, pred: Floats, error: ErrorModel) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the subjects with what tells nothing weighed as nothing, and what must be said of the levels.

    Args:
        found: The table.
        pred: (n,) ng/mL, of the typical patients.
        error: Of the measurement.

    Raises:
        RequestError: A level of 0, or one before any dose, with an error that is in proportion to the level alone.
    """
    row, subject, _, dv, below = found.levels()
    zero, nothing = ~below & (dv == 0), pred == 0
    if error.a_ng_per_ml == 0:
        _refuse(found, row, zero, f"The level is 0, and an error in proportion to the level is 0 there. {WITH_LIMIT}.")
        before = "The level was measured before anything had been given, and the model expects 0 there, without error."
        _refuse(found, row, ~below & nothing, f"{before} Correct the doses, or leave the level out.")
    ids = np.array(found.ids)
    says = []
    if zero.any():
        says.append(f"{_levels(zero)} 0, and taken as measured. {WITH_LIMIT} where the laboratory found none.")
    early = ~below & nothing & (dv > 0)
    if early.any():
        whose = listed(list(dict.fromkeys(ids[subject[early]].tolist())))
        says.append(
            f"{_levels(early)} above 0 before anything had been given, of {whose}: the record of doses may be "
            "incomplete. Such a level changes no estimate."
        )
    useless = below & nothing & (error.a_ng_per_ml == 0)
    if not useless.any():
        return tuple(found.subjects), tuple(says)
    says.append(f"{_levels(useless)} below quantification before anything had been given, and tells nothing.")
    ends = np.cumsum([one.levels.count for one in found.subjects])[:-1]
    parts = np.split(np.where(useless, 0.0, 1.0), ends)
    subjects = tuple(
        replace(one, levels=_with_weight(one.levels, part)) for one, part in zip(found.subjects, parts, strict=True)
    )
    return subjects, tuple(says)


def _with_weight(levels: Levels, weight: Floats) -> Levels:
    return Levels.of(levels.time_h, levels.level_ng_per_ml, below=levels.below, weight=weight)


def _refuse(found: Measured, row: Ints, wrong: Bools, says: str) -> None:
    if wrong.any():
        where = f"{found.title}, row {row[int(np.argmax(wrong))]}, column {found.column}"
        raise RequestError(says, accepted="a level above 0, after a dose", where=where)


def _levels(which: Bools) -> str:
    count = int(np.count_nonzero(which))
    return f"{many(count, 'level')} {'is' if count == 1 else 'are'}"
