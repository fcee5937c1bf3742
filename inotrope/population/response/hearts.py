"""Files of hearts: a kind of patient, what calibration must assume, the reflex, and what beats need beside.

Knows the tables of such a file and hands them to `circulation` as numbers. The shipped ones lie in `library/hearts/`; a
file cites sources of its own or those of the vocabulary. Does not know any drug.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation import Assumed, Bedside, Reflex, calibrate
from inotrope.drug import Counted, Sourced
from inotrope.drug.folder import LIBRARY
from inotrope.drug.reading import Book, Section
from inotrope.errors import CirculationError, LibraryError
from inotrope.files import read_bytes, read_toml
from inotrope.population.response.kinds import (
    ASSUMED,
    BODY,
    CHAMBERS,
    CHECKS,
    LAGS,
    REFLEX,
    TYPICAL,
    floats,
    read_asked,
)
from inotrope.population.response.spreads import ASSUMED_SPREADS, OBSERVED, Spreads, read_spreads
from inotrope.population.shipped import cited_sources, list_names, path_of, raise_first

FOLDER = LIBRARY / "hearts"


@dataclass(frozen=True, slots=True)
class HeartFile:
    """One kind of patient.

    Attributes:
        name: The name of the file.
        title: Who this is.
        note: What a reader must know.
        unknown: What nobody knows of it; shown with every answer.
        numbers: Every number with its source, by table and by what `circulation` calls it.
        digest: SHA-256 of the file.
        spreads: How such patients differ, in bedside numbers, in what is assumed, and in the reflex; empty where the
            file does not say.
    """

    name: str
    title: str
    note: str
    unknown: tuple[str, ...]
    numbers: dict[str, dict[str, Sourced | Counted]]
    digest: str
    spreads: Spreads

    @property
    def bedside(self) -> Bedside:
        """The typical bedside numbers."""
        return Bedside.of(**floats(self.numbers["typical"], TYPICAL))

    def assumed(self, *, left_v0_ml: ArrayLike | None = None) -> Assumed:
        """Return what calibration must assume, with another left V0 where one is given (mL, also an array)."""
        found = Assumed.of(**floats(self.numbers["assumed"], ASSUMED))
        return found if left_v0_ml is None else replace(found, left_v0_ml=np.asarray(left_v0_ml, dtype=np.float64))

    def reflex(self, *, scale: ArrayLike = 1.0) -> Reflex:
        """Return the static reflex, its gains times `scale`: 0 for none, also an array."""
        gains = floats(self.numbers["reflex"], REFLEX)
        most = gains.pop("most")
        return Reflex.of(**{name: value * np.asarray(scale) for name, value in gains.items()}, most=most)

    @property
    def surface_m2(self) -> float:
        """The body surface that the typical numbers belong to, m2."""
        return floats(self.numbers["body"], BODY)["surface_m2"]

    @property
    def agreement(self) -> float:
        """The share by which a printed stroke volume or resistance may miss, for `Bedside.agrees_with`."""
        return floats(self.numbers["checks"], CHECKS)["agreement"]

    @property
    def lags_s(self) -> dict[str, float]:
        """How slowly each effector of the reflex follows, s: for `circulation.beats.Lags.of`."""
        return floats(self.numbers["reflex lags"], LAGS)

    @property
    def chambers(self) -> dict[str, float]:
        """What beats need beside the heart, for `circulation.beats.Chambers.of`."""
        return floats(self.numbers["chambers"], CHAMBERS)


def list_hearts() -> tuple[str, ...]:
    """Return the names of the shipped hearts."""
    return list_names(FOLDER)


def load_heart(name_or_path: str | Path) -> HeartFile:
    """Return a kind of heart by its name, or from a file.

    Args:
        name_or_path: The name of a shipped heart; or a file, as a `Path` and never as text.

    Raises:
        RequestError: No shipped heart has that name; the nearest are named.
        FileError: The file cannot be read.
        LibraryError: The file is not sound; the first problem is named with file, line and key.
    """
    path = path_of(name_or_path, FOLDER, kind="heart")
    content, book = read_bytes(path), Book()
    section = Section(read_toml(content, path.name), book)
    book.sources = cited_sources(section)
    reflex, body = section.section("reflex"), section.section("body")
    spreads = read_spreads(section, OBSERVED + ASSUMED_SPREADS, may_lack=True)
    found = HeartFile(
        name=path.stem,
        title=section.text("title"),
        note=section.text("note"),
        unknown=section.texts("unknown"),
        numbers={
            "body": read_asked(body, BODY),
            "typical": read_asked(typical := section.section("typical"), TYPICAL),
            "assumed": read_asked(assumed := section.section("assumed"), ASSUMED),
            "checks": read_asked(checks := section.section("checks"), CHECKS),
            "reflex": read_asked(reflex, REFLEX),
            "reflex lags": read_asked(reflex, LAGS),
            "chambers": read_asked(chambers := section.section("chambers"), CHAMBERS),
        },
        digest=hashlib.sha256(content).hexdigest(),
        spreads=spreads,
    )
    for each in (body, typical, assumed, checks, reflex, chambers, section):
        each.done()
    raise_first(book)
    try:
        calibrate(found.bedside, found.assumed())
        found.reflex()
    except CirculationError as error:
        raise LibraryError(f"This heart cannot be: {error.says}", value=error.value, where=path.name) from None
    return found
