"""Files of a kind that ship in one folder of the library, or that anybody may bring: found by name or by path.

Knows how such a file is found, which sources its numbers may cite, and how its first problem is told. Does not know
what stands in it.
"""

from __future__ import annotations

from pathlib import Path

from inotrope.drug.folder import LIBRARY
from inotrope.drug.numbers import Source
from inotrope.drug.reading import Book, Section
from inotrope.drug.source_table import read_source_table, read_sources
from inotrope.errors import LibraryError, RequestError, nearest, shorten
from inotrope.files import read_bytes, read_toml

SOURCES = LIBRARY / "vocabulary" / "sources.toml"


def list_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the files of a folder."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def path_of(name_or_path: str | Path, folder: Path, *, kind: str) -> Path:
    """Return where a file lies.

    Args:
        name_or_path: The name of a shipped file; or a file, as a `Path` and never as text.
        folder: Where the shipped ones lie.
        kind: What an error calls such a file, such as `heart`.

    Raises:
        RequestError: No shipped file has that name; the nearest are named.
    """
    if isinstance(name_or_path, Path):
        return name_or_path
    known = list_names(folder)
    if name_or_path not in known:
        raise RequestError(
            f"'{shorten(name_or_path)}' is not a {kind} of this program; {nearest(name_or_path, known)}.",
            value=name_or_path,
            accepted=", ".join(known),
        )
    return folder / f"{name_or_path}.toml"


def cited_sources(section: Section) -> dict[str, Source]:
    """Return what the numbers of a file may cite: the vocabulary's sources, and its own of `[source.<id>]`."""
    return {**sources_of(SOURCES), **own_sources(section)}


def own_sources(section: Section) -> dict[str, Source]:
    """Return the sources that a file brings itself; none where it has no such table."""
    return read_source_table(section) if section.has("source") else {}


def sources_of(file: Path) -> dict[str, Source]:
    """Return the sources of a `sources.toml`; its problems are told by whoever proves its folder.

    Raises:
        FileError: It cannot be read, or is no TOML.
    """
    return read_sources(Section(read_toml(read_bytes(file), file.name), Book()))


def raise_first(book: Book, *, see: str = "") -> None:
    """Raise the first problem of a file, if there is one.

    Args:
        book: Of that file.
        see: What tells of the others, such as `inotrope model check`.

    Raises:
        LibraryError: With file, line and key, and how many more there are.
    """
    if book.problems:
        first, left = book.problems[0], len(book.problems) - 1
        where = f": see '{see}'" if see else ""
        raise LibraryError(first.says + (f" {left} more in this file{where}." if left else ""), where=first.where)
