"""A site's own names of medicines, added for one plan to what the rules read.

Knows that a name may be added and never removed or given another class. The vocabulary itself stays as it is: a rule
that asks for a class asks, at this site, for the site's medicines of that class as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from inotrope.drug.conditions import All, Any_, Condition, Not, TakesClass, TakesMedicine
from inotrope.drug.reading import Book
from inotrope.drug.references import known_classes
from inotrope.drug.rules import Rule
from inotrope.drug.site import Site, SiteMedicine
from inotrope.errors import nearest, shorten
from inotrope.patient import vocabulary
from inotrope.patient.vocabulary import plain_name


@dataclass(frozen=True, slots=True)
class Formulary:
    """The site's names.

    Attributes:
        names: The medicine's name by each of its spellings, in lower case.
        classes: Medicines that the vocabulary does not know, by class.
    """

    names: Mapping[str, str]
    classes: Mapping[str, tuple[str, ...]]


def prove_formulary(site: Site, drug: str, book: Book) -> Formulary:
    """Return the names that may be added; what would remove or reclassify a known one goes into the book."""
    names: dict[str, str] = {}
    classes: dict[str, tuple[str, ...]] = {}
    for medicine in site.formulary:
        says = _trouble(medicine, drug, names)
        if says:
            book.note(medicine.where, says)
            continue
        known = vocabulary().medicine(medicine.name)
        name = medicine.name if known is None else known.name
        names |= {plain_name(text): name for text in (medicine.name, *medicine.synonyms)}
        if known is None:
            classes[medicine.class_] = (*classes.get(medicine.class_, ()), name)
    return Formulary(names, classes)


def _trouble(medicine: SiteMedicine, drug: str, taken: Mapping[str, str]) -> str:
    if medicine.class_ not in known_classes():
        return f"'{shorten(medicine.class_)}' is no class of medicines; {nearest(medicine.class_, known_classes())}."
    known = vocabulary().medicine(medicine.name)
    if known is not None and known.name == drug:
        return f"'{shorten(medicine.name)}' is the drug of the plan itself, which gets no further name."
    if known is not None and known.class_ != medicine.class_:
        return (
            f"'{shorten(medicine.name)}' is {known.name} in the vocabulary, of class '{known.class_}'. A site adds "
            "names and gives none another class."
        )
    for text in (medicine.name, *medicine.synonyms):
        other = vocabulary().medicine(text)
        if other is not None and (known is None or other.name != known.name):
            return f"'{shorten(text)}' already stands for {other.name} in the vocabulary. Leave it out."
        if plain_name(text) in taken:
            return f"'{shorten(text)}' stands twice in the formulary."
    return ""


def with_formulary(rule: Rule, formulary: Formulary) -> Rule:
    """Return a rule that asks for the site's medicines wherever it asks for their class."""
    if not formulary.classes:
        return rule
    return replace(rule, when=_with(rule.when, formulary))


def _with(condition: Condition, formulary: Formulary) -> Condition:
    if isinstance(condition, All):
        return All(tuple(_with(part, formulary) for part in condition.parts))
    if isinstance(condition, Any_):
        return Any_(tuple(_with(part, formulary) for part in condition.parts))
    if isinstance(condition, Not):
        return Not(_with(condition.part, formulary))
    if isinstance(condition, TakesClass) and condition.class_ in formulary.classes:
        more = (TakesMedicine(name) for name in formulary.classes[condition.class_])
        return Any_((condition, *more))
    return condition
