"""Which medicine a resource speaks of, and how strong it is.

Knows a CodeableConcept, a Reference and a contained Medication, and that a diluent is an ingredient too. A strength is
derived from the one ingredient that is the medicine; a salt's strength is no strength of the base. It guesses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inotrope.drug import list_drugs, load_drug
from inotrope.fhir.reading.codes import Concept, codes, codings, read_concept, shown, texts
from inotrope.fhir.reading.plain import each, table
from inotrope.fhir.reading.quantities import read_strength
from inotrope.fhir.reading.record import Kind
from inotrope.fhir.reading.resources import Record, Resource
from inotrope.patient.medicine_names import name_medicine
from inotrope.patient.vocabulary import plain_name, vocabulary
from inotrope.units import Quantity

DEEPEST = 5
"""Medications within Medications: a bag, its additive, and what that is made of."""


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine of the record.

    Attributes:
        name: By the vocabulary's name, else as written; empty where it cannot be told.
        known: Whether the vocabulary knows it.
        concentration: Of the base, where the record says one.
        kind: Why it cannot be told.
        says: The same in words, or a remark.
    """

    name: str
    known: bool
    concentration: Quantity | None = None
    kind: Kind | None = None
    says: str = ""


def read_medicine_of(resource: Resource, record: Record) -> Medicine:
    """Return the medicine that a request or an administration speaks of."""
    content = resource.content
    concept = content.get("medicationCodeableConcept")
    if isinstance(concept, dict):
        return _named(concept)
    reference = content.get("medicationReference")
    if not isinstance(reference, dict):
        return Medicine("", False, kind=Kind.UNREADABLE, says="It names no medicine.")
    medication = record.find(reference, content)
    if medication is None:
        return Medicine("", False, kind=Kind.UNREADABLE, says="The Medication that it refers to was not sent.")
    return _of(medication, content, record, 0)


def _of(medication: Mapping[str, Any], within: Mapping[str, Any], record: Record, depth: int) -> Medicine:
    """Return what a Medication is: by its own code, else by its only active ingredient."""
    ingredients = [item for item in each(medication.get("ingredient")) if item.get("isActive") is not False]
    if isinstance(medication.get("code"), dict):
        found = _named(medication["code"])
        strengths = [_strength(item, found.name) for item in ingredients]
        return _with_strength(found, [strength for strength in strengths if strength is not None])
    if depth < DEEPEST and len(ingredients) == 1:
        item = ingredients[0]
        if isinstance(item.get("itemCodeableConcept"), dict):
            found = _named(item["itemCodeableConcept"])
            strength = _strength(item, found.name)
            return _with_strength(found, [] if strength is None else [strength])
        inner = record.find(item.get("itemReference"), within)
        if inner is not None:
            return _of(inner, within, record, depth + 1)
    return Medicine("", False, kind=Kind.UNREADABLE, says="The Medication that it refers to says not what it is.")


def _named(concept: Mapping[str, Any]) -> Medicine:
    found: Concept = read_concept(concept, "medicine", _by_words)
    if found.contradictory or len(found.names) > 1:
        says = f"Code and words name different medicines: {', '.join(found.names)}."
        return Medicine("", False, kind=Kind.CODE_CONTRADICTS_NAME, says=says)
    if found.name is not None:
        return Medicine(found.name, True)
    written = next(iter(texts(concept)), "")
    if written:
        return Medicine(written, False)
    doubtful = " or ".join(found.doubtful)
    says = (
        f"Its code may stand for {doubtful}, which nobody confirmed." if doubtful else f"'{shown(concept)}' is unknown."
    )
    return Medicine("", False, kind=Kind.UNCONFIRMED_CODE if doubtful else Kind.UNKNOWN_CODE, says=says)


def _by_words(text: str) -> str | None:
    named = name_medicine(text, vocabulary())
    return named.name if named.known else None


@dataclass(frozen=True, slots=True)
class _Strength:
    value: Quantity
    salt: bool


def _strength(ingredient: Mapping[str, Any], name: str) -> _Strength | None:
    """Return the strength of an ingredient that is the medicine itself; None for a diluent."""
    concept = ingredient.get("itemCodeableConcept")
    value = read_strength(ingredient.get("strength"))
    if value is None or _named(table(concept)).name != name:
        return None
    return _Strength(value, _is_salt(concept))


def _is_salt(concept: object) -> bool:
    """Tell whether an ingredient is called by the salt of a drug of the library and by no code of the base."""
    if any(
        meaning.kind == "medicine" and meaning.confirmed
        for system, code, _ in codings(concept)
        for meaning in codes().meanings.get((system, code), ())
    ):
        return False
    salts = {plain_name(salt.name) for name in list_drugs() if (salt := load_drug(name).identity.salt) is not None}
    return any(plain_name(text) in salts for text in texts(concept))


def _with_strength(found: Medicine, strengths: list[_Strength]) -> Medicine:
    if not strengths:
        return found
    values = {strength.value for strength in strengths}
    if len(values) > 1:
        says = f"Two strengths are told: {' and '.join(sorted(map(str, values)))}."
        return Medicine(found.name, found.known, kind=Kind.NO_CONCENTRATION, says=says)
    strength = strengths[0]
    if strength.salt:
        says = (
            f"The strength {strength.value} is said of the salt. Whether it counts salt or base is not told, so it is "
            "not used."
        )
        return Medicine(found.name, found.known, kind=Kind.NO_CONCENTRATION, says=says)
    return Medicine(found.name, found.known, strength.value)
