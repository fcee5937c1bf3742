"""A single dose that went in faster than a load may: how long ago the last such one ended.

Knows the shortest time that a text prints for its load, and that a smaller dose may take as much less time as it is
smaller; one above the load takes no less than the load. A time is short where an order for it would be: by more than
the parts of an order may be apart, so that ten minutes written as 599 s are ten minutes. It judges nothing: for how
long that matters, a rule says.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from inotrope.dosing.history import DECIMALS, History, Piece
from inotrope.drug import Entry, RateLoad
from inotrope.patient import vocabulary
from inotrope.units import Quantity, round_half_up


def since_load_too_fast(entry: Entry, past: History, *, group: Iterable[Entry]) -> Quantity | None:
    """Return how long ago, h, the last single dose ended that went in too fast; None where none did.

    While it still goes in that is 0.

    Args:
        entry: Whose load it is held against.
        past: What was given.
        group: The entries for the same group of patients; where this one has no load, the quickest of theirs counts.
    """
    loads = [entry] if entry.load is not None else [each for each in group if each.load is not None]
    ended = [
        max(-dose.end_h, Decimal(0))
        for dose in past.doses
        if loads and _lasted_h(dose) < min(_least_h(each, _amount(dose)) for each in loads)
    ]
    return Quantity(round_half_up(min(ended), DECIMALS), "h") if ended else None


def _least_h(entry: Entry, amount: Decimal) -> Decimal:
    """Return the shortest time, h, in which an entry lets so many mcg/kg go in, less what is rounding in an order."""
    load = entry.load
    assert load is not None  # the caller chose entries with a load
    if isinstance(load, RateLoad):
        least_h = min(amount / load.highest.value.in_unit("mcg/kg/h"), load.duration.value.in_unit("h"))
    else:
        shortest_h = (load.duration_minimum or load.duration).value.in_unit("h")
        least_h = shortest_h * min(amount / load.dose.value.in_unit("mcg/kg"), Decimal(1))
    rounding = vocabulary().limit("order.parts_disagree_warn").value.in_unit("%") / 100
    return round_half_up(least_h * (1 - rounding), DECIMALS)


def _amount(dose: Piece) -> Decimal:
    return round_half_up((dose.end_h - dose.start_h) * dose.rate_mcg_per_kg_h, DECIMALS)


def _lasted_h(dose: Piece) -> Decimal:
    return round_half_up(dose.end_h - dose.start_h, DECIMALS)
