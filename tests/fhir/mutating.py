"""Records with one to five of their places broken: what a server may send that nobody foresaw."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, Decimal("1e300"), float("inf"), float("nan"), "", " ", "x" * 5000, "\u0000",
    "\ud800", "1.0", "2026-13-45", "2026-11-22", "2026-11-22T08:00:00", "9999-12-31T23:59:59+14:00", "#m1",
    "Patient/pat-b", "../..", [], {}, [[]], [{}], {"a": {"b": []}}, {"resourceType": "Bundle"},
    {"resourceType": "Bundle", "entry": None},
    {"coding": [{"system": 3, "code": []}]}, {"reference": "Bundle/record-1"}, {"value": 1e308, "code": "kg"},
    {"value": "80", "unit": "kg"}, {"start": {}, "end": []}, {"numerator": None}, "<script>", "milrinon",
    "milrinone stopped",
)  # fmt: skip
"""What may stand anywhere."""


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document, the innermost too."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield (*path, key)
        yield from places(value, (*path, key))


def broken(document: Any, chance: random.Random) -> Any:
    """A copy with some places replaced, left out, doubled or exchanged."""
    made = copy.deepcopy(document)
    for _ in range(chance.randint(1, 5)):
        known = list(places(made))
        if not known:
            return made
        path = chance.choice(known)
        parent = made
        for key in path[:-1]:
            parent = parent[key]
        last = path[-1]
        what = chance.random()
        if what < 0.6:
            parent[last] = copy.deepcopy(chance.choice(JUNK))
        elif what < 0.75:
            del parent[last]
        elif isinstance(parent, list):
            parent.append(copy.deepcopy(parent[last]))
        else:
            other = chance.choice(known)
            found = made
            for key in other:
                found = found[key] if isinstance(found, list | dict) else None
            parent[last] = copy.deepcopy(found)
    return made
