"""What the rules of a drug read: the rest of a record is named as not judged or not checked.

Knows how the conditions of all rules are gathered; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inotrope.drug.conditions import AllergicTo, DilutedIn, SharesLine, TakesClass, TakesMedicine, walk
from inotrope.drug.references import members_of
from inotrope.drug.rules import Rule


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
