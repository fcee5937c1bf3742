"""The adult of the label, for the tests of dosing: 82 kg, nothing unusual; and short ways to build what they need."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inotrope.drug import Drug, Entry, load_drug
from inotrope.patient import Case, read_case
from inotrope.units import Quantity, read_quantity, registry

NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")


def quantity(text: str) -> Quantity:
    """Return a quantity of any dimension, zero and below included."""
    every = tuple(dict.fromkeys(unit.dimension for unit in registry().units.values()))
    return read_quantity(text, what="Value", dimensions=every, positive=False)


def milrinone() -> Drug:
    return load_drug("milrinone")


def adult_entry() -> Entry:
    return entry("adult-acute-decompensated-heart-failure")


def entry(id_: str) -> Entry:
    (found,) = [item for item in milrinone().entries if item.id == id_]
    return found


def case(**changes: Any) -> Case:
    """Return the adult's case; a keyword replaces a key of it, None takes it away."""
    document: dict[str, Any] = {
        "drug": "milrinone",
        "indication": "acute decompensated heart failure",
        "now": NOW.isoformat(),
        "patient": {"born": "1958-03-02", "sex": "male", "weight": "82 kg", "height": "178 cm"},
        "administrations": [],
        "preparation": {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL"},
        "pump": {"step": "0.1 mL/h"},
    }
    for key, value in changes.items():
        if value is None:
            del document[key]
        elif key == "weight":
            document["patient"]["weight"] = value
        else:
            document[key] = value
    return read_case(document)


def ago(hours: str) -> str:
    """Return the moment so many hours before now."""
    return (NOW - timedelta(minutes=int(Decimal(hours) * 60))).isoformat()


def infusion(start: str, rate: str, **more: str) -> dict[str, str]:
    return {"of": "milrinone", "start": ago(start), "rate": rate, **more}


def bolus(start: str, dose: str, duration: str = "10 min") -> dict[str, str]:
    return {"of": "milrinone", "start": ago(start), "dose": dose, "duration": duration}
