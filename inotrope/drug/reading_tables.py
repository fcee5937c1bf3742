"""Reads the tables of a dosing entry, one function per table.

Knows which keys each table has and what each number may be. Whether numbers fit together is proved in `proofs.py`.
"""

from __future__ import annotations

from inotrope.drug import numbers as kinds
from inotrope.drug.entry_tables import (
    Duration,
    ImpairedKidney,
    Load,
    Maintenance,
    NamedKidney,
    RateLoad,
    Remark,
    Renal,
    RenalPoint,
    Rounding,
    Span,
    Storage,
    Titration,
    Total,
)
from inotrope.drug.numbers import Kind, Sourced
from inotrope.drug.reading import Section

# Tables of an entry that only rules read, by their path.
_FURTHER = {
    "weight": {"table_minimum": kinds.WEIGHT, "table_maximum": kinds.WEIGHT},
    "electrolytes": {"potassium_correct_first": kinds.ELECTROLYTE},
    "pressure": {"mean_arterial": kinds.PRESSURE, "systolic": kinds.PRESSURE},
    "history": {"largest_dose": kinds.LOAD},
}


def read_further(section: Section) -> None:
    """Read the tables of an entry that only rules refer to; they stand in its numbers."""
    for name, keys in _FURTHER.items():
        table = section.optional_section(name)
        if table is not None:
            for key, kind in keys.items():
                table.optional_sourced(key, kind)
            table.done()


def read_span(section: Section | None, kind: Kind) -> Span:
    """Return a span of ages; without its table it is open on both sides."""
    if section is None:
        return Span()
    span = Span(
        minimum=section.optional_sourced("minimum", kind),
        maximum=section.optional_sourced("maximum", kind),
        below=section.optional_sourced("below", kind),
    )
    section.done()
    return span


def read_load(section: Section | None) -> Load | RateLoad | None:
    """Return the load: by rate where the table states a rate, else drawn up from a product."""
    if section is None:
        return None
    load: Load | RateLoad
    if section.has("rate"):
        load = RateLoad(
            rate=section.sourced("rate", kinds.RATE),
            rate_maximum=section.optional_sourced("rate_maximum", kinds.RATE),
            duration=section.sourced("duration", kinds.SHORT_TIME),
        )
    else:
        load = Load(
            dose=section.sourced("dose", kinds.LOAD),
            dose_maximum=section.optional_sourced("dose_maximum", kinds.LOAD),
            duration=section.sourced("duration", kinds.SHORT_TIME),
            duration_minimum=section.optional_sourced("duration_minimum", kinds.SHORT_TIME),
            product_kind=section.text("product_kind"),
            strength=section.sourced("strength", kinds.STRENGTH),
            volume_step=section.sourced("volume_step", kinds.SYRINGE_STEP),
            overshoot=section.sourced("overshoot", kinds.SHARE),
            dilute_to_minimum=section.optional_sourced("dilute_to_minimum", kinds.PRODUCT_VOLUME),
            dilute_to_maximum=section.optional_sourced("dilute_to_maximum", kinds.PRODUCT_VOLUME),
            undiluted_least=section.optional_sourced("undiluted_least", kinds.PRODUCT_VOLUME),
        )
    section.done()
    return load


def read_maintenance(section: Section) -> Maintenance:
    """Return the rates; no entry is without a minimum and a maximum."""
    maintenance = Maintenance(
        minimum=section.sourced("minimum", kinds.RATE),
        standard=section.optional_sourced("standard", kinds.RATE),
        maximum=section.sourced("maximum", kinds.RATE),
        printed=tuple(_step(row) for row in section.sections("step")),
    )
    section.done()
    return maintenance


def _step(row: Section) -> Sourced:
    step = Sourced(row.quantity("rate", kinds.RATE), row.reference(), row.optional_text("note"))
    row.done()
    return step


def read_total(section: Section | None) -> Total | None:
    """Return the totals of 24 h and the cap; None where no cap is sourced."""
    if section is None:
        return None
    total = Total(
        minimum=section.optional_sourced("minimum", kinds.TOTAL),
        standard=section.optional_sourced("standard", kinds.TOTAL),
        maximum=section.sourced("maximum", kinds.TOTAL),
    )
    section.done()
    return total


def read_duration(section: Section | None) -> Duration:
    """Return how long it may run; where the table is absent, no source says."""
    if section is None:
        return Duration(None)
    duration = Duration(
        controlled_experience=section.optional_sourced("controlled_experience", kinds.DAYS),
        longest=section.optional_sourced("longest", kinds.DAYS),
        until_age=section.optional_sourced("until_age", kinds.AGE),
        usual=section.has("usual") and section.flag("usual"),
    )
    section.done()
    return duration


def read_titration(section: Section) -> Titration:
    """Return when a change of rate can be judged."""
    titration = Titration(
        interval=section.sourced("interval", kinds.SHORT_TIME),
        level_half_lives=section.counted("level_half_lives"),
        watch_half_lives=section.counted("watch_half_lives"),
        half_life=section.sourced("half_life", kinds.HALF_LIFE),
    )
    section.done()
    return titration


def read_renal(section: Section | None) -> Renal | None:
    """Return the renal table, or None where the authority prints none."""
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


def read_impaired(section: Section | None) -> ImpairedKidney | None:
    """Return where kidneys count as impaired, with the practices side by side."""
    if section is None:
        return None
    kidney = ImpairedKidney(section.sourced("impaired_below", kinds.CLEARANCE), read_remarks(section, "practice"))
    section.done()
    return kidney


def read_remarks(section: Section, key: str) -> tuple[Remark, ...]:
    """Return the sentences of an array of tables, each with its source."""
    found = []
    for row in section.sections(key):
        found.append(Remark(row.text("says"), row.reference()))
        row.done()
    return tuple(found)


def read_storage(section: Section) -> Storage:
    """Return how long a diluted preparation may be used."""
    storage = Storage(
        diluted_life=section.sourced("diluted_life", kinds.DAYS),
        diluted_life_elsewhere=section.optional_sourced("diluted_life_elsewhere", kinds.DAYS),
    )
    section.done()
    return storage


def read_rounding(section: Section) -> Rounding:
    """Return the pump's usual step and the error worth a warning."""
    rounding = Rounding(
        pump_step=section.sourced("pump_step", kinds.PUMP_STEP),
        error_warning=section.sourced("error_warning", kinds.SHARE),
    )
    section.done()
    return rounding


def read_named_kidneys(section: Section) -> tuple[NamedKidney, ...]:
    """Return the kidney functions that are shown as examples."""
    found = []
    for row in section.sections("named_kidney"):
        name, clearance = row.text("name"), row.quantity("clearance", kinds.CLEARANCE)
        found.append(NamedKidney(name, Sourced(clearance, row.reference(), row.optional_text("note"))))
        row.done()
    return tuple(found)
