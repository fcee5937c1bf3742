"""The fit of a table as files and JSON: one row a subject, one row a level, every column with its unit.

Knows columns. `subject_columns` is what `fit --out` writes, `level_columns` what `--predictions` writes; files are
written as those of a simulation, CSV or Parquet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.evaluation.record import Prospective, TableFit
from inotrope.population.model import DataUnits
from inotrope.simulation.answer import INTERNAL, factor
from inotrope.simulation.writing import write_columns

FITTED, PRIOR, FAILED = "fitted", "no level", "no answer"
"""What became of a subject: fitted; typical, since nothing was measured; or the search ended in no minimum."""
_UNITS = {"c": "L/h", "q": "L/h", "v": "L"}
Columns = dict[str, NDArray[Any]]


def write_subjects(fit: TableFit, path: Path) -> None:
    """Write one row a subject: ID, STATUS, LEVELS, etas, parameters, objective and covariance.

    Raises:
        FileError, RequestError: As `write_columns`.
    """
    columns = subject_columns(fit)
    units = {name: _UNITS[name[0]] if name in fit.parameters else "" for name in columns}
    _write(fit, path, columns, units, "fitted subjects")


def write_levels(fit: TableFit, path: Path, prospective: Prospective | None = None) -> None:
    """Write one row a level: ID, TIME, DV, CENS, PRED, IPRED and IWRES; with a prospective one also what was foreseen.

    Raises:
        FileError, RequestError: As `write_columns`.
    """
    own = _data(fit)
    of_levels = ("DV", "PRED", "IPRED", "LOW", "HIGH")
    columns = level_columns(fit, prospective)
    units = {name: own.time if name == "TIME" else own.concentration * (name in of_levels) for name in columns}
    _write(fit, path, columns, units, "levels")


def subject_columns(fit: TableFit) -> Columns:
    """Return one row a subject; nan where a search failed, and for an occasion that a subject does not have.

    `COV_<i>_<j>` counts etas from 1 on, in their order; the upper half would say the same.
    """
    modes = fit.modes
    good = modes.converged
    count = np.bincount(fit.rows.subject, minlength=len(fit.ids))
    found: Columns = {
        "ID": _identity(fit),
        "STATUS": np.where(good, np.where(count > 0, FITTED, PRIOR), FAILED),
        "LEVELS": count,
    }
    for place, name in enumerate(modes.names):
        found[f"ETA_{_plain(name)}"] = np.where(good, modes.etas[:, place], np.nan)
    found |= fit.parameters
    found["OBJ"] = np.where(good, modes.objective, np.nan)
    for row in range(len(modes.names)):
        found |= {f"COV_{row + 1}_{column + 1}": modes.covariance[:, row, column] for column in range(row + 1)}
    return found


def level_columns(fit: TableFit, prospective: Prospective | None = None) -> Columns:
    """Return one row a level; with a prospective fit one for each number of known levels, `OBS`, beside it.

    A level with OBS below its own place was foreseen: IPRED is what was predicted, LOW to HIGH the interval that was to
    hold 90 % of such levels. With OBS as many as the subject has, it is fitted.
    """
    rows, own = fit.rows, _data(fit)
    hours, scale = factor("h", own.time), factor("ng/mL", own.concentration)
    found: Columns = {
        "ID": _identity(fit)[rows.subject],
        "TIME": rows.time_h * hours,
        "DV": rows.dv_ng_per_ml * scale,
        "CENS": rows.below.astype(np.int64),
        "PRED": rows.pred * scale,
        "IPRED": rows.ipred * scale,
        "IWRES": rows.weighted,
    }
    if prospective is None:
        return found
    later = prospective.rows
    count = np.bincount(rows.subject, minlength=len(fit.ids))
    used = np.concatenate([later.used, count[rows.subject]])
    level = np.concatenate([later.level, np.arange(rows.subject.size)])
    order = np.lexsort((level, used, rows.subject[level]))
    whole = {name: column[level[order]] for name, column in found.items()}
    nothing = np.full(rows.subject.size, np.nan)

    def both(foreseen: NDArray[Any], fitted: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([foreseen, fitted])[order]

    whole["IPRED"] = both(later.predicted_ng_per_ml * scale, found["IPRED"])
    whole["IWRES"] = both(np.full(later.level.size, np.nan), found["IWRES"])
    whole["OBS"] = used[order]
    whole["LOW"] = both(later.low_ng_per_ml * scale, nothing)
    whole["HIGH"] = both(later.high_ng_per_ml * scale, nothing)
    return whole


def to_plain(fit: TableFit, prospective: Prospective | None = None, *, rows: bool = True) -> dict[str, Any]:
    """Return the JSON shape: what was asked, how well it agrees, and the columns where they are wanted.

    Args:
        fit: Of the table.
        prospective: What was foreseen, where that was asked for.
        rows: Whether subjects and levels are in it.
    """
    model, error = fit.model, fit.error
    plain: dict[str, Any] = {
        "status": "refused" if fit.refused else "fitted",
        "model": model.name,
        "drug": model.drug,
        "title": model.title,
        "digest": model.digest,
        "table": fit.title,
        "seed": fit.seed,
        "error": {
            "form": error.form.value,
            "a": {"value": error.a_ng_per_ml, "unit": "ng/mL"},
            "b": {"value": 100 * error.b, "unit": "%"},
            "stated_by_model": fit.error_is_own,
        },
        "says": list(fit.says),
        "note": model.note,
        "unconfirmed": list(model.unconfirmed),
        "judged": list(model.judged),
        "conflicts": [item.says for item in model.conflicts],
        "unknown": list(model.unknown),
        "refused": fit.refused,
    }
    if fit.refused:
        return plain
    plain["subjects"] = len(fit.ids)
    plain["levels"] = int(fit.rows.subject.size)
    plain["no_answer"] = [name for name, good in zip(fit.ids, fit.modes.converged.tolist(), strict=True) if not good]
    plain["etas"] = list(fit.modes.names)
    plain["shrinkage"] = {name: _number(value) for name, value in fit.shrinkage.items()}
    plain["residual_shrinkage"] = _number(fit.residual_shrinkage)
    if prospective is not None:
        plain["prospective"] = [
            {field.name: _number(getattr(item, field.name)) for field in fields(item)} for item in prospective.by_used
        ]
        plain["says"] += prospective.says
    if rows:
        plain["columns"] = {
            "subjects": _lists(subject_columns(fit)),
            "levels": _lists(level_columns(fit, prospective)),
        }
    return plain


def _write(fit: TableFit, path: Path, columns: Columns, units: Mapping[str, str], what: str) -> None:
    about = {"model": fit.model.name, "digest": fit.model.digest, "given": fit.title}
    rows = columns["ID"].size
    write_columns(
        path,
        units,
        lambda start, stop: {name: column[start:stop] for name, column in columns.items()},
        rows=rows,
        about=about,
        what=what,
    )


def _data(fit: TableFit) -> DataUnits:
    return INTERNAL if fit.model.data is None else fit.model.data


def _identity(fit: TableFit) -> NDArray[Any]:
    """Return the subjects as numbers, whole where all are."""
    found = np.array(fit.ids, dtype=np.float64)
    whole = found.astype(np.int64)
    return whole if (whole == found).all() else found


def _plain(name: str) -> str:
    """Return an eta's name without the comma that would part two columns: `clearance_OCC2`."""
    return name.replace(", occasion ", "_OCC")


def _lists(columns: Columns) -> dict[str, list[Any]]:
    """Return columns for JSON, which has no NaN."""
    return {name: [_number(value) for value in column.tolist()] for name, column in columns.items()}


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN alone
