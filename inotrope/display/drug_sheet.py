"""A drug folder as a page for staff, with every number and its source.

Knows which parts of the folder they need. Every number comes from the data; the sentences around them hold
none. What nobody confirmed is marked wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Callable

from inotrope.display.entry_sheet import entry_sections
from inotrope.display.sheet import (
    Block,
    Lines,
    Paragraph,
    References,
    Row,
    Rows,
    Section,
    Sheet,
    Table,
    tenth,
    unsure,
)
from inotrope.drug import Counted, Drug, Sourced
from inotrope.plan import NOTICE
from inotrope.units import Quantity, plain_number

_TITLES = {
    "indications": "What it is for",
    "off_label_adults": "Outside the label, adults",
    "children": "Children",
    "elderly": "Older patients",
    "how_it_works": "How it works",
    "kinetics": "What the body does with it",
    "interactions": "Interactions",
    "label_interactions": "Interactions, label",
    "overdose": "Overdose",
    "oral_trial": "By mouth",
    "lines": "Other medicines at the same site",
}


def drug_sheet(drug: Drug, only: str | None = None) -> Sheet:
    """Return the drug page for staff: the whole, or one part of it with its sources.

    Args:
        drug: Its folder.
        only: A name of `PARTS`; None for all of them.
    """
    references = References()
    names = PARTS if only is None else (only,)
    sections = [section for name in names for section in PARTS[name](drug, references)]
    sections.append(references.section())
    return Sheet(
        title=f"{drug.name}: drug page" if only is None else f"{drug.name}: {only}",
        subtitle="for staff; every number comes from the drug folder",
        status=None,
        sections=tuple(section for section in sections if section.blocks),
        versions=(Row("drug folder", drug.digest),),
        notice=NOTICE,
    )


def _cell(number: Sourced | Counted, references: References) -> tuple[str, str]:
    value = number.value if isinstance(number.value, Quantity) else plain_number(number.value)
    return f"{value}{unsure(number.source.status)}", references.bare((number.source,))


def _identity(drug: Drug) -> Section:
    who = drug.identity
    rows = [Row("Is", who.description), Row("Class", who.class_), Row("Brands", ", ".join(who.brands) or "none listed")]
    mass = f"{who.molar_mass.value}{unsure(who.molar_mass.source.status)}"
    rows.append(Row("Base", f"{who.name}, {who.formula}, {mass}" if who.formula else f"{who.name}, {mass}"))
    if who.salt is not None:
        salt = f"{who.salt.name}, {who.salt.molar_mass.value}{unsure(who.salt.molar_mass.source.status)}"
        factor = plain_number(who.salt.factor.value)
        rows.append(Row("Salt", f"{salt}; {factor} times the base by mass. Every strength here is base."))
    codes = [f"{code.system} {code.code} ({code.of})" for code in drug.codes if code.usable]
    return Section("Identity", (Rows(tuple(rows)), Lines(tuple(codes), title="Confirmed codes")))


def _texts(drug: Drug, references: References) -> Section:
    rows = []
    for name, paragraph in drug.texts.items():
        sure = "".join(sorted({unsure(source.status) for source in paragraph.sources}))
        title = _TITLES.get(name, name.replace("_", " ").capitalize())
        rows.append(Row(title, f"{paragraph.text}{sure} {references.bare(paragraph.sources)}"))
    return Section("In words", (Rows(tuple(rows)),) if rows else ())


def _products(drug: Drug, references: References) -> Section:
    products = tuple(
        (
            item.name,
            f"{item.volume.value} at {item.strength.value}",
            ", ".join(item.use),
            references.bare((item.strength.source,)),
        )
        for item in drug.products
    )
    blocks: list[Block] = [Table("Products", ("Product", "Volume and strength", "For", "Source"), products)]
    vials = {item.kind: f"{drug.name} {item.kind} {item.strength.value}" for item in drug.products}
    made = tuple(
        (
            str(item.concentration.value),
            f"{item.drug_volume.value} of {vials[item.product_kind]} + {item.diluent_volume.value} diluent = "
            f"{item.total_volume.value} of {drug.name} {item.concentration.value}",
            ", ".join(item.diluents),
            references.bare((item.concentration.source,)),
        )
        for item in drug.preparations
    )
    if made:
        blocks.append(Table("Standard dilutions", ("Gives", "How", "Diluents", "Source"), made))
    syringes = tuple(
        (
            f"{item.amount.value} in {item.volume.value}",
            f"1 mL/h of {drug.name} made up so gives {item.delivers.value}",
            ", ".join(item.diluents),
            references.bare((item.amount.source,)),
        )
        for item in drug.syringes
    )
    if syringes:
        head = ("Holds", "What it gives", "Diluents", "Source")
        blocks.append(Table("Syringes by body weight, for children and newborns", head, syringes))
    return Section("Products and dilutions", tuple(blocks))


def _lines(drug: Drug, references: References) -> Section:
    rows = tuple(
        (
            f"{item.name}: {'may share' if item.compatible else 'keep apart'}",
            f"{item.what_happens}{unsure(item.source.status)}",
            references.bare((item.source,)),
        )
        for item in drug.lines
    )
    head = ("With", "What happens", "Source")
    return Section("In the same line", (Table("Medicines in the same line", head, rows),) if rows else ())


def _keeping(drug: Drug, references: References) -> Section:
    blocks: list[Block] = []
    for word, forms in (("Storage", drug.storage), ("Composition", drug.composition)):
        for form, keeping in forms.items():
            numbers = keeping.numbers.items()
            rows = tuple((key.replace("_", " "), *_cell(number, references), number.note) for key, number in numbers)
            blocks += [Paragraph(f"{word}, {form}: {keeping.text}")] if keeping.text else []
            if rows:
                blocks.append(Table(f"{word}, {form}", ("What", "Value", "Source", "Note"), rows))
    return Section("Storage and composition", tuple(blocks))


def _rules(drug: Drug, references: References) -> Section:
    rows = tuple(
        (
            f"{item.title} ({item.id})",
            str(item.severity),
            f"{item.advice}{unsure(item.status)}",
            references.bare(item.sources),
        )
        for item in drug.rules
    )
    return Section("Safety rules", (Table("Rules of this folder", ("Rule", "Weight", "What to do", "Source"), rows),))


def _adverse(drug: Drug, references: References) -> Section:
    rows = []
    for item in drug.adverse:
        often = "not known" if item.frequency is None else tenth(item.frequency.value)
        name = f"{item.name}, part of {item.part_of}" if item.part_of else item.name
        sources = item.sources if item.frequency is None else (item.frequency.source, *item.sources)
        sure = "".join(sorted({unsure(source.status) for source in item.sources}))
        context = "; ".join([item.context, *(_trial(trial.name, trial.arms) for trial in item.trials)]).removeprefix(
            "; "
        )
        rows.append((name, often, f"{context}{sure}", references.bare(sources)))
    head = ("Effect", "Of patients", "Seen in", "Source")
    return Section("Adverse effects", (Table("Adverse effects", head, tuple(rows)),) if rows else ())


def _trial(name: str, arms: dict[str, Sourced]) -> str:
    return f"{name}: " + ", ".join(f"{number.value} with {arm.replace('_', ' ')}" for arm, number in arms.items())


def _monitoring(drug: Drug, references: References) -> Section:
    rows = tuple(
        (item.what, item.how_often + unsure(item.source.status), item.why, references.bare((item.source,)))
        for item in drug.monitoring
    )
    return Section(
        "Monitoring", (Table("What to watch", ("What", "How often", "Why", "Source"), rows),) if rows else ()
    )


def _doses(drug: Drug, references: References) -> tuple[Section, ...]:
    return tuple(section for entry in drug.entries for section in entry_sections(entry, references))


PARTS: dict[str, Callable[[Drug, References], tuple[Section, ...]]] = {
    "identity": lambda drug, _: (_identity(drug),),
    "words": lambda drug, references: (_texts(drug, references),),
    "doses": _doses,
    "products": lambda drug, references: (_products(drug, references),),
    "lines": lambda drug, references: (_lines(drug, references),),
    "storage": lambda drug, references: (_keeping(drug, references),),
    "rules": lambda drug, references: (_rules(drug, references),),
    "adverse": lambda drug, references: (_adverse(drug, references),),
    "monitoring": lambda drug, references: (_monitoring(drug, references),),
}
"""The parts of the page by the name that a person asks for, in their order."""
