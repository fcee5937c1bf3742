"""A plan in one line, as a list of a course's events shows it.

Knows the three ways in which a plan ends, and that a line in a list is no order: the plan itself stands behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.findings import Severity, State
from inotrope.plan import PlanStatus

if TYPE_CHECKING:
    from inotrope.plan import Plan


def headline_of(plan: Plan) -> str:
    """Return a plan in one line: its rate, the stops that withhold one, or why none is proposed."""
    runs = "" if plan.running is None else f"; {plan.running.rate.shown(4)} runs"
    aside = [item.rule for item in plan.findings if item.state is State.OVERRIDDEN]
    with_stop = f"; stop set aside: {', '.join(aside)}" if aside else ""
    if plan.status is PlanStatus.STOPPED:
        fires = (item for item in plan.findings if item.severity is Severity.STOP and item.state is State.FIRES)
        return f"stopped: {'; '.join(item.title for item in fires)}{runs}{with_stop}"
    if plan.status is PlanStatus.REFUSED:
        return f"no rate: {'; '.join(item.id for item in plan.refusals)}{runs}{with_stop}"
    assert plan.maintenance is not None  # a plan has a rate
    part = plan.maintenance
    pump = "" if part.pump_rate is None else f" ({part.pump_rate.shown(2)})"
    paused = plan.given is not None and plan.given.paused is not None
    what = "starts at" if plan.running is None and not paused else "start rate of the entry"
    above = ", above what is allowed" if plan.running is not None and plan.running.above_allowed else ""
    runs = "; paused" if paused else runs
    return f"{what} {part.rate.shown(4)}{pump}{runs}{above}{with_stop}"
