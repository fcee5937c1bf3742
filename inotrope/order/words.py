"""The words of an order: routes, and what may stand beside numbers and units.

Knows `library/vocabulary/orders.toml` and holds no word of its own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from inotrope.files import read_bytes, read_toml
from inotrope.patient.vocabulary import FOLDER, plain_name
from inotrope.units import Quantity, find_unit
from inotrope.units.registry import normalize

FILE = "orders.toml"


@dataclass(frozen=True, slots=True)
class OrderUnit:
    """A unit that only an order is read in: one is `up` / `down` of the unit `of` of the closed list."""

    name: str
    of: str
    up: Decimal
    down: Decimal


@dataclass(frozen=True)  # without slots: the pattern of all phrases is kept once it is built
class OrderWords:
    """The words of `orders.toml`, in lower case; `digest` names this state of the file.

    Attributes:
        intravenous: Routes into a vein.
        other_routes: Routes that stop an order.
        cues: Words that tell what a number beside them is, by meaning.
        labels: What a number without a unit may follow or stand before, by use.
        fluids: Order spellings of fluids, with the vocabulary's name.
        spellings: Order spellings of units, with one that the closed list accepts.
        known: Words that carry no number and change none.
        withdrawn: What takes an order back or changes it in words, by use.
        strengths: What a strength is called in a word, with how many times the premix it would be.
        stronger: What says that a bag is stronger than the usual one and holds no number, by use.
        final_volume: What leaves the final volume of a bag open or tells it, by use.
        case: What only a case is judged for, by use.
        told: What is told beside the quantities: pushes, ways down, ages in a word, medicines and lines, by use.
        units: Units that only an order is read in.
        digest: SHA-256 of the file.
    """

    intravenous: frozenset[str]
    other_routes: frozenset[str]
    cues: dict[str, frozenset[str]]
    labels: dict[str, frozenset[str]]
    fluids: dict[str, str]
    spellings: dict[str, str]
    known: frozenset[str]
    withdrawn: dict[str, frozenset[str]]
    strengths: dict[str, Decimal]
    stronger: dict[str, frozenset[str]]
    final_volume: dict[str, frozenset[str]]
    case: dict[str, frozenset[str]]
    told: dict[str, frozenset[str]]
    units: dict[str, OrderUnit]
    digest: str

    def is_intravenous(self, route: str) -> bool | None:
        """Tell whether a route is into a vein; None where the list does not know it."""
        plain = plain_name(route)
        if plain in self.intravenous:
            return True
        return False if plain in self.other_routes else None

    def meanings(self, phrase: str) -> frozenset[str]:
        """Return the cues that a phrase can be."""
        return frozenset(name for name, phrases in self.cues.items() if phrase in phrases)


@cache
def order_words() -> OrderWords:
    """Return the words, read once."""
    content = read_bytes(FOLDER / FILE)
    document = read_toml(content, FILE).content
    return OrderWords(
        intravenous=frozenset(document["route"]["intravenous"]),
        other_routes=frozenset(document["route"]["other"]),
        cues={name: frozenset(phrases) for name, phrases in document["cue"].items()},
        labels={name: frozenset(phrases) for name, phrases in document["label"].items()},
        fluids={phrase: name for name, phrases in document["fluid"].items() for phrase in phrases},
        spellings={phrase: unit for unit, phrases in document["spelling"].items() for phrase in phrases},
        known=frozenset(document["word"]["list"]),
        withdrawn={name: frozenset(phrases) for name, phrases in document["withdrawn"].items()},
        strengths={phrase: Decimal(times) for times, phrases in document["strength"].items() for phrase in phrases},
        stronger={name: frozenset(phrases) for name, phrases in document["stronger"].items()},
        final_volume={name: frozenset(phrases) for name, phrases in document["final_volume"].items()},
        case={name: frozenset(phrases) for name, phrases in document["case"].items()},
        told={name: frozenset(phrases) for name, phrases in document["told"].items()},
        units=_units(document["unit"]),
        digest=hashlib.sha256(content).hexdigest(),
    )


def _units(listed: list[dict[str, Any]]) -> dict[str, OrderUnit]:
    found: dict[str, OrderUnit] = {}
    for item in listed:
        own = OrderUnit(item["name"], item["of"], Decimal(item.get("up", "1")), Decimal(item.get("down", "1")))
        found |= dict.fromkeys((own.name, *item.get("spellings", ())), own)
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """A quantity of an order, in a unit of the closed list, and the unit that was written."""

    value: Quantity
    unit: str


def in_order_unit(number: Decimal, unit: str) -> Written | None:
    """Return a number with a unit that an order may hold; None where no list knows the unit.

    Args:
        number: As written.
        unit: Of the closed list in any of its spellings, in upper or lower case, or one that only an order is read in.
    """
    words = order_words()
    for spelling in dict.fromkeys((unit, unit.lower())):
        plain = "/".join(words.spellings.get(part.lower(), part) for part in normalize(spelling).split("/"))
        plain = words.spellings.get(plain.lower(), plain)
        found = find_unit(plain)
        if found is not None:
            return Written(Quantity(number, found.name), found.name)
        own = words.units.get(_part_by_part(plain))
        if own is not None:
            return Written(Quantity(number * own.up / own.down, own.of), own.name)
    return None


def _part_by_part(plain: str) -> str:
    """Return a compound with each part by its own name: `mg/kg/minute` is `mg/kg/min`."""
    parts = [find_unit(part) for part in plain.split("/")]
    return "/".join(
        written if found is None else found.name for written, found in zip(plain.split("/"), parts, strict=True)
    )
