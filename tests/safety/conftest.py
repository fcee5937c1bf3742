"""One adult, complete enough to be judged, and rules made of any condition."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from inotrope.drug import Condition, Counted, Drug, Entry, Limit, Rule, Sourced, load_drug
from inotrope.findings import Effect, Finding, Severity, SourceReference, Status
from inotrope.patient import Case, read_case
from inotrope.safety import Fact, Situation, judge
from inotrope.units import read_quantity, registry

NOW = "2026-11-22T08:00:00+00:00"
SOURCE = SourceReference("test", "here", "A test", "here", Status.JUDGEMENT)
ADULT: dict[str, Any] = {
    "drug": "milrinone",
    "indication": "acute decompensated heart failure",
    "now": NOW,
    "patient": {"born": "1958-03-02", "sex": "female", "weight": "80 kg", "height": "170 cm"},
}

Judged = Callable[..., Finding]
MakeCase = Callable[..., Case]


@pytest.fixture
def milrinone() -> Drug:
    return load_drug("milrinone")


@pytest.fixture
def make_case() -> MakeCase:
    """A case from keys added to the adult; `patient` is merged."""

    def make(patient: dict[str, Any] | None = None, **keys: Any) -> Case:
        document = {**copy.deepcopy(ADULT), **keys}
        document["patient"] = {**document["patient"], **(patient or {})}
        return read_case(document)

    return make


def limit(text: str) -> Limit:
    from decimal import Decimal

    if text.replace(".", "").isdecimal():
        return Counted(Decimal(text), SOURCE)
    dimensions = tuple({unit.dimension for unit in registry().units.values()})
    return Sourced(read_quantity(text, what="Limit", dimensions=dimensions, positive=False), SOURCE)


def make_rule(when: Condition, *, asks: str = "Is it so?", says: str = "It is so.", **limits: str) -> Rule:
    return Rule(
        id="rule",
        title="A rule",
        severity=Severity.STOP,
        effect=Effect.WITHHOLD,
        override=True,
        says=says,
        asks=asks,
        advice="Do something.",
        when=when,
        limits={name: limit(text) for name, text in limits.items()},
        evidence={"drugs": "x"},
        sources=(SOURCE,),
        status=Status.JUDGEMENT,
        needs_dose=False,
    )


@pytest.fixture
def judged(milrinone: Drug, make_case: MakeCase) -> Judged:
    """Judge one condition for one case."""

    def one(
        when: Condition,
        case: Case | None = None,
        *,
        facts: dict[str, Fact] | None = None,
        needs: dict[str, tuple[str, ...]] | None = None,
        without_entry: bool = False,
        possible: tuple[Entry, ...] = (),
        entry_id: str = "adult-acute-decompensated-heart-failure",
        asks: str = "Is it so?",
        says: str = "It is so.",
        **limits: str,
    ) -> Finding:
        entry = None if without_entry or possible else next(item for item in milrinone.entries if item.id == entry_id)
        situation = Situation(case or make_case(), entry, facts or {}, needs or {}, possible=possible)
        (finding,) = judge(milrinone, situation, rules=[make_rule(when, asks=asks, says=says, **limits)])
        return finding

    return one
