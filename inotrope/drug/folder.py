"""Reads one drug folder whole, and proves its form, dimensions, ranges, sources and references.

Knows which files make a drug and in which order they need each other. It runs no worked case (`plan/`) and reads no
model (`population/`). A folder is either sound, and then a `Drug` comes out, or its problems do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from inotrope.drug.causes import Cause, read_causes
from inotrope.drug.conditions import FactCompares, FactIs, HadEvent, MeasurementCompares, OnSupport, walk
from inotrope.drug.entries import Entry, read_monitoring
from inotrope.drug.entry_tables import Monitoring, NamedKidney
from inotrope.drug.identity import (
    Adverse,
    Code,
    Identity,
    Keeping,
    LinePartner,
    Paragraph,
    Product,
    StandardPreparation,
    WeightSyringe,
    read_adverse,
    read_codes,
    read_identity,
    read_keeping,
    read_lines,
    read_texts,
)
from inotrope.drug.judged import JudgedMedicines, event_windows, judged_medicines
from inotrope.drug.levels import StudiedRange, read_studied_ranges
from inotrope.drug.numbers import Counted, Source, Sourced
from inotrope.drug.opening import open_file, raise_first, read_beside, same_drug
from inotrope.drug.proved_parts import proved_entries, proved_products, proved_syringes
from inotrope.drug.questions import Question, read_questions
from inotrope.drug.reading import Book, Problem, Section
from inotrope.drug.references import References
from inotrope.drug.rules import Rule, read_rules
from inotrope.drug.site import SiteBag
from inotrope.drug.source_table import read_sources
from inotrope.errors import LibraryError, RequestError, nearest, shorten
from inotrope.files import read_bytes
from inotrope.findings import Shown
from inotrope.patient.vocabulary import plain_name
from inotrope.units import Quantity

LIBRARY = Path(__file__).resolve().parents[1] / "library"
"""Where the shipped drugs lie, one folder each."""

_NEEDED = ("sources.toml", "drug.toml", "dosing.toml", "safety.toml")
_ADVERSE = "adverse.toml"
_QUESTIONS = "questions.toml"
_LEVELS = "levels.toml"
_MORE_RULES = "safety"
"""A folder of further files of rules, which follow `safety.toml` in the order of their names."""
_Read = TypeVar("_Read")


@dataclass(frozen=True)  # without slots: what is read only when asked for is kept in the instance
class Drug:
    """One sound drug folder.

    Attributes:
        name: The name that the vocabulary and every case use.
        folder: Where it was read.
        identity: Names and molar mass.
        codes: Codes of public lists; only those that are `usable` serve to look anything up.
        products: What the pharmacy has.
        preparations: Standard dilutions.
        syringes: Syringes made up by body weight, for children and newborns.
        entries: What may be given, to whom.
        named_kidneys: Kidney functions shown as examples, of all entries.
        rules: Safety rules, in the order of the file.
        monitoring: What to watch.
        strengths: The strengths a real concentration can have, by key.
        lines: What other medicines do in the same line.
        storage: By form.
        composition: By form.
        texts: Paragraphs for the drug page, by name.
        sources: The source table.
        references: What "@..." stands for.
        causes: Which rules speak of one cause, so that one alert is given for it.
        site_bags: The only bags that a site offers; empty for all standard ones.
        site_bags_only: Whether another concentration is worth a warning at this site.
    """

    name: str
    folder: Path
    identity: Identity
    codes: tuple[Code, ...]
    products: tuple[Product, ...]
    preparations: tuple[StandardPreparation, ...]
    syringes: tuple[WeightSyringe, ...]
    entries: tuple[Entry, ...]
    named_kidneys: tuple[NamedKidney, ...]
    rules: tuple[Rule, ...]
    monitoring: tuple[Monitoring, ...]
    strengths: dict[str, Sourced]
    lines: tuple[LinePartner, ...]
    storage: dict[str, Keeping]
    composition: dict[str, Keeping]
    texts: dict[str, Paragraph]
    sources: dict[str, Source]
    references: References = field(repr=False)
    causes: tuple[Cause, ...] = ()
    site_bags: tuple[SiteBag, ...] = ()
    site_bags_only: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 over names and contents of all files of the folder, in the order of their names."""
        whole = hashlib.sha256()
        for path in sorted(item for item in self.folder.rglob("*") if item.is_file()):
            content = read_bytes(path)
            whole.update(f"{path.relative_to(self.folder).as_posix()}\0{len(content)}\0".encode())
            whole.update(content)
        return whole.hexdigest()

    @cached_property
    def entries_by_indication(self) -> dict[str, tuple[Entry, ...]]:
        """The entries of each use, in the order of the file, by every name of the use as names are compared."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for name in dict.fromkeys(map(plain_name, (entry.indication, *entry.synonyms))):
                found.setdefault(name, []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    @cached_property
    def rules_before_a_dose(self) -> tuple[Rule, ...]:
        """The rules of a plan that need no computed dose; what only answers a question is none of a plan."""
        return tuple(rule for rule in self.rules if not rule.needs_dose and rule.shown is not Shown.ANSWER)

    @cached_property
    def rules_of_a_dose(self) -> tuple[Rule, ...]:
        """The rules that can be judged only once a dose is computed."""
        return tuple(rule for rule in self.rules if rule.needs_dose)

    @cached_property
    def adverse(self) -> tuple[Adverse, ...]:
        """Adverse effects; read when first asked for. Raises `LibraryError` where `adverse.toml` is not sound."""
        return self._beside(_ADVERSE, _adverse_reader(self.rules))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Questions asked often; read when asked for. Raises `LibraryError` where `questions.toml` is not sound."""
        return self._beside(_QUESTIONS, read_questions)

    @cached_property
    def studied_ranges(self) -> tuple[StudiedRange, ...]:
        """Levels that were studied; read when asked for. Raises `LibraryError` where `levels.toml` is not sound."""
        return self._beside(_LEVELS, read_studied_ranges)

    def _beside(self, file: str, read: Callable[[Section], tuple[_Read, ...]]) -> tuple[_Read, ...]:
        book = Book(sources=dict(self.sources))
        found = read_beside(self.folder, file, book, self.name, read)
        raise_first(book)
        return found

    @cached_property
    def judged_events(self) -> frozenset[str]:
        """The events that some rule reads."""
        return frozenset(leaf.name for rule in self.rules for leaf in walk(rule.when) if isinstance(leaf, HadEvent))

    @cached_property
    def event_windows(self) -> dict[str, Quantity | None]:
        """How far back the widest rule looks that reads an event; None for at any time. By the event's name."""
        return event_windows(self.rules, self.references)

    @cached_property
    def judged_support(self) -> frozenset[str]:
        """The machines that some rule reads."""
        return frozenset(leaf.name for rule in self.rules for leaf in walk(rule.when) if isinstance(leaf, OnSupport))

    @cached_property
    def judged_measurements(self) -> frozenset[str]:
        """The measurements that some rule reads, levels of a drug left out."""
        leaves = (leaf for rule in self.rules for leaf in walk(rule.when))
        return frozenset(leaf.name for leaf in leaves if isinstance(leaf, MeasurementCompares) and leaf.of is None)

    @cached_property
    def judged_levels(self) -> frozenset[tuple[str, str]]:
        """The levels that some rule reads: what is measured, and of which drug."""
        leaves = (leaf for rule in self.rules for leaf in walk(rule.when))
        return frozenset((leaf.name, leaf.of) for leaf in leaves if isinstance(leaf, MeasurementCompares) and leaf.of)

    @cached_property
    def judged_facts(self) -> frozenset[str]:
        """The computed facts that some rule reads."""
        leaves = (leaf for rule in self.rules for leaf in walk(rule.when))
        return frozenset(leaf.fact for leaf in leaves if isinstance(leaf, FactIs | FactCompares))

    @cached_property
    def judged_medicines(self) -> JudgedMedicines:
        """The medicines that some rule reads, by what it asks about them."""
        standard = (name for preparation in self.preparations for name in preparation.diluents)
        return judged_medicines(self.rules, standard)

    def rule(self, id_: str) -> Rule:
        """Return a rule by its id.

        Raises:
            RequestError: No rule has that id.
        """
        for rule in self.rules:
            if rule.id == id_:
                return rule
        known = nearest(id_, (rule.id for rule in self.rules))
        says = f"'{shorten(id_)}' is no rule of {self.name}; {known}."
        raise RequestError(f"{says} 'inotrope drug show {self.name} --section rules' lists them.", value=id_)

    def limit(self, reference: str, entry: Entry | None) -> Sourced:
        """Return the quantity behind a reference such as "@dosing:maintenance.maximum".

        Args:
            reference: "@dosing:<path>", "@drug:strengths.<key>" or "@vocabulary:<name>.<key>".
            entry: The dosing entry in use; a cap belongs to its entry.

        Raises:
            LibraryError: Nothing stands there, or a plain number without a unit.
        """
        found = self.references.find(reference, entry)
        if isinstance(found, Sourced):
            return found
        what = "a number without a unit" if isinstance(found, Counted) else "nothing"
        raise LibraryError(f"'{shorten(reference)}' stands for {what} in {self.name}.", value=reference)


@cache
def list_drugs() -> tuple[str, ...]:
    """Return the names of the shipped drugs."""
    return tuple(sorted(path.parent.name for path in LIBRARY.glob("*/drug.toml")))


def load_drug(name_or_folder: str | Path) -> Drug:
    """Return a drug by its name, or from a folder.

    Args:
        name_or_folder: The name of a shipped drug; or a folder, as a `Path` and never as text: a case names its drug,
            and must not be able to choose its own rules.

    Raises:
        RequestError: No shipped drug has that name; the nearest are named.
        LibraryError: The folder is not sound; the first problem is named with file, line and key.
    """
    if isinstance(name_or_folder, Path):
        return _load(name_or_folder)
    name = " ".join(name_or_folder.lower().split())
    if name not in list_drugs():
        raise RequestError(
            f"'{shorten(name_or_folder)}' is not a drug of this program; {nearest(name, list_drugs())}.",
            value=name_or_folder,
            accepted=", ".join(list_drugs()),
        )
    return _load_shipped(name)


def check_drug_folder(folder: Path) -> tuple[Problem, ...]:
    """Return every problem of a drug folder, each with file, line and key; none when it is sound."""
    book = Book()
    drug = _read(folder, book)
    if drug is not None:
        read_beside(folder, _ADVERSE, book, drug.name, _adverse_reader(drug.rules))
        read_beside(folder, _QUESTIONS, book, drug.name, read_questions)
        read_beside(folder, _LEVELS, book, drug.name, read_studied_ranges)
    return tuple(book.problems)


@cache
def _load_shipped(name: str) -> Drug:
    return _load(LIBRARY / name)


def _load(folder: Path) -> Drug:
    book = Book()
    drug = _read(folder, book)
    raise_first(book)
    assert drug is not None  # a folder without a problem gives a drug
    return drug


def _read(folder: Path, book: Book) -> Drug | None:
    opened = {name: open_file(folder, name, book) for name in _NEEDED}
    files = {name: section for name, section in opened.items() if section is not None}
    if len(files) < len(_NEEDED):
        return None
    names = sorted(f"{_MORE_RULES}/{path.name}" for path in (folder / _MORE_RULES).glob("*.toml"))
    more = tuple(section for name in names if (section := open_file(folder, name, book)) is not None)
    book.sources.update(read_sources(files["sources.toml"]))
    return _Reading(folder, files, more, book).drug()


def _adverse_reader(rules: tuple[Rule, ...]) -> Callable[[Section], tuple[Adverse, ...]]:
    return lambda section: read_adverse(section, frozenset(rule.id for rule in rules))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a folder whose files are TOML."""

    folder: Path
    files: dict[str, Section]
    more_rules: tuple[Section, ...]
    book: Book

    def drug(self) -> Drug:
        drug, dosing, safety = (self.files[name] for name in _NEEDED[1:])
        identity = read_identity(drug)
        products, preparations, strengths = proved_products(drug, self.book)
        entries = proved_entries(dosing, products, self.book)
        for section in (dosing, safety, *dosing.sections("entry")):
            same_drug(section, identity.name)
        references = References(entries, drug.numbers)
        part = self.book.part()
        rules = read_rules((safety, *self.more_rules), self.book, references)
        causes = read_causes(safety, rules if part.sound else ())
        found = Drug(
            name=identity.name,
            folder=self.folder,
            identity=identity,
            codes=read_codes(drug),
            products=products,
            preparations=preparations,
            syringes=proved_syringes(drug),
            entries=entries,
            named_kidneys=tuple(dict.fromkeys(kidney for entry in entries for kidney in entry.named_kidneys)),
            rules=rules,
            monitoring=read_monitoring(dosing),
            strengths=strengths,
            lines=read_lines(drug),
            storage=read_keeping(drug, "storage"),
            composition=read_keeping(drug, "composition"),
            texts=read_texts(drug),
            sources=self.book.sources,
            references=references,
            causes=causes,
        )
        for section in (drug, dosing, safety, *self.more_rules):
            section.done()
        return found
