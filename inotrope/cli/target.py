"""`inotrope target`: the rate that most probably keeps a patient in a wanted range of levels, among those allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.cli.answering import page_of, show
from inotrope.cli.cases import (
    add_case_options,
    add_page_options,
    find_case,
    read_assumed,
    read_overrides,
    read_site_file,
)
from inotrope.errors import RequestError, shorten

if TYPE_CHECKING:
    import argparse

    from inotrope.display import Sheet
    from inotrope.plan.target.record import Target


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
    from inotrope.plan.plain import to_plain
    from inotrope.plan.target.making import find_dose

    page = page_of(options)
    overrides, assumed = read_overrides(options.override), read_assumed(options.assume_kidney)
    target = find_dose(
        find_case(options.case, options.now),
        wanted=options.concentration,
        penalty=read_penalty(options.penalty),
        hours=options.hours,
        result_after=options.result_after,
        overrides=overrides,
        assume_kidney=assumed,
        site=read_site_file(options.site),
    )
    show(lambda: to_plain(target), lambda brief: _sheet(target, brief), options, page, brief=not options.full)
    return target.exit_code


def _sheet(target: Target, brief: bool) -> Sheet:
    from inotrope.display.target_sheet import target_sheet

    return target_sheet(target, brief=brief)


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
