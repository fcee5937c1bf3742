"""From what was given to what a plan says about it: the infusion that runs or is paused, and what lies ahead.

Knows which of it a stop or a refusal withholds: every step, up, down or of weaning, is a rate, and then none is shown.
What was given, the end of the bag and the limits of time are facts, and are shown whatever the outcome.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from inotrope.dosing import (
    Ceiling,
    NextStep,
    PumpRate,
    bag_ahead,
    cap_reached_at,
    ceiling,
    exact_flow,
    far_off,
    from_pump,
    load_cut_short,
    loading_until,
    nearest_setting,
    prepared_concentration,
    pump_step,
    recorded_setting,
    step_down,
    step_up,
    time_limit,
    watch_after_stop,
    weaning,
)
from inotrope.drug import Entry
from inotrope.errors import EquationError
from inotrope.findings import Finding, State, Truth, WhileRunning
from inotrope.patient import KIDNEY_REPLACEMENT, Case, Kidney, vocabulary
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.plan.running_record import GivenSoFar, PausedInfusion, RunningInfusion, RunningStep
from inotrope.units import Quantity, later


def running_infusion(outcome: Outcome) -> RunningInfusion | None:
    """Say what the outcome means for an infusion that runs: a start rate is no order to undo a titration."""
    case, entry, past = outcome.case, outcome.entry, outcome.past
    rate = past.running_rate
    if rate is None:
        return None
    loading = loading_until(entry, past, case.now)
    highest = None if outcome.regimen is None else outcome.regimen.maintenance.maximum
    above = _above(outcome, rate, highest) if loading is None else False
    up, down, wean = _steps(outcome)
    follows = outcome.regimen if outcome.status is PlanStatus.PLAN else None
    after_load = None if follows is None else follows.maintenance.delivered
    bag = None if entry is None else bag_ahead(case, outcome.drug, entry, past, after_load=after_load)
    limit = None if entry is None else time_limit(case, entry, past)
    flow = _flow(outcome, rate)
    setting, lowered = _setting(outcome, rate, highest)
    return RunningInfusion(
        rate=rate,
        pump_rate=flow,
        pump_setting=setting,
        since=past.running_for,
        above_allowed=above,
        says=f"{_says(outcome, highest, above=above is True, loading=loading)}{lowered}",
        loading_until=loading,
        cap_reached_at=None if entry is None else cap_reached_at(case, entry, past),
        next_up=up,
        next_down=down,
        weaning=wean,
        bag_ends=None if bag is None else bag.empty_at,
        bag_expires=None if bag is None else bag.discard_at,
        limit_reached_at=None if limit is None else limit.at,
        limit_says="" if limit is None else f"{limit.after.shown(1)} after the start: {limit.says}",
        watch_until_after_stop=""
        if entry is None
        else watch_after_stop(entry, cleared=kidneys_clear(case, entry, outcome.kidney)),
    )


def _above(outcome: Outcome, rate: Quantity, highest: Quantity | None) -> bool | None:
    """Tell whether it runs above the highest rate allowed now; None where nobody can say that it does not.

    Without a proposal the limits that are known can still be crossed: the entry's maximum, and the whole ceiling where
    the kidneys and the record allow one; without an entry the highest maximum of any.
    """
    if highest is not None:
        return rate > highest
    entry, past = outcome.entry, outcome.past
    if entry is None:
        known = max(each.maintenance.maximum.value for each in outcome.drug.entries)
    else:
        known = entry.maintenance.maximum.value
        if past.conflict is None:
            with suppress(EquationError):  # no kidney function, or one below the table: the maximum is what is known
                known = ceiling(entry, clearance=outcome.kidney.clearance, past=past, load_mcg_per_kg=Decimal(0)).rate
    return True if rate > known else None


def given_so_far(outcome: Outcome) -> GivenSoFar | None:
    """Return what was given, and what is left of the 24 h cap; None when the case does not say what was given."""
    case, past, entry = outcome.case, outcome.past, outcome.entry
    if not past.recorded:
        return None
    cap = None if entry is None or entry.total_24_h is None else entry.total_24_h.maximum.value
    left = None
    if cap is not None:
        rest = max(cap.in_unit("mg/kg") - past.in_24_h.in_unit("mg/kg"), Decimal(0))
        # Where no rate is proposed, what a cap leaves is no leave to give it; that nothing is left holds all the same.
        leave = outcome.status is PlanStatus.PLAN and past.complete
        left = Quantity(rest, "mg/kg") if leave or rest == 0 else None
    first = min((piece.start_h for piece in past.pieces), default=None)
    return GivenSoFar(
        complete=past.complete,
        in_24_h=past.in_24_h,
        worst_24_h=past.worst_24_h,
        cap=cap,
        left_24_h=left,
        since=None if first is None else later(case.now, Quantity(first, "h")),
        paused=_paused(outcome),
        load_cut_short="" if entry is None else _cut_short(entry, outcome),
        dose_until=_dose_until(outcome),
        dose_says=_dose_says(outcome),
    )


def _dose_until(outcome: Outcome) -> datetime | None:
    """Return until when a dose that was drawn up is still going in; None where none is."""
    left_h = outcome.past.dose_ends_in_h
    return later(outcome.case.now, Quantity(left_h, "h")) if left_h > 0 else None


def _dose_says(outcome: Outcome) -> str:
    """Say that a dose is still going in, and what the plan means for it and for what follows; empty where none is."""
    until = _dose_until(outcome)
    if until is None:
        return ""
    now = outcome.case.now
    clock = f"{until:%H:%M}" if until.date() == now.date() else f"{until:%Y-%m-%d %H:%M}"
    says = f"A dose is still going in, until {clock}"
    if outcome.status is PlanStatus.STOPPED:
        return f"{says}. A stop rule fires: stop it or review it now, and call the prescriber"
    asking = asked_of_the_rate(outcome.findings)
    if asking is not None:
        return f"{says}. {asking.title}. {asking.advice}".rstrip(".")
    if outcome.status is not PlanStatus.PLAN:
        return f"{says}. No rate can be vouched for that would follow it: call the prescriber"
    if outcome.past.running_rate is not None:
        return f"{says}, beside the infusion that runs. It is never given twice"
    return f"{says}; the infusion follows it, at the rate of this plan. The dose is never given twice"


def _cut_short(entry: Entry, outcome: Outcome) -> str:
    given = load_cut_short(entry, outcome.past)
    if given is None:
        return ""
    return (
        f"The load by rate was broken off after {given.hours.shown(2)} of {given.whole_hours.shown(1)}: about "
        f"{given.dose.shown(1)} of {given.whole_dose.shown(1)} went in. What is missing is not given by itself; the "
        "prescriber decides"
    )


def _step(outcome: Outcome, entry: Entry) -> Quantity:
    return pump_step(outcome.case, entry, None if outcome.site is None else outcome.site.pump_step)[0]


def _steps(outcome: Outcome) -> tuple[RunningStep | None, RunningStep | None, tuple[RunningStep, ...]]:
    """Return the next step up, the next down and the weaning; none of them under a stop or a refusal."""
    case, drug, entry, past = outcome.case, outcome.drug, outcome.entry, outcome.past
    regimen = outcome.regimen
    if outcome.status is not PlanStatus.PLAN or regimen is None or entry is None:
        return None, None, ()
    limits: Ceiling = ceiling(entry, clearance=outcome.kidney.clearance, past=past, load_mcg_per_kg=Decimal(0))
    step = regimen.pump_step
    held = held_down(outcome.findings)
    if loading_until(entry, past, case.now) is not None:
        return None, None, ()  # a load that is cut short or raised on the way is another load
    up = None if held else step_up(case, drug, entry, past=past, limits=limits, step=step)
    down = step_down(case, drug, entry, past=past, limits=limits, step=step)
    clear = kidneys_clear(case, entry, outcome.kidney)
    wean = weaning(case, drug, entry, past=past, limits=limits, step=step, cleared=clear)
    limit = time_limit(case, entry, past)
    late = None if limit is None or limit.at <= case.now else limit.at
    next_up = None if up is None else _written(up, entry)
    return next_up, _written(down, entry), tuple(_written(item, entry, late) for item in wean)


def held_down(findings: tuple[Finding, ...]) -> bool:
    """Tell whether something speaks against any step upward.

    Whoever must not get a load must not be titrated upward either, until what speaks against it is treated.
    """
    return bool(speaks_against_a_raise(findings))


def speaks_against_a_raise(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that speak against any step upward."""
    return tuple(
        item
        for item in findings
        if item.keeps_the_load_away or (item.state is State.FIRES and item.while_running is not None)
    )


def asked_of_the_rate(findings: tuple[Finding, ...]) -> Finding | None:
    """Return the weightiest finding that asks to stop, hold or reduce what runs; None where none does."""
    for asked in (WhileRunning.STOP, WhileRunning.HOLD, WhileRunning.REDUCE):
        for item in findings:
            if item.state is State.FIRES and item.while_running is asked:
                return item
    return None


def waits_for_the_physician(findings: tuple[Finding, ...]) -> Finding | None:
    """Return the finding for which an infusion is not started before the physician has decided; None where none is.

    What asks to stop is none of these: it speaks of a cannula or a bag that is in use, and another one may start.
    """
    asking = asked_of_the_rate(findings)
    return None if asking is None or asking.while_running is WhileRunning.STOP else asking


def kidneys_clear(case: Case, entry: Entry, kidney: Kidney) -> bool:
    """Tell whether the kidneys are known to clear the drug as the entry's half-life supposes."""
    machine = any(case.supported_by(name) is Truth.PRESENT for name in KIDNEY_REPLACEMENT)
    if machine or Truth.PRESENT in (kidney.impaired, kidney.changing):
        return False
    if entry.renal is None:
        least = None if entry.kidney is None else entry.kidney.impaired_below.value
        return least is None or kidney.clearance is None or kidney.clearance >= least
    return kidney.clearance is not None and kidney.clearance > entry.renal.upper.value


def how_long(time: Quantity) -> str:
    """Say for how long: in hours, below one in whole minutes, since a pause of two minutes is not one of 0 h."""
    return time.shown(1) if time.in_unit("h") >= 1 else time.to("min").shown(0)


def _stop() -> Quantity:
    return vocabulary().limit("pump.delivered_error_stop").value


def beyond_the_stop(pump: PumpRate | None) -> bool:
    """Tell whether the pump's step puts a dose so far off that no plan would stand at it."""
    return pump is not None and abs(pump.error.value) > _stop().in_unit("%")


def with_rounding(says: str, pump: PumpRate | None, entry: Entry) -> str:
    """Add to a step what the rounding to the pump's step does to it: down below a limit, or far off the rate."""
    if pump is None:
        return says
    off = far_off(pump, warning=entry.rounding.error_warning.value, stop=_stop())
    told = " ".join(text for text in (pump.says, off) if text)
    return f"{says}. {told}" if told else says


def _written(step: NextStep, entry: Entry, late: datetime | None = None) -> RunningStep:
    pump = step.pump
    says = with_rounding(step.says, pump, entry)
    after = late is not None and step.not_before is not None and step.not_before > late
    if after:
        says = f"{says.rstrip('.')}. This is after the time limit: ask the prescriber whether to go down faster"
    if pump is None:
        return RunningStep(step.rate, None, None, None, False, step.not_before, after, says)
    not_this = beyond_the_stop(pump)
    return RunningStep(step.rate, pump.rate, pump.delivered, pump.error, not_this, step.not_before, after, says)


def _says(outcome: Outcome, highest: Quantity | None, *, above: bool, loading: datetime | None) -> str:
    if outcome.status is PlanStatus.STOPPED:
        return "A stop rule fires: stop it or review it now, and call the prescriber"
    asking = asked_of_the_rate(outcome.findings)
    if asking is not None:
        also = f" It runs ABOVE the highest rate allowed now, {highest.shown(4)}" if above and highest else ""
        also = " No rate can be vouched for either" if highest is None else also
        return f"{asking.title}. {asking.advice}{also}"
    if highest is None:
        also = ", and it runs ABOVE what is allowed now" if above else ""
        return f"No rate can be vouched for{also}: do not leave it unreviewed; call the prescriber"
    if loading is not None:
        return (
            f"The loading dose is still going in, until {loading:%Y-%m-%d %H:%M}. Then lower it to the infusion's "
            f"rate, at most {highest.shown(4)}; the load is never given twice"
        )
    if above:
        return f"ABOVE the highest rate allowed for this patient now, {highest.shown(4)}: lower it, and call"
    against = speaks_against_a_raise(outcome.findings)
    if against:
        aside = [item.title for item in against if item.state is State.OVERRIDDEN]
        why = f"the stop '{aside[0]}' was overridden" if aside else "a finding below speaks against it"
        return (
            f"Not above what is allowed for this patient now, {highest.shown(4)}. Do not raise it: {why}. The "
            "prescriber decides whether it is lowered"
        )
    starts = "entry" if outcome.entry is None or not outcome.entry.on_label else "label"
    return (
        f"Within what is allowed for this patient now, at most {highest.shown(4)}. The rate below is where the "
        f"{starts} starts: no order to lower or raise a rate that was titrated by effect"
    )


def _flow(outcome: Outcome, rate: Quantity) -> Quantity | None:
    concentration = prepared_concentration(outcome.case, outcome.drug)
    if concentration is None:
        return None
    return exact_flow(rate, weight=outcome.case.patient.weight, concentration=concentration)


def _setting(outcome: Outcome, rate: Quantity, highest: Quantity | None) -> tuple[Quantity | None, str]:
    """Return the pump's setting for the rate that runs, and what is to say where the nearest one may not be set.

    A rate that is allowed gets no setting that delivers more than is allowed; without a proposal the entry's maximum
    counts.
    """
    entry, concentration = outcome.entry, prepared_concentration(outcome.case, outcome.drug)
    if entry is None or concentration is None:
        return None, ""
    weight, step = outcome.case.patient.weight, _step(outcome, entry)
    limit = entry.maintenance.maximum.value if highest is None else highest
    setting = recorded_setting(rate, weight=weight, concentration=concentration, step=step, highest=limit)
    nearest = nearest_setting(exact_flow(rate, weight=weight, concentration=concentration), step)
    if setting == nearest:
        return setting, ""
    delivers = from_pump(nearest, weight=weight, concentration=concentration).shown(4)
    return setting, (
        f". On the pump that is {setting}: {nearest} would be nearest and delivers {delivers}, which is above what is "
        "allowed"
    )


def _paused(outcome: Outcome) -> PausedInfusion | None:
    pause = outcome.past.paused
    if pause is None:
        return None
    case, long = outcome.case, how_long(pause.since)
    return PausedInfusion(
        since=later(case.now, Quantity(-pause.since.in_unit("h"), "h")),
        last_rate=pause.last_rate,
        says=(
            f"Paused for {long}; it ran at {pause.last_rate.shown(4)}. It is not resumed by itself and "
            "never with a load: find out why it was stopped, and resume only on the prescriber's word, at no more than "
            "it ran at and than is allowed now"
        ),
    )
