"""Reads the table of sources that every number of a folder cites.

Knows what is said of a text: its title, where it stands, its grade, and how it was read. It does not know who cites it.
"""

from __future__ import annotations

import re

from inotrope.drug.numbers import Grade, Source
from inotrope.drug.reading import Section
from inotrope.errors import shorten

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_sources(section: Section) -> dict[str, Source]:
    """Return the sources of `sources.toml`, which holds nothing else; problems go into the section's book."""
    found = read_source_table(section)
    section.done()
    return found


def read_source_table(section: Section) -> dict[str, Source]:
    """Return the sources of a file that may hold more than them; problems go into the section's book."""
    found: dict[str, Source] = {}
    table = section.section("source")
    for name in table.table:
        row = table.section(name)
        if not _ID.fullmatch(name):
            row.problem(f"'{shorten(name)}' is no id of a source. Write lower case with hyphens.")
        found[name] = Source(
            id=name,
            title=row.text("title"),
            where=row.text("where"),
            grade=row.choice("grade", Grade),
            authors=row.optional_text("authors"),
            publisher=row.optional_text("publisher"),
            year=row.whole("year"),
            read=row.optional_text("read"),
            note=row.optional_text("note"),
        )
        row.done()
    return found
