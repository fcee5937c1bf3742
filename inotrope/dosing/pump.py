"""From a rate per body weight to the number on the pump, and back.

Knows the pump's step, the rounding of printed tables, and why a hard limit overrules it. It does not know which limits
hold (`ceiling.py`). Trap: 50 kg at 0.75 mcg/kg/min and 200 mcg/mL is 11.25 mL/h; tables print 11.3, which
delivers 0.753 and is above the label's maximum.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing.ceiling import Ceiling
from inotrope.units import Quantity, plain_number, round_half_up, step_down, step_half_up

_MINUTES_PER_HOUR = Decimal(60)


@dataclass(frozen=True, slots=True)
class PumpRate:
    """A rate as the pump takes it.

    Attributes:
        rate: mL/h, a whole number of the pump's steps.
        exact: mL/h before rounding.
        printed: mL/h half up, as printed tables round; equal to `rate` unless a limit would be crossed.
        delivered: What the pump then gives, mcg/kg/min.
        error: (delivered - asked) / asked, in %.
        arithmetic: The lines a second person follows.
        says: Why it differs from half up; empty when it does not.
    """

    rate: Quantity
    exact: Quantity
    printed: Quantity
    delivered: Quantity
    error: Quantity
    arithmetic: tuple[str, ...]
    says: str


def to_pump(
    rate: Quantity, *, weight: Quantity, concentration: Quantity, step: Quantity, ceiling: Ceiling | None
) -> PumpRate:
    """Return the pump's setting for a rate.

    Args:
        rate: Per body weight.
        weight: The dosing weight.
        concentration: Of the bag or syringe.
        step: The pump's smallest step, a flow.
        ceiling: The hard limits; None only for the bare converter, which knows no patient.

    Returns:
        The rate rounded half up to the step as printed tables do, or down where half up would cross a hard limit.
    """
    rate_mcg_per_kg_min = rate.in_unit("mcg/kg/min")
    weight_kg = weight.in_unit("kg")
    concentration_mcg_per_ml = concentration.in_unit("mcg/mL")
    step_ml_per_h = step.in_unit("mL/h")
    exact = rate_mcg_per_kg_min * weight_kg * _MINUTES_PER_HOUR / concentration_mcg_per_ml
    printed = step_half_up(exact, step_ml_per_h)
    chosen, says = printed, ""
    if ceiling is not None and _delivers_more(
        printed, concentration_mcg_per_ml, weight_kg, ceiling.rate.in_unit("mcg/kg/min")
    ):
        chosen = step_down(exact, step_ml_per_h)
        above = _delivered(printed, concentration_mcg_per_ml, weight_kg)
        says = (
            f"Rounded down to {plain_number(chosen)} mL/h: half up, as tables round, it would be "
            f"{plain_number(printed)} mL/h, which is {plain_number(round_half_up(above, 4))} mcg/kg/min and more than "
            f"allowed ({ceiling.lowest.says})."
        )
    delivered = _delivered(chosen, concentration_mcg_per_ml, weight_kg)
    mcg_per_h = plain_number(round_half_up(rate_mcg_per_kg_min * weight_kg * 60, 2))
    asked = rate.to("mcg/kg/min")
    converted = () if rate.unit == asked.unit else (f"{rate} = {asked.shown(6)}",)
    lines = (
        *converted,
        f"{asked.shown(6 if converted else 4)} x {weight} x 60 min/h = {mcg_per_h} mcg/h",
        f"{mcg_per_h} mcg/h / {concentration.to('mcg/mL')} = {plain_number(round_half_up(exact, 4))} mL/h, "
        f"set {plain_number(chosen)} mL/h (pump step {step})",
        f"{plain_number(chosen)} mL/h x {concentration.to('mcg/mL')} / 60 min/h / {weight} = "
        f"{plain_number(round_half_up(delivered, 4))} mcg/kg/min delivered",
    )
    return PumpRate(
        rate=Quantity(chosen, "mL/h"),
        exact=Quantity(exact, "mL/h"),
        printed=Quantity(printed, "mL/h"),
        delivered=Quantity(delivered, "mcg/kg/min"),
        error=off_by(delivered, rate_mcg_per_kg_min),
        arithmetic=lines,
        says=says,
    )


def off_by(delivered: Decimal, meant: Decimal) -> Quantity:
    """Return how far what is delivered lies off what was meant, %, in one unit both: (delivered - meant) / meant.

    To 9 decimals: 30 mcg/min of 54 kg is no finite decimal, and just 10 % off is not more than 10 % off.
    """
    return Quantity(round_half_up((delivered - meant) / meant * 100, 9), "%")


def exact_flow(rate: Quantity, *, weight: Quantity, concentration: Quantity) -> Quantity:
    """Return the mL/h that give a rate per body weight, not rounded: what a record of a rate comes to."""
    per_h = rate.in_unit("mcg/kg/h") * weight.in_unit("kg")
    return Quantity(per_h / concentration.in_unit("mcg/mL"), "mL/h")


def nearest_setting(exact: Quantity, step: Quantity) -> Quantity:
    """Return the setting of a pump that is nearest to a flow, half up: a record of a rate is rarely a whole step."""
    return Quantity(step_half_up(exact.in_unit("mL/h"), step.in_unit("mL/h")), "mL/h")


def recorded_setting(
    rate: Quantity, *, weight: Quantity, concentration: Quantity, step: Quantity, highest: Quantity | None
) -> Quantity:
    """Return the pump's setting for a rate of the record, mL/h: the nearest one, or the next one down at a limit.

    Args:
        rate: As recorded, per body weight.
        weight: The dosing weight.
        concentration: Of the bag or syringe.
        step: The pump's smallest step, a flow.
        highest: The highest rate that is allowed; None where nobody can say. A rate above it is shown as it runs.
    """
    exact = exact_flow(rate, weight=weight, concentration=concentration)
    nearest = nearest_setting(exact, step)
    if highest is None or rate > highest:
        return nearest
    limit, strength = highest.in_unit("mcg/kg/min"), concentration.in_unit("mcg/mL")
    if _delivers_more(nearest.value, strength, weight.in_unit("kg"), limit):
        return Quantity(step_down(exact.in_unit("mL/h"), step.in_unit("mL/h")), "mL/h")
    return nearest


def far_off(pump: PumpRate, *, warning: Quantity, stop: Quantity) -> str:
    """Say that the pump's step puts a dose far off, as a sentence; empty where it lies within the limit of a warning.

    Args:
        pump: The setting.
        warning: The share beyond which a dose is shown as off, %.
        stop: The share beyond which no plan stands, %.
    """
    error = pump.error
    if abs(error.value) <= warning.in_unit("%"):
        return ""
    off = f"The pump's step makes it {'+' if error.value > 0 else ''}{error.shown(1)} from the rate"
    if abs(error.value) > stop.in_unit("%"):
        return f"{off}, beyond the {stop} at which a plan stops: do not set it; use a weaker bag or a finer pump."
    return f"{off}, more than {warning}: use a weaker bag or a finer pump."


def from_pump(flow: Quantity, *, weight: Quantity, concentration: Quantity) -> Quantity:
    """Return the rate per body weight, mcg/kg/min, that a pump setting delivers."""
    delivered = _delivered(flow.in_unit("mL/h"), concentration.in_unit("mcg/mL"), weight.in_unit("kg"))
    return Quantity(delivered, "mcg/kg/min")


def _delivered(flow: Decimal, concentration: Decimal, weight: Decimal) -> Decimal:
    """Return mcg/kg/min with one division: two would round twice, and the way back would differ in the last digit."""
    return flow * concentration / (weight * _MINUTES_PER_HOUR)


def _delivers_more(flow: Decimal, concentration: Decimal, weight: Decimal, limit: Decimal) -> bool:
    """Compare by cross-multiplication: a quotient could be rounded onto the limit and hide the crossing."""
    return flow * concentration > limit * weight * _MINUTES_PER_HOUR
