"""What a plan holds about a drug that runs or ran: the rate now, what was given, and what lies ahead.

Knows shapes only; `running.py` fills them. Every moment is one of the case's own time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inotrope.units import Quantity


@dataclass(frozen=True, slots=True)
class RunningStep:
    """One change of rate, up or down; a rate of zero is a stop.

    `pump_rate`, `delivered_rate` and `delivered_error` (how far the delivered rate is off) are null without a
    concentration, and at zero. `do_not_set` is true where it is off by more than the share at which a plan stops.
    `not_before` is null where nobody knows how long the level takes to follow. `after_the_limit` is true where that
    moment lies past a time limit that is still ahead.
    """

    rate: Quantity
    pump_rate: Quantity | None
    delivered_rate: Quantity | None
    delivered_error: Quantity | None
    do_not_set: bool
    not_before: datetime | None
    after_the_limit: bool
    says: str


@dataclass(frozen=True, slots=True)
class RunningInfusion:
    """An infusion that runs while the plan is made, and what the plan means for it; said in every status.

    Attributes:
        rate: Per body weight.
        pump_rate: What the present bag and weight make of the recorded rate, not rounded; null without a concentration.
        pump_setting: The setting of this pump that is nearest to it, or the next one down where that would deliver more
            than is allowed; the pump itself says which one it is.
        since: Time since the first infusion of the unbroken run.
        above_allowed: Whether it is faster than the highest rate allowed now; null where no rate is proposed and it is
            not above what is known of the limits, since nobody can say that it is within them.
        says: What the plan means for it.
        loading_until: Until when a load that is given by rate goes in; null when none does.
        cap_reached_at: When the 24 h cap would be crossed at this rate; null when never, or without a cap.
        next_up: The next step up; null when none is allowed, and under a stop or a refusal.
        next_down: The next step down; null under a stop or a refusal.
        weaning: The printed steps down to zero; empty under a stop or a refusal.
        bag_ends: When the hanging bag is empty at this rate, or at that which follows a load; null where the case does
            not say since when it hangs.
        bag_expires: When a diluted bag has hung for as long as it keeps.
        limit_reached_at: When it will have run for as long as the entry has a word about.
        limit_says: Which time that is.
        watch_until_after_stop: For how long to watch once it is stopped.
    """

    rate: Quantity
    pump_rate: Quantity | None
    pump_setting: Quantity | None
    since: Quantity | None
    above_allowed: bool | None
    says: str
    loading_until: datetime | None
    cap_reached_at: datetime | None
    next_up: RunningStep | None
    next_down: RunningStep | None
    weaning: tuple[RunningStep, ...]
    bag_ends: datetime | None
    bag_expires: datetime | None
    limit_reached_at: datetime | None
    limit_says: str
    watch_until_after_stop: str


@dataclass(frozen=True, slots=True)
class PausedInfusion:
    """An infusion that was given and does not run now."""

    since: datetime
    last_rate: Quantity
    says: str


@dataclass(frozen=True, slots=True)
class GivenSoFar:
    """What was given before the plan; `cap` and `left_24_h` are null where the entry has no cap.

    `left_24_h` is null as well where no rate is proposed and it is above zero: what a cap leaves is then no leave to
    give it, or the record perhaps does not hold all that was given: then `complete` is false, and the amounts are the
    least that was.

    `dose_until` is when a dose that was drawn up and is still going in has been given, null where none is; `dose_says`
    what the plan means for it and for what follows, empty where none is.

    `load_cut_short` says how much of a load by rate went in before it was broken off, and that nobody gives the rest
    without a new order; empty where none was.
    """

    complete: bool
    in_24_h: Quantity
    worst_24_h: Quantity
    cap: Quantity | None
    left_24_h: Quantity | None
    since: datetime | None
    paused: PausedInfusion | None
    load_cut_short: str
    dose_until: datetime | None
    dose_says: str
