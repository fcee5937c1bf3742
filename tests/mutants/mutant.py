"""What a mutant is: one changed place of one file of a drug folder, and how a number is moved.

Knows the files that are changed, as text. Which places are changed stands in `rule_mutator.py` and `dose_mutator.py`;
whether anybody notices, `killing.py` finds out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from inotrope.units import read_quantity, registry, unit, units_of

LIBRARY = Path(__file__).parents[2] / "inotrope" / "library"
ORIGINAL = LIBRARY / "milrinone"

NUMBER = re.compile(r'^(?P<key>\w+) = \{ value = "(?P<value>[^"]+)"')
"""A line that holds a number with its source."""
_VALUE = re.compile(r"(?P<number>-?[\d.]+)(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed file.

    Attributes:
        id: Stable name: operator, place and change.
        operator: Which kind of change.
        file: The file that is changed.
        line: Index of the first line that is replaced.
        count: How many lines are replaced.
        text: What stands there instead; None for nothing.
        rule: The rule that is changed; empty for a number that many may read.
        reference: What rules call the number that is changed, such as `@dosing:renal.upper`; empty for none.
        entry: The dosing entry that is changed; others may take numbers from it. Empty elsewhere.
    """

    id: str
    operator: str
    file: str
    line: int
    count: int
    text: str | None
    rule: str = ""
    reference: str = ""
    entry: str = ""

    def apply(self, lines: list[str]) -> str:
        """Return the whole file with the change made."""
        new = [] if self.text is None else self.text.split("\n")
        return "\n".join([*lines[: self.line], *new, *lines[self.line + self.count :]])


def read_lines(file: str) -> list[str]:
    """Return the lines of an original file: a name of the drug folder, or `vocabulary/<name>`."""
    folder = LIBRARY if file.startswith("vocabulary/") else ORIGINAL
    return (folder / file).read_text("utf-8").split("\n")


def rule_files() -> tuple[str, ...]:
    """Return the files of rules in the order in which the folder is read."""
    return ("safety.toml", *sorted(f"safety/{path.name}" for path in (ORIGINAL / "safety").glob("*.toml")))


def number_mutants(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield operator, change and new text: one unit of the last written digit up and down, and another unit."""
    match = _VALUE.fullmatch(text)
    assert match is not None, text
    number = Decimal(match["number"])
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    for moved in (number + step, number - step):
        yield "move a limit", f"{text} > {moved:f}{match['rest']}", f"{moved:f}{match['rest']}"
    if match["rest"]:
        own = read_any(text).unit
        names = units_of(unit(own).dimension)
        if len(names) > 1:
            other = names[(names.index(own) + 1) % len(names)]
            yield "swap a unit", f"{text} > {match['number']} {other}", f"{match['number']} {other}"


@cache
def read_any(text: str) -> Any:
    """Return a quantity of whatever dimension."""
    every = tuple(dict.fromkeys(entry.dimension for entry in registry().units.values()))
    return read_quantity(text, what="Value", dimensions=every, positive=False)
