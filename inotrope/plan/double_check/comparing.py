"""What a second person entered beside what the first one meant: item by item, exactly, and without telling a value.

Knows units: 0.2 mg/mL is 200 mcg/mL. Nothing is rounded and nothing is near enough. It does not say which of the two
is right, nor in which direction they differ, so that nobody can enter again until it fits without looking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inotrope.errors import InotropeError, RequestError
from inotrope.plan.double_check.settings import ToBeSet
from inotrope.units import Quantity, read_quantity

WEIGHT, CONCENTRATION, PUMP_RATE, RATE = "weight", "concentration", "pump rate", "rate"
_READ: dict[str, tuple[str, str, tuple[str, ...]]] = {
    WEIGHT: ("Weight", "body weight", ("kg",)),
    CONCENTRATION: ("Concentration", "mass concentration", ("mcg/mL", "mg/mL")),
    PUMP_RATE: ("Rate on the pump", "flow", ("mL/h",)),
    RATE: ("Rate per body weight", "rate per body weight", ("mcg/kg/min",)),
}
"""Each item: its name for an error, what it measures, and the units in which it is entered."""
ITEMS = tuple(_READ)
UNITS = {item: units for item, (_, _, units) in _READ.items()}
"""A weight is entered in kg alone: grams have made ten-fold and thousand-fold errors."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One item: whether both meant the same amount. No value stands in it."""

    item: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class DoubleCheck:
    """What came out: every item that was entered, in the order of `ITEMS`."""

    items: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        """Whether all of them agree."""
        return all(item.agrees for item in self.items)

    @property
    def differing(self) -> tuple[str, ...]:
        """The items that do not."""
        return tuple(item.item for item in self.items if not item.agrees)


def read_item(item: str, text: str) -> Quantity:
    """Return one item as a second person entered it.

    Args:
        item: One of `ITEMS`.
        text: A number with its unit, such as `82 kg`.

    Raises:
        RequestError: No such item.
        UnitError: No number, no unit, another unit than those of `UNITS`, or zero and below; its place is the item.
    """
    if item not in _READ:
        raise RequestError(f"'{item}' is not checked.", value=item, accepted=", ".join(ITEMS))
    name, dimension, units = _READ[item]
    try:
        return read_quantity(text, what=name, dimensions=(dimension,), units=units)
    except InotropeError as problem:
        raise problem.at(item) from None


def compare(meant: ToBeSet, entered: Mapping[str, Quantity]) -> DoubleCheck:
    """Return what agrees and what differs.

    Args:
        meant: What the first person means to set.
        entered: By item what the second one entered: weight, concentration, and one of the two rates or both.

    Raises:
        RequestError: An item that is not checked, or one that is missing.
    """
    own = {
        WEIGHT: meant.weight,
        CONCENTRATION: meant.concentration,
        PUMP_RATE: meant.pump_rate,
        RATE: meant.rate,
    }
    unknown = next((item for item in entered if item not in own), None)
    if unknown is not None:
        raise RequestError(f"'{unknown}' is not checked.", value=unknown, accepted=", ".join(ITEMS))
    for item in (WEIGHT, CONCENTRATION):
        if item not in entered:
            raise RequestError(f"The {item} is missing. Enter it.", accepted=_accepted(item), where=item)
    if PUMP_RATE not in entered and RATE not in entered:
        says = "The rate is missing. Enter what stands on the pump, in mL/h, or the rate in mcg/kg/min, or both."
        raise RequestError(says, accepted=f"{_accepted(PUMP_RATE)}, or {_accepted(RATE)}", where=PUMP_RATE)
    return DoubleCheck(tuple(Compared(item, entered[item] == own[item]) for item in ITEMS if item in entered))


def _accepted(item: str) -> str:
    return f"a number in {' or '.join(UNITS[item])}"
