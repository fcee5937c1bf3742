"""A hospital's own file, `site.toml`: what it may settle for its ward.

Knows the few settings that this version reads. A site may settle what the label leaves open and may tighten; nothing
in this file can raise a limit, because no limit is read from it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from inotrope.errors import LibraryError, UnitError, nearest, shorten
from inotrope.files import read_bytes, read_toml
from inotrope.units import Quantity, read_quantity

LARGEST_SITE_FILE = 100_000
"""Bytes; a site's file has a few lines."""
_KNOWN = {"load": {"from_premix"}, "pump": {"step"}}


@dataclass(frozen=True, slots=True)
class Site:
    """One hospital's settings.

    Attributes:
        load_from_premix: True when the load may be drawn from the premixed bag by the pump; the label's texts say the
            premix is for the infusion only, and some units do it all the same.
        pump_step: The step of the ward's pumps, where the case names none; None leaves the entry's default.
        digest: SHA-256 of the file, kept in every plan.
    """

    load_from_premix: bool
    pump_step: Quantity | None
    digest: str


def read_site(path: Path) -> Site:
    """Read a site's file.

    Raises:
        FileError: Not readable, or not TOML.
        LibraryError: An unknown table or key, or a value of the wrong kind; file, line and key are named.
    """
    content = read_bytes(path)
    if len(content) > LARGEST_SITE_FILE:
        raise LibraryError(
            f"A site's file has at most {LARGEST_SITE_FILE:,} bytes; this one has {len(content):,}.", where=path.name
        )
    document = read_toml(content, path.name)
    for table, keys in document.content.items():
        if table not in _KNOWN or not isinstance(keys, dict):
            raise LibraryError(
                f"'{shorten(table)}' is not a table of a site's file; {nearest(table, _KNOWN)}.",
                value=table,
                where=document.where((table,)),
            )
        for key in keys:
            if key not in _KNOWN[table]:
                raise LibraryError(
                    f"'{shorten(key)}' is not a setting of [{table}]; {nearest(key, _KNOWN[table])}.",
                    value=key,
                    where=document.where((table, key)),
                )
    from_premix = document.content.get("load", {}).get("from_premix", False)
    if not isinstance(from_premix, bool):
        raise LibraryError(
            f"'{shorten(str(from_premix))}' is neither true nor false.",
            value=from_premix,
            where=document.where(("load", "from_premix")),
        )
    written = document.content.get("pump", {}).get("step")
    try:
        step = None if written is None else read_quantity(written, what="Pump step", dimensions=("flow",))
    except UnitError as problem:
        raise problem.at(document.where(("pump", "step"))) from None
    return Site(from_premix, step, hashlib.sha256(content).hexdigest())
