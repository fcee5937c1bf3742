"""Finds out who notices a mutant: the proof of the folder, a worked case, or nobody.

Each mutant is written into a temporary copy of the folder and read as any folder is. If it still reads, the worked
cases run on it, those first that are most likely to notice, and stop at the first that passes on the original and
fails on the mutant. What the form of the worked cases cannot say (how grave a rule is, what it does, whether it may be
overridden, which rules speak of one cause, what a rule asks of the rate that runs) is compared last with
`rule_table.csv`, `cause_table.csv` and `while_running_table.csv`, which were written from the facts like the decks.
"""

from __future__ import annotations

import csv
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from inotrope.drug import Drug, Rule, load_drug, opening
from inotrope.drug.conditions import FactCompares, MeasurementCompares, walk
from inotrope.errors import InotropeError
from inotrope.files import Toml, read_toml
from inotrope.findings import Finding, State
from inotrope.patient import read_case
from inotrope.plan import decks, make_plan, making, to_plain
from inotrope.plan.decks import DECKS, Deck, build_case, read_decks, run_deck
from inotrope.safety import Situation, judge
from tests.mutants.mutant import ORIGINAL, Mutant, read_lines, rule_files

HERE = Path(__file__).parent
FLAGS = {
    "severity",
    "effect",
    "override",
    "severity with effect",
    "drop a question",
    "shown",
    "while running",
    "overridden",
}
"""Operators that leave a rule's condition as it is: no case differs in which the rule is silent on the original."""

OF_CAUSES = {"drop a cause", "drop a rule of a cause", "swap two rules of a cause"}
"""Operators that change no rule: only a worked case that says what stands under what can notice them."""

MOST_PARSED = 3 + len(rule_files())
"""The files of the original that a dose is read from; the changed ones are not kept."""

DOSED = {
    "load is due", "running rate", "child's kidney is impaired", "kidney clearance", "preparation concentration",
    "premix strength is not a real one", "vial is undiluted",
}  # fmt: skip
"""Facts that hang on the dosing entry or on the products: a worked case of any other rule says nothing of a dose."""

Said = tuple[State, tuple[str, ...]]
"""What a rule came to in one worked case, and what it would need to know."""


class By(StrEnum):
    """Who noticed."""

    FOLDER = "the proof of the folder"
    DECKS = "a worked case"
    TABLE = "the table of rules"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant; `of` names the worked case or the problem."""

    mutant: Mutant
    by: By
    of: str


class Killer:
    """The original folder with its decks, and a workplace for mutants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "milrinone"
        shutil.copytree(ORIGINAL, self.folder)
        with (self.folder / DECKS).open("a", encoding="utf-8") as file:
            file.write("\n" + (HERE / "further_cases.toml").read_text("utf-8"))
        self.drug = load_drug(self.folder)
        self.shown = tomllib.loads((HERE / "shown.toml").read_text("utf-8"))["shown"]
        self.bases, self.decks = read_decks(self.drug)
        self.lines = {name: read_lines(name) for name in (*rule_files(), "dosing.toml", "drug.toml")}
        self.readers = _readers(self.drug)
        self.parsed: dict[bytes, Toml] = {}
        with patched(opening, "read_toml", self.read_toml):
            load_drug(self.folder)
        self.kept: dict[tuple[str, str], tuple[Situation, Said]] = {}
        self.asked: dict[str, tuple[str, str]] = {}
        """By worked case: what its patient's indication is, and which entry serves; empty where none does."""
        self.lately: dict[str, int] = {}
        """Worked cases that noticed something, by when they did: they are likely to notice what stands beside it."""

    @cached_property
    def sound(self) -> tuple[Deck, ...]:
        """The worked cases that pass on the original; the others can notice nothing."""
        return tuple(deck for deck in self.decks if self._run_and_keep(deck))

    @cached_property
    def sound_shown(self) -> tuple[dict[str, Any], ...]:
        """What plans show, as far as the original shows it too."""
        return tuple(item for item in self.shown if not self.not_shown(self.drug, item))

    def _run_and_keep(self, deck: Deck) -> bool:
        """Run a worked case on the original, and keep in which situation its rules were judged, and what they said."""

        def keep(drug: Drug, situation: Situation, *, rules: Iterable[Rule]) -> tuple[Finding, ...]:
            findings = judge(drug, situation, rules=rules)
            entry = "" if situation.entry is None else situation.entry.id
            self.asked[deck.id] = (_plain(situation.case.indication), entry)
            for finding in findings:
                self.kept[deck.id, finding.rule] = (situation, _said(finding))
            return findings

        with patched(making, "judge", keep), patched(decks, "judge", keep):
            return run_deck(self.drug, self.bases, deck).passed

    def read_toml(self, content: bytes, name: str) -> Toml:
        """Read a file, once where it is the original: most of the time of a mutant goes into this."""
        if content not in self.parsed:
            read = read_toml(content, name)
            if len(self.parsed) >= MOST_PARSED:
                return read
            self.parsed[content] = read
        return self.parsed[content]

    def judge(self, mutant: Mutant) -> Verdict:
        """Return who notices a mutant, and put the original back."""
        path = self.folder / mutant.file
        original = "\n".join(self.lines[mutant.file])
        changed = mutant.apply(self.lines[mutant.file])
        assert changed != original, mutant.id
        path.write_text(changed, "utf-8")
        try:
            with patched(opening, "read_toml", self.read_toml):
                drug = load_drug(self.folder)
        except InotropeError as problem:
            return Verdict(mutant, By.FOLDER, str(problem))
        finally:
            path.write_text(original, "utf-8")
        if not mutant.rule:
            for item in self.sound_shown:
                if self.not_shown(drug, item):
                    return Verdict(mutant, By.DECKS, item["id"])
        for deck in self.order(mutant, drug):
            if not run_deck(drug, self.bases, deck).passed:
                self.lately[deck.id] = len(self.lately)
                return Verdict(mutant, By.DECKS, deck.id)
        difference = _against_table(drug)
        if difference:
            return Verdict(mutant, By.TABLE, difference)
        return Verdict(mutant, By.NOBODY, "")

    def not_shown(self, drug: Drug, item: dict[str, Any]) -> str:
        """Return how a plan differs from what `shown.toml` says that it shows; empty when it does not."""
        plain = to_plain(make_plan(read_case(build_case(self.bases, item), name=item["id"]), forecast=False, drug=drug))
        for path, expected in item["plan"].items():
            found = _at(plain, path)
            if found != expected:
                return f"{path} is '{found}', expected '{expected}'"
        return ""

    def order(self, mutant: Mutant, drug: Drug) -> list[Deck]:
        """Return the worked cases that can notice the mutant, the likeliest first."""
        if mutant.rule:
            found = [deck for deck in self.sound if self._can_notice(deck, mutant, drug)]
            return sorted(found, key=lambda deck: deck.content.get("rule") != mutant.rule)
        if mutant.operator in OF_CAUSES:
            return [deck for deck in self.sound if "under" in deck.content.get("expect", {})]
        rules = self.readers.get(mutant.reference, set())
        found = [deck for deck in self.sound if deck.content.get("rule") in self.dosed or "expect" in deck.content]
        served: set[str] = set()
        if mutant.entry:
            served, names = _changed(self.drug, drug)
            found = [deck for deck in found if self.asked.get(deck.id, ("", ""))[0] in names]

        def rank(deck: Deck) -> tuple[bool, bool, int, bool]:
            elsewhere = bool(served) and self.asked[deck.id][1] not in served
            own = deck.content.get("rule") in rules
            return elsewhere, not own, -self.lately.get(deck.id, -1), "rule" in deck.content

        return sorted(found, key=rank)

    @cached_property
    def dosed(self) -> set[str]:
        """The rules that a dose can reach: those that read a number of an entry, or a fact that an entry decides."""
        return {
            rule.id
            for rule in self.drug.rules
            if rule.needs_dose
            or any(
                getattr(leaf, "fact", "") in DOSED
                or getattr(leaf, "limit_reference", "").startswith(("@dosing", "@drug"))
                for leaf in walk(rule.when)
            )
        }

    def _can_notice(self, deck: Deck, mutant: Mutant, drug: Drug) -> bool:
        """Tell whether a worked case can differ when one rule differs: only where that rule now says something else.

        A rule reaches the rest of a plan through its own finding alone. Where severity, effect or override are
        different, or the rule is gone, any finding of it that is not silent counts.
        """
        kept = self.kept.get((deck.id, mutant.rule))
        if kept is None:
            return False
        situation, said = kept
        changed = [rule for rule in drug.rules if rule.id == mutant.rule]
        if mutant.operator in FLAGS or not changed:
            return said[0] is not State.SILENT or mutant.rule in deck.content.get("override", {})
        if changed[0].needs_dose != self.drug.rule(mutant.rule).needs_dose:
            return True
        if _judged(drug) != _judged(self.drug):
            return True  # what no rule reads is itself a finding
        (finding,) = judge(drug, situation, rules=changed)
        return _said(finding) != said


@contextmanager
def patched(module: Any, name: str, value: object) -> Iterator[None]:
    """Put another object behind a module's name for a while."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def _judged(drug: Drug) -> tuple[object, ...]:
    """Return what the rules of a drug read; the rest of a record is named as not judged or not checked."""
    return (
        drug.judged_events,
        drug.judged_support,
        drug.judged_measurements,
        drug.judged_levels,
        drug.judged_medicines,
        drug.judged_facts,
    )


def _changed(before: Drug, after: Drug) -> tuple[set[str], set[str]]:
    """Return the entries that are no longer what they were, and every name of what they are for.

    A patient with another indication is served by the other entries alone, and they are as they were.
    """
    old, new = ({entry.id: entry for entry in drug.entries} for drug in (before, after))
    ids = {name for name in old | new if old.get(name) != new.get(name)}
    entries = [entry for entries in (old, new) for name, entry in entries.items() if name in ids]
    return ids, {_plain(name) for entry in entries for name in (entry.indication, *entry.synonyms)}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _said(finding: Finding) -> Said:
    return finding.state, finding.needs


def _at(plain: Any, path: str) -> str:
    for key in path.split("."):
        try:
            plain = plain[int(key) if key.isdigit() else key]
        except (LookupError, TypeError):
            return "nothing"
    return f"{plain['value']:g} {plain['unit']}" if isinstance(plain, dict) else str(plain)


def _readers(drug: Drug) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in drug.rules:
        for leaf in walk(rule.when):
            if isinstance(leaf, FactCompares | MeasurementCompares):
                found.setdefault(leaf.limit_reference, set()).add(rule.id)
    return found


def read_table() -> dict[str, tuple[str, ...]]:
    """Return what `flags_of` returns, of every rule, as written from the facts."""
    with (HERE / "rule_table.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: (row["severity"], row["effect"], row["override"], row["shown"], row["overridden"])
            for row in csv.DictReader(file)
        }


def read_while_running_table() -> dict[str, str]:
    """Return what each rule that asks anything of a rate that runs asks of it, as written from the facts."""
    with (HERE / "while_running_table.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule"]: row["while_running"] for row in csv.DictReader(file)}


def asked_while_running(drug: Drug) -> dict[str, str]:
    """Return the same of a drug."""
    return {rule.id: rule.while_running.value for rule in drug.rules if rule.while_running is not None}


def read_causes_table() -> dict[str, tuple[str, str]]:
    """Return for each rule that has a part in causes: for which it speaks and at which place, and which it joins."""
    with (HERE / "cause_table.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule"]: (row["speaks"], row["joins"]) for row in csv.DictReader(file)}


def parts_in_causes(drug: Drug) -> dict[str, tuple[str, str]]:
    """Return the same of a drug: `cause, place` where a rule speaks, and every cause that it joins."""
    speaks = {name: f"{cause.id}, {place}" for cause in drug.causes for place, name in enumerate(cause.speaks, start=1)}
    names = dict.fromkeys((*speaks, *(name for cause in drug.causes for name in cause.joins)))
    joins = {name: "; ".join(cause.id for cause in drug.causes if name in cause.joins) for name in names}
    return {name: (speaks.get(name, ""), joins[name]) for name in names}


def flags_of(rule: Rule) -> tuple[str, ...]:
    """Return what the table of rules holds of one rule."""
    kept = "" if rule.overridden is None else rule.overridden.value
    return (rule.severity.value, rule.effect.value, str(rule.override).lower(), rule.shown.value, kept)


def _against_table(drug: Drug) -> str:
    table = read_table()
    for rule in drug.rules:
        written = flags_of(rule)
        if table.get(rule.id) != written:
            return f"{rule.id} is {written}, the table has {table.get(rule.id)}"
    missing = set(table) - {rule.id for rule in drug.rules}
    if asked_while_running(drug) != read_while_running_table():
        return "what the rules ask of a rate that runs is not that of the table"
    if parts_in_causes(drug) != read_causes_table():
        return "the causes are not those of the table"
    return f"{sorted(missing)} stand in the table alone" if missing else ""


def read_proofs() -> dict[str, str]:
    """Return the written proofs that no case can tell a mutant apart, by the mutant's id."""
    content = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8"))
    proofs: dict[str, str] = {}
    for entry in content.get("equivalent", []):
        for mutant in entry["mutants"]:
            assert mutant not in proofs, f"two proofs for {mutant}"
            proofs[mutant] = entry["because"]
    return proofs
