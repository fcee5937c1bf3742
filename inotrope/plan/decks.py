"""Runs the worked cases of a drug folder: what goes in, what must come out, who says so.

Knows the form of `cases.toml` and of the files beside it in the folder `cases/`, and compares; it knows no expected
answer. The decks were written from the facts by
someone who had not seen the code; `inotrope drug check` and the rule mutants both run them here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inotrope.dosing import find_entry
from inotrope.drug import Drug, Entry
from inotrope.errors import InotropeError, LibraryError, shorten
from inotrope.files import read_bytes, read_toml
from inotrope.findings import State, Truth
from inotrope.patient import read_case
from inotrope.plan.deck_answers import MOMENTS, TOLERANCES, differences, quantity_of
from inotrope.plan.making import answering_findings, make_plan
from inotrope.safety import Situation, judge
from inotrope.units import Quantity

DECKS = "cases.toml"
FURTHER = "cases"
"""A folder with more of them, by subject. The bases of every file can be used by every other."""
_CASE_KEYS = {
    "id", "rule", "state", "why", "base", "measure", "unmeasure", "set", "drop", "override", "assume_kidney", "facts",
    "expect",
}  # fmt: skip
_EXPECT_KEYS = {
    "status", "exit", "refused_for", "equation", "fires", "silent", "unknown", "missing", "only_fires", "entry",
    "authority", "cap", "beside", "no_stop_or_warning", "under", *TOLERANCES, *MOMENTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deck:
    """One worked case, as written, and the file of the folder that it stands in."""

    id: str
    content: Mapping[str, Any]
    where: str
    file: str = DECKS


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One worked case and how it went."""

    id: str
    passed: bool
    differences: tuple[str, ...]
    file: str = DECKS


def read_decks(drug: Drug) -> tuple[dict[str, Any], tuple[Deck, ...]]:
    """Return the base cases by name and the worked cases of a drug folder, those of `cases.toml` first.

    Raises:
        LibraryError: An unknown key, an unknown base, an id or a base that stands twice; the line is named.
    """
    paths = [drug.folder / DECKS, *sorted((drug.folder / FURTHER).glob("*.toml"))]
    files = [path.relative_to(drug.folder).as_posix() for path in paths]
    documents = [read_toml(read_bytes(path), f"{drug.name}/{file}") for path, file in zip(paths, files, strict=True)]
    bases: dict[str, Any] = {}
    for document in documents:
        own = document.content.get("base", {})
        if not isinstance(own, dict) or not _are_tables(document.content.get("case", [])):
            raise LibraryError("Worked cases are tables: [base.NAME] and [[case]].", where=document.name)
        for name, base in own.items():
            if name in bases:
                where = document.where(("base", name))
                raise LibraryError(f"The base case '{shorten(name)}' stands twice.", value=name, where=where)
            bases[name] = base
    decks: dict[str, Deck] = {}
    for file, document in zip(files, documents, strict=True):
        for index, entry in enumerate(document.content.get("case", [])):
            deck = Deck(str(entry.get("id")), entry, document.where(("case", index, "id")), file)
            _prove_deck(deck, bases, decks)
            decks[deck.id] = deck
    return bases, tuple(decks.values())


def _are_tables(listed: object) -> bool:
    return isinstance(listed, list) and all(isinstance(item, dict) for item in listed)


def _prove_deck(deck: Deck, bases: Mapping[str, Any], before: Mapping[str, Deck]) -> None:
    """Prove that a worked case has the form of one, starts from a known base and stands once."""
    entry, name, where = deck.content, deck.id, deck.where
    expect = entry.get("expect", {})
    if not isinstance(expect, dict):
        raise LibraryError(f"'expect' of worked case '{name}' is no table.", value=name, where=where)
    unknown = (set(entry) - _CASE_KEYS) | (set(expect) - _EXPECT_KEYS)
    if unknown:
        raise LibraryError(f"Worked case '{name}' has the unknown key '{min(unknown)}'.", value=name, where=where)
    if name in before or entry.get("base") not in bases:
        raise LibraryError(f"Worked case '{name}' stands twice or starts from no known base.", value=name, where=where)
    if "state" not in entry and not entry.get("expect"):
        raise LibraryError(f"Worked case '{name}' expects nothing.", value=name, where=where)


def run_worked_cases(drug: Drug) -> tuple[WorkedCase, ...]:
    """Run every worked case of a drug folder."""
    bases, decks = read_decks(drug)
    return tuple(run_deck(drug, bases, deck) for deck in decks)


def run_deck(drug: Drug, bases: Mapping[str, Any], deck: Deck) -> WorkedCase:
    """Run one worked case and list how it differs from what it expects; an error is a difference too."""
    try:
        found = tuple(_differences(drug, bases, deck))
    except InotropeError as problem:
        found = (f"raised {type(problem).__name__}: {problem}",)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:  # whoever wrote the deck mixed up its shapes
        found = (f"is not in the form of a worked case: {type(problem).__name__}: {shorten(str(problem))}",)
    return WorkedCase(deck.id, not found, found, deck.file)


def build_case(bases: Mapping[str, Any], deck: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case document of a deck entry: its base with the changes made."""
    case: dict[str, Any] = copy.deepcopy(bases[deck["base"]])
    for path, value in deck.get("set", {}).items():
        *above, last = _path(path)
        table = case
        for key in above:
            table = table.setdefault(key, {})
        table[last] = copy.deepcopy(value)
    for path in deck.get("drop", []):
        *above, last = _path(path)
        table = case
        for key in above:
            table = table.get(key, {})
        table.pop(last, None)
    gone = set(deck.get("unmeasure", []))
    kept = [item for item in case.get("measurements", []) if item["what"] not in gone]
    for what, value in deck.get("measure", {}).items():
        same = [item for item in kept if item["what"] == what]
        for item in same:
            item["value"] = value
        if not same:
            at = datetime.fromisoformat(case["now"]) - timedelta(minutes=30)
            kept.append({"what": what, "value": value, "at": at.isoformat()})
    case["measurements"] = kept
    return case


def _path(text: str) -> list[str]:
    return text.split(".")


def _differences(drug: Drug, bases: Mapping[str, Any], deck: Deck) -> Iterable[str]:
    content = deck.content
    case = read_case(build_case(bases, content), name=deck.id)
    if "facts" in content:
        yield from _judged_alone(drug, case, content)
        return
    assumed = content.get("assume_kidney")
    plan = make_plan(
        case,
        forecast=False,
        overrides=content.get("override"),
        assume_kidney=None if assumed is None else quantity_of(assumed),
        drug=drug,
    )
    # A deck knows three states: a rule that was set aside with a reason still fires.
    states = {
        finding.rule: State.FIRES if finding.state is State.OVERRIDDEN else finding.state
        for finding in (*plan.findings, *answering_findings(drug, case))
    }
    wanted = {
        name: state for state in ("fires", "silent", "unknown") for name in content.get("expect", {}).get(state, [])
    }
    if "rule" in content and "state" in content:
        wanted[content["rule"]] = content["state"]
    known = {rule.id for rule in drug.rules}
    for rule, state in wanted.items():
        found = states.get(rule, State.SILENT)
        if rule not in known:
            yield f"rule '{rule}' does not exist"
        elif found != state:
            yield f"rule '{rule}' is {found}, expected {state}"
    yield from differences(plan, content.get("expect", {}))


def _judged_alone(drug: Drug, case: Any, content: Mapping[str, Any]) -> Iterable[str]:
    """Judge one guard rule on a fact that the product's own rounding never produces."""
    entry = find_entry(drug, case)
    facts: dict[str, Quantity | Truth] = {name: _fact(text) for name, text in content["facts"].items()}
    rules = [rule for rule in drug.rules if rule.id == content["rule"]]
    situation = Situation(case, entry if isinstance(entry, Entry) else None, facts, {})
    for finding in judge(drug, situation, rules=rules):
        if finding.state != content["state"]:
            yield f"rule '{finding.rule}' is {finding.state}, expected {content['state']}"
    if not rules:
        yield f"rule '{content['rule']}' does not exist"


def _fact(text: str) -> Quantity | Truth:
    """Read a fact: a quantity, or one of the three truths."""
    return Truth(text) if text in {truth.value for truth in Truth} else quantity_of(text)
