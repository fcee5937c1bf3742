"""Pint's proof of the closed list: every factor is exact, and every dimension word covers one dimension.

Knows Pint, and is the only file that does. It runs in `make test` and in `inotrope drug check`, and not in front of
every plan: loading Pint takes longer than reading, checking and planning a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from inotrope.units.registry import read_list


def prove_units(document: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """Return what is wrong with the closed list of units, one sentence each; nothing when all is right.

    Args:
        document: The content of a list; by default that of `units.toml`.
    """
    import pint  # noqa: PLC0415 - see above

    listed = read_list() if document is None else document
    machine: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Fraction)
    for line in listed["base"]["lines"]:
        machine.define(line)
    problems: list[str] = []
    physical: dict[str, object] = {}
    for entry in listed["unit"]:
        name, dimension = entry["name"], entry["dimension"]
        size = machine.Quantity(Fraction(1), entry["pint"]).to_base_units()
        if Fraction(size.magnitude) != Fraction(entry["factor"]):
            problems.append(f"Unit '{name}' has the factor '{entry['factor']}'; it is '{Fraction(size.magnitude)}'.")
        if physical.setdefault(dimension, size.dimensionality) != size.dimensionality:
            problems.append(f"Unit '{name}' does not convert into the other units of '{dimension}'.")
        shared = [word for word, known in physical.items() if known == size.dimensionality and word != dimension]
        problems += [f"'{dimension}' and '{word}' are one dimension under two words." for word in shared]
    return tuple(dict.fromkeys(problems))
