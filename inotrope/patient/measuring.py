"""One measured value: text to a quantity in the vocabulary's unit, inside the limits of what is possible.

Knows that a value below quantification is written `<20 ng/mL`, which units each measurement accepts, and how they turn
into one. What is possible but not plausible is a finding of the safety rules, not an error here.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from inotrope.errors import CaseError, shorten
from inotrope.patient.case import Measurement
from inotrope.patient.vocabulary import Limit, MeasurementKind, Vocabulary
from inotrope.units import Quantity, convert_substance, read_quantity, unit

MAY_BE_ZERO = frozenset({"urine output"})
"""No urine is a measurement; a zero elsewhere is a failed one, unless the vocabulary's lower limit reaches it."""


def read_measurement(
    text: object, *, kind: MeasurementKind, of: str | None, at: datetime, site: str | None, weight: Quantity
) -> Measurement:
    """Read one measured value.

    Args:
        text: What was written, such as `1.4 mg/dL` or `<20 ng/mL`.
        kind: What was measured.
        of: The drug, for a concentration.
        at: When.
        site: Where it was taken.
        weight: The patient's weight, for a flow that is counted per kg.

    Raises:
        UnitError: No unit, or one that this measurement does not accept.
        CaseError: Impossible, or `<` before something that is not a concentration.
    """
    name = kind.name[0].upper() + kind.name[1:]
    below = isinstance(text, str) and text.lstrip().startswith("<")
    if below and not kind.needs_of:
        # A rule would compare the limit of quantification as if it were the value.
        raise CaseError(
            f"{name} '{shorten(str(text))}': '<' is read only before a drug's concentration. Write the number.",
            value=text,
            accepted="a number with its unit",
        )
    written = str(text).lstrip()[1:] if below else text
    dimensions = tuple(dict.fromkeys(unit(item).dimension for item in kind.units))
    read = read_quantity(written, what=name, dimensions=dimensions, positive=False, units=kind.units)
    value = _in_own_unit(read, kind, weight)
    _check_possible(value, kind, name, str(text))
    return Measurement(kind.name, of, value, " ".join(str(text).split()), below, at, site)


def possible(words: Vocabulary, measurement: str, text: object, what: str, dimensions: tuple[str, ...]) -> Quantity:
    """Read a quantity of the patient that is subject to the limits of a kind of measurement.

    Raises:
        UnitError: No unit or a wrong one; zero or below.
        CaseError: Outside what is possible.
    """
    value = read_quantity(text, what=what, dimensions=dimensions)
    prove_possible(words, measurement, value, what, str(text))
    return value


def prove_possible(words: Vocabulary, measurement: str, value: Quantity, what: str, text: str) -> None:
    """Prove that a quantity of the patient lies within the limits of a kind of measurement.

    Raises:
        CaseError: Outside what is possible.
    """
    kind = words.measurement(measurement)
    assert kind is not None  # the two names that are asked for stand in the vocabulary; the tests prove it
    _check_possible(value, kind, what, text)


def _in_own_unit(read: Quantity, kind: MeasurementKind, weight: Quantity) -> Quantity:
    if read.dimension == "flow" and unit(kind.unit).dimension == "flow per body weight":
        return Quantity(read.in_unit("mL/h") / weight.in_unit("kg"), "mL/kg/h").to(kind.unit)
    molar_mass = kind.limit("molar_mass")
    return convert_substance(
        read, kind.unit, molar_mass=None if molar_mass is None else molar_mass.value, valence=kind.valence
    )


def _check_possible(value: Quantity, kind: MeasurementKind, name: str, text: str) -> None:
    lowest, highest = kind.limit("impossible_below"), kind.limit("impossible_above")
    zero = Decimal(0)
    zero_is_sound = kind.name in MAY_BE_ZERO or (lowest is not None and lowest.value.value <= zero)
    # A fraction of nothing or of all is as impossible as one beyond it, so for fractions the limits are excluded.
    ends_excluded = value.dimension == "fraction"
    too_low = value.value < zero if lowest is None else value < lowest.value
    too_low = too_low or (value.value == zero and (ends_excluded or not zero_is_sound))
    too_high = highest is not None and (value > highest.value or (ends_excluded and value == highest.value))
    if too_low or too_high:
        accepted = _accepted(lowest, highest, zero_is_sound=zero_is_sound, ends_excluded=ends_excluded)
        raise CaseError(
            f"{name} '{shorten(text)}' is impossible. Accepted: {accepted}. Check the number and the unit.",
            value=text,
            accepted=accepted,
        )


def _accepted(lowest: Limit | None, highest: Limit | None, *, zero_is_sound: bool, ends_excluded: bool) -> str:
    if lowest is None or highest is None:
        return "zero or more" if zero_is_sound else "above zero"
    if ends_excluded:
        return f"above {lowest.value} and below {highest.value}"
    return f"{lowest.value} to {highest.value}"
