"""`inotrope order`: one infusion order, checked against itself and, where a case is named, against its patient."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.cli.cases import find_case, is_file, read_site_file
from inotrope.errors import CaseError, RequestError, shorten

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
    from inotrope.files import LARGEST_FILE, read_bytes
    from inotrope.order import read_order

    if (options.order is None) == (options.text is None):
        says = "Name one order: a file, '-' for standard input, or --text 'milrinone ...'."
        raise RequestError(says, accepted="ORDER.json or --text TEXT")
    if options.order == "-" and options.case == "-":
        raise RequestError("Order and case cannot both be standard input. Write one into a file.", value="-")
    if options.text is not None:
        if not options.text.strip():
            says = "--text is empty. Write the order between the quotes, such as"
            example = "'milrinone 20 mg/100 mL at 0.5 mcg/kg/min, 70 kg'"
            raise RequestError(f"{says} {example}.", value=options.text, accepted=example)
        return read_order({"text": options.text}, name="--text")
    if options.order == "-":
        content, name = sys.stdin.buffer.read(LARGEST_FILE + 1) or b"", "standard input"
    else:
        if " " in options.order.strip() and not is_file(Path(options.order)):
            says = f"'{shorten(options.order)}' is no file. An order that is text stands behind --text."
            raise RequestError(says, value=options.order, accepted="ORDER.json or --text TEXT")
        content, name = read_bytes(Path(options.order)), Path(options.order).name
    try:
        return read_order(content, name=name)
    except CaseError as problem:
        if not _is_case(content, name):
            raise
        named = "-" if options.order == "-" else shorten(options.order)
        says = (
            f"This is a patient's case, and no order. Name it beside the order: --text 'milrinone ...' --case {named}."
        )
        raise RequestError(says, value=options.order, accepted="an order", where=name) from problem


def _is_case(content: bytes, name: str) -> bool:
    """Tell whether what was given for an order is a case: it tells of a patient and of a time, as no order does."""
    from inotrope.files import decode, read_json

    document = read_json(decode(content, name), name)
    return isinstance(document, dict) and {"patient", "now"} <= set(document)
