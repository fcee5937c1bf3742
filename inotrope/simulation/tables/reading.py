"""A table to blocks of whole subjects: piece by piece, so that ten million rows need no room for ten million rows.

Knows files of comma-separated values, and columns by name as a data frame has them. A subject's rows stand together: an
ID that comes back later is an error, since it would be two people under one name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import FileError, RequestError, shorten
from inotrope.population import Model
from inotrope.simulation.answer import many
from inotrope.simulation.tables.columns import COMMENT, LEVELS, Layout, read_layout
from inotrope.simulation.tables.parsing import Columns, Parsed, cell_of, parse, without_comments

FIRST_INEXACT_ID = 2**53
"""From here on two whole numbers can be one double, and two people one subject."""
PIECE = 8 << 20
"""Bytes of a file that are read in one go."""
_LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of whole subjects.

    Attributes:
        row: Of each of them, as a spreadsheet counts: a file's header is row 1.
        columns: By name, arrays (rows,).
        done: How much of the table is read with them.
        total: How much there is, in the same count.
    """

    row: NDArray[np.int64]
    columns: Columns
    done: int
    total: int

    @property
    def rows(self) -> int:
        """How many."""
        return int(self.columns["ID"].size)

    def wrong(self, layout: Layout, place: int, name: str, says: str, *, value: object) -> RequestError:
        """Return the error about one cell, named by its row and column."""
        column = layout.written.get(name, name)
        return RequestError(says, value=value, where=f"{layout.name}, row {self.row[place]}, column {column}")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is about to be read: its layout, its size in bytes or numbers, and its blocks.

    `left_out` gains the number of comments of each piece as it is read.
    """

    layout: Layout
    size: int
    blocks: Iterator[Block]
    left_out: list[int]


def open_table(source: Any, model: Model, columns: Mapping[str, str], *, measured: bool = False) -> Table:
    """Return a table with its layout read and its rows still to come.

    Args:
        source: A file's path; or columns by name: a mapping, or a data frame.
        model: Which covariates it reads, and its units.
        columns: Which column is which covariate, where the names differ.
        measured: Whether measured levels are read.

    Raises:
        FileError: The file cannot be read, or is empty.
        RequestError: A column is missing, is there twice, or the columns have different lengths.
    """
    if isinstance(source, Path):
        return _file(source, model, columns, measured=measured)
    if not isinstance(source, Mapping) and not hasattr(source, "columns"):
        raise RequestError(
            f"'{shorten(str(source))}' is no regimen, no case and no table.",
            accepted="a regimen as text, a Case, the Path of a CSV file, or columns by name",
        )
    names = [str(name) for name in getattr(source, "columns", source)]
    layout = read_layout(names, model, columns, "table", measured=measured)
    given = {name: _array(source[layout.written[name]]) for name in layout.place}
    sizes = {column.shape for column in given.values()}
    if len(sizes) != 1 or len(next(iter(sizes))) != 1:
        listed = ", ".join(f"{layout.written[name]} {column.shape}" for name, column in given.items())
        raise RequestError(f"The columns have different shapes: {listed}. Give one value for each row.")
    numbers = {name: _column(layout, name, column) for name, column in given.items()}
    rows = next(iter(numbers.values())).size
    parsed = without_comments(Parsed(numbers, np.arange(1, rows + 1), 0), layout)
    if not parsed.row.size:
        raise RequestError("The table has no row. Add one, or leave it out.", where="table")
    blocks = iter([Block(parsed.row, parsed.columns, rows, rows)])
    return Table(layout, rows, _proved(layout, blocks), [parsed.left_out])


def left_out(table: Table) -> tuple[str, ...]:
    """Say how many rows of a table that has been read were left out as comments."""
    count = sum(table.left_out)
    return (f"Left out: {many(count, 'row')} with the letter C in column {COMMENT}, a comment.",) if count else ()


def _array(column: Any) -> np.ndarray[Any, Any]:
    """Return an array; of a column with nulls, which are no NaN, one of objects."""
    nulls = hasattr(column, "null_count") and column.null_count() > 0
    return np.array(column.to_list(), dtype=object) if nulls else np.asarray(column)


def _column(layout: Layout, name: str, column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return a column as numbers or words; one that holds neither is read cell by cell, which names the row."""
    if name not in layout.words and column.dtype.kind in "iufb":
        found = column.astype(np.float64)
        # Where nothing was measured, a data frame has NaN; elsewhere a NaN is a slip of whoever made the column.
        if (np.isfinite(found) | (np.isnan(found) & (name in LEVELS))).all():
            return found
    cells = [
        cell_of(layout, row, name, "" if cell is None else str(cell).strip())
        for row, cell in enumerate(column.tolist(), 1)
    ]
    return np.array(cells, dtype=str if name in layout.words else np.float64)


def _file(path: Path, model: Model, columns: Mapping[str, str], *, measured: bool) -> Table:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            line = stream.readline(_LONGEST_HEADER)
    except OSError as problem:
        says = f"'{shorten(str(path))}' cannot be read: {problem.strerror}. Check the name."
        raise FileError(says, value=str(path)) from None
    if b"\r" in line.rstrip(b"\r\n"):
        says = "The lines end in a carriage return alone, as on an old Mac. Save the file with the line ends of today."
        raise FileError(says, where=f"{path.name}, row 1", accepted="line ends of Unix or Windows")
    try:
        header = next(csv.reader([line.decode("utf-8-sig").rstrip("\r\n")]), [])
    except (UnicodeDecodeError, csv.Error):
        raise FileError("The header is no text in UTF-8. Save the file as CSV in UTF-8.", where=path.name) from None
    if not any(name.strip() for name in header):
        raise FileError("The table is empty. The first row names the columns: ID,TIME,AMT,...", where=path.name)
    layout = read_layout([name.strip() for name in header], model, columns, path.name, measured=measured)
    left_out: list[int] = []
    pieces = _pieces(path, layout, len(line), size, left_out)
    return Table(layout, size, _whole_subjects(_proved(layout, pieces)), left_out)


def _pieces(path: Path, layout: Layout, start: int, size: int, left_out: list[int]) -> Iterator[Block]:
    """Yield the rows of a file, piece by piece; a piece ends where a line does, and one without a row is none."""
    row, left, rows = 2, b"", 0
    with path.open("rb") as stream:
        stream.seek(start)
        while True:
            read = stream.read(PIECE)
            piece = left + read
            if not read:
                piece = piece.rstrip()
                piece += b"\n" if piece else b""
            cut = piece.rfind(b"\n") + 1
            piece, left = piece[:cut], piece[cut:]
            if piece:
                parsed = parse(piece, layout, row)
                left_out.append(parsed.left_out)
                rows += parsed.row.size
                if parsed.row.size:
                    yield Block(parsed.row, parsed.columns, stream.tell(), size)
                row += piece.count(b"\n")
            if not read:
                break
    if not rows:
        raise FileError("The table has a header and no row.", where=layout.name)


def _proved(layout: Layout, blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield the blocks, with every ID proved to be there and to stand in one place."""
    earlier: list[Any] = []
    last = highest = -np.inf
    for block in blocks:
        identity = block.columns["ID"]
        empty = np.isnan(identity)
        if empty.any():
            raise block.wrong(layout, int(np.argmax(empty)), "ID", "The ID is empty. Write a number.", value="")
        changes = np.flatnonzero(np.concatenate([[identity[0] != last], identity[1:] != identity[:-1]]))
        new = identity[changes]
        _prove_exact(layout, block, changes, new)
        earlier.append(new)
        if (np.diff(new, prepend=highest) <= 0).any():  # IDs that only rise need no search
            everybody = np.concatenate(earlier)
            _, first = np.unique(everybody, return_index=True)
            again = np.ones(everybody.size, dtype=np.bool_)
            again[first] = False
            if again.any():
                place = int(changes[np.argmax(again[-new.size :])])
                says = f"ID '{identity[place]:.17g}' comes back after another one. Keep each subject's rows together."
                raise block.wrong(layout, place, "ID", says, value=identity[place])
        last, highest = identity[-1], max(highest, new.max(initial=-np.inf))
        yield block


def _prove_exact(layout: Layout, block: Block, changes: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> None:
    """Prove that each ID is one that a number holds to its last digit; a broken one to its fifteenth."""
    inexact, broken = np.abs(new) >= FIRST_INEXACT_ID, new != np.floor(new)
    inexact[broken] = [float(f"{name:.15g}") != name for name in new[broken].tolist()]
    if inexact.any():
        place = int(np.argmax(inexact))
        says = (
            f"An ID of about {new[place]:.6g} has more digits than are kept exactly (15), so that two people could "
            "become one. Number the subjects anew, such as 1, 2, 3, and keep a list of whose number is whose."
        )
        raise block.wrong(layout, int(changes[place]), "ID", says, value=float(new[place]))


def _whole_subjects(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield the same rows, cut between subjects: the last one of a block may go on in the next."""
    waiting: list[Block] = []
    for block in blocks:
        identity = block.columns["ID"]
        if waiting and identity[0] != waiting[-1].columns["ID"][-1]:
            yield _joined(waiting)
            waiting = []
        cut = int(np.searchsorted(identity == identity[-1], True))  # an ID stands in one place: false, then true
        if cut:
            yield _joined([*waiting, part_of(block, 0, cut)])
            waiting = []
        waiting.append(part_of(block, cut, block.rows))
    yield _joined(waiting)


def part_of(block: Block, start: int, stop: int) -> Block:
    """Return some rows of a block."""
    columns = {name: column[start:stop] for name, column in block.columns.items()}
    return Block(block.row[start:stop], columns, block.done, block.total)


def _joined(blocks: list[Block]) -> Block:
    columns = {name: np.concatenate([block.columns[name] for block in blocks]) for name in blocks[0].columns}
    return Block(np.concatenate([block.row for block in blocks]), columns, blocks[-1].done, blocks[-1].total)
