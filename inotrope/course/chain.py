"""The chain over a course's events: what a hash is taken of, and what it proves.

Each event's hash covers everything that it says and the hash of the event before, so that the last hash covers all. A
document is named by the hash of its text, so that an event that names it covers that too. It does not know where events
are kept, and it proves nothing against somebody who writes every event anew, unless the last hash stands elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from inotrope.errors import CourseError, shorten

FORM = 1
"""The form of what is hashed; it stands in the hash before the first event."""
FIELDS = ("course", "number", "kind", "at", "recorded", "by", "body", "previous")
"""What an event's hash covers."""
DOCUMENT = "document:"
"""In front of the digest of a document, wherever an event's body names one."""
_HEX = frozenset("0123456789abcdef")
_LENGTH = 64


def canonical(value: object) -> str:
    """Return the one JSON text of a value: keys in order, no blanks, no escapes that are not needed.

    Raises:
        CourseError: What JSON has no word for: NaN, a date, half a character, a key that is no text.
    """
    try:
        text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as problem:
        if isinstance(problem, CourseError):
            raise
        raise CourseError(f"What an event says is no JSON: {shorten(str(problem), 200)}.") from None
    return text


def _plain(value: object) -> object:
    """Return a value as JSON has it; a decimal becomes the number that reads back as that decimal."""
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise CourseError("A key of what an event says is no text. Write a JSON object.")
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        near = float(value)
        if Decimal(repr(near)) != value:
            raise CourseError(f"'{shorten(str(value))}' has more digits than are kept. Write it as text.", value=value)
        return int(value) if value == value.to_integral_value() else near
    return value


def digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def name_of(document: str) -> str:
    """Return how an event's body names a document: `document:` and its digest."""
    return DOCUMENT + digest(document)


def start_of(course: str) -> str:
    """Return the hash that stands before a course's first event."""
    return digest(canonical({"course": course, "form": FORM}))


def hash_of(event: Mapping[str, Any]) -> str:
    """Return the hash of an event.

    Args:
        event: Its fields as plain JSON: times as ISO 8601 text, `body` as an object. `hash` itself is left out.
    """
    return digest(canonical({name: event[name] for name in FIELDS}))


def documents_of(body: object) -> tuple[str, ...]:
    """Return the digests of the documents that a body names, each once, in order."""
    found: dict[str, None] = {}
    _collect(body, found)
    return tuple(sorted(found))


def _collect(value: object, found: dict[str, None]) -> None:
    if isinstance(value, Mapping):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, found)
    elif isinstance(value, str) and value.startswith(DOCUMENT):
        rest = value.removeprefix(DOCUMENT)
        if len(rest) == _LENGTH and set(rest) <= _HEX:
            found[rest] = None
