"""One question of a plan, answered where it stands: the boxes for it, and the case with the answer in it.

Knows which part of a case each question asks for, by the name that the plan gives it. An answer is read as the case
form reads it, and is put beside what the case already holds: a new value stands beside the older ones.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from inotrope.errors import RequestError
from inotrope.patient import vocabulary
from inotrope.web.form.fields import INCOMPLETE, LISTS, ROWS, Asked
from inotrope.web.form.reading import Document, Filled, read_fields

_BOXES = {
    "height": ("patient.height",),
    "age": ("patient.born", "patient.age"),
    "gestational age": ("patient.gestational_age",),
    "indication": ("indication",),
    "authority": ("authority",),
    "diluent": ("preparation.diluent",),
    "preparation": ("preparation.product", "preparation.concentration", "preparation.volume"),
    "preparation volume": ("preparation.volume",),
    "pump": ("pump.step",),
    "medicines": ("medicines",),
    "allergies": ("allergies",),
}
"""The boxes of a question, by the name that the plan gives it."""
_PLACE = re.compile(rf"({'|'.join(ROWS)})\[(\d+)\](.*)", re.DOTALL)


def boxes_of(name: str) -> tuple[str, ...]:
    """Return the fields that answer a question and stand once; nothing where rows, or yes and no, answer it."""
    return _BOXES.get(name, ())


def condition_of(name: str) -> str | None:
    """Return the condition that a question asks for; None where it asks for something else."""
    known = vocabulary().condition(name)
    return None if known is None or name in _BOXES or name in ROWS else known.name


def measurement_of(name: str, drug: str) -> Asked | None:
    """Return the measurement that a question asks for; None where it asks for something else."""
    kind = vocabulary().measurement(name)
    if kind is None or name in _BOXES:
        return None
    return Asked(kind.name, drug if kind.needs_of else "")


def put_answer(document: Document, values: Mapping[str, str]) -> Filled:
    """Return the case with an answer in it.

    Args:
        document: The case as it is.
        values: The fields of the answer alone, by the names that they have on the case form.

    Returns:
        What `read_fields` returns; where nothing was typed, that is its only problem.
    """
    filled = read_fields({**values, "now": str(document.get("now", ""))})
    found = {key: content for key, content in filled.document.items() if key != "now" and content != {}}
    if not found:
        says = "Nothing was typed. Write the answer, or leave the question open."
        first = next((name for name in values if not name.endswith((".asked", ".what", ".of", ".unit"))), "")
        return Filled(document, {}, [RequestError(says, where=first)])
    merged: dict[str, Any] = copy.deepcopy(document)
    before: dict[str, int] = {}
    for key, content in found.items():
        held = merged.get(key)
        if isinstance(content, dict) and isinstance(held, dict):
            merged[key] = held | content
        elif key in ROWS and isinstance(held, list):
            before[key] = len(held)
            merged[key] = [*held, *content]
        elif key in LISTS and isinstance(held, list) and content:
            merged[key] = [*held, *(item for item in content if item not in held)]
        else:
            merged[key] = content
    doubted = [part for part in merged.pop(INCOMPLETE, ()) if part not in found]  # an answer says that this is all
    merged |= {INCOMPLETE: doubted} if doubted else {}
    places = {_moved(where, before): name for where, name in filled.places.items() if where != "now"}
    return Filled(merged, places, filled.problems)


def _moved(where: str, before: Mapping[str, int]) -> str:
    """Return the place of an entry behind those that the case already has."""
    found = _PLACE.fullmatch(where)
    if found is None:
        return where
    return f"{found[1]}[{int(found[2]) + before.get(found[1], 0)}]{found[3]}"
