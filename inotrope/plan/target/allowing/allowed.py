"""The rates that may be searched: those that the pump can give and the plan allows, and the way to each of them.

Knows the valve: what a stop or a refusal withholds, the ceiling, the earliest time of every step upward, the load, and
what a finding asks of the rate. It makes none of these limits itself and knows no level.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.dosing import Regimen, compute_regimen, loading_until, no_load, prepared_concentration
from inotrope.drug import Entry
from inotrope.drug.tightening import SOFT_MAXIMUM
from inotrope.findings import Refusal, Severity, State, Truth, WhileRunning
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.plan.running import (
    asked_of_the_rate,
    held_down,
    kidneys_clear,
    speaks_against_a_raise,
    waits_for_the_physician,
)
from inotrope.plan.target.allowing.ways import RATE, Way, slowest_searched, way_of, with_pauses
from inotrope.units import Quantity, later
from inotrope.units.wards import clock_then

HELD = "no step upward is allowed now"
ON_ASSUMPTION = "no step upward stands on an assumed clearance"
RESUMED = "a paused infusion is resumed at no more than it ran at and than it would start with"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be searched.

    Attributes:
        ways: Every way of beginning, with the rates at its end.
        step: Of the pump; None without a concentration.
        because: What the highest rate hangs on.
        line: The label's renal line where these rates pass it on a measured level; None where they do not.
        load_says: Which load could go before, or why there is none.
        load_only_if: What must speak for it first.
        says: What else holds.
        keeps: What runs, mcg/kg/min, where nothing speaks against it; None where something does, or nothing runs.
    """

    ways: tuple[Way, ...]
    step: Quantity | None
    because: str
    line: Quantity | None
    load_says: str
    load_only_if: tuple[str, ...]
    says: tuple[str, ...]
    keeps: Quantity | None

    @property
    def highest(self) -> Quantity:
        """The highest rate of all."""
        return max(way.settings[-1].rate for way in self.ways)


def allowed_rates(outcome: Outcome) -> Allowed | tuple[Refusal, ...]:
    """Return what may be searched for one case, or why nothing may.

    Args:
        outcome: What the plan found. A stop, a refusal, and a finding for which the physician decides first allow
            nothing; one that asks to reduce what runs allows only what is slower.
    """
    against = _against(outcome)
    if against:
        return against
    regimen, entry, past = outcome.regimen, outcome.entry, outcome.past
    assert regimen is not None and entry is not None  # a plan has both
    asking, reduce = asked_of_the_rate(outcome.findings), must_be_slower(outcome)
    highest, because = highest_of(outcome, regimen)
    says = [] if asking is None or not reduce else [f"Only what is slower than it runs: {asking.title}."]
    if held_down(outcome.findings):
        why = "; ".join(dict.fromkeys(item.title for item in speaks_against_a_raise(outcome.findings)))
        says.append(f"No step upward: {why}.")
    if past.paused is not None:
        says.append(
            "It was paused and is never resumed by itself: find out why it was stopped. Resume only on the "
            "prescriber's word, and with no load."
        )
    load = regimen.load
    without = regimen_without_load(outcome, entry) if load.given else regimen
    assert isinstance(without, Regimen)  # what leaves room for a load leaves room without it
    ways = [way_of(outcome, without, None, highest=highest, below=past.running_rate if reduce else None)]
    ways += with_pauses(outcome, ways[0])
    if load.given:
        loaded = way_of(outcome, regimen, load, highest=highest, below=None)
        ways += [loaded] if loaded.settings else []  # none where the pump cannot run so slowly
    if held_down(outcome.findings) and all(way.stages[-1].highest < highest for way in ways):
        because = HELD
    elif outcome.kidney.assumed and all(way.stages[-1].highest < highest for way in ways):
        because = ON_ASSUMPTION
        says.append("No step upward: the clearance is assumed and not measured. Measure creatinine, and a level.")
    elif past.paused is not None and ways[0].stages[-1].highest < highest:
        because = RESUMED
    concentration = prepared_concentration(outcome.case, outcome.drug)
    if concentration is None:
        says.append(
            "Without a preparation no step of a pump is a rate: only the rates that the entry prints are searched."
        )
    lowest, least = entry.maintenance.minimum.value, slowest_searched(outcome)
    down = f", down to {least} and a pause" if least.value else ""
    says.append(
        f"Rates below {lowest}, the lowest that the entry prints, are searched too{down}: a search may lower a dose, "
        "and never raise it above the plan's."
    )
    step = None if concentration is None else regimen.pump_step
    calm = not reduce and not held_down(outcome.findings)
    keeps = past.running_rate if calm else None
    return Allowed(tuple(ways), step, because, None, load.because, load.only_if, tuple(says), keeps)


def must_be_slower(outcome: Outcome) -> bool:
    """Tell whether a finding asks to reduce what runs."""
    asking = asked_of_the_rate(outcome.findings)
    return outcome.past.running is Truth.PRESENT and asking is not None and asking.while_running is WhileRunning.REDUCE


def highest_of(outcome: Outcome, regimen: Regimen) -> tuple[Quantity, str]:
    """Return the highest rate, mcg/kg/min, at most the hospital's soft limit, and what it hangs on."""
    highest, because = regimen.maintenance.maximum, regimen.maintenance.maximum_because
    soft = outcome.drug.references.numbers.get(SOFT_MAXIMUM)
    if soft is not None and soft.value < highest:
        return soft.value.to(RATE), f"this hospital asks before it goes above {soft.value}"
    return highest, because


def _against(outcome: Outcome) -> tuple[Refusal, ...]:
    """Return why no rate may be searched at all."""
    if outcome.status is PlanStatus.STOPPED:
        return tuple(
            Refusal(item.rule, f"{item.title}: {item.says} {item.advice}".strip(), item.needs, item.sources)
            for item in outcome.findings
            if item.state is State.FIRES and item.severity is Severity.STOP
        )
    if outcome.status is PlanStatus.REFUSED or outcome.regimen is None or outcome.entry is None:
        return outcome.refusals
    past = outcome.past
    if past.running is Truth.PRESENT:
        asking = asked_of_the_rate(outcome.findings)
        if must_be_slower(outcome):
            asking = None
        until = loading_until(outcome.entry, past, outcome.case.now)
        if until is None and past.running_rate is None:
            until = later(outcome.case.now, Quantity(past.dose_ends_in_h, "h"))
        if until is not None:
            says = (
                f"A load is going in until {clock_then(until, outcome.case.now)}. Cut short or raised it would be "
                "another load: no rate is searched before its end. Ask again then."
            )
            return (Refusal("load-going-in", says, ("administrations",)),)
    else:
        asking = waits_for_the_physician(outcome.findings)
    if asking is None:
        return ()
    says = f"{asking.title}: {asking.says} {asking.advice} No rate is searched before that is decided."
    return (Refusal(asking.rule, says, asking.needs, asking.sources),)


def regimen_without_load(outcome: Outcome, entry: Entry) -> Regimen | Refusal:
    """Return the regimen of an entry with no load before it: the steps upward come earlier than after one."""
    return compute_regimen(
        outcome.case,
        outcome.drug,
        entry,
        clearance=outcome.kidney.clearance,
        past=outcome.past,
        load=no_load("left out"),
        default_step=None if outcome.site is None else outcome.site.pump_step,
        cleared=kidneys_clear(outcome.case, outcome.entry or entry, outcome.kidney),
        held=held_down(outcome.findings),
    )
