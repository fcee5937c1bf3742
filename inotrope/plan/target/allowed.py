"""The rates that may be searched: those that the pump can give and the plan allows, and the way to each of them.

Knows the valve: what a stop or a refusal withholds, the ceiling, the earliest time of every step upward, the load, and
what a finding asks of the rate. It makes none of these limits itself and knows no level.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing import (
    LoadingDose,
    Regimen,
    compute_regimen,
    from_pump,
    loading_until,
    no_load,
    prepared_concentration,
    printed_rates,
    recorded_setting,
)
from inotrope.dosing.pump import PumpRate
from inotrope.dosing.running import next_change
from inotrope.dosing.total import look_ahead
from inotrope.drug.tightening import SOFT_MAXIMUM
from inotrope.findings import Refusal, Severity, State, Truth, WhileRunning
from inotrope.patient import vocabulary
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.plan.running import (
    asked_of_the_rate,
    beyond_the_stop,
    held_down,
    kidneys_clear,
    speaks_against_a_raise,
    waits_for_the_physician,
)
from inotrope.units import Quantity, hours_between, later

RATE = "mcg/kg/min"
_MINUTES = Decimal(60)
PAUSE = Quantity(Decimal(0), RATE)


@dataclass(frozen=True, slots=True)
class Setting:
    """One rate as the patient gets it, mcg/kg/min, with the pump's setting where a bag is known."""

    rate: Quantity
    pump: Quantity | None


@dataclass(frozen=True, slots=True)
class Stage:
    """The highest rate that may run from a moment on, mcg/kg/min from h."""

    from_h: Decimal
    highest: Quantity


@dataclass(frozen=True, slots=True)
class Way:
    """One way of beginning, and the rates at its end.

    Attributes:
        load: The load that goes before; None for none.
        load_rate: What it comes to as a rate, mcg/kg/min until the first stage; 0 without a load.
        stages: Ascending in both. A rate above the first waits for its stage, at the highest rates until then.
        settings: Ascending; a pause is one where no load goes before.
        ends_h: When the entry's own time is over, h; None where that is a day away or more.
    """

    load: LoadingDose | None
    load_rate: Quantity
    stages: tuple[Stage, ...]
    settings: tuple[Setting, ...]
    ends_h: Decimal | None

    def stage_of(self, rate: Quantity) -> int:
        """Return the place of the stage in which a rate begins."""
        return next(place for place, stage in enumerate(self.stages) if rate <= stage.highest)

    def of_stage(self, place: int) -> list[int]:
        """Return the places of the settings that begin in a stage."""
        return [index for index, item in enumerate(self.settings) if self.stage_of(item.rate) == place]

    @property
    def changes_h(self) -> tuple[float, ...]:
        """Every moment at which a rate may change, h."""
        ends = () if self.ends_h is None else (self.ends_h,)
        return tuple(float(hour) for hour in (*(stage.from_h for stage in self.stages), *ends))

    def course(self, rate: Quantity) -> str:
        """Say what is given from now on until a rate runs."""
        place, parts = self.stage_of(rate), list[str]()
        if self.load is not None:
            assert self.load.duration is not None  # a load with a time
            what = self.load.rate if self.load.rate is not None else self.load.dose_per_weight
            parts.append(f"load of {_four(what)} over {self.load.duration}")
        steps = [*self.stages[:place], Stage(self.stages[place].from_h, rate)]
        parts += [f"{_four(step.highest)} from {_from(step.from_h)}" for step in steps]
        if not rate.value:
            parts[-1] = f"nothing from {_from(steps[-1].from_h)}"
        if self.ends_h is not None:
            parts.append(f"until {Quantity(self.ends_h, 'h').shown(1)} from now, when this entry ends")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be searched; `step` is the pump's, None without a concentration."""

    ways: tuple[Way, ...]
    step: Quantity | None
    because: str
    load_says: str
    load_only_if: tuple[str, ...]
    says: tuple[str, ...]

    @property
    def highest(self) -> Quantity:
        """The highest rate of all."""
        return max(way.settings[-1].rate for way in self.ways)

    @property
    def changes_h(self) -> tuple[float, ...]:
        """Every moment after now at which a rate may change, h."""
        return tuple(sorted({hour for way in self.ways for hour in way.changes_h if hour > 0}))


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
    asking = asked_of_the_rate(outcome.findings)
    reduce = past.running is Truth.PRESENT and asking is not None and asking.while_running is WhileRunning.REDUCE
    highest, because = regimen.maintenance.maximum, regimen.maintenance.maximum_because
    soft = outcome.drug.references.numbers.get(SOFT_MAXIMUM)
    if soft is not None and soft.value < highest:
        highest, because = soft.value.to(RATE), f"this hospital asks before it goes above {soft.value}"
    says = [] if asking is None or not reduce else [f"Only what is slower than it runs: {asking.title}."]
    if held_down(outcome.findings):
        why = "; ".join(dict.fromkeys(item.title for item in speaks_against_a_raise(outcome.findings)))
        says.append(f"No step upward: {why}.")
    if past.paused is not None:
        says.append(
            "It was paused and is never resumed by itself: find out why it was stopped. Resume only on the "
            "prescriber's word, and with no load."
        )
    load, ways = regimen.load, []
    bare = _without_load(outcome, regimen) if load.given else regimen
    ways.append(_way(outcome, bare, None, highest=highest, below=past.running_rate if reduce else None))
    if load.given:
        loaded = _way(outcome, regimen, load, highest=highest, below=None)
        ways += [loaded] if loaded.settings else []  # none where the pump cannot run so slowly
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
    return Allowed(tuple(ways), step, because, load.because, load.only_if, tuple(says))


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
        if asking is not None and asking.while_running is WhileRunning.REDUCE:
            asking = None
        until = loading_until(outcome.entry, past, outcome.case.now)
        if until is None and past.running_rate is None:
            until = later(outcome.case.now, Quantity(past.dose_ends_in_h, "h"))
        if until is not None:
            says = (
                f"A load is going in until {until:%Y-%m-%d %H:%M}. Cut short or raised it would be another load: no "
                "rate is searched before its end. Ask again then."
            )
            return (Refusal("load-going-in", says, ("administrations",)),)
    else:
        asking = waits_for_the_physician(outcome.findings)
    if asking is None:
        return ()
    says = f"{asking.title}: {asking.says} {asking.advice} No rate is searched before that is decided."
    return (Refusal(asking.rule, says, asking.needs, asking.sources),)


def _without_load(outcome: Outcome, regimen: Regimen) -> Regimen:
    """Return the plan's regimen as it is when its load is left out: the steps upward come earlier."""
    found = compute_regimen(
        outcome.case,
        outcome.drug,
        regimen.entry,
        clearance=outcome.kidney.clearance,
        past=outcome.past,
        load=no_load("left out"),
        default_step=None if outcome.site is None else outcome.site.pump_step,
        cleared=kidneys_clear(outcome.case, regimen.entry, outcome.kidney),
        held=held_down(outcome.findings),
    )
    assert isinstance(found, Regimen)  # what leaves room for a load leaves room without it
    return found


def _way(
    outcome: Outcome, regimen: Regimen, load: LoadingDose | None, *, highest: Quantity, below: Quantity | None
) -> Way:
    stages = list[Stage]()
    for stage in _stages(outcome, regimen, load):
        allowed = min(stage.highest, highest)
        if stages and allowed <= stages[-1].highest:
            continue
        if stages and stage.from_h <= stages[-1].from_h:
            stages.pop()  # the next step is open at once
        stages.append(Stage(stage.from_h, allowed))
    settings = [
        item
        for item in _settings(outcome, regimen, stages[-1].highest, least=slowest_searched(outcome))
        if (load is None or item.rate.value > 0) and (below is None or item.rate < below)
    ]
    rate = PAUSE
    if load is not None:
        rate = Quantity(load.mcg_per_kg / (load.hours * _MINUTES), RATE)
    ends_h = look_ahead(regimen.entry, outcome.case, outcome.past, no_load("not asked")).stop_h
    return Way(load, rate, tuple(stages), tuple(settings), ends_h)


def _stages(outcome: Outcome, regimen: Regimen, load: LoadingDose | None) -> list[Stage]:
    """Return the highest rates from now on, or from the end of a load on: what runs or is proposed, then each step."""
    case, past, entry = outcome.case, outcome.past, regimen.entry
    steps = [] if held_down(outcome.findings) else list(regimen.titration)
    start = _as_set(regimen.maintenance.rate, regimen.maintenance.pump)
    if past.running_rate is None:
        found = [Stage(Decimal(0) if load is None else load.hours, start)]
        return found + [
            Stage(hours_between(case.now, step.not_before), _as_set(step.rate, step.pump)) for step in steps
        ]
    found, highest, waits = [Stage(Decimal(0), _as_runs(outcome, regimen))], regimen.maintenance.maximum, Decimal(0)
    if past.running_rate < regimen.maintenance.rate and not held_down(outcome.findings):
        # What a plan proposes is a step upward too where less runs, and what follows waits for it.
        found.append(Stage(hours_between(case.now, next_change(case, entry, past)), start))
        waits = entry.titration.interval.value.in_unit("h")
    if past.running_rate > highest:
        return found
    return found + [
        Stage(hours_between(case.now, step.not_before) + waits, _as_set(step.rate, step.pump)) for step in steps
    ]


def _as_set(rate: Quantity, pump: PumpRate | None) -> Quantity:
    """Return a rate of the plan as its pump delivers it: half up it may be more, within all limits."""
    if pump is None or beyond_the_stop(pump):
        return rate
    return max(rate, pump.delivered)


def _as_runs(outcome: Outcome, regimen: Regimen) -> Quantity:
    """Return what runs as the nearest setting of the pump delivers it, within what is allowed."""
    rate, highest = outcome.past.running_rate, regimen.maintenance.maximum
    assert rate is not None  # the caller looked
    concentration, weight = prepared_concentration(outcome.case, outcome.drug), outcome.case.patient.weight
    if concentration is None or rate > highest:
        return rate
    setting = recorded_setting(
        rate, weight=weight, concentration=concentration, step=regimen.pump_step, highest=highest
    )
    return max(rate, from_pump(setting, weight=weight, concentration=concentration))


def slowest_searched(outcome: Outcome) -> Quantity:
    """Return the lowest rate that is searched beside a pause: none that the house itself takes for a slip.

    An order for less is stopped, and what runs so slowly is not raised before somebody has looked: a search that named
    it would lead where no search leads out. Where it runs so slowly already, nothing is left out.
    """
    lowest, running = vocabulary().limit("order.rate_lowest").value, outcome.past.running_rate
    return PAUSE if running is not None and running < lowest else lowest


def _settings(outcome: Outcome, regimen: Regimen, highest: Quantity, *, least: Quantity) -> list[Setting]:
    """Return a pause and every rate up to the highest, ascending: whole steps of the pump, or the printed rates."""
    concentration, weight = prepared_concentration(outcome.case, outcome.drug), outcome.case.patient.weight
    found = [Setting(PAUSE, None)]
    if concentration is None:
        printed = {*(rate for rate in printed_rates(regimen.entry) if rate <= highest), highest}
        return found + [Setting(rate, None) for rate in sorted(printed)]
    step, strength = regimen.pump_step.in_unit("mL/h"), concentration.in_unit("mcg/mL")
    limit = highest.in_unit(RATE) * weight.in_unit("kg") * _MINUTES  # compared as products: a quotient would round
    pump = outcome.case.pump
    slowest = Decimal(0) if pump is None or pump.minimum is None else pump.minimum.in_unit("mL/h")
    steps = max(slowest // step + (slowest % step > 0), Decimal(1))  # the first whole step that the pump can run at
    fewest = least.in_unit(RATE) * weight.in_unit("kg") * _MINUTES  # a product, as the limit
    while step * steps * strength < fewest:
        steps += 1
    while (flow := step * steps) * strength <= limit:
        setting = Quantity(flow, "mL/h")
        found.append(Setting(from_pump(setting, weight=weight, concentration=concentration), setting))
        steps += 1
    return found


def _from(hour: Decimal) -> str:
    return "now" if not hour else f"{Quantity(hour, 'h').shown(2)} from now"


def _four(rate: Quantity | None) -> str:
    assert rate is not None  # a load is a dose or a rate
    return rate.shown(4)
