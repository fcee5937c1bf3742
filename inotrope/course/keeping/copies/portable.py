"""The form in which courses leave one database and enter another: lines of JSON, compressed, with their own end.

Knows the lines and how a file that was cut or changed is found. It knows no database: SQLite and PostgreSQL write the
same file, and a page of text shows what is in it (`zcat FILE`).
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from inotrope.course.chain import canonical
from inotrope.course.keeping.documents import LARGEST_DOCUMENT
from inotrope.errors import CourseError, shorten

FORM = 1
"""The form of these lines."""
KINDS = ("course", "document", "event", "row", "end")
_LONGEST_LINE = 6 * LARGEST_DOCUMENT + 1_000
"""Bytes: every character of the largest document written as an escape."""
_LONGEST_PARSED = 1_000_000
"""Bytes of a line that is no document: an event has some hundreds. A longer one would be parsed to some 25 times it."""
_A_DOCUMENT = re.compile(rb'\{"document":\{"digest":"[0-9a-f]{64}","text":"(?:[^"\\]|\\.)*+"\}\}\n?')
"""A document's line as it is written: one text in it, and nothing that becomes many things when it is parsed."""


class Writer:
    """Writes the lines of one file."""

    def __init__(self, stream: gzip.GzipFile, written: str) -> None:
        """Begin with the line that says what this is; `written` is when."""
        self._stream = stream
        self._digest = sha256()
        self._count = dict.fromkeys(KINDS, 0)
        self._line({"inotrope": "courses", "form": FORM, "program": version("inotrope"), "written": written})

    def put(self, kind: str, content: Mapping[str, Any]) -> None:
        """Write one line of a kind."""
        self._count[kind] += 1
        self._line({kind: content})

    def end(self) -> None:
        """Write the last line: how many there were, and the hash of them all."""
        self._line({"end": {**self._counted, "lines": self._digest.hexdigest()}})

    @property
    def _counted(self) -> dict[str, int]:
        return {f"{kind}s": self._count[kind] for kind in KINDS[:-1]}

    def _line(self, content: Mapping[str, Any]) -> None:
        line = canonical(content).encode() + b"\n"
        self._digest.update(line)
        self._stream.write(line)


@contextmanager
def writing(path: Path, written: str) -> Iterator[Writer]:
    """Write a file that nobody else may read, whole or not at all: beside its place first, then in one move.

    Args:
        path: Where it comes to stand; what stands there is lost.
        written: When this is, as text.

    Raises:
        CourseError: It cannot be written; nothing is left behind.
    """
    beside = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as plain:
            with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as stream:
                writer = Writer(stream, written)
                yield writer
                writer.end()
            plain.flush()
            os.fsync(plain.fileno())
        beside.replace(path)
    except OSError as problem:
        says = f"'{shorten(str(path))}' cannot be written: {problem.strerror}. Name another file."
        raise CourseError(says, value=str(path)) from None
    finally:
        beside.unlink(missing_ok=True)


def prove_readable(path: Path) -> None:
    """Prove that a file begins as ours do, before anything is made for what is in it.

    Raises:
        CourseError: As for `lines`.
    """
    next(lines(path), None)


def lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read a file line by line: its kind and what it holds, `end` left out.

    What was read is only sound when no error came to the end: the end proves all that stands before it.

    Raises:
        CourseError: It cannot be read, is another file or of a newer form, was cut or was changed.
    """
    name = shorten(path.name)
    try:
        with gzip.open(path, "rb") as stream:
            yield from _lines(stream, name)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        says = "The file was cut, was changed, or is none of courses: it cannot be unpacked. Take another copy."
        raise CourseError(says, where=name) from None
    except OSError as problem:
        says = f"The file cannot be read: {problem.strerror}. Check the name and the right to it."
        raise CourseError(says, value=str(path), where=name) from None


def _lines(stream: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    head = stream.readline(_LONGEST_LINE)
    _prove_head(_parsed(head, name, 1), name)
    digest, counts, number = sha256(head), dict.fromkeys(KINDS, 0), 1
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        content = _parsed(line, name, number)
        kind = next(iter(content), "")
        if len(content) != 1 or kind not in KINDS or not isinstance(content[kind], dict):
            raise _changed(name, number)
        if kind == "end":
            counted = {f"{one}s": counts[one] for one in KINDS[:-1]}
            if content[kind] != {**counted, "lines": digest.hexdigest()} or stream.readline(1):
                raise _changed(name, number)
            return
        digest.update(line)
        counts[kind] += 1
        yield kind, content[kind]
    raise CourseError("The file was cut: its last line is missing. Take another copy.", where=name)


def _prove_head(head: Mapping[str, Any], name: str) -> None:
    if head.get("inotrope") != "courses":
        says = "This is no file of courses. Name one that 'inotrope course backup' or 'export' wrote."
        raise CourseError(says, where=name)
    if head.get("form") != FORM:
        says = (
            f"'{name}' has form {shorten(str(head.get('form')))}; this program reads form {FORM}. Use a newer program."
        )
        raise CourseError(says, value=head.get("form"), accepted=str(FORM))


def _parsed(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        parsed = len(line) <= _LONGEST_PARSED or _A_DOCUMENT.fullmatch(line) is not None
        content = json.loads(line) if parsed else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        if number == 1:
            says = "This is no file of courses: its first line is none of ours. Check the name."
            raise CourseError(says, where=name)
        raise _changed(name, number)
    return content


def _changed(name: str, number: int) -> CourseError:
    says = f"The file was changed: line {number} is not what was written. Take another copy."
    return CourseError(says, where=name)
