"""`inotrope simulate`: a regimen, a case or a table of many subjects in, levels over time out."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.cli.written import pairs, whole
from inotrope.errors import RequestError, one_line, shorten

if TYPE_CHECKING:
    from inotrope.patient import Case
    from inotrope.simulation import Simulation

REFUSED = 4
_COVARIATES = {"weight": "'70 kg'", "age": "'60 year'", "height": "'178 cm'", "sex": "male or female"}
_REGIMEN = re.compile(r"\s*(;|pause\b|[+-]?[0-9.]+\s*(n|mc|m|u|\u00b5|\u03bc|k)?g\b)", re.IGNORECASE)
"""How a regimen begins: a number with a mass, or a pause. A file of that name goes first."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    says = "a regimen: '50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h'; or a case: a file, '-', or a shipped example"
    parser.add_argument("given", metavar="REGIMEN|CASE", nargs="?", help=says)
    parser.add_argument("--data", metavar="FILE", help="in its place a CSV file of many subjects, in NONMEM's columns")
    model = "a model's name, such as milrinone/label_adult, or the path of any model file (.toml), of any drug"
    parser.add_argument("--model", metavar="NAME|FILE", required=True, help=model)
    for name, example in _COVARIATES.items():
        parser.add_argument(f"--{name}", metavar="TEXT", help=f"of the patient of a regimen: {example}")
    other = "any other covariate: 'creatinine clearance=80 mL/min/1.73 m2', 'kidney replacement=absent'"
    parser.add_argument("--covariate", metavar="NAME=VALUE", action="append", default=[], help=other)
    machine = "of a regimen: what a machine clears of the drug beside the body: '1.2 L/h from 6 h to 30 h'"
    parser.add_argument("--machine", metavar="TEXT", action="append", help=machine)
    parser.add_argument("--regimen", metavar="TEXT", help="with a case: what is given from now on")
    kidney = "with a case: a creatinine clearance to suppose in place of its own: '60 mL/min/1.73 m2'"
    parser.add_argument("--assume-kidney", metavar="QUANTITY", help=kidney)
    parser.add_argument(
        "--until", metavar="TIME", help="the last time, also between two steps: '48 h'; by default the regimen's end"
    )
    parser.add_argument(
        "--step", metavar="TIME", help="between two times; by default 1 min up to 2 h, 15 min up to 48 h, else 1 h"
    )
    parser.add_argument("--patients", metavar="N", help="draw so many instead of showing the typical one")
    parser.add_argument("--seed", metavar="S", help="of the random numbers; with --data every subject is drawn")
    whom = "virtual patients, such as adults_in_heart_failure, or the path of any population file (.toml); without it "
    parser.add_argument("--population", metavar="NAME|FILE", help=f"{whom}they are draws of the patient described")
    parser.add_argument("--quantiles", metavar="LIST", help="in place of the curves, in percent: '5, 50, 95'")
    parser.add_argument("--amounts", action="store_true", help="also the amounts in every compartment")
    error = "also draw the model's residual error: measured levels (DV) beside those in the blood (CP)"
    parser.add_argument("--residual", action="store_true", help=error)
    column = (
        "with --data: which column is which covariate: 'CRCL=creatinine clearance'; or the occasion: 'OCC=occasion'"
    )
    parser.add_argument("--column", metavar="COLUMN=NAME", action="append", default=[], help=column)
    parser.add_argument("--threads", metavar="T", default="1", help="for many patients; the answer stays the same")
    out = "write every level: .csv with the columns ID,TIME,CP, or .parquet with the units in its schema"
    parser.add_argument("--out", metavar="FILE", help=out)
    plot = "draw the levels: .svg the figure alone, .html one self-contained page"
    parser.add_argument("--plot", metavar="FILE", help=plot)
    over = "let --out and --plot take the place of a file that exists; without it that is left alone"
    parser.add_argument("--overwrite", action="store_true", help=over)
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")


def run(options: argparse.Namespace) -> int:
    """Simulate, write what was asked for, and return 4 where the model refuses."""
    from inotrope.cli.cases import read_assumed
    from inotrope.cli.progress import bar
    from inotrope.simulation import simulate

    if options.out is not None:
        _place_of_table(options)
    if options.plot is not None:
        _place_of_plot(options)
    given = _given(options)
    covariates = {name: written for name in _COVARIATES if (written := getattr(options, name)) is not None}
    for name, written in pairs(options.covariate, "--covariate", "'creatinine clearance=80 mL/min/1.73 m2'").items():
        if name in covariates:
            raise RequestError(f"'{name}' is given twice, by --{name} and by --covariate. Give it once.")
        covariates[name] = written
    _whose(options, given)
    with bar("simulate") as told:
        found = simulate(
            options.model,
            given,
            covariates=covariates or None,
            regimen=options.regimen,
            until=options.until,
            step=options.step,
            patients=whole(options.patients, "--patients"),
            seed=whole(options.seed, "--seed"),
            population=options.population,
            machines=options.machine,
            assume_kidney=read_assumed(options.assume_kidney),
            amounts=options.amounts,
            quantiles=_percent(options.quantiles),
            columns=pairs(options.column, "--column", "'CRCL=creatinine clearance'") or None,
            residual=options.residual,
            threads=whole(options.threads, "--threads") or 0,
            told=told,
        )
    if options.out is not None and not found.refused:
        found.write(_place_of_table(options))  # once more: somebody may have written there in the meantime
    if options.plot is not None and not found.refused:
        _draw(found, _place_of_plot(options))
    _show(found, options)
    return REFUSED if found.refused else 0


def _show(found: Simulation, options: argparse.Namespace) -> None:
    from inotrope.plan import NOTICE

    if options.json:
        from inotrope.simulation.writing import to_plain

        print(json.dumps(to_plain(found, rows=options.out is None) | {"notice": NOTICE}, indent=2))
        return
    from inotrope.display import draw
    from inotrope.display.simulation_sheet import simulation_sheet
    from inotrope.simulation.answer import many

    draw(simulation_sheet(found, notice=NOTICE), sys.stdout)
    if options.out is not None and not found.refused:
        print(f"\n{many(found.rows, 'row')} written: {one_line(options.out)}")
    if options.plot is not None and not found.refused:
        print(f"\nDrawn: {one_line(options.plot)}")


def _draw(found: Simulation, path: Path) -> None:
    from inotrope.cli.cases import write_whole
    from inotrope.display import to_html
    from inotrope.display.chart import svg_alone
    from inotrope.display.simulation_sheet import chart, simulation_sheet
    from inotrope.plan import NOTICE

    drawn = chart(found)
    if drawn is None:
        raise RequestError("There is no curve to draw: name more times than one, with a last one above 0 h.")
    page = path.suffix.lower() == ".html"
    write_whole(path, to_html(simulation_sheet(found, notice=NOTICE)) if page else svg_alone(drawn))


def _given(options: argparse.Namespace) -> str | Case | Path:
    if (options.given is None) == (options.data is None):
        raise RequestError("Give a regimen or a case, or --data FILE.csv: one of them.")
    if options.data is not None:
        return Path(options.data)
    text: str = options.given
    from inotrope.cli.cases import find_case, is_file

    if _REGIMEN.match(text) and not is_file(Path(text)):
        return text
    if text.lower().endswith(".csv"):
        raise RequestError(f"'{shorten(text)}' is a table: write --data {shorten(text)}.", value=text)
    return find_case(text)


def _whose(options: argparse.Namespace, given: str | Case | Path) -> None:
    """Refuse by its own name an option that speaks of a patient whom a case or a table has described already."""
    if isinstance(given, str):
        return
    what, there = ("a table", "in its columns") if isinstance(given, Path) else ("a case", "in the case")
    for name in (*_COVARIATES, "covariate", "population"):
        if written := getattr(options, name):
            text = written[0] if isinstance(written, list) else written
            says = f"--{name} '{shorten(text)}' does not go with {what}: who the patient is stands {there}."
            raise RequestError(f"{says} Leave it out, or change it there.", value=text)


def _place(options: argparse.Namespace, option: str, endings: tuple[str, ...]) -> Path:
    from inotrope.cli.cases import prepare_file

    return prepare_file(
        getattr(options, option),
        f"--{option}",
        endings,
        options.data,
        0 if options.given == "-" else options.given,
        options.model,
        options.population,
        overwrite=options.overwrite,
        example=f"levels{endings[0]}",
    )


def _place_of_table(options: argparse.Namespace) -> Path:
    """Return where the table goes, before anything is computed."""
    from inotrope.simulation.writing import ENDINGS, prove_installed

    place = _place(options, "out", ENDINGS)
    prove_installed(place)
    return place


def _place_of_plot(options: argparse.Namespace) -> Path:
    """Return where the drawing goes, before anything is computed, and prove that there will be something to draw."""
    if options.data is not None:
        raise RequestError("--plot draws one regimen or case, and no table of many subjects. Leave it out.")
    from inotrope.simulation.between import DRAWN

    if options.quantiles is not None and tuple(sorted(_percent(options.quantiles))) != DRAWN:
        says = (
            "--plot draws the quantiles 5, 25, 50, 75 and 95. Write --quantiles '5, 25, 50, 75, 95', or leave it out."
        )
        raise RequestError(says, value=options.quantiles)
    return _place(options, "plot", (".svg", ".html"))


def _percent(written: str | None) -> tuple[float, ...]:
    """Return the shares that are asked for in percent, none where nothing was written.

    Raises:
        RequestError: No number, one outside 0 to 100, or a list that reads as shares of 1: '0.05, 0.5' would be taken
            for the lowest half percent.
    """
    if written is None:
        return ()
    accepted = "percents from 0 to 100, such as '5, 50, 95'"
    try:
        percents = [float(part) for part in written.split(",") if part.strip()]
    except ValueError:
        percents = []
    if not percents or not all(0 <= percent / 100 <= 1 for percent in percents):
        raise RequestError(f"--quantiles is '{shorten(written)}'. Write {accepted}.", value=written, accepted=accepted)
    if max(percents) <= 1 and any(0 < percent < 1 for percent in percents):
        instead = ", ".join(f"{percent * 100:.10g}" for percent in percents)
        says = f"--quantiles is '{shorten(written)}', which reads as shares of 1. Percents are meant here"
        raise RequestError(f"{says}: write '{instead}' (5 for the fifth percentile).", value=written, accepted=accepted)
    return tuple(percent / 100 for percent in percents)
