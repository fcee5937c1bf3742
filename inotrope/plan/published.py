"""Which JSON Schemas are published, and where each is made: one list for every door."""

from __future__ import annotations

from importlib import import_module
from typing import Any

SCHEMAS = {
    "case": ("inotrope.patient", "case_schema", "a patient's case"),
    "plan": ("inotrope.plan", "plan_schema", "what 'plan --json' writes"),
    "screening": ("inotrope.plan", "screening_schema", "what 'screen --json' writes"),
    "fit": ("inotrope.plan.schemas", "fit_schema", "what 'fit --json' writes"),
    "target": ("inotrope.plan.schemas", "target_schema", "what 'target --json' writes"),
    "circulation": ("inotrope.plan.schemas", "circulation_schema", "what 'circulation --json' writes"),
    "what-if": ("inotrope.plan.schemas", "what_if_schema", "what one supposed change would do to the levels"),
    "order": ("inotrope.order", "order_schema", "an order as a file of fields"),
    "order-check": ("inotrope.plan", "order_check_schema", "what 'order --json' writes"),
    "answers": ("inotrope.plan.schemas", "answers_schema", "what 'faq CASE --json' writes"),
    "conversion": ("inotrope.plan.schemas", "conversion_schema", "what 'dose --json' writes of one rate or setting"),
    "error": (
        "inotrope.plan.schemas",
        "error_schema",
        "what every command writes with --json where it was asked wrongly",
    ),
}
"""Where the function stands that returns each schema, and what the schema is of."""


def published_schema(name: str) -> dict[str, Any]:
    """Return one of the published schemas; `name` is a key of `SCHEMAS`."""
    module, made_by, _ = SCHEMAS[name]
    schema: dict[str, Any] = getattr(import_module(module), made_by)()
    return schema
