"""Whether a regimen that somebody named is more than the dosing entry of the patient gives: a warning, and no refusal.

Knows the entry's highest rate, that at this patient's creatinine clearance, and its load. What is foreseen of such a
regimen is computed all the same: somebody may ask what an error would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from inotrope.dosing import find_entry, line_applies, read_regimen, renal_line
from inotrope.drug import Entry, Load, load_drug
from inotrope.patient import Case, assess_kidney
from inotrope.units import Quantity, plain_number, round_half_up

_SAYS = (
    "{given} is above the entry's {what} of {limit}{at}, {times} times as much ({entry}): no plan proposes it. What "
    "follows is what the model makes of it."
)
_ABOVE = (
    "{listed}: above the {highest} of the entry at a creatinine clearance of {clearance}. No plan proposes it; "
    "what follows is what the model makes of it."
)


def beyond_entry(case: Case, regimen: str) -> tuple[str, ...]:
    """Return a sentence where the highest rate, and one where the highest load, is more than the entry gives.

    Args:
        case: The patient; without an entry there is nothing to hold it against.
        regimen: As it was written.
    """
    entry = find_entry(load_drug(case.drug), case)
    return tuple(_beyond(case, regimen, entry)) if isinstance(entry, Entry) else ()


def above_the_line(case: Case, rates: Iterable[Quantity]) -> tuple[str, ...]:
    """Return a sentence that lists the rates above what this patient's creatinine clearance allows; none for none."""
    entry = find_entry(load_drug(case.drug), case)
    line = _line(case, entry) if isinstance(entry, Entry) else None
    if line is None:
        return ()
    highest, clearance = line
    above = [str(rate) for rate in rates if rate > highest]
    listed = ", ".join(above)
    says = _ABOVE.format(listed=listed, highest=highest.shown(3), clearance=clearance.shown(0))
    return (says,) if above else ()


def _line(case: Case, entry: Entry) -> tuple[Quantity, Quantity] | None:
    """Return the entry's highest rate at the patient's clearance, and that; None where no table covers it."""
    clearance = assess_kidney(case).clearance
    if entry.renal is None or clearance is None or not line_applies(entry.renal, clearance):
        return None
    return renal_line(entry.renal, clearance), clearance


class _Limit(NamedTuple):
    """The most that an entry gives: what it is called, as text and as a number, and how far above it still counts."""

    what: str
    value: Quantity
    unit: str
    room: Decimal = Decimal(1)
    at: str = ""


def _beyond(case: Case, regimen: str, entry: Entry) -> Iterator[str]:
    weight = case.patient.weight
    kg, parts = weight.in_unit("kg"), read_regimen(regimen).parts
    rates = [(part.mcg_per_h(weight) / kg / 60, str(part.rate)) for part in parts if part.rate is not None]
    limit = _Limit("maximum", entry.maintenance.maximum.value, "mcg/kg/min")
    line = _line(case, entry)
    if line is not None and line[0] < limit.value:
        limit = _Limit("maximum", line[0], "mcg/kg/min", at=f" at a creatinine clearance of {line[1].shown(0)}")
    yield from _told(entry, rates, limit)
    if isinstance(entry.load, Load):
        loads = [
            (part.mcg_per_h(weight) * part.duration.in_unit("h") / kg, str(part.dose))
            for part in parts
            if part.dose is not None and part.duration is not None
        ]
        room = 1 + entry.load.overshoot.value.in_unit("%") / 100
        yield from _told(
            entry, loads, _Limit("load", (entry.load.dose_maximum or entry.load.dose).value, "mcg/kg", room)
        )


def _told(entry: Entry, given: list[tuple[Decimal, str]], limit: _Limit) -> Iterator[str]:
    value, words = max(given, default=(Decimal(0), ""))
    most = limit.value.in_unit(limit.unit)
    if value > most * limit.room:
        times = plain_number(round_half_up(value / most, 2))
        yield _SAYS.format(
            given=words, what=limit.what, limit=limit.value.shown(3), at=limit.at, times=times, entry=entry.authority
        )
