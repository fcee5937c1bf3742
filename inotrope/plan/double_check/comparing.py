"""What a second person entered beside what the first one meant: item by item, exactly, and without telling a value.

Knows units: 0.2 mg/mL is 200 mcg/mL. Whatever the first one meant must be entered; nothing is near enough. It does not
say which of the two is right, nor in which direction they differ, so that nobody can enter again until it fits without
looking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inotrope.errors import RequestError
from inotrope.plan.double_check.first_given import DRAWN_UP, FIRST_RATE, NOTHING
from inotrope.plan.double_check.items import (
    AMOUNTS,
    CONCENTRATION,
    ITEMS,
    LOAD,
    LOAD_RATE,
    OF_THE_LOAD,
    OVER,
    PUMP_RATE,
    RATE,
    STRENGTH,
    VOLUME,
    WEIGHT,
    same,
)
from inotrope.plan.double_check.settings import ToBeSet
from inotrope.units import Quantity

ALWAYS = (WEIGHT, CONCENTRATION, PUMP_RATE, RATE)
"""What every setting has."""
NEEDED = {NOTHING: (), DRAWN_UP: (STRENGTH, VOLUME, OVER), FIRST_RATE: (OVER, LOAD_RATE)}
"""What a second person says of each way to begin, whatever the first one meant."""
POSSIBLE = {NOTHING: (), DRAWN_UP: OF_THE_LOAD, FIRST_RATE: (OVER, LOAD_RATE)}
"""What can be said of it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One item: whether both meant the same. No value stands in it."""

    item: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class DoubleCheck:
    """What came out: every item that was compared, in the order of `ITEMS`.

    `unchecked` are those that the second person entered and the plan does not say, so that nobody compared them.
    """

    items: tuple[Compared, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether all of them agree."""
        return all(item.agrees for item in self.items)

    @property
    def differing(self) -> tuple[str, ...]:
        """The items that do not."""
        return tuple(item.item for item in self.items if not item.agrees)


def same_person(first: str, second: str) -> bool:
    """Tell whether two names are one person's, however they are spaced and in whatever case: nobody checks alone."""
    one, other = (" ".join(name.split()).casefold() for name in (first, second))
    return one == other


def compare(meant: ToBeSet, entered: Mapping[str, Quantity], how: str = "") -> DoubleCheck:
    """Return what agrees and what differs.

    Args:
        meant: What the first person means to set.
        entered: By item what the second one entered: every item that was meant.
        how: What goes in before a start: nothing, a load that is drawn up, or a first rate; empty where nobody said it.

    Raises:
        RequestError: An item that is not checked, one that is missing, or what contradicts the way to begin.
    """
    starts = meant.first is not None
    for item in entered:
        if item not in AMOUNTS or (not starts and item in OF_THE_LOAD):
            raise RequestError(f"'{item}' is not checked.", value=item, accepted=", ".join(AMOUNTS))
    if starts:
        _nothing_of_another_way(how, entered)
    for problem in lacking(meant, entered, how):
        raise problem
    alike = meant.first is not None and how == meant.first.how
    own = _own(meant, how)
    compared = {item: same(item, own[item], entered[item]) for item in own}
    compared |= {LOAD: alike} if starts else {}
    unchecked = tuple(item for item in ITEMS if alike and item in entered and item not in own)
    return DoubleCheck(tuple(Compared(item, compared[item]) for item in ITEMS if item in compared), unchecked)


def lacking(meant: ToBeSet, entered: Mapping[str, Quantity], how: str = "") -> tuple[RequestError, ...]:
    """Return an error for each item that must be entered and is not, in their order; arguments as `compare`."""
    starts = meant.first is not None
    own = _own(meant, how)
    needed = NEEDED.get(how, ()) if starts else ()
    found = [item for item in ITEMS if item not in entered and (item in own or item in needed)]
    if starts and how not in NEEDED:
        found.insert(len([item for item in found if ITEMS.index(item) < ITEMS.index(LOAD)]), LOAD)
    return tuple(_missing(item) for item in found)


def _own(meant: ToBeSet, how: str) -> dict[str, Quantity]:
    """Return the amounts that are compared: those of the load where both begin in the same way."""
    alike = meant.first is not None and how == meant.first.how
    return {item: amount for item, amount in meant.amounts.items() if alike or item not in OF_THE_LOAD}


def _nothing_of_another_way(how: str, entered: Mapping[str, Quantity]) -> None:
    """Let nothing be entered that belongs to another way to begin than the one that was chosen."""
    possible = POSSIBLE.get(how, OF_THE_LOAD)
    odd = next((item for item in ITEMS if item in entered and item in OF_THE_LOAD and item not in possible), None)
    if odd is not None:
        says = f"{AMOUNTS[odd].name} is entered, and what goes in first has none. Empty it, or choose what goes in."
        raise RequestError(says, value=str(entered[odd]), accepted="an empty field", where=odd)


def _missing(item: str) -> RequestError:
    if item == LOAD:
        says = "What goes in first is missing. Choose it: nothing, a load that is drawn up, or a first rate."
        return RequestError(says, accepted=", ".join(NEEDED), where=LOAD)
    known = AMOUNTS[item]
    accepted = f"a number in {' or '.join(known.units)}"
    return RequestError(f"{known.name} is missing. Enter it: {accepted}.", accepted=accepted, where=item)
