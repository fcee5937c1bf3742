"""`inotrope model`: list the models, check a file, show what one says and what it comes to for a patient."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.errors import RequestError, one_line, shorten

if TYPE_CHECKING:
    from inotrope.population import Model

MUST_NOT_STAND = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    under = parser.add_subparsers(dest="what", metavar="WHAT", required=True, title="what to do")
    listed = under.add_parser("list", help="the models of this program, and what each gives")
    listed.add_argument("--json", action="store_true", help="write JSON instead of text")
    check = under.add_parser("check", help="every mistake of a model file, with file, line and key")
    check.add_argument("model", metavar="FILE", help="the path of a model file (.toml)")
    check.add_argument("--json", action="store_true", help="write JSON instead of text")
    show = under.add_parser("show", help="what a model says: typical values, covariates, who was studied")
    show.add_argument("model", metavar="NAME|FILE", help="a model's name, or the path of a model file (.toml)")
    covariate = "of a patient: 'weight=70 kg'; with all that it needs, what the parameters come to is shown"
    show.add_argument("--covariate", metavar="NAME=VALUE", action="append", default=[], help=covariate)


def run(options: argparse.Namespace) -> int:
    """Do one of the three."""
    if options.what == "list":
        return _list(as_json=options.json)
    return _show(options) if options.what == "show" else _check(options.model, as_json=options.json)


def _list(*, as_json: bool) -> int:
    from inotrope.population import Answer, list_models, load_model

    models = [load_model(name) for name in list_models()]
    gives = {model.name: [answer.value for answer in Answer if not model.lacking(answer)] for model in models}
    if as_json:
        print(json.dumps([{"name": model.name, "title": model.title, "gives": gives[model.name]} for model in models]))
        return 0
    for model in models:
        print(f"{model.name}: {model.title}. Gives: {', '.join(gives[model.name]) or 'nothing; it is catalogued'}.")
    return 0


def _check(written: str, *, as_json: bool) -> int:
    from inotrope.population import check_model

    problems = check_model(_file(written))
    if as_json:
        listed = [{"where": one_line(item.where), "says": one_line(item.says)} for item in problems]
        print(json.dumps({"file": one_line(written), "problems": listed}, indent=2))
    else:
        for problem in problems:
            print(one_line(str(problem)))
        print(f"{one_line(written)}: {len(problems)} problem{'s' * (len(problems) != 1)}.")
    return MUST_NOT_STAND if problems else 0


def _file(written: str) -> Path:
    path = Path(written)
    if path.suffix != ".toml":
        raise RequestError(f"'{shorten(written)}' is no model file: its name ends in .toml.", value=written)
    return path


def _show(options: argparse.Namespace) -> int:
    from inotrope.display import draw
    from inotrope.display.model_sheet import model_sheet
    from inotrope.plan import NOTICE
    from inotrope.population import load_model

    written: str = options.model
    model = load_model(Path(written) if written.endswith(".toml") else written)
    named = _pairs(options.covariate)
    patient = ", ".join(f"{name} {value}" for name, value in named.items())
    comes_to = _comes_to(model, named) if named else {}
    draw(model_sheet(model, patient=patient, comes_to=comes_to, notice=NOTICE), sys.stdout)
    return 0


def _pairs(written: list[str]) -> dict[str, str]:
    from inotrope.cli.written import pairs

    return pairs(written, "--covariate", "'weight=70 kg'")


def _comes_to(model: Model, named: dict[str, str]) -> dict[str, str]:
    """Return every parameter of one patient in words, and the half-lives that follow."""
    import numpy as np

    from inotrope.kinetics import half_lives
    from inotrope.population import Answer, disposition, typical_values, values_over_time
    from inotrope.population.typical import INTERNAL
    from inotrope.simulation.person import person

    series, _ = person(model, named)
    values = values_over_time(model, series, np.zeros(1))
    typical = typical_values(model, values)
    found = {name: f"{value.ravel()[0]:.4g} {INTERNAL[name]}" for name, value in typical.items()}
    if not model.lacking(Answer.TIME_COURSE):
        lives = half_lives(disposition(model, typical)).ravel()
        found["half-lives" if lives.size > 1 else "half-life"] = ", ".join(f"{life:.4g} h" for life in lives)
    return found
