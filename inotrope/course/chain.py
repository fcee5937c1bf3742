"""The chain over a course's events: what a hash is taken of, and what it proves.

Each event's hash covers everything that it says and the hash of the event before, so that the last hash covers all. A
document is named by the hash of its text, so that an event that names it covers that too. It does not know where events
are kept, and it proves nothing against somebody who writes every event anew, unless the last hash stands elsewhere.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from inotrope.errors import CourseError, shorten

FORM = 1
"""The form of what is hashed; it stands in the hash before the first event."""
_quoted = json.encoder.encode_basestring
"""A text in quotes, each letter as itself: what `json.dumps(..., ensure_ascii=False)` writes."""
FIELDS = ("course", "number", "kind", "at", "recorded", "by", "body", "previous")
"""What an event's hash covers."""
DOCUMENT = "document:"
"""In front of the digest of a document, wherever an event's body names one."""
_WHOLE = 2**53
"""Below it each whole number is one of floating point too: 5.0 and 5 are kept as 5."""
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
    """Return a value as JSON has it, each number in the one form that reads back as itself."""
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise CourseError("A key of what an event says is no text. Write a JSON object.")
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        near = float(value)
        if not math.isfinite(near) or Decimal(repr(near)) != value:
            says = f"'{shorten(str(value))}' is no number that JSON keeps to the digit. Write it as text."
            raise CourseError(says, value=value)
        value = near
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
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
    """Return the hash of an event: of the canonical JSON of its fields, `hash` left out.

    Args:
        event: Its fields as they are kept: times as ISO 8601 text, `body` as its canonical text, which is put in as it
            stands, so that another text of the same meaning has another hash.

    Raises:
        CourseError: A field that no event has: it is damaged.
    """
    number = event["number"]
    try:
        if type(number) is not int:
            raise TypeError
        text = (
            f'{{"at":{_quoted(event["at"])},"body":{event["body"]},"by":{_quoted(event["by"])},'
            f'"course":{_quoted(event["course"])},"kind":{_quoted(event["kind"])},"number":{number},'
            f'"previous":{_quoted(event["previous"])},"recorded":{_quoted(event["recorded"])}}}'
        )
        return digest(text)
    except (TypeError, UnicodeEncodeError):
        raise CourseError("A field of an event is of no kind that was kept.") from None


@dataclass
class Walk:
    """A walk along a course's events, from the first on, that says what does not fit.

    Attributes:
        course: The course's id.
        number: The number of the last event.
        previous: The hash that the next event must follow.
    """

    course: str
    number: int = 0
    previous: str = ""

    def __post_init__(self) -> None:
        if not self.number:
            self.previous = start_of(self.course)

    def step(self, event: Mapping[str, Any]) -> str | None:
        """Take the next event; return what is wrong with it, or None.

        Args:
            event: Its fields as they are kept, and its `hash`.
        """
        expected, follows = self.number + 1, self.previous
        says = self._wrong(event, expected, follows)
        self.number = event["number"] if isinstance(event["number"], int) else expected
        self.previous = event["hash"]
        return says

    def _wrong(self, event: Mapping[str, Any], expected: int, follows: str) -> str | None:
        own = {"course": self.course, "number": expected, "previous": follows}
        changed = [name for name, value in own.items() if event[name] != value]
        try:
            if changed and hash_of({**event, **own}) == event["hash"]:
                return f"'{changed[0]}' was changed: the hash fits what should stand there"
            fits = hash_of(event) == event["hash"]
        except CourseError:
            fits = False
        if not fits:
            return "it does not say what was kept: its hash does not fit what it says"
        if event["number"] != expected:
            return f"stands where event {expected} should: that one is missing"
        return "it does not follow the event before it" if changed else None


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
