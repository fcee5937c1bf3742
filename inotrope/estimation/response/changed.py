"""What else changed between two readings: another medicine, fluid, a machine, or something that happened.

Knows the classes, machines and events that a response file names, and finds the first change in a case. A medicine that
goes on as it was is no change; one of which no time is known may be one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from inotrope.findings import Truth
from inotrope.patient import Administration, Case, vocabulary
from inotrope.patient.vocabulary import plain_name
from inotrope.population.response import ReadingRules
from inotrope.units import Quantity


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
        if _moved(entries, first, last):
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
    """Tell whether a medicine ran at another rate, or a dose of it went in, after one moment up to another.

    What ended before the first moment moved nothing since, however near to it; nor does a rate of zero where nothing
    ran, or a rate that is charted anew as it was.
    """
    doses = [(entry.start, entry.start if entry.end is None else entry.end) for entry in entries if entry.rate is None]
    if any(start <= last and end > first for start, end in doses):
        return True
    rates = sorted((entry for entry in entries if entry.rate is not None), key=lambda entry: entry.start)
    turns = {at for entry in rates for at in (entry.start, entry.end) if at is not None and first < at <= last}
    before = _running(rates, first)
    return any(_running(rates, at) != before for at in turns)


def _running(rates: list[Administration], at: datetime) -> tuple[Quantity | None, Counter[Quantity]]:
    """Return what runs just after a moment, in both ways in which a chart of rates may be meant.

    The newest rate may have taken the place of every earlier one, or stand beside one whose end lies ahead, such as a
    second line: what changes in either way is a change.
    """
    begun = [entry for entry in rates if entry.start <= at]
    beside = Counter(
        entry.rate
        for place, entry in enumerate(begun)
        if entry.rate and entry.rate.value > 0 and (place == len(begun) - 1 if entry.end is None else entry.end > at)
    )
    newest = begun[-1] if begun and (begun[-1].end is None or begun[-1].end > at) else None
    return newest.rate if newest is not None and newest.rate and newest.rate.value > 0 else None, beside
