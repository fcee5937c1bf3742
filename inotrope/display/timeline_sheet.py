"""The timeline of a course: one drawing on one axis of time, and the same as tables.

Knows which line stands in which panel, and that a value from long before the course stands in the table alone. Every
number in it was recorded, or stands in a plan that was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from inotrope.course.meaning.timeline import LevelsForeseen, Point, RateSpan, Timeline
from inotrope.display.figure import Axis, Figure, Layer
from inotrope.display.shapes import Shape
from inotrope.display.sheet import Block, Mark, Paragraph, Row, Rows, Section, Sheet, Table, moment
from inotrope.display.stacked import Bar, Lane, Stacked, axis
from inotrope.plan import NOTICE

_BEFORE = timedelta(hours=24)
"""Values older than this before the first moment of a course stand in the table alone."""
_AHEAD_H = 24.0
"""Hours; a forecast is drawn so far."""
_RATE = "mcg/kg/min"


def timeline_sheet(found: Timeline, *, label: str = "") -> Sheet:
    """Return a timeline as a sheet.

    Args:
        found: The timeline.
        label: What the ward calls the course.
    """
    return Sheet(
        title=f"{found.drug}: course {label or found.course}",
        subtitle=f"until {moment(found.until)}",
        status=None,
        sections=timeline_sections(found),
        versions=(),
        notice=NOTICE,
    )


def timeline_sections(found: Timeline) -> tuple[Section, ...]:
    """Return the parts of a timeline, the drawing first; each table says what the drawing shows."""
    parts = [
        Section("Timeline", (stacked_timeline(found), *_remarks(found))),
        Section("Given", _given(found)),
        Section("Measured", _measured(found)),
        Section("Happened and decided", _told(found)),
    ]
    return tuple(part for part in parts if part.blocks)


def stacked_timeline(found: Timeline) -> Stacked:
    """Return the drawing."""
    start, hours, now = _span(found)
    rates = _rate_panel(found, start, hours, now)
    levels = _level_panel(found, start, hours)
    panels = [rates] if levels is None else [rates, levels]
    across = _across(hours)
    for title, points in (
        ("Serum creatinine", found.creatinine),
        ("Mean arterial pressure", found.pressure),
        ("Cardiac index", found.index),
    ):
        layer = _measured_layer(points, start, "measured")
        if layer is not None:
            unit = points[0].value.unit
            up = axis(title, unit, layer.y, zero=title == "Serum creatinine")
            panels.append(Figure(title, across, up, (layer,), title))
        if title == "Serum creatinine":
            panels += _clearance_panel(found, start, across)
    return Stacked(
        title=f"{found.drug.capitalize()}: what was given, measured and done",
        start=start,
        hours=hours,
        now=now,
        panels=tuple(panels),
        lanes=_lanes(found, start),
        says=_in_words(found),
        remark="The tables below say the same.",
    )


def _span(found: Timeline) -> tuple[datetime, float, float]:
    """Return hour 0, the length of the axis and now, in hours."""
    first = [*(item.start for item in found.rates), *(item.start for item in found.doses)]
    first += [item.start for item in found.machines]
    first += [*(item.at for item in found.levels), *(item.at for item in (*found.happened, *found.recorded))]
    began = min(first, default=found.until)
    points = (*found.creatinine, *found.pressure, *found.index)
    start = min((item.at for item in points if began - _BEFORE <= item.at), default=began)
    start = min(start, began)
    now = max(_hours(start, found.until), 1.0)
    ahead = 0.0 if found.foreseen is None else min(_hours(start, found.foreseen.times[-1]), now + _AHEAD_H)
    return start.astimezone(found.until.tzinfo), max(now, ahead), now


def _hours(start: datetime, when: datetime) -> float:
    return (when - start).total_seconds() / 3600


def _across(hours: float) -> Axis:
    return Axis("from the start", "h", 0.0, hours)


def _rate_panel(found: Timeline, start: datetime, hours: float, now: float) -> Figure:
    given = [item for item in found.rates if item.rate.value > 0]
    begins = tuple(_hours(start, item.start) for item in given)
    ends = tuple(now if item.end is None else _hours(start, item.end) for item in given)
    values = tuple(float(item.rate.in_unit(_RATE)) for item in given)
    zeros = (0.0,) * len(values)
    layers = [Layer(Shape.DARK, "rate given", begins, zeros, until_y=values, until_x=ends)] if values else []
    up = axis("Rate", _RATE, (*values, 0.1), zero=True)
    if found.doses:
        at = tuple(_hours(start, item.start) for item in found.doses)
        layers.append(Layer(Shape.TRIANGLE, "a single dose, see the table", at, (up.high * 0.92,) * len(at)))
    return Figure("Rate", _across(hours), up, tuple(layers), "Rate")


def _level_panel(found: Timeline, start: datetime, hours: float) -> Figure | None:
    layers = []
    ahead = found.foreseen
    if ahead is not None:
        x = tuple(_hours(start, when) for when in ahead.times)
        older = f", made before {_changes(ahead)}" if ahead.changes_since else ""
        says = f"90 % of the draws, last recorded plan{older}"
        layers.append(Layer(Shape.LIGHT, says, x, ahead.low, until_y=ahead.high))
        layers.append(Layer(Shape.DASHED, "median of them, by one model", x, ahead.median))
    measured = _measured_layer([item for item in found.levels if not item.below], start, "measured")
    below = _measured_layer([item for item in found.levels if item.below], start, "below the limit of the assay")
    if below is not None:
        below = Layer(Shape.TRIANGLE, below.words, below.x, below.y)
    layers += [layer for layer in (measured, below) if layer is not None]
    if not layers:
        return None
    values = [value for layer in layers for value in (*layer.y, *layer.until_y)]
    return Figure("Level", _across(hours), axis("Level", "ng/mL", values, zero=True), tuple(layers), "Level")


def _clearance_panel(found: Timeline, start: datetime, across: Axis) -> list[Figure]:
    known = [(item.at, float(item.value.value)) for item in found.clearance if item.value is not None]
    known = [(at, value) for at, value in known if _hours(start, at) >= 0]
    if not known:
        return []
    layer = Layer(
        Shape.CIRCLE,
        "estimated from one creatinine each",
        tuple(_hours(start, at) for at, _ in known),
        tuple(value for _, value in known),
    )
    up = axis("Clearance", "mL/min/1.73 m2", layer.y, zero=True)
    return [Figure("Creatinine clearance", across, up, (layer,), "Creatinine clearance")]


def _measured_layer(points: Sequence[Point], start: datetime, words: str) -> Layer | None:
    shown = [(at, float(item.value.value)) for item in points if (at := _hours(start, item.at)) >= 0]
    if not shown:
        return None
    return Layer(Shape.DISK, words, tuple(at for at, _ in shown), tuple(value for _, value in shown))


def _lanes(found: Timeline, start: datetime) -> tuple[Lane, ...]:
    machines = tuple(
        Bar(_hours(start, item.start), None if item.end is None else _hours(start, item.end), item.what)
        for item in found.machines
    )
    others = tuple(
        Bar(
            _hours(start, item.start), None if item.end is None else _hours(start, item.end), f"{item.what} {item.says}"
        )
        for item in found.others
    )
    happened = tuple(Bar(at := _hours(start, item.at), at, item.says) for item in found.happened)
    decided = tuple(
        Bar(at := _hours(start, item.at), at, f"{item.kind} {item.number}")
        for item in found.recorded
        if item.kind in ("overridden", "confirmed", "planned")
    )
    lanes = (("Machines", machines), ("Others", others), ("Events", happened), ("Decided", decided))
    return tuple(Lane(name, bars) for name, bars in lanes if bars)


def _remarks(found: Timeline) -> Iterable[Block]:
    rows = [Row("To know", says) for says in found.says]
    if found.foreseen is not None:
        ahead = found.foreseen
        rows.append(
            Row(
                "Foreseen",
                f"by plan {ahead.number}, from what had really been given: {ahead.model}; supposed that "
                f"{ahead.supposes}. One model of several; the plan shows them all.",
            )
        )
        if ahead.changes_since:
            made = f"that plan was made before {_changes(ahead)} of the case"
            says = f"{made}: what it foresees may hold no more. Plan anew."
            rows.append(Row("Not of now", says, strong=True, mark=Mark.WARN))
    return (Rows(tuple(rows)),) if rows else ()


def _changes(ahead: LevelsForeseen) -> str:
    return "one change" if ahead.changes_since == 1 else f"{ahead.changes_since} changes"


def _given(found: Timeline) -> tuple[Block, ...]:
    rows = [(item.start, f"{item.dose.shown(4)}, a single dose", _until(item.end)) for item in found.doses]
    rows += [(item.start, _rate(item), _until(item.end)) for item in found.rates]
    tables = [_table(f"{found.drug.capitalize()}", ("From", "Given", "Until"), rows)]
    other = [(item.start, f"{item.what} {item.says}".strip(), _until(item.end)) for item in found.others]
    tables.append(_table("Other drugs", ("From", "Given", "Until"), other))
    machines = [
        (item.start, f"{item.what}{f', {item.says}' if item.says else ''}", _until(item.end)) for item in found.machines
    ]
    tables.append(_table("Machines", ("From", "What", "Until"), machines))
    return tuple(table for table in tables if table is not None)


def _rate(item: RateSpan) -> str:
    return item.rate.shown(4) if item.rate.value > 0 else "nothing: paused or stopped"


def _until(end: datetime | None) -> str:
    return "still" if end is None else _when(end)


def _measured(found: Timeline) -> tuple[Block, ...]:
    rows = [(item.at, "level", item.as_written) for item in found.levels]
    rows += [(item.at, "mean arterial pressure", item.as_written) for item in found.pressure]
    rows += [(item.at, "cardiac index", item.as_written) for item in found.index]
    for point, kidney in zip(found.creatinine, found.clearance, strict=True):
        value = "no clearance" if kidney.value is None else f"clearance {kidney.value.shown(1)}"
        why = f": {kidney.because}" if kidney.value is None else ""
        rows.append((point.at, "serum creatinine", f"{point.as_written}; {value}{why}"))
    table = _table("Levels, kidneys, pressure and flow", ("When", "What", "Value"), rows)
    if table is None:
        return (Paragraph("Nothing of what is drawn here was measured."),)
    return (table,)


def _told(found: Timeline) -> tuple[Block, ...]:
    rows = [(item.at, item.says, item.by) for item in (*found.happened, *found.recorded)]
    table = _table("In the order of their times", ("When", "What", "By"), rows)
    return () if table is None else (table,)


def _table(caption: str, head: tuple[str, ...], rows: list[tuple[datetime, str, str]]) -> Table | None:
    listed = sorted(rows, key=lambda row: row[0])
    return Table(caption, head, tuple((_when(at), *cells) for at, *cells in listed)) if rows else None


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _in_words(found: Timeline) -> str:
    """Return the drawing in a few sentences."""
    last = found.rates[-1] if found.rates else None
    runs = "nothing was given" if last is None else f"it runs at {last.rate.shown(4)}"
    if last is not None and last.rate.value == 0:
        runs = f"paused or stopped since {_when(last.start)}"
    spread = f"{len(found.levels)} levels, {len(found.creatinine)} creatinines, {len(found.pressure)} pressures"
    return f"{found.drug.capitalize()} over time: {runs}; {spread}. The tables beside the drawing say each of them."
