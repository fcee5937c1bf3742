"""Arrays of a circulation become numbers with their units, each rounded as it is read at a bedside."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, SupportsFloat

from inotrope.forecast import Spread
from inotrope.forecast.circulation import Foreseen
from inotrope.plan.circulation.course_record import Likely, QuantityCourse
from inotrope.plan.forecast_numbers import PERCENT
from inotrope.plan.forecast_record import Intervals, Values
from inotrope.units import Quantity, round_half_up

MMHG = "mmHg"
_DECIMALS = {"L/min/m2": 2, "L/min": 2, "dyn s/cm5": 0}
_OTHERS = 1


class Shown(NamedTuple):
    """One quantity: its name, its short name, what `circulation` calls it, its unit, and what that is times."""

    what: str
    short: str
    name: str
    unit: str
    scale: float = 1.0


SHOWN = (
    Shown("cardiac index", "CI", "cardiac_index_l_per_min_m2", "L/min/m2"),
    Shown("mean arterial pressure", "MAP", "mean_arterial_mmhg", MMHG),
    Shown("central venous pressure", "CVP", "central_venous_mmhg", MMHG),
    Shown("wedge pressure", "PCWP", "wedge_mmhg", MMHG),
    Shown("mean pulmonary artery pressure", "mPAP", "mean_pulmonary_mmhg", MMHG),
    Shown("systemic vascular resistance", "SVR", "systemic_resistance_dyn_s_per_cm5", "dyn s/cm5"),
    Shown("pulmonary vascular resistance", "PVR", "pulmonary_resistance_dyn_s_per_cm5", "dyn s/cm5"),
    Shown("heart rate", "HR", "heart_rate_per_min", "/min"),
    Shown("stroke volume", "SV", "stroke_volume_ml", "mL"),
    Shown("left ejection fraction", "EF", "left_ejection_fraction", PERCENT, 100.0),
)
"""What a course shows, in this order."""
INDEX, OUTPUT = "CI", "CO"


def rounded(value: SupportsFloat, unit: str) -> Quantity:
    """Return a number with its unit."""
    return Quantity(round_half_up(Decimal(repr(float(value))), _DECIMALS.get(unit, _OTHERS)), unit)


def percent(share: SupportsFloat) -> Quantity:
    """Return a share as percent."""
    return rounded(100 * float(share), PERCENT)


def percents(shares: object) -> Values:
    """Return shares at each time as percent."""
    return Values(PERCENT, tuple(round(100 * float(share), 1) for share in shares))  # type: ignore[attr-defined]


def likely(spread: Spread, unit: str, scale: float = 1.0) -> Likely:
    """Return one number of all draws."""
    return Likely(*(rounded(scale * float(end), unit) for end in (spread.median, spread.lowest, spread.highest)))


def band(spread: Spread, unit: str, scale: float = 1.0) -> Intervals:
    """Return how draws lie at each time."""
    ends = (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest)
    places = _DECIMALS.get(unit, _OTHERS)
    return Intervals(*(Values(unit, tuple(round(scale * float(value), places) for value in end)) for end in ends))


def shown_of(surface_m2: float | None, supposed_m2: float) -> tuple[Shown, ...]:
    """Return what a course shows; where the body's surface is not known, the output in the place of its index.

    Args:
        surface_m2: Of the body; None where no height is known.
        supposed_m2: That the patient was taken to have.
    """
    if surface_m2 is not None:
        return SHOWN
    return (Shown("cardiac output", OUTPUT, SHOWN[0].name, "L/min", supposed_m2), *SHOWN[1:])


def quantities(found: Foreseen, shown: tuple[Shown, ...]) -> tuple[QuantityCourse, ...]:
    """Return quantities over time."""
    return tuple(
        QuantityCourse(
            what=item.what,
            short=item.short,
            before=likely(found.before(item.name), item.unit, item.scale),
            curve=band(found.of(item.name), item.unit, item.scale),
        )
        for item in shown
    )
