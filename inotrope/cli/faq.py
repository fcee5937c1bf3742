"""`inotrope faq`: the questions that are asked again and again, answered in general or for one case."""

from __future__ import annotations

import argparse
import json
import sys

from inotrope.cli.cases import find_case, read_site_file


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument(
        "case", metavar="CASE", nargs="?", help="a file, '-' or a shipped example; without one, in general"
    )
    parser.add_argument("--for", dest="reader", choices=("staff", "family"), default="staff", help="by default staff")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text, for both readers")
    parser.add_argument("--site", metavar="FILE", help="the hospital's own site.toml")


def run(options: argparse.Namespace) -> int:
    """Answer the questions and return 0."""
    from inotrope.plan import to_plain
    from inotrope.plan.answers import answers

    case = None if options.case is None else find_case(options.case)
    found = answers(case, site=read_site_file(options.site))
    if options.json:
        print(json.dumps(to_plain(found), indent=2))
    else:
        from inotrope.display import draw
        from inotrope.display.faq_sheet import faq_sheet

        draw(faq_sheet(found, family=options.reader == "family"), sys.stdout)
    return 0
