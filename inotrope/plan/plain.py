"""Records to plain JSON values, and the JSON Schemas of what comes out.

Knows types, not meanings: a quantity becomes `{"value": 7.9, "unit": "mL/h"}`, a time ISO 8601, a tuple a list.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from inotrope.units import Quantity


def to_plain(value: object) -> Any:
    """Return a record as JSON values."""
    if type(value) is str or value is None:  # most of a plan, so it is asked first
        return value
    if isinstance(value, Quantity):
        return value.to_plain()
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    names = _names(type(value))  # type: ignore[arg-type] # a class can be hashed, whatever its type says
    return {name: to_plain(getattr(value, name)) for name in names} if names else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the names of a record's fields; none for what is no record."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def record_schema(kind: type, title: str) -> dict[str, Any]:
    """Return the JSON Schema of a record as `to_plain` writes it.

    A quantity's value is a JSON number; the validating library would write decimals as text.
    """
    from pydantic import ConfigDict, TypeAdapter, with_config  # noqa: PLC0415, F401 - only the schema command needs it
    from pydantic.json_schema import GenerateJsonSchema  # noqa: PLC0415

    class Schema(GenerateJsonSchema):
        def decimal_schema(self, schema: Any) -> dict[str, Any]:
            return {"type": "number"}

    found = TypeAdapter(kind).json_schema(schema_generator=Schema, mode="serialization")
    for shape in (found, *found.get("$defs", {}).values()):
        if "properties" in shape:
            shape["required"] = list(shape["properties"])
            shape["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": title}
