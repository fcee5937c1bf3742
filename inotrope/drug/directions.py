"""Which way a limit is tighter: lower, higher, or neither that could be told.

Knows what a maximum, a threshold and a window are for, and reads the direction of a rule's own limit from the
comparison that uses it. A limit whose tighter side cannot be told may not be set by a site at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fnmatch import fnmatchcase

from inotrope.drug.conditions import Comparison, Condition, MeasurementCompares, Not
from inotrope.drug.rules import Rule
from inotrope.findings import Effect


class Tighter(StrEnum):
    """On which side of the library's value a site may set its own."""

    LOWER = "lower"
    HIGHER = "higher"

    @property
    def opposite(self) -> Tighter:
        """The other side: what `not` makes of it."""
        return Tighter.HIGHER if self is Tighter.LOWER else Tighter.LOWER


OF_NUMBERS: dict[str, Tighter] = {
    "maintenance.maximum": Tighter.LOWER,
    "total_24_h.maximum": Tighter.LOWER,
    "load.dose": Tighter.LOWER,
    "load.dose_maximum": Tighter.LOWER,
    "load.rate": Tighter.LOWER,
    "load.rate_maximum": Tighter.LOWER,
    "history.largest_dose": Tighter.LOWER,
    "duration.*": Tighter.LOWER,
    "storage.diluted_life": Tighter.LOWER,
    "rounding.error_warning": Tighter.LOWER,
    "weight.table_maximum": Tighter.LOWER,
    "weight.table_minimum": Tighter.HIGHER,
    "pressure.*": Tighter.HIGHER,
    "electrolytes.*": Tighter.HIGHER,
    "kidney.impaired_below": Tighter.HIGHER,
    "titration.interval": Tighter.HIGHER,
}
"""The numbers of a dosing entry that limit something, by path. A step, a start, an age, a printed row limit nothing."""

FOLLOWS_FROM = {"history.largest_dose": ("load.dose_maximum", "load.dose", "load.rate_maximum", "load.rate")}
"""Limits of ours that follow from a printed number of the same entry: from the first of these that it has."""

_OF_COMPARISONS = {
    Comparison.ABOVE: Tighter.LOWER,
    Comparison.AT_OR_ABOVE: Tighter.LOWER,
    Comparison.BELOW: Tighter.HIGHER,
    Comparison.AT_OR_BELOW: Tighter.HIGHER,
}


def of_number(path: str) -> Tighter | None:
    """Return which way a number of a dosing entry is tighter; None where it limits nothing."""
    return next((way for pattern, way in OF_NUMBERS.items() if fnmatchcase(path, pattern)), None)


def of_limit(rule: Rule, name: str) -> Tighter | None:
    """Return which way a rule's own limit makes it fire more readily; None where a site may not move it.

    That is so where it is used both ways, and for the age up to which a measurement counts: a longer one takes a stale
    value for a fresh one, a shorter one turns a finding into a question, which only one without effect may become.
    """
    ways = set(_ways(rule, rule.when, f"@{name}"))
    return ways.pop() if len(ways) == 1 else None


def _ways(rule: Rule, condition: Condition, reference: str) -> Iterator[Tighter | None]:
    if isinstance(condition, Not):
        for way in _ways(rule, condition.part, reference):
            yield None if way is None else way.opposite
        return
    if getattr(condition, "limit_reference", "") == reference:
        comparison: Comparison = getattr(condition, "comparison")  # noqa: B009 - both kinds of comparison have one
        yield _OF_COMPARISONS[comparison]
    if getattr(condition, "within_reference", None) == reference:
        if isinstance(condition, MeasurementCompares):
            yield Tighter.LOWER if rule.asks and rule.effect is Effect.NONE else None
        else:
            yield Tighter.HIGHER  # what happened or ended counts for longer
    for part in _parts(condition):
        yield from _ways(rule, part, reference)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return getattr(condition, "parts", ())
