"""What a card shows, written so that nothing in it is obeyed: GitHub-flavored Markdown with every sign escaped.

Knows the signs of Markdown, HTML and links. What somebody typed in a record may stand in a card; it is text there.
"""

from __future__ import annotations

import re

from inotrope.errors import one_line, shorten

LONGEST_SUMMARY = 139
"""Characters; the specification asks for fewer than 140."""
LONGEST_LINE = 700
"""Characters of one line of the details."""
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|file)(\s*):")
_HOST = re.compile(r"(?i)\bwww\.")
_PAIRS = (("\u00b5g", "mcg"), ("\u03bcg", "mcg"))
"""A micro sign is never shown (ISMP)."""


def plain(text: str, longest: int = LONGEST_LINE) -> str:
    """Return a text on one line, without what nobody sees, with `mcg` for a micro sign, cut to a length."""
    for old, new in _PAIRS:
        text = text.replace(old, new)
    return shorten(one_line(text), longest)


def summary(text: str) -> str:
    """Return a text as the one line of a card: plain, and not longer than the specification allows."""
    return plain(text, LONGEST_SUMMARY)


def escaped(text: str) -> str:
    """Return a text as one line of Markdown that shows it and does nothing else."""
    safe = _SIGNS.sub(r"\\\1", plain(text))
    safe = _HOST.sub("www\\.", _LINK.sub(r"\1\2\\:", safe))
    return safe.replace("@", "\\@").replace("!\\[", "\\!\\[")


def bullets(lines: list[str]) -> str:
    """Return escaped lines as a list."""
    return "\n".join(f"- {line}" for line in lines)
