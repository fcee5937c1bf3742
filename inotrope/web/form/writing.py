"""A case, as a file holds it, to the fields of a page; sound or not, so that nobody types anything twice.

Knows that what comes in may have any shape. What the fields can hold goes into them as it is written; the rest is kept
beside them and comes back unchanged. Reading the fields again gives the same case.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from inotrope.errors import InotropeError
from inotrope.units import read_time
from inotrope.web.form.fields import (
    INCOMPLETE,
    LISTS,
    MOST_ROWS,
    ROWS,
    SINGLE,
    TABLES,
    Field,
    Kind,
    units_of_measurement,
)
from inotrope.web.form.quantities import part
from inotrope.web.form.reading import KEPT
from inotrope.web.form.times import FILED

_TRUTH = ("present", "absent", "unknown")


def write_fields(document: dict[str, Any]) -> dict[str, str]:
    """Return what stands in each field of a page for a case; the field `kept` carries what no field can hold."""
    values: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for key, content in document.items():
        found = _fields(key, content)
        if found is None:
            kept[key] = content
        else:
            values |= found
    if kept:
        values[KEPT] = json.dumps(kept, ensure_ascii=False, default=str)
    return values


def _fields(key: str, content: Any) -> dict[str, str] | None:
    """Return the fields of one part of a case; None where they cannot hold it."""
    if key in SINGLE:
        return {key: content} if _is_text(content) else None
    if key in TABLES:
        return _table(f"{key}.", TABLES[key], content) if content or key == "patient" else None
    if key in LISTS:
        return _list(key, content)
    if key == "conditions":
        return _conditions(content)
    if key == INCOMPLETE:
        fits = _are_lines(content) and set(content) <= {*LISTS, *ROWS} and len(set(content)) == len(content)
        return {f"{key}.{part}": "yes" for part in content} if fits else None
    return _rows(key, content) if key in ROWS else None


def _table(before: str, fields: tuple[Field, ...], content: Any) -> dict[str, str] | None:
    known = {item.key: item for item in fields}
    if not isinstance(content, dict) or not content.keys() <= known.keys():
        return None
    values: dict[str, str] = {}
    for key, written in content.items():
        item = known[key]
        if item.kind is Kind.LIST:
            if not _are_lines(written):
                return None
            values[f"{before}{key}"] = "\n".join(written)
            continue
        text = _text(written)
        if text is None:
            return None
        if item.kind is Kind.QUANTITY:
            units = item.units or units_of_measurement(str(content.get("what", "")))
            text, values[f"{before}{key}.unit"] = part(text, units)
        elif item.kind is Kind.TIME and not _is_time(text):
            values[f"{before}{key}.{FILED}"] = text
        values[f"{before}{key}"] = text
    return values


def _conditions(content: Any) -> dict[str, str] | None:
    if not isinstance(content, dict) or not content or any(not _is_text(name) for name in content):
        return None
    if any(word not in _TRUTH for word in content.values()):
        return None
    return {f"conditions.{name}": word for name, word in content.items()}


def _list(key: str, content: Any) -> dict[str, str] | None:
    if not _are_lines(content, may_be_empty=True) or "none" in map(str.lower, content):
        return None
    return {key: "\n".join(content) or "none"}


def _rows(key: str, content: Any) -> dict[str, str] | None:
    if not isinstance(content, list) or len(content) > MOST_ROWS:
        return None
    if not content:
        return {f"{key}.none": "yes"}
    values: dict[str, str] = {}
    for number, row in enumerate(content):
        found = _table(f"{key}.{number}.", ROWS[key], row) if row else None
        if not found:
            return None
        values |= found
    return values


def _text(written: Any) -> str | None:
    """Return what stands in a box: a text that comes back the same, or a number, whose missing unit is then told."""
    if _is_text(written):
        return str(written)
    is_number = isinstance(written, int | Decimal) and not isinstance(written, bool)
    return str(written) if is_number else None


def _is_time(text: str) -> bool:
    try:
        read_time(text, what="Time")
    except InotropeError:
        return False
    return True


def _is_text(written: Any) -> bool:
    """Tell whether a text comes back from a box as it was: one line, nothing around it."""
    return isinstance(written, str) and written != "" and written == " ".join(written.split())


def _are_lines(content: Any, *, may_be_empty: bool = False) -> bool:
    sound = isinstance(content, list) and all(map(_is_text, content))
    return sound and (may_be_empty or bool(content))
