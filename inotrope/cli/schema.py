"""`inotrope schema`: the JSON Schemas of what goes in and comes out."""

from __future__ import annotations

import argparse
import json

from inotrope.plan.published import SCHEMAS, published_schema


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    under = parser.add_subparsers(dest="of", metavar="WHAT", required=True, title="which schema")
    for name, (_, _, says) in SCHEMAS.items():
        under.add_parser(name, help=says, description=f"The JSON Schema of {says}.")


def run(options: argparse.Namespace) -> int:
    """Print one schema."""
    print(json.dumps(published_schema(options.of), indent=2))
    return 0
