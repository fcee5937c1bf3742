"""What an order states: each quantity with what it is, as it was written, and where.

Knows the kinds of statement and the unit in which each is compared. It reads nothing and judges nothing. A range is one
statement with two ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inotrope.units import Quantity


class Kind(StrEnum):
    """What a quantity of an order is; the value is how a reader is told."""

    WEIGHT = "weight"
    RATE = "rate"
    MASS_RATE = "amount per time"
    PUMP_RATE = "pump rate"
    PUMP_RATE_PER_WEIGHT = "pump rate per weight"
    RATE_PER_ML_PER_H = "rate that 1 mL/h gives"
    SCALE_PUMP_RATE = "the 1 mL/h of a scale"
    AMOUNT = "amount in the bag"
    AMOUNT_PER_WEIGHT = "amount in the bag per weight"
    VOLUME = "volume of the bag"
    DRUG_VOLUME = "volume drawn from vials"
    DILUENT_VOLUME = "volume of diluent"
    VIAL_STRENGTH = "strength of the vial"
    CONCENTRATION = "concentration"
    BAG_TIME = "time over which the bag runs"
    COURSE = "duration of the infusion"
    LOAD_DOSE = "loading dose"
    LOAD_AMOUNT = "amount of the load"
    LOAD_VOLUME = "volume of the load"
    LOAD_DILUTED = "volume of the diluted load"
    LOAD_STRENGTH = "strength of the load"
    LOAD_TIME = "time of the load"
    LOAD_RATE = "rate of the load"
    LOAD_PUMP_RATE = "pump rate of the load"
    STEP = "step of the titration"
    HIGHEST = "highest rate of the titration"
    LOWEST = "lowest rate of the titration"
    HIGHEST_PUMP_RATE = "highest pump rate of the titration"
    LOWEST_PUMP_RATE = "lowest pump rate of the titration"
    STEP_PUMP_RATE = "step of the pump rate"
    STAGE_TIME = "time of a stage"
    STEP_TIME = "interval of the titration"
    TOTAL = "total over a time"
    TOTAL_PER_WEIGHT = "total over a time per weight"
    TOTAL_VOLUME = "total volume over a time"
    TOTAL_TIME = "time of the total"
    LONG_COURSE = "duration over several bags"
    EARLIER_RATE = "earlier rate"
    EARLIER_FLOW = "earlier pump rate"
    LINE_FLOW = "flow that keeps a line open, not the drug's"
    OTHER_FLOW = "flow of another fluid, not the drug's"
    BAG_CHANGE = "interval at which the bag is changed"
    BAG_LIFE = "time that the bag keeps"
    EARLIER_WEIGHT = "earlier weight"
    OTHER_WEIGHT = "weight beside the dosing weight"
    IDEAL_WEIGHT = "ideal weight"
    DAY_CAP = "cap of a day"
    AGE = "age"
    GESTATION = "gestational age"
    POSTMENSTRUAL = "postmenstrual age"


UNITS = {
    Kind.WEIGHT: "kg",
    Kind.RATE: "mcg/kg/min",
    Kind.MASS_RATE: "mcg/min",
    Kind.PUMP_RATE: "mL/h",
    Kind.PUMP_RATE_PER_WEIGHT: "mL/kg/h",
    Kind.RATE_PER_ML_PER_H: "mcg/kg/min",
    Kind.SCALE_PUMP_RATE: "mL/h",
    Kind.AMOUNT: "mcg",
    Kind.AMOUNT_PER_WEIGHT: "mcg/kg",
    Kind.VOLUME: "mL",
    Kind.DRUG_VOLUME: "mL",
    Kind.DILUENT_VOLUME: "mL",
    Kind.VIAL_STRENGTH: "mcg/mL",
    Kind.CONCENTRATION: "mcg/mL",
    Kind.BAG_TIME: "h",
    Kind.COURSE: "h",
    Kind.LOAD_DOSE: "mcg/kg",
    Kind.LOAD_AMOUNT: "mcg",
    Kind.LOAD_VOLUME: "mL",
    Kind.LOAD_DILUTED: "mL",
    Kind.LOAD_STRENGTH: "mcg/mL",
    Kind.LOAD_TIME: "min",
    Kind.LOAD_RATE: "mcg/kg/min",
    Kind.LOAD_PUMP_RATE: "mL/h",
    Kind.STEP: "mcg/kg/min",
    Kind.HIGHEST: "mcg/kg/min",
    Kind.LOWEST: "mcg/kg/min",
    Kind.HIGHEST_PUMP_RATE: "mL/h",
    Kind.LOWEST_PUMP_RATE: "mL/h",
    Kind.STEP_PUMP_RATE: "mL/h",
    Kind.STAGE_TIME: "h",
    Kind.STEP_TIME: "min",
    Kind.TOTAL: "mcg",
    Kind.TOTAL_PER_WEIGHT: "mcg/kg",
    Kind.TOTAL_VOLUME: "mL",
    Kind.TOTAL_TIME: "h",
    Kind.LONG_COURSE: "h",
    Kind.EARLIER_RATE: "mcg/kg/min",
    Kind.EARLIER_FLOW: "mL/h",
    Kind.LINE_FLOW: "mL/h",
    Kind.OTHER_FLOW: "mL/h",
    Kind.BAG_CHANGE: "h",
    Kind.BAG_LIFE: "h",
    Kind.EARLIER_WEIGHT: "kg",
    Kind.OTHER_WEIGHT: "kg",
    Kind.IDEAL_WEIGHT: "kg",
    Kind.DAY_CAP: "mcg/kg/min",
    Kind.AGE: "year",
    Kind.GESTATION: "week",
    Kind.POSTMENSTRUAL: "week",
}
"""The unit in which a kind is compared; its dimension is the kind's."""
FLOW_OF = {
    Kind.RATE: Kind.PUMP_RATE,
    Kind.HIGHEST: Kind.HIGHEST_PUMP_RATE,
    Kind.LOWEST: Kind.LOWEST_PUMP_RATE,
    Kind.STEP: Kind.STEP_PUMP_RATE,
    Kind.LOAD_RATE: Kind.LOAD_PUMP_RATE,
    Kind.EARLIER_RATE: Kind.EARLIER_FLOW,
}
"""Each rate per weight with the flow that gives it."""
NAMED = frozenset(
    {
        Kind.EARLIER_RATE,
        Kind.EARLIER_FLOW,
        Kind.LINE_FLOW,
        Kind.OTHER_FLOW,
        Kind.BAG_CHANGE,
        Kind.BAG_LIFE,
        Kind.EARLIER_WEIGHT,
        Kind.OTHER_WEIGHT,
        Kind.IDEAL_WEIGHT,
        Kind.DAY_CAP,
    }
)
"""Kinds that are named on the sheet and are no part of the order."""
TOTALS = frozenset({Kind.TOTAL, Kind.TOTAL_PER_WEIGHT, Kind.TOTAL_VOLUME})
"""Kinds of what an infusion gives in a time."""
LOADS = frozenset({Kind.LOAD_DOSE, Kind.LOAD_AMOUNT, Kind.LOAD_VOLUME, Kind.LOAD_RATE})
"""Kinds of which any one orders a load."""
AGES = frozenset({Kind.AGE, Kind.GESTATION, Kind.POSTMENSTRUAL})
"""Kinds that tell whose order it is."""
HANGING = "case: preparation"
"""The place of a strength that no order states: that of the bag or syringe which hangs by the case."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One quantity that the order states.

    Attributes:
        kind: What it is.
        low: The value, or the lower end of a range.
        high: The same, or the upper end of a range.
        text: As it was written.
        where: The place: `rate`, or `text, characters 12 to 25`.
        unit: As it was written where only an order is read in it, such as `mg/kg/min`; else empty.
    """

    kind: Kind
    low: Quantity
    high: Quantity
    text: str
    where: str
    unit: str = ""

    @property
    def is_range(self) -> bool:
        """Tell whether two ends were written."""
        return self.low != self.high

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Both ends in the unit in which the kind is compared."""
        unit = UNITS[self.kind]
        return self.low.in_unit(unit), self.high.in_unit(unit)

    @property
    def shown(self) -> str:
        """The value as the display rules ask, in the unit it was written in; as written where that unit is not ours."""
        if self.unit:
            return self.text
        return f"{self.low} to {self.high}" if self.is_range else str(self.low)

    def changed(self, change: Callable[[Decimal], Decimal]) -> Statement:
        """Return the same statement with another value at both ends."""
        low, high = (Quantity(change(end.value), end.unit) for end in (self.low, self.high))
        return Statement(self.kind, low, high, self.text, self.where, self.unit)


def of_kind(statements: Iterable[Statement], kind: Kind) -> tuple[Statement, ...]:
    """Return the statements of one kind, in the order in which they stand."""
    return tuple(item for item in statements if item.kind is kind)


def first(statements: Iterable[Statement], kind: Kind) -> Statement | None:
    """Return the first statement of one kind, or None."""
    return next((item for item in statements if item.kind is kind), None)
