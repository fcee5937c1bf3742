"""Requests that nobody wrote: those of the deck, changed in one to six places by what goes wrong between two systems.

Each change knows the structure: a member taken out, doubled, of another type, of another version, of another patient, a
number turned into text or made huge, a code that contradicts its unit, a loop of references, bundles within bundles.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from tests.hooks.conftest import REQUESTS

DECK = [json.loads((folder / "request.json").read_text("utf-8")) for folder in REQUESTS]
NAMES = ("Testmann", "pat-a", "pat-b")
ODD: list[Any] = [
    None, True, False, 0, -1, 1e308, -1e-308, 10**30, "", " ", "x" * 5000, "\u202e", "\x00", "\ud7ff", [], {}, [[]],
    [None], {"a": None}, "NaN", "0.5", "1,5", "2026-13-45", "urn:uuid:" + "0" * 36, "Patient/pat-b", "#x", "milrinone",
    "Testmann <script>", {"resourceType": "Patient"}, {"resourceType": "Bundle", "entry": [{"resource": {}}]},
]  # fmt: skip
UNITS = ("ug/kg/min", "mg/kg/min", "mL/h", "kg", "[lb_av]", "g", "mmol/L", "mg/dL", "", "mcg/kg/min", "umol/L", "1")
TYPES = (
    "Patient",
    "Observation",
    "Condition",
    "MedicationRequest",
    "MedicationOrder",
    "Bundle",
    "Parameters",
    "",
    None,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield every place of a document, deepest last."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from places(inner, (*path, place))


def holder(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def _put(document: Any, path: tuple[Any, ...], make: Callable[[Any], Any]) -> None:
    within = holder(document, path)
    within[path[-1]] = make(within[path[-1]])


def _drop(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    del holder(document, path)[path[-1]]


def _odd(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    _put(document, path, lambda _: copy.deepcopy(chance.choice(ODD)))


def _double(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    _put(
        document, path, lambda old: old * chance.randint(2, 40) if isinstance(old, list) else [old, copy.deepcopy(old)]
    )


def _wrap(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    def deep(old: Any) -> Any:
        for _ in range(chance.choice((1, 3, 30))):
            old = {"resourceType": "Bundle", "entry": [{"resource": old}]} if chance.random() < 0.5 else [old]
        return old

    _put(document, path, deep)


def _text(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    _put(document, path, lambda old: json.dumps(old) if not isinstance(old, str) else [old])


def _scale(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    factor = chance.choice((0, -1, 0.001, 0.1, 2.2046, 10, 60, 1000, 1e12))
    _put(
        document, path, lambda old: old * factor if isinstance(old, int | float) and not isinstance(old, bool) else old
    )


def _unit(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    named = {key: chance.choice(UNITS) for key in ("code", "unit") if chance.random() < 0.7}
    _put(document, path, lambda old: old | named if isinstance(old, dict) else old)


def _type(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    _put(document, path, lambda old: old | {"resourceType": chance.choice(TYPES)} if isinstance(old, dict) else old)


def _move(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    other = chance.choice(list(places(document)))
    taken = copy.deepcopy(holder(document, other)[other[-1]])
    _put(document, path, lambda _: taken)


def _loop(document: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    ends = ["Medication/a", "#a", "Patient/pat-b", "https://evil.example/fhir/Patient/1"]
    _put(document, path, lambda old: old | {"reference": chance.choice(ends)} if isinstance(old, dict) else old)


CHANGES = (_drop, _drop, _odd, _odd, _double, _wrap, _text, _scale, _unit, _type, _move, _loop)


def fuzzed(seed: int) -> Any:
    """Return one request; the same seed makes the same one."""
    chance = random.Random(seed)
    document = copy.deepcopy(chance.choice(DECK))
    for _ in range(chance.randint(1, 6)):
        there = list(places(document))
        if not there:
            break
        # Half of the changes go where the order and the context are, which are few places among many.
        near = [path for path in there if path[0] in ("context", "hook", "fhirServer", "hookInstance")]
        path = chance.choice(near if near and chance.random() < 0.5 else there)
        chance.choice(CHANGES)(document, path, chance)
    return document
