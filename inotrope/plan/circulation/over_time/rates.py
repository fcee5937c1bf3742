"""What each of a few permitted rates is expected to do: a table that informs and selects none.

Knows which rates are shown: what the plan proposes or what runs, the printed ones, and two below them. Which rates are
permitted, and when, `plan/target/allowing` says, as it does for a search.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import numpy as np

from inotrope.dosing import printed_rates
from inotrope.findings import Refusal
from inotrope.forecast.circulation import Foreseen, at
from inotrope.plan.circulation.course_record import RateExpected, RateQuantity
from inotrope.plan.circulation.over_time.asking import Asked
from inotrope.plan.circulation.over_time.numbers import INDEX, OUTPUT, likely, percent
from inotrope.plan.forecast_numbers import HOUR, LEVEL
from inotrope.plan.outcome import Outcome
from inotrope.plan.target.allowing.allowed import allowed_rates
from inotrope.plan.target.allowing.ways import PAUSE, RATE, Setting, Way, rounded
from inotrope.population import Flow
from inotrope.units import Quantity, round_half_up

MOST = 8
LOW = (Decimal(1) / 3, Decimal(2) / 3)
"""Of the lowest printed rate: a judgement; what a ward steps down to."""
OF_A_RATE = (INDEX, OUTPUT, "MAP", "PCWP", "SVR", "HR")
RUNS, OWN, PRINTED, BELOW, NOTHING = (
    "runs now",
    "this plan's rate",
    "printed",
    "below what is printed",
    "nothing from now on",
)
_MINUTES = 60.0


class Permitted(NamedTuple):
    """One rate that may be chosen: as it is asked for, as it is given, why it is shown, and the way to it."""

    rate: Quantity
    setting: Setting
    because: str
    way: Way

    @property
    def starts(self) -> Quantity:
        """When it runs, from now."""
        return Quantity(round_half_up(self.way.stages[self.way.stage_of(self.setting.rate)].from_h, 2), HOUR)

    def flowing(self, asked: Asked) -> tuple[Flow, ...]:
        """Return everything that flows on the way to it."""
        ahead = (
            Flow(
                float(part.from_h),
                np.inf if part.to_h is None else float(part.to_h),
                float(part.rate.in_unit(RATE)) * asked.weight_kg * _MINUTES,
            )
            for part in self.way.segments(self.setting.rate)
        )
        return (*asked.under(None), *ahead)


def permitted_of(outcome: Outcome) -> tuple[Permitted, ...] | tuple[Refusal, ...]:
    """Return the rates that are shown, the lowest first; or why none may be chosen now."""
    allowed = allowed_rates(outcome)
    if isinstance(allowed, tuple):
        return allowed
    way, found = allowed.ways[0], dict[int, tuple[Quantity, list[str]]]()
    for rate, because in _wanted(outcome):
        place = _place(way, rate)
        if place is not None:
            kept = found.setdefault(place, (rate, []))[1]
            kept += [] if because in kept else [because]
    return tuple(
        Permitted(rate, way.settings[place], ", ".join(because), way)
        for place, (rate, because) in sorted(found.items())[-MOST:]
    )


def _wanted(outcome: Outcome) -> list[tuple[Quantity, str]]:
    """Return the rates that would be shown if they are permitted, those first whose own number is kept."""
    regimen, entry, running = outcome.regimen, outcome.entry, outcome.past.running_rate
    assert regimen is not None and entry is not None  # what allows a rate has both
    found = [(running.to(RATE), RUNS), (PAUSE, NOTHING)] if running is not None else []
    found += [] if running is not None else [(regimen.maintenance.rate.to(RATE), OWN)]
    found += [(rate, PRINTED) for rate in printed_rates(entry)]
    lowest = entry.maintenance.minimum.value.in_unit(RATE)
    return found + [(rounded(Quantity(lowest * share, RATE)), BELOW) for share in LOW]


def _place(way: Way, rate: Quantity) -> int | None:
    """Return the place of the setting that gives a rate; None where no permitted one does."""
    if not rate.value:
        return next((place for place, item in enumerate(way.settings) if not item.rate.value), None)
    return way.setting_of(rate)


def rate_expected(asked: Asked, permitted: Permitted, found: Foreseen, most_unfilled: float) -> RateExpected:
    """Return what one rate is expected to do.

    Args:
        asked: Whom, and below which pressure is warned.
        permitted: The rate.
        found: What is foreseen under it.
        most_unfilled: The largest share without an answer at which its quantities are told.
    """
    below = None if asked.limit_mmhg is None else found.below(asked.limit_mmhg)
    unfilled = float(found.unfilled.max())
    told = () if unfilled > most_unfilled else _quantities(asked, found)
    level = at(found.level, -1)
    return RateExpected(
        rate=permitted.rate,
        starts=permitted.starts,
        because=permitted.because,
        level=likely(level, LEVEL),
        quantities=told,
        below=None if below is None else percent(below.ever),
        below_at_the_end=None if below is None else percent(below.at[-1]),
        extrapolated=percent(found.extrapolated[-1]),
        unfilled=percent(unfilled),
    )


def _quantities(asked: Asked, found: Foreseen) -> tuple[RateQuantity, ...]:
    return tuple(
        RateQuantity(item.what, item.short, likely(at(found.of(item.name), -1), item.unit, item.scale))
        for item in asked.shown
        if item.short in OF_A_RATE
    )
