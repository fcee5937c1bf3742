"""The closed list of units: names, dimensions, spellings, codes and exact factors.

Knows what `units.toml` says; that its factors and dimensions are right, Pint proves (`proof.py`). It does not know
quantities or text with numbers in it.

The registry counts in fractions, not in binary floats: half of the label's printed pump rates end in a 5 that decides
the rounding (11.25 mL/h), and a factor such as 1/60 has no finite decimal either.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from inotrope.errors import LibraryError, UnitError, nearest, shorten


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the closed list.

    Attributes:
        name: What is shown, such as `mcg/kg/min`.
        dimension: The word for this kind of quantity, such as `rate per body weight`.
        ucum: The code that electronic records exchange, such as `ug/kg/min`.
        factor: Size in the registry's base units, exact.
    """

    name: str
    dimension: str
    ucum: str
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Registry:
    """All units by name, by spelling and by UCUM code, and the spellings that are refused with their reason."""

    units: dict[str, Unit]
    spellings: dict[str, str]
    ucum: dict[str, str]
    refused: dict[str, str]


def read_list() -> dict[str, Any]:
    """Return the content of `units.toml`."""
    return tomllib.loads(Path(__file__).with_name("units.toml").read_text("utf-8"))


@cache
def registry() -> Registry:
    """Read the list once.

    Raises:
        LibraryError: Two units share a spelling or a code.
    """
    document = read_list()
    units: dict[str, Unit] = {}
    spellings: dict[str, str] = {}
    ucum: dict[str, str] = {}
    for entry in document["unit"]:
        name = entry["name"]
        units[name] = Unit(name, entry["dimension"], entry["ucum"], Fraction(entry["factor"]))
        for spelling in (name, entry["ucum"], *entry.get("accepts", [])):
            if spellings.setdefault(spelling, name) != name:
                raise LibraryError(f"Spelling '{spelling}' stands for two units.", value=spelling)
        ucum[entry["ucum"]] = name
    return Registry(units, spellings, ucum, dict(document["refused"]))


def unit(name: str) -> Unit:
    """Return a unit of the closed list by the name the code uses.

    Raises:
        UnitError: The list has no such name.
    """
    try:
        return registry().units[name]
    except KeyError:
        raise UnitError(
            f"'{shorten(name)}' is not a unit of the closed list; {nearest(name, registry().units)}.", value=name
        ) from None


@cache
def units_of(dimension: str) -> tuple[str, ...]:
    """Return the names of all units of one dimension, in the order of the list."""
    return tuple(entry.name for entry in registry().units.values() if entry.dimension == dimension)


@cache
def conversion(old: str, new: str) -> tuple[Decimal, Decimal]:
    """Return numerator and denominator of the exact factor from one unit to another of the same dimension.

    Raises:
        UnitError: The two units measure different things.
    """
    first, second = unit(old), unit(new)
    if first.dimension != second.dimension:
        raise UnitError(
            f"'{old}' measures {first.dimension} and '{new}' measures {second.dimension}; "
            "neither converts into the other.",
            value=old,
            accepted=", ".join(units_of(second.dimension)),
        )
    ratio = first.factor / second.factor
    return Decimal(ratio.numerator), Decimal(ratio.denominator)


def find_unit(text: str) -> Unit | None:
    """Return the unit that a spelling stands for, or None; `µg`, `ug` and `mcg` are one.

    A compound such as `mcg/kg/minute` is read part by part, so that every spelling of `min` serves in all of them.
    """
    known = registry()
    plain = normalize(text)
    name = known.spellings.get(plain)
    if name is None:
        parts = [known.spellings.get(part, part) for part in plain.split("/")]
        name = known.spellings.get("/".join(parts))
    return None if name is None else known.units[name]


@lru_cache(maxsize=4096)  # records write the same few units a thousand times
def normalize(text: str) -> str:
    """Return a unit's text with `u` for a micro sign, `mcg` for `ug`, single blanks, and `/` for the word `per`."""
    plain = " ".join(text.split()).replace("µ", "u").replace("μ", "u")  # the micro sign, and the Greek letter
    plain = re.sub(r"(?:^|\s+)per\s+", "/", plain)
    plain = re.sub(r"\s*/\s*", "/", plain)
    return re.sub(r"(?<![A-Za-z])ug(?![A-Za-z])", "mcg", plain)


def from_ucum(code: str) -> str:
    """Return the name of the unit that a UCUM code stands for.

    Raises:
        UnitError: The code is not one of the closed list.
    """
    try:
        return registry().ucum[code]
    except KeyError:
        raise UnitError(
            f"UCUM code '{shorten(code)}' is not one of the closed list; {nearest(code, registry().ucum)}.", value=code
        ) from None


def to_ucum(name: str) -> str:
    """Return the UCUM code of a unit of the closed list."""
    return unit(name).ucum
