"""Changes the text of a drug folder's rules and limits, one place at a time.

Knows the form of `safety.toml`, `safety/*.toml`, `dosing.toml` and the table `[strengths]` of `drug.toml` as text, and
the closed vocabulary. It does not know whether anybody notices a change: `killing.py` finds that out.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from inotrope.drug.fact_forms import FACTS
from inotrope.drug.references import known_classes, known_names
from inotrope.units import read_quantity, registry, unit, units_of

LIBRARY = Path(__file__).parents[2] / "inotrope" / "library"
ORIGINAL = LIBRARY / "milrinone"
VOCABULARY = LIBRARY / "vocabulary"

COMPARISONS = {
    "above": ("below", "at_or_above"),
    "below": ("above", "at_or_below"),
    "at_or_above": ("at_or_below", "above"),
    "at_or_below": ("at_or_above", "below"),
}
"""Each comparison against its opposite, and with or without the limit itself."""

SEVERITIES = ("stop", "warn", "inform")
EFFECTS = ("withhold", "no rate", "no load", "none")
KINDS = {
    "condition": "condition",
    "event": "event",
    "support": "support",
    "medicine": "medicine",
    "allergy": "medicine",
    "line": "medicine",
    "diluent": "medicine",
    "measurement": "measurement",
}
"""Which list of the vocabulary a name in a condition comes from."""

OPTIONAL = {
    "age", "gestational_age", "postmenstrual_age", "weight", "load", "total_24_h", "duration", "renal", "kidney",
    "pressure", "history",
}  # fmt: skip
"""Tables of a dosing entry without which the folder still has its form, or that somebody may lose while editing."""

_NUMBER = re.compile(r'^(?P<key>\w+) = \{ value = "(?P<value>[^"]+)"')
_BARE = re.compile(r'^(?P<key>clearance|rate|age_from|age_to) = "(?P<value>[^"]+)"')
_VALUE = re.compile(r"(?P<number>-?[\d.]+)(?P<rest>.*)", re.DOTALL)
_TABLE = re.compile(r"^\[+(?P<name>[^\]]+)\]+\s*(?:#.*)?$")


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
    """

    id: str
    operator: str
    file: str
    line: int
    count: int
    text: str | None
    rule: str = ""
    reference: str = ""

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


def all_mutants() -> tuple[Mutant, ...]:
    """Return every mutant of the drug folder, each with an id of its own."""
    found = [*rule_mutants(), *dosing_mutants(), *strength_mutants()]
    ids = [mutant.id for mutant in found]
    assert len(ids) == len(set(ids)), sorted({item for item in ids if ids.count(item) > 1})[:5]
    return tuple(found)


# --- rules -----------------------------------------------------------------------------------------------------------


def rule_mutants() -> Iterator[Mutant]:
    """Yield every mutant of `safety.toml` and of the files beside it."""
    for file in rule_files():
        lines = read_lines(file)
        starts = [index for index, line in enumerate(lines) if line.strip() == "[[rule]]"]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            block = lines[start:end]
            rule = tomllib.loads("\n".join(block))["rule"][0]
            yield from _of_one_rule(rule, block, file, start)


def _of_one_rule(rule: dict[str, Any], block: list[str], file: str, start: int) -> Iterator[Mutant]:
    name = rule["id"]
    place = {key: start + _line_of(block, key) for key in ("severity", "effect", "override", "when")}

    def change(operator: str, what: str, line: int, count: int, text: str | None) -> Mutant:
        return Mutant(f"{operator}/{name}/{what}", operator, file, line, count, text, rule=name)

    yield change("drop a rule", "all of it", start, len(block), None)
    if "asks" in rule:
        yield change("drop a question", "asks", start + _line_of(block, "asks"), 1, None)
    for severity in SEVERITIES:
        if severity != rule["severity"]:
            yield change("severity", severity, place["severity"], 1, f'severity = "{severity}"')
    for effect in EFFECTS:
        if effect != rule["effect"]:
            yield change("effect", effect, place["effect"], 1, f'effect = "{effect}"')
    assert place["effect"] == place["severity"] + 1, name
    assert place["override"] == place["effect"] + 1, name
    for severity, effect in (("stop", "withhold"), ("warn", "none"), ("warn", "no rate"), ("warn", "no load")):
        # Both at once, in the form that the folder accepts: only a worked case can notice it.
        if severity != rule["severity"] and effect != rule["effect"]:
            text = f'severity = "{severity}"\neffect = "{effect}"\noverride = false'
            yield change("severity with effect", f"{severity}, {effect}", place["severity"], 3, text)
    flipped = "false" if rule["override"] else "true"
    yield change("override", flipped, place["override"], 1, f"override = {flipped}")
    for operator, what, condition in condition_mutants(rule["when"]):
        yield change(operator, what, place["when"], 1, f"when = {inline(condition)}")
    for index, line in enumerate(block):
        if (match := _NUMBER.match(line)) is not None:
            for operator, what, text in number_mutants(match["value"]):
                changed = line.replace(f'"{match["value"]}"', f'"{text}"', 1)
                yield change(operator, f"{match['key']} {what}", start + index, 1, changed)


def _line_of(block: list[str], key: str) -> int:
    (found,) = [index for index, line in enumerate(block) if line.startswith(f"{key} = ")]
    return found


def condition_mutants(condition: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield operator, change and the whole condition, for every change of one place in it."""
    for path, node in _nodes(condition):
        where = ".".join(str(part) for part in path) or "when"
        for operator, what, changed in _changes(node):
            yield operator, f"{where}: {what}", _replaced(condition, path, changed)


def _nodes(node: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, node
    for key in ("all", "any"):
        for index, part in enumerate(node.get(key, [])):
            yield from _nodes(part, (*path, key, index))
    if "not" in node:
        yield from _nodes(node["not"], (*path, "not"))


def _replaced(condition: dict[str, Any], path: tuple[str | int, ...], changed: Any) -> dict[str, Any]:
    if not path:
        return changed
    whole = copy.deepcopy(condition)
    inner: Any = whole
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = changed
    return whole


def _changes(node: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for comparison, others in COMPARISONS.items():
        if comparison in node:
            for other in others:
                swapped = {other if key == comparison else key: value for key, value in node.items()}
                yield "flip a comparison", f"{comparison} > {other}", swapped
            for other in _siblings(node[comparison]):
                yield "swap a reference", f"{node[comparison]} > {other}", {**node, comparison: other}
    for joint, other in (("all", "any"), ("any", "all")):
        if joint in node:
            yield "swap all and any", f"{joint} > {other}", {other: node[joint]}
            if len(node[joint]) > 1:
                for index in range(len(node[joint])):
                    kept = [part for at, part in enumerate(node[joint]) if at != index]
                    yield "drop a member", f"{joint} without {index}", {joint: kept}
    if "not" in node:
        yield "drop a not", "not", node["not"]
    if "within" in node:
        yield "drop a member", "within", {key: value for key, value in node.items() if key != "within"}
    yield from _renamed(node)


def _renamed(node: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for head, kind in KINDS.items():
        if head in node:
            other = _next(node[head], known_names(kind))
            yield "swap a name", f"{node[head]} > {other}", {**node, head: other}
    if "of" in node:
        yield "swap a name", f"of {node['of']} > digoxin", {**node, "of": "digoxin"}
    if "sex" in node:
        other = "male" if node["sex"] == "female" else "female"
        yield "swap a name", f"{node['sex']} > {other}", {**node, "sex": other}
    if "medicine_class" in node:
        other = _next(node["medicine_class"], known_classes())
        yield "swap a name", f"{node['medicine_class']} > {other}", {**node, "medicine_class": other}
        for name in node.get("except", []):
            kept = [item for item in node["except"] if item != name]
            yield "drop a member", f"except {name}", {**node, "except": kept}
    if "fact" in node:
        form = FACTS[node["fact"]]
        alike = tuple(name for name, other in FACTS.items() if other.dimension == form.dimension)
        if len(alike) > 1:
            other = _next(node["fact"], alike)
            yield "swap a fact", f"{node['fact']} > {other}", {**node, "fact": other}


def _next(name: str, names: tuple[str, ...]) -> str:
    return names[(names.index(name) + 1) % len(names)]


def _siblings(reference: str) -> Iterator[str]:
    """Yield the other numbers of the same table, dimension and file whose value differs."""
    file, colon, path = reference.removeprefix("@").partition(":")
    if not colon:
        return
    table, _, own_key = path.rpartition(".")
    numbers = _numbers_of(file, table, own_key)
    own = numbers[own_key]
    for key, value in numbers.items():
        same = unit(value.unit).dimension == unit(own.unit).dimension
        if key != own_key and same and value != own:
            yield f"@{file}:{table}.{key}"


def _numbers_of(file: str, table: str, key: str) -> dict[str, Any]:
    """Return the numbers of a table; of dosing, those of the first entry that has the key."""
    if file == "dosing":
        entries = tomllib.loads("\n".join(read_lines("dosing.toml")))["entry"]
        content = next(entry[table] for entry in entries if key in entry.get(table, {}))
    elif file == "drug":
        content = tomllib.loads("\n".join(read_lines("drug.toml")))[table]
    else:
        content = tomllib.loads("\n".join(read_lines("vocabulary/limits.toml"))).get(table)
        if content is None:
            kinds = tomllib.loads("\n".join(read_lines("vocabulary/measurements.toml")))["measurement"]
            (content,) = [kind for kind in kinds if kind["name"] == table]
    texts = {key: item["value"] for key, item in content.items() if isinstance(item, dict) and "value" in item}
    return {key: _read(text) for key, text in texts.items() if not re.fullmatch(r"[\d.]+", text)}


def _read(text: str) -> Any:
    every = tuple(dict.fromkeys(entry.dimension for entry in registry().units.values()))
    return read_quantity(text, what="Value", dimensions=every, positive=False)


# --- numbers ---------------------------------------------------------------------------------------------------------


def dosing_mutants() -> Iterator[Mutant]:
    """Yield every mutant of `dosing.toml`: numbers, printed points, tables of an entry."""
    yield from _numbers_in("dosing.toml", table_prefix="entry.", reference="@dosing:")
    lines = read_lines("dosing.toml")
    for index, line in enumerate(lines):
        match = _TABLE.match(line)
        if match is None:
            continue
        name = match["name"].removeprefix("entry.")
        if name in OPTIONAL or name in ("renal.point", "named_kidney"):
            end = _end_of_table(lines, index, with_children=name)
            what = name if name in OPTIONAL else f"{name} {_ordinal(lines, index)}"
            what = f"{_entry_of(lines, index)}{what}"
            yield Mutant(f"drop a table/dosing/{what}", "drop a table", "dosing.toml", index, end - index, None)
    for index, line in enumerate(lines):
        if line.startswith("product_kind = "):
            changed = line.replace('"vial"', '"premix"')
            name = f"swap a name/dosing/{_entry_of(lines, index)}product_kind"
            yield Mutant(name, "swap a name", "dosing.toml", index, 1, changed)


def strength_mutants() -> Iterator[Mutant]:
    """Yield every mutant of the strengths that rules refer to, in `drug.toml`."""
    for mutant in _numbers_in("drug.toml", table_prefix="", reference="@drug:"):
        if mutant.reference.startswith("@drug:strengths."):
            yield mutant


def _numbers_in(file: str, *, table_prefix: str, reference: str) -> Iterator[Mutant]:
    lines = read_lines(file)
    table, ordinal = "", 0
    for index, line in enumerate(lines):
        head = _TABLE.match(line)
        if head is not None:
            table, ordinal = head["name"].removeprefix(table_prefix), _ordinal(lines, index)
        match = _NUMBER.match(line) or _BARE.match(line)
        if match is None or line.startswith("["):
            continue
        repeated = lines.count(f"[[{table_prefix}{table}]]") > 1
        place = f"{table} {ordinal}" if repeated else table
        place = f"{_entry_of(lines, index)}{place}" if file == "dosing.toml" else place
        short = file.removesuffix(".toml").rpartition("/")[2]
        for operator, what, text in number_mutants(match["value"]):
            changed = line.replace(f'"{match["value"]}"', f'"{text}"', 1)
            identity = f"{operator}/{short}/{place}.{match['key']} {what}"
            yield Mutant(identity, operator, file, index, 1, changed, reference=f"{reference}{table}.{match['key']}")


def number_mutants(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield operator, change and new text: one unit of the last written digit up and down, and another unit."""
    match = _VALUE.fullmatch(text)
    assert match is not None, text
    number = Decimal(match["number"])
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    for moved in (number + step, number - step):
        yield "move a limit", f"{text} > {moved:f}{match['rest']}", f"{moved:f}{match['rest']}"
    if match["rest"]:
        own = _read(text).unit
        names = units_of(unit(own).dimension)
        if len(names) > 1:
            other = names[(names.index(own) + 1) % len(names)]
            yield "swap a unit", f"{text} > {match['number']} {other}", f"{match['number']} {other}"


def _ordinal(lines: list[str], index: int) -> int:
    """Return the how-manieth such line of its dosing entry this is; where there are no entries, of the file."""
    start = max((at for at in range(index) if lines[at] == "[[entry]]"), default=0)
    return lines[start : index + 1].count(lines[index])


def _entry_of(lines: list[str], index: int) -> str:
    """Return the id of the dosing entry that a line stands in, as the head of a place; empty in the first entry."""
    starts = [at for at in range(index + 1) if lines[at] == "[[entry]]"]
    if len(starts) < 2:
        return ""
    (name, *_) = [line for line in lines[starts[-1] :] if line.startswith("id = ")]
    return f"{name.removeprefix('id = ').strip(chr(34))}: "


def _end_of_table(lines: list[str], start: int, *, with_children: str) -> int:
    for index in range(start + 1, len(lines)):
        match = _TABLE.match(lines[index])
        if match is not None and not match["name"].removeprefix("entry.").startswith(with_children + "."):
            return index
    return len(lines)


# --- text ------------------------------------------------------------------------------------------------------------


def inline(value: object) -> str:
    """Return a condition as inline TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
