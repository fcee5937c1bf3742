"""An infusion that runs: the next step up and down, weaning, the end of the bag, the limits of time and amount.

Knows what was given, the ceiling that holds for this patient, and the printed steps of the entry. It plans no pause and
no restart by itself, and judges nothing: whether a step is wise, the findings say.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inotrope.dosing.ceiling import Ceiling, window_ends
from inotrope.dosing.history import DAY_H, History, amounts
from inotrope.dosing.load_as_rate import loading_until, rest_of_load
from inotrope.dosing.preparation import prepared_concentration, vial_strength
from inotrope.dosing.pump import PumpRate, exact_flow, to_pump
from inotrope.dosing.renal import RATE
from inotrope.drug import Drug, Entry
from inotrope.findings import Status
from inotrope.patient import Case
from inotrope.units import Quantity, hours_between, later, plain_number


@dataclass(frozen=True, slots=True)
class NextStep:
    """One change of rate that is open now or later; a rate of zero is a stop.

    Attributes:
        rate: The new rate, mcg/kg/min.
        pump: Its setting; None without a concentration, or at zero.
        not_before: The earliest moment; None where nobody knows how long the level takes to follow.
        says: Why this rate, and why then.
    """

    rate: Quantity
    pump: PumpRate | None
    not_before: datetime | None
    says: str


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """When the infusion will have run for as long as its entry has a word about."""

    at: datetime
    after: Quantity
    says: str


@dataclass(frozen=True, slots=True)
class BagAhead:
    """When the bag that hangs will be empty, and until when it may hang; each None where the record does not say.

    Attributes:
        empty_at: At the rate that runs, and after a load by rate at that which follows it, from what was given since it
            was hung.
        left: Volume in it now.
        discard_at: End of its storage life, for a diluted one.
    """

    empty_at: datetime | None
    left: Quantity | None
    discard_at: datetime | None


def step_up(case: Case, drug: Drug, entry: Entry, *, past: History, limits: Ceiling, step: Quantity) -> NextStep | None:
    """Return the next step up that every hard limit allows, and its earliest moment; None when there is none."""
    running = past.running_rate
    assert running is not None  # the caller asks while one runs
    above = [rate for rate in printed_rates(entry) if running < rate <= limits.rate]
    cut = running < limits.rate < entry.maintenance.maximum.value
    rate = min(above) if above else limits.rate if cut else None
    if rate is None:
        return None
    interval = entry.titration.interval.value
    when = next_change(case, entry, past)
    why = _next_step(entry, rate) if above else "the highest rate allowed now: " + limits.lowest.says
    says = f"{why}, if the patient needs it; the effect on pressure of the last change is seen after {interval}"
    return NextStep(rate, _pump(case, drug, rate, limits, step), when, says)


def next_change(case: Case, entry: Entry, past: History) -> datetime:
    """Return the earliest moment of a step up, now or later: the effect of the last change must have been seen.

    A single dose changes more than a rate does: its end is a change too, be it past or still to come.
    """
    interval = entry.titration.interval.value.in_unit("h")
    unchanged = Decimal(0) if past.unchanged_for is None else past.unchanged_for.in_unit("h")
    ends_h = past.last_dose_ends_in_h
    of_dose = Decimal(0) if ends_h is None else interval + ends_h
    return later(case.now, Quantity(max(interval - unchanged, of_dose, Decimal(0)), "h"))


def step_down(case: Case, drug: Drug, entry: Entry, *, past: History, limits: Ceiling, step: Quantity) -> NextStep:
    """Return the next step down, which is always open: a printed rate, or zero below the lowest of them."""
    running = past.running_rate
    assert running is not None  # the caller asks while one runs
    highest = min(running, limits.rate)
    below = [rate for rate in printed_rates(entry) if rate < running and rate <= highest]
    too_fast = running > limits.rate
    rate = max(below, default=limits.rate if too_fast else Quantity(Decimal(0), RATE))
    why = _next_step(entry, rate) if below else "stop: no lower rate is printed"
    if too_fast:
        why = f"down to what is allowed for this patient now: {limits.lowest.says}"
    return NextStep(rate, _pump(case, drug, rate, limits, step), case.now, why)


def weaning(
    case: Case, drug: Drug, entry: Entry, *, past: History, limits: Ceiling, step: Quantity, cleared: bool = True
) -> tuple[NextStep, ...]:
    """Return the printed steps from the running rate down to zero, each after the level has followed the one before.

    The time between two steps is the entry's number of half-lives: a choice of ours, since no source gives one. Where
    the kidneys are not known to clear the drug (`cleared`), no later step has a time.
    """
    running = past.running_rate
    assert running is not None  # the caller asks while one runs
    pause = Quantity(entry.titration.half_life.value.in_unit("h") * entry.titration.level_half_lives.value, "h")
    number = plain_number(entry.titration.level_half_lives.value)
    rates = [rate for rate in sorted(printed_rates(entry), reverse=True) if rate < min(running, limits.rate)]
    after = f"{number} half-lives after the step before"
    if not cleared:
        after += "; how long that is with these kidneys is not known, so no time stands here: measure a level"
    found: list[NextStep] = []
    when: datetime | None = case.now
    for rate in (*rates, Quantity(Decimal(0), RATE)):
        says = after if found else "as soon as the prescriber decides"
        found.append(NextStep(rate, _pump(case, drug, rate, limits, step), when, says))
        when = later(when, pause) if cleared and when is not None else None
    return tuple(found)


def printed_rates(entry: Entry) -> tuple[Quantity, ...]:
    """Return the rates that the entry prints, lowest first, each once: its minimum, its steps, its maximum."""
    part = entry.maintenance
    rates = (part.minimum, *part.steps, part.maximum)
    return tuple(sorted({rate.value.to(RATE) for rate in rates}))


def _next_step(entry: Entry, rate: Quantity) -> str:
    """Say whether the next step is one that a text prints, or one between these that is ours."""
    part = entry.maintenance
    same = [item.source for item in (part.minimum, *part.steps, part.maximum) if item.value.to(RATE) == rate]
    if all(source.status is Status.JUDGEMENT for source in same):
        return "the next step, which lies between the printed ones (judgement)"
    return "the next printed step"


def cap_reached_at(case: Case, entry: Entry, past: History) -> datetime | None:
    """Return when the cap of 24 h would be crossed if the present rate ran on; None when never, or without a cap.

    Between the ends that `window_ends` names the amount is a straight line in time, so the first crossing lies on the
    first of these lines that ends above the cap.
    """
    if entry.total_24_h is None or past.running_rate is None:
        return None
    cap = entry.total_24_h.maximum.value.in_unit("mcg/kg")
    per_h, given = past.running_rate.in_unit("mcg/kg/h"), amounts(past.pieces)

    def held(end_h: Decimal) -> Decimal:
        return given(end_h - DAY_H, end_h) + per_h * min(end_h, DAY_H)

    ends = sorted(end for end in window_ends(past) if end <= DAY_H)
    if held(ends[0]) > cap:
        return case.now
    for before, after in itertools.pairwise(ends):
        if held(after) > cap:
            share = (cap - held(before)) / (held(after) - held(before))
            return later(case.now, Quantity(before + share * (after - before), "h"))
    return None


def time_limit(case: Case, entry: Entry, past: History) -> TimeLimit | None:
    """Return when the run reaches the first of the entry's times that still lies ahead, else the last one reached."""
    if past.running_for is None:
        return None
    part = entry.duration
    known = [
        (limit.value, says)
        for limit, says in (
            (part.controlled_experience, "there is no controlled experience beyond it"),
            (part.longest, f"the longest that the {entry.authority} {'usually ' if part.usual else ''}gives"),
        )
        if limit is not None
    ]
    if part.until_age is not None:
        age_at_start = case.postnatal_age.in_unit("h") - past.running_for.in_unit("h")
        until = Quantity(part.until_age.value.in_unit("h") - age_at_start, "h")
        known.append((until, f"the {entry.authority} ends it at an age of {part.until_age.value}"))
    if not known:
        return None
    ahead = [pair for pair in known if pair[0] > past.running_for]
    after, says = min(ahead) if ahead else max(known)
    left = Quantity(after.in_unit("h") - past.running_for.in_unit("h"), "h")
    return TimeLimit(later(case.now, left), after, says)


def bag_ahead(case: Case, drug: Drug, entry: Entry, past: History, *, after_load: Quantity | None = None) -> BagAhead:
    """Return when the hanging bag is empty at the running rate, and when its storage life ends.

    A load that is going in as a rate empties it at that rate until it is in, and then at `after_load`; where no rate
    is known that would follow, nobody can say more than at the rate that runs.
    """
    bag, concentration = case.preparation, prepared_concentration(case, drug)
    if bag is None or bag.hung is None:
        return BagAhead(None, None, None)
    diluted = bag.product == "vial" and concentration is not None and concentration < vial_strength(drug)
    discard_at = later(bag.hung, entry.storage.diluted_life.value) if diluted else None
    left = left_in_bag(case, drug, past)
    if left is None or concentration is None or past.running_rate is None:
        return BagAhead(None, None, discard_at)
    weight, left_ml = case.patient.weight, left.in_unit("mL")
    ml_per_h = exact_flow(past.running_rate, weight=weight, concentration=concentration).in_unit("mL/h")
    load_h = rest_of_load(entry, past, case.now)[1]
    hours = left_ml / ml_per_h
    if load_h and after_load is not None and hours > load_h:
        then_ml_per_h = exact_flow(after_load, weight=weight, concentration=concentration).in_unit("mL/h")
        hours = load_h + (left_ml - ml_per_h * load_h) / then_ml_per_h
    return BagAhead(later(case.now, Quantity(hours, "h")), left, discard_at)


def left_in_bag(case: Case, drug: Drug, past: History) -> Quantity | None:
    """Return the volume left in the bag that hangs, mL, by what flowed since it was hung; None where nobody can say."""
    bag, concentration = case.preparation, prepared_concentration(case, drug)
    if bag is None or bag.hung is None or bag.volume is None or concentration is None:
        return None
    ml_per_mcg_per_kg = case.patient.weight.in_unit("kg") / concentration.in_unit("mcg/mL")
    used = amounts(past.infused)(hours_between(case.now, bag.hung), Decimal(0)) * ml_per_mcg_per_kg
    return Quantity(max(bag.volume.in_unit("mL") - used, Decimal(0)), "mL")


def emptying(case: Case, drug: Drug, entry: Entry, past: History, pump: PumpRate | None) -> Quantity | None:
    """Return how fast the bag empties: at what runs now, else at the setting; None without a concentration.

    While a load goes in as a rate, that rate ends soon and empties no bag: then the setting counts.
    """
    concentration = prepared_concentration(case, drug)
    running, loads = past.running_rate, loading_until(entry, past, case.now) is not None
    if pump is None or concentration is None or running is None or loads:
        return None if pump is None else pump.rate
    return exact_flow(running, weight=case.patient.weight, concentration=concentration)


def level_after_change(entry: Entry, *, cleared: bool) -> str:
    """Say that the level follows a change of rate only after some half-lives, though the pressure answers at once.

    Args:
        entry: Whose half-life and number of half-lives hold.
        cleared: Whether the kidneys are known to clear it; where they are not, no number of hours is given.
    """
    half_life, number = entry.titration.half_life, entry.titration.level_half_lives.value
    says = (
        f"pressure can be judged after {entry.titration.interval.value}, but the level goes on rising for about "
        f"{plain_number(number)} half-lives"
    )
    if not cleared:
        return (
            f"{says}. How long one is here is not known, and longer than the {half_life.value} of kidneys that clear "
            f"it. {half_life.note} Wait longer before a step up, and measure a level"
        )
    whole = Quantity(half_life.value.in_unit("h") * number, "h")
    return f"{says}: {whole.shown(0)} at a half-life of {half_life.value}, far longer when the kidneys fail"


def watch_after_stop(entry: Entry, *, cleared: bool) -> str:
    """Say for how long the drug must be watched after the pump stops.

    Args:
        entry: Whose half-life and number of half-lives hold.
        cleared: Whether the kidneys are known to clear it; where they are not, no number of hours is given.
    """
    half_life, number = entry.titration.half_life.value, entry.titration.watch_half_lives.value
    whole = Quantity(half_life.in_unit("h") * number, "h")
    if not cleared:
        return (
            f"after the stop the ECG is watched for at least {plain_number(number)} half-lives. How long one is here "
            f"is not known, and longer than the {half_life} of kidneys that clear it. "
            f"{entry.titration.half_life.note} Measure a level"
        )
    return (
        f"after the stop the ECG is watched for at least {plain_number(number)} half-lives, {whole.shown(0)} at a "
        f"half-life of {half_life}; far longer when the kidneys fail"
    )


def _pump(case: Case, drug: Drug, rate: Quantity, limits: Ceiling, step: Quantity) -> PumpRate | None:
    concentration = prepared_concentration(case, drug)
    if concentration is None or rate.value == 0:
        return None
    return to_pump(rate, weight=case.patient.weight, concentration=concentration, step=step, ceiling=limits)
