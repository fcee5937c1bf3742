"""`inotrope drug`: list, show and check the drugs of the library.

Joins what no lower folder may join: the form of a folder is proved by `drug`, its models by `population`, and its
worked cases are run by `plan`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.errors import FileError, InotropeError, RequestError, one_line, shorten

if TYPE_CHECKING:
    from inotrope.drug import Problem
    from inotrope.plan.decks import WorkedCase

MUST_NOT_STAND = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    under = parser.add_subparsers(dest="what", metavar="WHAT", required=True, title="what to do")
    under.add_parser("list", help="the drugs of this program").add_argument("--json", action="store_true")
    show = under.add_parser("show", help="one drug's page, written from its folder")
    show.add_argument("name", metavar="NAME", help="a drug of the library, or the path of a drug folder")
    show.add_argument("--format", choices=("terminal", "md", "html", "json"), default="terminal")
    show.add_argument("--for", dest="reader", choices=("staff", "family"), default="staff", help="by default staff")
    how_much = show.add_mutually_exclusive_group()
    how_much.add_argument(
        "--section", metavar="NAME", help="one part, such as 'doses' or 'rules'; the overview lists them"
    )
    how_much.add_argument("--full", action="store_true", help="the whole page, as md and html always are")
    check = under.add_parser("check", help="prove a folder's form, sources and models, run its worked cases")
    check.add_argument("folder", metavar="FOLDER", help="a folder, or the name of a drug of the library")
    check.add_argument("--json", action="store_true", help="write JSON instead of text")


def run(options: argparse.Namespace) -> int:
    """Do one of the three."""
    if options.what == "list":
        return _list(options)
    return _show(options) if options.what == "show" else _check(options)


def _list(options: argparse.Namespace) -> int:
    from inotrope.drug import list_drugs, load_drug

    drugs = [load_drug(name) for name in list_drugs()]
    if options.json:
        from inotrope.plan.drug_record import drugs_to_plain

        print(json.dumps(drugs_to_plain(drugs)))
        return 0
    for drug in drugs:
        entries = "; ".join(f"{entry.indication} ({entry.authority})" for entry in drug.entries)
        print(f"{drug.name}: {drug.identity.class_}. Doses: {entries}. {len(drug.rules)} safety rules.")
    return 0


def _show(options: argparse.Namespace) -> int:
    from inotrope.drug import load_drug

    if (options.full or options.section is not None) and (options.reader == "family" or options.format == "json"):
        says = (
            "--section and --full belong to the page for staff; a family's page and JSON are always whole. Leave them."
        )
        raise RequestError(says, value=options.section)
    drug = load_drug(_drug_or_folder(options.name))
    if options.format == "json":
        from inotrope.plan.drug_record import drug_to_plain

        print(json.dumps(drug_to_plain(drug), indent=2))
        return 0
    from inotrope.display import PARTS, draw, drug_overview, drug_sheet, family_sheet, to_html, to_markdown

    if options.section is not None and options.section not in PARTS:
        says = f"'{shorten(options.section)}' is no part of the page. Write one of: {', '.join(PARTS)}."
        raise RequestError(says, value=options.section, accepted=", ".join(PARTS))
    if options.reader == "family":
        sheet = family_sheet(drug)
    elif options.section is None and not options.full and options.format == "terminal":
        sheet = drug_overview(drug)
    else:
        sheet = drug_sheet(drug, options.section)
    if options.format == "terminal":
        draw(sheet, sys.stdout)
    else:
        sys.stdout.write(to_html(sheet) if options.format == "html" else to_markdown(sheet))
    return 0


def _check(options: argparse.Namespace) -> int:
    from inotrope.drug import Problem, check_drug_folder, load_drug
    from inotrope.plan.decks import run_worked_cases
    from inotrope.population import check_models
    from inotrope.population.response import check_response
    from inotrope.units import prove_units

    folder = _folder(options.folder)
    problems = [Problem("units.toml", says) for says in prove_units()]
    problems += check_drug_folder(folder)
    models, unsound = check_models(folder)
    cases: tuple[WorkedCase, ...] = ()
    try:
        problems += [] if problems else check_response(load_drug(folder))
        cases = () if problems or unsound else run_worked_cases(load_drug(folder))
    except InotropeError as problem:
        problems.append(Problem(problem.where or folder.name, problem.says))
    except FileNotFoundError:
        problems.append(Problem(f"{folder.name}/cases.toml", "The file is missing: no worked case proves this folder."))
    failed = [case for case in cases if not case.passed]
    name = one_line(folder.name)
    if options.json:
        found = {
            "folder": name,
            "problems": _listed(problems),
            "models": {"read": list(models), "problems": _listed(unsound)},
            "worked_cases": {
                "run": len(cases),
                "failed": [{"id": case.id, "differences": list(case.differences)} for case in failed],
            },
        }
        print(json.dumps(found, indent=2))
    else:
        for found_wrong in (*problems, *unsound):
            print(one_line(str(found_wrong)))
        for case in failed:
            print(one_line(f"{name}/{case.file}: {case.id}: {'; '.join(case.differences)}"))
        not_sound = "form is" if problems else "models are" if unsound else ""
        ran = f"not run, since the {not_sound} not sound" if not_sound else f"{len(cases)} run, {len(failed)} failed"
        shown = f"{len(models)} read, {_count(len(unsound), 'problem')}"
        print(f"{name}: form: {_count(len(problems), 'problem')}; models: {shown}; worked cases: {ran}.")
    return MUST_NOT_STAND if problems or unsound or failed else 0


def _listed(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [{"where": one_line(problem.where), "says": one_line(problem.says)} for problem in problems]


def _drug_or_folder(written: str) -> str | Path:
    """Return a path where a person wrote one; a name of the library goes before a folder that is called so.

    Raises:
        FileError: A path at which no drug folder lies.
    """
    from inotrope.drug import list_drugs

    path = Path(written)
    if written in list_drugs():
        return written
    if path.is_dir():
        if not (path / "drug.toml").is_file():
            raise FileError(f"'{shorten(written)}' is no drug folder: it holds no drug.toml.", value=written)
        return path.resolve()
    if "/" in written or "\\" in written:
        says = f"'{shorten(written)}' is no folder. Check the path, or name a drug: {', '.join(list_drugs())}."
        raise FileError(says, value=written)
    return written


def _folder(written: str) -> Path:
    from inotrope.drug import list_drugs
    from inotrope.drug.folder import LIBRARY

    path = Path(written)
    if path.is_dir():
        if not any(path.glob("*.toml")):
            raise FileError(f"'{shorten(written)}' holds no TOML file: it is no drug folder.", value=written)
        return path.resolve()
    if written in list_drugs():
        return LIBRARY / written
    raise RequestError(
        f"'{shorten(written)}' is neither a folder nor a drug of this program. Drugs: {', '.join(list_drugs())}.",
        value=written,
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
