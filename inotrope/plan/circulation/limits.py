"""The pressure below which the rules give no load and reduce or stop a running infusion: where an entry has it."""

from __future__ import annotations

from inotrope.drug import Entry, Sourced

LOWEST_PRESSURE = "pressure.mean_arterial"


def lowest_pressure(entry: Entry | None) -> Sourced | None:
    """Return the limit of the mean arterial pressure of a dosing entry; None where it has none."""
    return None if entry is None else entry.numbers.get(LOWEST_PRESSURE)
