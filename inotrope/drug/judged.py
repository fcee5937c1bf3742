"""What the rules of a drug read: the rest of a record is named as not judged or not checked.

Knows how the conditions of all rules are gathered; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inotrope.drug.conditions import AllergicTo, DilutedIn, HadEvent, SharesLine, TakesClass, TakesMedicine, walk
from inotrope.drug.numbers import Sourced
from inotrope.drug.references import References, members_of
from inotrope.drug.rules import Rule
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class JudgedMedicines:
    """Names that the rules of a drug read: given beside it, as an allergy, in its line, as its diluent."""

    given: frozenset[str]
    allergies: frozenset[str]
    lines: frozenset[str]
    diluents: frozenset[str]


def judged_medicines(rules: Iterable[Rule], standard_diluents: Iterable[str]) -> JudgedMedicines:
    """Return the medicines that some rule reads; a diluent of a standard preparation needs no rule."""
    leaves = [leaf for rule in rules for leaf in walk(rule.when)]
    lines = {leaf.name for leaf in leaves if isinstance(leaf, SharesLine)}
    diluents = {leaf.name for leaf in leaves if isinstance(leaf, DilutedIn)}
    given = {leaf.name for leaf in leaves if isinstance(leaf, TakesMedicine)}
    for leaf in leaves:
        if isinstance(leaf, TakesClass):
            given |= members_of(leaf.class_) - set(leaf.exclude)
    return JudgedMedicines(
        given=frozenset(given | lines | diluents),
        allergies=frozenset(leaf.name for leaf in leaves if isinstance(leaf, AllergicTo)),
        lines=frozenset(lines),
        diluents=frozenset(diluents | set(standard_diluents)),
    )


def event_windows(rules: Iterable[Rule], references: References) -> dict[str, Quantity | None]:
    """Return how far back the widest rule looks that reads an event, by the event's name; None for at any time."""
    found: dict[str, Quantity | None] = {}
    for rule in rules:
        for leaf in walk(rule.when):
            if isinstance(leaf, HadEvent):
                window = _window(rule, leaf.within_reference, references)
                before = found.get(leaf.name, window)
                found[leaf.name] = None if window is None or before is None else max(window, before)
    return found


def _window(rule: Rule, reference: str | None, references: References) -> Quantity | None:
    if reference is None:
        return None
    limit = rule.limits.get(reference.removeprefix("@")) or references.find(reference, None)
    assert isinstance(limit, Sourced)  # a time that every case has; proved on reading
    return limit.value
