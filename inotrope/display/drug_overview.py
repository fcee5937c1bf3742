"""A drug on two screens: what it is, its strengths, whose dose for whom within which limits, how many rules watch it.

Knows what a pharmacist looks up first, and how the rest is asked for. Every number comes from the folder; a number that
nobody confirmed makes its line say so. It leaves out notes, sources and reasons: `drug_sheet` has them.
"""

from __future__ import annotations

from inotrope.display.drug_sheet import PARTS
from inotrope.display.entry_sheet import who
from inotrope.display.sheet import Lines, Paragraph, Row, Rows, Section, Sheet, unsure
from inotrope.drug import Drug, Entry
from inotrope.findings import Severity, Status
from inotrope.plan import NOTICE
from inotrope.plan.authorities import in_short


def drug_overview(drug: Drug) -> Sheet:
    """Return the overview of a drug for staff."""
    return Sheet(
        title=f"{drug.name}: overview",
        subtitle="for staff",
        status=None,
        sections=(_identity(drug), _strengths(drug), _doses(drug), _watched(drug), _more(drug)),
        versions=(Row("drug folder", drug.digest),),
        notice=NOTICE,
    )


def _identity(drug: Drug) -> Section:
    who_is = drug.identity
    rows = [Row("Is", who_is.description), Row("Class", who_is.class_), Row("Brands", ", ".join(who_is.brands))]
    if who_is.salt is not None:
        rows.append(Row("Strengths", f"{who_is.name} base, never {who_is.salt.name}"))
    rows += [Row(code.system, code.code) for code in drug.codes if code.usable and code.system == "ATC"]
    return Section("Identity", (Rows(tuple(row for row in rows if row.text)),))


def _strengths(drug: Drug) -> Section:
    kinds = dict.fromkeys((item.kind, item.strength.value) for item in drug.products)
    rows = []
    for kind, strength in kinds:
        same = [item for item in drug.products if (item.kind, item.strength.value) == (kind, strength)]
        sizes = ", ".join(str(item.volume.value) for item in same)
        rows.append(Row(f"{kind} {strength}", f"{sizes}; for {', '.join(same[0].use)}"))
    made = [
        f"{item.drug_volume.value} + {item.diluent_volume.value} diluent = {item.total_volume.value} of "
        f"{item.concentration.value}"
        for item in drug.preparations
    ]
    rows += [
        Row("Diluted", f"{text} ({item.product_kind})") for text, item in zip(made, drug.preparations, strict=True)
    ]
    syringes = [
        f"{item.amount.value} in {item.volume.value}: 1 mL/h gives {item.delivers.value}" for item in drug.syringes
    ]
    rows += [Row("Syringe", text) for text in syringes]
    apart = [item.name for item in drug.lines if not item.compatible]
    if apart:
        rows.append(Row("Not in its line", ", ".join(apart)))
    return Section("Strengths", (Rows(tuple(rows)),))


def _doses(drug: Drug) -> Section:
    uses: dict[str, list[str]] = {}
    for entry in drug.entries:
        uses.setdefault(entry.indication, []).append(_dose(entry))
    blocks = tuple(Lines(tuple(lines), title=use) for use, lines in uses.items())
    return Section("Doses and limits", blocks, loud=True)


def _dose(entry: Entry) -> str:
    """Say an entry in one line, and that a number of it is a choice of ours or was never confirmed."""
    numbers = (entry.numbers.get(path) for path in ("load.dose", "maintenance.minimum", "maintenance.maximum"))
    found = {number.source.status for number in numbers if number is not None}
    least = next((status for status in (Status.UNCONFIRMED, Status.JUDGEMENT) if status in found), Status.CONFIRMED)
    return f"{who(entry)}, {entry.authority}: {in_short(entry)}{unsure(least)}"


def _watched(drug: Drug) -> Section:
    rows = []
    for severity in Severity:
        rules = [rule for rule in drug.rules if rule.severity is severity]
        aside = sum(rule.override for rule in rules)
        may = f", of which {aside} may be set aside with a reason" if aside else ""
        rows.append(Row(severity.value, f"{len(rules)} rules{may}"))
    tables = {entry.renal: entry.authority for entry in reversed(drug.entries) if entry.renal is not None}
    for renal, whose in reversed(tables.items()):
        low, high = renal.points[0], renal.points[-1]
        says = f"{whose}: a ceiling from {low.rate} at {low.clearance} to {high.rate} at {high.clearance}"
        rows.append(Row("Kidney", says))
    rows.append(Row("To watch", ", ".join(dict.fromkeys(item.what for item in drug.monitoring))))
    return Section("Watched by", (Rows(tuple(rows)),))


def _more(drug: Drug) -> Section:
    show = f"inotrope drug show {drug.name}"
    return Section(
        "More",
        (
            Paragraph(f"One part, with its sources: {show} --section NAME, where NAME is one of {', '.join(PARTS)}."),
            Paragraph(f"The whole, with every note and source: {show} --full. One patient: inotrope plan CASE."),
        ),
    )
