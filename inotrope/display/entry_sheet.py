"""The dosing entries of a drug folder as a page shows them: one authority's dose for one use, with every number.

Knows in which order an entry is read: for whom, load, rates, cap, duration, kidney, and what must be known of it. What
an entry does not state is not shown as nothing: where no cap is sourced the page says so.
"""

from __future__ import annotations

from inotrope.display.sheet import Block, Lines, Paragraph, References, Section, Table, unsure
from inotrope.dosing import shown_time
from inotrope.drug import Entry, RateLoad, Sourced, Span
from inotrope.plan.authorities import NO_CAP, on_whose_label

_GROUPS = {"adult": "adults", "child": "children", "newborn": "newborns"}

Numbers = list[tuple[str, Sourced | None]]


def entry_sections(entry: Entry, references: References) -> tuple[Section, ...]:
    """Return the parts of a drug page about one dosing entry."""
    return (_dose(entry, references), _renal(entry, references))


def who(entry: Entry) -> str:
    """Say for whom an entry is, such as `children, below 6 years`."""
    parts = [] if entry.group is None else [_GROUPS[entry.group]]
    parts += _span(entry.age, "")
    parts += _span(entry.gestational_age, "born at ")
    parts += _span(entry.postmenstrual_age, "postmenstrual age ")
    return ", ".join(parts) or "every age"


def _span(span: Span, before: str) -> list[str]:
    words = (("from", span.minimum), ("to", span.maximum), ("below", span.below))
    said = " ".join(f"{word} {shown_time(limit)}" for word, limit in words if limit is not None)
    return [f"{before}{said}"] if said else []


def _dose(entry: Entry, references: References) -> Section:
    numbers = [
        (what, number) for what, number in (*_load(entry), *_rates(entry), *_limits(entry)) if number is not None
    ]
    lines = tuple(
        (what, f"{number.value}{unsure(number.source.status)}", references.bare((number.source,)), number.note)
        for what, number in numbers
    )
    label = on_whose_label(entry.authority) if entry.on_label else "off label"
    blocks: list[Block] = [
        Paragraph(f"{entry.authority}, {entry.indication}, {who(entry)}, {label}."),
        Table("Dose and limits", ("What", "Value", "Source", "Note"), lines),
    ]
    said = [] if entry.total_24_h is not None else [f"24 h cap: {NO_CAP}."]
    remarks = (*entry.remarks, *(() if entry.kidney is None else entry.kidney.practices))
    said += [f"{item.says}{unsure(item.source.status)} {references.bare((item.source,))}" for item in remarks]
    return Section("Dose", (*blocks, Lines(tuple(said), title="To know")) if said else tuple(blocks), loud=True)


def _load(entry: Entry) -> Numbers:
    load = entry.load
    if load is None:
        return []
    if isinstance(load, RateLoad):
        return [
            ("load, as a rate of the bag on the pump", load.rate),
            ("load, highest rate printed", load.rate_maximum),
            ("load for", load.duration),
        ]
    return [
        ("load", load.dose),
        ("load, highest printed", load.dose_maximum),
        ("load over", load.duration),
        ("load, shortest time printed", load.duration_minimum),
    ]


def _rates(entry: Entry) -> Numbers:
    rates = entry.maintenance
    found: Numbers = [("rate, minimum (start)", rates.minimum)]
    found.append(("rate, standard (a step of titration)", rates.standard))
    found += [("rate, a step of titration", step) for step in rates.printed[1:-1]]
    return [*found, ("rate, maximum", rates.maximum)]


def _limits(entry: Entry) -> Numbers:
    found: Numbers = []
    if entry.total_24_h is not None:
        total = entry.total_24_h
        found += [("24 h at the minimum, load included", total.minimum)]
        found += [("24 h at the standard, load included", total.standard)]
        found += [("24 h, not to be exceeded", total.maximum)]
    found += [
        ("controlled experience", entry.duration.controlled_experience),
        (entry.duration.up_to, entry.duration.longest),
    ]
    found += [("until the age of", entry.duration.until_age)]
    if entry.kidney is not None:
        found.append(("kidneys count as impaired below", entry.kidney.impaired_below))
    found.append(("use within, once diluted", entry.storage.diluted_life))
    return [*found, ("the same, in other countries", entry.storage.diluted_life_elsewhere)]


def _renal(entry: Entry, references: References) -> Section:
    renal = entry.renal
    if renal is None:
        return Section("Kidney", ())
    basis = "per 1.73 m2 of body surface" if renal.indexed else "not indexed"
    says = (
        f"A ceiling on start and titration, by {renal.measure}, {basis}: straight lines between the printed points, "
        f"from {renal.lower.value} to {renal.upper.value}. Below the lowest no rate is proposed."
    )
    points = tuple((str(item.clearance), str(item.rate), references.bare((item.source,))) for item in renal.points)
    return Section("Kidney", (Paragraph(says), Table("Printed points", ("Clearance", "Rate", "Source"), points)))
