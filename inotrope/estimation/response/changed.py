"""What else changed between two readings: another medicine, fluid, a machine, or something that happened.

Knows the classes, machines and events that a response file names, and finds the first change in a case. A medicine that
goes on as it was is no change; one of which no time is known may be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inotrope.findings import Truth
from inotrope.patient import Administration, Case, vocabulary
from inotrope.patient.vocabulary import plain_name
from inotrope.population.response import ReadingRules


@dataclass(frozen=True, slots=True)
class Change:
    """What changed.

    Attributes:
        says: Without an end, as part of a sentence.
        known: Whether it is known to have changed; else it only may have.
    """

    says: str
    known: bool


def change_between(case: Case, rules: ReadingRules, first: datetime, last: datetime) -> Change | None:
    """Return the first thing that changed after one moment and up to another; None where nothing did.

    Args:
        case: The patient, whose administrations are recorded.
        rules: Which classes, machines and events count.
        first: The earlier reading.
        last: The later reading.
    """
    names = {name for class_ in (*rules.classes, *rules.timed) for name in vocabulary().members[class_]} - {
        plain_name(case.drug)
    }
    given: dict[str, list[Administration]] = {}
    for entry in case.administrations or ():
        if plain_name(entry.of.name) in names:
            given.setdefault(plain_name(entry.of.name), []).append(entry)
    for entries in given.values():
        if _moved(sorted(entries, key=lambda item: item.start), first, last):
            return Change(f"{entries[0].of.name} was given or changed", known=True)
    for machine in case.support or ():
        ends = (machine.start, *([] if machine.end is None else [machine.end]))
        if machine.what in rules.support and any(first < end <= last for end in ends):
            return Change(f"support by {machine.what} began or ended", known=True)
    for event in case.events or ():
        if event.what in rules.events and first < event.at <= last:
            return Change(f"{event.what} happened", known=True)
    for class_ in rules.classes:
        truth, taken = case.takes_class(class_, exclude=(case.drug,))
        without = [name for name in taken if plain_name(name) not in given]
        if truth is Truth.PRESENT and without:
            return Change(without[0], known=False)
    return None


def _moved(entries: list[Administration], first: datetime, last: datetime) -> bool:
    """Tell whether a medicine was given at another rate, or a dose of it went in, after one moment up to another."""
    before: Administration | None = None
    for entry in entries:
        if entry.rate is None:
            ended = entry.start if entry.end is None else entry.end
            if entry.start <= last and ended > first:
                return True
            continue
        goes_on = before is not None and before.rate == entry.rate and before.end in (None, entry.start)
        if not goes_on and first < entry.start <= last:
            return True
        if before is not None and not goes_on and before.end is not None and first < before.end <= last:
            return True
        before = entry
    return before is not None and before.end is not None and first < before.end <= last
