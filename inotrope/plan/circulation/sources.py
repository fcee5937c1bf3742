"""The sources behind a circulation: of every number of the response, of its heart, and of the limit warned of."""

from __future__ import annotations

from collections.abc import Iterator

from inotrope.drug import Sourced
from inotrope.findings import SourceReference
from inotrope.population.response import HeartFile, ResponseFile


def sources_of(file: ResponseFile, kind: HeartFile, limit: Sourced | None = None) -> tuple[SourceReference, ...]:
    """Return them, each once: those of the drug first."""
    return tuple(dict.fromkeys([*_every(file, kind), *([] if limit is None else [limit.source])]))


def _every(file: ResponseFile, kind: HeartFile) -> Iterator[SourceReference]:
    yield from (item.source for item in file.numbers.values())
    for member in file.members.values():
        yield from (item.source for item in member.numbers.values())
    for item in file.observed:
        yield from (number.source for number in (item.rate, item.level, *item.sources.values()))
    for table in kind.numbers.values():
        yield from (item.source for item in table.values())
    yield from (file.half_life.source, file.studied_to.source, *(item.source for item in file.medicines.values()))
