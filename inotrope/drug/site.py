"""A hospital's own file, `site.toml`: what its ward settles and where it is stricter.

Knows the form: tables, keys, kinds of values, and the place of every mistake. Whether a value tightens a limit of a
drug or would loosen it is held against the drug's folder in `tightening.py`; nothing in here raises a limit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from unicodedata import name

from inotrope.drug.reading import Book, Problem, Section
from inotrope.errors import LibraryError, UnitError, hides_something, shorten
from inotrope.files import read_bytes, read_toml
from inotrope.units import Quantity, read_quantity, registry

LARGEST_SITE_FILE = 100_000
"""Bytes; a site's file has a few dozen lines."""
_PLAIN = re.compile(r"\s*\d+(?:\.\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value that the site sets against one of the library's.

    Attributes:
        path: What it sets: the path of a dosing number, or `<rule id>.<limit name>`.
        value: A quantity, or a plain number where the limit has no unit.
        where: File, line and key.
        entry: The one dosing entry that is meant; empty for every entry that has the number.
    """

    path: str
    value: Quantity | Decimal
    where: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One name that the site writes, with its place."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class SiteBag:
    """One bag or syringe that the site uses; one without an amount is the library's of that id."""

    id: str
    amount: Quantity | None
    volume: Quantity | None
    diluent: str
    where: str

    @property
    def concentration(self) -> Quantity | None:
        """Amount over volume, mg/mL; None for one of the library's."""
        if self.amount is None or self.volume is None:
            return None
        return Quantity(self.amount.in_unit("mg") / self.volume.in_unit("mL"), "mg/mL")


@dataclass(frozen=True, slots=True)
class SiteMedicine:
    """A medicine of the site's formulary: its names, and the class of the vocabulary that it belongs to."""

    name: str
    synonyms: tuple[str, ...]
    class_: str
    where: str


@dataclass(frozen=True, slots=True)
class Site:
    """One hospital's settings, as read.

    Attributes:
        load_from_premix: True when the load may be drawn from the premixed bag by the pump; the label's texts say the
            premix is for the infusion only, and some units do it all the same.
        pump_step: The step of the ward's pumps, where the case names none; None leaves the entry's default.
        digest: SHA-256 of the file, kept in every plan.
        file: The file's name.
        load_given: False where the site gives no loading dose.
        pump_minimum: The lowest rate of the ward's pumps, where the case names none.
        limits: Numbers of dosing entries; `[rounding] error_warning` is one of them.
        soft_maximum: A rate above which the site wants a warning.
        thresholds: Own limits of safety rules.
        band: The site's band of drug levels, by `low` and `high`.
        bags: The only ones offered; empty for the library's.
        bags_only: True when another concentration is worth a warning.
        formulary: Medicines added to the vocabulary for a plan.
        prefer: The authority whose entry serves where the case names none.
        refused: Indications for which this site does not use the drug.
        forbidden: Rules that nobody may override here.
    """

    load_from_premix: bool = False
    pump_step: Quantity | None = None
    digest: str = ""
    file: str = "site.toml"
    load_given: bool = True
    pump_minimum: Quantity | None = None
    limits: tuple[Setting, ...] = ()
    soft_maximum: Setting | None = None
    thresholds: tuple[Setting, ...] = ()
    band: tuple[Setting, ...] = ()
    bags: tuple[SiteBag, ...] = ()
    bags_only: bool = False
    formulary: tuple[SiteMedicine, ...] = ()
    prefer: Word | None = None
    refused: tuple[Word, ...] = ()
    forbidden: tuple[Word, ...] = ()


def read_site(path: Path) -> Site:
    """Read a site's file; whether it fits a drug is proved when it is applied (`tighten`).

    Raises:
        FileError: Not readable, or not TOML.
        LibraryError: An unknown table or key, or a value of the wrong kind: the first mistake with file, line and key,
            and how many more there are.
    """
    return read_site_text(read_bytes(path), path.name)


def read_site_text(content: bytes, name: str) -> Site:
    """Return the settings of a site's file whose bytes are at hand, such as those that a kept plan was made with.

    Args:
        content: Its bytes.
        name: What the file is called, on everything that it settles.

    Raises:
        FileError, LibraryError: As `read_site` does.
    """
    book = Book()
    site = _noting(content, name, book)
    raise_first(book.problems)
    return site


def raise_first(problems: list[Problem]) -> None:
    """Raise the first mistake of a site's file, and say how many more there are; none raises nothing."""
    if problems:
        more = f" {len(problems) - 1} more: see 'inotrope site check'." if problems[1:] else ""
        raise LibraryError(problems[0].says + more, where=problems[0].where)


def read_site_noting(path: Path, book: Book) -> Site:
    """Return what could be read of a site's file; every mistake of form goes into the book.

    Raises:
        FileError: Not readable, or not TOML.
        LibraryError: Larger than any site's file.
    """
    return _noting(read_bytes(path), path.name, book)


def _noting(content: bytes, name: str, book: Book) -> Site:
    if len(content) > LARGEST_SITE_FILE:
        raise LibraryError(
            f"A site's file has at most {LARGEST_SITE_FILE:,} bytes; this one has {len(content):,}.", where=name
        )
    section = Section(read_toml(content, name), book)
    for where in _hidden(section.table):
        section.problem(
            "It holds a character that nobody sees, or letters that only look like others. Write it anew.", where
        )
    return _Reader(section).site(hashlib.sha256(content).hexdigest(), name)


def _hidden(value: dict[str, object]) -> Iterator[str]:
    """Yield the first key of the file under which a text hides something: it could pass for a name that it is not."""
    for key, inner in value.items():
        if any(_hides(text) for text in _texts((key, inner))):
            yield key


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _texts(pair)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


def _hides(text: str) -> bool:
    """Tell whether a text holds what cannot be seen, a letter of another script, or a letter in disguise."""
    return hides_something(text) or any(
        mark.isalpha() and not mark.isascii() and mark not in "\u00b5\u03bc" and not name(mark, "").startswith("LATIN")
        for mark in text
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file table by table; a table that is not there leaves its settings open."""

    file: Section

    def site(self, digest: str, name: str) -> Site:
        load, pump = self._table("load"), self._table("pump")
        rounding, limits = self._table("rounding"), self._table("limits")
        error = () if rounding is None else _settings(rounding, {"error_warning": "rounding.error_warning"})
        soft, band = self._table("soft"), self._table("band")
        thresholds, overrides = self._table("thresholds"), self._table("overrides")
        authority, refuse = self._table("authority"), self._table("refuse")
        bags, only = self._bags(self._table("bags"))
        maximum = () if soft is None else _settings(soft, {"maximum": "soft.maximum"})
        found = Site(
            load_from_premix=_flag(load, "from_premix", default=False),
            pump_step=_flow(pump, "step"),
            digest=digest,
            file=name,
            load_given=_flag(load, "given", default=True),
            pump_minimum=_flow(pump, "minimum"),
            limits=(*error, *self._limits(limits)),
            soft_maximum=maximum[0] if maximum else None,
            thresholds=() if thresholds is None else _settings(thresholds, {key: key for key in thresholds.table}),
            band=() if band is None else _settings(band, {"low": "low", "high": "high"}),
            bags=bags,
            bags_only=only,
            formulary=self._formulary(self._table("formulary")),
            prefer=_word(authority, "prefer"),
            refused=_words(refuse, "indications"),
            forbidden=_words(overrides, "forbid"),
        )
        tables = (load, pump, rounding, limits, soft, band, thresholds, overrides, authority, refuse)
        for section in (*(table for table in tables if table is not None), self.file):
            section.done()
        return found

    def _table(self, name: str) -> Section | None:
        found = self.file.optional_section(name)
        return None if found is None or found.broken else found

    def _limits(self, section: Section | None) -> tuple[Setting, ...]:
        """Read `path = value` for every entry, and `[limits.<entry id>]` for one."""
        if section is None:
            return ()
        found: list[Setting] = []
        for key, value in section.table.items():
            if isinstance(value, dict):
                inner = section.section(key)
                found += [
                    Setting(item.path, item.value, item.where, key)
                    for item in _settings(inner, {path: path for path in inner.table})
                ]
            else:
                found += _settings(section, {key: key})
        return tuple(found)

    def _bags(self, section: Section | None) -> tuple[tuple[SiteBag, ...], bool]:
        if section is None:
            return (), False
        found = []
        for row in section.sections("list", at_least=1):
            whole = row.has("amount") or row.has("volume") or row.has("diluent")
            bag = SiteBag(
                id=row.text("id"),
                amount=_quantity(row, "amount", ("mass",)) if whole else None,
                volume=_quantity(row, "volume", ("volume",)) if whole else None,
                diluent=row.text("diluent") if whole else "",
                where=row.where(),
            )
            row.done()
            if not whole or (bag.amount is not None and bag.volume is not None):
                found.append(bag)
        only = _flag(section, "only", default=False)
        section.done()
        return tuple(found), only

    def _formulary(self, section: Section | None) -> tuple[SiteMedicine, ...]:
        if section is None:
            return ()
        found = []
        for row in section.sections("medicine", at_least=1):
            found.append(SiteMedicine(row.text("name"), row.texts("synonyms"), row.text("class"), row.where()))
            row.done()
        section.done()
        return tuple(found)


def _settings(section: Section, paths: dict[str, str]) -> tuple[Setting, ...]:
    """Return the values of some keys, each a quantity of any dimension or a plain number; absent ones are left out."""
    every = tuple(dict.fromkeys(unit.dimension for unit in registry().units.values()))
    found = []
    for key, path in paths.items():
        value = section.raw(key)
        if isinstance(value, str) and _PLAIN.fullmatch(value):
            found.append(Setting(path, Decimal(value), section.where(key)))
        elif value is not None:
            quantity = _quantity(section, key, every)
            found += [] if quantity is None else [Setting(path, quantity, section.where(key))]
    return tuple(found)


def _quantity(section: Section, key: str, dimensions: tuple[str, ...]) -> Quantity | None:
    value = section.raw(key)
    if value is None:
        section.problem(f"Key '{key}' is missing. Write a quantity with its unit.", key)
        return None
    try:
        return read_quantity(value, what=key.rpartition(".")[2].replace("_", " ").capitalize(), dimensions=dimensions)
    except UnitError as error:
        section.problem(error.says, key)
        return None


def _flow(section: Section | None, key: str) -> Quantity | None:
    return None if section is None or section.raw(key) is None else _quantity(section, key, ("flow",))


def _flag(section: Section | None, key: str, *, default: bool) -> bool:
    value = default if section is None else section.raw(key)
    if isinstance(value, bool):
        return value
    if section is not None and value is not None:
        section.problem(f"'{shorten(str(value))}' is neither true nor false.", key)
    return default


def _word(section: Section | None, key: str) -> Word | None:
    return None if section is None or section.raw(key) is None else Word(section.text(key), section.where(key))


def _words(section: Section | None, key: str) -> tuple[Word, ...]:
    if section is None:
        return ()
    return tuple(Word(text, section.where(key, index)) for index, text in enumerate(section.texts(key)))
