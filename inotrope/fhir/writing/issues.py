"""Findings as detected issues: what fires, what was set aside with a reason, and what could not be judged.

Knows how the three severities of a rule read in R4. What a rule does to the dose stands in the plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.fhir.writing.elements import RULES, Plain, moment, patient, words
from inotrope.fhir.writing.proving import prove_resource
from inotrope.findings import Severity, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inotrope.findings import Finding
    from inotrope.plan import Plan, Screening

_SEVERITIES = {Severity.STOP: "high", Severity.WARN: "moderate", Severity.INFORM: "low"}
_STATUSES = {State.FIRES: "final", State.OVERRIDDEN: "final", State.UNKNOWN: "preliminary"}


def detected_issues(plan: Plan | Screening, subject: str, implicated: Sequence[str] = ()) -> tuple[Plain, ...]:
    """Return each finding of a plan as an issue: `preliminary` where an answer is missing that would settle it.

    Args:
        plan: The plan, or the findings alone.
        subject: The patient, as `Patient/ID`.
        implicated: References to what they concern, such as the draft of an order.

    Raises:
        RequestError: The patient is not named so.
    """
    made = tuple(_issue(item, plan, subject, implicated) for item in plan.findings if item.state in _STATUSES)
    for one in made:
        prove_resource(one)
    return made


def _issue(finding: Finding, plan: Plan | Screening, subject: str, implicated: Sequence[str]) -> Plain:
    says = finding.asks if finding.state is State.UNKNOWN else finding.says
    made: Plain = {
        "resourceType": "DetectedIssue",
        "status": _STATUSES[finding.state],
        "code": {"coding": [{"system": RULES, "code": finding.rule}], "text": finding.title},
        "severity": _SEVERITIES[finding.severity],
        "patient": patient(subject),
        "identifiedDateTime": moment(plan.made_for),
    }
    made |= {"implicated": [{"reference": one} for one in implicated]} if implicated else {}
    cited = [words(f"{item.title}: {item.where} ({item.place}; {item.status})") for item in finding.sources]
    made |= {"evidence": [{"code": cited}]} if cited else {}
    made["detail"] = " ".join(part for part in (says, finding.advice) if part) or finding.title
    if finding.override_reason is not None:
        made["mitigation"] = [{"action": words(f"Set aside with a reason: {finding.override_reason}")}]
    return made
