"""The sheet of a search for a dose: the answer first, then what stands beside it, then what was searched.

Knows the order and what a brief sheet leaves out. It computes nothing.
"""

from __future__ import annotations

from inotrope.display.findings_sheet import open_stops, why_refused
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
    age,
    moment,
    rate,
)
from inotrope.display.target_parts import courses_table, given, of_searches, range_of, shares, short, spread
from inotrope.display.what_if_sheet import short_name
from inotrope.findings import Severity, State
from inotrope.plan.target.record import ALL_MODELS, BestCandidate, Target, TargetStatus
from inotrope.plan.target.search_record import Step
from inotrope.units import later

_WORDS = {
    TargetStatus.FOUND: (Mark.PLAN, "FOUND"),
    TargetStatus.NONE_SAFE: (Mark.WARN, "NONE IS SAFE"),
    TargetStatus.NONE_REACHES: (Mark.ASK, "NONE REACHES THE RANGE"),
    TargetStatus.STOPPED: (Mark.STOP, "STOPPED"),
    TargetStatus.REFUSED: (Mark.REFUSED, "REFUSED"),
}


def target_sheet(target: Target, *, brief: bool = False) -> Sheet:
    """Return a search as a sheet; every refusal and everything that is withheld is shown.

    Args:
        target: The search.
        brief: Whether to leave out each hour of a level, models that do not count, and searches that do not name.
    """
    references = References()
    mark, word = _WORDS[target.status]
    parts = [_answer(target), *of_searches(target, brief=brief), _courses(target), _searched(target, references)]
    parts += [_kidneys(target, brief=brief), _left_out(target, brief=brief), references.section()]
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
        status=Card(mark, _title(target), "", tuple(_in_short(target)), word),
        sections=tuple(part for part in parts if part.blocks),
        versions=tuple(rows),
        notice=target.notice,
        alerts=_alerts(target),
    )


def _title(target: Target) -> str:
    """Return the answer in a line."""
    if target.named is not None:
        text = given(target.named.candidate, target)
        if target.named.candidate.pause.value:
            return f"Ask the prescriber: {text}"
        return f"{text[0].upper()}{text[1:]}"
    return {
        TargetStatus.NONE_SAFE: _pause_title(target) if target.pause else "No rate is named",
        TargetStatus.NONE_REACHES: "Every allowed rate stays below it",
        TargetStatus.STOPPED: "A stop rule fires: no rate is searched",
    }.get(target.status, "No rate is searched")


def _pause_title(target: Target) -> str:
    runs = any(item.courses for item in target.searches)
    return "Ask the prescriber to pause the infusion" if runs else "Give nothing for now"


def _in_short(target: Target) -> list[Row]:
    """Return what a reader must know who reads no further, and what all of it stands on."""
    rows = why_refused(target.refusals, "'inotrope fit' shows all")
    if target.named is not None:
        item = target.named.candidate
        text = f"{item.inside.shown(0)} of the next 24 h at {range_of(target)}, {item.above.shown(0)} above, "
        rows.append(Row("", f"{text}{item.below.shown(0)} below. {_as_it_runs(target)}".strip(), strong=True))
    elif target.pause is not None:
        rows += [Row("", text, strong=True) for text in _pause(target)]
    elif target.searches:
        rows += [Row("", text) for text in dict.fromkeys(text for item in target.searches for text in item.says)]
        if target.status is TargetStatus.NONE_REACHES and target.allowed is not None:
            held = [text for text in target.allowed.says if text.startswith("No step upward")]
            most = f"At most {rate(target.allowed.highest)} may be searched: {target.allowed.because}."
            rows.append(Row("", " ".join([most, *held])))
    if target.searches and target.pause is None:
        rows.append(Row("", _next_level(target)))
    return rows + stands_on(target.assumptions)


def _as_it_runs(target: Target) -> str:
    """Return how the time lies if what runs goes on, by the search that names; empty where nothing runs."""
    courses = next((item.courses for item in target.searches if item.by == target.named_by), ())
    if not courses:
        return ""
    runs = courses[0]
    return f"As it runs now: {runs.inside.shown(0)}, {runs.above.shown(0)} above, {runs.below.shown(0)} below."


def _pause(target: Target) -> list[str]:
    """Return what to do where the level is above the range and falls slowly."""
    pause = target.pause
    assert pause is not None  # the caller looked
    if pause.after is None or pause.ninety_from is None:
        falls = f"Paused, it stays above the range for 24 h in most draws ({pause.comes_down.shown(0)} come down)."
    else:
        late = "later than 24 h" if pause.ninety_to is None else pause.ninety_to.shown(1)
        falls = (
            f"Paused, it is no longer above {target.wanted.high} after {pause.after.shown(1)} (90 %: "
            f"{pause.ninety_from.shown(1)} to {late})."
        )
    measure = f"Measure a level in {pause.measure_after.shown(1)}, at {moment(pause.measure_at)}, and search again."
    return [f"The level is above the range, and every rate leaves it there for too long. {falls}", measure]


def _next_level(target: Target) -> str:
    level = target.next_level
    if target.measure_now:
        return target.measure_now
    if level is None and target.raises:
        return (
            "Measure a level before this step upward and again after it, though for the choice of the rate no hour is "
            "worth more than can be told from chance."
        )
    if level is None:
        return "No level within 24 h is worth more for this question than can be told from chance."
    return (
        f"Draw the next level in {short(level.after)}, at {moment(level.at)}, and choose the rate anew on it: worth "
        f"{short(level.worth)} of the 24 h."
    )


def _alerts(target: Target) -> tuple[Card, ...]:
    """Return what the plan warns of and asks: a rate that is named is no plan."""
    found = []
    if target.runs_now:
        found.append(Card(Mark.WARN, target.runs_now, "", (), "RUNS NOW"))
    if target.paused:
        found.append(Card(Mark.WARN, target.paused, "", (), "PAUSED"))
    weighty = [
        item.title
        for item in target.findings
        if item.alerts
        and item.state in (State.FIRES, State.OVERRIDDEN)
        and item.severity in (Severity.STOP, Severity.WARN)
    ]
    if weighty and target.status is not TargetStatus.STOPPED:
        found.append(Card(Mark.WARN, f"{'. '.join(weighty)}.", "", (), "THE PLAN WARNS"))
    asked = open_stops(target.findings, target.missing)
    if asked and target.searches:
        title = f"{asked} could stop it: answer them first ('inotrope plan' asks them)"
        found.append(Card(Mark.ASK, title, "", (), "INCOMPLETE:"))
    return tuple(found)


def _answer(target: Target) -> Section:
    blocks: list[Block] = []
    if target.named is not None and target.named_by is not None:
        named = target.named
        only_if = target.allowed.load_only_if if target.allowed is not None and named.candidate.load else ()
        rows = [
            Row("If resumed" if target.paused else "Give", named.course, strong=True),
            *(Row("Only if", text, mark=Mark.ASK) for text in only_if),
            *_above_line(target, named),
            Row("Named by", target.named_by if target.named_by == ALL_MODELS else short_name(target.named_by)),
            Row("To the range", _to_range(named)),
            Row("At 24 h", spread(named.at_the_end)),
        ]
        if len(named.steps) > 1:
            parts = [_at(target, step) for step in named.steps]
            if named.candidate.load:
                parts[0] = f"{target.made_for:%H:%M} the load, as the plan draws it up"
            rows.insert(1, Row("By the clock", "; ".join(parts)))
        if named.candidate.pause.value:
            again = "measure a level before it runs again; it is resumed on the prescriber's word, and with no load"
            rows.insert(2, Row("After the pause", again, mark=Mark.ASK))
        blocks.append(Rows(tuple(rows)))
    if target.searches:
        blocks.append(Lines(target.says))
    return Section("The answer", tuple(blocks), loud=target.named is not None)


def _at(target: Target, step: Step) -> str:
    """Say one piece of what is given with its clock time, and the pump's setting where it has one."""
    at = f"{later(target.made_for, step.after):%H:%M}"
    if not step.rate.value:
        return f"{at} nothing"
    return f"{at} {rate(step.rate)}{'' if step.pump_rate is None else f' ({step.pump_rate})'}"


def _above_line(target: Target, named: BestCandidate) -> list[Row]:
    """Return that a rate lies above the label's renal line, and the best that does not."""
    if not named.candidate.above_line or target.allowed is None or target.allowed.line is None:
        return []
    line = f"above the label's renal line, {rate(target.allowed.line)}: on the measured and fitted level alone"
    rows = [Row("This lies", line, strong=True, mark=Mark.WARN)]
    within = next((item.within_line for item in target.searches if item.by == target.named_by), None)
    if within is not None:
        item = within.candidate
        rows.append(Row("Within it", f"{given(item, target)}: {shares(item.below, item.inside, item.above)}"))
    return rows


def _to_range(named: BestCandidate) -> str:
    says = f"{named.reaches.shown(0)} of the draws come to it"
    return says if named.to_range is None else f"{says}, these after {spread(named.to_range)}"


def _courses(target: Target) -> Section:
    """Return what becomes of what runs where nothing is searched."""
    if not target.courses:
        return Section("What runs", ())
    says = (
        "By the fitted levels, and no proposal: what withholds a rate stands, and the prescriber decides on what runs."
        " Measure a level before and after every change."
    )
    return Section(
        "What becomes of what runs", (courses_table(target, target.courses), Paragraph(says), Lines(target.says))
    )


def _searched(target: Target, references: References) -> Section:
    person, wanted = target.patient, target.wanted
    rows = [
        Row("Patient", f"{person.sex}, {age(person.age)}, {person.weight}"),
        Row("Range", f"{range_of(target)}, {wanted.says} {references.short(wanted.sources)}".strip()),
        Row("Score", f"{target.formula}, over all draws and {target.hours.shown(0)} from now"),
    ]
    implausible = any(item.id == "level-implausible" for item in target.refusals)
    for item in target.levels:
        used = "fitted" if target.fitted and item.refused is None and not implausible else "not fitted"
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


def _kidneys(target: Target, *, brief: bool) -> Section:
    kidney = target.kidney
    if kidney is None or not target.searches:
        return Section("Kidneys", ())
    rows = [Row("Taken as", "moving: a walk through the creatinines" if kidney.moving else "held")]
    rows += [Row("Because", text) for text in kidney.because]
    rows += [Row("Refused", item.says, mark=Mark.REFUSED) for item in kidney.refusals]
    rows += [] if brief else [Row("To know", text, mark=Mark.ASK) for text in kidney.says]
    return Section("Kidneys", (Rows(tuple(rows)),))


def _left_out(target: Target, *, brief: bool) -> Section:
    if not target.left_out:
        return Section("Models that do not count here", ())
    if not brief:
        return Section("Models that do not count here", (Lines(target.left_out),))
    says = (
        "Models that do not count here and why, every hour of a level, and each model's own search: '--full', the page "
        "of '--html' and '--json' hold them."
    )
    return Section("Left out here", (Paragraph(says),))
