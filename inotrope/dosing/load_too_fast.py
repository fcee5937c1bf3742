"""A single dose that went in faster than a load may: how long ago the last such one ended.

Knows the shortest time that a text prints for its load, and that a smaller dose may take as much less time as it is
smaller; one above the load takes no less than the load. A time is short where an order for it would be: by more than
the parts of an order may be apart, so that ten minutes written as 599 s are ten minutes. It judges nothing: for how
long that matters, a rule says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing.history import DECIMALS, History, Piece
from inotrope.drug import Entry, RateLoad
from inotrope.patient import vocabulary
from inotrope.units import Quantity, round_half_up


@dataclass(frozen=True, slots=True)
class TooFast:
    """A single dose that went in too fast.

    Attributes:
        since: How long ago it ended, h; 0 while it still goes in.
        dose: How much it was, mcg/kg.
        lasted: Over how long it went in, min.
        least: Over how long so much goes in at least, min, as the text prints it.
    """

    since: Quantity
    dose: Quantity
    lasted: Quantity
    least: Quantity


def load_too_fast(entry: Entry, past: History, *, group: Iterable[Entry]) -> TooFast | None:
    """Return the last single dose that went in too fast; None where none did.

    Args:
        entry: Whose load it is held against.
        past: What was given.
        group: The entries for the same group of patients; where this one has no load, the quickest of theirs counts.
    """
    loads = [entry] if entry.load is not None else [each for each in group if each.load is not None]
    if not loads:
        return None
    share = 1 - vocabulary().limit("order.parts_disagree_warn").value.in_unit("%") / 100
    found = []
    for dose in past.doses:
        least_h = min(_least_h(each, _amount(dose)) for each in loads)
        if _lasted_h(dose) < round_half_up(least_h * share, DECIMALS):
            since_h = round_half_up(max(-dose.end_h, Decimal(0)), DECIMALS)
            found.append((since_h, _amount(dose), _lasted_h(dose), least_h))
    if not found:
        return None
    since_h, amount, lasted_h, least_h = min(found)
    minutes = (Quantity(round_half_up(hours * 60, DECIMALS), "min") for hours in (lasted_h, least_h))
    return TooFast(Quantity(since_h, "h"), Quantity(amount, "mcg/kg"), *minutes)


def _least_h(entry: Entry, amount: Decimal) -> Decimal:
    """Return the shortest time, h, in which an entry lets so many mcg/kg go in."""
    load = entry.load
    assert load is not None  # the caller chose entries with a load
    if isinstance(load, RateLoad):
        return min(amount / load.highest.value.in_unit("mcg/kg/h"), load.duration.value.in_unit("h"))
    shortest_h = (load.duration_minimum or load.duration).value.in_unit("h")
    return shortest_h * min(amount / load.dose.value.in_unit("mcg/kg"), Decimal(1))


def _amount(dose: Piece) -> Decimal:
    return round_half_up((dose.end_h - dose.start_h) * dose.rate_mcg_per_kg_h, DECIMALS)


def _lasted_h(dose: Piece) -> Decimal:
    return round_half_up(dose.end_h - dose.start_h, DECIMALS)
