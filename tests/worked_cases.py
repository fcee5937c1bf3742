"""The worked cases of the library, read once for every test that starts from one: they are 33,000 lines."""

from __future__ import annotations

from functools import cache
from typing import Any

from inotrope.drug import load_drug
from inotrope.plan.decks import Deck, read_decks


@cache
def worked_cases() -> tuple[dict[str, Any], tuple[Deck, ...]]:
    """The base cases by name, which a test copies before it changes them, and the worked cases."""
    return read_decks(load_drug("milrinone"))
