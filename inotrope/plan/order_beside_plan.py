"""What the plan of a patient says against an order: its ceiling, its load, what runs or is paused, its start, its gaps.

Knows which part of a plan answers which part of an order. It holds no limit of its own: each one is read from the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inotrope.findings import Effect, Finding, Severity, SourceReference, State, Status, WhileRunning
from inotrope.order import ASK_STEP, LOADS, Judged, Kind, OrderFinding, Statement, apart, highest_reached
from inotrope.patient import vocabulary
from inotrope.plan.record import Plan, PlanStatus
from inotrope.plan.running import asked_of_the_rate, held_down, speaks_against_a_raise
from inotrope.plan.running_record import PausedInfusion
from inotrope.units import Quantity

_LOOK = "Look at the plan of this patient first."
_ASK = "Ask the prescriber."
_RATE = "mcg/kg/min"
_BAG_AND_PUMP = frozenset({"preparation", "preparation volume", "pump"})
"""What an order states itself: that the case does not is told and warns of nothing."""
_RATES = frozenset({Kind.RATE, Kind.HIGHEST})
"""Kinds that say which rate is asked for."""
_NAMED_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class _Ordered:
    """A rate that an order asks for; `slack` is the share that rounding makes of one worked out from a pump rate."""

    low: Quantity
    high: Quantity
    shown: str
    slack: Decimal

    def begins_above(self, limit: Quantity) -> bool:
        return self._is_above(self.low, limit)

    def reaches_above(self, limit: Quantity) -> bool:
        return self._is_above(self.high, limit)

    def _is_above(self, rate: Quantity, limit: Quantity) -> bool:
        beyond = rate.in_unit(_RATE) > limit.in_unit(_RATE) * (1 + self.slack)
        return beyond and not _as_printed(rate, limit)


def _as_printed(rate: Quantity, limit: Quantity) -> bool:
    """Tell whether a rate is the limit as a plan prints it: copied from the plan, it is not above it."""
    return rate.shown(4) == limit.shown(4)


def against_plan(judged: Judged, plan: Plan) -> tuple[OrderFinding, ...]:
    """Return what the patient's plan says against the order.

    Args:
        judged: What was found about the order by itself.
        plan: The plan of the patient whom it is meant for.
    """
    if plan.status is PlanStatus.STOPPED:
        return (_stopped(plan),)
    found = [*_refused(plan), *_weight_for_age(plan), *_ceiling(judged, plan), *_delivers_above(judged, plan)]
    found += [*_load(judged, plan), *_asks_for_less(judged, plan)]
    raised = _held_raise(judged, plan)
    if raised is not None:
        found.append(raised)
    first = _first(judged)
    paused = _paused(plan)
    if first is not None and plan.running is not None:
        found += _next_step(first, plan)
    elif first is not None and paused is not None:
        found.append(_resumed(first, paused))
    elif first is not None and raised is None:
        found += _start(first, plan)
    return (*found, *_incomplete(plan))


def compared_with_plan(judged: Judged, plan: Plan) -> tuple[str, ...]:
    """Return what of the order was held against the plan of its patient."""
    found = []
    if plan.maintenance is not None and _ordered(judged):
        found.append("rate with the highest rate for this patient")
    if plan.status is not PlanStatus.STOPPED and _ordered(judged):
        found += ["rate with the rate that runs"] if plan.running is not None else []
        found += ["rate with the rate before the pause"] if _paused(plan) is not None else []
    if plan.loading_dose is not None and _orders_load(judged):
        found.append("load with the load of the plan")
    return tuple(found)


def _own() -> SourceReference:
    return vocabulary().cite("inotrope-judgement", "an order is held against the plan of its patient", Status.JUDGEMENT)


def _stopped(plan: Plan) -> OrderFinding:
    stops = [item for item in plan.findings if item.state is State.FIRES and item.severity is Severity.STOP]
    which = "; ".join(f"{item.title} ({item.rule})" for item in stops)
    says = f"The patient's plan is stopped: {which}."
    return OrderFinding("plan-is-stopped", Severity.STOP, says, _LOOK, (_own(), *_sources(stops)))


def _refused(plan: Plan) -> list[OrderFinding]:
    if plan.status is not PlanStatus.REFUSED:
        return []
    says = "No rate is proposed for this patient, so no rate of this order can be taken for checked."
    return [OrderFinding("plan-is-refused", Severity.WARN, says, _LOOK, (_own(),))]


def _weight_for_age(plan: Plan) -> list[OrderFinding]:
    """Return that age and weight of the case cannot both be right, as an order is asked that states them itself.

    A warning: the plan gives a rate with one too, and stops where they are further apart.
    """
    told = ((Kind.AGE, plan.patient.age, "born"), (Kind.WEIGHT, plan.patient.weight, "weight"),
            (Kind.GESTATION, plan.patient.gestational_age, "gestational_age"))  # fmt: skip
    stated = [
        Statement(kind, value, value, value.shown(1), f"case: patient.{key}")
        for kind, value, key in told
        if value is not None
    ]
    advice = "Weigh the patient again, in kilograms, and check the date of birth before anything is worked out."
    return [OrderFinding(item.id, Severity.WARN, item.says, advice, (_own(), *item.sources)) for item in apart(stated)]


def _ceiling(judged: Judged, plan: Plan) -> list[OrderFinding]:
    highest = plan.maintenance
    if highest is None:
        return []
    return [
        OrderFinding(
            "rate-above-ceiling",
            Severity.STOP,
            f"{rate.shown} is above what this patient may get, {highest.maximum.shown(4)}.",
            f"It is the highest here because {highest.maximum_because}. {_ASK}",
            highest.sources or (_own(),),
        )
        for rate in _ordered(judged)
        if rate.high > highest.maximum and not _as_printed(rate.high, highest.maximum)
    ]


def step_above_ceiling(judged: Judged, downward: frozenset[str], plan: Plan) -> tuple[OrderFinding, ...]:
    """Return a first step upward, or the last of a counted number, that comes to more than this patient may get.

    Args:
        judged: What was found about the order by itself; a step above the entry's own maximum is told there.
        downward: The places of steps that lower the rate.
        plan: The plan of the patient.
    """
    highest, reached = plan.maintenance, highest_reached(judged.statements, downward)
    told = any(item.rule == "step-above-maximum" for item in judged.findings)
    if highest is None or reached is None or told or reached.rate <= highest.maximum:
        return ()
    says = f"{reached.says}, above what this patient may get, {highest.maximum.shown(4)}: {highest.maximum_because}."
    return (OrderFinding("step-above-ceiling", reached.severity, says, ASK_STEP, highest.sources or (_own(),)),)


def _delivers_above(judged: Judged, plan: Plan) -> list[OrderFinding]:
    """Return each pump rate that delivers more than the ceiling beside a rate that keeps it: rounding is no excuse.

    A stop from the share on at which the parts of an order are told apart, as above the maximum of an entry.
    """
    highest = plan.maintenance
    if highest is None or not any(item.kind in _RATES for item in judged.statements):
        return []
    told = any(item.rule == "rounding-crosses-maximum" for item in judged.findings)
    found = []
    for item in judged.delivered:
        rate = _Ordered(item.low, item.high, item.shown, _slack())
        above = item.high > highest.maximum and not _as_printed(item.high, highest.maximum)
        weight = Severity.STOP if rate.reaches_above(highest.maximum) else Severity.WARN
        if not above or (told and weight is Severity.WARN):
            continue
        says = f"{rate.shown} delivers {item.high.shown(4)}, above what this patient may get, "
        says += f"{highest.maximum.shown(4)}: {highest.maximum_because}."
        advice = "Set the pump to the next lower step: rounding must not cross a limit."
        advice = f"Do not start it. Check the pump rate. {_ASK}" if weight is Severity.STOP else advice
        found.append(OrderFinding("delivered-above-ceiling", weight, says, advice, highest.sources or (_own(),)))
    return found


def _load(judged: Judged, plan: Plan) -> list[OrderFinding]:
    load = plan.loading_dose
    if load is None or load.given or not _orders_load(judged):
        return []
    says = f"A load is ordered, and the plan gives none: {load.because}."
    return [OrderFinding("load-against-plan", Severity.STOP, says, _ASK, load.sources or (_own(),))]


def _orders_load(judged: Judged) -> bool:
    return any(item.kind in LOADS for item in judged.statements)


def _asks_for_less(judged: Judged, plan: Plan) -> list[OrderFinding]:
    """Return what the plan asks of the rate, as heavy as it weighs there, unless the order does it."""
    asking = asked_of_the_rate(plan.findings)
    rates = _ordered(judged)
    if asking is None or not rates:
        return []
    if plan.running is None:
        if asking.while_running is WhileRunning.STOP:
            return []  # it speaks of a cannula or a bag that is in use
        says = f"The plan asks not to start before the physician has decided: {asking.title}."
    else:
        highest = max(rate.high for rate in rates)
        if asking.while_running is WhileRunning.REDUCE and highest < plan.running.rate:
            return []
        says = f"The plan asks to {asking.while_running} what runs: {asking.title}."
    sources = (_own(), *asking.sources)
    return [OrderFinding("plan-asks-for-less", asking.severity, says, asking.advice or _LOOK, sources)]


def _held_raise(judged: Judged, plan: Plan) -> OrderFinding | None:
    """Return the stop of a rate above what runs, ran or would be started, where the plan gives no step upward."""
    paused = _paused(plan)
    if plan.running is not None:
        base, name = plan.running.rate, "what runs"
        none = plan.status is PlanStatus.PLAN and plan.running.next_up is None
    else:
        none = False
        if paused is not None:
            base, name = paused.last_rate, "what ran before the pause"
        elif plan.maintenance is not None:
            base, name = plan.maintenance.rate, "the start of the plan"
        else:
            return None
    if not none and not held_down(plan.findings):
        return None
    rate = next((item for item in _ordered(judged) if item.reaches_above(base)), None)
    if rate is None:
        return None
    against = speaks_against_a_raise(plan.findings)
    because = "; ".join(item.title for item in against) or "no higher one is printed or allowed now"
    says = f"{rate.shown} is above {name}, {base.shown(4)}, and the plan gives no step upward: {because}."
    return OrderFinding("raise-against-plan", Severity.STOP, says, _ASK, (_own(), *_sources(against)))


def _next_step(first: _Ordered, plan: Plan) -> list[OrderFinding]:
    """Return warnings of a raise that comes before the plan's next step upward, or goes beyond it."""
    assert plan.running is not None  # the caller asks while one runs
    step = plan.running.next_up
    if step is None or not first.begins_above(plan.running.rate):
        return []
    found = []
    runs = f"{first.shown} is above what runs, {plan.running.rate.shown(4)}, and the plan's next step upward"
    if step.not_before is not None and step.not_before > plan.made_for:
        says = f"{runs} is not before {step.not_before:%Y-%m-%d %H:%M}."
        found.append(OrderFinding("raise-too-early", Severity.WARN, says, f"{step.says}.", (_own(),)))
    if first.begins_above(step.rate):
        says = f"{runs} is {step.rate.shown(4)}."
        found.append(OrderFinding("raise-beyond-next-step", Severity.WARN, says, _ASK, (_own(),)))
    return found


def _resumed(first: _Ordered, paused: PausedInfusion) -> OrderFinding:
    advice = f"{paused.says}."
    if first.begins_above(paused.last_rate):
        says = f"{first.shown} is above what ran before the pause, {paused.last_rate.shown(4)}."
        return OrderFinding("resumed-above-pause", Severity.STOP, says, advice, (_own(),))
    return OrderFinding("infusion-is-paused", Severity.INFORM, "The infusion is paused.", advice, (_own(),))


def _start(first: _Ordered, plan: Plan) -> list[OrderFinding]:
    """Return that an order starts above the plan: told up to the entry's standard rate, and a warning above it."""
    start = plan.maintenance
    if start is None or not first.begins_above(start.rate):
        return []
    usual = start.standard is not None and not first.begins_above(start.standard)
    says = f"{first.shown} is above where the plan starts, {start.rate.shown(4)}."
    advice = (
        f"The plan goes upward in steps, each after the effect of the last was seen. {'' if usual else _ASK}".strip()
    )
    weight = Severity.INFORM if usual else Severity.WARN
    return [OrderFinding("start-above-plan", weight, says, advice, start.sources or (_own(),))]


def _incomplete(plan: Plan) -> list[OrderFinding]:
    """Return that the plan has open questions: a warning where an answer could stop it or withhold a rate or a step."""
    if plan.status is not PlanStatus.PLAN or not plan.missing:
        return []
    could = {item.rule for item in plan.findings if item.state is State.UNKNOWN and item.effect is not Effect.NONE}
    weighty = [item for item in plan.missing if item.name not in _BAG_AND_PUMP and not could.isdisjoint(item.rules)]
    asked = [item.name for item in weighty or plan.missing]
    more = len(asked) - _NAMED_QUESTIONS
    names = ", ".join(asked[:_NAMED_QUESTIONS]) + (f" and {more} more" if more > 0 else "")
    what = "answers that could stop it or hold the rate down are missing" if weighty else "it has open questions"
    says = f"The patient's plan is incomplete: {what}: {names}."
    weight = Severity.WARN if weighty else Severity.INFORM
    return [OrderFinding("plan-is-incomplete", weight, says, "The plan of this patient lists what to ask.", (_own(),))]


def _ordered(judged: Judged) -> list[_Ordered]:
    """Return each rate that the order asks for, or without one what its pump delivers, with its words."""
    stated = [item for item in judged.statements if item.kind in _RATES]
    if stated:
        return [_Ordered(item.low, item.high, item.shown, Decimal(0)) for item in stated]
    return [
        _Ordered(item.low, item.high, f"{item.shown}, which is {item.high.shown(4)},", _slack())
        for item in judged.delivered
    ]


def _slack() -> Decimal:
    """Return the share up to which a rate worked out from a pump rate is the rate that was meant, rounded."""
    return vocabulary().limit("order.parts_disagree_warn").value.in_unit("%") / 100


def _first(judged: Judged) -> _Ordered | None:
    """Return the rate with which the order begins; a range begins at its lower end."""
    return next(iter(_ordered(judged)), None)


def _paused(plan: Plan) -> PausedInfusion | None:
    return None if plan.given is None else plan.given.paused


def _sources(findings: Sequence[Finding]) -> tuple[SourceReference, ...]:
    return tuple(dict.fromkeys(source for item in findings for source in item.sources))
