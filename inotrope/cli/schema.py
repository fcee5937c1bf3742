"""`inotrope schema`: the JSON Schemas of what goes in and comes out."""

from __future__ import annotations

import argparse
import json
from importlib import import_module

SCHEMAS = {
    "case": ("inotrope.patient", "case_schema"),
    "plan": ("inotrope.plan", "plan_schema"),
    "screening": ("inotrope.plan", "screening_schema"),
    "order": ("inotrope.order", "order_schema"),
    "order-check": ("inotrope.plan", "order_check_schema"),
    "answers": ("inotrope.plan.schemas", "answers_schema"),
}
"""Where the function stands that returns each schema."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("of", choices=tuple(SCHEMAS), help="which schema")


def run(options: argparse.Namespace) -> int:
    """Print one schema."""
    module, name = SCHEMAS[options.of]
    print(json.dumps(getattr(import_module(module), name)(), indent=2))
    return 0
