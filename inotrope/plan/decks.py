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
from decimal import Decimal
from typing import Any

from inotrope.dosing import find_entry
from inotrope.drug import Drug, Entry
from inotrope.errors import InotropeError, LibraryError, shorten
from inotrope.files import read_bytes, read_toml
from inotrope.findings import Severity, State, Truth
from inotrope.patient import read_case
from inotrope.plan.making import make_plan
from inotrope.plan.record import Plan
from inotrope.safety import Situation, judge
from inotrope.units import Quantity, read_quantity, registry

DECKS = "cases.toml"
FURTHER = "cases"
"""A folder with more of them, by subject. The bases of every file can be used by every other."""
TOLERANCES = {
    "rate": Decimal("0.0005"),
    "delivered_rate": Decimal("0.0005"),
    "maximum": Decimal("0.0005"),
    "total_24_h": Decimal("0.005"),
    "kidney": Decimal("0.1"),
    "bag_lasts": Decimal("0.1"),
    "load_duration": Decimal("0.1"),
    "load_rate": Decimal("0.0005"),
    "pump_rate": Decimal(0),
    "load_volume": Decimal(0),
    "load_dose": Decimal(0),
}
"""Closeness that the decks ask for, in the unit in which the expected answer is written; 0 is exact."""

_NOT_COMPUTED = {"left_24_h", "next_up", "next_up_at", "next_down", "bag_ends", "limit_at", "resumes_at"}
"""What the worked cases of a running infusion expect and no plan says yet: such a case differs until it does."""

_CASE_KEYS = {
    "id", "rule", "state", "why", "base", "measure", "unmeasure", "set", "drop", "override", "assume_kidney", "facts",
    "expect",
}  # fmt: skip
_EXPECT_KEYS = {
    "status", "exit", "refused_for", "equation", "fires", "silent", "unknown", "missing", "only_fires", "entry",
    "authority", "cap", "beside", "no_stop_or_warning", *TOLERANCES, *_NOT_COMPUTED,
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
        differences = tuple(_differences(drug, bases, deck))
    except InotropeError as problem:
        differences = (f"raised {type(problem).__name__}: {problem}",)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:  # whoever wrote the deck mixed up its shapes
        differences = (f"is not in the form of a worked case: {type(problem).__name__}: {shorten(str(problem))}",)
    return WorkedCase(deck.id, not differences, differences, deck.file)


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
        overrides=content.get("override"),
        assume_kidney=None if assumed is None else _quantity(assumed),
        drug=drug,
    )
    # A deck knows three states: a rule that was set aside with a reason still fires.
    states = {
        finding.rule: State.FIRES if finding.state is State.OVERRIDDEN else finding.state for finding in plan.findings
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
    yield from _against(plan, content.get("expect", {}))


def _judged_alone(drug: Drug, case: Any, content: Mapping[str, Any]) -> Iterable[str]:
    """Judge one guard rule on a fact that the product's own rounding never produces."""
    entry = find_entry(drug, case)
    facts: dict[str, Quantity | Truth] = {name: _quantity(text) for name, text in content["facts"].items()}
    rules = [rule for rule in drug.rules if rule.id == content["rule"]]
    situation = Situation(case, entry if isinstance(entry, Entry) else None, facts, {})
    for finding in judge(drug, situation, rules=rules):
        if finding.state != content["state"]:
            yield f"rule '{finding.rule}' is {finding.state}, expected {content['state']}"
    if not rules:
        yield f"rule '{content['rule']}' does not exist"


def _against(plan: Plan, expect: Mapping[str, Any]) -> Iterable[str]:
    plain: dict[str, object] = {
        "status": plan.status.value,
        "exit": plan.exit_code,
        "equation": plan.kidney.equation,
        "entry": None if plan.entry is None else plan.entry.id,
        "authority": None if plan.entry is None else plan.entry.authority,
        "cap": None if plan.entry is None else plan.entry.cap,
    }
    for key, found in plain.items():
        if key in expect and expect[key] != found:
            yield f"{key} is '{found}', expected '{expect[key]}'"
    if "refused_for" in expect and expect["refused_for"] not in {refusal.id for refusal in plan.refusals}:
        yield f"refused for {[refusal.id for refusal in plan.refusals]}, expected '{expect['refused_for']}'"
    absent = set(expect.get("missing", ())) - {item.name for item in plan.missing}
    if absent:
        yield f"does not ask for {sorted(absent)}; asks for {[item.name for item in plan.missing]}"
    if "only_fires" in expect:
        fires = sorted(finding.rule for finding in plan.findings if finding.state is State.FIRES)
        if fires != sorted(expect["only_fires"]):
            yield f"fires {fires}, expected only {sorted(expect['only_fires'])}"
    for key in sorted(_NOT_COMPUTED & set(expect)):
        yield f"{key} is not computed, expected '{expect[key]}'"
    if "beside" in expect and {item.id for item in plan.beside} != set(expect["beside"]):
        yield f"beside it stand {[item.id for item in plan.beside]}, expected {expect['beside']}"
    if expect.get("no_stop_or_warning"):
        loud = (Severity.STOP, Severity.WARN)
        fires = [item.rule for item in plan.findings if item.state is State.FIRES and item.severity in loud]
        if fires:
            yield f"fires {fires}, expected no stop and no warning"
    for key, found_quantity in _quantities(plan).items():
        if key in expect:
            yield from _compare(key, found_quantity, expect[key])


def _quantities(plan: Plan) -> dict[str, Quantity | None]:
    load, rate, total, bag = plan.loading_dose, plan.maintenance, plan.total_24_h, plan.preparation
    return {
        "rate": None if rate is None else rate.rate,
        "pump_rate": None if rate is None else rate.pump_rate,
        "delivered_rate": None if rate is None else rate.delivered_rate,
        "maximum": None if rate is None else rate.maximum,
        "load_volume": load.volumes[0].volume if load is not None and load.volumes else None,
        "load_dose": None if load is None else load.dose,
        "load_duration": None if load is None else load.duration,
        "load_rate": None if load is None else load.rate,
        "total_24_h": None if total is None else total.per_weight,
        "kidney": plan.kidney.clearance,
        "bag_lasts": None if bag is None else bag.bag_lasts,
    }


def _compare(key: str, found: Quantity | None, expected: str) -> Iterable[str]:
    if expected == "none" or found is None:
        if not (expected == "none" and found is None):
            yield f"{key} is '{found}', expected '{expected}'"
        return
    wanted = _quantity(expected)
    if abs(found.in_unit(wanted.unit) - wanted.value) > TOLERANCES[key]:
        yield f"{key} is '{found.shown(6)}', expected '{expected}'"


def _quantity(text: str) -> Quantity:
    dimensions = tuple({entry.dimension for entry in registry().units.values()})
    return read_quantity(text, what="Expected value", dimensions=dimensions, positive=False)
