"""`inotrope circulation`: what the drug is expected to do to a patient's heart and vessels. It selects no rate."""

from __future__ import annotations

import argparse
import json
import sys

from inotrope.cli.cases import find_case, prepare_file, write_whole
from inotrope.errors import one_line

NOT_DRAWN = {False: "nothing is predicted.", True: "the chain needs the numbers that are missing; .html draws the day."}
TYPICAL = "decompensated_heart_failure"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("case", metavar="CASE", help="a file, '-' for standard input, or the name of a shipped example")
    regimen = "what is given from now on: '50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h'; else the label's rates"
    parser.add_argument("--regimen", metavar="TEXT", help=regimen)
    typical = (
        f"a typical heart whose number stands in for each that was not measured, such as {TYPICAL} or healthy_adult; "
        "it is said on everything shown"
    )
    parser.add_argument("--typical", metavar="HEART", help=typical)
    model = "the kinetics of --regimen, such as milrinone/prielipp_1996; else the label's own, as the fit took them"
    parser.add_argument("--model", metavar="NAME|FILE", help=model)
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    plot = (
        "draw it: .svg the chain from PDE3 to the loop with the dose-response, .html a page, with the day of --regimen"
    )
    drawn = parser.add_mutually_exclusive_group()
    drawn.add_argument("--plot", metavar="FILE", help=plot)
    drawn.add_argument("--html", metavar="FILE", help="the page of --plot FILE.html, as other commands write it")
    over = "let --plot take the place of a file that exists; without it that is left alone"
    parser.add_argument("--overwrite", action="store_true", help=over)


def run(options: argparse.Namespace) -> int:
    """Predict, write what was asked for, and return 4 where nothing is predicted."""
    plot, asked = None, options.html if options.plot is None else options.plot
    if asked is not None:
        read = (0 if options.case == "-" else options.case, options.model)
        kind = ("--html", (".html",)) if options.plot is None else ("--plot", (".svg", ".html"))
        plot = prepare_file(asked, *kind, *read, overwrite=options.overwrite, example=f"circulation{kind[1][0]}")
    from inotrope.plan.circulation.making import predict_circulation

    found = predict_circulation(
        find_case(options.case), regimen=options.regimen, typical=options.typical, model=options.model
    )
    from inotrope.display.circulation_sheet import circulation_sheet

    page = plot is not None and plot.suffix.lower() == ".html"
    drawn = plot is not None and (found.response is not None or (page and found.has_course))
    if drawn and plot is not None:
        from inotrope.display import to_html
        from inotrope.display.circulation_figures import circulation_svg

        write_whole(plot, to_html(circulation_sheet(found, figures=True)) if page else circulation_svg(found))
    if options.json:
        from inotrope.plan.plain import to_plain

        print(json.dumps(to_plain(found), indent=2))
        return found.exit_code
    from inotrope.display import draw

    draw(circulation_sheet(found), sys.stdout)
    if plot is not None:
        print(f"\nDrawn: {one_line(asked)}" if drawn else f"\nNot drawn: {NOT_DRAWN[found.has_course]}")
    return found.exit_code
