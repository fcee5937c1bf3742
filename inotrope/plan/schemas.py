"""The published JSON Schemas of what comes out."""

from __future__ import annotations

from typing import Any

from inotrope.plan.plain import record_schema
from inotrope.plan.record import Plan, Screening


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a plan as `inotrope plan --json` writes it."""
    return record_schema(Plan, "Inotrope plan")


def screening_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a screening as `inotrope screen --json` writes it."""
    return record_schema(Screening, "Inotrope screening")


def order_check_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the check of an order as `inotrope order --json` writes it."""
    from inotrope.plan.orders import OrderCheck  # noqa: PLC0415 - a plan does not wait for the reader of orders

    return record_schema(OrderCheck, "Inotrope order check")


def answers_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of answered questions as `inotrope faq --json` writes them."""
    from inotrope.plan.answers import Answers  # noqa: PLC0415 - a plan does not wait for them

    return record_schema(Answers, "Inotrope answers")


def fit_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a fit as `inotrope fit --json` writes it."""
    from inotrope.plan.fitting.record import Fit  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(Fit, "Inotrope fit")


def circulation_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a circulation as `inotrope circulation --json` writes it."""
    from inotrope.plan.circulation.record import CirculationForecast  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(CirculationForecast, "Inotrope circulation")


def target_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a search for a dose as `inotrope target --json` writes it."""
    from inotrope.plan.target.record import Target  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(Target, "Inotrope target")


def what_if_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what one supposed change would do to the levels."""
    from inotrope.plan.supposing.record import Supposition  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(Supposition, "Inotrope what-if")


def conversion_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one conversion as `inotrope dose --json` writes it.

    Either what comes out, or that no product has such a concentration; `step` is there where a rate was asked with.
    """
    from inotrope.dosing import Conversion  # noqa: PLC0415 - a plan does not wait for it

    title = "Inotrope conversion"
    found = record_schema(Conversion, title)
    text, quantity = {"type": "string"}, {"$ref": "#/$defs/Quantity"}
    told = {"drug": text, "entry": text, "weight": quantity, "concentration": quantity, **found["properties"]}
    told |= {"assumed": text, "notice": text}
    stopped = {"drug": text, "stopped": text, "notice": text}
    return {
        "$schema": found["$schema"],
        "$defs": found["$defs"],
        "anyOf": [_closed({**told, "step": quantity}, optional="step"), _closed(stopped)],
        "title": title,
    }


def error_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an error, whichever command and door was asked wrongly."""
    text = {"type": "string"}
    may_be = {"anyOf": [text, {"type": "null"}]}
    parts = {"kind": text, "says": text, "value": may_be, "accepted": may_be, "where": may_be}
    whole = _closed({"error": _closed(parts)})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "title": "Inotrope error"}


def _closed(properties: dict[str, Any], *, optional: str = "") -> dict[str, Any]:
    """Return an object of these keys and no others."""
    required = [name for name in properties if name != optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
