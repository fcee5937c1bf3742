"""What a second person enters, item by item: its name, its units, and how it is read and shown.

Knows that whoever looks at a screen or a label can only enter what stands there: an amount is exact as it is shown, to
the last figure, and an amount of endless figures counts as the one that stands on the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.errors import InotropeError, RequestError
from inotrope.units import Quantity, plain_number, read_quantity, round_half_up

WEIGHT, CONCENTRATION, PUMP_RATE, RATE = "weight", "concentration", "pump rate", "rate"
LOAD = "load"
"""What goes in before the rate: nothing, a load that is drawn up, or a first rate. It is chosen and has no amount."""
STRENGTH, VOLUME, IN_ALL = "strength of the load", "volume drawn up", "volume in the syringe"
OVER, LOAD_RATE = "time of the load", "rate of the load"


@dataclass(frozen=True, slots=True)
class Item:
    """One amount: its name for an error, what it measures, its units, and the decimals with which a plan shows it.

    Without decimals a plan shows it as it was written.
    """

    name: str
    dimension: str
    units: tuple[str, ...]
    decimals: int | None = None


AMOUNTS = {
    WEIGHT: Item("Weight", "body weight", ("kg",)),
    CONCENTRATION: Item("Concentration", "mass concentration", ("mcg/mL", "mg/mL")),
    STRENGTH: Item("Strength of the vial", "mass concentration", ("mg/mL", "mcg/mL")),
    VOLUME: Item("Volume drawn up", "volume", ("mL",)),
    IN_ALL: Item("Volume in the syringe", "volume", ("mL",)),
    OVER: Item("Time of the load or of the first rate", "time", ("min", "h")),
    LOAD_RATE: Item("Rate of the load on the pump", "flow", ("mL/h",), 4),
    PUMP_RATE: Item("Rate on the pump", "flow", ("mL/h",), 4),
    RATE: Item("Rate per body weight", "rate per body weight", ("mcg/kg/min",), 4),
}
"""Every item with an amount. A weight is entered in kg alone: grams have made ten-fold and thousand-fold errors."""
ITEMS = (WEIGHT, CONCENTRATION, LOAD, STRENGTH, VOLUME, IN_ALL, OVER, LOAD_RATE, PUMP_RATE, RATE)
"""All of them, in the order in which they are entered."""
OF_THE_LOAD = (STRENGTH, VOLUME, IN_ALL, OVER, LOAD_RATE)


def read_item(item: str, text: str) -> Quantity:
    """Return one amount as a second person entered it.

    Args:
        item: One of `AMOUNTS`.
        text: A number with its unit, such as `82 kg`.

    Raises:
        RequestError: No such item.
        UnitError: No number, no unit, another unit than the item's, or zero and below; its place is the item.
    """
    if item not in AMOUNTS:
        raise RequestError(f"'{item}' is not checked.", value=item, accepted=", ".join(AMOUNTS))
    known = AMOUNTS[item]
    try:
        return read_quantity(text, what=known.name, dimensions=(known.dimension,), units=known.units)
    except InotropeError as problem:
        raise problem.at(item) from None


def as_shown(item: str, amount: Quantity) -> Quantity:
    """Return an amount with the figures with which a plan shows it, and no others."""
    decimals = AMOUNTS[item].decimals
    value = amount.value if decimals is None else round_half_up(amount.value, decimals)
    return Quantity(Decimal(plain_number(value).replace(",", "")), amount.unit)


def same(item: str, meant: Quantity, entered: Quantity) -> bool:
    """Tell whether an entry is what was meant, in whatever unit: exactly, or exactly as it is shown."""
    return entered in (meant, as_shown(item, meant))
