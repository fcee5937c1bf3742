"""A course on one time axis, as data: what was given, the levels, the kidneys, pressure and flow, machines and events.

Knows which numbers of a case belong to which line, and that a clearance is one estimate per creatinine, made with what
is known today of the patient at that time. It draws nothing, and holds no number that a case or a plan does not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from inotrope.course.meaning.as_of import case_now
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import CaseTable, Documents, as_of, at_moment, readable, up_to
from inotrope.course.meaning.kinds import CASE, CONFIRMED, CORRECTED, NOTED, OVERRIDDEN, PLANNED
from inotrope.course.meaning.telling import told
from inotrope.dosing import history
from inotrope.findings import Truth
from inotrope.patient import KIDNEY_REPLACEMENT, Case, assess_kidney, read_case
from inotrope.units import Quantity, later, read_time

if TYPE_CHECKING:
    from inotrope.course.record import Event

MINUTES = 60
NOTHING = Quantity(Decimal(0), "mcg/kg/min")
"""The rate of a pause."""
PRESSURE, INDEX, OUTPUT = "mean arterial pressure", "cardiac index", "cardiac output"
CREATININE, LEVEL = "serum creatinine", "concentration"
SILENCE = timedelta(hours=24)
"""A course in which nothing was recorded for longer is drawn up to its last event: a choice of the drawing."""
TOLD = (PLANNED, OVERRIDDEN, CONFIRMED, CORRECTED, NOTED, CASE)
"""Kinds that are no line of their own and are told beside the lines."""


@dataclass(frozen=True, slots=True)
class RateSpan:
    """A stretch at one rate; `end` is None for the one that still runs, `rate` zero for a pause."""

    start: datetime
    end: datetime | None
    rate: Quantity


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A single dose, as it was written."""

    start: datetime
    end: datetime
    dose: Quantity


@dataclass(frozen=True, slots=True)
class Point:
    """One value at one time; `below` where it is the limit of quantification and the true one lies below."""

    at: datetime
    value: Quantity
    as_written: str
    below: bool = False


@dataclass(frozen=True, slots=True)
class ClearancePoint:
    """The clearance of creatinine that one creatinine gives; `value` is None where `because` says why there is none."""

    at: datetime
    value: Quantity | None
    because: str


@dataclass(frozen=True, slots=True)
class Span:
    """Something that went on for a time: a machine, or another drug; `end` is None while it still does."""

    what: str
    start: datetime
    end: datetime | None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something at one moment, in words; `number` of its event, None where it stands in the case alone."""

    at: datetime
    kind: str
    says: str
    by: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class LevelsForeseen:
    """The levels that the last recorded plan expects: the model it shows first, its median and where 90 % lie.

    `changes_since` is how many entries that the plan had not seen change the case: what it supposed may hold no more.
    """

    number: int
    changes_since: int
    model: str
    supposes: str
    times: tuple[datetime, ...]
    unit: str
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All lines of a course from its first moment to `until`."""

    course: str
    drug: str
    start: datetime
    until: datetime
    rates: tuple[RateSpan, ...]
    doses: tuple[DoseGiven, ...]
    levels: tuple[Point, ...]
    creatinine: tuple[Point, ...]
    clearance: tuple[ClearancePoint, ...]
    pressure: tuple[Point, ...]
    index: tuple[Point, ...]
    machines: tuple[Span, ...]
    others: tuple[Span, ...]
    happened: tuple[Moment, ...]
    recorded: tuple[Moment, ...]
    foreseen: LevelsForeseen | None
    says: tuple[str, ...]


def timeline(events: Sequence[Event], documents: Documents, *, until: datetime) -> Timeline:
    """Return the timeline of a course.

    Args:
        events: All that count.
        documents: Gives their texts.
        until: Where it ends: now, as a rule; of a course that fell silent long before, its last event.

    Raises:
        CourseError: No case was written yet.
    """
    until, silent = _end(events, until)
    found = case_now(events, documents, until)
    case = read_case(found.case)
    zone = case.now.tzinfo
    rates = _rates(case)
    doses = tuple(
        DoseGiven(item.start.astimezone(zone), item.end.astimezone(zone), item.dose)
        for item in case.administrations or ()
        if item.of.name == case.drug and item.dose is not None and item.end is not None
    )
    recorded = _recorded(events, case.now)
    creatinine = _points(case, CREATININE)
    happened = tuple(Moment(item.at.astimezone(zone), "event", item.what) for item in case.events or ())
    foreseen = _foreseen(events, documents, until)
    parts = (rates, doses, _machines(case), *(_points(case, what) for what in (LEVEL, CREATININE, PRESSURE, INDEX)))
    times = [getattr(item, "start", None) or item.at for part in parts for item in part]  # type: ignore[attr-defined]
    times += [item.at for item in (*happened, *recorded)]
    return Timeline(
        course=events[0].course,
        drug=case.drug,
        start=min(times, default=until).astimezone(zone),
        until=until.astimezone(zone),
        rates=rates,
        doses=doses,
        levels=_points(case, LEVEL, of=case.drug),
        creatinine=creatinine,
        clearance=tuple(_clearance(events, documents, found.case, point.at) for point in creatinine),
        pressure=_points(case, PRESSURE),
        index=_points(case, INDEX),
        machines=_machines(case),
        others=other_drugs(case),
        happened=happened,
        recorded=recorded,
        foreseen=foreseen,
        says=(*found.says, *silent),
    )


def _end(events: Sequence[Event], until: datetime) -> tuple[datetime, tuple[str, ...]]:
    """Return where a timeline ends, and why it ends before the moment that was asked for."""
    last = max(max(event.at, event.recorded) for event in events)
    if until - last <= SILENCE:
        return until, ()
    says = f"Nothing was recorded after {last.astimezone(until.tzinfo):%Y-%m-%d %H:%M}: the timeline ends there."
    return last, (says,)


def _rates(case: Case) -> tuple[RateSpan, ...]:
    """Return the rates of the drug of the case as its history has them, and the pauses between them and behind them."""
    found: list[RateSpan] = []
    past = history(case, drug=case.drug)
    for piece in past.infused:
        start, end = (later(case.now, Quantity(hour, "h")) for hour in (piece.start_h, piece.end_h))
        if found and found[-1].end is not None and found[-1].end < start:
            found.append(RateSpan(found[-1].end, start, NOTHING))
        found.append(RateSpan(start, end, Quantity(piece.rate_mcg_per_kg_h / MINUTES, NOTHING.unit)))
    if found and past.running_rate is not None:
        found[-1] = replace(found[-1], end=None)
    elif found and found[-1].end is not None:
        found.append(RateSpan(found[-1].end, None, NOTHING))
    return tuple(found)


def _points(case: Case, what: str, *, of: str | None = None) -> tuple[Point, ...]:
    listed = sorted(case.every(what, of), key=lambda item: item.at)
    return tuple(Point(item.at.astimezone(case.now.tzinfo), item.value, item.as_written, item.below) for item in listed)


def _clearance(events: Sequence[Event], documents: Documents, whole: CaseTable, at: datetime) -> ClearancePoint:
    """Return what one creatinine says of the kidneys, by what is known today of the patient at that time."""
    case = read_case(_back_to(events, documents, whole, at))
    if any(case.supported_by(name) is Truth.PRESENT for name in KIDNEY_REPLACEMENT):
        return ClearancePoint(at, None, "a machine cleans the blood: no creatinine tells the clearance")
    kidney = assess_kidney(case)
    because = kidney.refusals[0].says if kidney.clearance is None and kidney.refusals else kidney.because
    return ClearancePoint(at, kidney.clearance, because)


def _back_to(events: Sequence[Event], documents: Documents, whole: CaseTable, at: datetime) -> CaseTable:
    """Return the case as it was at a moment; of one before the course, who the patient was at its first case."""
    first = next(event.at for event in events if event.kind == CASE)
    case, _ = up_to(as_of(events, documents, max(at, first), whole=whole), at)
    return at_moment(case, at)


def _machines(case: Case) -> tuple[Span, ...]:
    found = []
    for item in case.support or ():
        says = "" if item.effluent is None else f"effluent {item.effluent}"
        found.append(_span(case, item.what, item.start, item.end, says))
    return tuple(found)


def other_drugs(case: Case) -> tuple[Span, ...]:
    """Return the other drugs that were given by rate or dose, each as a stretch; a rate ends where the next begins."""
    listed = sorted((item for item in case.administrations or () if item.of.name != case.drug), key=lambda i: i.start)
    found = []
    for place, item in enumerate(listed):
        following = next((other.start for other in listed[place + 1 :] if other.of.name == item.of.name), None)
        end = item.end if item.end is not None else following if item.rate is not None else item.start
        if item.rate is None or item.rate.value > 0:
            says = str(item.rate if item.dose is None else item.dose)
            found.append(_span(case, item.of.name, item.start, end, says))
    return tuple(found)


def _span(case: Case, what: str, start: datetime, end: datetime | None, says: str) -> Span:
    """Return a stretch in the ward's own clock; one whose end lies ahead still goes on."""
    zone = case.now.tzinfo
    return Span(what, start.astimezone(zone), None if end is None or end > case.now else end.astimezone(zone), says)


def _recorded(events: Sequence[Event], until: datetime) -> tuple[Moment, ...]:
    corrections = Corrections(events)
    return tuple(
        Moment(event.at.astimezone(until.tzinfo), event.kind, told(event, corrections), event.by, event.number)
        for event in events
        if event.kind in TOLD and event.at <= until
    )


def _foreseen(events: Sequence[Event], documents: Documents, until: datetime) -> LevelsForeseen | None:
    """Return what the last recorded plan expects of the levels; None where it expects none."""
    for event in reversed(events):
        if event.kind == PLANNED and event.body.get("knowing") is None and event.at <= until:
            with readable(event):
                corrections, seen = Corrections(events), event.body["seen"]
                later_on = (item for item in events if item.number > seen and item.at <= until)
                changes_since = sum(map(corrections.changes_case, later_on))
                return _curve(event, json.loads(documents(event.body["plan"])), changes_since)
    return None


def _curve(event: Event, plan: dict[str, object], changes_since: int) -> LevelsForeseen | None:
    forecast = plan["forecast"]
    if not isinstance(forecast, dict):
        return None
    model = next((item for item in forecast["models"] if item["model"] == forecast["first"]), None)
    if model is None or model["curve"] is None or model["curve"]["intervals"] is None:
        return None
    bands, now = model["curve"]["intervals"], read_time(event.body["now"], what="Time")
    return LevelsForeseen(
        number=event.number,
        changes_since=changes_since,
        model=model["title"],
        supposes=forecast["supposes"],
        times=tuple(later(now, Quantity(Decimal(str(hour)), "h")) for hour in forecast["time"]["values"]),
        unit=bands["median"]["unit"],
        median=tuple(bands["median"]["values"]),
        low=tuple(bands["lowest"]["values"]),
        high=tuple(bands["highest"]["values"]),
    )
