"""`inotrope fit --data`: a table of many subjects with measured levels in, each one's parameters out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.cli.written import pairs, whole
from inotrope.errors import RequestError, one_line, shorten

if TYPE_CHECKING:
    from inotrope.display.evaluation_sheet import Pictures
    from inotrope.evaluation import Prospective, TableFit

REFUSED = 4
_TABLE_ALONE = ("out", "predictions", "column", "threads", "prospective")
_CASE_ALONE = ("assume_kidney", "site", "html")


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Describe what a table takes beside `--model`, `--json` and `--overwrite`."""
    data = "in place of a case a CSV file of many subjects with levels (DV), in NONMEM's columns; it needs one --model"
    parser.add_argument("--data", metavar="FILE", help=data)
    column = "with --data: which column is which covariate: 'CRCL=creatinine clearance'; or 'OCC=occasion'"
    parser.add_argument("--column", metavar="COLUMN=NAME", action="append", default=[], help=column)
    out = "with --data: write one row a subject, .csv or .parquet: etas, parameters, objective, covariance"
    parser.add_argument("--out", metavar="FILE", help=out)
    levels = "with --data: write one row a level, .csv or .parquet: measured, typical and individual prediction"
    parser.add_argument("--predictions", metavar="FILE", help=levels)
    later = "with --data: also fit the first levels of each subject alone, and foresee the later ones"
    parser.add_argument("--prospective", action="store_true", help=later)
    parser.add_argument("--threads", metavar="T", help="with --data: for many subjects; the answer stays the same")


def prove_case(options: argparse.Namespace) -> None:
    """Prove that a case is named, and no option that speaks of a table.

    Raises:
        RequestError: Neither is named, or an option goes with the other.
    """
    if options.case is None:
        raise RequestError("Name a case, or --data FILE.csv with a --model: one of them.")
    if options.case.lower().endswith(".csv"):
        says = f"'{shorten(options.case)}' is a table: write --data {shorten(options.case)}."
        raise RequestError(says, value=options.case)
    _refuse(options, _TABLE_ALONE, "goes with --data, and not with a case. Leave it out.")


def run_table(options: argparse.Namespace) -> int:
    """Fit a table, write what was asked for, show it, and return 4 where the model refuses."""
    from inotrope.cli.progress import bar
    from inotrope.evaluation import fit_table, foresee
    from inotrope.plan.forecast_numbers import SEED

    if options.case is not None:
        raise RequestError("A case is named, and a table as well. Name one of them.", value=options.case)
    _refuse(options, _CASE_ALONE, "goes with a case: who the subjects are stands in the table's columns. Leave it out.")
    if len(options.model) != 1:
        says = "A table is fitted by one model. Name it: --model milrinone/label_adult, or a model file (.toml)."
        raise RequestError(says, value=", ".join(options.model) or None)
    _places(options)
    threads = whole(options.threads, "--threads")
    columns = pairs(options.column, "--column", "'CRCL=creatinine clearance'")
    with bar("fit") as told:
        fit = fit_table(
            options.model[0],
            Path(options.data),
            columns=columns,
            seed=SEED,
            threads=1 if threads is None else threads,
            told=told,
        )
    prospective = None
    if options.prospective and not fit.refused:
        with bar("foresee") as told:
            prospective = foresee(fit, threads=threads or 1, told=told)
    drawn = _pictures(fit, options)
    if not fit.refused:
        _write(fit, prospective, drawn, options)
    _show(fit, prospective, drawn, options)
    return REFUSED if fit.refused else 0


def _refuse(options: argparse.Namespace, names: tuple[str, ...], says: str) -> None:
    for name in names:
        written = getattr(options, name)
        if written:
            text = "; ".join(written) if isinstance(written, list) else "" if written is True else str(written)
            shown = f" '{shorten(text)}'" if text else ""
            raise RequestError(f"--{name.replace('_', '-')}{shown} {says}", value=text or None)


def _places(options: argparse.Namespace) -> dict[str, Path]:
    """Return where files go, by option, before anything is computed, and once more before they are written."""
    from inotrope.cli.cases import prepare_file
    from inotrope.simulation.writing import ENDINGS, prove_installed

    found: dict[str, Path] = {}
    tables, drawings = ENDINGS, (".svg", ".html")
    for option, endings, example in (
        ("out", tables, "subjects.csv"),
        ("predictions", tables, "levels.csv"),
        ("plot", drawings, "figures.html"),
    ):
        written = getattr(options, option)
        if written is None:
            continue
        place = prepare_file(
            written,
            f"--{option}",
            endings,
            options.data,
            *options.model,
            overwrite=options.overwrite,
            example=example,
        )
        if place in found.values():
            says = f"Two of --out, --predictions and --plot are one file, '{shorten(written)}'. Name another."
            raise RequestError(says, value=written)
        prove_installed(place)
        found[option] = place
    return found


def _pictures(fit: TableFit, options: argparse.Namespace) -> Pictures | None:
    """Return what the figures are drawn from, where they were asked for and something was measured."""
    if options.plot is None or not fit.rows.time_h.size:
        return None
    from inotrope.cli.progress import bar
    from inotrope.display.evaluation_sheet import Pictures
    from inotrope.evaluation.curves import some_curves
    from inotrope.evaluation.predictive_check import predictive_checks
    from inotrope.plan.forecast_numbers import SEED

    with bar("draw") as told:
        return Pictures(predictive_checks(fit, seed=SEED, told=told), some_curves(fit))


def _write(fit: TableFit, prospective: Prospective | None, drawn: Pictures | None, options: argparse.Namespace) -> None:
    from inotrope.evaluation.writing import write_levels, write_subjects

    places = _places(options)
    if "out" in places:
        write_subjects(fit, places["out"])
    if "predictions" in places:
        write_levels(fit, places["predictions"], prospective)
    if "plot" in places and drawn is not None:
        _draw(fit, prospective, drawn, places["plot"])


def _draw(fit: TableFit, prospective: Prospective | None, drawn: Pictures, place: Path) -> None:
    from inotrope.cli.cases import write_whole
    from inotrope.display import to_html
    from inotrope.display.evaluation_sheet import evaluation_sheet, evaluation_svg
    from inotrope.plan import NOTICE

    if place.suffix.lower() == ".html":
        text = to_html(evaluation_sheet(fit, notice=NOTICE, pictures=drawn, prospective=prospective))
    else:
        text = evaluation_svg(fit, drawn)
    write_whole(place, text)


def _show(fit: TableFit, prospective: Prospective | None, drawn: Pictures | None, options: argparse.Namespace) -> None:
    from inotrope.plan import NOTICE

    if options.json:
        from inotrope.evaluation.writing import to_plain

        rows = options.out is None and options.predictions is None
        plain = to_plain(fit, prospective, rows=rows)
        if drawn is not None:
            from inotrope.evaluation.check_writing import check_to_plain

            plain["checks"] = [check_to_plain(fit, check) for check in drawn.checks]
        print(json.dumps(plain | {"notice": NOTICE}, indent=2))
        return
    from inotrope.display import draw
    from inotrope.display.evaluation_sheet import evaluation_sheet
    from inotrope.simulation.answer import many

    sheet = evaluation_sheet(fit, notice=NOTICE, pictures=drawn, figures=False, prospective=prospective)
    draw(sheet, sys.stdout)
    if fit.refused:
        return
    if options.out is not None:
        print(f"\n{many(len(fit.ids), 'subject')} written: {one_line(options.out)}")
    if options.predictions is not None:
        print(f"\n{many(fit.rows.subject.size, 'level')} written: {one_line(options.predictions)}")
    if options.plot is not None:
        print("\nNot drawn: no level was measured." if drawn is None else f"\nDrawn: {one_line(options.plot)}")
