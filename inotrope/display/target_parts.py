"""The searches of a sheet: the best side by side with what runs, the picture, the kidneys' ways, the hours of a level.

Knows tables and their words. It computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from inotrope.display.bars import Bar, Bars
from inotrope.display.sheet import Block, Lines, Paragraph, Section, Table, rate
from inotrope.display.what_if_sheet import short_name
from inotrope.plan.fitting.record import FittedValue
from inotrope.plan.target.record import ALL_MODELS, Search, Target
from inotrope.plan.target.search_record import Candidate, Course, Step
from inotrope.units import Quantity

_MOST_BARS, _FEW_BARS, _FEW_HOURS = 14, 8, 5
_BY_CHANCE = (
    "At none of these hours does a level change the choice of the rate by more than chance would. That speaks of the "
    "draws alone: what they do not know, such as kidneys that fail, a wrong bag or a disconnected line, only a level "
    "shows. The one before and after a change stays due."
)
_PARTS = ("below the range", "in it", "above it")


def of_searches(target: Target, *, brief: bool) -> list[Section]:
    """Return each search; of several a brief sheet has one table and only the one that names in full."""
    sections = []
    if len(target.searches) > 1:
        sections.append(Section("By each model, side by side", (_side_by_side(target),)))
    shown = [item for item in target.searches if item.by == target.named_by] or list(target.searches[:1])
    return sections + [_search(target, item, brief=brief) for item in (shown if brief else target.searches)]


def _side_by_side(target: Target) -> Table:
    rows = []
    for item in target.searches:
        if item.named is None:
            rows.append((short_name(item.by), item.status.value, "", "", "", ""))
            continue
        one = item.named.candidate
        what = (given(one, target, pump_only=True), one.below.shown(0), one.inside.shown(0), one.above.shown(0))
        rows.append((short_name(item.by), *what, _whole(item.named.at_the_end.median)))
    return Table("", ("Model", "Names", "Below", "In", "Above", "At 24 h"), tuple(rows))


def _search(target: Target, item: Search, *, brief: bool) -> Section:
    blocks: list[Block] = []
    if len(item.models) > 1:
        names = "; ".join(map(short_name, item.models))
        blocks.append(Paragraph(f"Averaged by how well each foresaw the levels: {names}."))
    blocks += [_best(target, item), _bars(target, item, brief=brief)]
    if item.says:
        blocks.append(Lines(item.says))
    if item.ahead:
        rows = tuple(
            (
                way.kidneys + (" (highest)" if way.kidneys == item.highest_ahead else ""),
                "none" if way.best is None else rate(way.best),
                spread(way.level),
                way.inside.shown(0),
                way.above.shown(0),
            )
            for way in item.ahead
        )
        which = "what is named" if item.named is not None else "the best"
        head = ("Kidneys", "Best rate then", "Level at 24 h", "In", "Above")
        blocks.append(Table(f"If the kidneys go on so, at {which}: no forecast of the kidneys", head, rows))
    if item.next_levels:
        blocks.append(_hours(item, brief=brief))
        blocks += [] if item.next_level is not None else [Paragraph(_BY_CHANCE)]
    return Section("By all models together" if item.by == ALL_MODELS else f"By {short_name(item.by)}", tuple(blocks))


def _best(target: Target, item: Search) -> Table:
    """Return what is named and the best three side by side with what runs now, and how they get there."""
    every = [] if item.named is None or item.named in item.best else [(">", item.named)]
    every += [(f"{'> ' if best == item.named else ''}{place}.", best) for place, best in enumerate(item.best, start=1)]
    rows = [
        (
            which,
            given(best.candidate, target, pump_only=True),
            best.candidate.below.shown(0),
            best.candidate.inside.shown(0),
            best.candidate.above.shown(0),
            f"{best.candidate.score:.2f}",
            "" if best.to_range is None else best.to_range.median.shown(1),
            _whole(best.at_the_end.median),
        )
        for which, best in every
    ]
    rows += [
        (
            "now" if course.rate.value else "",
            course.course,
            course.below.shown(0),
            course.inside.shown(0),
            course.above.shown(0),
            "",
            "",
            _whole(course.at_the_end.median),
        )
        for course in item.courses
    ]
    head = ("", "Given", "Below", "In", "Above", "Score", "To it", "At 24 h")
    return Table("The best by their score, and what runs; > is named", head, tuple(rows))


def courses_table(target: Target, courses: Sequence[Course]) -> Table:
    """Return what becomes of what runs, and of a pause of it."""
    rows = tuple(
        (
            f"{course.course}{f', {rate(course.rate)}' if course.rate.value else ''}",
            course.below.shown(0),
            course.inside.shown(0),
            course.above.shown(0),
            _whole(course.now.median),
            spread(course.halfway),
            spread(course.at_the_end),
        )
        for course in courses
    )
    head = ("Course", "Below", "In", "Above", "Now", "At 12 h", "At 24 h")
    return Table(f"Time below, in and above {range_of(target)}, and the level", head, rows)


def _bars(target: Target, item: Search, *, brief: bool) -> Bars:
    """Return the picture: rates of the way of the best one, evenly chosen, with those that matter among them."""
    best = item.best[0].candidate if item.named is None else item.named.candidate
    way = [one for one in item.candidates if (one.load, one.pause) == (best.load, best.pause)]
    step = max(-(-len(way) // (_FEW_BARS if brief else _MOST_BARS)), 1)
    shown = [one for place, one in enumerate(way) if place % step == 0 or one == best or place == len(way) - 1]
    bars = tuple(
        Bar(
            " ".join(part for part in (_pump(one), rate(one.rate)) if part),
            (float(one.below.value), float(one.inside.value), float(one.above.value)),
            item.named is not None and one == best,
        )
        for one in shown
    )
    before = ", after the load" if best.load else f", after a pause of {short(best.pause)}" if best.pause.value else ""
    title = f"Time below, in and above {range_of(target)} by rate{before}"
    told = "; ".join(
        f"{bar.label}: {bar.shares[0]:.0f} % below, {bar.shares[1]:.0f} % in, {bar.shares[2]:.0f} % above"
        for bar in bars
    )
    return Bars(title, bars, _PARTS, f"{title}. {told}.")


def _hours(item: Search, *, brief: bool) -> Table:
    """Return what a level at each hour is worth, with the hour that is worth most among them."""
    step = -(-len(item.next_levels) // _FEW_HOURS) if brief else 1
    rows = tuple(
        (
            f"{short(level.after)}, {level.at:%H:%M}" + (" (most)" if level == item.next_level else ""),
            short(level.worth),
            short(level.noise),
            short(level.without),
            level.left.shown(0),
        )
        for place, level in enumerate(item.next_levels)
        if place % step == 0 or level == item.next_level
    )
    caption = (
        "What choosing the rate anew on a level is worth: hours in the range, less what hours above it count, of the "
        "next 24 h; how much of it may be chance; what it is worth without a level; how much of the SD of the level at "
        "24 h one leaves"
    )
    return Table(caption, ("Level drawn in", "Worth", "By chance", "Without one", "SD left"), rows)


def given(item: Candidate, target: Target, *, pump_only: bool = False) -> str:
    """Say what is given: a load or a pause first, the pump's setting of what, and the rate."""
    if not item.rate.value:
        return "pause, with no end" if pump_only else "pause: nothing from now on"
    allowed, dose = target.allowed, rate(item.rate)
    text = dose
    if item.pump_rate is not None and allowed is not None:
        text = (
            f"{item.pump_rate}" if pump_only else f"{item.pump_rate} of {target.drug} {allowed.concentration} ({dose})"
        )
    first = "load, then " if item.load else f"pause {short(item.pause)}, then " if item.pause.value else ""
    return f"{first}{text}"


def set_to(step: Step) -> str:
    """Say what the pump is set to and what that delivers; without a bag the rate alone."""
    if step.pump_rate is None or step.delivered_rate is None:
        return rate(step.rate)
    return f"{step.pump_rate} (delivers {rate(step.delivered_rate)})"


def shares(below: Quantity, inside: Quantity, above: Quantity) -> str:
    """Say how the time lies."""
    return f"{inside.shown(0)} of the time in the range, {above.shown(0)} above, {below.shown(0)} below"


def range_of(target: Target) -> str:
    """Say the wanted range."""
    low, high = target.wanted.low, target.wanted.high
    return f"{low.shown(6).partition(' ')[0]} to {high}" if low.unit == high.unit else f"{low} to {high}"


def short(hours: Quantity) -> str:
    """Show hours to a tenth."""
    return hours.shown(1)


def spread(item: FittedValue) -> str:
    """Show a median with the ends of 90 % of the draws; a level to the nearest whole number."""
    low, high = _whole(item.ninety_from), _whole(item.ninety_to)
    return f"{_whole(item.median)}, {low.partition(' ')[0]} to {high}"


def _pump(item: Candidate) -> str:
    return "" if item.pump_rate is None else str(item.pump_rate)


def _whole(value: Quantity) -> str:
    return value.shown(0 if value.unit == "ng/mL" else 2)
