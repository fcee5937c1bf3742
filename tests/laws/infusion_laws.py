"""Laws of an infusion that runs or is paused, in one plan: next steps, the cap ahead, the bag, what was given.

Checked against the second reading of what was given (`second_history.py`), minute by minute.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from inotrope.plan import Plan, PlanStatus
from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.one_plan import GRAIN, HAIR, delivered, rate_of
from tests.laws.patients import Document
from tests.laws.printed import BY_ID, CAP


def check_running(document: Document, plan: Plan) -> None:
    """What runs is told in every status; its next steps stay within every limit and every interval."""
    runs = history.infusion_runs(document)
    assert (plan.running is not None) == runs
    if plan.running is None:
        return
    rate = history.running_rate(document) / 60
    assert abs(rate_of(plan.running.rate) - rate) <= HAIR
    told = plan.running
    if plan.status is PlanStatus.PLAN:
        check_next_steps(document, plan, rate)
    elif plan.entry is None:
        assert told.cap_reached_at is None and told.limit_reached_at is None
    if plan.entry is not None and BY_ID[plan.entry.id].cap is not None and not history.contradicts_itself(document):
        check_cap_ahead(document, told.cap_reached_at, rate)
    if plan.entry is not None and BY_ID[plan.entry.id].cap is None:
        assert told.cap_reached_at is None
    check_bag(document, told)


def check_next_steps(document: Document, plan: Plan, rate: Fraction) -> None:
    """A step up is above what runs, within the ceiling, half an hour after the last change; a step down is below."""
    assert plan.running is not None and plan.entry is not None and plan.maintenance is not None
    entry, told, now = BY_ID[plan.entry.id], plan.running, plan.made_for
    ceiling = rate_of(plan.maintenance.maximum)
    against = look.against_a_load(plan.findings)
    if told.next_up is not None:
        up = rate_of(told.next_up.rate)
        assert rate < up <= ceiling <= entry.top
        assert up in entry.steps or up == ceiling
        assert not against and told.loading_until is None
        assert told.next_up.not_before >= now
        changed = now - timedelta(seconds=float(history.unchanged_for(document) * 3600))
        assert told.next_up.not_before >= changed + timedelta(minutes=30) - timedelta(seconds=1)
        real = delivered(document, told.next_up.pump_rate, told.next_up.rate)
        assert real <= ceiling + HAIR
        if entry.cap is not None:
            assert history.fullest(history.pieces(document), real) <= CAP + GRAIN
    if told.loading_until is not None:
        # A load that is cut short or raised on the way is another load.
        assert history.is_loading(document, entry)
        assert told.next_up is None and told.next_down is None and told.weaning == ()
        return
    assert told.next_down is not None and rate_of(told.next_down.rate) < rate
    assert told.next_down.not_before <= now
    down = [rate_of(step.rate) for step in told.weaning]
    assert down and down[-1] == 0 and down[0] < rate and down == sorted(down, reverse=True)
    times = [step.not_before for step in told.weaning]
    assert times[0] is not None and times[0] >= now
    known = [time for time in times if time is not None]
    assert known == sorted(known) and None not in times[: len(known)]  # without a half-life no later time is known
    assert set(down) <= {Fraction(0), *entry.steps}


def check_cap_ahead(document: Document, at: datetime | None, rate: Fraction) -> None:
    """Up to the moment named the windows hold no more than the cap; from then on, with this rate, they do."""
    sums = history.windows(history.pieces(document), rate)
    if at is None:
        assert max(sums) <= CAP + GRAIN
        return
    ahead = (at - datetime.fromisoformat(document["now"])) / timedelta(minutes=1)
    assert ahead >= 0
    until = int(ahead)
    assert until == 0 or max(sums[: until + 1]) <= CAP + GRAIN * 10
    assert max(sums[until : until + 3]) > CAP - GRAIN * 10 - float(rate)


def check_bag(document: Document, told: Any) -> None:
    """A bag that nobody hung ends at no known time; one that hangs is empty no earlier than now."""
    bag = document.get("preparation") or {}
    now = datetime.fromisoformat(document["now"])
    if "hung" not in bag:
        assert told.bag_ends is None and told.bag_expires is None
        return
    if told.bag_ends is not None:
        assert told.bag_ends >= now
        strength, weight = look.concentration(document), look.number(document["patient"]["weight"])
        assert strength is not None
        hung = history.hours(datetime.fromisoformat(bag["hung"]) - now)
        flowed = history.given([p for p in history.infusions(document) if p.rate > 0], hung, Fraction(0))
        left = max(look.number(bag["volume"]) - flowed * weight / strength, Fraction(0))
        expected = left / (history.running_rate(document) * weight / strength)
        assert abs(float(history.hours(told.bag_ends - now) - expected)) * 60 <= 1  # min
    if told.bag_expires is not None:
        hangs = history.hours(told.bag_expires - datetime.fromisoformat(bag["hung"]))
        assert hangs == 72  # davis-guide: a diluted bag at room temperature


def check_given(document: Document, plan: Plan) -> None:
    """What was given, what is left of the cap, and the pause are the record's, summed a second time."""
    assert (plan.given is None) == (not history.recorded(document))
    if plan.given is None or history.contradicts_itself(document):
        return
    past = history.pieces(document)
    in_24_h = history.given(past, Fraction(-24), Fraction(0))
    assert abs(Fraction(plan.given.in_24_h.in_unit("mcg/kg")) - in_24_h) <= GRAIN
    cap = None if plan.entry is None else BY_ID[plan.entry.id].cap
    assert (plan.given.cap is None) == (cap is None)
    if plan.maintenance is not None:  # without a rate only "nothing is left" is said
        assert (plan.given.left_24_h is None) == (cap is None)
    if cap is None:
        assert plan.given.left_24_h is None
    if cap is not None and plan.given.left_24_h is not None:
        assert abs(Fraction(plan.given.left_24_h.in_unit("mcg/kg")) - max(cap - in_24_h, Fraction(0))) <= GRAIN
    last = history.last_rate(document)
    assert (plan.given.paused is None) == (last is None)
    if plan.given.paused is not None and last is not None:
        assert abs(rate_of(plan.given.paused.last_rate) - last / 60) <= HAIR
        assert plan.loading_dose is None or not plan.loading_dose.given
