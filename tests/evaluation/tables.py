"""Tables and model files for the tests of fits: the reference set as received, and small tables made by hand."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from inotrope.population import Model, load_model
from tests.estimation.models import write_model
from tests.estimation.reference import FOLDER

DATA = '\n[data]\ntime = "{}"\namount = "{}"\nconcentration = "{}"\n'
HEAD = "ID,TIME,EVID,AMT,RATE,WT,DV"
SOUND = f"""{HEAD}
1,0,1,4000,0,70,.
1,2,0,.,.,70,60
1,8,0,.,.,70,20
2,0,1,4000,0,60,.
2,2,0,.,.,60,70
"""
REFERENCE = FOLDER / "data.csv"


def written_model(folder: Path, *, data: tuple[str, str, str] | None = ("h", "mcg", "ng/mL"), **more: Any) -> Path:
    """Write the model of `tests.estimation.models`, with the units of tables."""
    path = write_model(folder, **more)
    if data is not None:
        path.write_text(path.read_text(encoding="utf-8") + DATA.format(*data), encoding="utf-8")
    return path


def model_of(folder: Path, **more: Any) -> Model:
    """Return that model."""
    return load_model(written_model(folder, **more))


def columns_of(text: str) -> dict[str, np.ndarray[Any, Any]]:
    """Return a table as columns by name; NaN for an empty cell or a dot, and 0 for one of a dose."""
    rows = list(csv.DictReader(text.splitlines()))
    return {name: np.array([_number(row[name], name) for row in rows]) for name in rows[0]}


def _number(cell: str, name: str) -> float:
    return float(cell) if cell not in ("", ".") else np.nan if name in ("DV", "CENS", "LLOQ", "MDV") else 0.0


def with_columns(table: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a table with other columns, or other contents of them."""
    return {**table, **more}


def subjects_turned(text: str) -> str:
    """Return a table with its subjects in the other order."""
    head, *rows = text.splitlines()
    ids = list(dict.fromkeys(row.split(",")[0] for row in rows))
    turned = [row for name in reversed(ids) for row in rows if row.split(",")[0] == name]
    return "\n".join([head, *turned]) + "\n"
