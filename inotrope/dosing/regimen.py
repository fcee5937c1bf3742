"""The regimen proposed for one patient: load, maintenance rate, total, titration.

Knows the label's arithmetic, put together in order: load, ceiling, rate, pump, total, next steps. The rate proposed is
the entry's minimum; the standard rate is a titration step. It knows no rule of safety and no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inotrope.dosing.ceiling import Ceiling, ceiling
from inotrope.dosing.entry import shown_time
from inotrope.dosing.history import History
from inotrope.dosing.load import LoadingDose, no_time_left
from inotrope.dosing.preparation import Prepared, Wanted, prepare, prepared_concentration
from inotrope.dosing.pump import PumpRate, to_pump
from inotrope.dosing.renal import RATE
from inotrope.dosing.running import emptying, level_after_change, next_change
from inotrope.dosing.total import Ahead, Total, look_ahead, total_ahead, worst_total
from inotrope.drug import Drug, Entry, Sourced
from inotrope.findings import Refusal, SourceReference, Status
from inotrope.patient import Case
from inotrope.units import Quantity, later


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The infusion proposed.

    Attributes:
        rate: Per body weight, mcg/kg/min.
        because: Which limit set it.
        pump: The pump's setting; None without a concentration.
        minimum: The entry's lowest rate.
        standard: The entry's standard rate: a titration step, not the start. None where the text names none.
        maximum: The highest rate allowed for this patient now, the lowest of all hard limits.
        maximum_because, maximum_source: Which limit that is, and where that stands.
        duration: For how long there is controlled experience, and how long it runs at most, in words.
        kinetics: When a change of rate shows its full effect on the level, in words.
        arithmetic: The lines a second person follows.
        sources: Where it comes from.
    """

    rate: Quantity
    because: str
    pump: PumpRate | None
    minimum: Quantity
    standard: Quantity | None
    maximum: Quantity
    maximum_because: str
    maximum_source: SourceReference
    duration: str
    kinetics: str
    arithmetic: tuple[str, ...]
    sources: tuple[SourceReference, ...]

    @property
    def delivered(self) -> Quantity:
        """What the patient gets: the pump's rate where there is one, else the rate itself."""
        return self.rate if self.pump is None else self.pump.delivered


@dataclass(frozen=True, slots=True)
class Step:
    """One titration step upward, allowed by every hard limit."""

    rate: Quantity
    pump: PumpRate | None
    not_before: datetime
    total_24_h: Quantity
    says: str


@dataclass(frozen=True, slots=True)
class Regimen:
    """Everything that dosing proposes for one patient."""

    entry: Entry
    load: LoadingDose
    maintenance: Maintenance
    total_24_h: Total
    titration: tuple[Step, ...]
    preparation: Prepared
    pump_step: Quantity
    pump_step_assumed: bool


def compute_regimen(
    case: Case,
    drug: Drug,
    entry: Entry,
    *,
    clearance: Quantity | None,
    past: History,
    load: LoadingDose,
    default_step: Quantity | None = None,
    cleared: bool = True,
    held: bool = False,
) -> Regimen | Refusal:
    """Return the label's regimen for one patient, or why no rate can be had.

    Args:
        case: The patient; the actual weight doses, as the label's tables do.
        drug: Its folder.
        entry: The dosing entry for this age and indication.
        clearance: The dosing value of the kidney, mL/min/1.73 m2, at or above the table's lower end; may be None where
            the entry has no renal table.
        past: What was given.
        load: The load that will be given, or its absence.
        default_step: The step of the ward's pumps, where the case names none; None takes the entry's.
        cleared: Whether the kidneys are known to clear the drug as the entry's half-life supposes.
        held: Whether something speaks against any step upward until it is dealt with.

    Returns:
        The regimen, with rate = min(entry's minimum, renal line, what the 24 h total leaves, the rate before a pause);
        or a refusal when the total leaves nothing, the pump cannot run so slowly, or a load would outlast its entry.

    Raises:
        EquationError: The clearance lies below the printed table, or is not known and the entry has a table.
    """
    too_late = no_time_left(entry, case, load)
    if too_late is not None:
        return too_late
    limits = ceiling(entry, clearance=clearance, past=past, load_mcg_per_kg=load.mcg_per_kg)
    start = entry.maintenance.minimum
    before = None if past.paused is None else past.paused.last_rate
    rate = min(start.value.to(RATE), limits.rate, *(() if before is None else (before,)))
    if rate.value <= 0:
        return _nothing_left(past, entry)
    step, assumed = pump_step(case, entry, default_step)
    concentration = prepared_concentration(case, drug)
    pump = None
    if concentration is not None:
        pump = to_pump(rate, weight=case.patient.weight, concentration=concentration, step=step, ceiling=limits)
        if pump.rate.value <= 0:
            return Refusal(
                "pump-cannot-deliver",
                f"{rate.shown(4)} for {case.patient.weight} at {concentration.to('mcg/mL')} is "
                f"{pump.exact.shown(3)}, below one pump step of {step}. Use a weaker preparation or a finer pump.",
                ("preparation", "pump"),
            )
    arithmetic = _rate_lines(start.value, limits, rate, before)
    maintenance = Maintenance(
        rate=rate,
        because=_because(rate, entry, limits, before, held=held),
        pump=pump,
        minimum=start.value,
        standard=None if entry.maintenance.standard is None else entry.maintenance.standard.value,
        maximum=limits.rate,
        maximum_because=limits.lowest.says,
        maximum_source=limits.lowest.source,
        duration=_duration(case, entry, past),
        kinetics=level_after_change(entry, cleared=cleared),
        arithmetic=arithmetic if pump is None else (*arithmetic, *pump.arithmetic),
        sources=(start.source, *(limit.source for limit in limits.limits)),
    )
    ahead = look_ahead(entry, case, past, load)
    return Regimen(
        entry=entry,
        load=load,
        maintenance=maintenance,
        total_24_h=total_ahead(entry, maintenance.delivered, ahead, past, case),
        titration=()
        if held
        else _steps(
            case,
            entry,
            limits=limits,
            maintenance=maintenance,
            load=load,
            ahead=ahead,
            past=past,
            step=step,
            concentration=concentration,
        ),
        preparation=prepare(
            case,
            drug,
            entry,
            pump_rate=emptying(case, drug, entry, past, pump),
            wanted=Wanted(rate, step),
        ),
        pump_step=step,
        pump_step_assumed=assumed,
    )


def pump_step(case: Case, entry: Entry, default: Quantity | None = None) -> tuple[Quantity, bool]:
    """Return the pump's step, and whether it is the entry's because neither the case nor the site names one."""
    if case.pump is not None and case.pump.step is not None:
        return case.pump.step, False
    return (entry.rounding.pump_step.value, True) if default is None else (default, False)


def _nothing_left(past: History, entry: Entry) -> Refusal:
    total = entry.total_24_h
    assert total is not None  # only this cap can leave nothing: the others are above zero when the folder is proved
    return Refusal(
        "total-24-h-reached",
        f"{past.worst_24_h.shown(3)} was given within 24 h; the entry's maximum is {total.maximum.value}. "
        "No further dose fits now.",
        ("administrations",),
        (total.maximum.source,),
    )


def _duration(case: Case, entry: Entry, past: History) -> str:
    """Say how far the controlled experience reaches, how long it runs at most, and how much of it is used.

    An age at which it ends is said by the clock as well, where the hour of birth is known.
    """
    known, longest, until = entry.duration.controlled_experience, entry.duration.longest, entry.duration.until_age
    parts = [] if known is None else [f"no controlled experience beyond {known.value}"]
    parts += [] if longest is None else [f"{entry.duration.up_to} {shown_time(longest)}"]
    if until is not None:
        left = Quantity(until.value.in_unit("h") - case.postnatal_age.in_unit("h"), "h")
        clock = f" ({later(case.now, left):%Y-%m-%d %H:%M})" if case.postnatal_hours_known else ""
        parts.append(f"until the age of {shown_time(until)}{clock}")
    says = ", ".join(parts) or "no longest duration is sourced for this use"
    return says if past.running_for is None else f"{says}; the first infusion started {past.running_for.shown(1)} ago"


def _because(rate: Quantity, entry: Entry, limits: Ceiling, before: Quantity | None, *, held: bool) -> str:
    rates = entry.maintenance
    if rates.minimum.value == rates.maximum.value == rate:
        left = rates.maximum.source.id == "site"
        return (
            f"the one rate that {'this hospital leaves of what ' if left else ''}this text prints ({entry.authority})"
        )
    if rate == rates.minimum.value:
        whose = "the label's range" if entry.on_label else f"the range of: {entry.authority}"
        raised = "do not raise it until what the findings name is dealt with" if held else ""
        raised = raised or f"raise it by effect, at most to {limits.rate.shown(4)}"
        return f"the entry's minimum rate, the lowest of {whose}; {raised}"
    if rate == before != limits.rate:
        return (
            "below the entry's minimum rate, because it ran at no more before the pause: a resumption starts no higher"
        )
    return f"below the entry's minimum rate, because {limits.lowest.says}"


def _rate_lines(start: Quantity, limits: Ceiling, rate: Quantity, before: Quantity | None) -> tuple[str, ...]:
    parts = [f"{start} (start)"] + [
        f"{limit.rate.shown(4)} ({limit.name})" for limit in limits.limits if limit.name != "maximum"
    ]
    parts += [] if before is None else [f"{before.shown(4)} (before the pause)"]
    return (f"rate = lowest of {', '.join(parts)} = {rate.shown(4)}",)


def _steps(
    case: Case,
    entry: Entry,
    *,
    limits: Ceiling,
    maintenance: Maintenance,
    load: LoadingDose,
    ahead: Ahead,
    past: History,
    step: Quantity,
    concentration: Quantity | None,
) -> tuple[Step, ...]:
    """Return the printed rates above what runs or is proposed, then the ceiling itself where it cuts them."""
    listed = {step.value.to(RATE): _of_step(step) for step in entry.maintenance.steps}
    printed = list(listed)
    loading_h = Decimal(0) if past.running_rate is None else ahead.load_h
    floor = maintenance.rate
    if past.running_rate is not None and not loading_h:
        floor = max(floor, past.running_rate)  # the rate of a load that is going in is none of the infusion's
    rates = list(dict.fromkeys(rate for rate in printed if floor < rate <= limits.rate))  # a site can make two equal
    cut = floor < limits.rate < printed[-1]
    if cut and limits.rate not in rates:
        rates.append(limits.rate)
    found, interval = list[Step](), entry.titration.interval.value
    when = next_change(case, entry, past)
    if past.running_rate is None:
        # The infusion starts when the load is in, whether that is drawn up or runs on the pump.
        when = later(later(case.now, Quantity(max(load.hours, past.dose_ends_in_h), "h")), interval)
    elif loading_h:
        when = later(later(case.now, Quantity(loading_h, "h")), interval)
    for rate in rates:
        pump = None
        if concentration is not None:
            pump = to_pump(rate, weight=case.patient.weight, concentration=concentration, step=step, ceiling=limits)
        says = "the highest rate allowed now: " + limits.lowest.says if rate == limits.rate else listed[rate]
        says += "" if found else _after_load(load, past, interval, loading_h)
        delivered = rate if pump is None else pump.delivered
        total = worst_total(delivered, past, ahead)
        found.append(Step(rate, pump, when, total, says))
        when = later(when, interval)
    return tuple(found)


def _after_load(load: LoadingDose, past: History, interval: Quantity, loading_h: Decimal) -> str:
    """Say that the first step counts from the end of a load; empty where none is given or going in."""
    which = f"of {load.duration}" if load.given else "that is going in" if past.dose_ends_in_h or loading_h else ""
    return f", {interval} after the end of the load {which}" if which else ""


def _of_step(step: Sourced) -> str:
    """Say whether a text prints a step, or whether it is ours."""
    return "a step between the printed ones (judgement)" if step.source.status is Status.JUDGEMENT else "a printed step"
