"""What is given from now on, as a plan says it: what runs up to where the plan changes it, or what the plan proposes.

The one place that knows it: forecast, what-if, circulation, fit and search ask here, so that what is foreseen is what
the plan says will be given. It proposes nothing itself, and takes no step upward, downward or of weaning for granted:
these wait for a person.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from inotrope.dosing import LoadingDose, PartKind, Regimen, RegimenPart, WrittenRegimen, loading_until
from inotrope.dosing.total import look_ahead
from inotrope.findings import Truth
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.units import Quantity, hours_between, later, round_half_up

HOUR = "h"
UNCHANGED = "what runs goes on unchanged"
NO_RATE_FOLLOWS = (
    f"{UNCHANGED}, also after its load ends at {{until}}: no rate is proposed that would follow, so that every level "
    "after that is one of a load that nobody lowers"
)


class GivenAhead(NamedTuple):
    """What is given from now on.

    Attributes:
        regimen: Its parts; None where nothing more is given. A dose that is drawn up and still going in goes on beside
            it, and until its end the first part is a pause.
        says: The same in words, as they go on after "it is supposed that".
        first: The part that keeps its place before any other rate: a load, the rest of one, or the wait for its end.
        going_in: Whether that load is going in by now, so that it is none of this plan's.
    """

    regimen: WrittenRegimen | None
    says: str
    first: RegimenPart | None = None
    going_in: bool = False

    @property
    def text(self) -> str:
        """The regimen as it is told; empty where nothing more is given."""
        if self.regimen is None or self.first is None or self.first.kind is not PartKind.PAUSE:
            return "" if self.regimen is None else str(self.regimen)
        rest = (str(part) for part in self.regimen.parts[1:])
        return "; ".join((f"nothing but the dose that is going in for {self.first.duration}", *rest))


def given_ahead(outcome: Outcome) -> GivenAhead | None:
    """Return what is given from now on; None where neither a dose is proposed nor one was given.

    Where an infusion runs, that infusion is followed and not the start that a text would propose; a stop or a refusal
    proposes nothing, so only what was given is followed.
    """
    if outcome.past.running is Truth.PRESENT:
        return what_runs(outcome)
    shown = _shown(outcome)
    if shown is not None:
        regimen = proposed(outcome, shown)
        load = shown.load
        return GivenAhead(regimen, _says_proposed(load), regimen.parts[0] if load.duration is not None else None)
    if outcome.past.given_before is Truth.PRESENT:
        return GivenAhead(None, "nothing more is given")
    return None


def what_runs(outcome: Outcome) -> GivenAhead | None:
    """Return how what runs goes on; None where nothing runs.

    A load that is going in ends when it is in, and the rate of the plan follows it: a first rate is lowered at that
    time, and after a dose that is drawn up the infusion begins. Where the entry ends within the day, what runs ends
    with it, as what a plan proposes does and as its total of 24 h counts.
    """
    past = outcome.past
    if past.running is not Truth.PRESENT:
        return None
    shown = _shown(outcome)
    if past.running_rate is None:
        return _after_a_dose(outcome, shown)
    until = loading_until(outcome.entry, past, outcome.case.now)
    if until is None:
        return _unchanged(outcome, past.running_rate, shown)
    if shown is None:
        says = NO_RATE_FOLLOWS.format(until=_clock(until, outcome))
        return GivenAhead(WrittenRegimen((RegimenPart.infusion(past.running_rate),)), says)
    first = RegimenPart.infusion(past.running_rate, _lasting(hours_between(outcome.case.now, until)))
    return _after(outcome, shown, first, "the load", _clock(until, outcome))


def proposed(outcome: Outcome, regimen: Regimen) -> WrittenRegimen:
    """Return the load, if there is one, and the rate that the pump delivers; no step upward is taken for granted.

    Where the entry ends within the day, the rate ends with it.
    """
    load, first = regimen.load, tuple[RegimenPart, ...]()
    if load.duration is not None:
        if load.rate is not None:
            first = (RegimenPart.infusion(load.rate, load.duration),)
        else:
            assert load.dose is not None  # a load with a time is a rate or a dose
            first = (RegimenPart.load(load.dose, load.duration),)
    return _up_to_the_end(outcome, regimen, first)


def _shown(outcome: Outcome) -> Regimen | None:
    """Return what a plan proposes; None where it proposes nothing."""
    return outcome.regimen if outcome.status is PlanStatus.PLAN else None


def _after_a_dose(outcome: Outcome, shown: Regimen | None) -> GivenAhead:
    """Return what follows a dose that was drawn up and is still going in."""
    left_h = outcome.past.dose_ends_in_h
    until = _clock(later(outcome.case.now, Quantity(left_h, HOUR)), outcome)
    if shown is None:
        return GivenAhead(None, f"the dose that is going in ends at {until}, and nothing more is given")
    return _after(outcome, shown, RegimenPart.pause(_lasting(left_h)), "the dose", until)


def _after(outcome: Outcome, shown: Regimen, going_in: RegimenPart, what: str, until: str) -> GivenAhead:
    """Return what is going in and then the rate of a plan; that part alone where the entry ends before it."""
    regimen, stop_h = _up_to_the_end(outcome, shown, (going_in,)), _stop_h(outcome, shown)
    ends = "" if stop_h is None else _says_end(outcome, stop_h)
    if len(regimen.parts) == 1:
        says = f"{what} that is going in goes on{ends}, and nothing follows it"
    else:
        says = (
            f"{what} that is going in ends at {until}, and the rate of this plan follows it{ends}, with no step upward"
        )
    return GivenAhead(regimen, says, regimen.parts[0], going_in=True)


def _unchanged(outcome: Outcome, rate: Quantity, shown: Regimen | None) -> GivenAhead:
    stop_h = None if shown is None else _stop_h(outcome, shown)
    if stop_h is None:
        return GivenAhead(WrittenRegimen((RegimenPart.infusion(rate),)), UNCHANGED)
    return GivenAhead(
        WrittenRegimen((RegimenPart.infusion(rate, _lasting(stop_h)),)), UNCHANGED + _says_end(outcome, stop_h)
    )


def _up_to_the_end(outcome: Outcome, regimen: Regimen, first: tuple[RegimenPart, ...]) -> WrittenRegimen:
    """Return what comes first and then the rate of a plan, up to the end of its entry."""
    delivered = regimen.maintenance.delivered
    rate = Quantity(round_half_up(delivered.value, 4), delivered.unit)
    used_h = sum((part.duration.in_unit(HOUR) for part in first if part.duration is not None), Decimal(0))
    stop_h = _stop_h(outcome, regimen)
    if stop_h is None:
        return WrittenRegimen((*first, RegimenPart.infusion(rate)))
    if stop_h <= used_h:  # what goes in first lasts as long as its entry: nothing follows it
        return WrittenRegimen(tuple(_cut(part, stop_h) for part in first))
    return WrittenRegimen((*first, RegimenPart.infusion(rate, Quantity(round_half_up(stop_h - used_h, 2), HOUR))))


def _cut(part: RegimenPart, stop_h: Decimal) -> RegimenPart:
    """Return a rate or a pause that ends earlier; a dose that is drawn up goes in whole."""
    return part if part.dose is not None else RegimenPart(part.kind, None, part.rate, _lasting(stop_h))


def _stop_h(outcome: Outcome, regimen: Regimen) -> Decimal | None:
    """Return in how many hours the entry ends; None where that is a day away or more, or is past."""
    return look_ahead(regimen.entry, outcome.case, outcome.past, regimen.load).stop_h


def _says_end(outcome: Outcome, stop_h: Decimal) -> str:
    ends = _clock(later(outcome.case.now, Quantity(stop_h, HOUR)), outcome)
    return f" until {ends}, when this entry ends"


def _lasting(hours: Decimal) -> Quantity:
    """Return a time as a ward reads it: in hours where these are short, else in minutes."""
    short = round_half_up(hours, 2)
    return Quantity(short, HOUR) if short == round_half_up(hours, 6) else Quantity(round_half_up(hours * 60, 4), "min")


def _clock(moment: datetime, outcome: Outcome) -> str:
    """Return a moment by the ward's clock, with its date where that is another day."""
    now = outcome.case.now
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M}"


def _says_proposed(load: LoadingDose) -> str:
    if not load.given:
        return "the rate of this plan from now on, without a load, and no step upward"
    open_ = " (the load as if all that speaks for it were settled)" if load.only_if else ""
    return f"the load and the rate of this plan from now on, and no step upward{open_}"
