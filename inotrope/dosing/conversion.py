"""The bare converter: a dose to a pump setting and back, and the weight x rate table of a ward.

Knows one weight, one concentration and the arithmetic; it knows no patient, applies no limit to a conversion and
proposes nothing. It shows where a result lies against the entry's limits, so that no one needs to look them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing.pump import from_pump, to_pump
from inotrope.drug import Entry
from inotrope.units import Quantity, plain_number, round_half_up, step_half_up


@dataclass(frozen=True, slots=True)
class Conversion:
    """One conversion with its arithmetic and what the label's range says of it."""

    rate: Quantity
    pump_rate: Quantity
    delivered: Quantity
    arithmetic: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateTable:
    """Pump settings in mL/h: one row per rate, one column per weight; raw arithmetic rounded half up, as printed."""

    concentration: Quantity
    step: Quantity
    weights: tuple[Quantity, ...]
    rates: tuple[Quantity, ...]
    cells: tuple[tuple[Decimal, ...], ...]
    crossings: tuple[str, ...]


def dose_to_pump(
    rate: Quantity, *, weight: Quantity, concentration: Quantity, step: Quantity, entry: Entry
) -> Conversion:
    """Return the pump setting for a rate, rounded half up, and what crosses the entry's maximum after rounding."""
    pump = to_pump(rate, weight=weight, concentration=concentration, step=step, ceiling=None)
    return Conversion(
        rate.to("mcg/kg/min"), pump.rate, pump.delivered, pump.arithmetic, _against(entry, pump.delivered)
    )


def pump_to_dose(flow: Quantity, *, weight: Quantity, concentration: Quantity, entry: Entry) -> Conversion:
    """Return the rate per body weight that a pump setting delivers."""
    rate = from_pump(flow, weight=weight, concentration=concentration)
    mass_per_min = flow.in_unit("mL/h") * concentration.in_unit("mcg/mL") / 60
    lines = (
        f"{flow.to('mL/h')} x {concentration.to('mcg/mL')} / 60 min/h = "
        f"{plain_number(round_half_up(mass_per_min, 4))} mcg/min",
        f"{plain_number(round_half_up(mass_per_min, 4))} mcg/min / {weight} = {rate.shown(4)}",
    )
    return Conversion(rate, flow.to("mL/h"), rate, lines, _against(entry, rate))


def rate_table(
    *, weights: Sequence[Quantity], rates: Sequence[Quantity], concentration: Quantity, step: Quantity, entry: Entry
) -> RateTable:
    """Return the weight x rate table as printed ones are made, and name every cell that crosses the maximum.

    The cells are the raw arithmetic rounded half up to the step. A cell whose rounding delivers more than the entry's
    maximum is listed in `crossings` with the lower setting that does not.
    """
    step_ml_per_h = step.in_unit("mL/h")
    concentration_mcg_per_ml = concentration.in_unit("mcg/mL")
    top = entry.maintenance.maximum.value
    cells, crossings = [], []
    for rate in rates:
        row = []
        for weight in weights:
            exact = rate.in_unit("mcg/kg/min") * weight.in_unit("kg") * 60 / concentration_mcg_per_ml
            cell = step_half_up(exact, step_ml_per_h)
            row.append(cell)
            given = from_pump(Quantity(cell, "mL/h"), weight=weight, concentration=concentration)
            if given > top >= rate:
                crossings.append(
                    f"{weight} at {rate}: {plain_number(cell)} mL/h delivers {given.shown(4)}, above the maximum of "
                    f"{top}; a plan sets {plain_number(cell - step_ml_per_h)} mL/h"
                )
        cells.append(tuple(row))
    return RateTable(concentration.to("mcg/mL"), step, tuple(weights), tuple(rates), tuple(cells), tuple(crossings))


def _against(entry: Entry, rate: Quantity) -> tuple[str, ...]:
    lowest, highest = entry.maintenance.minimum.value, entry.maintenance.maximum.value
    if rate > highest:
        return (f"{rate.shown(4)} is above the label's maximum of {highest} ({entry.authority}).",)
    if rate < lowest:
        return (f"{rate.shown(4)} is below the label's minimum of {lowest} ({entry.authority}).",)
    return ()
