"""Reads the tables of a drug folder so that every mistake is named with file, line and key.

Knows shapes: texts, choices, numbers with their sources, tables, and that a key nobody asked for is a mistake. It does
not know what the keys mean, and stops at nothing: it notes a problem, hands on a stand-in and goes on, so that one
check shows all problems. Whoever asked looks at `Book.sound` before a stand-in is used.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from inotrope.drug.numbers import Counted, Grade, Kind, Source, Sourced
from inotrope.errors import UnitError, nearest, shorten
from inotrope.files import Path_, Toml
from inotrope.findings import SourceReference, Status
from inotrope.units import Quantity, read_quantity, registry

_CITATION = re.compile(r"(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*):\s*(?P<place>\S.*)", re.DOTALL)
_PLAIN = re.compile(r"\s*[+-]?[\d.]+\s*")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = "a number with its source: { value = '...', source = '<id>:<place>', status = '...' }"
_WORD = TypeVar("_WORD", bound=StrEnum)
NOT_READ = "not read"
"""How `read` begins in the source table where a text is known from elsewhere only."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a drug folder: the place as `file, line N: key`, and a sentence."""

    where: str
    says: str

    def __str__(self) -> str:
        """Give one line."""
        return f"{self.where}: {self.says}"


@dataclass(slots=True)
class Book:
    """What reading a folder gathers: its problems, and the sources that numbers may name.

    `sources_in` says where those sources stand. `read` keeps quantities already parsed: a folder says `0.1 mL/h` and
    `50 mcg/kg` more than once. `noted` counts every problem, also one that is told already: a mistake in what several
    entries share is a mistake of each.
    """

    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    read: dict[tuple[str, str, tuple[str, ...]], Quantity] = field(default_factory=dict)
    noted: int = 0
    sources_in: str = "sources.toml"

    def note(self, where: str, says: str) -> None:
        """Keep one problem; the same one at the same place is kept once."""
        self.noted += 1
        problem = Problem(where, " ".join(says.split()))
        if problem not in self.problems:
            self.problems.append(problem)

    def part(self) -> Part:
        """Begin to watch one part of a folder, so that it is used only when nothing in it was wrong."""
        return Part(self, self.noted)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of reading."""

    book: Book
    before: int

    @property
    def sound(self) -> bool:
        """Tell whether no problem was found since the part began."""
        return self.book.noted == self.before


class Section:
    """One table of a TOML file, which knows its place and which of its keys were asked for."""

    __slots__ = ("_asked", "_numbers", "_root", "book", "broken", "path", "table", "toml")

    def __init__(
        self,
        toml: Toml,
        book: Book,
        path: Path_ = (),
        table: dict[str, Any] | None = None,
        *,
        root: int | None = None,
        numbers: dict[str, Sourced] | None = None,
    ) -> None:
        """Open a table; `root` is the depth from which the names in `numbers` are counted."""
        self.toml = toml
        self.book = book
        self.path = path
        self.table = toml.content if table is None else table
        self.broken = False  # True for the empty stand-in of something that is no table
        self._asked: set[str] = set()
        self._root = len(path) if root is None else root
        self._numbers = {} if numbers is None else numbers

    @property
    def numbers(self) -> dict[str, Sourced]:
        """Every sourced number read below this root so far, by its dotted path, such as `maintenance.maximum`."""
        return self._numbers

    def where(self, *keys: str | int) -> str:
        """Return `file, line N: key` of a key of this table."""
        return self.toml.where((*self.path, *keys))

    def problem(self, says: str, *keys: str | int) -> None:
        """Note a problem at a key of this table, or at the table itself."""
        self.book.note(self.where(*keys), says)

    def has(self, key: str) -> bool:
        """Tell whether the key stands here."""
        return key in self.table

    # --- words -------------------------------------------------------------------------------------------------------

    def text(self, key: str) -> str:
        """Return a text that must be there and not blank."""
        value = self._take(key)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong(key, value, "a text that is not blank")
        return ""

    def optional_text(self, key: str) -> str:
        """Return a text, or an empty one where the key is absent."""
        return self.text(key) if self._may_have(key) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is absent."""
        if not self._may_have(key):
            return ()
        value = self._take(key)
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value)
        self._wrong(key, value, "a list of texts")
        return ()

    def flag(self, key: str) -> bool:
        """Return true or false, which must be there."""
        value = self._take(key)
        if isinstance(value, bool):
            return value
        self._wrong(key, value, "true or false", quoted=value in ("true", "false"))
        return False

    def whole(self, key: str) -> int | None:
        """Return a whole number, or None where the key is absent."""
        if not self._may_have(key):
            return None
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._wrong(key, value, "a whole number", quoted=_WHOLE.fullmatch(str(value)) is not None)
        return None

    def choice(self, key: str, words: type[_WORD]) -> _WORD:
        """Return one word of a closed list, which must be there."""
        value = self._take(key)
        known = [word.value for word in words]
        if isinstance(value, str) and value in known:
            return words(value)
        listed = ", ".join(f"'{word}'" for word in known)
        self._wrong(key, value, f"one of {listed}")
        return next(iter(words))

    def optional_choice(self, key: str, words: type[_WORD]) -> _WORD | None:
        """Return one word of a closed list, or None where the key is absent."""
        return self.choice(key, words) if self._may_have(key) else None

    # --- numbers -----------------------------------------------------------------------------------------------------

    def sourced(self, key: str, kind: Kind, *, positive: bool = True) -> Sourced:
        """Return a quantity of one kind with its source, which must be there; `positive` refuses zero and below."""
        return self._sourced(key, (kind.dimension,), kind, positive=positive)

    def optional_sourced(self, key: str, kind: Kind) -> Sourced | None:
        """Return a quantity of one kind with its source, or None where the key is absent."""
        return self.sourced(key, kind) if self._may_have(key) else None

    def number_of_any_kind(self, key: str) -> Sourced | Counted:
        """Return a quantity of any dimension, or a plain number; whoever compares it checks the dimension."""
        value = self.table.get(key)
        text = value.get("value") if isinstance(value, dict) else None
        if isinstance(text, str) and _PLAIN.fullmatch(text):
            return self.counted(key)
        return self._sourced(key, tuple(dict.fromkeys(unit.dimension for unit in registry().units.values())), None)

    def counted(self, key: str, *, positive: bool = True) -> Counted:
        """Return a count or a ratio with its source: a number without a unit, as text, above zero if `positive`."""
        inner = self._number(key)
        if inner is None:
            return Counted(Decimal(1), NOWHERE)
        text, value = inner._take("value"), Decimal(0)
        with suppress(InvalidOperation, TypeError):
            value = Decimal(text if isinstance(text, str) else "0")
        read = isinstance(text, str) and _PLAIN.fullmatch(text) is not None and value.is_finite()
        if not read or (positive and value <= 0):
            inner._wrong(
                "value",
                text,
                f'a number{" above zero" if positive else ""} in quotes, without a unit, such as "0.75"',
            )
            value = Decimal(1)
        found = Counted(value, inner.reference(), inner.optional_text("note"))
        inner.done()
        return found

    def quantity(self, key: str, kind: Kind) -> Quantity:
        """Return a bare quantity whose source stands beside it in the same table."""
        return self._quantity(key, (kind.dimension,), kind, what=key) or _stand_in(kind.dimension)

    def _sourced(self, key: str, dimensions: tuple[str, ...], kind: Kind | None, *, positive: bool = True) -> Sourced:
        inner = self._number(key)
        if inner is None:
            found = Sourced(_stand_in(dimensions[0]), NOWHERE)
        else:
            value = inner._quantity("value", dimensions, kind, what=key, positive=positive)
            found = Sourced(value or _stand_in(dimensions[0]), inner.reference(), inner.optional_text("note"))
            inner.done()
            if value is None:
                found = Sourced(found.value, NOWHERE)
        self._numbers[".".join(str(item) for item in (*self.path, key)[self._root :])] = found
        return found

    def _number(self, key: str) -> Section | None:
        value = self._take(key)
        if isinstance(value, dict):
            return Section(self.toml, self.book, (*self.path, key), value)
        self._wrong(key, value, 'a number with its source: { value = "...", source = "<id>:<place>", status = "..." }')
        return None

    def _quantity(
        self, key: str, dimensions: tuple[str, ...], kind: Kind | None, *, what: str, positive: bool = True
    ) -> Quantity | None:
        value = self._take(key)
        if value is None:
            self._wrong(key, value, "a text with its unit")
            return None
        known = (f"{positive} {value}", what, dimensions)
        found = self.book.read.get(known)
        if found is None:
            try:
                name = what.replace("_", " ").capitalize()
                found = read_quantity(value, what=name, dimensions=dimensions, positive=positive)
            except UnitError as error:
                self.problem(error.says, key)
                return None
            self.book.read[known] = found
        if kind is not None and not kind.holds(found):
            self.problem(
                f"'{shorten(str(value))}' can be true of no drug that this program doses: {kind.span} is accepted. "
                "Check the unit, the body weight and the decimal point.",
                key,
            )
        return found

    # --- sources -----------------------------------------------------------------------------------------------------

    def reference(self) -> SourceReference:
        """Return the one source of this table, from its keys `source` and `status`."""
        citation = self._take("source")
        status = self.choice("status", Status)
        if not isinstance(citation, str):
            self._wrong("source", citation, "a text '<id>:<place>'")
            return NOWHERE
        return self._cited(citation, status, "source")

    def references(self) -> tuple[SourceReference, ...]:
        """Return the sources of this table: `source` is a list with at least one citation."""
        status = self.choice("status", Status)
        return self._list_of_references("source", status)

    def references_not_confirmed(self) -> tuple[SourceReference, ...]:
        """Return the further sources under `source_unconfirmed`, which are less sure than the others; often none."""
        if not self._may_have("source_unconfirmed"):
            return ()
        return self._list_of_references("source_unconfirmed", Status.UNCONFIRMED)

    def _list_of_references(self, key: str, status: Status) -> tuple[SourceReference, ...]:
        citations = self._take(key)
        if not isinstance(citations, list) or not citations or not all(isinstance(item, str) for item in citations):
            self._wrong(key, citations, "a list of texts '<id>:<place>', at least one")
            return ()
        cited = tuple(self._cited(citation, status, key, index) for index, citation in enumerate(citations))
        return tuple(replace(item, status=self._of_citation(item, status)) for item in cited)

    def _of_citation(self, cited: SourceReference, status: Status) -> Status:
        """Return how sure one of several citations is: where the mapping is ours, a text that was read still holds."""
        source = self.book.sources.get(cited.id)
        if source is None:
            return status  # it names no source of the folder, which is a problem of its own
        if source.grade is Grade.JUDGEMENT:
            return Status.JUDGEMENT
        if status is not Status.JUDGEMENT:
            return status
        return Status.UNCONFIRMED if source.read.startswith(NOT_READ) else Status.CONFIRMED

    def _cited(self, citation: str, status: Status, *keys: str | int) -> SourceReference:
        match = _CITATION.fullmatch(citation)
        if match is None:
            self.problem(f"'{shorten(citation)}' names no source. Write '<id>:<place>', such as 'label:page 3'.", *keys)
            return NOWHERE
        source = self.book.sources.get(match["id"])
        if source is None:
            self.problem(
                f"Source '{match['id']}' does not stand in {self.book.sources_in}; "
                f"{nearest(match['id'], self.book.sources)}.",
                *keys,
            )
            return NOWHERE
        return SourceReference(source.id, match["place"].strip(), source.title, source.where, status)

    # --- tables ------------------------------------------------------------------------------------------------------

    def section(self, key: str) -> Section:
        """Return a table that must be there."""
        value = self._take(key)
        found = Section(
            self.toml,
            self.book,
            (*self.path, key),
            value if isinstance(value, dict) else {},
            root=self._root,
            numbers=self._numbers,
        )
        if not isinstance(value, dict):
            self._wrong(key, value, "a table")
            found.broken = True
        return found

    def optional_section(self, key: str) -> Section | None:
        """Return a table, or None where the key is absent."""
        return self.section(key) if self._may_have(key) else None

    def sections(self, key: str, *, at_least: int = 0, own_numbers: bool = False) -> tuple[Section, ...]:
        """Return a list of tables; `own_numbers` starts each with its own root of numbers."""
        value = self._take(key) if self._may_have(key) else []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value) or len(value) < at_least:
            self._wrong(key, self.table.get(key), f"a list of tables, at least {at_least}")
            return ()
        return tuple(
            Section(self.toml, self.book, (*self.path, key, index), item)
            if own_numbers
            else Section(self.toml, self.book, (*self.path, key, index), item, root=self._root, numbers=self._numbers)
            for index, item in enumerate(value)
        )

    def raw(self, key: str) -> object:
        """Return a value as it stands, for a reader of its own; None where the key is absent."""
        return self._take(key)

    def done(self) -> None:
        """Note every key that nobody asked for, with the nearest known one."""
        for key in self.table:
            if key not in self._asked:
                self.problem(f"Key '{shorten(key)}' is not known here; {nearest(key, self._asked)}.", key)

    def _may_have(self, key: str) -> bool:
        """Tell whether an optional key stands here; it is a known one either way."""
        self._asked.add(key)
        return key in self.table

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        return self.table.get(key)

    def _wrong(self, key: str, value: object, accepted: str, *, quoted: bool = False) -> None:
        """Note what is accepted; `quoted` where the value would be right if it stood without quotes."""
        if value is None:
            self.problem(f"Key '{key}' is missing. Write {accepted}.", key)
        else:
            why = ": in quotes it is text. Drop the quotes" if quoted and isinstance(value, str) else ""
            self.problem(f"'{shorten(str(value))}' is not {accepted}{why}.", key)


NOWHERE = SourceReference("", "", "", "", Status.UNCONFIRMED)
"""Stands in for a source that could not be read; a part that holds it is never used."""


def _stand_in(dimension: str) -> Quantity:
    return Quantity(Decimal(1), next(name for name, unit in registry().units.items() if unit.dimension == dimension))
