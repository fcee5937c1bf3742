"""What a plan lets one person mean to set on the pump: the start, the rate that runs, a step up or down.

Knows that nothing can be checked where a plan gives no rate, where no bag is named, and where the pump cannot deliver
the rate closely enough. It judges no rate itself: a plan did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from inotrope.findings import State, WhileRunning
from inotrope.plan.double_check.first_given import FirstGiven, ways_to_begin
from inotrope.plan.double_check.items import CONCENTRATION, PUMP_RATE, RATE, WEIGHT
from inotrope.plan.record import Plan, PlanStatus
from inotrope.plan.running import asked_of_the_rate, waits_for_the_physician
from inotrope.plan.running_record import RunningInfusion, RunningStep
from inotrope.units import Quantity

START, AS_IT_RUNS, UP, DOWN = "start", "as it runs", "step up", "step down"
AFTER = "after the load"
"""The rate to which a load that is given by rate, and still goes in, is lowered."""
_Named: TypeAlias = tuple[str, Quantity | None, Quantity]
"""Which setting, what stands on the pump, and the rate per body weight."""


@dataclass(frozen=True, slots=True)
class ToBeSet:
    """One setting of the pump that a plan knows.

    Attributes:
        name: Which one, such as `start`.
        drug: Of which drug.
        weight: The weight that doses.
        concentration: Of what hangs on the pump.
        pump_rate: What stands on the pump.
        rate: The rate per body weight that is meant; the pump delivers it as closely as its step allows.
        first: What goes in before it; None where the drug runs, for then no load is given.
        set_aside: The titles of the stops that were set aside with a reason.
    """

    name: str
    drug: str
    weight: Quantity
    concentration: Quantity
    pump_rate: Quantity
    rate: Quantity
    first: FirstGiven | None = None
    set_aside: tuple[str, ...] = ()

    @property
    def amounts(self) -> dict[str, Quantity]:
        """Every amount that is meant, by item."""
        own = {WEIGHT: self.weight, CONCENTRATION: self.concentration}
        own |= {} if self.first is None else dict(self.first.amounts)
        return own | {PUMP_RATE: self.pump_rate, RATE: self.rate}


def settings_of(plan: Plan) -> tuple[ToBeSet, ...]:
    """Return every setting that can be checked by a second person; none where `why_none` says why."""
    if plan.status is not PlanStatus.PLAN or plan.preparation is None or plan.preparation.concentration is None:
        return ()
    concentration = plan.preparation.concentration
    aside = tuple(item.title for item in plan.findings if item.state is State.OVERRIDDEN)
    found = tuple(
        ToBeSet(name, plan.drug, plan.patient.weight, concentration, pump_rate, per_weight, set_aside=aside)
        for name, pump_rate, per_weight in (_start(plan) if plan.running is None else _of_running(plan, plan.running))
        if pump_rate is not None
    )
    if plan.running is not None:
        return found
    return tuple(replace(item, first=first) for item in found for first in ways_to_begin(plan.loading_dose))


def _start(plan: Plan) -> list[_Named]:
    """Return the start; nothing where a physician decides before anything is set."""
    assert plan.maintenance is not None  # a plan has a rate
    if waits_for_the_physician(plan.findings) is not None:
        return []
    return [(START, plan.maintenance.pump_rate, plan.maintenance.rate)]


def _of_running(plan: Plan, running: RunningInfusion) -> list[_Named]:
    """Return the rate that runs and its next steps; only the step down where a finding asks for less."""
    asked = asked_of_the_rate(plan.findings)
    down = _step(DOWN, running.next_down)
    if asked is not None:
        return down if asked.while_running is WhileRunning.REDUCE else []
    kept: list[_Named] = [(AS_IT_RUNS, running.pump_setting, running.rate)] if running.above_allowed is False else []
    after: list[_Named] = []
    if running.loading_until is not None and plan.maintenance is not None:
        after = [(AFTER, plan.maintenance.pump_rate, plan.maintenance.rate)]
    return [*kept, *after, *_step(UP, running.next_up), *down]


def _step(name: str, step: RunningStep | None) -> list[_Named]:
    able = step is not None and step.rate.value > 0 and not step.do_not_set
    return [(name, step.pump_rate, step.rate)] if step is not None and able else []


def why_none(plan: Plan) -> str:
    """Return why there is nothing to check; empty where there is something."""
    if settings_of(plan):
        return ""
    if plan.status is not PlanStatus.PLAN:
        return "This plan gives no rate: there is nothing to set, and nothing to check."
    if plan.preparation is None or plan.preparation.concentration is None:
        return "No bag is named: without its concentration there is no mL/h to check. Enter what hangs on the pump."
    return "This plan names no rate that may be set now: what it says first has to be dealt with."
