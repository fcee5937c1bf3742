"""The sheet of a search for a dose: the rate that is named, what was allowed, and the chances of every candidate.

Knows the order: the answer first, then what was searched, then each search with its best three side by side, its
picture, the ways of moving kidneys and the next level. It computes nothing.
"""

from __future__ import annotations

from inotrope.display.bars import Bar, Bars
from inotrope.display.plan_dose import stands_on
from inotrope.display.sheet import (
    Block,
    Card,
    Lines,
    Mark,
    Paragraph,
    References,
    Row,
    Rows,
    Section,
    Sheet,
    Table,
    age,
    moment,
    rate,
)
from inotrope.display.what_if_sheet import short_name
from inotrope.plan.fitting.record import FittedValue
from inotrope.plan.target.record import ALL_MODELS, BestCandidate, Candidate, Search, Target, TargetStatus
from inotrope.units import Quantity

_TITLES = {
    TargetStatus.FOUND: (Mark.PLAN, "FOUND", "The rate that most probably keeps the level in the range"),
    TargetStatus.NONE_SAFE: (Mark.WARN, "NONE IS SAFE", "No allowed rate keeps the level in the range safely"),
    TargetStatus.NONE_REACHES: (Mark.ASK, "NONE REACHES THE RANGE", "Every allowed rate stays below it"),
    TargetStatus.STOPPED: (Mark.STOP, "STOPPED", "A stop rule fires: no rate is searched"),
    TargetStatus.REFUSED: (Mark.REFUSED, "REFUSED", "No rate is searched"),
}
_MOST_BARS, _MOST_HOURS = 14, 8
_PARTS = ("below the range", "in it", "above it")


def target_sheet(target: Target) -> Sheet:
    """Return a search as a sheet; every refusal and everything that is withheld is shown."""
    references = References()
    mark, word, title = _TITLES[target.status]
    says = tuple(Row("", item.says) for item in target.refusals) or _in_short(target)
    says += tuple(stands_on(target.assumptions))
    parts = [_answer(target), _searched(target, references)]
    parts += [_search(target, item) for item in target.searches]
    parts += [_kidneys(target), _left_out(target), references.section()]
    versions = target.versions
    rows = [
        Row("Inotrope", versions.inotrope),
        Row("Drug folder", versions.drug_folder),
        Row("Vocabulary", versions.vocabulary),
    ]
    rows += [] if versions.site is None else [Row("This site", versions.site)]
    return Sheet(
        title=f"{target.drug}: the dose for a target",
        subtitle=f"for {moment(target.made_for)}",
        status=Card(mark, title, "", says, word),
        sections=tuple(part for part in parts if part.blocks),
        versions=tuple(rows),
        notice=target.notice,
    )


def _in_short(target: Target) -> tuple[Row, ...]:
    """Return the answer in a line; what every search says where none is named."""
    if target.named is None:
        return tuple(Row("", f"{_by(item.by)}: {text}") for item in target.searches for text in item.says)
    item = target.named.candidate
    chances = (
        f"{item.inside.shown(0)} of the time in the range, {item.above.shown(0)} above, {item.below.shown(0)} below"
    )
    return (Row("", f"{_rate(item)}: {chances}.", strong=True),)


def _answer(target: Target) -> Section:
    blocks: list[Block] = []
    if target.named is not None and target.named_by is not None:
        named = target.named
        only_if = target.allowed.load_only_if if target.allowed is not None and named.candidate.load else ()
        rows = [
            Row("Rate", _rate(named.candidate), strong=True),
            Row("Given so", named.course),
            *(Row("Only if", text, mark=Mark.ASK) for text in only_if),
            Row("Named by", target.named_by if target.named_by == ALL_MODELS else short_name(target.named_by)),
            Row("To the range", _to_range(named)),
            Row("Level then", f"{_spread(named.at_the_end)} at {target.hours.shown(0)}"),
        ]
        blocks.append(Rows(tuple(rows)))
    level = next((item.next_level for item in target.searches if item.by == target.named_by), None)
    if level is None:
        level = next((item.next_level for item in target.searches if item.next_level is not None), None)
    if level is not None:
        says = f"Draw the next level in {level.after.shown(1)}, at {moment(level.at)}: it narrows the answer most."
        blocks.append(Paragraph(says))
    if target.searches:
        blocks.append(Lines(target.says))
    return Section("The answer", tuple(blocks), loud=target.named is not None)


def _searched(target: Target, references: References) -> Section:
    person, wanted = target.patient, target.wanted
    range_ = f"{wanted.low} to {wanted.high}, {wanted.says} {references.short(wanted.sources)}".strip()
    rows = [
        Row("Patient", f"{person.sex}, {age(person.age)}, {person.weight}"),
        Row("Range", range_),
        Row("Score", f"{target.formula}, over all draws and {target.hours.shown(0)} from now"),
    ]
    for item in target.levels:
        used = "not fitted" if item.refused is not None else "fitted"
        rows.append(Row("Level", f"{item.as_written} at {moment(item.at)}, {used}"))
    if target.allowed is not None:
        allowed = target.allowed
        step = "" if allowed.step is None else f", in steps of the pump of {allowed.step}"
        rows += [
            Row("Allowed", f"at most {rate(allowed.highest)}{step}: {allowed.because}"),
            Row("Load", f"with it and without it: {allowed.load_says}" if allowed.load else allowed.load_says),
        ]
        if allowed.now < allowed.highest:
            rows.append(Row("At first", f"at most {rate(allowed.now)}: what lies above waits for the plan's steps"))
        rows += [Row("To know", text, mark=Mark.ASK) for text in allowed.says]
    return Section("What is searched", (Rows(tuple(rows)),))


def _search(target: Target, item: Search) -> Section:
    blocks: list[Block] = []
    if len(item.models) > 1:
        blocks.append(
            Paragraph(f"Averaged by how well each foresaw the levels: {'; '.join(map(short_name, item.models))}.")
        )
    blocks += [*_best(target, item), _bars(target, item)]
    if item.says:
        blocks.append(Lines(item.says))
    if item.ahead:
        rows = tuple(
            (
                way.kidneys + (" (highest level)" if way.kidneys == item.highest_ahead else ""),
                "none" if way.best is None else rate(way.best),
                _spread(way.level),
                way.inside.shown(0),
                way.above.shown(0),
            )
            for way in item.ahead
        )
        which = "the rate named" if item.named is not None else "the best rate"
        head = ("Kidneys", "Best rate then", f"Level at {target.hours.shown(0)}", "In the range", "Above")
        blocks.append(Table(f"If the kidneys go on so, at {which}: no forecast of the kidneys", head, rows))
    if item.next_levels:
        step = -(-len(item.next_levels) // _MOST_HOURS)
        shown = [level for place, level in enumerate(item.next_levels) if place % step == 0 or level is item.next_level]
        lines = tuple(
            (
                level.after.shown(1),
                f"{level.at:%H:%M}",
                level.left.shown(0) + (" (least)" if level is item.next_level else ""),
            )
            for level in shown
        )
        caption = f"A level drawn then leaves so much of the SD of the level at {target.hours.shown(0)}"
        blocks.append(Table(caption, ("From now", "Clock", "Left"), lines))
    return Section(_by(item.by), tuple(blocks))


def _best(target: Target, item: Search) -> list[Block]:
    """Return the named rate and the best three side by side: their chances, and how they get there."""
    every = [] if item.named is None else [("named", item.named)]
    every += [(f"{place}.", best) for place, best in enumerate(item.best, start=1)]
    chances = tuple(
        (
            which,
            rate(best.candidate.rate),
            _pump(best.candidate),
            "yes" if best.candidate.load else "no",
            best.candidate.below.shown(1),
            best.candidate.inside.shown(1),
            best.candidate.above.shown(1),
            f"{best.candidate.score:.3f}",
        )
        for which, best in every
    )
    ways = tuple(
        (
            which,
            rate(best.candidate.rate),
            _begins(best.candidate),
            best.reaches.shown(0),
            "" if best.to_range is None else best.to_range.median.shown(1),
            best.at_the_end.median.shown(0),
        )
        for which, best in every
    )
    return [
        Table(
            "The best three by their score, and what is named",
            ("", "Rate", "Pump", "Load", "Below", "In", "Above", "Score"),
            chances,
        ),
        Table("", ("", "Rate", "Begins", "Come to it", "After", f"At {target.hours.shown(0)}"), ways),
    ]


def _bars(target: Target, item: Search) -> Bars:
    """Return the picture: rates of the way of the best one, evenly chosen, with those that matter among them."""
    best = item.best[0].candidate if item.named is None else item.named.candidate
    way = [one for one in item.candidates if one.load == best.load]
    step = max(-(-len(way) // _MOST_BARS), 1)
    shown = [one for place, one in enumerate(way) if place % step == 0 or one == best or place == len(way) - 1]
    bars = tuple(
        Bar(
            " ".join(part for part in (_pump(one), rate(one.rate)) if part),
            (float(one.below.value), float(one.inside.value), float(one.above.value)),
            item.named is not None and one == best,
        )
        for one in shown
    )
    wanted = f"{target.wanted.low} to {target.wanted.high}"
    load = ", after the load" if best.load else ""
    title = f"Time below, in and above {wanted} by rate{load}"
    told = "; ".join(
        f"{bar.label}: {bar.shares[0]:.0f} % below, {bar.shares[1]:.0f} % in, {bar.shares[2]:.0f} % above"
        for bar in bars
    )
    return Bars(title, bars, _PARTS, f"{title}. {told}.")


def _kidneys(target: Target) -> Section:
    kidney = target.kidney
    if kidney is None or not target.searches:
        return Section("Kidneys", ())
    rows = [Row("Taken as", "moving: a walk through the creatinines" if kidney.moving else "held")]
    rows += [Row("Because", text) for text in kidney.because]
    rows += [Row("Refused", item.says, mark=Mark.REFUSED) for item in kidney.refusals]
    rows += [Row("To know", text, mark=Mark.ASK) for text in kidney.says]
    return Section("Kidneys", (Rows(tuple(rows)),))


def _left_out(target: Target) -> Section:
    return Section("Models that do not count here", (Lines(target.left_out),) if target.left_out else ())


def _by(name: str) -> str:
    return "By all models together" if name == ALL_MODELS else f"By {short_name(name)}"


def _rate(item: Candidate) -> str:
    if not item.rate.value:
        return "a pause: nothing from now on"
    pump = _pump(item)
    load = " after the load" if item.load else ""
    return f"{rate(item.rate)}{f', {pump} on the pump' if pump else ''}{load}"


def _pump(item: Candidate) -> str:
    return "" if item.pump_rate is None else str(item.pump_rate)


def _begins(item: Candidate) -> str:
    return "now" if not item.starts.value else f"in {item.starts.shown(2)}"


def _to_range(best: BestCandidate) -> str:
    says = f"{best.reaches.shown(0)} of the draws come to it"
    return says if best.to_range is None else f"{says}, these after {_spread(best.to_range)}"


def _spread(item: FittedValue) -> str:
    """Show a median with the ends of 90 % of the draws; a level to the nearest whole number."""
    low, high = _whole(item.ninety_from), _whole(item.ninety_to)
    return f"{_whole(item.median)}, {low.partition(' ')[0]} to {high}"


def _whole(value: Quantity) -> str:
    return value.shown(0 if value.unit == "ng/mL" else 2)
