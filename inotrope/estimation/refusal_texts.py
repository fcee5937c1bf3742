"""The words of every refusal of an estimation, from `library/vocabulary/refusals.toml`.

Knows how a text is filled in. It refuses nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from inotrope.errors import LibraryError
from inotrope.files import read_bytes, read_toml
from inotrope.findings import Refusal, SourceReference
from inotrope.patient.vocabulary import FOLDER

FILE = "refusals.toml"


def refusal(key: str, sources: Iterable[SourceReference] = (), **values: object) -> Refusal:
    """Return a refusal in words.

    Args:
        key: The table of the file.
        sources: Of the numbers in it.
        values: What stands in the place of each {name}.

    Raises:
        LibraryError: The file has no such text, or another name to fill in.
    """
    entry = texts().get(key)
    if entry is None:
        raise LibraryError(f"There is no text '{key}' in {FILE}.", value=key, where=FILE)
    try:
        says = entry["says"].format_map(values)
    except KeyError as missing:
        raise LibraryError(f"The text '{key}' asks for {missing}, which nobody gives.", value=key, where=FILE) from None
    return Refusal(entry["id"], says, tuple(entry["needs"]), tuple(sources))


@cache
def texts() -> Mapping[str, Any]:
    """Return every text by its key, read once."""
    return read_toml(read_bytes(FOLDER / FILE), FILE).content
