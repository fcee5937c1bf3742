"""`inotrope order`: one infusion order, checked against itself and, where a case is named, against its patient."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.cli.cases import find_case, read_site_file
from inotrope.errors import RequestError

if TYPE_CHECKING:
    from inotrope.order import OrderForm


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("order", metavar="ORDER.json", nargs="?", help="a JSON file, or '-' for standard input")
    parser.add_argument("--text", metavar="TEXT", help="the order as free text, instead of a file")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    parser.add_argument("--case", metavar="CASE", help="the patient: a file or the name of a shipped example")
    parser.add_argument("--site", metavar="FILE", help="the hospital's own site.toml")


def run(options: argparse.Namespace) -> int:
    """Check one order, show what was found, and return the exit code of its status."""
    from inotrope.plan import check_order, to_plain

    order = _order(options)
    case = None if options.case is None else find_case(options.case)
    check = check_order(order, case=case, site=read_site_file(options.site))
    if options.json:
        print(json.dumps(to_plain(check), indent=2))
    else:
        from inotrope.display import draw
        from inotrope.display.order_sheet import order_sheet

        draw(order_sheet(check), sys.stdout)
    return check.exit_code


def _order(options: argparse.Namespace) -> OrderForm:
    from inotrope.files import LARGEST_FILE
    from inotrope.order import read_order

    if (options.order is None) == (options.text is None):
        says = "Name one order: a file, '-' for standard input, or --text 'milrinone ...'."
        raise RequestError(says, accepted="ORDER.json or --text TEXT")
    if options.order == "-" and options.case == "-":
        raise RequestError("Order and case cannot both be standard input. Write one into a file.", value="-")
    if options.text is not None:
        return read_order({"text": options.text}, name="--text")
    if options.order == "-":
        return read_order(sys.stdin.buffer.read(LARGEST_FILE + 1) or b"", name="standard input")
    return read_order(Path(options.order))
