"""`inotrope site`: what a hospital's own file says, and whether it may."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from inotrope.errors import one_line

MUST_NOT_STAND = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    under = parser.add_subparsers(dest="what", metavar="WHAT", required=True, title="what to do")
    check = under.add_parser("check", help="prove a site's file: its form, and that it only tightens")
    check.add_argument("file", metavar="FILE", help="the hospital's own site.toml")
    check.add_argument("--drug", metavar="NAME", default="milrinone", help="the drug it is held against")
    check.add_argument("--json", action="store_true", help="write JSON instead of text")


def run(options: argparse.Namespace) -> int:
    """Print every problem of the file, or every change that it makes; 3 when there is a problem."""
    from inotrope.drug import check_site, load_drug
    from inotrope.plan import to_plain

    problems, found = check_site(Path(options.file), load_drug(options.drug))
    changes = () if problems else found.changes  # a file with a problem is used by nothing
    idle = () if problems else found.without_effect
    if options.json:
        answer = {
            "file": one_line(Path(options.file).name),
            "drug": options.drug,
            "problems": [{"where": one_line(item.where), "says": one_line(item.says)} for item in problems],
            "changes": [to_plain(item) for item in changes],
            "without_effect": [to_plain(item) for item in idle],
        }
        print(json.dumps(answer, indent=2))
        return MUST_NOT_STAND if problems else 0
    for problem in problems:
        print(one_line(str(problem)))
    for change in changes:
        whose = f" ({change.entry})" if change.entry else ""
        print(one_line(f"{change.path}{whose}: {change.library} -> {change.site}"))
    for path, site in dict.fromkeys((item.path, item.site) for item in idle):
        whose = ", ".join(item.entry for item in idle if (item.path, item.site) == (path, site))
        print(one_line(f"{path}: {site} has no effect for {whose}: the library is stricter there"))
    settles = "nothing of it is used" if problems else f"{len(changes)} settings"
    says = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}; {settles}"
    print(f"{one_line(Path(options.file).name)}: {says}.")
    return MUST_NOT_STAND if problems else 0
