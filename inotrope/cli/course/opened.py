"""What the verbs of `inotrope course` share: which database, who, and a verb's own options."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from inotrope.errors import RequestError

if TYPE_CHECKING:
    from inotrope.course import Courses

MUST_NOT_STAND = 3


def add_verb(
    under: Any, name: str, says: str, verb: Callable[[argparse.Namespace], int], *, json: bool = True
) -> argparse.ArgumentParser:
    """Add a verb that knows its database, and return its parser."""
    parser: argparse.ArgumentParser = under.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.")
    parser.set_defaults(verb=verb)
    where = "a file or postgresql://USER@HOST/DATABASE; else INOTROPE_DATABASE, else your own store"
    parser.add_argument("--database", metavar="FILE|URL", help=where)
    if json:
        parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    return parser


def add_by(parser: argparse.ArgumentParser) -> None:
    """Add who says so."""
    parser.add_argument("--by", metavar="NAME", help="who says so; by default the name you are logged in with")


def opened(options: argparse.Namespace, *, create: bool = False) -> Courses:
    """Open the store that the options name; it closes at the end of a `with`."""
    from inotrope.course import open_store

    return open_store(options.database, create=create)


def who(options: argparse.Namespace) -> str:
    """Return the name of whoever says so.

    Raises:
        RequestError: Nobody is named, and this machine knows no name either.
    """
    if options.by is not None:
        return str(options.by)
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise RequestError("Nobody is named. Write --by NAME.", accepted="--by NAME") from None
