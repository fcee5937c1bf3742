"""A load that was given, or is going in, as a faster rate: which pieces of the record are it, and what is left of it.

Knows the one definition that everybody asks: the steps, the totals and the rules on rates that ran too fast. It judges
nothing, and proposes no load (`load.py` does).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inotrope.dosing.history import DAY_H, DECIMALS, History, Piece
from inotrope.drug import Entry, RateLoad
from inotrope.units import Quantity, hours_between, later, round_half_up


def load_pieces(entry: Entry, past: History) -> tuple[Piece, ...]:
    """Return the pieces of the record that are a load given as a rate; none where there is no such load.

    They are the first of the newest run (no gap above 24 h), unbroken, and together no longer than the load:

    - where the first is faster than any rate that the text prints for the infusion, all that follow and are so too,
      none above the load's highest rate;
    - where it is not, but above the start (a text may print a load as slow as an infusion), all that follow above the
      start, none of them faster than an infusion. One that is raised beyond it was an infusion, and is no load.

    A run that goes on at such rates for longer or faster than the load had another dose, and then nothing of it is one:
    what is called a load is left out where overdoses are looked for. So is one beside single doses of the same day that
    come to more than one load with it: one load is given. The rates are those that the text prints, so that a
    hospital's lower maximum makes nothing a load.
    """
    load = entry.load
    run = newest_run(_with_what_starts_now(past))
    if not isinstance(load, RateLoad) or not run:
        return ()
    start, fastest, highest = (
        rate.in_unit("mcg/kg/h")
        for rate in (entry.maintenance.minimum.value, entry.maintenance.steps[-1].value, load.highest.value)
    )
    fast = run[0].rate_mcg_per_kg_h > fastest
    found: list[Piece] = []
    for piece in run:
        joins = not found or piece.start_h == found[-1].end_h
        if not joins or piece.rate_mcg_per_kg_h <= (fastest if fast else start):
            break
        found.append(piece)
    hours = _length_h(found)
    limit = highest if fast else min(fastest, highest)
    too_fast = any(piece.rate_mcg_per_kg_h > limit for piece in found)
    whole_h = load.duration.value.in_unit("h")
    if not found or too_fast or hours > whole_h:
        return ()
    left_h = whole_h - hours if past.running_rate is not None and len(found) == len(run) else Decimal(0)
    return () if _second_load(entry, past, found, left_h) else tuple(found)


def _second_load(entry: Entry, past: History, found: list[Piece], left_h: Decimal) -> bool:
    """Tell whether what could be a load comes to more than one with the single doses of the 24 h before and after it.

    A load that is going in counts whole, with what is still to come in `left_h` hours. The limit is the entry's largest
    single dose, a tenth above the load.
    """
    largest = entry.numbers.get("history.largest_dose")
    start_h, end_h = found[0].start_h - DAY_H, found[-1].end_h + DAY_H
    singles = [piece for piece in past.doses if start_h < piece.end_h and piece.start_h < end_h]
    if largest is None or not singles:
        return False
    given = sum((_dose(piece) for piece in (*found, *singles)), found[-1].rate_mcg_per_kg_h * left_h)
    return round_half_up(given, DECIMALS) > largest.value.in_unit("mcg/kg")


def _length_h(pieces: Iterable[Piece]) -> Decimal:
    return round_half_up(sum((piece.end_h - piece.start_h for piece in pieces), Decimal(0)), DECIMALS)


def _dose(piece: Piece) -> Decimal:
    return (piece.end_h - piece.start_h) * piece.rate_mcg_per_kg_h


def newest_run(infused: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the infusions since the last gap of more than 24 h."""
    gaps = (
        number
        for number, (a, b) in enumerate(itertools.pairwise(infused), 1)
        if round_half_up(b.start_h - a.end_h, DECIMALS) > DAY_H
    )
    return infused[max(gaps, default=0) :]


def loading_until(entry: Entry | None, past: History, now: datetime) -> datetime | None:
    """Return until when a load that is given as a rate is still going in; None where none is."""
    if entry is None or not isinstance(entry.load, RateLoad) or past.running_rate is None:
        return None
    loads = load_pieces(entry, past)
    if not loads or loads[-1] != _with_what_starts_now(past)[-1]:
        return None  # what runs is no part of it
    left_h = entry.load.duration.value.in_unit("h") + loads[0].start_h
    return later(now, Quantity(left_h, "h")) if round_half_up(left_h, DECIMALS) > 0 else None


def rest_of_load(entry: Entry, past: History, now: datetime) -> tuple[Decimal, Decimal]:
    """Return what is still to come of a load that is given as a rate: mcg/kg, and hours; zeros where none is."""
    until = loading_until(entry, past, now)
    if until is None or past.running_rate is None:
        return Decimal(0), Decimal(0)
    left_h = hours_between(now, until)
    return past.running_rate.in_unit("mcg/kg/h") * left_h, left_h


@dataclass(frozen=True, slots=True)
class PartOfLoad:
    """How much of a load that is given as a rate went in before it was broken off.

    Attributes:
        hours: For how long it ran.
        whole_hours: For how long it should have.
        dose: What went in, mcg/kg.
        whole_dose: What the load would have been at the rate at which it ran, mcg/kg.
    """

    hours: Quantity
    whole_hours: Quantity
    dose: Quantity
    whole_dose: Quantity


def load_cut_short(entry: Entry, past: History) -> PartOfLoad | None:
    """Return how much of a load by rate went in, where a pause broke it off; None where none did.

    It was broken off where nothing flows when it ends too early: going on at a lower rate is a decision. Where it was
    taken up again later, nothing is said: how much went in, the totals tell.
    """
    loads = load_pieces(entry, past)
    if not loads or not isinstance(entry.load, RateLoad):
        return None
    end_h, after = loads[-1].end_h, newest_run(past.infused)[len(loads) :]
    start = entry.maintenance.minimum.value.in_unit("mcg/kg/h")
    goes_on = any(piece.start_h == end_h for piece in after) or (past.running_rate is not None and end_h == 0)
    again = any(piece.rate_mcg_per_kg_h > start for piece in after)
    hours, whole_h = _length_h(loads), entry.load.duration.value.in_unit("h")
    if goes_on or again or hours >= whole_h:
        return None
    dose = sum((_dose(piece) for piece in loads), Decimal(0))
    return PartOfLoad(
        Quantity(hours, "h"),
        Quantity(whole_h, "h"),
        Quantity(dose, "mcg/kg"),
        Quantity(dose / hours * whole_h, "mcg/kg"),
    )


def _with_what_starts_now(past: History) -> tuple[Piece, ...]:
    """Return the infusions of the record, and behind them a piece of no length for one that starts at this moment."""
    if past.running_rate is None or past.unchanged_for is None or past.unchanged_for.value > 0:
        return past.infused
    return (*past.infused, Piece(Decimal(0), Decimal(0), past.running_rate.in_unit("mcg/kg/h")))
