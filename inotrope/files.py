"""Reads TOML and JSON so that every error can name file, key and line.

Knows sizes, encodings, nesting and duplicate keys. It does not know what the keys mean. JSON numbers come out as
decimals, never as binary floats. A file is read whole or not at all.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NoReturn

from inotrope.errors import FileError, shorten

LARGEST_FILE = 5_000_000
"""Bytes. A case with a year of hourly measurements is under a tenth of this; more is a mistake or an attack."""
DEEPEST_NESTING = 40
"""Levels. A case needs six."""
LONGEST_NUMBER = 40
"""Characters. More than any number that somebody wrote; a million digits only cost time."""
LARGEST_EXPONENT = 400
"""1e308 still comes through, so that the error about it can name the key."""

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_STATEMENT = re.compile(rf"[ \t]*+(\[{{0,2}}+)[ \t]*+({_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+)")
_TOO_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*+\.[ \t]*+){{{DEEPEST_NESTING}}}")
_TOKEN = re.compile(
    r"""#[^\n]*|\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|[\[\]{}\n]""", re.DOTALL
)

Path_ = tuple[str | int, ...]


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        FileError: Absent, a folder, unreadable, or larger than 5 MB (then it is not read at all).
    """
    try:
        size, is_folder, is_file = path.stat().st_size, path.is_dir(), path.is_file()
        content = b"" if not is_file or size > LARGEST_FILE else _content(path)
    except FileNotFoundError:
        _refuse(path, "does not exist. Check the name.")
    except (OSError, ValueError) as problem:  # a ValueError is a name that no file can have
        _refuse(path, f"cannot be read: {getattr(problem, 'strerror', None) or problem}.")
    if is_folder:
        _refuse(path, "is a folder, not a file. Name the file.")
    if not is_file:
        _refuse(path, "is a device or a pipe, not a file. Where a command takes a pipe, write '-'.")
    if size > LARGEST_FILE:
        _refuse(path, f"has {size:,} bytes; at most {LARGEST_FILE:,} are read. Check that it is the right file.")
    return content


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(LARGEST_FILE + 1)  # a pipe has no size; one byte too many lets `decode` refuse it


def decode(content: bytes, name: str, *, instead: str = "Check that it is the right one.") -> str:
    """Return text from UTF-8 bytes (a byte order mark is allowed), not empty and not too large.

    Args:
        content: The bytes.
        name: What errors call the file.
        instead: What to do about a file that is empty.

    Raises:
        FileError: Empty, larger than 5 MB, or not UTF-8; the position is named.
    """
    if len(content) > LARGEST_FILE:
        raise FileError(f"More than {LARGEST_FILE:,} bytes came in; what is read here is far smaller.", where=name)
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise FileError(
            f"The text is not UTF-8: byte {problem.start} in line {line} belongs to no character. Save it as UTF-8.",
            where=name,
        ) from None
    if not text.strip():
        raise FileError(f"The file is empty. {instead}", where=name)
    return text


def read_json(text: str, name: str) -> Any:
    """Return the content of a JSON text, numbers as decimals.

    Raises:
        FileError: Not JSON (with line and column), nested too deeply, a key that stands twice, NaN or Infinity, a
            number of a million digits, half a character.
    """
    try:
        document = json.loads(
            text, object_pairs_hook=_no_duplicates, parse_constant=_decimal, parse_float=_decimal, parse_int=_integer
        )
    except FileError as problem:
        raise problem.at(name) from None
    except json.JSONDecodeError as problem:
        says = problem.msg.lower().removesuffix(" at").removesuffix(" starting")
        raise FileError(
            f"This is not JSON: {says} in line {problem.lineno}, column {problem.colno}.", where=name
        ) from None
    except RecursionError:
        raise _too_deep(name) from None
    _prove(document, name)
    if "\\u" in text:
        try:
            json.dumps(document, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            raise FileError(
                "An escape '\\ud800' to '\\udfff' without its partner is no character.", where=name
            ) from None
    return document


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise FileError(f"Key '{shorten(key)}' stands twice in one object. Keep the right one.", value=key)
        seen[key] = value
    return seen


def _decimal(written: str) -> Decimal:
    if len(written) <= LONGEST_NUMBER:
        with suppress(InvalidOperation):
            value = Decimal(written)
            if value.is_finite() and abs(value.adjusted()) <= LARGEST_EXPONENT:
                return value
    raise FileError(f"'{shorten(written)}' is not a number that can be used. Check it.", value=written)


def _integer(written: str) -> int:
    return int(_decimal(written))


def _prove(value: Any, name: str, path: Path_ = ()) -> None:
    """Refuse what a parser lets through and what would fail later: too many levels, pages of hexadecimal digits."""
    if isinstance(value, dict | list):
        if len(path) >= DEEPEST_NESTING:
            raise _too_deep(name)
        for part, item in value.items() if isinstance(value, dict) else enumerate(value):
            _prove(item, name, (*path, part))
    elif isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER:
        raise FileError("The number has too many digits to be used. Check it.", where=f"{name}: {dotted(path)}")


def _too_deep(name: str) -> FileError:
    return FileError(f"The text is nested more than {DEEPEST_NESTING} levels deep; a few are enough.", where=name)


@dataclass(frozen=True)
class Toml:
    """A TOML document that knows on which line each key stands.

    Attributes:
        name: File name as errors show it.
        content: The document, numbers as decimals.
        text: The document as it was written.
    """

    name: str
    content: dict[str, Any]
    text: str

    @cached_property
    def lines(self) -> dict[Path_, int]:
        """Line of each key path, found only when the first error asks: a sound folder pays nothing for them.

        Entries of an array of tables are counted from 0; what stands inside a value has no line of its own.
        """
        found: dict[Path_, int] = {}
        counts: dict[Path_, int] = {}
        table: Path_ = ()
        for number, statement in _statements(self.text):
            match = _STATEMENT.match(statement)
            if match is None:  # a comment or an empty line
                continue
            brackets, path = match[1], _decoded(match[2])
            if brackets:
                table = path = _resolve(path, counts, new_entry=brackets == "[[")
            else:
                path = (*table, *path)
            for length in range(1, len(path) + 1):
                found.setdefault(path[:length], number)
        return found

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
        text += f"[{part}]" if isinstance(part, int) else f".{shorten(part)}"
    return text.removeprefix(".")


def read_toml(content: bytes, name: str) -> Toml:
    """Return a TOML document with the line of each key.

    Raises:
        FileError: Not UTF-8, empty, not TOML (with the line), nested too deeply, NaN, infinity, a number of a million
            digits; a key that stands twice is not TOML.
    """
    text = decode(content, name)
    if _has_too_long_key(text):  # before parsing: time and memory grow with the square of a key's parts
        raise _too_deep(name)
    try:
        document = tomllib.loads(text + "\n", parse_float=_decimal)  # the line end gives the last line its number
    except FileError as problem:
        raise problem.at(name) from None
    except tomllib.TOMLDecodeError as problem:
        raise FileError(f"This is not TOML: {problem}.", where=name) from None
    except RecursionError:
        raise _too_deep(name) from None
    except ValueError:  # Python's own limit for int()
        raise FileError("A whole number has too many digits to be used. Check it.", where=name) from None
    _prove(document, name)
    return Toml(name, document, text)


def _has_too_long_key(text: str) -> bool:
    """Look closely only where a line has that many dots: a key's parts stand on one line."""
    return any(line.count(".") >= DEEPEST_NESTING for line in text.split("\n")) and bool(_TOO_LONG_KEY.search(text))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Cut a sound TOML text at the line ends that are in no string, list or inline table; give each its first line."""
    depth, start, line, first = 0, 0, 1, 1
    for token in _TOKEN.finditer(text + "\n"):
        mark = token[0]
        line += mark.count("\n")
        depth += (mark in "[{") - (mark in "]}")
        if mark == "\n" and depth == 0:
            yield first, text[start : token.start()]
            start, first = token.end(), line


@lru_cache(maxsize=1024)  # the same words stand in front of nearly every value
def _decoded(key: str) -> Path_:
    """Return the parts of a dotted key, with quotes and escapes resolved as TOML does."""
    found: Any = tomllib.loads(f"{key} = 0")
    path: Path_ = ()
    while isinstance(found, dict):
        ((part, found),) = found.items()
        path = (*path, part)
    return path


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
    raise FileError(f"'{shorten(str(path))}' {says}", value=str(path), where=shorten(path.name or str(path)))
