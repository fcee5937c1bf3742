"""What if: a pause, another rate, kidneys that fall; every model before and after, with the same draws.

Knows how such a question is written and which moments it asks for. It proposes nothing and allows nothing: where the
plan proposes no rate, no other rate is supposed either, and a rate above the plan's limit is called that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inotrope.dosing import PartKind, RegimenPart, WrittenRegimen
from inotrope.errors import RequestError, shorten
from inotrope.forecast import Forecast, KidneyChange, ModelForecast, with_pause, with_rate
from inotrope.plan.forecast_numbers import CURVE_H, HOUR, LEVEL, at, spreading
from inotrope.plan.forecast_record import IN_THE_END, WhatIf, WhatIfModel, WhatIfMoment
from inotrope.plan.given_ahead import GivenAhead
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.units import Quantity, read_quantity, round_half_up

FORM = "'pause 2 h', 'pause 2 h after 6 h', 'rate 0.5 mcg/kg/min', 'kidney 30 mL/min/1.73 m2 at 14:00'"
_TEXT = re.compile(r"\s*(pause|rate|kidney)(?:\s*[=:]\s*|\s+)(.+?)(?:\s+(after|at)\s+(.+?))?\s*", re.IGNORECASE)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d", re.ASCII)
_DAY_MIN, _HOUR_MIN = 1440, 60
SHOWN_DECIMALS = 4
"""Of a rate, as a plan shows it: whoever types the highest rate as it stands there is not above it."""
_KINDS = {
    "pause": ("Pause", "time"),
    "rate": ("Rate", "rate per body weight"),
    "kidney": ("Kidney function", "flow per body surface area"),
}
Ask = Callable[..., Forecast]


@dataclass(frozen=True, slots=True)
class Change:
    """One change that is supposed: what, how much, how long from now, and by which time of the clock, if by one."""

    what: str
    value: Quantity
    after: Quantity
    clock: str = ""

    def __str__(self) -> str:
        """Say it as it is written, a time of the clock with how long that is from now."""
        if not self.clock:
            return f"{self.what} {self.value} " + (f"after {self.after}" if self.after.value else "from now on")
        hours, minutes = divmod(int(self.after.in_unit("min")), _HOUR_MIN)
        left = " ".join(f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min")) if count)
        return f"{self.what} {self.value} at {self.clock}, " + (f"{left} from now" if left else "from now on")

    @property
    def after_h(self) -> Decimal:
        """Hours from now."""
        return self.after.in_unit(HOUR)


def read_changes(texts: Iterable[str], *, now: datetime) -> tuple[Change, ...]:
    """Return the changes that were asked for.

    Args:
        texts: As they were written.
        now: The time of the case; `at 14:00` is the next such time by its clock.

    Raises:
        RequestError: Not of the form `pause 2 h after 6 h`, no time of the clock, or later than the forecast goes.
        UnitError: A value without a unit or with a wrong one.
    """
    return tuple(_read(text, now) for text in texts)


def _read(raw: str, now: datetime) -> Change:
    text = " ".join(raw.split())  # a line that was broken where it was copied from says the same
    found = _TEXT.fullmatch(text)
    if found is None:
        says = f"'{shorten(text)}' is no change that can be supposed. Write it such as {FORM}."
        raise RequestError(says, value=text, accepted=FORM)
    what = found[1].lower()
    name, dimension = _KINDS[what]
    value = read_quantity(found[2], what=name, dimensions=(dimension,))
    after = Quantity(Decimal(0), HOUR)
    if (found[3] or "").lower() == "at":
        return Change(what, value, _until(found[4], now, text), found[4])
    if found[3] is not None:
        after = read_quantity(found[4], what="The time of the change", dimensions=("time",), positive=False)
    if not 0 <= after.in_unit(HOUR) < CURVE_H:
        says = f"A change {after} from now lies outside the {CURVE_H} h of the forecast."
        raise RequestError(says, value=text, accepted=f"0 h or later, and before {CURVE_H} h")
    return Change(what, value, after)


def _until(clock: str, now: datetime, text: str) -> Quantity:
    """Return how long it is from now to the next such time, in whole minutes: always less than a day."""
    if not _CLOCK.fullmatch(clock):
        says = f"'{shorten(clock)}' is no time of the clock. Write it such as 14:00, or how long from now: 'after 6 h'."
        raise RequestError(says, value=text, accepted="a time such as 14:00")
    hour, minute = clock.split(":")
    left = (int(hour) * _HOUR_MIN + int(minute) - now.hour * _HOUR_MIN - now.minute) % _DAY_MIN
    return Quantity(Decimal(left), "min") if left % _HOUR_MIN else Quantity(Decimal(left // _HOUR_MIN), HOUR)


@dataclass(frozen=True, slots=True, eq=False)
class Then:
    """The forecast after a change, with what must be said of it; None with the reason where none is made."""

    forecast: Forecast | None
    says: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


def suppose(outcome: Outcome, change: Change, before: Forecast, meant: GivenAhead, ask: Ask) -> WhatIf:
    """Return what a change does to the levels by every model that answers.

    Args:
        outcome: What the plan found.
        change: What is supposed.
        before: The forecast without it.
        meant: What that forecast supposes.
        ask: Gives a forecast of a regimen by the same models, with the same draws.
    """
    return told_change(change, before, then(outcome, change, meant, ask))


def then(outcome: Outcome, change: Change, meant: GivenAhead, ask: Ask) -> Then:
    """Return the forecast after a change; arguments as `suppose`."""
    flowing = meant.regimen
    if change.what == "kidney":
        return Then(ask(flowing, kidney_change=KidneyChange(change.value, float(change.after_h))))
    if flowing is None:
        return Then(None, refused="Nothing is given from now on that could change.")
    if change.what == "pause":
        paused = _cut(lambda: with_pause(flowing, after=change.after, lasting=change.value))
        return Then(None, refused=paused) if isinstance(paused, str) else Then(ask(paused))
    if outcome.status is not PlanStatus.PLAN or outcome.regimen is None:
        return Then(None, refused="This plan proposes no rate, so that no other rate is supposed here.")
    load = meant.first
    if load is not None and load.duration is not None and change.after > load.duration:
        load = None
    other = _cut(lambda: _ending_as(flowing, _with_rate(flowing, load, change)))
    if isinstance(other, str):
        return Then(None, refused=other)
    most, says, notes = outcome.regimen.maintenance.maximum, [], []
    if change.value > most and change.value.value != round_half_up(most.in_unit(change.value.unit), SHOWN_DECIMALS):
        above = f"{change.value} lies above what this plan allows now ({most.shown(SHOWN_DECIMALS)})"
        says.append(f"{above}: this says what the level would be, no more.")
    if load is not None and load.duration != change.after:
        notes.append(_kept(load, going_in=meant.going_in))
    return Then(ask(other), says=tuple(says), notes=tuple(notes))


def _with_rate(regimen: WrittenRegimen, load: RegimenPart | None, change: Change) -> WrittenRegimen:
    """Return a regimen with another rate, after the load where one comes first; an error where it is over by then."""
    if load is None:
        return with_rate(regimen, after=change.after, rate=change.value)
    if len(regimen.parts) == 1:
        raise RequestError(f"The regimen '{regimen}' is over after its load: no rate follows it.", value=str(regimen))
    return WrittenRegimen((load, RegimenPart.infusion(change.value)))


def _ending_as(before: WrittenRegimen, other: WrittenRegimen) -> WrittenRegimen:
    """Return a regimen whose last rate ends when that of another does: a rate outlasts no entry that ends."""
    ends, last = before.timed()[-1].end_h, other.timed()[-1]
    if ends is None:
        return other
    left = Quantity(round_half_up(ends - last.start_h, 2), HOUR)
    return WrittenRegimen((*other.parts[:-1], RegimenPart(last.part.kind, last.part.dose, last.part.rate, left)))


def _kept(load: RegimenPart, *, going_in: bool) -> str:
    """Say that another rate waits for the load: who asks about a rate does not mean that it is left out."""
    if load.kind is PartKind.PAUSE:
        return f"The dose that is going in is given whole ({load.duration} are left); the rate follows it."
    if load.kind is PartKind.LOAD:
        return f"The load of this plan is given whole ({load}); the rate follows it."
    whose = "that is going in" if going_in else "of this plan"
    return f"The first rate {whose}, in the place of a load, is kept ({load}); the rate after it is supposed."


def told_change(change: Change, before: Forecast, after: Then) -> WhatIf:
    """Return a change with the levels before and after it, or why there are none."""
    if after.forecast is None:
        return WhatIf(asked=str(change), regimen="", says=(), notes=(), models=(), refused=after.refused)
    pairs = zip(before.models, after.forecast.models, strict=True)
    models = tuple(_of_model(change, before.step_h, old, new) for old, new in pairs if old.answers)
    return WhatIf(
        asked=str(change), regimen=after.forecast.regimen, says=after.says, notes=after.notes, models=models, refused=""
    )


def _cut(make: Callable[[], WrittenRegimen]) -> WrittenRegimen | str:
    """Return the changed regimen, or why there is none: it may be over by then."""
    try:
        return make()
    except RequestError as problem:
        return problem.says


def _of_model(change: Change, step_h: float, old: ModelForecast, new: ModelForecast) -> WhatIfModel:
    moments = []
    if old.curve is not None and new.curve is not None:
        last = len(old.curve.typical_ng_per_ml) - 1
        places = [last]
        if change.what == "pause":
            places.insert(0, round(float(change.after_h + change.value.in_unit(HOUR)) / step_h))
        moments = [
            WhatIfMoment(
                f"at {place * step_h:g} h",
                spreading(at(old.curve, place), LEVEL),
                spreading(at(new.curve, place), LEVEL),
            )
            for place in dict.fromkeys(places)
            if place <= last
        ]
    if change.what != "pause" and old.steady is not None and new.steady is not None:
        moments.append(WhatIfMoment(IN_THE_END, spreading(old.steady, LEVEL), spreading(new.steady, LEVEL)))
    return WhatIfModel(old.model, tuple(moments), new.refused)
