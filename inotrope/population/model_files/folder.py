"""Finds model files: those of a drug's folder, by name, and any file, by path.

Knows that the models of a drug lie in its folder's `models/`, one publication a file, and cite its `sources.toml`; a
file elsewhere brings its own sources in `[source.<id>]`. What stands in a file, `reading.py` knows.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from inotrope.drug import Drug, Problem, Source
from inotrope.drug.folder import LIBRARY
from inotrope.drug.reading import Book, Section
from inotrope.errors import FileError, RequestError, nearest, shorten
from inotrope.files import read_bytes, read_toml
from inotrope.population.model import Model
from inotrope.population.model_files.reading import read_model
from inotrope.population.shipped import own_sources, raise_first, sources_of

MODELS = "models"
_NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")


def list_models(drug: str | None = None) -> tuple[str, ...]:
    """Return the names of the shipped models, `<drug>/<model>`, of one drug or of all."""
    found = (f"{path.parents[1].name}/{path.stem}" for path in LIBRARY.glob(f"*/{MODELS}/*.toml"))
    return tuple(sorted(name for name in found if drug is None or name.startswith(f"{drug}/")))


def load_model(name_or_path: str | Path) -> Model:
    """Return a model by its name, or from a file.

    Args:
        name_or_path: `<drug>/<model>` of a shipped model; or a file, as a `Path` and never as text.

    Raises:
        RequestError: No shipped model has that name; the nearest are named.
        FileError: The file cannot be read.
        LibraryError: The file is not sound; the first problem is named with file, line and key.
    """
    if isinstance(name_or_path, Path):
        return _load(name_or_path, _sources_beside(name_or_path))
    known = list_models()
    if name_or_path not in known:
        raise RequestError(
            f"'{shorten(name_or_path)}' is not a model of this program; {nearest(name_or_path, known)}. A file of your "
            "own is named with its ending, such as './own.toml'.",
            value=name_or_path,
            accepted=", ".join(known),
        )
    drug, _, stem = name_or_path.partition("/")
    path = LIBRARY / drug / MODELS / f"{stem}.toml"
    return _load(path, _sources_beside(path), drug=drug)


def load_models(drug: Drug) -> tuple[Model, ...]:
    """Return all models of a drug, in the order of their names, also those that are only catalogued.

    Raises:
        LibraryError: A file is not sound; the first problem is named with file, line and key.
    """
    return tuple(_load(path, drug.sources, drug=drug.name) for path in _files(drug.folder))


def check_models(folder: Path) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the models of a drug folder by file, and every problem of them, each with file, line and key."""
    book, files = Book(), _files(folder)
    drug = _drug_of(folder) if files else ""
    for path in files:
        _read(path, book, _sources_beside(path), drug=drug)
    return tuple(path.stem for path in files), tuple(book.problems)


def check_model(path: Path) -> tuple[Problem, ...]:
    """Return every problem of one model file, wherever it lies, each with file, line and key; none when it is sound.

    Raises:
        FileError: The file cannot be read, or is no TOML.
    """
    book = Book()
    _read(path, book, _sources_beside(path), drug=None)
    return tuple(book.problems)


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted((folder / MODELS).glob("*.toml")))


def _load(path: Path, sources: dict[str, Source], *, drug: str | None = None) -> Model:
    book = Book()
    found = _read(path, book, sources, drug=drug)
    raise_first(book, see="inotrope model check")
    assert found is not None  # a file without a problem gives a model
    return found


def _read(path: Path, book: Book, sources: dict[str, Source], *, drug: str | None) -> Model | None:
    """Return one model; `drug` is the drug of its folder, None for a file that lies in no drug's folder."""
    shown = path.name if drug is None else f"{path.parents[1].name}/{MODELS}/{path.name}"
    part = book.part()
    try:
        content = read_bytes(path)
        toml = read_toml(content, shown)
    except FileError as error:
        if drug is None:
            raise
        book.note(error.where if error.where == shown else shown, error.says)
        return None
    section = Section(toml, book)
    if not _NAME.fullmatch(path.stem):
        section.problem(f"'{shorten(path.stem)}' is no name of a model. Write <author>_<year>.toml in lower case.")
    if _source_file(path) is None:
        book.sources_in = "[source.<id>] of this file"
    book.sources = {**sources, **own_sources(section)}
    written = section.text("drug")
    if written and drug is not None and written != drug:
        section.problem(f"'{shorten(written)}' is not the drug of this folder, '{shorten(drug)}'.", "drug")
    name = path.stem if drug is None else f"{drug}/{path.stem}"
    return read_model(section, part, name=name, path=path, digest=hashlib.sha256(content).hexdigest())


def _drug_of(folder: Path) -> str:
    """Return the name in `drug.toml`; the folder's own where that file is not sound, which its own proof tells."""
    try:
        identity = read_toml(read_bytes(folder / "drug.toml"), "drug.toml").content.get("identity")
    except FileError:
        identity = None
    name = identity.get("name") if isinstance(identity, dict) else None
    return name if isinstance(name, str) else folder.name


def _sources_beside(path: Path) -> dict[str, Source]:
    """Return the sources of the drug folder that a file lies in; none where it lies elsewhere or they are not sound."""
    file = _source_file(path)
    if file is None:
        return {}
    try:
        return sources_of(file)
    except FileError:  # told by whoever proves the drug folder
        return {}


def _source_file(path: Path) -> Path | None:
    """Return the `sources.toml` of the drug folder that a file lies in; None where it lies elsewhere."""
    file = path.resolve().parents[1] / "sources.toml"
    return file if path.resolve().parent.name == MODELS and file.is_file() else None
