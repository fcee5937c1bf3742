"""`inotrope schema`: the JSON Schemas of what goes in and comes out."""

from __future__ import annotations

import argparse
import json


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("of", choices=("case", "plan", "screening"), help="which schema")


def run(options: argparse.Namespace) -> int:
    """Print one schema."""
    from inotrope.patient import case_schema
    from inotrope.plan import plan_schema, screening_schema

    schemas = {"case": case_schema, "plan": plan_schema, "screening": screening_schema}
    print(json.dumps(schemas[options.of](), indent=2))
    return 0
