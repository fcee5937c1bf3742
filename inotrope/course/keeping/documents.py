"""Long texts, kept by the hash of what they say: a case, a plan, a hospital's own file.

Knows how a text becomes bytes and back, and that bytes that do not fit their name are never handed out.
"""

from __future__ import annotations

import zlib
from contextlib import suppress

from inotrope.course.chain import digest
from inotrope.errors import CourseError

LARGEST_DOCUMENT = 20_000_000
"""Bytes of text. A plan's JSON has some 200,000."""


def packed(text: str) -> bytes:
    """Return a text's bytes, compressed.

    Raises:
        CourseError: More than is kept.
    """
    content = text.encode()
    if len(content) > LARGEST_DOCUMENT:
        says = f"A document of {len(content):,} bytes is more than is kept: at most {LARGEST_DOCUMENT:,}."
        raise CourseError(says, value=len(content))
    return zlib.compress(content)


def unpacked(content: object, named: str) -> str:
    """Return the text of what was kept.

    Args:
        content: The compressed bytes; a damaged file may hold anything in their place.
        named: The digest that it is kept by.

    Raises:
        CourseError: The bytes are no such text: they were damaged or changed.
    """
    reader = zlib.decompressobj()
    text, whole = "", False
    if isinstance(content, bytes):
        with suppress(zlib.error, UnicodeDecodeError):
            text = reader.decompress(content, LARGEST_DOCUMENT + 1).decode()
            whole = reader.eof and not reader.unused_data
    if not whole or digest(text) != named:
        says = f"Document {named[:12]} is not what was kept: its bytes were damaged or changed."
        raise CourseError(f"{says} Restore a backup.", value=named)
    return text
