"""The fields of a page, as they were typed, to a case: the same text that a file would hold.

Knows the names of the fields and where each one stands in the case, so that an error of the reader of cases finds its
field again. It judges nothing and drops nothing that was typed: a field left empty is a key left out, which means
unknown, and a row is left out only where nothing was typed into it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inotrope.errors import CaseError, InotropeError
from inotrope.files import Path_, dotted, read_json
from inotrope.web.form.fields import INCOMPLETE, LISTS, ROWS, SINGLE, TABLES, Field, Kind
from inotrope.web.form.quantities import is_plain_number, join
from inotrope.web.form.times import FILED, whole_time

Document = dict[str, Any]
Values = Mapping[str, str]
"""What stands in each field, by its name."""

KEPT = "kept"
"""The field that carries what a page cannot show, as JSON."""
ASKED = "asked"
"""In a row: what the page itself wrote there; a row with nothing else in it is empty."""
_ROW = re.compile(rf"({'|'.join(ROWS)})\.(\d{{1,5}})\.[a-z]+(?:\.unit)?")


@dataclass(slots=True)
class Filled:
    """What was read from a page.

    Attributes:
        document: The case, as a file would hold it.
        places: The name of the field by the place in the case that an error would name.
        problems: What is wrong with the fields themselves, each with the name of its field in `where`.
    """

    document: Document = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[InotropeError] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The case as a file would hold it."""
        return json.dumps(self.document, indent=2, ensure_ascii=False, default=str) + "\n"


def open_case(text: str) -> dict[str, Any]:
    """Return the case that a text holds, sound or not.

    Raises:
        FileError: The text is no JSON.
        CaseError: It is no object.
    """
    document = read_json(text, "case")
    if not isinstance(document, dict):
        raise CaseError('A case is one JSON object, such as { "drug": ... }.', accepted="an object")
    return document


def read_fields(values: Values) -> Filled:
    """Return the case that the fields of a page make; nothing is raised, since what was typed must not be lost."""
    filled = Filled()
    _keep(values, filled)
    for key in SINGLE:
        _put(filled, (key,), key, _typed(values, key))
    now = str(filled.document.get("now", ""))
    for table, fields in TABLES.items():
        found = {item.key: _value(values, f"{table}.{item.key}", item, now, filled) for item in fields}
        for key, text in found.items():
            _put(filled, (table, key), f"{table}.{key}", text)
    _conditions(values, filled)
    for key in LISTS:
        _list(values, key, filled)
    for part in ROWS:
        _rows(values, part, now, filled)
    doubted = [name.partition(".")[2] for name, said in values.items() if name.startswith(f"{INCOMPLETE}.") and said]
    if doubted:
        filled.document[INCOMPLETE] = doubted
        filled.places |= {f"{INCOMPLETE}[{place}]": f"{INCOMPLETE}.{part}" for place, part in enumerate(doubted)}
    filled.document.setdefault("patient", {})
    return filled


def row_numbers(values: Values, part: str) -> tuple[int, ...]:
    """Return the numbers of the rows that a page has of one part, in order."""
    found = (_ROW.fullmatch(name) for name in values)
    return tuple(sorted({int(match[2]) for match in found if match is not None and match[1] == part}))


def is_empty_row(values: Values, part: str, number: int) -> bool:
    """Tell whether nothing was typed into a row beyond what the page itself wrote there."""
    before = f"{part}.{number}."
    asked = {item.strip() for item in values.get(f"{before}{ASKED}", "").split("|")}
    typed = (_typed(values, f"{before}{item.key}") for item in ROWS[part])
    return all(not text or text in asked for text in typed)


def _keep(values: Values, filled: Filled) -> None:
    """Take up again what the page could not show."""
    text = values.get(KEPT, "")
    if not text:
        return
    try:
        kept = read_json(text, "what the page keeps")
        if not isinstance(kept, dict):
            raise CaseError("It is no object.")
    except InotropeError:
        says = "What this page kept of the case for you was changed on its way. Open the file again."
        filled.problems.append(CaseError(says, where=KEPT))
        return
    filled.document.update(kept)
    filled.places.update(dict.fromkeys(kept, KEPT))


def _conditions(values: Values, filled: Filled) -> None:
    before = "conditions."
    for name, word in values.items():
        if name.startswith(before) and word.strip():
            _put(filled, ("conditions", name.removeprefix(before)), name, word.strip())


def _list(values: Values, key: str, filled: Filled) -> None:
    """Put the names of one box: one on each line, or none at all where `none` stands there."""
    names = _lines(values.get(key, ""))
    if not names:
        return
    filled.document[key] = [] if [name.lower() for name in names] == ["none"] else names
    filled.places[key] = key
    if len(names) > 1 and "none" in map(str.lower, names):
        says = f"'none' stands beside {len(names) - 1} more. Keep 'none', or what is listed."
        filled.problems.append(CaseError(says, value="none", where=key))


def _rows(values: Values, part: str, now: str, filled: Filled) -> None:
    rows: list[Document] = []
    for number in row_numbers(values, part):
        if is_empty_row(values, part, number):
            continue
        path: Path_ = (part, len(rows))
        row: Document = {}
        before = f"{part}.{number}."
        for item in ROWS[part]:
            text: Any = _value(values, f"{before}{item.key}", item, now, filled)
            if text:
                row[item.key] = _lines(text) if item.kind is Kind.LIST else text
            filled.places[dotted((*path, item.key))] = f"{before}{item.key}"
        filled.places[dotted(path)] = f"{before}{ROWS[part][0].key}"
        rows.append(row)
    if rows or values.get(f"{part}.none"):
        filled.document[part] = rows
        filled.places[part] = f"{part}.none"


def is_filed(values: Values, name: str) -> bool:
    """Tell whether a field still holds what a file held there that is no time: nothing is filled in for it."""
    return values.get(name, "").strip() == values.get(f"{name}.{FILED}", "").strip() != ""


def _value(values: Values, name: str, item: Field, now: str, filled: Filled) -> str:
    typed = values.get(name, "").strip()
    if item.kind is Kind.QUANTITY:
        unit = values.get(f"{name}.unit", "").strip()
        only = len(item.units) == 1 and not is_plain_number(typed)
        return join(typed, "" if only else unit)
    if not typed or item.kind is not Kind.TIME or is_filed(values, name):
        return typed
    found = whole_time(typed, now)
    if found.asks:
        filled.problems.append(CaseError(f"{item.label}: {found.asks}", value=typed, where=name))
    return found.text


def _put(filled: Filled, path: Path_, name: str, text: str) -> None:
    filled.places[dotted(path)] = name
    if not text:
        return
    table = filled.document
    for key in map(str, path[:-1]):
        if not isinstance(table.get(key), dict):  # what was typed takes the place of what no field could hold
            table[key] = {}
        table = table[key]
    table[str(path[-1])] = text


def _typed(values: Values, name: str) -> str:
    return values.get(name, "").strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
