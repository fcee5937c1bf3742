"""Codes and words of a record to the names of the vocabulary.

Knows `library/vocabulary/codes.toml`, the LOINC codes of the measurements and the codes of the drugs of the library.
A confirmed code stands for its name; an unconfirmed one only where the words beside it say the same. It judges no
patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from inotrope.drug import list_drugs, load_drug
from inotrope.fhir.reading.plain import each, table, words
from inotrope.files import read_bytes, read_toml
from inotrope.findings import Status
from inotrope.patient.vocabulary import FOLDER, MeasurementKind, plain_name, vocabulary
from inotrope.units import Quantity, find_unit, read_quantity

KINDS = ("condition", "support", "event", "medicine", "indication", "severity", "no allergy")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code stands for.

    Attributes:
        kind: Condition, support, event, medicine, indication, severity or no allergy.
        name: The vocabulary's name.
        graded: Whether the severity must be said beside it.
        confirmed: Whether it may stand alone.
    """

    kind: str
    name: str
    graded: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class BodyUnit:
    """A unit of a body's weight or height: the unit it is told in, and the exact factor to it."""

    of: str
    unit: str
    factor: Decimal
    spellings: frozenset[str]


@dataclass(frozen=True)
class Codes:
    """All codes, by system and code."""

    systems: dict[str, str]
    meanings: dict[tuple[str, str], tuple[Meaning, ...]]
    graded: dict[str, str]
    no_allergy: frozenset[str]
    body_units: dict[tuple[str, str], BodyUnit]
    ucum_alike: dict[str, str]
    loinc: dict[str, tuple[MeasurementKind, int, bool]]
    weight_compared_within: Quantity
    same_within: Quantity
    estimated: frozenset[str]
    ended_machine_forgotten_after: Quantity


@dataclass(frozen=True, slots=True)
class Concept:
    """What a CodeableConcept says.

    Attributes:
        names: What its codes and words name, of the kind asked for; more than one where they disagree.
        graded: Of these, which need their severity.
        doubtful: What an unconfirmed code may stand for, where no word beside it says so.
        shown: Its words, else its first code.
        contradictory: Whether codes and words name different things.
    """

    names: tuple[str, ...]
    graded: frozenset[str]
    doubtful: tuple[str, ...]
    shown: str
    contradictory: bool

    @property
    def name(self) -> str | None:
        """The one name, or None."""
        return self.names[0] if len(self.names) == 1 else None


@cache
def codes() -> Codes:
    """Return the codes, read once."""
    document = read_toml(read_bytes(FOLDER / "codes.toml"), "codes.toml").content
    meanings: dict[tuple[str, str], list[Meaning]] = {}
    for entry in document["code"]:
        meaning = Meaning(entry["kind"], entry["name"], entry.get("graded", False), entry["status"] == Status.CONFIRMED)
        meanings.setdefault((entry["system"], entry["code"]), []).append(meaning)
    for drug in list_drugs():
        for code in load_drug(drug).codes:
            meaning = Meaning("medicine", drug, False, code.usable)
            meanings.setdefault((code.system, code.code), []).append(meaning)
    loinc: dict[str, tuple[MeasurementKind, int, bool]] = {}
    for kind in {kind.name: kind for kind in vocabulary().measurements.values()}.values():
        for rank, item in enumerate(kind.loinc):
            loinc[item.code] = (kind, rank, item.source.status is Status.CONFIRMED)
    return Codes(
        systems=dict(document["systems"]),
        meanings={key: tuple(found) for key, found in meanings.items()},
        graded={plain_name(word): entry["name"] for entry in document["graded"] for word in entry["words"]},
        no_allergy=frozenset(map(plain_name, document["no_allergy"]["words"])),
        body_units={
            (entry["of"], entry["code"]): BodyUnit(
                entry["of"], entry["unit"], Decimal(entry["factor"]), frozenset(entry["spellings"])
            )
            for entry in document["ucum"]
        },
        ucum_alike={code: _unit_name(name) for code, name in document["ucum_alike"].items()},
        loinc=loinc,
        weight_compared_within=_judged(document, "weight_compared_within", "time"),
        same_within=_judged(document, "same_within", "fraction"),
        estimated=frozenset(document["reading"]["estimated"]),
        ended_machine_forgotten_after=_judged(document, "ended_machine_forgotten_after", "time"),
    )


def _unit_name(text: str) -> str:
    found = find_unit(text)
    assert found is not None  # codes.toml names units of the closed list; the tests prove it
    return found.name


def _judged(document: Mapping[str, Any], key: str, dimension: str) -> Quantity:
    return read_quantity(document["reading"][key]["value"], what=key, dimensions=(dimension,))


def codings(concept: object) -> Iterator[tuple[str, str, str]]:
    """Yield system (its short name, or as written), code and display of each coding."""
    for coding in each(table(concept).get("coding")):
        system = words(coding.get("system"))
        yield codes().systems.get(system, system), words(coding.get("code")), words(coding.get("display"))


def texts(concept: object) -> tuple[str, ...]:
    """Return the text and the displays of a concept, the text first."""
    found = (words(table(concept).get("text")), *(display for _, _, display in codings(concept)))
    return tuple(dict.fromkeys(filter(None, found)))


def shown(concept: object) -> str:
    """Return how a concept is called: its text, else a display, else its first code."""
    return next(iter((*texts(concept), *(code for _, code, _ in codings(concept) if code))), "without a name")


def read_concept(concept: object, kind: str, by_words: Callable[[str], str | None]) -> Concept:
    """Return what a concept names.

    Args:
        concept: A CodeableConcept, of any shape.
        kind: What is looked for: one of `KINDS`.
        by_words: What a text names, or None.
    """
    said = {name for text in texts(concept) if (name := by_words(text)) is not None}
    coded: dict[str, Meaning] = {}
    doubtful: list[str] = []
    for system, code, _ in codings(concept):
        for meaning in codes().meanings.get((system, code), ()):
            if meaning.kind != kind:
                continue
            if meaning.confirmed or meaning.name in said:
                coded.setdefault(meaning.name, meaning)
            else:
                doubtful.append(meaning.name)
    names = tuple(dict.fromkeys((*coded, *sorted(said))))
    graded = frozenset(name for name, meaning in coded.items() if meaning.graded and name not in said)
    return Concept(
        names=names,
        graded=graded,
        doubtful=tuple(dict.fromkeys(name for name in doubtful if name not in names)),
        shown=shown(concept),
        contradictory=bool(coded) and bool(said) and not (said & coded.keys()),
    )
