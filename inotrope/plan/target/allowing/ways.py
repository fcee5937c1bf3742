"""The ways of beginning that a plan leaves open, and the rates at the end of each, as the pump can give them.

Knows the earliest time of every step upward, the load or the pause that goes before, and how a pump rounds. It makes
none of these limits itself, and does not know whether anything may be searched at all (`allowed.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from inotrope.dosing import (
    LoadingDose,
    Regimen,
    from_pump,
    no_load,
    prepared_concentration,
    printed_rates,
    recorded_setting,
)
from inotrope.dosing.pump import PumpRate
from inotrope.dosing.running import next_change
from inotrope.dosing.total import look_ahead
from inotrope.patient import vocabulary
from inotrope.plan.outcome import Outcome
from inotrope.plan.running import beyond_the_stop, held_down
from inotrope.units import Quantity, hours_between, round_half_up

RATE = "mcg/kg/min"
_MINUTES = Decimal(60)
PAUSE = Quantity(Decimal(0), RATE)
NEARLY = Decimal("1.000001")
"""A rate between two settings is rounded when it is worked out."""


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
class Segment:
    """One rate from a moment to another, h from now and mcg/kg/min; without an end it goes on."""

    from_h: Decimal
    to_h: Decimal | None
    rate: Quantity


@dataclass(frozen=True, slots=True)
class Way:
    """One way of beginning, and the rates at its end.

    Attributes:
        load: The load that goes before; None for none.
        load_rate: What it comes to as a rate, mcg/kg/min until the first stage; 0 without a load.
        stages: Ascending in both. A rate above the first waits for its stage, at the highest rates until then.
        settings: Ascending; a pause is one where no load goes before.
        ends_h: When the entry's own time is over, h; None where that is a day away or more.
        pause_h: For how long nothing is given first, h; 0 for no pause.
    """

    load: LoadingDose | None
    load_rate: Quantity
    stages: tuple[Stage, ...]
    settings: tuple[Setting, ...]
    ends_h: Decimal | None
    pause_h: Decimal = Decimal(0)

    def stage_of(self, rate: Quantity) -> int:
        """Return the place of the stage in which a rate begins."""
        return next(place for place, stage in enumerate(self.stages) if rate <= stage.highest)

    def setting_of(self, runs: Quantity) -> int | None:
        """Return the place of the setting that is what runs, to half a step of the pump; None where there is none."""
        rates = [item.rate.in_unit(RATE) for item in self.settings]
        place = min(range(len(rates)), key=lambda index: abs(rates[index] - runs.in_unit(RATE)))
        between = rates[-1] - rates[-2] if self.settings[-1].pump is not None and len(rates) > 1 else Decimal(0)
        near = 2 * abs(rates[place] - runs.in_unit(RATE)) <= between * NEARLY
        return place if near and rates[place] else None

    def of_stage(self, place: int) -> list[int]:
        """Return the places of the settings that begin in a stage."""
        return [index for index, item in enumerate(self.settings) if self.stage_of(item.rate) == place]

    def segments(self, rate: Quantity) -> tuple[Segment, ...]:
        """Return what is given from now on until a rate runs, and that rate."""
        place, found = self.stage_of(rate), list[Segment]()
        if self.load is not None:
            found.append(Segment(Decimal(0), self.stages[0].from_h, self.load_rate))
        steps = [*self.stages[:place], Stage(self.stages[place].from_h, rate)]
        ends = [*(step.from_h for step in steps[1:]), self.ends_h]
        for step, end in zip(steps, ends, strict=True):
            last = end if end is None or self.ends_h is None else min(end, self.ends_h)
            if last is None or step.from_h < last:
                found.append(Segment(step.from_h, last, step.highest))
        return tuple(found)

    def set_for(self, part: Segment) -> Setting | None:
        """Return the pump's setting for one piece, the highest that delivers no more; None for a load or a pause."""
        if not part.rate.value or (self.load is not None and part.from_h < self.stages[0].from_h):
            return None
        slower = [item for item in self.settings if item.rate <= part.rate]
        return slower[-1] if slower else None

    def highest_anew(self, rate: Quantity, at_h: float) -> Quantity:
        """Return the highest rate that may be chosen anew at a moment while the course of `rate` runs, mcg/kg/min.

        At most one step upward, once its time has come; after a pause at most what may follow it.
        """
        if self.pause_h:
            return self.stages[-1].highest
        begun = [place for place in range(self.stage_of(rate) + 1) if float(self.stages[place].from_h) <= at_h]
        after = begun[-1] + 1 if begun else 0
        opens = after < len(self.stages) and float(self.stages[after].from_h) <= at_h
        return self.stages[after if opens else max(after - 1, 0)].highest

    def course(self, rate: Quantity) -> str:
        """Say what is given from now on until a rate runs."""
        place, parts = self.stage_of(rate), list[str]()
        if self.load is not None:
            assert self.load.duration is not None  # a load with a time
            what = self.load.rate if self.load.rate is not None else self.load.dose_per_weight
            parts.append(f"load of {_four(what)} over {self.load.duration}")
        steps = [*self.stages[:place], Stage(self.stages[place].from_h, rate)]
        parts += [f"{_four(step.highest) if step.highest.value else 'nothing'} {_from(step.from_h)}" for step in steps]
        if self.ends_h is not None:
            parts.append(f"until {Quantity(self.ends_h, 'h').shown(1)} from now, when this entry ends")
        return "; ".join(parts)


def way_of(
    outcome: Outcome, regimen: Regimen, load: LoadingDose | None, *, highest: Quantity, below: Quantity | None
) -> Way:
    """Return one way of beginning.

    Args:
        outcome: What the plan found.
        regimen: Whose steps upward it has.
        load: What goes before; None for nothing.
        highest: That no rate exceeds, mcg/kg/min.
        below: That every rate must lie below; None for no such limit.
    """
    stages = list[Stage]()
    every = _stages(outcome, regimen, load)
    for stage in every[:1] if outcome.kidney.assumed else every:  # what nobody measured raises nothing
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


PAUSES_H = tuple(Decimal(hours) for hours in (1, 2, 3, 4, 6, 8, 12))
"""How long nothing may be given before a lower rate is searched: a judgement; what a ward can keep in mind."""


def with_pauses(outcome: Outcome, way: Way) -> tuple[Way, ...]:
    """Return the ways that begin with a pause of what runs; none where nothing runs.

    After a pause it runs at no more than it ran at and than is allowed, and never with a load.
    """
    running = outcome.past.running_rate
    if running is None:
        return ()
    settings = tuple(item for item in way.settings if PAUSE < item.rate <= min(running, way.stages[0].highest))
    ended = [hours for hours in PAUSES_H if settings and (way.ends_h is None or hours < way.ends_h)]
    return tuple(
        replace(
            way, stages=(Stage(Decimal(0), PAUSE), Stage(hours, settings[-1].rate)), settings=settings, pause_h=hours
        )
        for hours in ended
    )


def _stages(outcome: Outcome, regimen: Regimen, load: LoadingDose | None) -> list[Stage]:
    """Return the highest rates from now on, or from the end of a load on: what runs or is proposed, then each step."""
    case, past, entry = outcome.case, outcome.past, regimen.entry
    steps = [] if held_down(outcome.findings) else list(regimen.titration)
    start = _as_set(regimen.maintenance.rate, regimen.maintenance.pump)
    if past.running_rate is None:
        found = [Stage(Decimal(0) if load is None else load.hours, start)]
        if past.paused is not None:
            return found  # it is resumed at no more than it ran at; what lies above is asked once it runs
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


def rounded(rate: Quantity) -> Quantity:
    """Return a rate to four decimals, finer than any pump."""
    return Quantity(round_half_up(rate.in_unit(RATE), 4), RATE)


def _from(hour: Decimal) -> str:
    if not hour:
        return "from now"
    minutes = Quantity(hour * _MINUTES, "min")
    return f"from {Quantity(hour, 'h').shown(2) if hour >= 2 else minutes.shown(0)} on"  # noqa: PLR2004 - h; below it in min


def _four(rate: Quantity | None) -> str:
    assert rate is not None  # a load is a dose or a rate
    return rate.shown(4)
