"""`inotrope course`: a patient's course kept.

Knows which files have its verbs; each file describes its own and does them.
"""

from __future__ import annotations

import argparse
from importlib import import_module

PARTS = ("record", "adding", "looking", "proof", "copies", "users", "auditing")
"""The files, in the order in which `--help` lists what they do."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    under = parser.add_subparsers(dest="what", metavar="WHAT", required=True, title="what to do")
    for part in PARTS:
        import_module(f"{__name__}.{part}").add_verbs(under)


def run(options: argparse.Namespace) -> int:
    """Do what the verb says."""
    from inotrope.course.keeping import prove_installed

    prove_installed()
    code: int = options.verb(options)
    return code
