"""An order as it comes in: a table with text fields, a free text, or both.

Knows the keys, what each may hold, and publishes them as JSON Schema. A wrong key or a quantity without its unit is an
error; what a free text does not make clear is a refusal, which `reading.py` prepares. Fields come before the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from inotrope.errors import CaseError, InotropeError, hides_something, nearest, shorten
from inotrope.files import decode, read_bytes, read_json
from inotrope.order.case_facts import CaseFact
from inotrope.order.parts import UnknownWord
from inotrope.order.statements import Kind, Statement
from inotrope.order.told import NOTHING, Told
from inotrope.order.words import Written, in_order_unit
from inotrope.patient.age import read_gestational_age
from inotrope.units import read_quantity

LONGEST_TEXT = 2000
"""Characters of a free text; an order has a few lines."""

_RATE = {"rate per body weight": Kind.RATE, "mass rate": Kind.MASS_RATE}
FIELDS: dict[str, dict[str, Kind]] = {
    "weight": {"body weight": Kind.WEIGHT},
    "rate": _RATE,
    "pump_rate": {"flow": Kind.PUMP_RATE, "flow per body weight": Kind.PUMP_RATE_PER_WEIGHT},
    "amount": {"mass": Kind.AMOUNT, "dose per body weight": Kind.AMOUNT_PER_WEIGHT},
    "volume": {"volume": Kind.VOLUME},
    "concentration": {"mass concentration": Kind.CONCENTRATION},
    "duration": {"time": Kind.COURSE},
    "age": {"time": Kind.AGE},
}
"""Key, and the kind that each dimension makes of it."""
LOAD_FIELDS: dict[str, dict[str, Kind]] = {
    "dose": {"dose per body weight": Kind.LOAD_DOSE, "mass": Kind.LOAD_AMOUNT},
    "duration": {"time": Kind.LOAD_TIME},
    "volume": {"volume": Kind.LOAD_VOLUME},
}
WORDS = ("drug", "text", "diluent", "route")
"""Keys that hold words."""
KEYS = ("drug", "text", *FIELDS, "gestational_age", "load", "diluent", "route")

_EMPTY = "Write an order into it; 'inotrope schema order' names the fields."
_EXAMPLES = {
    "drug": "milrinone",
    "text": "milrinone 20 mg/100 mL D5W at 0.5 mcg/kg/min, 70 kg, 10.5 mL/h over 9.5 h",
    "weight": "70 kg",
    "rate": "0.5 mcg/kg/min",
    "pump_rate": "10.5 mL/h",
    "amount": "20 mg",
    "volume": "100 mL",
    "concentration": "0.2 mg/mL",
    "duration": "9.5 h",
    "age": "58 years",
    "gestational_age": "27+3 weeks",
    "diluent": "dextrose 5 %",
    "route": "intravenous",
}
_LOAD_EXAMPLES = {"dose": "50 mcg/kg", "duration": "10 min", "volume": "3.5 mL"}
_RANGE = re.compile(r"\s*([0-9.]+)\s*(?:-|\u2013|to)\s*([0-9.]+)\s*(\S.*)", re.DOTALL)
_PLAIN = re.compile(r"\s*([0-9]{1,16}(?:\.[0-9]{0,16})?|\.[0-9]{1,16})\s*(\S.*?)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OrderForm:
    """What the fields of an order say.

    Attributes:
        drug: As written; None where only the text may name it.
        text: The free text; None where there is none.
        statements: The quantities of the fields.
        diluent: As written, or None.
        route: As written, or None.
        rows: Further pairs of rate and pump rate, where a text lists several.
        premix: Whether the text speaks of a premixed bag.
        joined: Volumes that the drug is added to, where the text leaves the final volume open.
        facts: What the text tells about the patient that only a case is judged for.
        is_base: Whether the text says that its amounts are the base and no salt.
        load_from: The bag that the text draws the load from, as written, and its place.
        strengths: What the text calls a strength in a word, such as `double strength`.
        others: Other medicines that the text names.
        partners: Fluids that the text says run in the same line.
        told: What the text tells beside its quantities.
        unknown: Words of the text that are not known and may be a medicine.
    """

    drug: str | None
    text: str | None
    statements: tuple[Statement, ...]
    diluent: str | None
    route: str | None
    rows: tuple[tuple[Statement, ...], ...] = ()
    premix: bool = False
    joined: tuple[Statement, ...] = ()
    facts: tuple[CaseFact, ...] = ()
    is_base: bool = False
    load_from: tuple[str, str] | None = None
    strengths: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    told: Told = NOTHING
    unknown: tuple[UnknownWord, ...] = ()


def read_order(source: Path | bytes | Mapping[str, Any], *, name: str | None = None) -> OrderForm:
    """Read the fields of an order.

    Args:
        source: A path to a JSON file, its bytes, or the table itself.
        name: What errors call the source; by default the file's name.

    Raises:
        FileError: Absent, empty, too large, not UTF-8, not JSON, a key twice.
        CaseError: An unknown key, a value of the wrong kind, or nothing to check.
        UnitError: A quantity without a unit, or with a wrong one.
    """
    if isinstance(source, Mapping):
        document: Any = source
    else:
        if isinstance(source, bytes):
            content, name = source, name or "order"
        else:
            content, name = read_bytes(source), name or source.name
        document = read_json(decode(content, name, instead=_EMPTY), name)
    try:
        return _form(document)
    except InotropeError as problem:
        raise (problem if name is None else problem.at(name)) from None


def _form(document: Any) -> OrderForm:
    if not isinstance(document, Mapping):
        raise CaseError("An order is an object with keys such as 'drug' and 'text'.", accepted=", ".join(KEYS))
    _known(document, KEYS)
    words = {key: _word(document.get(key), key) for key in WORDS}
    load = document.get("load")
    if load is not None and not isinstance(load, Mapping):
        raise CaseError("'load' is an object with dose, duration or volume.", accepted=", ".join(LOAD_FIELDS))
    statements = [
        _quantity(document[key], key, kinds) for key, kinds in FIELDS.items() if document.get(key) is not None
    ]
    if document.get("gestational_age") is not None:
        statements.append(_gestation(document["gestational_age"]))
    if load is not None:
        _known(load, tuple(LOAD_FIELDS), "load.")
        for key, kinds in LOAD_FIELDS.items():
            if load.get(key) is not None:
                statements.append(_quantity(load[key], f"load.{key}", kinds))
    if not statements and words["text"] is None:
        raise CaseError("The order states nothing. Write a text, or fields such as 'rate'.", accepted=", ".join(KEYS))
    return OrderForm(words["drug"], words["text"], tuple(statements), words["diluent"], words["route"])


def _known(document: Mapping[str, Any], keys: tuple[str, ...], before: str = "") -> None:
    for key in document:
        if key not in keys:
            says = f"Key '{shorten(str(key))}' is not known here; {nearest(str(key), keys)}."
            raise CaseError(says, value=key, accepted=", ".join(keys), where=f"{before}{shorten(str(key))}")


def _word(value: object, key: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        accepted = f"text of 1 to {LONGEST_TEXT:,} characters"
        raise CaseError(f"'{key}' is {accepted}.", value=value, accepted=accepted, where=key)
    if hides_something(value):
        raise CaseError(f"'{key}' holds a character that nobody sees. Write it anew.", value=value, where=key)
    return value


def _quantity(value: object, where: str, kinds: Mapping[str, Kind]) -> Statement:
    what = where.replace("_", " ").replace(".", " ").capitalize()
    parts = _RANGE.fullmatch(value) if isinstance(value, str) else None
    ends: list[object] = [value] if parts is None else [f"{parts[1]} {parts[3]}", f"{parts[2]} {parts[3]}"]
    try:
        low, high = (_end(end, what, tuple(kinds)) for end in (ends[0], ends[-1]))
    except InotropeError as problem:
        raise problem.at(where) from None
    if low.value > high.value:
        raise CaseError(f"'{shorten(str(value))}' runs backwards. Write the lower end first.", value=value, where=where)
    unit = high.unit if high.unit != high.value.unit else ""
    return Statement(kinds[high.value.dimension], low.value, high.value, str(value), where, unit)


def _gestation(value: object) -> Statement:
    try:
        weeks = read_gestational_age(value)
    except InotropeError as problem:
        raise problem.at("gestational_age") from None
    return Statement(Kind.GESTATION, weeks, weeks, str(value), "gestational_age")


def _end(value: object, what: str, dimensions: tuple[str, ...]) -> Written:
    """Read one end: in a unit of the closed list, or in one that only an order is read in."""
    match = _PLAIN.fullmatch(value) if isinstance(value, str) else None
    own = None if match is None or not Decimal(match[1]) else in_order_unit(Decimal(match[1]), match[2])
    if own is not None and own.unit != own.value.unit and own.value.dimension in dimensions:
        return own
    read = read_quantity(value, what=what, dimensions=dimensions)
    return Written(read, read.unit)


def order_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an order as `inotrope order` reads it."""

    def text(example: str) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "examples": [example]}

    properties = {key: text(_EXAMPLES[key]) for key in KEYS if key != "load"}
    properties["load"] = {
        "type": "object",
        "properties": {key: text(example) for key, example in _LOAD_EXAMPLES.items()},
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Order",
        "description": "Every quantity is text with its unit. Fields and text are both read, and compared.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
