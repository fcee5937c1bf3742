"""What a drug is and what the pharmacy has of it: names, codes, products, dilutions, lines, texts, adverse effects.

Knows the form of `drug.toml` and `adverse.toml`. It does not know doses (`entries.py`). Codes that nobody confirmed are
read and kept, and stand apart, so that nothing is looked up by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inotrope.drug import numbers as kinds
from inotrope.drug.numbers import Counted, Sourced
from inotrope.drug.reading import Section
from inotrope.drug.references import is_known, known_names
from inotrope.errors import nearest, shorten
from inotrope.findings import SourceReference, Status
from inotrope.patient import AgeGroup, vocabulary


@dataclass(frozen=True, slots=True)
class Salt:
    """The salt in the vial; a label's strength is base unless it says otherwise."""

    name: str
    factor: Counted
    molar_mass: Sourced


@dataclass(frozen=True, slots=True)
class Identity:
    """Names and molar mass."""

    name: str
    class_: str
    description: str
    brands: tuple[str, ...]
    synonyms: tuple[str, ...]
    formula: str
    molar_mass: Sourced
    salt: Salt | None


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a public list, and what exactly it stands for."""

    system: str
    code: str
    of: str
    source: SourceReference
    note: str

    @property
    def usable(self) -> bool:
        """Tell whether somebody confirmed it."""
        return self.source.status is Status.CONFIRMED


class ProductKind(StrEnum):
    """How a product comes: ready to infuse, or to be diluted."""

    PREMIX = "premix"
    VIAL = "vial"


@dataclass(frozen=True, slots=True)
class Product:
    """A bag or vial of the pharmacy; strength as base."""

    id: str
    kind: ProductKind
    name: str
    strength: Sourced
    volume: Sourced
    use: tuple[str, ...]
    rxnorm: str


@dataclass(frozen=True, slots=True)
class StandardPreparation:
    """A standard dilution."""

    id: str
    product_kind: ProductKind
    drug_volume: Sourced
    diluent_volume: Sourced
    total_volume: Sourced
    concentration: Sourced
    diluents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightSyringe:
    """A syringe made up by body weight, so that a flow means the same rate in every patient: `delivers` at 1 mL/h."""

    id: str
    amount: Sourced
    volume: Sourced
    delivers: Sourced
    diluents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinePartner:
    """What another medicine does in the same line."""

    name: str
    compatible: bool
    what_happens: str
    source: SourceReference


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A short text for the drug page, with its sources."""

    text: str
    sources: tuple[SourceReference, ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Storage or composition of one form: a sentence, and numbers by name."""

    text: str
    numbers: dict[str, Sourced | Counted]


class AdverseGroup(StrEnum):
    """How an adverse effect is listed for families."""

    COMMON = "common"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class AdverseTrial:
    """The frequency of an adverse effect in the arms of one trial, by the arm's name."""

    name: str
    arms: dict[str, Sourced]


@dataclass(frozen=True, slots=True)
class Adverse:
    """One adverse effect; `part_of` names the wider effect that already counts it, `rules` those that watch for it.

    `ages` names whose effect it is; empty where it is everybody's.
    """

    name: str
    plain: str
    group: AdverseGroup
    part_of: str
    frequency: Sourced | None
    trials: tuple[AdverseTrial, ...]
    context: str
    ages: tuple[AgeGroup, ...]
    rules: tuple[str, ...]
    sources: tuple[SourceReference, ...]


def read_identity(drug: Section) -> Identity:
    """Return the table [identity]; problems go into the book."""
    section = drug.section("identity")
    salt = None
    inner = section.optional_section("salt")
    if inner is not None:
        salt = Salt(inner.text("name"), inner.counted("factor"), inner.sourced("molar_mass", kinds.MOLAR_MASS))
        inner.done()
    identity = Identity(
        name=section.text("name"),
        class_=section.text("class_"),
        description=section.text("description"),
        brands=section.texts("brands"),
        synonyms=section.texts("synonyms"),
        formula=section.optional_text("formula"),
        molar_mass=section.sourced("molar_mass", kinds.MOLAR_MASS),
        salt=salt,
    )
    section.done()
    _prove_medicine(section, "name", identity.name)
    medicine = vocabulary().medicine(identity.name)
    if medicine is not None and medicine.class_ != identity.class_:
        section.problem(
            f"'{shorten(identity.class_)}' is not the class of the vocabulary, '{medicine.class_}'.", "class_"
        )
    return identity


def read_codes(drug: Section) -> tuple[Code, ...]:
    """Return all codes; problems go into the book."""
    found = []
    for row in drug.sections("code"):
        found.append(
            Code(row.text("system"), row.text("code"), row.text("of"), row.reference(), row.optional_text("note"))
        )
        row.done()
    return tuple(found)


def read_products(drug: Section) -> tuple[tuple[Product, Section], ...]:
    """Return the sound products, each with its table for later proofs; problems go into the book."""
    found = []
    for row in drug.sections("product", at_least=1, own_numbers=True):
        part = row.book.part()
        product = Product(
            id=row.text("id"),
            kind=row.choice("kind", ProductKind),
            name=row.text("name"),
            strength=row.sourced("strength", kinds.STRENGTH),
            volume=row.sourced("volume", kinds.PRODUCT_VOLUME),
            use=row.texts("use"),
            rxnorm=row.optional_text("rxnorm"),
        )
        row.done()
        if part.sound:
            found.append((product, row))
    return tuple(found)


def read_preparations(drug: Section) -> tuple[tuple[StandardPreparation, Section], ...]:
    """Return the sound standard dilutions, each with its table; problems go into the book."""
    found = []
    for row in drug.sections("preparation", own_numbers=True):
        part = row.book.part()
        preparation = StandardPreparation(
            id=row.text("id"),
            product_kind=row.choice("product_kind", ProductKind),
            drug_volume=row.sourced("drug_volume", kinds.PRODUCT_VOLUME),
            diluent_volume=row.sourced("diluent_volume", kinds.PRODUCT_VOLUME),
            total_volume=row.sourced("total_volume", kinds.PRODUCT_VOLUME),
            concentration=row.sourced("concentration", kinds.STRENGTH),
            diluents=row.texts("diluents"),
        )
        row.done()
        if part.sound:
            found.append((preparation, row))
    return tuple(found)


def read_syringes(drug: Section) -> tuple[tuple[WeightSyringe, Section], ...]:
    """Return the sound syringes made up by body weight, each with its table; problems go into the book."""
    found = []
    for row in drug.sections("syringe", own_numbers=True):
        part = row.book.part()
        syringe = WeightSyringe(
            id=row.text("id"),
            amount=row.sourced("amount", kinds.TOTAL),
            volume=row.sourced("volume", kinds.PRODUCT_VOLUME),
            delivers=row.sourced("delivers", kinds.RATE),
            diluents=row.texts("diluents"),
        )
        row.done()
        if part.sound:
            found.append((syringe, row))
    return tuple(found)


def read_strengths(drug: Section) -> dict[str, Sourced]:
    """Return the table [strengths] by key, `lowest` and `highest` at least; problems go into the book."""
    section = drug.section("strengths")
    keys = dict.fromkeys(("lowest", "highest", *section.table))
    weak = {"lowest_newborn": kinds.NEWBORN_STRENGTH}
    return {key: section.sourced(key, weak.get(key, kinds.STRENGTH)) for key in keys}


def read_lines(drug: Section) -> tuple[LinePartner, ...]:
    """Return what was said about other medicines in the same line; problems go into the book."""
    found = []
    for row in drug.sections("line"):
        found.append(LinePartner(row.text("with"), row.flag("compatible"), row.text("what_happens"), row.reference()))
        _prove_medicine(row, "with", found[-1].name)
        row.done()
    return tuple(found)


def read_keeping(drug: Section, key: str) -> dict[str, Keeping]:
    """Return the forms below [storage] or [composition], whose numbers may have any name; problems go into the book."""
    section = drug.optional_section(key)
    found: dict[str, Keeping] = {}
    if section is not None:
        for form in section.table:
            inner = section.section(form)
            words = inner.optional_text("text")
            found[form] = Keeping(
                words, {name: inner.number_of_any_kind(name) for name in inner.table if name != "text"}
            )
    return found


def read_texts(drug: Section) -> dict[str, Paragraph]:
    """Return the paragraphs below [text] by name; problems go into the book."""
    section = drug.optional_section("text")
    found: dict[str, Paragraph] = {}
    if section is not None:
        for name in section.table:
            inner = section.section(name)
            found[name] = Paragraph(inner.text("text"), inner.references())
            inner.done()
    return found


def read_adverse(adverse: Section, rules: frozenset[str]) -> tuple[Adverse, ...]:
    """Return the adverse effects of `adverse.toml`, which name rules of the same folder; problems go into the book."""
    found = []
    for row in adverse.sections("effect"):
        trials = []
        for trial in row.sections("trial"):
            arms = {arm: trial.sourced(arm, kinds.SHARE) for arm in trial.table if arm != "name"}
            trials.append(AdverseTrial(trial.text("name"), arms))
        found.append(
            Adverse(
                name=row.text("name"),
                plain=row.text("plain"),
                group=row.choice("group", AdverseGroup),
                part_of=row.optional_text("part_of"),
                frequency=row.optional_sourced("frequency", kinds.SHARE),
                trials=tuple(trials),
                context=row.optional_text("context"),
                ages=_ages(row),
                rules=row.texts("rules"),
                sources=row.references(),
            )
        )
        for index, name in enumerate(found[-1].rules):
            if name not in rules:
                row.problem(f"'{shorten(name)}' is no rule of this drug; {nearest(name, rules)}.", "rules", index)
        row.done()
    return tuple(found)


def _ages(row: Section) -> tuple[AgeGroup, ...]:
    found = []
    for index, written in enumerate(row.texts("ages")):
        if written in tuple(AgeGroup):
            found.append(AgeGroup(written))
        else:
            row.problem(f"'{shorten(written)}' is no group of patients; {nearest(written, AgeGroup)}.", "ages", index)
    return tuple(found)


def _prove_medicine(section: Section, key: str, name: str) -> None:
    if name and not is_known("medicine", name):
        near = nearest(name, known_names("medicine"))
        section.problem(f"Medicine '{shorten(name)}' is not in the vocabulary; {near}.", key)
