"""The limits of the drug's own safety rules for a value that an order text tells: platelets, QTc, magnesium.

Knows how a value of a text gets its unit. The limits stand in the drug's folder alone: the widest of the rules that
stop or warn counts, so that a text is asked about wherever the plan of a case would speak.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.drug import Drug
from inotrope.drug.conditions import Comparison, MeasurementCompares, walk
from inotrope.findings import Severity
from inotrope.patient import vocabulary
from inotrope.units import Quantity, convert_substance

MEASURED = {"magnesium": "serum magnesium", "platelets": "platelets", "qtc": "QTc"}
"""Key of `[case]` in `orders.toml`, and the vocabulary's name of what was measured."""
_ENDS = frozenset({Comparison.BELOW, Comparison.ABOVE})
_SECONDS = Decimal(10)
"""A QTc below this is in seconds: no heart's is so short in ms."""
_PER_MICROLITER = Decimal(1000)
"""Platelets from this number on are per microliter: 1000 of them are one of 10^9/L."""


def is_beyond(what: str, number: Decimal, unit: str, drug: Drug) -> bool:
    """Tell whether a value is beyond a limit of the drug's rules that stop or warn.

    Args:
        what: A key of `MEASURED`.
        number: As written.
        unit: Behind it, in lower case; may be empty.
        drug: The folder with the rules.
    """
    value = _value(what, number, unit)
    limits = _limits(MEASURED[what], drug)
    return any(value < limit if is_lowest else value > limit for limit, is_lowest in limits)


def _value(what: str, number: Decimal, unit: str) -> Quantity:
    """Return a value in a unit of the vocabulary; magnesium without one is in mg/dL, as it is printed in the US."""
    if what == "qtc":
        return Quantity(number, "s" if number < _SECONDS else "ms")
    if what == "platelets":
        return Quantity(number / _PER_MICROLITER if number >= _PER_MICROLITER else number, "10^9/L")
    kind = vocabulary().measurement(MEASURED[what])
    assert kind is not None  # it stands in the vocabulary
    molar_mass = kind.limit("molar_mass")
    assert molar_mass is not None  # it has one
    written = {"mmol/l": "mmol/L", "meq/l": "mEq/L"}.get(unit, "mg/dL")
    return convert_substance(Quantity(number, written), kind.unit, molar_mass=molar_mass.value, valence=kind.valence)


def _limits(name: str, drug: Drug) -> list[tuple[Quantity, bool]]:
    """Return each limit of the rules that stop or warn of a measurement, and whether it is a lowest one."""
    found = []
    for rule in drug.rules:
        parts = () if rule.severity is Severity.INFORM else tuple(walk(rule.when))
        for part in parts:
            if not isinstance(part, MeasurementCompares) or part.name != name or part.comparison not in _ENDS:
                continue
            own = rule.limits.get(part.limit_reference.removeprefix("@"))  # others tell a slip from a value
            if own is not None and isinstance(own.value, Quantity):
                found.append((own.value, part.comparison is Comparison.BELOW))
    return found
