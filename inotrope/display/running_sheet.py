"""What was given, what runs, and what lies ahead of it: the part of a plan that the night shift reads.

Knows that a moment is shown with its date where it is another day, and that every mL/h stands beside its product. It
computes nothing.
"""

from __future__ import annotations

from datetime import datetime

from inotrope.display.plan_dose import bag, off_by, setting
from inotrope.display.sheet import Block, Lines, Mark, Paragraph, Row, Rows, Section, Table, rate, total
from inotrope.plan import Plan, PlanStatus
from inotrope.plan.running import asked_of_the_rate
from inotrope.plan.running_record import GivenSoFar, RunningInfusion, RunningStep


def running_section(plan: Plan) -> Section:
    """Return what was given and what lies ahead; without blocks where nothing is recorded or was ever given."""
    rows: list[Row] = []
    blocks: list[Block] = []
    if plan.given is not None and plan.given.since is not None:
        rows += _given(plan, plan.given)
    if plan.running is not None:
        rows += _ahead(plan, plan.running)
    if rows:
        blocks.append(Rows(tuple(rows)))
    if plan.running is not None:
        blocks += _steps(plan, plan.running)
    return Section("Given so far, and what lies ahead", tuple(blocks))


def _given(plan: Plan, part: GivenSoFar) -> list[Row]:
    assert part.since is not None  # the caller asks where something was given
    of = "no cap on 24 h is sourced for this use" if part.cap is None else f"of at most {part.cap}"
    least = "" if part.complete else "at least "
    rows = [Row("Last 24 h", f"{least}{total(part.in_24_h)}, {of}; first given {clock(part.since, plan.made_for)}")]
    if part.left_24_h is not None:
        rows.append(Row("Left now", f"{total(part.left_24_h)} of that cap; the window moves on with the clock"))
    if part.worst_24_h != part.in_24_h:
        rows.append(Row("Fullest 24 h", f"{total(part.worst_24_h)}, a window that ended earlier"))
    if part.paused is not None:
        since = clock(part.paused.since, plan.made_for)
        rows.append(Row("Paused", f"since {since}. {part.paused.says}.", strong=True, mark=Mark.WARN))
    if part.load_cut_short:
        rows.append(Row("Load", f"{part.load_cut_short}.", strong=True, mark=Mark.WARN))
    if part.dose_says:
        rows.append(Row("Dose", f"{part.dose_says}.", strong=True))
    return rows


def load_by_rate(plan: Plan, until: datetime) -> str:
    """Say until when a load that is given by rate goes in, and to which rate it is lowered then."""
    part, says = plan.maintenance, f"until {clock(until, plan.made_for)}; then lower the rate"
    if part is None or not _rate_follows(plan):
        return says
    pump = "" if part.pump_rate is None else f": set {rate(part.pump_rate)} of {bag(plan)}"
    return f"{says} to {rate(part.rate)}{pump}"


def _rate_follows(plan: Plan) -> bool:
    """Tell whether a load that is going in is followed by the rate of the plan."""
    loads = plan.running is not None and plan.running.loading_until is not None
    return loads and plan.status is PlanStatus.PLAN and asked_of_the_rate(plan.findings) is None


def _ahead(plan: Plan, part: RunningInfusion) -> list[Row]:
    now = plan.made_for
    rows = []
    if part.loading_until is not None:
        rows.append(Row("Load by rate", load_by_rate(plan, part.loading_until), strong=True))
    if part.cap_reached_at is not None:
        at = "now" if part.cap_reached_at <= now else clock(part.cap_reached_at, now)
        rows.append(Row("24 h cap", f"reached {at} if this rate runs on", strong=True, mark=Mark.WARN))
    if part.limit_reached_at is not None:
        reached = part.limit_reached_at <= now
        says = f"{'since ' if reached else ''}{clock(part.limit_reached_at, now)}: {part.limit_says}"
        rows.append(Row("Time limit", says, mark=Mark.WARN if reached else None))
    if part.bag_ends is not None:
        over, end = part.bag_ends <= now, clock(part.bag_ends, now)
        at = "what runs and then follows the load" if _rate_follows(plan) else "the rate that runs"
        says = "should be empty by now: look at it" if over else f"empty {end} at {at}"
        hang = f"{bag(plan) or 'the present bag'}: {says}; hang the next one without a pause"
        rows.append(Row("Bag", hang, strong=over, mark=Mark.WARN if over else None))
    if part.bag_expires is not None:
        over = part.bag_expires <= now
        says = f"{'expired ' if over else 'until '}{clock(part.bag_expires, now)}"
        rows.append(Row("Bag keeps", says, mark=Mark.WARN if over else None))
    if part.watch_until_after_stop:
        rows.append(Row("After a stop", part.watch_until_after_stop))
    return rows


def _steps(plan: Plan, part: RunningInfusion) -> list[Block]:
    named = [("up", part.next_up), ("down", part.next_down)]
    steps = [(word, step) for word, step in named if step is not None]
    if not steps:
        return []
    product = f", {bag(plan)}" if part.pump_rate is not None else ""
    head = ("Step", "Rate", *(("Set the pump", "Delivers") if product else ()), "Not before")
    blocks: list[Block] = [
        Paragraph("By effect, on the prescriber's word. Nothing here is a schedule; the times are the earliest."),
        Table(f"Next steps{product}", head, tuple(_row(plan, word, step, pump=bool(product)) for word, step in steps)),
        Lines(tuple(f"{word}: {step.says}" for word, step in steps)),
    ]
    if len(part.weaning) > 1:
        rows = tuple(
            _row(plan, str(number), step, pump=bool(product)) for number, step in enumerate(part.weaning, start=1)
        )
        blocks.append(Table(f"Weaning, one step after the other{product} (times are a judgement)", head, rows))
        blocks.append(Lines(tuple(f"{number}: {step.says}" for number, step in enumerate(part.weaning, start=1))))
    return blocks


def _row(plan: Plan, word: str, step: RunningStep, *, pump: bool) -> tuple[str, ...]:
    stop = step.rate.value == 0
    flow = "stop" if stop else setting(step.pump_rate, do_not_set=step.do_not_set)
    given = "nothing" if stop else "none" if step.delivered_rate is None else rate(step.delivered_rate)
    shown = "0, stop" if stop else rate(step.rate)
    delivers = f"{given}{off_by(step.delivered_error)}"
    when = "not known" if step.not_before is None else clock(step.not_before, plan.made_for)
    if step.after_the_limit:
        when = f"{Mark.WARN.sign} {when}, after the time limit"
    return (word, shown, *((flow, delivers) if pump else ()), when)


def clock(when: datetime, today: datetime) -> str:
    """Show the time of day, and the date where it is another day than the plan's."""
    return f"{when:%H:%M}" if when.date() == today.date() else f"{when:%Y-%m-%d %H:%M}"
