"""The closed vocabulary: every condition, support, event, measurement and medicine that a case may name.

Knows names, synonyms, units, limits and their sources, as `library/vocabulary/` states them; a name is looked up
without regard to upper and lower case. It holds no name and no number of its own, and it judges no patient.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NoReturn

from inotrope.errors import InotropeError, LibraryError, nearest
from inotrope.files import Path_, Toml, read_bytes, read_toml
from inotrope.findings import SourceReference, Status
from inotrope.units import Quantity, find_unit, read_quantity, registry, round_half_up

FOLDER = Path(__file__).resolve().parents[1] / "library" / "vocabulary"

FILES = ("conditions.toml", "limits.toml", "measurements.toml", "medicines.toml", "sources.toml")

_NAMES_ONLY = frozenset({"name", "synonyms", "unit", "units", "loinc", "needs_of", "band"})


@dataclass(frozen=True, slots=True)
class Limit:
    """A quantity of the vocabulary with its source."""

    value: Quantity
    source: SourceReference
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio or a count of the vocabulary, which has no unit, with its source."""

    value: Decimal
    source: SourceReference
    note: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A LOINC code of a measurement; only a confirmed one is used to read a record."""

    code: str
    source: SourceReference


@dataclass(frozen=True, slots=True)
class Band:
    """A plausible range that holds from one age up to, not including, another.

    Attributes:
        age_from: Where it begins.
        age_to: Where it ends.
        plausible_minimum: The lower end of the range where the band begins.
        plausible_maximum: The upper one.
        minimum_at_end: The lower end where the band ends; between them lies a straight line. None: the same throughout.
        maximum_at_end: The upper one.
    """

    age_from: Quantity
    age_to: Quantity
    plausible_minimum: Limit
    plausible_maximum: Limit
    minimum_at_end: Limit | None = None
    maximum_at_end: Limit | None = None

    def range_at(self, age: Quantity) -> tuple[Quantity, Quantity]:
        """Return the lower and the upper end of the plausible range at an age inside the band, in the band's unit."""
        span = self.age_to.in_unit("year") - self.age_from.in_unit("year")
        share = (age.in_unit("year") - self.age_from.in_unit("year")) / span
        ends = ((self.plausible_minimum, self.minimum_at_end), (self.plausible_maximum, self.maximum_at_end))
        low, high = (_between(first.value, first.value if last is None else last.value, share) for first, last in ends)
        return low, high


def _between(first: Quantity, last: Quantity, share: Decimal) -> Quantity:
    """Return the value at a share of the way, to 6 decimals: an age in years is no finite decimal."""
    whole = last.in_unit(first.unit) - first.value
    return Quantity(round_half_up(first.value + whole * share, 6), first.unit)


@dataclass(frozen=True, slots=True)
class MeasurementKind:
    """What can be measured: its unit on screen, the units accepted, and its limits by the names of the file."""

    name: str
    unit: str
    units: tuple[str, ...]
    needs_of: bool
    limits: dict[str, Limit | Ratio]
    bands: tuple[Band, ...]
    loinc: tuple[Code, ...]

    def limit(self, key: str) -> Limit | None:
        """Return a limit such as `plausible_minimum` or `fresh_for`; None where the facts give none."""
        found = self.limits.get(key)
        return found if isinstance(found, Limit) else None

    @property
    def valence(self) -> int | None:
        """Charges per molecule, for mEq/L; None where there are none."""
        found = self.limits.get("valence")
        return int(found.value) if isinstance(found, Ratio) else None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, a support or an event: its name, which of the three it is, and what it means."""

    name: str
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine by its US generic name, with its class and the brands it is known by."""

    name: str
    class_: str
    brands: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """All names, each found by any of its spellings, and the limits that belong to no single measurement.

    `digest` names this state of the files; `wording` are the words of strength, form, route and frequency that may
    stand beside a medicine's name.
    """

    conditions: dict[str, dict[str, Condition]]
    measurements: dict[str, MeasurementKind]
    medicines: dict[str, Medicine]
    limits: dict[str, Limit | Ratio]
    sources: dict[str, dict[str, Any]] = field(repr=False)
    digest: str
    wording: frozenset[str] = frozenset()

    def measurement(self, name: str) -> MeasurementKind | None:
        """Return the kind of measurement that a name or synonym stands for."""
        return self.measurements.get(plain_name(name))

    def condition(self, name: str) -> Condition | None:
        """Return the condition that a name or synonym stands for."""
        return self.conditions["condition"].get(plain_name(name))

    def support(self, name: str) -> Condition | None:
        """Return the support (a machine) that a name or synonym stands for."""
        return self.conditions["support"].get(plain_name(name))

    def event(self, name: str) -> Condition | None:
        """Return the event that a name or synonym stands for."""
        return self.conditions["event"].get(plain_name(name))

    def medicine(self, name: str) -> Medicine | None:
        """Return the medicine that a generic name, synonym or brand stands for."""
        return self.medicines.get(plain_name(name))

    @cached_property
    def spellings(self) -> dict[str, frozenset[str]]:
        """Every spelling of a medicine, by its generic name, as names are compared."""
        found: dict[str, set[str]] = {}
        for spelling, medicine in self.medicines.items():
            found.setdefault(plain_name(medicine.name), set()).add(spelling)
        return {name: frozenset(known) for name, known in found.items()}

    @cached_property
    def longest_name(self) -> int:
        """The most words of a medicine's spelling."""
        return max(len(spelling.split()) for spelling in self.medicines)

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """The generic names of the medicines of each class, as names are compared."""
        found: dict[str, set[str]] = {}
        for medicine in self.medicines.values():
            found.setdefault(medicine.class_, set()).add(plain_name(medicine.name))
        return {class_: frozenset(names) for class_, names in found.items()}

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the canonical names of one kind: condition, support, event, measurement or medicine."""
        tables: dict[str, dict[str, Any]] = {
            **self.conditions,
            "measurement": self.measurements,
            "medicine": self.medicines,
        }
        return tuple(dict.fromkeys(entry.name for entry in tables[kind].values()))

    def limit(self, reference: str) -> Limit:
        """Return the limit that `kidney.creatinine_fresh` or `serum potassium.plausible_minimum` refers to.

        Raises:
            LibraryError: The vocabulary has no such limit, or it is a ratio.
        """
        found = self._find(reference)
        if not isinstance(found, Limit):
            raise LibraryError(f"'{reference}' is no limit of the vocabulary with a unit.", value=reference)
        return found

    def ratio(self, reference: str) -> Ratio:
        """Return the ratio that `kdigo.stage_1_ratio` refers to.

        Raises:
            LibraryError: The vocabulary has no such ratio, or it is a quantity.
        """
        found = self._find(reference)
        if not isinstance(found, Ratio):
            raise LibraryError(f"'{reference}' is no ratio of the vocabulary.", value=reference)
        return found

    def _find(self, reference: str) -> Limit | Ratio | None:
        if reference in self.limits:
            return self.limits[reference]
        name, _, key = reference.rpartition(".")
        kind = self.measurement(name)
        return None if kind is None else kind.limits.get(key)

    def cite(self, source: str, place: str, status: Status) -> SourceReference:
        """Return a reference to a source of the vocabulary's own table.

        Raises:
            LibraryError: The table has no such source.
        """
        entry = self.sources.get(source)
        if entry is None:
            says = f"Source '{source}' is not in sources.toml; {nearest(source, self.sources)}."
            raise LibraryError(says, value=source)
        return SourceReference(source, place, str(entry["title"]), str(entry["where"]), status)


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read once."""
    return read_vocabulary(FOLDER)


@lru_cache(maxsize=4096)  # a plan compares the same few names a thousand times
def plain_name(text: str) -> str:
    """Return a name in lower case with single blanks, as names are compared."""
    return " ".join(text.split()).casefold()


def read_vocabulary(folder: Path) -> Vocabulary:
    """Read and prove a vocabulary folder: units, sources, and no spelling that stands for two things.

    Raises:
        LibraryError: With file, line and key.
        FileError: A file is absent or is not TOML.
    """
    contents = [(name, read_bytes(folder / name)) for name in FILES]
    digest = hashlib.sha256(b"".join(name.encode() + b"\0" + content + b"\0" for name, content in contents)).hexdigest()
    conditions, limits, measurements, medicines, sources = (read_toml(content, name) for name, content in contents)
    wording = frozenset(word for listed in medicines.content["wording"].values() for word in listed)
    kinds: dict[str, dict[str, Condition]] = {"condition": {}, "support": {}, "event": {}}
    words = Vocabulary(kinds, {}, {}, {}, sources.content["source"], digest, wording)
    for index, entry in enumerate(conditions.content["condition"]):
        path: Path_ = ("condition", index)
        condition = Condition(entry["name"], entry["kind"], entry.get("says", ""))
        if condition.kind not in words.conditions:
            _fail(conditions, (*path, "kind"), f"Kind '{condition.kind}' is not condition, support or event.")
        _enter(words.conditions[condition.kind], condition, entry["synonyms"], conditions, path)
    for index, entry in enumerate(measurements.content["measurement"]):
        path = ("measurement", index)
        _enter(words.measurements, _kind(words, measurements, path, entry), entry["synonyms"], measurements, path)
    for index, entry in enumerate(medicines.content["medicine"]):
        medicine = Medicine(entry["name"], entry["class"], tuple(entry["brands"]))
        spellings = [*entry["synonyms"], *entry["brands"]]
        _enter(words.medicines, medicine, spellings, medicines, ("medicine", index))
    for table, entries in limits.content.items():
        for key, entry in entries.items():
            words.limits[f"{table}.{key}"] = _limit(words, limits, (table, key), entry)
    return words


def _enter(table: dict[str, Any], entry: Any, spellings: Iterable[str], file: Toml, path: Path_) -> None:
    for spelling in (entry.name, *spellings):
        if table.setdefault(plain_name(spelling), entry) is not entry:
            _fail(file, path, f"'{spelling}' stands for '{table[plain_name(spelling)].name}' and for '{entry.name}'.")


def _kind(words: Vocabulary, file: Toml, path: Path_, entry: dict[str, Any]) -> MeasurementKind:
    units = tuple(_unit_name(file, (*path, "units"), text) for text in entry["units"])
    bands = tuple(
        Band(
            _quantity(file, (*path, "band", index, "age_from"), band["age_from"]),
            _quantity(file, (*path, "band", index, "age_to"), band["age_to"]),
            _plain_limit(words, file, (*path, "band", index, "plausible_minimum"), band["plausible_minimum"]),
            _plain_limit(words, file, (*path, "band", index, "plausible_maximum"), band["plausible_maximum"]),
            *(
                _plain_limit(words, file, (*path, "band", index, key), band[key]) if key in band else None
                for key in ("minimum_at_end", "maximum_at_end")
            ),
        )
        for index, band in enumerate(entry.get("band", ()))
    )
    return MeasurementKind(
        name=entry["name"],
        unit=_unit_name(file, (*path, "unit"), entry["unit"]),
        units=units,
        needs_of=entry.get("needs_of", False),
        limits={key: _limit(words, file, (*path, key), entry[key]) for key in entry if key not in _NAMES_ONLY},
        bands=bands,
        loinc=tuple(Code(c["code"], _source(words, file, (*path, "loinc"), c)) for c in entry.get("loinc", ())),
    )


def _unit_name(file: Toml, path: Path_, text: str) -> str:
    found = find_unit(text)
    if found is None:
        _fail(file, path, f"'{text}' is not a unit of the closed list.")
    return found.name


def _limit(words: Vocabulary, file: Toml, path: Path_, entry: Any) -> Limit | Ratio:
    if not isinstance(entry, dict) or not {"value", "source", "status"} <= entry.keys():
        _fail(file, path, "A limit is written as { value, source, status }.")
    source, note, text = _source(words, file, path, entry), entry.get("note", ""), entry["value"]
    if text.replace(".", "", 1).isdecimal():
        return Ratio(Decimal(text), source, note)
    return Limit(_quantity(file, path, text), source, note)


def _plain_limit(words: Vocabulary, file: Toml, path: Path_, entry: Any) -> Limit:
    found = _limit(words, file, path, entry)
    if isinstance(found, Ratio):
        _fail(file, path, f"'{entry['value']}' has no unit.")
    return found


def _quantity(file: Toml, path: Path_, text: str) -> Quantity:
    every = tuple(dict.fromkeys(unit.dimension for unit in registry().units.values()))
    try:
        return read_quantity(text, what="Value", dimensions=every, positive=False)
    except InotropeError as problem:
        _fail(file, path, problem.says)


def _source(words: Vocabulary, file: Toml, path: Path_, entry: dict[str, Any]) -> SourceReference:
    source, _, place = entry["source"].partition(":")
    try:
        return words.cite(source, place, Status(entry["status"]))
    except ValueError as problem:
        _fail(file, path, getattr(problem, "says", f"Status '{entry['status']}' is not one of the four."))


def _fail(file: Toml, path: Path_, says: str) -> NoReturn:
    raise LibraryError(says, where=file.where(path))
