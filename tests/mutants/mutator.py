"""Every mutant of the drug folder: its rules (`rule_mutator.py`), its doses and preparations (`dose_mutator.py`)."""

from __future__ import annotations

from tests.mutants.dose_mutator import dosing_mutants, preparation_mutants
from tests.mutants.mutant import Mutant
from tests.mutants.rule_mutator import rule_mutants


def all_mutants() -> tuple[Mutant, ...]:
    """Return every mutant of the drug folder, each with an id of its own."""
    found = [*rule_mutants(), *dosing_mutants(), *preparation_mutants()]
    ids = [mutant.id for mutant in found]
    assert len(ids) == len(set(ids)), sorted({item for item in ids if ids.count(item) > 1})[:5]
    return tuple(found)
