"""Opens one TOML file of a drug folder, and what a folder may have beside what a dose needs.

Knows how a missing, empty or broken file is told with its place. It knows no key of any file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from inotrope.drug.reading import Book, Section
from inotrope.errors import FileError, LibraryError, shorten
from inotrope.files import read_bytes, read_toml

_Read = TypeVar("_Read")


def raise_first(book: Book) -> None:
    """Raise `LibraryError` with the first problem, if there is one, and say how many more there are."""
    if book.problems:
        first = book.problems[0]
        more = len(book.problems) - 1
        hint = f" {more} more: see 'inotrope drug check'." if more else ""
        raise LibraryError(first.says + hint, where=first.where)


def open_file(folder: Path, name: str, book: Book) -> Section | None:
    """Return the tables of one file; None, with its problem noted in the book, where it cannot be read."""
    shown = f"{folder.name}/{name}"
    try:
        content = read_bytes(folder / name)
        if not content.strip():
            book.note(shown, "The file is empty.")
            return None
        toml = read_toml(content, shown)
    except FileError as error:
        book.note(error.where if error.where == shown else shown, error.says)
        return None
    return Section(toml, book)


def read_beside(
    folder: Path, file: str, book: Book, name: str, read: Callable[[Section], tuple[_Read, ...]]
) -> tuple[_Read, ...]:
    """Return what a file holds that a folder may have and no dose needs; nothing where it is absent or unreadable."""
    section = open_file(folder, file, book) if (folder / file).exists() else None
    if section is None:
        return ()
    same_drug(section, name)
    found = read(section)
    section.done()
    return found


def same_drug(section: Section, name: str) -> None:
    """Note a table that names another drug than the folder's."""
    written = section.text("drug")
    if written and written != name:
        section.problem(f"'{shorten(written)}' is not the drug of this folder, '{name}'.", "drug")
