"""The bare converter: a dose to a pump setting and back, and the weight x rate table of a ward.

Knows one weight, one concentration and the arithmetic; it knows no patient and proposes nothing. It says where a result
lies against the entry's limits, so that no one needs to look them up, and which concentration no product can have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing.pump import far_off, from_pump, off_by, to_pump
from inotrope.drug import Drug, Entry, RateLoad
from inotrope.patient import AgeGroup, vocabulary
from inotrope.units import Quantity, plain_number, round_half_up, step_down, step_half_up

_DECIMALS = range(4, 13)
"""Of a rate above a maximum: as many as tell the two apart, so that nothing is called above what it is shown as."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """One conversion with its arithmetic and what the label's range says of it.

    `must_not_stand` is true where the result is above the maximum, cannot be set on the pump, or is so far off the rate
    asked that no plan would stand; `instead` names the setting that would stand, where only the rounding crosses the
    maximum; `off` says that the pump's step puts the dose further off than a plan lets pass.
    """

    rate: Quantity
    pump_rate: Quantity
    delivered: Quantity
    arithmetic: tuple[str, ...]
    says: tuple[str, ...]
    must_not_stand: bool
    instead: str
    off: str = ""


@dataclass(frozen=True, slots=True)
class RateTable:
    """Pump settings in mL/h: one row per rate, one column per weight; raw arithmetic rounded half up, as printed.

    `above` names the rates that are above the maximum as they were asked for; `off` and `far_off` the cells that the
    rounding puts further off than a plan warns of, and than it stops at.
    """

    concentration: Quantity
    step: Quantity
    weights: tuple[Quantity, ...]
    rates: tuple[Quantity, ...]
    cells: tuple[tuple[Decimal, ...], ...]
    crossings: tuple[str, ...]
    above: tuple[Quantity, ...]
    off: tuple[str, ...] = ()
    far_off: tuple[str, ...] = ()


def why_no_product(concentration: Quantity, drug: Drug, entry: Entry | None = None) -> str:
    """Return why no product or bag of a drug has this concentration, as a sentence; empty where one can have it.

    Args:
        concentration: As somebody wrote it.
        drug: Its folder, whose table of strengths holds the limits.
        entry: Whose patient it is for: a newborn's bag may be weaker. None holds the lowest of everybody else.
    """
    strengths = {key: number.value for key, number in drug.strengths.items()}
    lowest, highest = strengths["lowest"], strengths["highest"]
    if entry is not None and entry.group is AgeGroup.NEWBORN:
        lowest = strengths.get("lowest_newborn", lowest)
    salt = (strengths.get("salt_lowest"), strengths.get("salt_highest"))
    if salt[0] is not None and salt[1] is not None and salt[0] <= concentration <= salt[1]:
        name = "the salt" if drug.identity.salt is None else f"{drug.identity.salt.name} (the salt)"
        return (
            f"{concentration} is the strength of {name}, not of {drug.name}: what lies between {salt[0]} and {salt[1]} "
            f"is taken for the salt. Read the vial again, and write the strength as {drug.name}."
        )
    if concentration < lowest:
        return (
            f"{concentration} is below {lowest.to(concentration.unit)}, the lowest concentration in use. Check mg "
            "against mcg, and read the label of the bag again."
        )
    if concentration > highest:
        return (
            f"{concentration} is above {highest.to(concentration.unit)}, the strongest product. Check mg against mcg, "
            "and read the label of the vial again."
        )
    return ""


def dose_to_pump(
    rate: Quantity, *, weight: Quantity, concentration: Quantity, step: Quantity, entry: Entry
) -> Conversion:
    """Return the pump setting for a rate, rounded half up, and what crosses the entry's maximum after rounding."""
    step = step.to("mL/h")
    pump = to_pump(rate, weight=weight, concentration=concentration, step=step, ceiling=None)
    asked, highest = rate.to("mcg/kg/min"), entry.maintenance.maximum.value
    says, wrong = _against(entry, pump.delivered)
    instead = ""
    if pump.rate.value <= 0:
        says, wrong = (f"{pump.exact.shown(4)} is less than the pump can be set to: its step is {step}.",), True
    elif asked <= highest < pump.delivered:
        lower = Quantity(step_down(pump.exact.value, step.value), "mL/h")
        given = from_pump(lower, weight=weight, concentration=concentration)
        instead = f"The rounding does it: the next lower setting, {lower}, delivers {given.shown(4)}"
        error = off_by(given.in_unit("mcg/kg/min"), asked.in_unit("mcg/kg/min"))
        if abs(error.value) > _stop().in_unit("%"):
            instead += f", {error.shown(1)} from the rate, at which a plan stops. Use a weaker bag or a finer pump"
        instead += "."
    off = ""
    if pump.rate.value > 0:
        off = far_off(pump, warning=entry.rounding.error_warning.value, stop=_stop())
        wrong = wrong or abs(pump.error.value) > _stop().in_unit("%")
    return Conversion(asked, pump.rate, pump.delivered, pump.arithmetic, says, wrong, instead, off)


def pump_to_dose(flow: Quantity, *, weight: Quantity, concentration: Quantity, entry: Entry) -> Conversion:
    """Return the rate per body weight that a pump setting delivers."""
    rate = from_pump(flow, weight=weight, concentration=concentration)
    mass_per_min = flow.in_unit("mL/h") * concentration.in_unit("mcg/mL") / 60
    per_h = flow.to("mL/h")
    converted = () if flow.unit == per_h.unit else (f"{flow} = {per_h}",)
    lines = (
        *converted,
        f"{per_h} x {concentration.to('mcg/mL')} / 60 min/h = {plain_number(round_half_up(mass_per_min, 4))} mcg/min",
        f"{plain_number(round_half_up(mass_per_min, 4))} mcg/min / {weight} = {rate.shown(4)}",
    )
    says, wrong = _against(entry, rate)
    return Conversion(rate, per_h, rate, lines, says, wrong, "")


def rate_table(
    *, weights: Sequence[Quantity], rates: Sequence[Quantity], concentration: Quantity, step: Quantity, entry: Entry
) -> RateTable:
    """Return the weight x rate table as printed ones are made, and name every cell that crosses the maximum.

    The cells are the raw arithmetic rounded half up to the step. A cell whose rounding delivers more than the entry's
    maximum is listed in `crossings` with the lower setting that does not; a rate above the maximum is in `above`.
    A cell that cannot be set at all is left to the caller.
    """
    step_ml_per_h = step.in_unit("mL/h")
    concentration_mcg_per_ml = concentration.in_unit("mcg/mL")
    top = entry.maintenance.maximum.value
    warning, stop = entry.rounding.error_warning.value.in_unit("%"), _stop().in_unit("%")
    cells, crossings = [], []
    off: list[str] = []
    far: list[str] = []
    for rate in rates:
        row = []
        for weight in weights:
            exact = rate.in_unit("mcg/kg/min") * weight.in_unit("kg") * 60 / concentration_mcg_per_ml
            cell = step_half_up(exact, step_ml_per_h)
            row.append(cell)
            given = from_pump(Quantity(cell, "mL/h"), weight=weight, concentration=concentration)
            meant = rate.in_unit("mcg/kg/min")
            error = off_by(given.in_unit("mcg/kg/min"), meant)
            if cell > 0 and abs(error.value) > warning:
                sign = "+" if error.value > 0 else ""
                (far if abs(error.value) > stop else off).append(
                    f"{weight} at {rate}: {plain_number(cell)} mL/h delivers {given.shown(4)}, {sign}{error.shown(1)} "
                    "from the rate"
                )
            if given > top >= rate:
                lower = Quantity(cell - step_ml_per_h, "mL/h")
                less = from_pump(lower, weight=weight, concentration=concentration)
                below = off_by(less.in_unit("mcg/kg/min"), meant)
                instead = f"a plan sets {lower}"
                if abs(below.value) > stop:
                    instead = f"{lower} is {below.shown(1)} from the rate, at which a plan stops"
                crossings.append(
                    f"{weight} at {rate}: {plain_number(cell)} mL/h delivers {given.shown(4)}, above the maximum of "
                    f"{top}; {instead}"
                )
        cells.append(tuple(row))
    return RateTable(
        concentration=concentration.to("mcg/mL"),
        step=step.to("mL/h"),
        weights=tuple(weights),
        rates=tuple(rates),
        cells=tuple(cells),
        crossings=tuple(crossings),
        above=tuple(rate for rate in rates if rate > top),
        off=tuple(off),
        far_off=tuple(far),
    )


def _stop() -> Quantity:
    return vocabulary().limit("pump.delivered_error_stop").value


def _against(entry: Entry, rate: Quantity) -> tuple[tuple[str, ...], bool]:
    """Say where a rate lies outside the entry's range, and whether it must not stand: only above it.

    A rate above the infusion's maximum that the entry's own load runs at is said to be that, and stands.
    """
    lowest, highest = entry.maintenance.minimum.value, entry.maintenance.maximum.value
    whose = "label's" if entry.on_label else "entry's"
    load = entry.load
    if rate > highest and isinstance(load, RateLoad) and load.rate.value <= rate <= load.highest.value:
        says = f"{rate.shown(4)} is a rate of the entry's load, for {load.duration.value} and no longer"
        return (f"{says}: the infusion's maximum is {highest} ({entry.authority}).",), False
    if rate > highest:
        shown = next(
            (text for text in map(rate.shown, _DECIMALS) if text != highest.shown(4)), rate.shown(_DECIMALS[-1])
        )
        return (f"{shown} is above the {whose} maximum of {highest} ({entry.authority}).",), True
    if rate < lowest:
        return (f"{rate.shown(4)} is below the {whose} minimum of {lowest} ({entry.authority}).",), False
    return (), False
