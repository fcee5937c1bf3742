"""What the plan of a patient warns of, as it is told with an order: such a warning is about the patient, not the order.

Knows which findings of a plan weigh enough. It changes no verdict: what a plan says against an order itself stands in
`order_beside_plan.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.findings import Severity, SourceReference, State
from inotrope.plan.record import Plan


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """One warning or stop of the patient's plan; `under` names the rule that it stands under there, empty for none."""

    rule: str
    severity: Severity
    title: str
    says: str
    advice: str
    under: str
    sources: tuple[SourceReference, ...]


def warnings_of(plan: Plan) -> tuple[PlanWarning, ...]:
    """Return the findings of a plan that fire and warn or stop, in its order.

    Args:
        plan: Of the patient whom an order is meant for.
    """
    return tuple(
        PlanWarning(item.rule, item.severity, item.title, item.says, item.advice, item.under, item.sources)
        for item in plan.findings
        if item.state is State.FIRES and item.severity is not Severity.INFORM
    )
