"""What "@dosing:maintenance.maximum", "@vocabulary:serum potassium.fresh_for" and the names in a rule stand for.

Knows where each prefix is looked up, and that a number stands in one place only. It does not know any rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TypeAlias

from inotrope.drug.entries import Entry
from inotrope.drug.numbers import Counted, Sourced
from inotrope.errors import nearest, shorten
from inotrope.patient import vocabulary
from inotrope.units import unit

Limit: TypeAlias = Sourced | Counted


def dimension_of(limit: Limit) -> str:
    """Return the dimension word of a limit; a plain number is a `ratio`."""
    return "ratio" if isinstance(limit, Counted) else limit.value.dimension


@dataclass(frozen=True, slots=True)
class References:
    """Everything that a rule of one drug may refer to."""

    entries: tuple[Entry, ...]
    numbers: dict[str, Sourced]

    def find(self, reference: str, entry: Entry | None) -> Limit | None:
        """Return the number behind an "@<file>:<path>" for one dosing entry, or None where there is none.

        A number of `dosing.toml` may stand in some entries only: a cap belongs to its entry.
        """
        file, _, path = reference.removeprefix("@").partition(":")
        if file == "dosing":
            return None if entry is None else entry.numbers.get(path)
        if file == "drug":
            return self.numbers.get(path)
        return _of_vocabulary(path) if file == "vocabulary" else None

    def prove(self, reference: str, own: dict[str, Limit]) -> tuple[tuple[Limit, ...], str]:
        """Return what a reference can stand for, one number per entry that has it, and what is wrong, if anything.

        Args:
            reference: As written, such as "@dosing:renal.upper" or "@potassium".
            own: The limits that stand beside the rule.
        """
        file, colon, path = reference.removeprefix("@").partition(":")
        if not reference.startswith("@"):
            return (), f"'{shorten(reference)}' is no limit. Write '@' and a name of [rule.limit], or '@dosing:<path>'."
        if not colon:
            found = own.get(file)
            trouble = f"'{shorten(reference)}' does not stand in [rule.limit]; {nearest(file, own)}."
            return ((), trouble) if found is None else ((found,), "")
        if file == "dosing":
            each = (entry.numbers.get(path) for entry in self.entries)
            found_all = tuple(limit for limit in each if limit is not None)
            if found_all:  # an entry may lack it: then there is nothing to compare with, and the question is absent
                return found_all, ""
            known: Iterable[str] = {key for entry in self.entries for key in entry.numbers}
        elif file in ("drug", "vocabulary"):
            single = self.find(reference, None)
            if single is not None:
                return (single,), ""
            known = self.numbers if file == "drug" else _limits_of_vocabulary()
        else:
            return (), f"'@{shorten(file)}:' names no file that has limits; {nearest(file, _FILES)}."
        return (), f"'{shorten(reference)}' does not stand in {file}; {nearest(path, known)}."


def is_known(kind: str, name: str) -> bool:
    """Tell whether a name is the vocabulary's own name of that kind; a synonym is not, since cases hold no synonym."""
    words = vocabulary()
    find = {
        "condition": words.condition,
        "support": words.support,
        "event": words.event,
        "measurement": words.measurement,
        "medicine": words.medicine,
    }
    found = find[kind](name)
    return found is not None and found.name == name


def known_names(kind: str) -> tuple[str, ...]:
    """Return the vocabulary's own names of a kind."""
    return vocabulary().names(kind)


def known_classes() -> tuple[str, ...]:
    """Return the classes of medicines."""
    return tuple(sorted({medicine.class_ for medicine in vocabulary().medicines.values()}))


def members_of(class_: str) -> set[str]:
    """Return the medicines of a class."""
    return {medicine.name for medicine in vocabulary().medicines.values() if medicine.class_ == class_}


def measured_in(name: str) -> str | None:
    """Return the dimension in which a measurement's values stand in a case, or None for an unknown name."""
    kind = vocabulary().measurement(name)
    return None if kind is None else unit(kind.unit).dimension


def needs_of(name: str) -> bool:
    """Tell whether a measurement must say of which drug it is, as a level must."""
    kind = vocabulary().measurement(name)
    return kind is not None and kind.needs_of


@cache  # the rules ask for the same few, for every patient
def _of_vocabulary(path: str) -> Limit | None:
    words = vocabulary()
    found = words.limits.get(path)
    if found is None:
        name, _, key = path.rpartition(".")
        kind = words.measurement(name)
        found = None if kind is None or kind.name != name else kind.limits.get(key)
    if found is None:
        return None
    if isinstance(found.value, Decimal):
        return Counted(found.value, found.source, found.note)
    return Sourced(found.value, found.source, found.note)


def _limits_of_vocabulary() -> Iterable[str]:
    words = vocabulary()
    kinds = dict.fromkeys(kind.name for kind in words.measurements.values())
    own = [f"{name}.{key}" for name in kinds for key in words.measurements[name.casefold()].limits]
    return [*words.limits, *own]


_FILES = ("dosing", "drug", "vocabulary")
