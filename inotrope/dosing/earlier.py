"""What should not have been: rates of the last day above a maintenance rate, and doses on top of an infusion.

Knows a load that is given as a rate, which may be faster and is none of these. It judges nothing: the rules say what
is too much.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.dosing.history import DAY_H, DECIMALS, History, Piece
from inotrope.dosing.load_as_rate import load_pieces
from inotrope.dosing.renal import RATE
from inotrope.drug import Entry
from inotrope.units import Quantity, round_half_up


def highest_earlier_rate(entry: Entry, past: History) -> Quantity | None:
    """Return the highest rate that ended within the last 24 h, mcg/kg/min; None where none did.

    A load that was given as a rate, at the start of the run and as the entry prints it, is left out.
    """
    loads = load_pieces(entry, past)
    over = [piece for piece in past.infused if _is_over(piece, past) and piece.end_h > -DAY_H and piece not in loads]
    highest = max((piece.rate_mcg_per_kg_h for piece in over), default=None)
    return None if highest is None else Quantity(highest / 60, RATE)


def given_too_fast(entry: Entry, past: History) -> Quantity | None:
    """Return what flowed beyond the entry's maximum rate, and single doses, in the last 24 h together, mcg/kg.

    None where nothing flowed too fast: single doses alone are added up elsewhere. A dose that ended in the 24 h counts
    whole.
    """
    loads, highest = load_pieces(entry, past), entry.maintenance.maximum.value.in_unit("mcg/kg/h")
    recent = [piece for piece in past.pieces if piece.end_h > -DAY_H]
    fast = [
        piece for piece in recent if piece in past.infused and piece.rate_mcg_per_kg_h > highest and piece not in loads
    ]
    if not fast:
        return None
    doses = [piece for piece in recent if piece not in past.infused]
    beyond = [_amount(max(item.start_h, -DAY_H), item.end_h, item.rate_mcg_per_kg_h - highest) for item in fast]
    whole = [_amount(item.start_h, item.end_h, item.rate_mcg_per_kg_h) for item in doses]
    return Quantity(round_half_up(sum((*beyond, *whole), Decimal(0)), DECIMALS), "mcg/kg")


def dose_on_top(past: History, *, begun: Quantity) -> Quantity | None:
    """Return the largest single dose of the last 24 h that came on top of an infusion, or after one, mcg/kg.

    Args:
        past: What was given.
        begun: A dose that starts no later than this after the infusion belongs to its start.

    Returns:
        None where every dose came first; an infusion that ended more than 24 h before a dose is another course.
    """
    late = begun.in_unit("h")
    found = [
        _amount(dose.start_h, dose.end_h, dose.rate_mcg_per_kg_h)
        for dose in past.doses
        if dose.end_h > -DAY_H
        and any(
            run.rate_mcg_per_kg_h and run.start_h < dose.start_h - late and run.end_h > dose.start_h - DAY_H
            for run in past.infused
        )
    ]
    return Quantity(round_half_up(max(found), DECIMALS), "mcg/kg") if found else None


def _amount(start_h: Decimal, end_h: Decimal, rate: Decimal) -> Decimal:
    return (end_h - start_h) * rate


def _is_over(piece: Piece, past: History) -> bool:
    """Tell whether a rate is one of the past; the one that runs ends in the record at this moment too."""
    return piece.end_h < 0 or past.running_rate is None
