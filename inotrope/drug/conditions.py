"""Conditions of safety rules: a closed list of questions, and how they are written.

Knows the tree and which limit a comparison names. It does not answer any question: `safety/` does, with three-valued
logic. Names are proved against the vocabulary when the folder is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from inotrope.drug.fact_forms import FACTS
from inotrope.drug.reading import NOWHERE, Section
from inotrope.drug.references import (
    Limit,
    References,
    dimension_of,
    is_known,
    known_classes,
    known_names,
    measured_in,
    needs_of,
)
from inotrope.errors import nearest, shorten

DEEPEST = 8
"""Levels of a condition; the deepest rule so far has three."""


class Comparison(StrEnum):
    """How a value is held against its limit."""

    ABOVE = "above"
    AT_OR_ABOVE = "at_or_above"
    BELOW = "below"
    AT_OR_BELOW = "at_or_below"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class HasCondition:
    """The case's table of conditions says present."""

    name: str


@dataclass(frozen=True, slots=True)
class TakesMedicine:
    """The medicine is given."""

    name: str


@dataclass(frozen=True, slots=True)
class TakesClass:
    """A medicine of the class is given, other than those in `exclude`."""

    class_: str
    exclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllergicTo:
    """An allergy to the medicine is recorded."""

    name: str


@dataclass(frozen=True, slots=True)
class SharesLine:
    """The medicine runs in the same line."""

    name: str


@dataclass(frozen=True, slots=True)
class HadEvent:
    """The event is recorded; where `within_reference` stands, not longer ago than that."""

    name: str
    within_reference: str | None = None


@dataclass(frozen=True, slots=True)
class OnSupport:
    """The machine supports the patient now, or did until less than `within_reference` ago."""

    name: str
    within_reference: str | None = None


@dataclass(frozen=True, slots=True)
class DilutedIn:
    """The preparation's diluent is this one."""

    name: str


@dataclass(frozen=True, slots=True)
class SexIs:
    """The patient's sex is this one."""

    sex: str


@dataclass(frozen=True, slots=True)
class FactCompares:
    """A computed fact holds against a limit."""

    fact: str
    comparison: Comparison
    limit_reference: str


@dataclass(frozen=True, slots=True)
class FactIs:
    """A computed fact that is itself true, false or unknown."""

    fact: str


@dataclass(frozen=True, slots=True)
class MeasurementCompares:
    """The newest measurement, not older than `within_reference`, against a limit; `of` names the drug of a level."""

    name: str
    within_reference: str | None
    comparison: Comparison
    limit_reference: str
    of: str | None = None


Condition: TypeAlias = (
    All
    | Any_
    | Not
    | HasCondition
    | TakesMedicine
    | TakesClass
    | AllergicTo
    | SharesLine
    | HadEvent
    | OnSupport
    | DilutedIn
    | SexIs
    | FactCompares
    | FactIs
    | MeasurementCompares
)


_SEXES = ("female", "male")
_NAMED: dict[str, Callable[[str], Condition]] = {
    "condition": HasCondition,
    "medicine": TakesMedicine,
    "allergy": AllergicTo,
    "line": SharesLine,
    "diluent": DilutedIn,
}
_KINDS = {"allergy": "medicine", "line": "medicine", "diluent": "medicine"}
_HEADS = ("all", "any", "not", "sex", "medicine_class", "fact", "measurement", "event", "support", *_NAMED)


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and all its parts, from the outside in, in the order written."""
    yield condition
    if isinstance(condition, All | Any_):
        for part in condition.parts:
            yield from walk(part)
    elif isinstance(condition, Not):
        yield from walk(condition.part)


def read_condition(section: Section, references: References, own: dict[str, Limit], *, depth: int = 0) -> Condition:
    """Return the condition written in one table; problems go into the section's book.

    Args:
        section: The table.
        references: What names and "@..." may stand for.
        own: The rule's own limits, by name.
        depth: How deep this table stands in its rule.
    """
    if section.broken:
        return FactIs("")
    heads = [head for head in _HEADS if section.has(head)]
    if len(heads) != 1 or depth > DEEPEST:
        listed = ", ".join(f"'{head}'" for head in _HEADS)
        section.problem(
            f"A condition is nested more than {DEEPEST} levels deep."
            if depth > DEEPEST
            else f"A condition asks exactly one of: {listed}. This one has {len(heads)}."
        )
        return FactIs("")
    reader = _Reader(section, references, own, depth)
    condition = reader.read(heads[0])
    section.done()
    return condition


@dataclass(frozen=True, slots=True)
class _Reader:
    section: Section
    references: References
    own: dict[str, Limit]
    depth: int

    def read(self, head: str) -> Condition:
        if head in ("all", "any"):
            parts = tuple(self._inner(part) for part in self.section.sections(head, at_least=1))
            return All(parts) if head == "all" else Any_(parts)
        if head == "not":
            return Not(self._inner(self.section.section(head)))
        if head == "sex":
            return SexIs(self._one_of(head, _SEXES, "sex"))
        if head == "medicine_class":
            exclude = self.section.texts("except")
            for index, name in enumerate(exclude):
                self._known("medicine", name, "except", index)
            return TakesClass(self._one_of(head, known_classes(), "class of medicines"), exclude)
        if head == "fact":
            return self._fact()
        if head == "measurement":
            return self._measurement()
        if head == "event":
            return HadEvent(self._name("event"), self._within("the time since an event"))
        if head == "support":
            return OnSupport(self._name("support"), self._within("the time since a support ended"))
        name = self.section.text(head)
        self._known(_KINDS.get(head, head), name, head)
        return _NAMED[head](name)

    def _inner(self, section: Section) -> Condition:
        return read_condition(section, self.references, self.own, depth=self.depth + 1)

    def _fact(self) -> Condition:
        fact = self._one_of("fact", FACTS, "fact that the program computes")
        form = FACTS.get(fact)
        written = [item for item in Comparison if self.section.has(item)]
        if form is None or form.dimension is None:
            for item in written:
                self.section.raw(item)
            if form is not None and written:
                self.section.problem(f"Fact '{fact}' is true, false or unknown and has no limit.", written[0])
            return FactIs(fact)
        return FactCompares(fact, *self._comparison({form.dimension}, f"fact '{fact}'"))

    def _measurement(self) -> Condition:
        name = self._name("measurement")
        of = self._of(name)
        within = self._within("the age of a measurement")
        dimension = measured_in(name)
        comparison, limit = self._comparison({dimension} if dimension else set(), f"'{name}'")
        return MeasurementCompares(name, within, comparison, limit, of)

    def _of(self, name: str) -> str | None:
        """Return the drug of a level; a rule that leaves it out would judge the level of any drug."""
        if self.section.has("of") != needs_of(name):
            must = "must" if needs_of(name) else "cannot"
            self.section.problem(f"'{shorten(name)}' {must} say of which drug it is, with 'of'.", "of")
        if not self.section.has("of"):
            return None
        of = self.section.text("of")
        self._known("medicine", of, "of")
        return of

    def _name(self, kind: str) -> str:
        name = self.section.text(kind)
        self._known(kind, name, kind)
        return name

    def _within(self, what: str) -> str | None:
        if not self.section.has("within"):
            return None
        within = self.section.text("within")
        self._resolve("within", within, {"time"}, what)
        return within

    def _comparison(self, dimensions: set[str], what: str) -> tuple[Comparison, str]:
        written = [item for item in Comparison if self.section.has(item)]
        if len(written) != 1:
            listed = ", ".join(Comparison)
            self.section.problem(f"A comparison has exactly one of: {listed}. This one has {len(written)}.")
            for item in written:
                self.section.raw(item)
            return Comparison.ABOVE, ""
        reference = self.section.text(written[0])
        self._resolve(written[0], reference, dimensions, what)
        return written[0], reference

    def _resolve(self, key: str, reference: str, dimensions: set[str], what: str) -> None:
        if not reference:
            return
        found, trouble = self.references.prove(reference, self.own)
        if trouble:
            self.section.problem(trouble, key)
        for limit in found:
            if limit.source is NOWHERE:
                continue  # it could not be read, which is a problem of its own
            dimension = dimension_of(limit)
            if dimensions and dimension not in dimensions:
                self.section.problem(
                    f"'{reference}' is {limit.value}, which measures {dimension}; {what} measures "
                    f"{' or '.join(sorted(dimensions))}.",
                    key,
                )

    def _known(self, kind: str, name: str, *keys: str | int) -> None:
        if name and not is_known(kind, name):
            near = nearest(name, known_names(kind))
            self.section.problem(f"{kind.capitalize()} '{shorten(name)}' is not in the vocabulary; {near}.", *keys)

    def _one_of(self, key: str, known: Iterable[str], what: str) -> str:
        value = self.section.text(key)
        listed = tuple(known)
        if value and value not in listed:
            self.section.problem(f"'{shorten(value)}' is no {what}; {nearest(value, listed)}.", key)
        return value
