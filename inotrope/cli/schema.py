"""`inotrope schema`: the JSON Schemas of what goes in and comes out."""

from __future__ import annotations

import argparse
import json
from importlib import import_module

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
}
"""Where the function stands that returns each schema, and what the schema is of."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    under = parser.add_subparsers(dest="of", metavar="WHAT", required=True, title="which schema")
    for name, (_, _, says) in SCHEMAS.items():
        under.add_parser(name, help=says, description=f"The JSON Schema of {says}.")


def run(options: argparse.Namespace) -> int:
    """Print one schema."""
    module, name, _ = SCHEMAS[options.of]
    print(json.dumps(getattr(import_module(module), name)(), indent=2))
    return 0
