"""Two edits of one case, merged: what each of the two changed since both began from the same case.

Knows the members of a case and nothing of what they mean. Entries of a list are compared as wholes, so that nobody's
entry is lost; a value that both changed differently is a conflict, and never chosen silently. The bag on the pump is
one value: a concentration of one bag beside the volume of another would be a bag that hangs nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inotrope.course.chain import canonical
from inotrope.units import read_time

LISTS = ("measurements", "administrations", "support", "events", "lines", "medicines", "allergies", "incomplete")
"""Members that are lists of entries."""
TABLES = ("patient", "conditions", "pump")
"""Members whose own members are merged one by one."""
NOW = "now"
_ABSENT = object()
"""No value at all; null is one, though no case has it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One value that both changed, each in another way.

    Attributes:
        path: Where it stands, such as `patient.weight`.
        base: What it was before; None where it was not there.
        mine: What the one who writes now made of it; None where it was taken out.
        theirs: What stands there since; None where it was taken out.
    """

    path: str
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged case, and every conflict; where there is one, `theirs` stands in the case unless told otherwise."""

    case: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], *, keep_mine: bool = False
) -> Merged:
    """Return what both made of a case.

    Args:
        base: What both began from.
        mine: The one edit.
        theirs: The other one.
        keep_mine: Which of the two stands in the merged case where they conflict.
    """
    conflicts: list[Conflict] = []
    found: dict[str, Any] = {}
    for key in dict.fromkeys((*theirs, *mine)):
        parts = tuple(source.get(key, _ABSENT) for source in (base, mine, theirs))
        if key in LISTS:
            value = _list(*parts)
        elif key in TABLES:
            value = _table(key, *parts, conflicts=conflicts, keep_mine=keep_mine)
        elif key == NOW:
            value = max((part for part in parts[1:] if part is not _ABSENT), key=_moment)
        else:
            value = _value(key, *parts, conflicts=conflicts, keep_mine=keep_mine)
        if value is not _ABSENT:
            found[key] = value
    return Merged(found, tuple(conflicts))


def _moment(text: Any) -> Any:
    return read_time(text, what="Time")


def _value(path: str, base: Any, mine: Any, theirs: Any, *, conflicts: list[Conflict], keep_mine: bool) -> Any:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    shown = (None if part is _ABSENT else part for part in (base, mine, theirs))
    conflicts.append(Conflict(path, *shown))
    return mine if keep_mine else theirs


def _table(path: str, base: Any, mine: Any, theirs: Any, *, conflicts: list[Conflict], keep_mine: bool) -> Any:
    """Return a table merged by its members; it is there while one of them or either edit has it."""
    tables = tuple({} if part is _ABSENT else part for part in (base, mine, theirs))
    found = {}
    for key in dict.fromkeys((*tables[2], *tables[1])):
        parts = (table.get(key, _ABSENT) for table in tables)
        value = _value(f"{path}.{key}", *parts, conflicts=conflicts, keep_mine=keep_mine)
        if value is not _ABSENT:
            found[key] = value
    return found if found or _stays(base, mine, theirs) else _ABSENT


def _list(base: Any, mine: Any, theirs: Any) -> Any:
    """Return the entries of both: what either added is there, and what either took out is not.

    The order is that of what both began from, then the added ones by their text, so that it does not matter who wrote
    first.
    """
    lists = tuple([] if part is _ABSENT else part for part in (base, mine, theirs))
    counts = tuple(Counter(map(canonical, part)) for part in lists)
    entries = {canonical(entry): entry for part in lists for entry in part}
    left = Counter({text: _count(*(count[text] for count in counts)) for text in entries})
    found = []
    for text in map(canonical, lists[0]):
        if left[text]:
            left[text] -= 1
            found.append(entries[text])
    found += [entries[text] for text in sorted(left.elements())]
    return found if found or _stays(base, mine, theirs) else _ABSENT


def _count(base: int, mine: int, theirs: int) -> int:
    """Return how often an entry stands in the merged list: who added one adds it, who took one out takes it out."""
    return max(mine, theirs) if max(mine, theirs) > base else min(mine, theirs)


def _stays(base: Any, mine: Any, theirs: Any) -> bool:
    """Tell whether an empty member stays: absent means not known, and empty means none, which is a statement."""
    if base is _ABSENT:
        return mine is not _ABSENT or theirs is not _ABSENT
    return mine is not _ABSENT and theirs is not _ABSENT
