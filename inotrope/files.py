"""Reads TOML and JSON so that every error can name file, key and line.

Knows sizes, encodings, nesting and duplicate keys. It does not know what the keys mean. JSON numbers come out as
decimals, never as binary floats. A file is read whole or not at all.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from inotrope.errors import FileError, shorten

LARGEST_FILE = 5_000_000
"""Bytes. A case with a year of hourly measurements is under a tenth of this; more is a mistake or an attack."""
DEEPEST_NESTING = 40
"""Levels. A case needs six."""

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")

Path_ = tuple[str | int, ...]


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        FileError: Absent, a folder, unreadable, empty, or larger than 5 MB (then it is not read at all).
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            _refuse(path, "is a folder, not a file. Name the file.")
        if size > LARGEST_FILE:
            _refuse(path, f"has {size:,} bytes; at most {LARGEST_FILE:,} are read. Check that it is the right file.")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        _refuse(path, "does not exist. Check the name.")
    except OSError as problem:
        _refuse(path, f"cannot be read: {problem.strerror}.")
    return content


def decode(content: bytes, name: str) -> str:
    """Return text from UTF-8 bytes (a byte order mark is allowed), not empty and not too large.

    Raises:
        FileError: Empty, larger than 5 MB, or not UTF-8; the position is named.
    """
    if len(content) > LARGEST_FILE:
        raise FileError(f"More than {LARGEST_FILE:,} bytes came in; a case is far smaller.", where=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise FileError(
            f"The text is not UTF-8: byte {problem.start} in line {line} belongs to no character. Save it as UTF-8.",
            where=name,
        ) from None
    if not text.strip():
        raise FileError("The file is empty. Write a case into it, or run 'inotrope new'.", where=name)
    return text


def read_json(text: str, name: str) -> Any:
    """Return the content of a JSON text, numbers as decimals.

    Raises:
        FileError: Not JSON (with line and column), nested too deeply, a key that stands twice, NaN or Infinity.
    """
    _limit_nesting(text, name)

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen:
                raise FileError(
                    f"Key '{shorten(key)}' stands twice in one object. Keep the right one.", value=key, where=name
                )
            seen[key] = value
        return seen

    def no_constant(constant: str) -> NoReturn:
        raise FileError(f"'{constant}' is not a number that JSON knows. Leave the key out.", value=constant, where=name)

    try:
        return json.loads(
            text, object_pairs_hook=no_duplicates, parse_constant=no_constant, parse_float=Decimal, parse_int=_integer
        )
    except json.JSONDecodeError as problem:
        raise FileError(
            f"This is not JSON: {problem.msg.lower()} in line {problem.lineno}, column {problem.colno}.", where=name
        ) from None


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= 18 else Decimal(digits)  # noqa: PLR2004 - int() of a million digits is slow


def _limit_nesting(text: str, name: str) -> None:
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        mark = token[0]
        depth += mark in "[{"
        depth -= mark in "]}"
        if depth > DEEPEST_NESTING:
            raise FileError(
                f"The text is nested more than {DEEPEST_NESTING} levels deep; a case needs six.", where=name
            )


@dataclass(frozen=True)
class Toml:
    """A TOML document that knows on which line each key stands.

    Attributes:
        name: File name as errors show it.
        content: The document, numbers as decimals.
        lines: Line of each key path; entries of an array of tables are counted from 0.
    """

    name: str
    content: dict[str, Any]
    lines: dict[Path_, int]

    def where(self, path: Path_) -> str:
        """Return `file, line N: key`, with the line of the nearest key above when the path itself has none."""
        for length in range(len(path), 0, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return f"{self.name}, line {line}: {dotted(path)}"
        return f"{self.name}: {dotted(path)}" if path else self.name


def dotted(path: Path_) -> str:
    """Return a key path as people write it: `rule[3].limit.potassium`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def read_toml(content: bytes, name: str) -> Toml:
    """Return a TOML document with the line of each key.

    Raises:
        FileError: Not UTF-8, empty, or not TOML (with the line); a key that stands twice is not TOML.
    """
    text = decode(content, name)
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        raise FileError(f"This is not TOML: {problem}.", where=name) from None
    except RecursionError:
        raise FileError(f"The text is nested more than {DEEPEST_NESTING} levels deep.", where=name) from None
    return Toml(name, document, _LazyLines(text))


class _LazyLines(dict[Path_, int]):
    """Line numbers, found only when the first error asks for one: reading a sound folder pays nothing for them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text: str | None = text

    def get(self, key: Path_, default: Any = None) -> Any:
        """Find all lines on the first call, then look up."""
        if self._text is not None:
            self.update(_lines(self._text))
            self._text = None
        return super().get(key, default)


def _lines(text: str) -> dict[Path_, int]:
    """Scan table heads and keys; a key inside a multi-line string may be taken for one, which only blurs a line."""
    found: dict[Path_, int] = {}
    counts: dict[Path_, int] = {}
    table: Path_ = ()
    for number, line in enumerate(text.splitlines(), start=1):
        head = _TABLE.match(line)
        if head is not None and "=" not in head[2]:
            table = _resolve(_parts(head[2]), counts, new_entry=head[1] == "[[")
            found.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key is not None:
            path = (*table, *_parts(key[1]))
            for length in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:length], number)
    return found


def _parts(text: str) -> Path_:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _resolve(parts: Path_, counts: dict[Path_, int], *, new_entry: bool) -> Path_:
    path: Path_ = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if index == len(parts) - 1 and new_entry:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _refuse(path: Path, says: str) -> NoReturn:
    raise FileError(f"'{shorten(str(path))}' {says}", value=str(path), where=shorten(path.name))
