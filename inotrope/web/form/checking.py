"""Everything that is wrong with what was typed, each at its field and in the words of the command line.

Knows the reader of cases, which stops at the first error, and asks it again without what was wrong, so that one look
shows them all. What stands in for a wrong answer while the others are checked is thrown away.
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass

from inotrope.errors import InotropeError
from inotrope.patient import read_case
from inotrope.web.form.reading import Document, Filled

_MOST = 20
"""Errors shown at once; who has more has a broken file."""
_STANDING_IN = {
    "drug": "milrinone",
    "indication": "not said",
    "patient.sex": "male",
    "patient.weight": "70 kg",
}
"""What stands in for a required answer while the others are checked; never written and never planned with."""
_CONDITION = "conditions."
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the name of its field, empty where no field holds it, and what to do about it."""

    field: str
    says: str


def check(filled: Filled) -> tuple[Problem, ...]:
    """Return everything that is wrong with a page that was read; nothing where a plan can be made of it."""
    problems = [Problem(item.where or "", item.says) for item in filled.problems]
    told = {item.field for item in problems}  # the reader would say of it what it says of any text
    document, places = copy.deepcopy(filled.document), dict(filled.places)
    for _ in range(_MOST):
        try:
            read_case(json.loads(json.dumps(document, default=str)))
            break
        except InotropeError as error:
            where = error.where or ""
            field = field_of(where, places)
            if not field or field not in told:
                problems.append(Problem(field, error.says))
        if not _go_on(document, places, where):
            break
    return tuple(dict.fromkeys(problems))


def field_of(where: str, places: dict[str, str]) -> str:
    """Return the field that an error's place belongs to: its own, else that of the nearest part around it."""
    while where:
        if where in places:
            return places[where]
        shorter = re.sub(r"(\.[^.\[\]]*|\[\d+\])$", "", where)
        where = "" if shorter == where else shorter
    return ""


def _go_on(document: Document, places: dict[str, str], where: str) -> bool:
    """Take what is wrong out of the case; False where nothing more can be checked without it."""
    table, _, key = where.rpartition(".")
    if where in _STANDING_IN:
        held = document.setdefault(table, {}) if table else document
        if not isinstance(held, dict) or held.get(key) == _STANDING_IN[where]:
            return False
        held[key] = _STANDING_IN[where]
        return True
    person = document.get("patient")
    if where in ("patient.born", "patient.age") and isinstance(person, dict):
        person.pop(key, None)
        if "born" not in person:
            person.setdefault("age", "50 years")
        return True
    return where not in ("", "now", "patient") and _take_out(document, places, where)


def _take_out(document: Document, places: dict[str, str], where: str) -> bool:
    """Take out the entry of a list that holds the place, else its key, else the part of the case that it stands in."""
    name = places.get(where, "")
    if name.startswith(_CONDITION):
        held = document.get(_CONDITION.rstrip("."))
        return isinstance(held, dict) and held.pop(name.removeprefix(_CONDITION), None) is not None
    steps = [found[1] or int(found[2]) for found in _STEP.finditer(where)]
    part = document.get(str(steps[0])) if steps else None
    second = steps[1] if len(steps) > 1 else None
    if isinstance(part, list) and isinstance(second, int) and second < len(part):
        del part[second]
        _renumber(places, str(steps[0]), second)
        return True
    if isinstance(part, dict) and second in part:
        del part[second]
        return True
    return bool(steps) and document.pop(str(steps[0]), None) is not None


def _renumber(places: dict[str, str], part: str, taken: int) -> None:
    """Move the places of the entries behind one that was taken out."""
    pattern = re.compile(rf"{re.escape(part)}\[(\d+)\](.*)", re.DOTALL)
    entries = [(pattern.fullmatch(where), where, name) for where, name in places.items()]
    for match, where, _ in entries:
        if match is not None and int(match[1]) >= taken:
            del places[where]
    for match, _, name in entries:
        if match is not None and int(match[1]) > taken:
            places[f"{part}[{int(match[1]) - 1}]{match[2]}"] = name
