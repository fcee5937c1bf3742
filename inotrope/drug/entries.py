"""Dosing entries: what an authority says may be given, to whom, how much and how fast.

Knows the form of `dosing.toml` and every field of it. It does not compute a dose (`dosing/`), and whether the numbers
fit together is proved in `proofs.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.drug import numbers as kinds
from inotrope.drug.numbers import Counted, Sourced
from inotrope.drug.reading import Book, Section
from inotrope.findings import SourceReference
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class Load:
    """The loading dose, and how its volume is measured and diluted."""

    dose: Sourced
    duration: Sourced
    product_kind: str
    strength: Sourced
    volume_step: Sourced
    overshoot: Sourced
    dilute_to_minimum: Sourced
    dilute_to_maximum: Sourced


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The maintenance rates, per body weight."""

    minimum: Sourced
    standard: Sourced
    maximum: Sourced


@dataclass(frozen=True, slots=True)
class Total:
    """What 24 h at each maintenance rate amount to, loading dose included, per body weight."""

    minimum: Sourced
    standard: Sourced
    maximum: Sourced


@dataclass(frozen=True, slots=True)
class Duration:
    """For how long there is controlled experience."""

    controlled_experience: Sourced


@dataclass(frozen=True, slots=True)
class Titration:
    """When a change of rate can be judged: on pressure after `interval`, on a level after so many half-lives."""

    interval: Sourced
    level_half_lives: Counted
    half_life: Sourced


@dataclass(frozen=True, slots=True)
class RenalPoint:
    """One printed row of the renal table."""

    clearance: Quantity
    rate: Quantity
    source: SourceReference


@dataclass(frozen=True, slots=True)
class Renal:
    """The renal table: printed points, valid from `lower` to `upper`, per 1.73 m2 when `indexed`."""

    measure: str
    indexed: bool
    lower: Sourced
    upper: Sourced
    points: tuple[RenalPoint, ...]


@dataclass(frozen=True, slots=True)
class Storage:
    """How long a diluted preparation may be used; elsewhere, where regional texts differ."""

    diluted_life: Sourced
    diluted_life_elsewhere: Sourced | None


@dataclass(frozen=True, slots=True)
class Rounding:
    """The pump's usual step, and the error of the delivered dose that is worth a warning."""

    pump_step: Sourced
    error_warning: Sourced


@dataclass(frozen=True, slots=True)
class NamedKidney:
    """A kidney function shown as an example when none is known; never an estimate of the patient's."""

    name: str
    clearance: Sourced


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What to watch, how often and why."""

    what: str
    how_often: str
    why: str
    source: SourceReference


@dataclass(frozen=True, slots=True)
class Entry:
    """One authority's dose for one indication and one group of patients.

    `numbers` holds every sourced number of the entry by its path, such as `maintenance.maximum`: what "@dosing:..."
    refers to, and those that only a rule reads (`weight.table_maximum`).
    """

    id: str
    drug: str
    indication: str
    synonyms: tuple[str, ...]
    authority: str
    on_label: bool
    age_minimum: Sourced | None
    age_maximum: Sourced | None
    load: Load | None
    maintenance: Maintenance
    total_24_h: Total | None
    duration: Duration
    titration: Titration
    renal: Renal | None
    storage: Storage
    rounding: Rounding
    named_kidneys: tuple[NamedKidney, ...]
    numbers: dict[str, Sourced]


# Tables of an entry that only rules read, by their path.
_FURTHER = {
    "weight": {"table_minimum": kinds.WEIGHT, "table_maximum": kinds.WEIGHT},
    "electrolytes": {"potassium_correct_first": kinds.ELECTROLYTE},
    "pressure": {"mean_arterial": kinds.PRESSURE, "systolic": kinds.PRESSURE},
}


def read_entries(dosing: Section, book: Book) -> tuple[tuple[Entry, Section, bool], ...]:
    """Return the entries of `dosing.toml`, each with its table and whether it is sound; problems go into the book.

    One that is not sound still says which paths a rule may refer to.
    """
    found = []
    for section in dosing.sections("entry", at_least=1, own_numbers=True):
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
    age = section.optional_section("age")
    age_minimum = None if age is None else age.optional_sourced("minimum", kinds.AGE)
    age_maximum = None if age is None else age.optional_sourced("maximum", kinds.AGE)
    if age is not None:
        age.done()
    _further(section)
    return Entry(
        id=section.text("id"),
        drug=section.text("drug"),
        indication=section.text("indication"),
        synonyms=section.texts("indication_synonyms"),
        authority=section.text("authority"),
        on_label=section.flag("on_label"),
        age_minimum=age_minimum,
        age_maximum=age_maximum,
        load=_load(section.optional_section("load")),
        maintenance=_maintenance(section.section("maintenance")),
        total_24_h=_total(section.optional_section("total_24_h")),
        duration=_duration(section.section("duration")),
        titration=_titration(section.section("titration")),
        renal=_renal(section.optional_section("renal")),
        storage=_storage(section.section("storage")),
        rounding=_rounding(section.section("rounding")),
        named_kidneys=_named_kidneys(section),
        numbers=section.numbers,
    )


def _further(section: Section) -> None:
    for name, keys in _FURTHER.items():
        table = section.optional_section(name)
        if table is not None:
            for key, kind in keys.items():
                table.optional_sourced(key, kind)
            table.done()


def _load(section: Section | None) -> Load | None:
    if section is None:
        return None
    load = Load(
        dose=section.sourced("dose", kinds.LOAD),
        duration=section.sourced("duration", kinds.SHORT_TIME),
        product_kind=section.text("product_kind"),
        strength=section.sourced("strength", kinds.STRENGTH),
        volume_step=section.sourced("volume_step", kinds.SYRINGE_STEP),
        overshoot=section.sourced("overshoot", kinds.SHARE),
        dilute_to_minimum=section.sourced("dilute_to_minimum", kinds.PRODUCT_VOLUME),
        dilute_to_maximum=section.sourced("dilute_to_maximum", kinds.PRODUCT_VOLUME),
    )
    section.done()
    return load


def _maintenance(section: Section) -> Maintenance:
    maintenance = Maintenance(
        minimum=section.sourced("minimum", kinds.RATE),
        standard=section.sourced("standard", kinds.RATE),
        maximum=section.sourced("maximum", kinds.RATE),
    )
    section.done()
    return maintenance


def _total(section: Section | None) -> Total | None:
    if section is None:
        return None
    total = Total(
        minimum=section.sourced("minimum", kinds.TOTAL),
        standard=section.sourced("standard", kinds.TOTAL),
        maximum=section.sourced("maximum", kinds.TOTAL),
    )
    section.done()
    return total


def _duration(section: Section) -> Duration:
    duration = Duration(controlled_experience=section.sourced("controlled_experience", kinds.DAYS))
    section.done()
    return duration


def _titration(section: Section) -> Titration:
    titration = Titration(
        interval=section.sourced("interval", kinds.SHORT_TIME),
        level_half_lives=section.counted("level_half_lives"),
        half_life=section.sourced("half_life", kinds.HALF_LIFE),
    )
    section.done()
    return titration


def _renal(section: Section | None) -> Renal | None:
    if section is None:
        return None
    points = []
    for row in section.sections("point", at_least=2):
        points.append(
            RenalPoint(row.quantity("clearance", kinds.CLEARANCE), row.quantity("rate", kinds.RATE), row.reference())
        )
        row.done()
    renal = Renal(
        measure=section.text("measure"),
        indexed=section.flag("indexed"),
        lower=section.sourced("lower", kinds.CLEARANCE),
        upper=section.sourced("upper", kinds.CLEARANCE),
        points=tuple(points),
    )
    section.done()
    return renal


def _storage(section: Section) -> Storage:
    storage = Storage(
        diluted_life=section.sourced("diluted_life", kinds.DAYS),
        diluted_life_elsewhere=section.optional_sourced("diluted_life_elsewhere", kinds.DAYS),
    )
    section.done()
    return storage


def _rounding(section: Section) -> Rounding:
    rounding = Rounding(
        pump_step=section.sourced("pump_step", kinds.PUMP_STEP),
        error_warning=section.sourced("error_warning", kinds.SHARE),
    )
    section.done()
    return rounding


def _named_kidneys(section: Section) -> tuple[NamedKidney, ...]:
    found = []
    for row in section.sections("named_kidney"):
        name, clearance = row.text("name"), row.quantity("clearance", kinds.CLEARANCE)
        found.append(NamedKidney(name, Sourced(clearance, row.reference(), row.optional_text("note"))))
        row.done()
    return tuple(found)
