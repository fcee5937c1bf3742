"""A number with its unit, in exact decimals.

Knows comparison and conversion between units of one dimension, and how a quantity is shown: `0.375 mcg/kg/min`, a
leading zero, no trailing zero, a space, a thousands comma. It does not read text (`reading.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import total_ordering

from inotrope.units.registry import conversion, unit

_EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
"""Enough digits that a chain of label arithmetic on hospital numbers stays exact wherever it ends in finitely many."""
_FLOOR = Context(prec=50, rounding=ROUND_FLOOR)
_WRITTEN = Context(prec=40, rounding=ROUND_HALF_EVEN)
"""More digits than any number that was written down has."""
LONGEST_WRITTEN = 15
"""Digits of a number that somebody writes; what has more was computed."""
_SHOWN = Context(prec=6, rounding=ROUND_HALF_UP)
"""A millionth of the value: far below what any pump or scale tells apart."""
_NOISE = Decimal("1e-47")
"""What 50 digits lose on the way through 1/60 and back; a number so near to a written one is that number."""


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """A decimal value and the name of its unit in the closed list.

    Two quantities are equal when they measure the same amount, whatever the unit: 1 mg = 1,000 mcg.
    """

    value: Decimal
    unit: str

    @property
    def dimension(self) -> str:
        """The word for what this measures, such as `mass`."""
        return unit(self.unit).dimension

    def in_unit(self, name: str) -> Decimal:
        """Return the value in another unit of the same dimension, exact wherever finitely many decimals hold it.

        Raises:
            UnitError: The unit measures something else.
        """
        if name == self.unit:
            return self.value
        up, down = conversion(self.unit, name)
        return multiply_divide(self.value, up, down)

    def to(self, name: str) -> Quantity:
        """Return the same amount in another unit of the same dimension."""
        return self if name == self.unit else Quantity(self.in_unit(name), name)

    def __eq__(self, other: object) -> bool:
        """Tell whether both measure the same amount; different dimensions are never equal."""
        if not isinstance(other, Quantity):
            return NotImplemented
        return self.dimension == other.dimension and self.value == other.in_unit(self.unit)

    def __lt__(self, other: object) -> bool:
        """Compare amounts; raises `UnitError` when the two measure different things."""
        if not isinstance(other, Quantity):
            return NotImplemented
        return self.value < other.in_unit(self.unit)

    def __hash__(self) -> int:
        """Hash the amount in base units, so that equal amounts hash alike."""
        own = unit(self.unit)
        base = _EXACT.divide(
            _EXACT.multiply(self.value, Decimal(own.factor.numerator)), Decimal(own.factor.denominator)
        )
        return hash((own.dimension, _WRITTEN.plus(base)))

    def __str__(self) -> str:
        """Show as the display rules ask: `1,130 mcg/kg`, `0.5 mg`."""
        return f"{plain_number(self.value)} {self.unit}"

    def shown(self, decimals: int) -> str:
        """Show rounded half up to at most so many decimals."""
        return f"{plain_number(round_half_up(self.value, decimals))} {self.unit}"

    def to_plain(self) -> dict[str, object]:
        """Return the JSON shape of every quantity that comes out: value as a number, and unit."""
        return {"value": float(self.value) + 0.0, "unit": self.unit}  # + 0.0 turns -0.0 into 0.0


def multiply_divide(value: Decimal, up: Decimal, down: Decimal) -> Decimal:
    """Return `value * up / down`, exact wherever finitely many decimals hold it, also on the way back."""
    found = _EXACT.divide(_EXACT.multiply(value, up), down)
    written = _WRITTEN.plus(found)
    return written if abs(found - written) <= abs(found) * _NOISE else found


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero to so many decimals, as printed dosing tables do."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_EXACT)


def step_half_up(value: Decimal, step: Decimal) -> Decimal:
    """Round to a whole number of steps, half up: 11.25 in steps of 0.1 is 11.3."""
    return _EXACT.multiply(_EXACT.divide(value, step).to_integral_value(ROUND_HALF_UP), step)


def step_down(value: Decimal, step: Decimal) -> Decimal:
    """Round down to a whole number of steps, never above the value: 11.29 in steps of 0.1 is 11.2."""
    return _EXACT.multiply(_FLOOR.divide(value, step).to_integral_value(ROUND_FLOOR), step)


def plain_number(value: Decimal) -> str:
    """Return a decimal as ward text: a leading zero, no trailing zero, a thousands comma, never an exponent.

    A number of more digits than anybody writes comes from a division that does not end, such as 10 mg in 30 mL; six of
    them are shown.
    """
    if value == 0:
        return "0"
    text = f"{value:,f}"
    if len(text) > LONGEST_WRITTEN and len(value.normalize(_EXACT).as_tuple().digits) > LONGEST_WRITTEN:
        text = f"{_SHOWN.plus(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
