"""A simulation as a file, a data frame or JSON: every column with its unit.

Knows CSV, which any program reads, and Parquet, whose schema carries the units. polars and pyarrow come with the extra
`population` and are loaded only here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    rows = found.rows
    if path.suffix.lower() not in ENDINGS:
        listed = " or ".join(ENDINGS)
        says = f"'{shorten(str(path))}' is no name for a table of levels. Name a file that ends in {listed}."
        raise FileError(says, value=str(path), accepted=listed)
    put = _parquet(found) if path.suffix.lower() == PARQUET else _csv(found, rows)
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


def _csv(found: Simulation, rows: int) -> Callable[[Path], None]:
    def put(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(",".join(found.units) + "\n")
            for start in range(0, rows, _BLOCK):
                # Python's own shortest digits: each number reads back as the very same one.
                columns = [map(str, column.tolist()) for column in found.columns(start, start + _BLOCK).values()]
                stream.write("\n".join(map(",".join, zip(*columns, strict=True))) + "\n")

    return put


def _parquet(found: Simulation) -> Callable[[Path], None]:
    try:
        import pyarrow  # noqa: PLC0415 - an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise RequestError(f"Parquet needs pyarrow, which is not installed. {EXTRA} Or write CSV.") from None
    table = pyarrow.table(found.columns())
    about = {"model": found.about.model, "digest": found.about.digest, "given": found.given}
    fields = [
        pyarrow.field(name, table.schema.field(name).type, metadata={"unit": unit} if unit else None)
        for name, unit in found.units.items()
    ]
    schema = pyarrow.schema(fields, metadata={f"inotrope.{name}": text for name, text in about.items()})
    return lambda path: pyarrow.parquet.write_table(table.cast(schema), path)
