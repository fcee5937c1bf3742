"""The hand-over of a course on one printed page: who, what runs, what to do next, what is open, what was decided.

Knows the order in which the next shift reads it, and what it may leave to the course itself so that one page is enough.
The plan on it was made for this moment; it says nothing that plan does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inotrope.display.findings_sheet import numbered
from inotrope.display.headline import first_section, running_card, status_card
from inotrope.display.running_sheet import clock, load_by_rate
from inotrope.display.sheet import (
    Block,
    Card,
    Lines,
    Mark,
    Paragraph,
    Row,
    Rows,
    Section,
    Sheet,
    Table,
    age,
    moment,
    rate,
)
from inotrope.plan import PlanStatus

if TYPE_CHECKING:
    from inotrope.course.meaning.handover import Handover
    from inotrope.course.meaning.last_values import LastValue
    from inotrope.course.meaning.timeline import Moment
    from inotrope.plan import Plan

_PROVES = (
    "The course, its last event and that event's hash: on paper they prove every event up to it ('inotrope course "
    "verify --heads')."
)
FIRST_QUESTIONS, MOST_LINES, MOST_BESIDE, MOST_VALUES = 5, 12, 6, 12
"""As many as one page holds; the rest stands in the course."""
CLOSED_COURSE = "THIS COURSE IS CLOSED"
LONGEST_LINE = 240
"""Characters of one line of the record: a longer note is cut, and says where it stands whole."""


def handover_sheet(found: Handover) -> Sheet:
    """Return the page."""
    plan = found.plan
    parts = [
        Section("Who, and why", (_who(found),)),
        Section("Running", (_running(found),), loud=True),
        first_section(plan),
        Section("Next, by this plan", _next(plan)),
        Section("Still to be asked", _asked(plan)),
        Section("Last values", (_values(found.values),) if found.values else ()),
        Section("Decided", _decided(found)),
        Section("Given and happened, the last 24 h", _lines(found.lately, MOST_LINES, "Nothing was recorded.")),
        Section("Notes and other infusions, the last 24 h", _lines(found.beside, MOST_BESIDE)),
        Section("To hold this page against the record", (_head(found),)),
    ]
    return Sheet(
        title=f"{plan.drug}: hand-over, {found.label or found.course}",
        subtitle=f"for {moment(found.now)}",
        status=status_card(plan),
        sections=tuple(part for part in parts if part.blocks),
        versions=(),
        notice=plan.notice,
        alerts=(
            *course_cards(found.says, found.closed, "" if found.pump is None else found.pump.says),
            *running_card(plan),
        ),
        one_page=True,
    )


def course_cards(says: Sequence[str], closed: str = "", pump: str = "") -> tuple[Card, ...]:
    """Return what a course tells and no plan of its case can: it stands above what runs, since that may hang on it.

    Args:
        says: Each a sentence or a few.
        closed: Why the course was closed; empty where it is open.
        pump: Which of them says that the pump gives another rate than the record; empty for none.
    """
    shut = (Card(Mark.WARN, f"{closed} Nothing more is planned in it.", "", (), CLOSED_COURSE),)
    return (*(shut if closed else ()), *(_to_know(text, pump) for text in says))


def _to_know(text: str, pump: str) -> Card:
    return Card(Mark.STOP, text, "", (), "THE PUMP") if text == pump else Card(Mark.WARN, text, "", (), "TO KNOW")


def _who(found: Handover) -> Rows:
    person = found.plan.patient
    rows = [
        Row("Patient", f"{person.sex}, {age(person.age)}, {person.weight} (the weight that doses)"),
        Row("For", found.case.indication),
    ]
    present = [name for name, truth in (found.case.conditions or {}).items() if truth.value == "present"]
    rows += [Row("Has", ", ".join(present))] if present else []
    given = [item.as_written for item in found.case.medicines or ()]
    given += [] if found.case.medicines is None or found.case.holds_all("medicines") else ["perhaps more"]
    rows += [Row("Also given", ", ".join(given))] if given else []
    allergies = [item.as_written for item in found.case.allergies or ()]
    known = "not recorded" if found.case.allergies is None else ", ".join(allergies) or "none known"
    return Rows((*rows, Row("Allergies", known)))


def _running(found: Handover) -> Rows:
    plan, now = found.plan, found.now
    rows = []
    if plan.running is None:
        paused = None if plan.given is None else plan.given.paused
        says = "nothing of it runs by the record" if paused is None else f"paused since {clock(paused.since, now)}"
        says = says if plan.given is None or not plan.given.dose_says else plan.given.dose_says
        says = "nobody has recorded whether it runs, or was given" if plan.given is None else says
        rows.append(Row(plan.drug.capitalize(), says, strong=True))
    else:
        part = plan.running
        pump = "" if part.pump_setting is None else f", on the pump {part.pump_setting}"
        pump = pump if found.pump is None else ", set on the pump before the weight or the bag changed: read it there"
        since = "" if part.since is None else f", running for {part.since.shown(1)}"
        rows.append(Row(plan.drug.capitalize(), f"{rate(part.rate)}{pump}{since}", strong=True))
        if part.loading_until is not None:
            rows.append(Row("Load by rate", load_by_rate(plan, part.loading_until), strong=True))
        if part.bag_ends is not None:
            rows.append(Row("Bag", f"empty {clock(part.bag_ends, now)}"))
        if part.limit_reached_at is not None:
            rows.append(Row("Time limit", f"{clock(part.limit_reached_at, now)}: {part.limit_says}"))
    bag = None if plan.preparation is None else plan.preparation.concentration
    rows += [] if bag is None else [Row("On the pump", f"{plan.drug} {bag}")]
    if plan.running is not None:
        rows.append(Row("Second check", found.confirmed or "no two people have confirmed what runs, in this course"))
    rows += [Row(item.what.capitalize(), f"{item.says} since {clock(item.start, now)}") for item in found.others]
    rows += [Row("In its line", ", ".join(found.lines))] if found.lines else []
    none = "none recorded that runs" if found.case.holds_all("support") else "not recorded"
    rows.append(Row("Machines", "; ".join(found.machines) or none))
    return Rows(tuple(rows))


def _next(plan: Plan) -> tuple[Block, ...]:
    """Return the next steps that the plan has; none where it withholds them, and then it says so."""
    if plan.status is not PlanStatus.PLAN:
        return (Paragraph("This plan names no rate and no step: what stands above has to be dealt with first."),)
    if plan.running is None:
        assert plan.maintenance is not None  # a plan has a rate
        until = None if plan.given is None else plan.given.dose_until
        after = "" if until is None else f", after the dose that is going in until {clock(until, plan.made_for)}"
        says = f"{rate(plan.maintenance.rate)}{after}; whether to start is the prescriber's word"
        return (Rows((Row("Start", says),)),)
    part = plan.running
    rows = []
    if part.loading_until is not None:
        rows.append(Row("Then", load_by_rate(plan, part.loading_until), strong=True))
    for word, step in (("Up", part.next_up), ("Down", part.next_down)):
        if step is not None:
            pump = "" if step.pump_rate is None else f" ({step.pump_rate})"
            when = "" if step.not_before is None else f", not before {clock(step.not_before, plan.made_for)}"
            what = "stop" if step.rate.value == 0 else f"{rate(step.rate)}{pump}"
            rows.append(Row(word, f"{what}{when}; by effect, on the prescriber's word"))
    rows += [] if part.next_up is not None else [Row("Up", "no step upward is allowed now")]
    return (Rows(tuple(rows)),)


def _asked(plan: Plan) -> tuple[Block, ...]:
    questions = numbered(plan.missing)
    if not questions:
        return ()
    lines = [item.asks for item in questions[:FIRST_QUESTIONS]]
    more = len(questions) - len(lines)
    lines += [f"{more} more: the plan has them."] if more else []
    return (Lines(tuple(lines)),)


def _values(values: Sequence[LastValue]) -> Table:
    shown = values[:MOST_VALUES]
    rows = tuple((item.what, item.as_written, item.age.shown(1), item.before, _spread(item)) for item in shown)
    left = f"; {len(values) - len(shown)} other kinds stand in the course" if len(values) > len(shown) else ""
    return Table(f"Each with its age{left}", ("What", "Value", "Age", "Before it", "In 24 h"), rows)


def _spread(value: LastValue) -> str:
    low, _, unit = value.lowest.partition(" ")
    alike = value.highest.endswith(f" {unit}")
    return f"{low if alike else value.lowest} to {value.highest}" if value.lowest != value.highest else ""


def _decided(found: Handover) -> tuple[Block, ...]:
    plan = found.last_plan
    if plan is None:
        told = Row("Last plan", "none was recorded in this course")
    else:
        since = found.changed_since
        count = "one change" if since == 1 else f"{since} changes"
        changed = f"; {count} of the case since: it was made for another state" if since else ""
        told = Row("Last plan", f"event {plan.number}, {clock(plan.at, found.now)}, {plan.by}: {plan.says}{changed}")
    aside = tuple(Row("Stands", _line(item), strong=True, mark=Mark.OVERRIDDEN) for item in found.standing)
    return (Rows((told, *aside)), *_lines(found.decided, MOST_BESIDE))


def _lines(found: Sequence[Moment], most: int, nothing: str = "") -> tuple[Block, ...]:
    """Return what was recorded as lines, the newest last; what does not fit on the page is counted."""
    if not found:
        return (Paragraph(nothing),) if nothing else ()
    shown = found[-most:]
    left = len(found) - len(shown)
    lines = [f"{left} earlier ones stand in the course."] if left else []
    return (Lines((*lines, *(_line(item) for item in shown))),)


def _line(item: Moment) -> str:
    """Return one entry, cut where it is too long for the page: whoever reads it is told where the rest stands."""
    says = " ".join(item.says.split())
    cut = f"{says[:LONGEST_LINE].rstrip()} ... (the whole is event {item.number} of the course)"
    return f"{item.at:%Y-%m-%d %H:%M}, {item.by}: {says if len(says) <= LONGEST_LINE else cut}"


def _head(found: Handover) -> Rows:
    return Rows(
        (
            Row("Head", f"{found.course} {found.number} {found.head}"),
            Row("", _PROVES),
        )
    )
