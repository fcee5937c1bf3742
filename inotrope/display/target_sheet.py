"""The sheet of a search for a dose: the answer first, then what stands beside it, then what was searched.

Knows the order and what a brief sheet leaves out. It computes nothing.
"""

from __future__ import annotations

from inotrope.display.forecast_kidneys import TWO_NUMBERS
from inotrope.display.sheet import (
    Block,
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
from inotrope.display.target_head import target_alerts, target_card
from inotrope.display.target_parts import courses_table, given, of_searches, range_of, set_to, shares, spread
from inotrope.display.what_if_sheet import short_name
from inotrope.plan.target.record import ALL_MODELS, BestCandidate, Change, Target
from inotrope.plan.target.search_record import Step
from inotrope.units import later


def target_sheet(target: Target, *, brief: bool = False) -> Sheet:
    """Return a search as a sheet; every refusal and everything that is withheld is shown.

    Args:
        target: The search.
        brief: Whether to leave out each hour of a level, models that do not count, and searches that do not name.
    """
    references = References()
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
        status=target_card(target),
        sections=tuple(part for part in parts if part.blocks),
        versions=tuple(rows),
        notice=target.notice,
        alerts=target_alerts(target),
    )


def _answer(target: Target) -> Section:
    blocks: list[Block] = []
    if target.named is not None and target.named_by is not None:
        named = target.named
        only_if = target.allowed.load_only_if if target.allowed is not None and named.candidate.load else ()
        rows = [
            _given_row(target, named),
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


def _given_row(target: Target, named: BestCandidate) -> Row:
    """Return what is given from now on; a rate that is not asked for is labeled as such, and is not loud."""
    labels = {
        Change.RESUME: "If resumed",
        Change.REDUCE: "To compare",
        Change.LEAVE: "As good is",
    }
    quiet = target.change in (Change.REDUCE, Change.LEAVE)
    label = "To ask for" if target.change is None else labels.get(target.change, "To ask for")
    return Row(label, named.course, strong=not quiet)


def _at(target: Target, step: Step) -> str:
    """Say one piece of what is given with its clock time, and the pump's setting where it has one."""
    at = f"{later(target.made_for, step.after):%H:%M}"
    if not step.rate.value:
        return f"{at} nothing"
    return f"{at} {set_to(step)}"


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
        rows += [Row("To know", text, mark=Mark.INFORM) for text in allowed.says]
    return Section("What is searched", (Rows(tuple(rows)),))


def _kidneys(target: Target, *, brief: bool) -> Section:
    kidney = target.kidney
    if kidney is None or not target.searches:
        return Section("Kidneys", ())
    rows = [Row("Taken as", "moving: a walk through the creatinines" if kidney.moving else "held")]
    rows += [Row("Because", text) for text in kidney.because]
    rows += [] if kidney.now is None else [Row("Clearance now", f"{spread(kidney.now)}. {TWO_NUMBERS}")]
    rows += [Row("Refused", item.says, mark=Mark.REFUSED) for item in kidney.refusals]
    rows += [] if brief else [Row("To know", text, mark=Mark.INFORM) for text in kidney.says]
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
