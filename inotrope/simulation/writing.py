"""A simulation as a file, a data frame or JSON: every column with its unit.

Knows CSV, which any program reads, and Parquet, whose schema carries the units. polars and pyarrow come with the extra
`population` and are loaded only here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import FileError, RequestError, shorten
from inotrope.simulation.answer import Simulation, factor

if TYPE_CHECKING:
    import polars

CSV, PARQUET = ".csv", ".parquet"
ENDINGS = (CSV, PARQUET)
"""What a table's name may end in: any other, such as .xlsx, promises what the file would not be."""
EXTRA = "Run: pip install 'inotrope[population]'."
_BLOCK = 100_000
"""Rows that are text at once."""


def data_frame(found: Simulation) -> polars.DataFrame:
    """Return the table as a polars data frame.

    Raises:
        RequestError: polars is not installed, or the model refused.
    """
    columns = found.columns()
    try:
        import polars  # noqa: PLC0415 - an extra
    except ImportError:
        raise RequestError(f"A data frame needs polars, which is not installed. {EXTRA}") from None
    return polars.DataFrame(columns)


def write(found: Simulation, path: Path) -> None:
    """Write the table: CSV or Parquet, as the name ends. A file comes whole or not at all; an older one is replaced.

    Raises:
        FileError: The name ends otherwise, or the file cannot be written.
        RequestError: Parquet without pyarrow, or the model refused.
    """
    about = {"model": found.about.model, "digest": found.about.digest, "given": found.given}
    write_columns(path, found.units, found.columns, rows=found.rows, about=about, what="levels")


def write_columns(
    path: Path,
    units: Mapping[str, str],
    columns: Callable[[int, int], Mapping[str, NDArray[Any]]],
    *,
    rows: int,
    about: Mapping[str, str],
    what: str,
) -> None:
    """Write columns of one length, a block of rows at a time; what is no number is an empty cell, or a null.

    Args:
        path: Ends in one of `ENDINGS`.
        units: Of each column, in order; empty for what has none.
        columns: Gives the columns from a row up to another one.
        rows: How many there are.
        about: What Parquet keeps beside them.
        what: It is a table of, in words.

    Raises:
        FileError: The name ends otherwise, or the file cannot be written; nothing is left behind.
        RequestError: Parquet without pyarrow.
    """
    if path.suffix.lower() not in ENDINGS:
        listed = " or ".join(ENDINGS)
        says = f"'{shorten(str(path))}' is no name for a table of {what}. Name a file that ends in {listed}."
        raise FileError(says, value=str(path), accepted=listed)
    parquet = path.suffix.lower() == PARQUET
    put = _parquet(units, columns(0, rows), about) if parquet else _csv(units, columns, rows)
    beside = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        if path.exists():
            beside.touch(path.stat().st_mode & 0o777)
        put(beside)
        beside.replace(path)
    except OSError as problem:
        says = f"'{shorten(str(path))}' cannot be written: {problem.strerror or problem}. Name another file."
        raise FileError(says, value=str(path)) from None
    finally:
        beside.unlink(missing_ok=True)


def prove_installed(path: Path) -> None:
    """Prove that what a table of that name needs is there, before anything is computed.

    Raises:
        RequestError: Parquet without pyarrow.
    """
    if path.suffix.lower() == PARQUET:
        _pyarrow()


def to_plain(found: Simulation, *, rows: bool) -> dict[str, Any]:
    """Return the JSON shape: what was asked, what must be read beside it, units, and the columns where wanted."""
    about = found.about
    plain: dict[str, Any] = {
        "status": "refused" if found.refused else "simulated",
        "model": about.model,
        "drug": about.drug,
        "title": about.title,
        "digest": about.digest,
        "given": found.given,
        "patient": found.patient,
        "seed": found.seed,
        "standing": found.standing.value,
        "remarks": [{"of": item.of, "standing": item.standing.value, "says": item.says} for item in found.remarks],
        "says": list(found.says),
        "note": about.note,
        "unconfirmed": list(about.unconfirmed),
        "judged": list(about.judged),
        "conflicts": [item.says for item in about.conflicts],
        "unknown": list(about.unknown),
        "refused": found.refused,
    }
    if not found.refused:
        plain["units"] = found.units
        levels = found.concentration_ng_per_ml
        if levels is not None and levels.ndim == 1 and found.drawn is not None and found.drawn.highest is not None:
            level, at = found.drawn.highest
            time, concentration = factor("h", about.units.time), factor("ng/mL", about.units.concentration)
            plain["highest"] = {"TIME": at * time, "CP": level * concentration}
        if rows:
            plain["columns"] = {name: column.tolist() for name, column in found.columns().items()}
    return plain


def _csv(
    units: Mapping[str, str], columns: Callable[[int, int], Mapping[str, NDArray[Any]]], rows: int
) -> Callable[[Path], None]:
    def put(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(",".join(units) + "\n")
            for start in range(0, rows, _BLOCK):
                cells = [_cells(column) for column in columns(start, min(start + _BLOCK, rows)).values()]
                stream.write("\n".join(map(",".join, zip(*cells, strict=True))) + "\n")

    return put


def _cells(column: NDArray[Any]) -> Iterable[str]:
    """Return a column as text, in Python's own shortest digits: each number reads back as the very same one."""
    if column.dtype.kind == "f" and np.isnan(column).any():
        return ["" if number != number else str(number) for number in column.tolist()]  # noqa: PLR0124 - NaN alone
    return map(str, column.tolist())


def _parquet(
    units: Mapping[str, str], columns: Mapping[str, NDArray[Any]], about: Mapping[str, str]
) -> Callable[[Path], None]:
    pyarrow = _pyarrow()
    arrays = [pyarrow.array(columns[name], from_pandas=True) for name in units]
    fields = [
        pyarrow.field(name, array.type, metadata={"unit": unit} if unit else None)
        for (name, unit), array in zip(units.items(), arrays, strict=True)
    ]
    schema = pyarrow.schema(fields, metadata={f"inotrope.{name}": text for name, text in about.items()})
    return lambda path: pyarrow.parquet.write_table(pyarrow.table(arrays, schema=schema), path)


def _pyarrow() -> Any:
    try:
        import pyarrow  # noqa: PLC0415 - an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise RequestError(f"Parquet needs pyarrow, which is not installed. {EXTRA} Or write CSV.") from None
    return pyarrow
