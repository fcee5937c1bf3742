"""What is known of a case when its rules are judged.

Knows the shape only: the case, the dosing entry that serves it, the computed facts, and what would settle a fact that
is not known. How facts come about stands in `facts.py` and `dose_facts.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from inotrope.drug import Entry
from inotrope.findings import SourceReference, Truth
from inotrope.patient import Case
from inotrope.units import Quantity

Fact: TypeAlias = Quantity | Decimal | Truth | tuple[str, ...]
"""A quantity, a ratio, a truth, or a list of names, which is present when it holds any."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a rule can ask about.

    Attributes:
        case: The patient.
        entry: The dosing entry in use; None where none serves, and then its limits are those of every possible one.
        facts: Computed facts by name. A fact that is not here is unknown; `Truth.ABSENT` where a comparison is asked
            means that there is nothing to compare, and the comparison is absent too.
        needs: For each fact that may be unknown, the names of the missing pieces.
        entry_needs: What would settle which dosing entry serves, where none does.
        possible: Every entry for the patient's age, where none serves: what is beyond the limit of each is beyond it.
        limits_behind: For a fact that is itself the crossing of a computed limit, the source of that limit.
        told: What a rule says of a fact that is beyond its limit, in place of `{value}` and `{limit}`.
    """

    case: Case
    entry: Entry | None
    facts: Mapping[str, Fact]
    needs: Mapping[str, tuple[str, ...]]
    entry_needs: tuple[str, ...] = ("indication",)
    possible: tuple[Entry, ...] = ()
    limits_behind: Mapping[str, SourceReference] = field(default_factory=dict)
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)
