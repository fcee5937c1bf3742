"""`inotrope fit`: what the measured levels of a case say of the patient."""

from __future__ import annotations

import argparse
import json
import sys

from inotrope.cli.cases import find_case, prepare_page, write_whole
from inotrope.errors import one_line


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("case", metavar="CASE", help="a file, '-' for standard input, or the name of a shipped example")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    parser.add_argument("--html", metavar="FILE", help="also write one self-contained page to print")


def run(options: argparse.Namespace) -> int:
    """Fit one case, show it, and return 4 where nothing that was measured can be fitted."""
    from inotrope.plan.fitting.making import fit_case

    page = None if options.html is None else prepare_page(options.html, case=options.case)
    fit = fit_case(find_case(options.case))
    if page is not None:
        from inotrope.display import to_html
        from inotrope.display.fit_sheet import fit_sheet

        write_whole(page, to_html(fit_sheet(fit)))
    if options.json:
        from inotrope.plan.plain import to_plain

        print(json.dumps(to_plain(fit), indent=2))
    else:
        from inotrope.display import draw
        from inotrope.display.fit_sheet import fit_sheet

        draw(fit_sheet(fit), sys.stdout)
        if page is not None:
            print(f"\nPage written: {one_line(options.html)}")
    return fit.exit_code
