"""Text to quantities, at the edges and nowhere else.

Knows what a person may write as a number and a unit, and says what is accepted when it is neither. It never guesses:
a number without a unit, a unit that could mean two things and a comma that could be a decimal point are errors.
"""

from __future__ import annotations

import re
from decimal import Decimal

from inotrope.errors import UnitError, nearest, shorten
from inotrope.units.quantity import LONGEST_WRITTEN, Quantity
from inotrope.units.registry import Unit, find_unit, normalize, registry, units_of

_NUMBER = re.compile(
    r"\s*(?P<number>[+-]?(?P<digits>[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE](?P<exponent>[+-]?[0-9]+))?)\s*(?P<unit>.*?)\s*",
    re.DOTALL,
)
_LONGEST = 60
_EXPONENT = 99
_LARGEST = Decimal("1e12")
_SMALLEST = Decimal("1e-12")

_EXAMPLES = {
    "mass": "3.5 mg",
    "body weight": "82 kg",
    "length": "178 cm",
    "volume": "100 mL",
    "time": "10 min",
    "dose per body weight": "50 mcg/kg",
    "rate per body weight": "0.5 mcg/kg/min",
    "mass rate": "41 mcg/min",
    "flow": "10.5 mL/h",
    "flow per body surface area": "60 mL/min/1.73 m2",
    "mass concentration": "200 mcg/mL",
    "molar concentration": "4.1 mmol/L",
    "equivalent concentration": "4.1 mEq/L",
    "pressure": "74 mmHg",
    "compliance": "1.3 mL/mmHg",
    "elastance": "0.9 mmHg/mL",
    "vascular resistance": "950 dyn s/cm5",
    "rate of beats": "88 /min",
    "fraction": "35 %",
}
"""One sound example of each kind of quantity, for the sentence that says what to write; not clinical advice."""


def read_quantity(
    text: object, *, what: str, dimensions: tuple[str, ...], positive: bool = True, units: tuple[str, ...] = ()
) -> Quantity:
    """Read one quantity such as `"0.375 mcg/kg/min"`.

    Args:
        text: What was written; anything but text is refused, since a bare number has no unit.
        what: Name of the quantity for the error, such as `Weight`.
        dimensions: The kinds of quantity that are accepted here, as `units.toml` names them.
        positive: Refuse zero and below; False accepts both.
        units: When given, the only units accepted here.

    Returns:
        The quantity in the unit it was written in.

    Raises:
        UnitError: No number, no unit, an unknown, refused or ambiguous unit, or one of another dimension.
    """
    accepted = list(units) or [name for dimension in dimensions for name in units_of(dimension)]
    listed = ", ".join(accepted)
    example = _example(dimensions, units)
    if not isinstance(text, str):
        raise UnitError(
            f"{what} '{shorten(str(text))}' has no unit. Write it as text with its unit, such as {example}.",
            value=text,
            accepted=listed,
        )
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or match["unit"].startswith((",", ".")):
        hint = " Write a decimal point and no thousands separator." if re.search(r"\d,\d", text) else ""
        raise UnitError(
            f"{what} '{shorten(text)}' is not a number with a unit.{hint} Write it such as {example}.",
            value=text,
            accepted=listed,
        )
    found = _unit(match["unit"], text, what=what, listed=listed, example=example)
    if found.dimension not in dimensions or (units and found.name not in accepted):
        right_kind = ", but not in a unit that is read here" if found.dimension in dimensions else ""
        raise UnitError(
            f"{what} '{shorten(text)}' is in '{match['unit']}', which measures {found.dimension}"
            f"{right_kind or _missing_time(found, dimensions)}. Accepted: {listed}.",
            value=text,
            accepted=listed,
        )
    if not _ordinary(match):
        raise UnitError(
            f"{what} '{shorten(text)}' is no value of a patient or a drug. Check the number.",
            value=text,
            accepted=f"a number of ordinary size in {listed}",
        )
    value = Decimal(match["number"]) or Decimal(0)  # -0 is 0
    if positive and value <= 0:
        raise UnitError(
            f"{what} '{shorten(text)}' must be above zero. Check the number.",
            value=text,
            accepted=f"a number above 0 in {listed}",
        )
    return Quantity(value, found.name)


def _ordinary(match: re.Match[str]) -> bool:
    """Tell whether the number is zero or one that a chart could hold; 1e999999999 never becomes a decimal.

    Nobody writes more than 15 digits, but a program that computed a number prints up to 17: as many as a double has.
    """
    if abs(int(match["exponent"] or 0)) > _EXPONENT:
        return False
    size = abs(Decimal(match["number"]))
    digits = match["digits"].replace(".", "").strip("0")
    if size and not _SMALLEST <= size <= _LARGEST:
        return False
    return len(digits) <= LONGEST_WRITTEN or Decimal(repr(float(size))) == size


def _unit(written: str, text: str, *, what: str, listed: str, example: str) -> Unit:
    if not written:
        raise UnitError(
            f"{what} '{shorten(text)}' has no unit. Write it such as {example}.", value=text, accepted=listed
        )
    refused = registry().refused
    reason = refused.get(written) or refused.get(normalize(written))
    if reason is not None:
        raise UnitError(f"{what} '{shorten(text)}': {reason}.", value=text, accepted=listed)
    found = find_unit(written)
    if found is None:
        raise UnitError(
            f"{what} '{shorten(text)}' has the unknown unit '{shorten(written, 30)}'; "
            f"{nearest(normalize(written), registry().units)}. Accepted: {listed}.",
            value=text,
            accepted=listed,
        )
    return found


def _example(dimensions: tuple[str, ...], units: tuple[str, ...]) -> str:
    shown = [f"'{_EXAMPLES[dimension]}'" for dimension in dimensions if dimension in _EXAMPLES]
    if units:  # in the first unit, which is the one that is meant: a creatinine in mmol/L is a rare spelling
        own = [item for item in shown if item.strip("'").endswith(" " + units[0])]
        return own[0] if own else f"'1 {units[0]}'"
    return " or ".join(shown) or f"'1 {units_of(dimensions[0])[0]}'"


def _missing_time(found: Unit, wanted: tuple[str, ...]) -> str:
    if found.dimension == "dose per body weight" and "rate per body weight" in wanted:
        return " and has no time: a rate needs one, such as mcg/kg/min"
    if found.dimension == "rate per body weight" and "dose per body weight" in wanted:
        return ": a dose is an amount, without a time"
    return ""
