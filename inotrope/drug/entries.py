"""Dosing entries: what an authority says may be given, to whom, how much and how fast.

Knows what an entry is and reads all entries of `dosing.toml`, each with what it takes from another (`inheriting.py`).
The tables stand in `entry_tables.py`. It does not compute a dose (`dosing/`), and whether the numbers fit together is
proved in `proofs.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.drug import numbers as kinds
from inotrope.drug import reading_tables as tables
from inotrope.drug.entry_tables import (
    Duration,
    ImpairedKidney,
    Load,
    Maintenance,
    Monitoring,
    NamedKidney,
    RateLoad,
    Remark,
    Renal,
    Rounding,
    Span,
    Storage,
    Titration,
    Total,
)
from inotrope.drug.inheriting import inherited
from inotrope.drug.numbers import Sourced
from inotrope.drug.reading import Book, Section
from inotrope.patient import AgeGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """One authority's dose for one indication and one group of patients.

    `numbers` holds every sourced number of the entry by its path, such as `maintenance.maximum`: what "@dosing:..."
    refers to, and those that only a rule reads (`weight.table_maximum`). Without a group it serves everybody.
    """

    id: str
    drug: str
    group: AgeGroup | None
    indication: str
    synonyms: tuple[str, ...]
    authority: str
    on_label: bool
    age: Span
    gestational_age: Span
    postmenstrual_age: Span
    load: Load | RateLoad | None
    maintenance: Maintenance
    total_24_h: Total | None
    duration: Duration
    titration: Titration
    renal: Renal | None
    kidney: ImpairedKidney | None
    storage: Storage
    rounding: Rounding
    named_kidneys: tuple[NamedKidney, ...]
    remarks: tuple[Remark, ...]
    numbers: dict[str, Sourced]


def read_entries(dosing: Section, book: Book) -> tuple[tuple[Entry, Section, bool], ...]:
    """Return the entries of `dosing.toml`, each with its table and whether it is sound; problems go into the book.

    One that is not sound still says which paths a rule may refer to.
    """
    found = []
    for section in inherited(dosing.sections("entry", at_least=1, own_numbers=True)):
        part = book.part()
        entry = _entry(section)
        section.done()
        found.append((entry, section, part.sound))
    return tuple(found)


def read_monitoring(dosing: Section) -> tuple[Monitoring, ...]:
    """Return what to watch; problems go into the book."""
    found = []
    for section in dosing.sections("monitoring"):
        found.append(
            Monitoring(section.text("what"), section.text("how_often"), section.text("why"), section.reference())
        )
        section.done()
    return tuple(found)


def _entry(section: Section) -> Entry:
    section.optional_text("like")
    section.texts("without")
    tables.read_further(section)
    return Entry(
        id=section.text("id"),
        drug=section.text("drug"),
        group=section.optional_choice("group", AgeGroup),
        indication=section.text("indication"),
        synonyms=section.texts("indication_synonyms"),
        authority=section.text("authority"),
        on_label=section.flag("on_label"),
        age=tables.read_span(section.optional_section("age"), kinds.AGE),
        gestational_age=tables.read_span(section.optional_section("gestational_age"), kinds.PREGNANCY),
        postmenstrual_age=tables.read_span(section.optional_section("postmenstrual_age"), kinds.PREGNANCY),
        load=tables.read_load(section.optional_section("load")),
        maintenance=tables.read_maintenance(section.section("maintenance")),
        total_24_h=tables.read_total(section.optional_section("total_24_h")),
        duration=tables.read_duration(section.optional_section("duration")),
        titration=tables.read_titration(section.section("titration")),
        renal=tables.read_renal(section.optional_section("renal")),
        kidney=tables.read_impaired(section.optional_section("kidney")),
        storage=tables.read_storage(section.section("storage")),
        rounding=tables.read_rounding(section.section("rounding")),
        named_kidneys=tables.read_named_kidneys(section),
        remarks=tables.read_remarks(section, "remark"),
        numbers=section.numbers,
    )
