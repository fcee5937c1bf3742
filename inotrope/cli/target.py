"""`inotrope target`: the rate that most probably keeps a patient in a wanted range of levels, among those allowed."""

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
from inotrope.errors import RequestError, one_line, shorten


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_case_options(parser)
    parser.add_argument(
        "--concentration", metavar="RANGE", help="the wanted levels, such as '100-300 ng/mL'; else the studied range"
    )
    parser.add_argument("--penalty", metavar="NUMBER", help="what time above the range counts, 0 to 100; else 2")
    parser.add_argument(
        "--hours", metavar="TIMES", help="when a level could be drawn, such as '2 h, 6 h'; else every full hour"
    )
    parser.add_argument(
        "--result-after", metavar="TIME", help="how long after it is drawn a level's result is there; else at once"
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="show as text also every hour of a level, each model's search, and who is left out",
    )
    add_page_options(parser)


def run(options: argparse.Namespace) -> int:
    """Search one case, show it, and return 3 under a stop and 4 where nothing is searched."""
    from inotrope.plan.target.making import find_dose

    page = None
    if options.html is not None:
        page = prepare_page(options.html, case=options.case, site=options.site, overwrite=options.overwrite)
    overrides, assumed = read_overrides(options.override), read_assumed(options.assume_kidney)
    target = find_dose(
        find_case(options.case),
        wanted=options.concentration,
        penalty=read_penalty(options.penalty),
        hours=options.hours,
        result_after=options.result_after,
        overrides=overrides,
        assume_kidney=assumed,
        site=read_site_file(options.site),
    )
    if page is not None:
        from inotrope.display import to_html
        from inotrope.display.target_sheet import target_sheet

        write_whole(page, to_html(target_sheet(target)))
    if options.json:
        from inotrope.plan.plain import to_plain

        print(json.dumps(to_plain(target), indent=2))
    else:
        from inotrope.display import draw
        from inotrope.display.target_sheet import target_sheet

        draw(target_sheet(target, brief=not options.full), sys.stdout)
        if page is not None:
            print(f"\nPage written: {one_line(options.html)}")
    return target.exit_code


def read_penalty(written: str | None) -> float | None:
    """Return the penalty as a number; its limits are those of the search.

    Raises:
        RequestError: It is no number.
    """
    if written is None:
        return None
    try:
        return float(written)
    except ValueError:
        says = f"The penalty '{shorten(written)}' is no number. Write one from 0 to 100, such as 2."
        raise RequestError(says, value=written, accepted="a number from 0 to 100") from None
