"""`inotrope screen`: the safety findings alone."""

from __future__ import annotations

import argparse
import json
import sys

from inotrope.cli.cases import OVERRIDE_BY, add_case_options, find_case, read_assumed, read_overrides, read_site_file


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_case_options(parser)


def run(options: argparse.Namespace) -> int:
    """Screen one case, show the findings, and return 3 when a stop rule fires, else 0."""
    from inotrope.plan import screen, to_plain

    overrides, assumed = read_overrides(options.override), read_assumed(options.assume_kidney)
    site = read_site_file(options.site)
    screening = screen(find_case(options.case, options.now), overrides=overrides, assume_kidney=assumed, site=site)
    if options.json:
        print(json.dumps(to_plain(screening), indent=2))
    else:
        from inotrope.display import draw, screening_sheet

        draw(screening_sheet(screening, override_by=OVERRIDE_BY), sys.stdout)
    return screening.exit_code
