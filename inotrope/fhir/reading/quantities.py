"""A FHIR Quantity or Ratio to a quantity with a unit of the closed list.

Knows that the unit is the UCUM code's and that the unit's text may only contradict it. A rate whose unit has no code,
or one that is no UCUM (`mcg/kg/min`, `ml/h`), is read by its text and flagged; nothing else is. It knows no
measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inotrope.errors import shorten
from inotrope.fhir.reading.codes import BodyUnit, codes
from inotrope.fhir.reading.plain import table, words
from inotrope.fhir.reading.record import Kind
from inotrope.units import Quantity, find_unit, plain_number, registry, round_half_up

UCUM = "UCUM"
RATES = frozenset({"rate per body weight", "mass rate", "flow"})
"""Dimensions whose unit is read from a text without a code: the two spellings that real clients send."""
LARGEST_EXPONENT = 30
_KEPT = 6
"""Digits behind the point that a conversion keeps."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, or why there is none.

    Attributes:
        quantity: The quantity; None where it cannot be read.
        comparator: `<`, `<=`, `>=` or `>` where the record gives a bound.
        kind: Why it cannot be read.
        says: The same in words; with a quantity, what must be remarked.
    """

    quantity: Quantity | None
    comparator: str = ""
    kind: Kind | None = None
    says: str = ""


def number(value: object) -> Decimal | None:
    """Return a JSON number as a decimal; None for anything else, for a text too, and for what is not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    found = value if isinstance(value, Decimal) else Decimal(str(value))
    return found if found.is_finite() and abs(found.adjusted()) <= LARGEST_EXPONENT else None


def read_amount(value: object, *, body: str | None = None, by_text: bool = False) -> Amount:
    """Read a FHIR Quantity.

    Args:
        value: The Quantity, of any shape.
        body: `body weight` or `height`, whose units are a person's and not a drug's.
        by_text: Whether a rate may be read by its unit's text.
    """
    given = table(value)
    if not given or "value" not in given or given["value"] is None:
        return Amount(None, kind=Kind.NO_VALUE, says="It has no value.")
    amount = number(given["value"])
    if amount is None:
        return Amount(None, kind=Kind.NOT_A_NUMBER, says=f"'{shorten(str(given['value']))}' is no number.")
    comparator = words(given.get("comparator"))
    code, text = words(given.get("code")), words(given.get("unit"))
    system = codes().systems.get(words(given.get("system")), words(given.get("system")))
    if code and system not in (UCUM, ""):
        code = ""
    if body is not None:
        return _of_a_body(amount, code, text, body, comparator)
    name, remark = _unit(code, text, by_text=by_text)
    in_text = find_unit(text) if text else None
    if name is None and code and in_text is not None:
        return Amount(None, kind=Kind.UNIT_CONTRADICTS_CODE, says=_contradiction(text, code))
    if name is None:
        says = f"{shorten(str(amount))} has no UCUM code for its unit"
        return Amount(None, kind=Kind.NO_UNIT, says=f"{says}{f', only {chr(39)}{text}{chr(39)}' if text else ''}.")
    if in_text is not None and in_text.name != name:
        return Amount(None, kind=Kind.UNIT_CONTRADICTS_CODE, says=_contradiction(text, code))
    return Amount(Quantity(amount, name), comparator, says=remark)


def _contradiction(text: str, code: str) -> str:
    return f"The unit is written '{text}', and its code says '{code}'. Neither is used."


def _unit(code: str, text: str, *, by_text: bool) -> tuple[str | None, str]:
    """Return the unit's name, and what must be remarked of how it was found."""
    known = registry()
    if code:
        if code in known.ucum:
            return known.ucum[code], ""
        if code in codes().ucum_alike:
            return codes().ucum_alike[code], ""
        found = find_unit(code)
        if found is not None and (by_text or found.dimension not in RATES):
            return found.name, f"The unit's code '{code}' is another form; it is read as {found.name}."
        return None, ""
    found = find_unit(text) if by_text and text else None
    if found is None or found.dimension not in RATES:
        return None, ""
    return found.name, f"The unit '{text}' has no UCUM code; it is read as {found.name}."


def _of_a_body(amount: Decimal, code: str, text: str, body: str, comparator: str) -> Amount:
    known = codes().body_units
    unit = known.get((body, code))
    if unit is None:
        return Amount(None, kind=Kind.NO_UNIT, says=f"{shorten(str(amount))} has no UCUM code of a {body}.")
    spelled = _spelled(text, body)
    if spelled is not None and spelled is not unit:
        return Amount(None, kind=Kind.UNIT_CONTRADICTS_CODE, says=_contradiction(text, code))
    told = round_half_up(amount * unit.factor, 3)
    remark = "" if unit.factor == 1 else f"{plain_number(amount)} {text or code} is {plain_number(told)} {unit.unit}."
    return Amount(Quantity(told, unit.unit), comparator, says=remark)


def _spelled(text: str, body: str) -> BodyUnit | None:
    units = (unit for (of, _), unit in codes().body_units.items() if of == body)
    return next((unit for unit in units if text.lower() in unit.spellings), None)


def read_rate(dosage: Any) -> Amount | None:
    """Return the rate of a dosage: `rateQuantity`, or `rateRatio` as one quantity; None where it states none."""
    if "rateQuantity" in dosage:
        return read_amount(dosage["rateQuantity"], by_text=True)
    if "rateRatio" not in dosage:
        return None
    ratio = table(dosage["rateRatio"])
    top, bottom = (read_amount(ratio.get(key)) for key in ("numerator", "denominator"))
    for part in (top, bottom):
        if part.quantity is None:
            return part
    assert top.quantity is not None and bottom.quantity is not None
    unit = find_unit(f"{top.quantity.unit}/{bottom.quantity.unit}")
    if unit is None or unit.dimension not in RATES or bottom.quantity.value <= 0:
        says = f"{top.quantity} in {bottom.quantity} is no rate that is read."
        return Amount(None, kind=Kind.NO_UNIT, says=says)
    rate = round_half_up(top.quantity.value / bottom.quantity.value, _KEPT)
    return Amount(Quantity(rate, unit.name), says=" ".join(filter(None, (top.says, bottom.says))))


def read_strength(value: object) -> Quantity | None:
    """Return a strength (a Ratio of an amount to a volume) in mcg/mL; None where it is none."""
    ratio = table(value)
    top, bottom = (read_amount(ratio.get(key)).quantity for key in ("numerator", "denominator"))
    if top is None or bottom is None or top.dimension != "mass" or bottom.dimension != "volume":
        return None
    if top.value <= 0 or bottom.value <= 0:
        return None
    return Quantity(round_half_up(top.in_unit("mcg") / bottom.in_unit("mL"), _KEPT), "mcg/mL")
