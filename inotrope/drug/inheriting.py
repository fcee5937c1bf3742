"""What a dosing entry takes from another one: `like = "<id>"`, less what stands in `without`.

Knows which keys an entry takes (tables and numbers) and which it must say itself (who it is for, by whose authority),
and that a limit of one group of patients is never taken for another. A number that was taken keeps the place where it
is written, so that a mistake is told once, there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inotrope.drug.reading import Section
from inotrope.errors import nearest, shorten
from inotrope.files import Path_, Toml

_OWN_WORDS = {"id", "like", "without", "drug", "indication", "indication_synonyms", "authority", "on_label"}
"""What an entry says itself; the words of the indication are taken where it names none."""

_OF_A_GROUP = (
    "age",
    "gestational_age",
    "postmenstrual_age",
    "weight",
    "load",
    "maintenance",
    "total_24_h",
    "duration",
    "titration.half_life",
    "renal",
    "kidney",
    "pressure",
    "history",
    "named_kidney",
    "remark",
)
"""Limits and words that are true of one group of patients only: adults, children or newborns."""


@dataclass(frozen=True)
class _WithOrigins(Toml):
    """A document in which some paths are written elsewhere; `where` names the line on which they are."""

    origins: Mapping[Path_, Path_]

    def where(self, path: Path_) -> str:
        """Return the place where the value at a path is written."""
        return super().where(_written(path, self.origins))


def _written(path: Path_, origins: Mapping[Path_, Path_]) -> Path_:
    for length in range(len(path), 0, -1):
        origin = origins.get(path[:length])
        if origin is not None:
            return _written((*origin, *path[length:]), origins)
    return path


def inherited(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return each entry's table with what it takes from the one that it is like; problems go into the book.

    Args:
        sections: The entries as they are written, in their order; one can be like an earlier one only.
    """
    origins: dict[Path_, Path_] = {}
    whole: dict[str, Section] = {}
    found = []
    for section in sections:
        table = section.table
        like = table.get("like")
        if like is not None:
            other = whole.get(like) if isinstance(like, str) else None
            if other is None:
                says = f"'{shorten(str(like))}' is no entry that stands before this one; {nearest(str(like), whole)}."
                section.problem(says, "like")
            else:
                table = _taken(section, other, origins)
        toml = _WithOrigins(section.toml.name, section.toml.content, section.toml.text, origins)
        merged = Section(toml, section.book, section.path, table)
        whole.setdefault(str(table.get("id")), merged)
        found.append(merged)
    return tuple(found)


def _taken(section: Section, other: Section, origins: dict[Path_, Path_]) -> dict[str, Any]:
    """Return the table of an entry with what it takes from the other one, and note where that is written."""
    own, without = section.table, section.texts("without")
    left_out: set[str] = set()
    for index, name in enumerate(without):
        if _at(other.table, name) is None:
            section.problem(f"'{shorten(name)}' does not stand in entry '{own['like']}'.", "without", index)
        left_out.add(name)
    merged = dict(own)
    words = set() if "indication" in own else {"indication", "indication_synonyms"}
    for key, value in other.table.items():
        if key in left_out or (key in _OWN_WORDS and key not in words):
            continue
        if key not in own:
            merged[key] = _less(value, key, left_out)
            origins[*section.path, key] = (*other.path, key)
        elif _is_table(own[key]) and _is_table(value):
            merged[key] = dict(own[key])
            for inner, number in value.items():
                if inner not in own[key] and f"{key}.{inner}" not in left_out:
                    merged[key][inner] = number
                    origins[*section.path, key, inner] = (*other.path, key, inner)
    if merged.get("group") != other.table.get("group"):
        _prove_own(section, merged, other)
    return merged


def _prove_own(section: Section, merged: dict[str, Any], other: Section) -> None:
    """Prove that nothing which is true of one group of patients is taken for another."""
    for name in _OF_A_GROUP:
        value, theirs = _at(merged, name), _at(other.table, name)
        if value is None or theirs is None:
            continue
        taken = value is theirs
        if _is_table(value) and _is_table(theirs):
            taken = any(inner not in _table(_at(section.table, name)) for inner in value)
        if taken:
            section.problem(
                f"'{name}' is taken from entry '{shorten(str(section.table['like']))}', which is for other patients. "
                "Write it here, or leave it out with 'without'.",
                "like",
            )


def _at(table: Any, path: str) -> Any:
    for key in path.split("."):
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_table(value: Any) -> bool:
    """Tell whether a value is a table of numbers and not one number with its source."""
    return isinstance(value, dict) and "value" not in value


def _less(value: Any, key: str, left_out: set[str]) -> Any:
    gone = {name.partition(".")[2] for name in left_out if name.startswith(f"{key}.")}
    return {inner: part for inner, part in value.items() if inner not in gone} if gone else value
