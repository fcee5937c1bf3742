"""The shipped example cases: invented patients, each to plan, to change and to learn from.

Knows their names and their texts, and reads none of them.
"""

from __future__ import annotations

from pathlib import Path

from inotrope.errors import FileError, nearest, shorten

EXAMPLES = Path(__file__).resolve().parents[1] / "library" / "cases"
"""Where they lie."""


def examples() -> tuple[str, ...]:
    """Return the names of the shipped examples."""
    return tuple(sorted(path.stem for path in EXAMPLES.glob("*.json")))


def read_example(name: str) -> str:
    """Return the text of a shipped example.

    Raises:
        FileError: There is none of that name; the nearest are named.
    """
    if name not in examples():
        says = f"'{shorten(name)}' is no shipped example; {nearest(name, examples())}. All: {', '.join(examples())}."
        raise FileError(says, value=name, accepted=", ".join(examples()))
    return (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
