"""`inotrope plan`: the main job."""

from __future__ import annotations

import argparse
import json
import sys

from inotrope.cli.cases import (
    add_case_options,
    add_page_options,
    find_case,
    prepare_page,
    read_assumed,
    read_overrides,
    read_site_file,
    write_whole,
)
from inotrope.errors import one_line


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_case_options(parser)
    parser.add_argument(
        "--full", action="store_true", help="show as text also what other authorities say, side effects and sources"
    )
    parser.add_argument(
        "--what-if",
        metavar="TEXT",
        action="append",
        default=[],
        help="what the forecast says then: 'pause 2 h after 6 h', 'rate 0.5 mcg/kg/min', 'kidney 30 mL/min/1.73 m2 at "
        "14:00'; "
        "may be repeated",
    )
    add_page_options(parser)


def run(options: argparse.Namespace) -> int:
    """Plan one case, show it, and return the exit code of its status."""
    from inotrope.plan import make_plan, to_plain

    page = None
    if options.html is not None:
        page = prepare_page(options.html, case=options.case, site=options.site, overwrite=options.overwrite)
    overrides, assumed = read_overrides(options.override), read_assumed(options.assume_kidney)
    site = read_site_file(options.site)
    plan = make_plan(
        find_case(options.case), overrides=overrides, assume_kidney=assumed, site=site, what_if=options.what_if
    )
    if page is not None:
        from inotrope.display import plan_sheet, to_html

        write_whole(page, to_html(plan_sheet(plan)))
    if options.json:
        print(json.dumps(to_plain(plan), indent=2))
    else:
        from inotrope.display import draw, plan_sheet

        draw(plan_sheet(plan, brief=not options.full), sys.stdout)
        if page is not None:
            print(f"\nPage written: {one_line(options.html)}")
    return plan.exit_code
