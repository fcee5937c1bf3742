"""Changes the rules of a drug folder, one place at a time.

Knows the form of `safety.toml` and `safety/*.toml` as text, and the closed vocabulary: severities, effects, overrides,
conditions with their limits, times and names.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from inotrope.drug.fact_forms import FACTS
from inotrope.drug.references import known_classes, known_names
from inotrope.units import unit
from tests.mutants.mutant import NUMBER, Mutant, number_mutants, read_any, read_lines, rule_files

COMPARISONS = {
    "above": ("below", "at_or_above"),
    "below": ("above", "at_or_below"),
    "at_or_above": ("at_or_below", "above"),
    "at_or_below": ("at_or_above", "below"),
}
"""Each comparison against its opposite, and with or without the limit itself."""

CAUSES, CAUSE_LINES = "safety.toml", 4
"""Where the causes stand, and how many lines each takes: its head, id, speaks, joins."""
SEVERITIES = ("stop", "warn", "inform")
SHOWN = ("alert", "note", "answer")
WHILE_RUNNING = ("stop", "hold", "reduce or stop", "do not raise")
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


def rule_mutants() -> Iterator[Mutant]:
    """Yield every mutant of `safety.toml` and of the files beside it."""
    yield from cause_mutants()
    for file in rule_files():
        lines = read_lines(file)
        starts = [index for index, line in enumerate(lines) if line.strip() == "[[rule]]"]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            block = lines[start:end]
            rule = tomllib.loads("\n".join(block))["rule"][0]
            yield from _of_one_rule(rule, block, file, start)


def cause_mutants() -> Iterator[Mutant]:
    """Yield every mutant of the causes: one gone, a rule taken out of one, two neighbors of its order swapped."""
    lines = read_lines(CAUSES)
    for start in (index for index, line in enumerate(lines) if line.strip() == "[[cause]]"):
        cause = tomllib.loads("\n".join(lines[start : start + CAUSE_LINES]))["cause"][0]
        of = cause["id"]
        yield Mutant(f"drop a cause/{of}/all of it", "drop a cause", CAUSES, start, CAUSE_LINES, None)
        for line, key in enumerate(("speaks", "joins"), start=start + 2):
            for operator, name, names in _fewer_or_swapped(cause[key], ordered=key == "speaks"):
                yield Mutant(f"{operator}/{of}/{name}", operator, CAUSES, line, 1, f"{key} = {json.dumps(names)}")


def _fewer_or_swapped(names: list[str], *, ordered: bool) -> Iterator[tuple[str, str, list[str]]]:
    for index, name in enumerate(names):
        yield "drop a rule of a cause", name, [*names[:index], *names[index + 1 :]]
    for index in range(len(names) - 1 if ordered else 0):
        swapped = [*names[:index], names[index + 1], names[index], *names[index + 2 :]]
        yield "swap two rules of a cause", names[index], swapped


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
    yield from (change("overridden", kept, place["override"], *how) for kept, *how in _overridden(rule))
    for shown in sorted(set(SHOWN) - {rule.get("shown", "alert")}):
        text = f'override = {str(rule["override"]).lower()}\nshown = "{shown}"'
        yield change("shown", shown, place["override"], 2 if "shown" in rule else 1, text)
    yield from (change("while running", asked, place["override"], *how) for asked, *how in _while_running(rule))
    for operator, what, condition in condition_mutants(rule["when"]):
        yield change(operator, what, place["when"], 1, f"when = {inline(condition)}")
    for index, line in enumerate(block):
        if (match := NUMBER.match(line)) is not None:
            for operator, what, text in number_mutants(match["value"]):
                changed = line.replace(f'"{match["value"]}"', f'"{text}"', 1)
                yield change(operator, f"{match['key']} {what}", start + index, 1, changed)


def _overridden(rule: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Yield the other word on what a stop withholds once it is set aside; only one that can be has such a word."""
    if rule["override"]:
        own, line = "overridden" in rule, "override = true"
        yield ("no load", 2, line) if own else ("nothing", 1, f'{line}\noverridden = "nothing"')


def _while_running(rule: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Yield every other word on the rate that runs, and none at all; only a rule that warns may have one."""
    override, own = f"override = {str(rule['override']).lower()}", rule.get("while_running", "")
    count = 2 if own else 1
    if own:
        yield "nothing", count, override
    if rule["severity"] == "warn":
        for asked in sorted(set(WHILE_RUNNING) - {own}):
            yield asked, count, f'{override}\nwhile_running = "{asked}"'


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
        if form.dimension is None:
            yield "negate a fact", f"not {node['fact']}", {"not": node}
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
    numbers = _numbers_of(file, table)
    own = numbers[own_key]
    for key, value in numbers.items():
        same = unit(value.unit).dimension == unit(own.unit).dimension
        if key != own_key and same and value != own:
            yield f"@{file}:{table}.{key}"


@cache
def _numbers_of(file: str, table: str) -> dict[str, Any]:
    """Return the numbers of a table; of `dosing.toml` those that any entry has, each as the first one states it."""
    content = tomllib.loads("\n".join(read_lines(f"{file}.toml" if file != "vocabulary" else "vocabulary/limits.toml")))
    if file == "dosing":
        tables = [entry[table] for entry in content["entry"] if table in entry]
    elif file == "vocabulary" and table not in content:
        kinds = tomllib.loads("\n".join(read_lines("vocabulary/measurements.toml")))["measurement"]
        tables = [kind for kind in kinds if kind["name"] == table]
    else:
        tables = [content[table]]
    found: dict[str, Any] = {}
    for numbers in tables:
        for key, item in numbers.items():
            if isinstance(item, dict) and "value" in item and not re.fullmatch(r"[\d.]+", item["value"]):
                found.setdefault(key, read_any(item["value"]))
    return found


def inline(value: object) -> str:
    """Return a condition as inline TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
