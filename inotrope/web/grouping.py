"""The findings of a plan as a screen shows them: grouped by weight, each with its evidence one step away.

Knows the groups and their order, and which question would settle what is open; how a finding is read is known in
`display`. It judges nothing, and every finding of the plan stands in exactly one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inotrope.display.findings_sheet import group_of, numbered, standing_under
from inotrope.display.sheet import Mark, name
from inotrope.findings import Finding, Severity, Shown, SourceReference, State, Status
from inotrope.plan import Plan

GROUPS = (
    (Mark.STOP, "Stop", "The dose is withheld, or was set aside with a reason"),
    (Mark.WARN, "Warn", "Act on it before or during the infusion"),
    (Mark.ASK, "Ask", "Could not be judged, because something is not known"),
    (Mark.INFORM, "Inform", "To know"),
)
_ITEMS = {
    "evidence": "Evidence",
    "consequences": "Consequences",
    "seriousness": "Seriousness",
    "classification": "Classification",
    "action": "Recommended action",
    "mechanism": "Mechanism",
    "context": "Context",
    "drugs": "Drugs",
    "frequency_of_exposure": "How often this is met",
    "frequency_of_harm": "How often it does harm",
}
"""The ten items of a rule's evidence, that which is asked for first at the head."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a finding stands on: how sure it is, the items of its evidence, and its sources."""

    sure: str
    items: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding as it is shown.

    Attributes:
        rule: The rule's id.
        mark: Its weight.
        title: A few words.
        says: What was found.
        advice: What to do.
        reason: Why it was set aside; empty where it was not.
        may_be_set_aside: Whether a person may set it aside with a reason, and did not yet.
        is_stop: Whether it withholds the dose, so that it is said where it cannot be set aside.
        questions: The numbers of the questions that would settle it.
        grounds: What it stands on.
        also: What else speaks of the same cause.
    """

    rule: str
    mark: Mark
    title: str
    says: str
    advice: str
    reason: str
    may_be_set_aside: bool
    is_stop: bool
    questions: tuple[int, ...]
    grounds: Grounds
    also: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one weight; `notes` are said of most patients and stand apart."""

    mark: Mark
    word: str
    says: str
    checks: tuple[Check, ...]
    notes: bool = False


def checks_of(plan: Plan) -> tuple[Group, ...]:
    """Return every finding of a plan in its group, the weightiest first; a group without any is left out."""
    asked = {item: question.number for question in numbered(plan.missing) for item in question.names}
    alone = [finding for finding in plan.findings if not finding.under]
    notes = [finding for finding in alone if _is_note(finding)]
    groups = [
        Group(
            mark,
            word,
            says,
            _all([item for item in alone if group_of(item) is mark and item not in notes], plan, asked),
        )
        for mark, word, says in GROUPS
    ]
    groups.append(Group(Mark.INFORM, "Notes", "Said of most patients; no alert", _all(notes, plan, asked), notes=True))
    return tuple(group for group in groups if group.checks)


def _all(findings: Iterable[Finding], plan: Plan, asked: dict[str, int]) -> tuple[Check, ...]:
    return tuple(_check(finding, plan, asked) for finding in findings)


def _check(finding: Finding, plan: Plan, asked: dict[str, int]) -> Check:
    aside = finding.state is State.OVERRIDDEN
    stop = finding.severity is Severity.STOP and finding.state is State.FIRES
    return Check(
        rule=finding.rule,
        mark=Mark.OVERRIDDEN if aside else group_of(finding),
        title=finding.title,
        says=finding.says,
        advice=finding.advice,
        reason=finding.override_reason or "" if aside else "",
        may_be_set_aside=stop and finding.override_allowed,
        is_stop=stop,
        questions=tuple(sorted({asked[need] for need in finding.needs if need in asked})),
        grounds=_grounds(finding),
        also=_all(standing_under(finding, plan.findings), plan, asked),
    )


def _is_note(finding: Finding) -> bool:
    return finding.shown is Shown.NOTE and finding.state is not State.UNKNOWN


def _grounds(finding: Finding) -> Grounds:
    sure = "judgement of this project" if finding.status is Status.JUDGEMENT else str(finding.status)
    items = tuple(
        (label, finding.evidence[key]) for key, label in _ITEMS.items() if finding.evidence.get(key, "").strip()
    )
    return Grounds(sure, items, tuple(_source(item) for item in dict.fromkeys(finding.sources)))


def _source(source: SourceReference) -> str:
    return f"{name(source)}; {source.where} ({source.status})"
