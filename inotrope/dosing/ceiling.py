"""The hard limits on a rate: the entry's maximum, the renal line, and what the 24 h total leaves.

Knows which of them is lowest, and why. It does not round; rounding (`pump.py`) asks for this ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing.history import DAY_H, History, amounts
from inotrope.dosing.renal import DOWN, RATE, hours_to_minutes, line_applies, renal_line
from inotrope.drug import Entry
from inotrope.errors import EquationError
from inotrope.findings import SourceReference
from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class Limit:
    """One hard limit on the rate, with the words and the source that a reader needs to check it."""

    name: str
    rate: Quantity
    says: str
    source: SourceReference


@dataclass(frozen=True, slots=True)
class Ceiling:
    """All hard limits that hold for this patient now; `limits` is never empty."""

    limits: tuple[Limit, ...]

    @property
    def lowest(self) -> Limit:
        """The limit that binds."""
        return min(self.limits, key=lambda limit: limit.rate)

    @property
    def rate(self) -> Quantity:
        """The highest rate allowed, mcg/kg/min."""
        return self.lowest.rate

    def named(self, name: str) -> Limit | None:
        """Return the limit of that name (`maximum`, `renal line`, `24 h total`), or None where it does not hold."""
        return next((limit for limit in self.limits if limit.name == name), None)


def ceiling(entry: Entry, *, clearance: Quantity | None, past: History, load_mcg_per_kg: Decimal) -> Ceiling:
    """Return the hard limits on the rate for one patient.

    Args:
        entry: The dosing entry; every cap belongs to its entry.
        clearance: The dosing value of the kidney, mL/min/1.73 m2; not below the table's lower end. Asked for only where
            the entry has a renal table.
        past: What was given.
        load_mcg_per_kg: The load that will be given now, as rounded; 0 without one.

    Raises:
        EquationError: The clearance lies below the printed table, or is not known and the entry has a table.
    """
    top = entry.maintenance.maximum
    whose = "this site's" if top.source.id == "site" else "the entry's"
    limits = [Limit("maximum", top.value.to(RATE), f"{whose} maximum rate is {top.value}", top.source)]
    if entry.renal is not None and clearance is None:
        raise EquationError("The entry has a renal table, and no kidney function is known. Dose only with one.")
    if entry.renal is not None and clearance is not None and clearance <= entry.renal.upper.value:
        line = renal_line(entry.renal, clearance)
        limits.append(
            Limit(
                "renal line",
                line,
                f"at a creatinine clearance of {clearance.shown(1)} the label's renal table gives {line.shown(4)}",
                entry.renal.points[0].source,
            )
        )
        assert line_applies(entry.renal, clearance)
    if entry.total_24_h is not None:
        cap = entry.total_24_h.maximum
        left = room(cap.value.in_unit("mcg/kg"), past=past, load_mcg_per_kg=load_mcg_per_kg)
        limits.append(
            Limit(
                "24 h total",
                Quantity(left, RATE),
                f"the total of any 24 h stays at or below {cap.value}, what was given counted",
                cap.source,
            )
        )
    return Ceiling(tuple(limits))


def room(cap_mcg_per_kg: Decimal, *, past: History, load_mcg_per_kg: Decimal) -> Decimal:
    """Return the highest constant rate from now on that keeps every 24 h window within the cap, mcg/kg/min.

    A window that ends t hours from now holds what was given since t - 24 h (and the rest of a dose still going in), the
    load, and t hours of the rate. Between the moments at which a piece starts, ends, or starts or ends its leaving, the
    recorded amount is a straight line, so the quotient has its extremes there. Zero or below: nothing may be given now.
    """
    given = amounts(past.pieces)
    if cap_mcg_per_kg - load_mcg_per_kg - given(-DAY_H, Decimal(0)) < 0:
        return Decimal(0)
    lowest = min(
        DOWN.divide(
            cap_mcg_per_kg - given(end - DAY_H, end) - (load_mcg_per_kg if end <= DAY_H else 0), min(end, DAY_H)
        )
        for end in window_ends(past)
        if end > 0
    )
    return max(hours_to_minutes(lowest), Decimal(0))


def window_ends(past: History) -> set[Decimal]:
    """Return the ends, from now on in hours, of the windows among which the fullest one is, whatever the rate."""
    edges = {edge + shift for piece in past.pieces for edge in (piece.start_h, piece.end_h) for shift in (0, DAY_H)}
    return {edge for edge in edges if edge > 0} | {Decimal(0), DAY_H}
