"""`fit_table`: a model and a table of many subjects in, each subject's most probable parameters out.

Knows the order: model, table, what of it the error cannot weigh, search, predictions. Where the extra is installed and
the subjects are many, machine code searches; else NumPy, with the same answer. A subject whose search fails keeps his
row, and is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from inotrope.drug import list_drugs
from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, shrinkage_of
from inotrope.estimation.default_error import default_error
from inotrope.estimation.many import Modes, Subject
from inotrope.estimation.plausibility import standing_for_all
from inotrope.evaluation.levels import Deviating, SeenLevels
from inotrope.evaluation.record import Bools, Floats, LevelRows, TableFit
from inotrope.evaluation.searching import searched, slow
from inotrope.evaluation.tables.reading import Measured, Told, listed, read_measured
from inotrope.evaluation.tables.weighing import weighed
from inotrope.population import Answer, Model, spreads
from inotrope.population.model import DISPOSITION
from inotrope.simulation.answer import many
from inotrope.simulation.making import as_model

STARTS = 8
OWN_ERROR = (
    "The publication does not state how far a measured level lies from the predicted one: this project's own error is "
    "taken, a judgement."
)
SLOW = "Searched with NumPy alone; pip install 'inotrope[population]' makes it several times faster."


def fit_table(
    model: Model | str | Path,
    table: Any,
    *,
    columns: Mapping[str, str] | None = None,
    starts: int = STARTS,
    seed: int = 0,
    threads: int = 1,
    told: Told | None = None,
    error: ErrorModel | None = None,
) -> TableFit:
    """Return the most probable parameters of each subject of a table, by one model of any drug.

    Args:
        model: A model, the name of a shipped one (`milrinone/label_adult`), or a TOML file, that says how
            patients differ.
        table: In NONMEM's columns, with DV: the path of a CSV file, or columns by name, in the units of the model
            file's `[data]`.
        columns: Which column is which covariate, or the occasion: `{"CRCL": "creatinine clearance", "OCC":
            "occasion"}`.
        starts: How many places each search begins at, as for `find_mode`.
        seed: Of those places.
        threads: For many subjects in machine code; the answer is the same for any number.
        told: Is told how much of how much is done: of the table first, then of the subjects.
        error: Of the measurement; None takes the model's own, or the project's where it states none and the drug is one
            of the library.

    Returns:
        The fit; or, where the model refuses, one without subjects whose `refused` says why.

    Raises:
        InotropeError: What was asked is meaningless; the sentence says what, with row and column, and what to do.
    """
    own = as_model(model)
    if isinstance(table, str):
        table = Path(table)
    say = told or (lambda done, total: None)
    if threads < 1:
        raise RequestError(f"'{threads}' is no number of threads.", value=threads, accepted="1 or more")
    lacking = own.lacking(Answer.TIME_COURSE)
    if lacking:
        title = table.name if isinstance(table, Path) else "table"
        says = f"Model {own.name} gives no course over time. It lacks {'; '.join(lacking)}."
        return _refused(own, Measured(title, refused=says), default_error(), seed)
    of_measurement = error or _error_of(own)
    if not spreads(own):
        says = f"Model {own.name} does not say how patients differ: nothing can be estimated with it. Name another one."
        raise RequestError(says, value=own.name)
    found = read_measured(own, table, columns=columns or {}, told=say)
    if found.refused:
        return _refused(own, found, of_measurement, seed)
    return _fitted(own, found, of_measurement, starts=starts, seed=seed, threads=threads, told=say, own=error is None)


def _error_of(model: Model) -> ErrorModel:
    if model.residual is not None:
        return ErrorModel.of(model.residual)
    if model.drug in list_drugs():
        return default_error()
    says = f"Model {model.name} does not state how far a measured level lies from the predicted one. Add to its file: "
    raise RequestError(
        says + "[residual] with form, a and b; or take a model that has one.", value=model.name, accepted="[residual]"
    )


def _fitted(
    model: Model, found: Measured, error: ErrorModel, *, starts: int, seed: int, threads: int, told: Told, own: bool
) -> TableFit:
    """Return the fit of a table that has been read."""
    deviating = Deviating(model, found.occasions)
    count = len(found.ids)
    of_all = standing_for_all(deviating.etas.omega)
    points = np.concatenate([np.zeros((1, of_all.shape[1])), of_all])[:, None, :]
    seen = SeenLevels(deviating, found.subjects)
    predicted = seen.at(points)
    subjects, strange = weighed(found, predicted, error)
    done = [0]

    def progress(more: int) -> None:
        done[0] += more
        told(done[0], count)

    modes = searched(
        model, subjects, found.occasions, error, starts=starts, seed=seed, threads=threads, progress=progress
    )
    _, subject, time_h, dv, below = found.levels()
    safe = np.where(modes.converged[:, None], np.nan_to_num(modes.etas), 0.0)
    ipred = seen.at(safe)
    ipred[~modes.converged[subject]] = np.nan
    rows = LevelRows(
        subject, time_h, dv, below, predicted[0], ipred, np.asarray(error.sd(ipred)), found.before_any_dose()
    )
    with_levels = np.bincount(subject, minlength=count) > 0
    off = rows.weighted
    return TableFit(
        model=model,
        title=found.title,
        ids=tuple(found.ids),
        modes=modes,
        parameters=_parameters(deviating, subjects, modes),
        rows=rows,
        shrinkage=_shrinkage(deviating, modes, with_levels),
        residual_shrinkage=shrinkage_of(off[np.isfinite(off)], 1.0),
        subjects=subjects,
        occasions=tuple(found.occasions),
        error=error,
        error_is_own=own and model.residual is not None,
        says=(
            f"{many(count, 'subject')}, {many(dv.size, 'level')}, {int(below.sum()):,} of them below quantification.",
            *_says(found, modes, with_levels),
            *strange,
            *found.says,
            *((OWN_ERROR,) if own and model.residual is None else ()),
            *((SLOW,) if slow(count) and not found.occasions else ()),
        ),
        refused="",
        seed=seed,
    )


def _parameters(deviating: Deviating, subjects: tuple[Subject, ...], modes: Modes) -> dict[str, Floats]:
    """Return every parameter of each subject at his first row, (N,)."""
    names = DISPOSITION[deviating.model.structure]
    found = {name: np.full(len(subjects), np.nan) for name in names}
    for place in np.flatnonzero(modes.converged).tolist():
        own = deviating.parameters(place, subjects[place], modes.etas[place])
        for name, column in found.items():
            column[place] = own[name][0]
    return found


def _shrinkage(deviating: Deviating, modes: Modes, with_levels: Bools) -> dict[str, float]:
    """Return the shrinkage of each eta, over the subjects who have it, a level, and an answer."""
    sds = np.sqrt(np.diagonal(deviating.etas.omega)).tolist()
    counts = modes.converged & with_levels
    found = {}
    for name, sd, etas in zip(modes.names, sds, modes.etas.T, strict=True):
        found[name] = shrinkage_of(etas[counts & np.isfinite(etas)], sd)
    return found


def _says(found: Measured, modes: Modes, with_levels: Bools) -> tuple[str, ...]:
    """Say who could not be fitted, who has no level or no dose, and what was not read as a level."""
    ids = np.array(found.ids)
    failed = ids[~modes.converged].tolist()
    without = ids[~with_levels].tolist()
    several = int(np.count_nonzero(modes.distinct > 1))
    says = []
    if failed:
        says.append(
            f"No answer for {many(len(failed), 'subject')}, whose search ended in no minimum: {listed(failed)}."
        )
    if without:
        says.append(f"Without a level, and so typical: {many(len(without), 'subject')}, {listed(without)}.")
    if found.without_dose:
        says.append(f"Given nothing: {many(len(found.without_dose), 'subject')}, {listed(found.without_dose)}.")
    if several:
        says.append(f"The levels of {many(several, 'subject')} allow more than one answer; the most probable is told.")
    if found.not_measured:
        says.append(f"{many(found.not_measured, 'row')} without a dose, and without a level that is read.")
    return tuple(says)


def _refused(model: Model, found: Measured, error: ErrorModel, seed: int) -> TableFit:
    """Return an answer that refuses."""
    none, whole, no = np.empty(0), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
    square = np.empty((0, 0, 0))
    modes = Modes((), np.empty((0, 0)), none, square, square, none, whole, no, no, whole, whole)
    return TableFit(
        model=model,
        title=found.title,
        ids=(),
        modes=modes,
        parameters={},
        rows=LevelRows(whole, none, none, no, none, none, none, no),
        shrinkage={},
        residual_shrinkage=np.nan,
        subjects=(),
        occasions=(),
        error=error,
        error_is_own=model.residual is not None,
        says=found.says,
        refused=found.refused,
        seed=seed,
    )
