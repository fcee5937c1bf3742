"""One cause, one alert: which finding speaks, and which stand under it.

Knows how the causes of a drug folder apply to what fires. It takes nothing away: what stands under another keeps its
words, its severity and what it does to the plan, and a stop always speaks for itself.
"""

from __future__ import annotations

from dataclasses import replace

from inotrope.drug import Drug
from inotrope.findings import Finding, Severity, State


def gather(drug: Drug, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings, each that fires with the rule it stands under, in their order.

    Only a rule that fires speaks: one that was overridden with a reason, or is not known, covers nothing.
    """
    firing = {finding.rule for finding in findings if finding.state is State.FIRES}
    under: dict[str, str] = {}
    for cause in drug.causes:
        first = next((name for name in cause.speaks if name in firing), None)
        if first is not None:
            for name in (*cause.speaks, *cause.joins):
                if name != first:
                    under.setdefault(name, first)
    return tuple(
        replace(finding, under=under[finding.rule])
        if finding.rule in under and finding.state is State.FIRES and finding.severity is not Severity.STOP
        else finding
        for finding in findings
    )
