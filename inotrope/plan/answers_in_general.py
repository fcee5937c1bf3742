"""The worked-out parts of an answer where there is no case: what the folder holds for everybody.

Knows what each part lists. Nothing here depends on a patient.
"""

from __future__ import annotations

from collections.abc import Callable

from inotrope.drug import Computed, Entry, Not, Rule, SharesLine, Sourced, TakesClass, TakesMedicine, walk
from inotrope.plan.answer_parts import About, kept, reads_medicines, sourced
from inotrope.plan.authorities import longest

Lines = tuple[list[str], list[str]]
"""For staff and for families."""


def _time_limits(known: About) -> Lines:
    said: dict[str, list[str]] = {}
    for entry in known.drug.entries:
        group = "" if entry.group is None else f", {entry.group.value}"
        experience = entry.duration.controlled_experience
        whose = "" if entry.on_label or experience is None else f" (so: {experience.source.title})"
        said.setdefault(f"{entry.authority}{group}: {longest(entry)}{whose}", []).append(entry.indication)
    return [f"{limit} ({'; '.join(dict.fromkeys(uses))})." for limit, uses in said.items()], []


def _medicines(known: About) -> Lines:
    rules = [rule for rule in known.drug.rules if reads_medicines(rule)]
    return [f"{rule.title} ({rule.id}, {rule.severity.value}): {', '.join(_read(rule))}." for rule in rules], []


def _read(rule: Rule) -> list[str]:
    """Return what a rule speaks of: medicines by name, and classes as such; never what it leaves out."""
    names = []
    outside = {id(leaf) for part in walk(rule.when) if isinstance(part, Not) for leaf in walk(part.part)}
    for leaf in walk(rule.when):
        if id(leaf) in outside:
            continue  # "not furosemide in this line" is no word for furosemide in this line
        if isinstance(leaf, TakesMedicine):
            names.append(leaf.name)
        elif isinstance(leaf, TakesClass):
            left_out = f" except {' and '.join(leaf.exclude)}" if leaf.exclude else ""
            names.append(f"every {leaf.class_}{left_out}")
        elif isinstance(leaf, SharesLine):
            names.append(f"{leaf.name} in the same line")
    return list(dict.fromkeys(names))


def _nothing(known: About) -> Lines:
    del known  # without a case nobody knows what was given
    return [], []


def _storage(known: About) -> Lines:
    lives = {sourced(entry.storage.diluted_life) for entry in known.drug.entries}
    lines = [kept(known.drug, form) for form in known.drug.storage]
    lines += [f"Made from vials, it may be used for {life}" for life in sorted(lives)]
    lines += shorter_elsewhere(known.drug.entries, None)
    return [line for line in lines if line], []


def shorter_elsewhere(entries: tuple[Entry, ...], life: Sourced | None) -> list[str]:
    """Say what texts of other countries print for a diluted bag, where that is shorter than the time in use."""
    found = (entry.storage.diluted_life_elsewhere for entry in entries)
    told = dict.fromkeys(item for item in found if item is not None and (life is None or item.value < life.value))
    return [f"Texts of other countries print {sourced(item)}" for item in told]


GENERAL: dict[Computed, Callable[[About], Lines]] = {
    Computed.TIME_LIMITS: _time_limits,
    Computed.MEDICINES: _medicines,
    Computed.INTERRUPTION: _nothing,
    Computed.STORAGE: _storage,
    Computed.AFTER_STOP: _nothing,
}
"""One list per part of the closed list."""
