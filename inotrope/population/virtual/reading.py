"""Reads a population file whole: TOML in, a `Population` out, every mistake with file, line and key.

Knows the tables of a population file and how they must fit together. The shipped ones lie in `library/populations/` and
cite the sources of the vocabulary; any file may bring its own sources in `[source.<id>]`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import numpy as np

from inotrope.drug.folder import LIBRARY
from inotrope.drug.numbers import AGE, CLEARANCE, Kind
from inotrope.drug.reading import Book, Section
from inotrope.errors import nearest, shorten
from inotrope.files import read_bytes, read_toml
from inotrope.patient import vocabulary
from inotrope.population.shipped import cited_sources, list_names, path_of, raise_first
from inotrope.population.virtual.people import (
    KIDNEY,
    SEXES,
    UNITS,
    Bound,
    Ends,
    Population,
    Shape,
    Together,
    Trait,
    TraitForm,
)
from inotrope.units import unit

FOLDER = LIBRARY / "populations"
_NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_WIDE = Decimal(1_000_000)
SHARE = Kind("fraction", Decimal(0), Decimal(100), "%")
CV = Kind("fraction", Decimal("0.1"), Decimal(1000), "%")


def list_populations() -> tuple[str, ...]:
    """Return the names of the shipped populations."""
    return list_names(FOLDER)


def load_population(name_or_path: str | Path) -> Population:
    """Return a population by its name, or from a file.

    Args:
        name_or_path: The name of a shipped population; or a file, as a `Path` and never as text.

    Raises:
        RequestError: No shipped population has that name; the nearest are named.
        FileError: The file cannot be read.
        LibraryError: The file is not sound; the first problem is named with file, line and key.
    """
    path = path_of(name_or_path, FOLDER, kind="population")
    content, book = read_bytes(path), Book()
    section = Section(read_toml(content, path.name), book)
    if not _NAME.fullmatch(path.stem):
        section.problem(f"'{shorten(path.stem)}' is no name of a population. Write lower case, as adults_at_sea.toml.")
    book.sources = cited_sources(section)
    part = book.part()
    traits = _traits(section.section("trait"))
    found = Population(
        name=path.stem,
        title=section.text("title"),
        note=section.optional_text("note"),
        female=section.sourced("female", SHARE, positive=False),
        traits=traits,
        correlations=tuple(_together(row, traits) for row in section.sections("correlation")),
        clearance=_bound(section.optional_section("creatinine clearance"), traits),
        holds=_holds(section.optional_section("holds")),
        unknown=section.texts("unknown"),
        path=path,
        digest=hashlib.sha256(content).hexdigest(),
    )
    section.done()
    if part.sound and np.linalg.eigvalsh(found.correlation)[0] <= 0:
        section.problem("These correlations cannot all be true together: nobody can be drawn so.", "correlation")
    raise_first(book)
    return found


def _traits(section: Section) -> dict[str, Trait]:
    strange = [name for name in section.table if name not in UNITS]
    if strange:
        section.problem(f"'{shorten(strange[0])}' is no trait; {nearest(strange[0], UNITS)}.", strange[0])
    found = {name: _trait(section.section(name), name) for name in UNITS if section.has(name)}
    if "age" not in found:
        section.problem("A population has an age.")
    elif found["age"].form is TraitForm.BETWEEN_ENDS:
        section.problem("An age cannot move with age. Write 'normal' or 'log-normal'.", "age", "form")
    elif found.keys() >= KIDNEY and found["age"].lowest is not None:
        adult = vocabulary().limit("equations.cockcroft_gault_age_minimum").value
        if found["age"].lowest.value < adult:
            section.problem(f"Creatinine gives a clearance by Cockcroft-Gault, from {adult} on.", "age", "lowest")
    return found


def _trait(section: Section, name: str) -> Trait:
    form = section.choice("form", TraitForm)
    kind = AGE if name == "age" else Kind(unit(UNITS[name]).dimension, 1 / _WIDE, _WIDE, UNITS[name])
    if form is TraitForm.BETWEEN_ENDS:
        ends = tuple(_ends(row, kind) for row in section.sections("at", at_least=2))
        ages = [item.age.value.in_unit("year") for item in ends]
        if ages != sorted(set(ages)):
            section.problem("The ages of 'at' must ascend.", "at")
        found = Trait(name, form, {}, ends, section.counted("ends_at"), None, None)
    else:
        by_sex = any(section.has(sex) for sex in SEXES)
        rows = {sex: section.section(sex) if by_sex else section for sex in SEXES}
        shapes = {sex: _shape(row, form, kind) for sex, row in rows.items()}
        for row in rows.values() if by_sex else ():
            row.done()
        lowest, highest = section.sourced("lowest", kind, positive=False), section.sourced("highest", kind)
        if lowest.value.dimension == highest.value.dimension and lowest.value >= highest.value:
            section.problem("The lowest must lie below the highest.", "lowest")
        found = Trait(name, form, shapes, (), None, lowest, highest)
    section.done()
    return found


def _shape(section: Section, form: TraitForm, kind: Kind) -> Shape:
    if form is TraitForm.NORMAL:
        return Shape(section.sourced("mean", kind), section.sourced("sd", kind))
    return Shape(section.sourced("median", kind), section.sourced("cv", CV))


def _ends(section: Section, kind: Kind) -> Ends:
    age = section.sourced("age", AGE, positive=False)
    found = Ends(age, section.sourced("lowest", kind), section.sourced("highest", kind))
    section.done()
    if found.lowest.value >= found.highest.value:
        section.problem("The lowest must lie below the highest.", "lowest")
    return found


def _together(section: Section, traits: Mapping[str, Trait]) -> Together:
    of = section.texts("of")
    value = section.counted("value", positive=False)
    section.done()
    if len(of) != 2 or of[0] == of[1] or any(name not in traits for name in of):  # noqa: PLR2004 - a pair
        section.problem(f"A correlation is of two traits; {nearest(' '.join(of), traits)}.", "of")
    elif not -1 < value.value < 1:
        section.problem(f"'{value.value}' is no correlation. Write a number between -1 and 1.", "value")
    return Together((of[0], of[-1]) if of else ("", ""), value)


def _bound(section: Section | None, traits: Mapping[str, Trait]) -> Bound | None:
    if section is None:
        return None
    if not traits.keys() >= KIDNEY:
        section.problem(f"A creatinine clearance follows from {', '.join(sorted(KIDNEY))}: not all stand here.")
    found = Bound(section.optional_sourced("lowest", CLEARANCE), section.optional_sourced("highest", CLEARANCE))
    section.done()
    return found


def _holds(section: Section | None) -> dict[str, str]:
    return {} if section is None else {name: section.text(name) for name in section.table}
