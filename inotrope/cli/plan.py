"""`inotrope plan`: the main job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.cli.answering import page_of, show
from inotrope.cli.cases import (
    OVERRIDE_BY,
    add_case_options,
    add_page_options,
    find_case_and_record,
    read_assumed,
    read_overrides,
    read_site_file,
    tell_of_the_record,
)

if TYPE_CHECKING:
    import argparse

    from inotrope.display import Sheet
    from inotrope.fhir.reading import Reading
    from inotrope.plan import Plan


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

    page = page_of(options)
    overrides, assumed = read_overrides(options.override), read_assumed(options.assume_kidney)
    site = read_site_file(options.site)
    case, record = find_case_and_record(options.case, options.now)
    plan = make_plan(case, overrides=overrides, assume_kidney=assumed, site=site, what_if=options.what_if)
    show(lambda: to_plain(plan), lambda brief: _sheet(plan, record, brief), options, page, brief=not options.full)
    if options.json and record is not None:
        tell_of_the_record(record, options.case)
    return plan.exit_code


def _sheet(plan: Plan, record: Reading | None, brief: bool) -> Sheet:
    from inotrope.display import plan_sheet

    sheet = plan_sheet(plan, brief=brief, override_by=OVERRIDE_BY)
    if record is None:
        return sheet
    from inotrope.display.record_sheet import beside_the_record

    return beside_the_record(sheet, record)
