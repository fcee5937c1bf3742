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
    if not fit.refused:
        _write(fit, prospective, options)
    _show(fit, prospective, options)
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
    from inotrope.simulation.writing import ENDINGS

    found: dict[str, Path] = {}
    for option, example in (("out", "subjects.csv"), ("predictions", "levels.csv")):
        written = getattr(options, option)
        if written is None:
            continue
        place = prepare_file(
            written,
            f"--{option}",
            ENDINGS,
            options.data,
            *options.model,
            overwrite=options.overwrite,
            example=example,
        )
        if place in found.values():
            says = f"--out and --predictions are one file, '{shorten(written)}'. Name two."
            raise RequestError(says, value=written)
        found[option] = place
    return found


def _write(fit: TableFit, prospective: Prospective | None, options: argparse.Namespace) -> None:
    from inotrope.evaluation.writing import write_levels, write_subjects

    places = _places(options)
    if "out" in places:
        write_subjects(fit, places["out"])
    if "predictions" in places:
        write_levels(fit, places["predictions"], prospective)


def _show(fit: TableFit, prospective: Prospective | None, options: argparse.Namespace) -> None:
    from inotrope.plan import NOTICE

    if options.json:
        from inotrope.evaluation.writing import to_plain

        rows = options.out is None and options.predictions is None
        print(json.dumps(to_plain(fit, prospective, rows=rows) | {"notice": NOTICE}, indent=2))
        return
    from inotrope.display import draw
    from inotrope.display.evaluation_sheet import evaluation_sheet
    from inotrope.simulation.answer import many

    draw(evaluation_sheet(fit, notice=NOTICE, prospective=prospective), sys.stdout)
    if fit.refused:
        return
    if options.out is not None:
        print(f"\n{many(len(fit.ids), 'subject')} written: {one_line(options.out)}")
    if options.predictions is not None:
        print(f"\n{many(fit.rows.subject.size, 'level')} written: {one_line(options.predictions)}")
