"""A piece of a CSV file to arrays: by polars where it is there, by NumPy where the piece is plain, else cell by cell.

Knows what an empty cell is (nothing, or NONMEM's dot) and that all three ways come to the same numbers. Only the last
one explains: whatever the fast ways stumble over is read again cell by cell, which names the row and the column.
"""

from __future__ import annotations

import csv
import io
import re
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import FileError, RequestError, shorten
from inotrope.simulation.tables.columns import COMMENT, Layout

Columns = dict[str, NDArray[Any]]
"""By NONMEM's name or the covariate's: numbers with NaN for an empty cell, or words with '' for one."""
MISSING = ("", ".")
_BLANK = (b"\n\n", b"\n\r\n")
_PLAIN = b"0123456789.,+-eE\r\n"
_EMPTY = re.compile(rb"(?<=[,\n])\.?(?=[,\r\n])")
_WIDEST = 200
_WITH_UNIT = re.compile(r"[-+]?\.?\d[\d.]*\s*[^\W\d_]+(?:/.*)?")
_CLOCK = re.compile(r"\d.*[:/-]\d.*")


class Parsed(NamedTuple):
    """Some rows of a table: their columns, where in the table each stands, and how many were left out as comments."""

    columns: Columns
    row: NDArray[np.int64]
    left_out: int


def parse(piece: bytes, layout: Layout, first_row: int) -> Parsed:
    """Return the columns that are read of some whole lines; empty ones are no rows, and comments are left out.

    Args:
        piece: Whole lines, each with its end.
        layout: Which column is what.
        first_row: The number of the first line in the file, whose header is row 1.

    Raises:
        RequestError: A cell is not what its column asks for, or a row has more or fewer cells than the header.
        FileError: A row is no text in UTF-8.
    """
    row = np.arange(first_row, first_row + piece.count(b"\n"))
    if any(mark in piece for mark in _BLANK) or piece[:1] in (b"\r", b"\n"):
        lines = piece.split(b"\n")[:-1]
        full = [bool(line.strip()) for line in lines]
        piece = b"".join(line + b"\n" for line, holds in zip(lines, full, strict=True) if holds)
        row = row[np.array(full)]
    if row.size and b'"' not in piece and piece.count(b",") == row.size * (layout.count - 1):
        found = _by_polars(piece, layout) if find_spec("polars") else _by_numpy(piece, layout)
        # A row without an ID may be one of commas alone, as spreadsheets leave them.
        if found is not None and all(column.size == row.size for column in found.values()):
            parsed = without_comments(Parsed(found, row, 0), layout)
            if not np.isnan(parsed.columns["ID"]).any():
                return parsed
    return _by_cell(piece, layout, row)


def without_comments(parsed: Parsed, layout: Layout) -> Parsed:
    """Return the rows without those that are comments, and without the column that says so."""
    if not layout.comments:
        return parsed
    kept = np.char.upper(parsed.columns[COMMENT]) != COMMENT
    columns = {name: column[kept] for name, column in parsed.columns.items() if name != COMMENT}
    return Parsed(columns, parsed.row[kept], parsed.left_out + int(np.count_nonzero(~kept)))


def _by_polars(piece: bytes, layout: Layout) -> Columns | None:
    import polars  # noqa: PLC0415 - an extra

    names = {place: name for name, place in layout.place.items()}
    numbers = {place for place, name in names.items() if name not in layout.words}
    kinds = {
        names.get(place, f"column {place}"): polars.Float64 if place in numbers else polars.String
        for place in range(layout.count)
    }
    try:
        asked = polars.scan_csv(piece, has_header=False, schema=kinds, null_values=list(MISSING))
        frame = asked.select(list(layout.place)).collect()
    except polars.exceptions.PolarsError:
        return None
    found: Columns = {}
    for name in layout.place:
        column = frame[name]
        if name in layout.words:
            found[name] = np.char.strip(column.fill_null("").to_numpy().astype(str))
        elif column.is_finite().all():  # of what is there
            found[name] = column.fill_null(np.nan).to_numpy()
        else:
            return None
    return found


def _by_numpy(piece: bytes, layout: Layout) -> Columns | None:
    if layout.words or piece.translate(None, _PLAIN):
        return None
    plain = _EMPTY.sub(b"nan", b"\n" + piece)
    places = list(layout.place.values())
    try:
        numbers = np.loadtxt(io.BytesIO(plain), delimiter=",", usecols=places, ndmin=2, comments=None)
    except ValueError:
        return None
    if np.isinf(numbers).any():
        return None
    return {name: numbers[:, column] for column, name in enumerate(layout.place)}


def _by_cell(piece: bytes, layout: Layout, rows: NDArray[np.int64]) -> Parsed:
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError as problem:
        row = rows[piece[: problem.start].count(b"\n")]
        raise FileError(
            "A byte is no text in UTF-8. Save the file as UTF-8.", where=f"{layout.name}, row {row}"
        ) from None
    found: dict[str, list[Any]] = {name: [] for name in layout.place}
    kept, left_out = [], 0
    for row, line in zip(rows.tolist(), text.split("\n")[:-1], strict=True):
        try:
            cells = next(csv.reader([line.rstrip("\r")], strict=True), [])
        except csv.Error as problem:
            raise _wrong(layout, row, "", f"The row cannot be read: {problem}. Close every quote.", line) from None
        if not any(cell.strip() for cell in cells):
            continue
        if layout.comments and [cell.strip().upper() for cell in cells[layout.place[COMMENT] :][:1]] == [COMMENT]:
            left_out += 1
            continue
        if len(cells) != layout.count:
            says = f"The row has {len(cells)} cells; the header has {layout.count}."
            raise _wrong(layout, row, "", says, line)
        kept.append(row)
        for name, place in layout.place.items():
            found[name].append(cell_of(layout, row, name, cells[place].strip()))
    columns = {
        name: np.array(cells, dtype=str if name in layout.words else np.float64)
        for name, cells in found.items()
        if name != COMMENT or not layout.comments
    }
    return Parsed(columns, np.array(kept, dtype=np.int64), left_out)


def cell_of(layout: Layout, row: int, name: str, cell: str) -> str | float:
    """Return what a cell says: a word, a number, or NaN where it is empty."""
    if name in layout.words:
        return "" if cell in MISSING else cell[:_WIDEST]
    if cell in MISSING:
        return np.nan
    try:
        number = float(cell) if cell.isascii() and "_" not in cell else np.nan
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise _wrong(
            layout, row, name, f"'{shorten(cell)}' is not a finite number. {_instead(layout, name, cell)}", cell
        )
    return number


def _instead(layout: Layout, name: str, cell: str) -> str:
    """Return what to write in place of a cell that is no number."""
    if "," in cell:
        return "Write a decimal point, and no comma."
    if name == "TIME" and _CLOCK.fullmatch(cell):
        return f"Write the time since a start, in {layout.units.time}: no clock and no date is read."
    if name != "ID" and _WITH_UNIT.fullmatch(cell):
        return "Write the number alone: its unit stands in the model file."
    if name in layout.needed:
        return "Write one: no row goes without it."
    return "Write one; where there is none, leave the cell empty or write a dot."


def _wrong(layout: Layout, row: int, name: str, says: str, value: object) -> RequestError:
    at = f", column {layout.written[name]}" if name else ""
    return RequestError(says, value=value, where=f"{layout.name}, row {row}{at}")
