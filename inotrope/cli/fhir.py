"""`inotrope fhir read`: an electronic record as a case, and what became of everything in it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from inotrope.cli.cases import add_now, moment_of
from inotrope.errors import RequestError

INCOMPLETE, CONTRADICTED = 2, 4
"""Exit codes of a record that lacks what every case needs, and of one that contradicts itself or is not whole."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    under = parser.add_subparsers(dest="verb", metavar="VERB", title="what to do")
    says = "the case that a FHIR R4 Bundle makes, and what was used, left out and in conflict"
    read = under.add_parser("read", help=says, description=f"{says[0].upper()}{says[1:]}.")
    read.add_argument("bundle", metavar="BUNDLE", help="a file with a FHIR R4 Bundle, or '-' for standard input")
    add_now(read)
    read.add_argument("--patient", metavar="ID", help="the id of the Patient, where several are in the record")
    read.add_argument("--drug", metavar="NAME", help="the drug, where the record orders and gives none")
    read.add_argument("--indication", metavar="TEXT", help="what the drug is for, where the record does not say")
    shown = read.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="write JSON instead of text")
    shown.add_argument("--case", action="store_true", help="write the case alone, to look at, complete and plan")


def run(options: argparse.Namespace) -> int:
    """Read one record and show it; return 0 where it makes a case by itself."""
    from inotrope.fhir.reading import is_bundle, read
    from inotrope.files import LARGEST_FILE, decode, read_bytes, read_json

    stdin = options.bundle == "-"
    name = "standard input" if stdin else Path(options.bundle).name
    content = (sys.stdin.buffer.read(LARGEST_FILE + 1) or b"") if stdin else read_bytes(Path(options.bundle))
    document = read_json(decode(content, name), name)
    if not is_bundle(document):
        says = "This is no FHIR Bundle: its 'resourceType' is not 'Bundle'."
        raise RequestError(says, accepted="a FHIR R4 Bundle", where=name)
    reading = read(
        document,
        now=moment_of(options.now),
        patient=options.patient,
        drug=options.drug,
        indication=options.indication,
    )
    if options.case or options.json:
        print(json.dumps(reading.case if options.case else reading.to_plain(), indent=2, ensure_ascii=False))
    else:
        from inotrope.display import draw
        from inotrope.display.record_sheet import record_sheet

        draw(record_sheet(reading, name), sys.stdout)
    if not reading.open:
        return 0
    return INCOMPLETE if any(item.required for item in reading.open) else CONTRADICTED
