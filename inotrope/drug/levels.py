"""The ranges of a drug's level that were studied, as `levels.toml` has them.

Knows that a range has two ends, each with its source, and who was studied. None is a limit of safety: what a level
outside means for a patient, the rules say.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.drug.numbers import LEVEL, Sourced
from inotrope.drug.proofs import prove_unique
from inotrope.drug.reading import Section


@dataclass(frozen=True, slots=True)
class StudiedRange:
    """A range of levels in plasma that a publication looked at or aimed at, in whom, and what was seen there."""

    id: str
    who: str
    says: str
    low: Sourced
    high: Sourced


def read_studied_ranges(levels: Section) -> tuple[StudiedRange, ...]:
    """Return the studied ranges; problems go into the book."""
    found = []
    for section in levels.sections("studied_range", own_numbers=True):
        item = StudiedRange(
            section.text("id"),
            section.text("who"),
            section.text("says"),
            section.sourced("low", LEVEL),
            section.sourced("high", LEVEL),
        )
        if not item.low.value < item.high.value:
            section.problem(f"The range ends at {item.high.value} and starts at {item.low.value}.", "high")
        section.done()
        found.append((item, section))
    prove_unique((item.id, section) for item, section in found)
    return tuple(item for item, _ in found)
