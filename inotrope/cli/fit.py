"""`inotrope fit`: what the measured levels of a case say of the patient."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.cli.answering import page_of, show
from inotrope.cli.cases import (
    add_page_options,
    find_case,
    prepare_file,
    read_assumed,
    read_site_file,
    write_whole,
)
from inotrope.cli.fit_table import add_table_options, prove_case, run_table
from inotrope.errors import RequestError, one_line, shorten

if TYPE_CHECKING:
    import argparse

    from inotrope.display import Sheet
    from inotrope.plan.fitting.record import Fit
    from inotrope.population import Model


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    case = "a file, '-' for standard input, or the name of a shipped example"
    parser.add_argument("case", metavar="CASE", nargs="?", help=case)
    add_table_options(parser)
    only = "fit this model alone, such as milrinone/label_adult, or a model file (.toml); may be repeated"
    parser.add_argument("--model", metavar="NAME|FILE", action="append", default=[], help=only)
    parser.add_argument(
        "--assume-kidney", metavar="QUANTITY", help="a creatinine clearance to assume: '60 mL/min/1.73 m2'"
    )
    parser.add_argument("--site", metavar="FILE", help="the hospital's own site.toml")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    add_page_options(parser)
    plot = (
        "draw the curve with its levels; with --data predictions, residuals, a predictive check and six subjects: "
        ".svg the figures alone, .html one self-contained page"
    )
    parser.add_argument("--plot", metavar="FILE", help=plot)


def run(options: argparse.Namespace) -> int:
    """Fit one case, show it, and return 4 where nothing that was measured can be fitted."""
    if options.data is not None:
        return run_table(options)
    prove_case(options)
    from inotrope.plan.fitting.making import fit_case
    from inotrope.plan.plain import to_plain

    page = page_of(options)
    plot = None if options.plot is None else _place_of_plot(options, page)
    assumed, site = read_assumed(options.assume_kidney), read_site_file(options.site)
    case = find_case(options.case)
    models = read_models(options.model)
    fit = fit_case(case, models=models or None, assume_kidney=assumed, site=site)
    drawn = plot is not None and _draw(fit, plot)
    show(lambda: to_plain(fit), lambda _: _sheet(fit), options, page)
    if plot is not None and not options.json:
        print(f"\nDrawn: {one_line(options.plot)}" if drawn else "\nNot drawn: no model answers.")
    return fit.exit_code


def _sheet(fit: Fit) -> Sheet:
    from inotrope.display.fit_sheet import fit_sheet

    return fit_sheet(fit)


def _place_of_plot(options: argparse.Namespace, page: Path | None) -> Path:
    """Return where the drawing goes, before anything is computed."""
    read = (0 if options.case == "-" else options.case, options.site, *options.model)
    endings, example = (".svg", ".html"), "levels.svg"
    path = prepare_file(options.plot, "--plot", endings, *read, overwrite=options.overwrite, example=example)
    if path == page:
        raise RequestError(f"--html and --plot are one file, '{shorten(options.plot)}'. Name two.", value=options.plot)
    return path


def _draw(fit: Fit, place: Path) -> bool:
    """Draw the curve, and tell whether there was one."""
    from inotrope.display import to_html
    from inotrope.display.chart import svg_alone
    from inotrope.display.fit_sheet import drawn_chart

    chart = drawn_chart(fit)
    if chart is None:
        return False
    write_whole(place, to_html(_sheet(fit)) if place.suffix.lower() == ".html" else svg_alone(chart))
    return True


def read_models(written: list[str]) -> tuple[Model, ...]:
    """Return the models that were named; none where none was.

    Raises:
        RequestError: There is none of that name, or it is named twice.
        FileError, LibraryError: A file that cannot be read, or is no sound model.
    """
    if not written:
        return ()
    from inotrope.population import load_model

    found: dict[str, Model] = {}
    for name in written:
        model = load_model(Path(name) if name.endswith(".toml") else name)
        if model.name in found:
            raise RequestError(f"Model '{shorten(model.name)}' is named twice. Name it once.", value=name)
        found[model.name] = model
    return tuple(found.values())
