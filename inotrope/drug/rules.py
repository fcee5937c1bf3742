"""Safety rules: what must not happen, and what the reader must know.

Knows the form of `safety.toml` and `safety/*.toml`: severity, effect, texts, condition, own limits, the ten items of
evidence. It does not judge anybody (`safety/`).
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from inotrope.drug.conditions import (
    Condition,
    FactCompares,
    FactIs,
    HadEvent,
    MeasurementCompares,
    OnSupport,
    SharesLine,
    TakesClass,
    TakesMedicine,
    read_condition,
    walk,
)
from inotrope.drug.fact_forms import FACTS
from inotrope.drug.proofs import prove_unique
from inotrope.drug.reading import Book, Section
from inotrope.drug.references import Limit, References
from inotrope.findings import (
    Effect,
    Finding,
    Overridden,
    Severity,
    Shown,
    SourceReference,
    State,
    Status,
    WhileRunning,
)

EVIDENCE = (
    "drugs",
    "consequences",
    "seriousness",
    "classification",
    "action",
    "mechanism",
    "context",
    "evidence",
    "frequency_of_exposure",
    "frequency_of_harm",
)
"""The ten items of the HL7/W3C minimum for a potential drug-drug interaction, which every rule carries."""

NAMING = (TakesMedicine, TakesClass, SharesLine, HadEvent, OnSupport)
"""Questions whose answer names what was found, which fills {value} where nothing is compared."""


@dataclass(frozen=True)  # without slots: its silent finding is kept in the instance
class Rule:
    """One safety rule.

    Attributes:
        id: Unique in the folder.
        title: A few words.
        severity: stop, warn or inform.
        effect: What it does to the plan beside being shown.
        override: Whether a person may set a stop aside with a reason.
        says: The sentence when it fires; `{value}` and `{limit}` are those of the first comparison that holds, else
            `{value}` is the names found: medicines, line partners, events, machines, or what a listing fact holds.
        asks: The question when unknown; a rule without one never asks.
        advice: What to do.
        when: The condition.
        limits: The rule's own limits, by name.
        evidence: The ten items.
        sources: Where it comes from.
        status: How sure it is.
        needs_dose: Whether the condition asks for a fact that exists only once a dose is computed.
        shown: An alert; one line among the notes; or only an answer to a question.
        while_running: What it asks for an infusion that runs; None where it asks nothing of the rate.
        overridden: What it still withholds once it is set aside; None where it cannot be.
    """

    id: str
    title: str
    severity: Severity
    effect: Effect
    override: bool
    says: str
    asks: str
    advice: str
    when: Condition
    limits: dict[str, Limit]
    evidence: dict[str, str]
    sources: tuple[SourceReference, ...]
    status: Status
    needs_dose: bool
    shown: Shown = Shown.ALERT
    while_running: WhileRunning | None = None
    overridden: Overridden | None = None

    @cached_property
    def silent(self) -> Finding:
        """What the rule says of everybody whom it does not concern, as most rules say of most patients."""
        return self.finding(State.SILENT, sources=self.sources)

    def finding(
        self,
        state: State,
        *,
        says: str = "",
        asks: str = "",
        needs: tuple[str, ...] = (),
        sources: tuple[SourceReference, ...],
    ) -> Finding:
        """Return what the rule says of one case: in which state it is, in which words, and from where."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            state=state,
            title=self.title,
            says=says,
            advice=self.advice,
            asks=asks,
            needs=needs,
            effect=self.effect,
            override_allowed=self.override,
            override_reason=None,
            evidence=self.evidence,
            sources=sources,
            status=self.status,
            shown=self.shown,
            while_running=self.while_running,
            overridden=self.overridden,
        )


def read_rules(files: Sequence[Section], book: Book, references: References) -> tuple[Rule, ...]:
    """Return the sound rules of `safety.toml` and the files beside it, in their order; problems go into the book."""
    found = []
    sections = [section for file in files for section in file.sections("rule", at_least=1)]
    prove_unique((str(section.table.get("id")), section) for section in sections)
    for section in sections:
        part = book.part()
        rule = _rule(section, references)
        section.done()
        if part.sound:
            found.append(rule)
    return tuple(found)


def _rule(section: Section, references: References) -> Rule:
    limits = _limits(section.optional_section("limit"))
    when = read_condition(section.section("when"), references, limits)
    override = section.flag("override")
    rule = Rule(
        id=section.text("id"),
        title=section.text("title"),
        severity=section.choice("severity", Severity),
        effect=section.choice("effect", Effect),
        override=override,
        says=section.text("says"),
        asks=section.optional_text("asks"),
        advice=section.text("advice"),
        when=when,
        limits=limits,
        evidence=_evidence(section),
        sources=section.references(),
        status=section.choice("status", Status),
        needs_dose=any(
            leaf.fact in FACTS and FACTS[leaf.fact].needs_dose
            for leaf in walk(when)
            if isinstance(leaf, FactIs | FactCompares)
        ),
        shown=section.optional_choice("shown", Shown) or Shown.ALERT,
        while_running=section.optional_choice("while_running", WhileRunning),
        overridden=_overridden(section, override=override),
    )
    _prove(rule, section)
    return rule


def _overridden(section: Section, *, override: bool) -> Overridden | None:
    """Return what a stop still withholds once it is set aside: the load, unless the folder says that it is nothing."""
    written = section.optional_choice("overridden", Overridden)
    if not override:
        if written is not None:
            section.problem("Only a rule that can be overridden says what it then withholds.", "overridden")
        return None
    return written or Overridden.NO_LOAD


def _limits(section: Section | None) -> dict[str, Limit]:
    if section is None:
        return {}
    return {key: section.number_of_any_kind(key) for key in section.table}


def _evidence(section: Section) -> dict[str, str]:
    table = section.section("evidence")
    evidence = {item: table.text(item) for item in EVIDENCE}
    table.done()
    return evidence


def _prove(rule: Rule, section: Section) -> None:
    """Prove what holds between the fields of one rule."""
    if (rule.severity is Severity.STOP) != (rule.effect is Effect.WITHHOLD):
        section.problem("A stop rule, and only a stop rule, has the effect 'withhold'.", "effect")
    if rule.override and rule.severity is not Severity.STOP:
        section.problem("Only a stop rule can be overridden.", "override")
    if rule.severity is Severity.STOP and rule.needs_dose and rule.overridden is Overridden.NO_LOAD:
        section.problem(
            "A rule that reads the computed dose cannot withhold a part of it once it is overridden: write "
            'overridden = "nothing".',
            "override",
        )
    if rule.severity is Severity.INFORM and rule.effect is not Effect.NONE:
        section.problem("A rule that only informs has the effect 'none'.", "effect")
    if rule.while_running is not None and rule.severity is not Severity.WARN:
        section.problem(
            "Only a rule that warns says what to do with the rate that runs: a stop speaks for itself.", "while_running"
        )
    leaves = tuple(walk(rule.when))
    if rule.shown is not Shown.ALERT and rule.severity is not Severity.INFORM:
        section.problem(
            "Only a rule that informs may be a note or an answer: what stops or warns is an alert.", "shown"
        )
    if rule.shown is Shown.ANSWER and (rule.asks or any(isinstance(leaf, FactIs | FactCompares) for leaf in leaves)):
        section.problem("A rule that only answers asks nothing and reads no computed fact.", "shown")
    compares = any(isinstance(leaf, FactCompares | MeasurementCompares) for leaf in leaves)
    lists = any(
        isinstance(leaf, NAMING) or (isinstance(leaf, FactIs) and leaf.fact in FACTS and FACTS[leaf.fact].lists)
        for leaf in leaves
    )
    try:
        parts = list(string.Formatter().parse(rule.says))
        asked = {name if not spec and not how else f"{name}:{spec}" for _, name, spec, how in parts if name is not None}
    except ValueError:
        section.problem("The braces in 'says' do not match.", "says")
        return
    can = {"value", "limit"} if compares else {"value"} if lists else set()
    for name in sorted(asked - can):
        section.problem(f"'{{{name}}}' in 'says' is filled by nothing that this rule compares.", "says")
    used = {leaf.limit_reference for leaf in leaves if isinstance(leaf, FactCompares | MeasurementCompares)}
    used |= {
        leaf.within_reference or "" for leaf in leaves if isinstance(leaf, MeasurementCompares | OnSupport | HadEvent)
    }
    for name in rule.limits:
        if f"@{name}" not in used:
            section.problem(f"Limit '{name}' is used by nothing in 'when'.", "limit", name)
