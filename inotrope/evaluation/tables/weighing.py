"""What of a table's levels an error of measurement can weigh, and which are implausible, before anybody is fitted.

Knows levels of 0, levels before any dose, levels that say nothing, and levels that no patient of the model would have.
What no likelihood can hold is an error that names its row; what is strange and can be weighed is told.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels
from inotrope.estimation.many import Subject
from inotrope.estimation.plausibility import far_levels, implausible_levels
from inotrope.evaluation.record import Bools, Floats, Ints
from inotrope.evaluation.tables.levels_of_rows import MOST_NG_PER_ML
from inotrope.evaluation.tables.reading import Measured, listed
from inotrope.findings import Refusal
from inotrope.simulation.answer import many

WITH_LIMIT = "Write CENS = 1 and the limit of quantification in DV, or leave the cell empty"


def weighed(found: Measured, predicted: Floats, error: ErrorModel) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the subjects with what tells nothing weighed as nothing, and what must be said of the levels.

    Args:
        found: The table.
        predicted: (1 + draws, n) ng/mL, of the typical patients, and of such as stand for all.
        error: Of the measurement.

    Raises:
        RequestError: Doses that lead to no level that there can be; a level of 0, or one where nothing is left, with an
            error that is in proportion to the level alone.
    """
    _, subject, _, dv, below = found.levels()
    pred = predicted[0]
    early = found.before_any_dose()
    _prove(found, pred, early, error)
    zero = ~below & (dv == 0)
    says = []
    if zero.any():
        says.append(f"{_levels(zero)} 0, and taken as measured. {WITH_LIMIT} where the laboratory found none.")
    before = early & ~below & (dv > 0)
    if before.any():
        says.append(
            f"{_levels(before)} above 0 before anything had been given, of {_whose(found, subject, before)}: the "
            "record of doses may be incomplete. Nothing is estimated from such a level."
        )
    strange = _implausible(found, early, predicted[1:], error)
    empty = below & (pred == 0) & (error.a_ng_per_ml == 0)
    if empty.any():
        says.append(f"{_levels(empty)} below quantification where nothing is expected, and tells nothing.")
    useless = empty | before
    if not useless.any():
        return tuple(found.subjects), (*says, *strange)
    ends = np.cumsum([one.levels.count for one in found.subjects])[:-1]
    parts = np.split(np.where(useless, 0.0, 1.0), ends)
    subjects = tuple(
        replace(one, levels=_with_weight(one.levels, part)) for one, part in zip(found.subjects, parts, strict=True)
    )
    return subjects, (*says, *strange)


def _prove(found: Measured, pred: Floats, early: Bools, error: ErrorModel) -> None:
    """Prove that every level can be weighed."""
    row, _, _, dv, below = found.levels()
    heavy = "The doses lead to a level there that is more than water itself weighs. Check AMT, RATE, and the model's"
    _refuse(found, row, ~(pred <= MOST_NG_PER_ML), f"{heavy} units.")
    if error.a_ng_per_ml > 0:
        return
    none = "and an error in proportion to the level is 0 there"
    _refuse(found, row, ~below & (dv == 0), f"The level is 0, {none}. {WITH_LIMIT}.")
    doses = "Correct the doses, or leave the level out."
    _refuse(found, row, ~below & early, f"The level was measured before anything had been given, {none}. {doses}")
    _refuse(found, row, ~below & (pred == 0), f"Nothing is left of the drug by the model, {none}. {doses}")


def _implausible(found: Measured, early: Bools, predicted: Floats, error: ErrorModel) -> tuple[str, ...]:
    """Say which levels no patient of the model would have, and what would explain the first of them."""
    row, subject, time_h, dv, below = found.levels()
    judged = ~early & (predicted > 0).all(axis=0)

    def few(places: Ints) -> tuple[Levels, ErrorModel, Floats]:
        return Levels.of(time_h[places], dv[places], below=below[places]), error, predicted[:, places]

    each = np.flatnonzero(judged)
    far: dict[int, Refusal] = {}
    for place in dict.fromkeys(subject[each[far_levels(*few(each))]].tolist()):
        of_one = np.arange(*np.searchsorted(subject, (place, place + 1)))
        own = of_one[judged[of_one]]
        far |= {int(own[at]): refusal for at, refusal in implausible_levels(*few(own)).items()}
    if not far:
        return ()
    which = np.isin(np.arange(row.size), list(far))
    first, refusal = next(iter(far.items()))
    share = f"{many(len(far), 'level')} of {row.size:,}, of {_whose(found, subject, which)}"
    return (f"Implausible: {share}. The first, in row {row[first]}: {refusal.says}",)


def _with_weight(levels: Levels, weight: Floats) -> Levels:
    return Levels.of(levels.time_h, levels.level_ng_per_ml, below=levels.below, weight=weight)


def _refuse(found: Measured, row: Ints, wrong: Bools, says: str) -> None:
    if wrong.any():
        where = f"{found.title}, row {row[int(np.argmax(wrong))]}, column {found.column}"
        raise RequestError(says, accepted="a level above 0, after a dose", where=where)


def _whose(found: Measured, subject: Ints, which: Bools) -> str:
    return listed([found.ids[place] for place in dict.fromkeys(subject[which].tolist())])


def _levels(which: Bools) -> str:
    count = int(np.count_nonzero(which))
    return f"{many(count, 'level')} {'is' if count == 1 else 'are'}"
