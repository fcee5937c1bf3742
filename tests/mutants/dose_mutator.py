"""Changes the doses of a drug folder, one place at a time.

Knows the form of `dosing.toml`, and of the strengths and the syringes of `drug.toml`, as text: numbers, printed steps
and points, tables, from which entry another takes what it does not state, and whom an entry is for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.mutants.mutant import NUMBER, Mutant, number_mutants, read_lines

FILE = "dosing.toml"
OPTIONAL = {
    "age", "gestational_age", "postmenstrual_age", "weight", "load", "total_24_h", "duration", "renal", "kidney",
    "pressure", "history", "titration",
}  # fmt: skip
"""Tables of a dosing entry without which the folder still has its form, or that somebody may lose while editing."""
REPEATED = ("renal.point", "named_kidney", "maintenance.step")
GROUPS = ("adult", "child", "newborn")

_BARE = re.compile(r'^(?P<key>clearance|rate|age_from|age_to) = "(?P<value>[^"]+)"')
_TABLE = re.compile(r"^\[+(?P<name>[^\]]+)\]+\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Block:
    """One entry of the file: its lines from start to end, and its content as written, without what it inherits."""

    id: str
    start: int
    end: int
    lines: tuple[str, ...]
    content: dict[str, Any]

    def place(self, key: str) -> int:
        """Return the line of a key of the entry itself."""
        return self.start + next(at for at, line in enumerate(self.lines) if line.startswith(f"{key} = "))


def entries() -> tuple[Block, ...]:
    """Return the entries of `dosing.toml`, in their order."""
    lines = read_lines(FILE)
    starts = [index for index, line in enumerate(lines) if line == "[[entry]]"]
    stop = next((index for index, line in enumerate(lines) if line == "[[monitoring]]"), len(lines))
    found = []
    for start, end in zip(starts, [*starts[1:], stop], strict=True):
        content = tomllib.loads("\n".join(lines[start:end]))["entry"][0]
        found.append(Block(content["id"], start, end, tuple(lines[start:end]), content))
    return tuple(found)


def dosing_mutants() -> Iterator[Mutant]:
    """Yield every mutant of `dosing.toml`."""
    blocks = entries()
    for block in blocks:
        yield from _numbers(block)
        yield from _tables(block)
        yield from _heads(block, blocks)


def _mutant(block: Block, name: str, lines: tuple[int, int], text: str | None) -> Mutant:
    """Return a mutant by operator and change, such as `on label: false`; lines are the first and how many."""
    operator, _, what = name.partition(": ")
    return Mutant(f"{operator}/dosing/{block.id}/{what}", operator, FILE, *lines, text, entry=block.id)


def _numbers(block: Block) -> Iterator[Mutant]:
    for at, place, key, value in _sourced(list(block.lines)):
        for operator, what, text in number_mutants(value):
            yield Mutant(
                f"{operator}/dosing/{block.id}/{place}.{key} {what}",
                operator,
                FILE,
                block.start + at,
                1,
                block.lines[at].replace(f'"{value}"', f'"{text}"', 1),
                reference=f"@dosing:{place.split(' ')[0]}.{key}",
                entry=block.id,
            )


def _sourced(lines: list[str]) -> Iterator[tuple[int, str, str, str]]:
    """Yield line, table with its ordinal, key and value of each number that has a source."""
    table, ordinal = "", 0
    for at, line in enumerate(lines):
        head = _TABLE.match(line)
        if head is not None:
            table, ordinal = head["name"].removeprefix("entry."), lines[: at + 1].count(line)
        match = NUMBER.match(line) or _BARE.match(line)
        if match is not None and table:
            repeated = lines.count(f"[[entry.{table}]]") > 1
            yield at, f"{table} {ordinal}" if repeated else table, match["key"], match["value"]


def _tables(block: Block) -> Iterator[Mutant]:
    """Yield the entry without one of its tables, or without one of its printed points and steps."""
    lines = list(block.lines)
    for at, line in enumerate(lines):
        match = _TABLE.match(line)
        name = "" if match is None else match["name"].removeprefix("entry.")
        if name in OPTIONAL or name in REPEATED:
            end = _end_of_table(lines, at, with_children=name)
            what = name if name in OPTIONAL else f"{name} {lines[: at + 1].count(line)}"
            yield _mutant(block, f"drop a table: {what}", (block.start + at, end - at), None)


def _end_of_table(lines: list[str], start: int, *, with_children: str) -> int:
    for index in range(start + 1, len(lines)):
        match = _TABLE.match(lines[index])
        if match is not None and not match["name"].removeprefix("entry.").startswith(with_children + "."):
            return index
    return len(lines)


def _heads(block: Block, blocks: tuple[Block, ...]) -> Iterator[Mutant]:
    """Yield the entry gone, for others, from others, with more than it may take, on a label or off it."""
    yield _mutant(block, "drop an entry: all of it", (block.start, block.end - block.start), None)
    content = block.content
    if "like" in content:
        above = [other.id for other in blocks if other.start < block.start and other.id != content["like"]]
        if above:
            text = f'like = "{above[-1]}"'
            yield _mutant(block, f"swap a parent: like {above[-1]}", (block.place("like"), 1), text)
    for name in content.get("without", []):
        first = block.place("without")
        count = next(n for n in range(1, block.end - first + 1) if "]" in block.lines[first - block.start + n - 1])
        kept = ", ".join(f'"{other}"' for other in content["without"] if other != name)
        text = f"without = [{kept}]" if kept else None
        yield _mutant(block, f"inherit too much: with {name}", (first, count), text)
    if "group" in content:
        other = GROUPS[(GROUPS.index(content["group"]) + 1) % len(GROUPS)]
        text = f'group = "{other}"'
        yield _mutant(block, f"swap a group: {content['group']} > {other}", (block.place("group"), 1), text)
    flipped = str(not content["on_label"]).lower()
    yield _mutant(block, f"on label: {flipped}", (block.place("on_label"), 1), f"on_label = {flipped}")
    for at, line in enumerate(block.lines):
        if line.startswith("product_kind = "):
            changed = line.replace('"vial"', '"premix"')
            yield _mutant(block, "swap a name: product_kind", (block.start + at, 1), changed)


def preparation_mutants() -> Iterator[Mutant]:
    """Yield every mutant of the strengths and of the syringes by weight, in `drug.toml`."""
    lines = read_lines("drug.toml")
    table, ordinal = "", 0
    for index, line in enumerate(lines):
        head = _TABLE.match(line)
        if head is not None:
            table, ordinal = head["name"], lines[: index + 1].count(line)
            if table == "syringe":
                end = next((at for at in range(index + 1, len(lines)) if _TABLE.match(lines[at])), len(lines))
                what = f"drop a table/drug/syringe {ordinal}"
                yield Mutant(what, "drop a table", "drug.toml", index, end - index, None)
        match = NUMBER.match(line)
        if match is None or table not in ("strengths", "syringe"):
            continue
        place = table if table == "strengths" else f"syringe {ordinal}"
        for operator, what, text in number_mutants(match["value"]):
            changed = line.replace(f'"{match["value"]}"', f'"{text}"', 1)
            identity = f"{operator}/drug/{place}.{match['key']} {what}"
            reference = f"@drug:{table}.{match['key']}" if table == "strengths" else ""
            yield Mutant(identity, operator, "drug.toml", index, 1, changed, reference=reference)
