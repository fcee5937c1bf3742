"""The circulation over the next day as a part of a sheet: one line, a table, a load against none, permitted rates.

Knows the order and the words: first the chance of a low pressure, then what is expected and when, then what must be
read with it. It computes nothing, and it says on every part that it selects no rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from inotrope.display.circulation_over_time import course_figures, load_figures
from inotrope.display.sheet import Block, Lines, Mark, Paragraph, Row, Rows, Section, Table, moment
from inotrope.display.what_if_sheet import short_name
from inotrope.findings import SourceReference, Status
from inotrope.plan.circulation.course_record import (
    CirculationCourse,
    CourseStatus,
    Likely,
    LoadBeside,
    ModelPressure,
    PressureBelow,
    QuantityCourse,
    RateExpected,
    chance,
)
from inotrope.plan.forecast_record import Intervals
from inotrope.units import Quantity, plain_number, round_half_up

TITLE = "Heart and vessels over the next day, for information"
HOURS = (0.0, 1.0, 6.0, 12.0, 24.0)
MINUTES = (10.0, 30.0, 60.0)
"""Told of a course, and of the hour after a load, as far as they were computed."""
READ_FIRST = ("MAP", "CI", "CO", "PCWP")
"""With their interval at every hour; a brief sheet tells of the next two the median alone, and nothing of the rest."""
MEDIAN_ALONE = ("SVR", "HR")
KEY = (
    "MAP, CVP, PCWP, mPAP: mean arterial, central venous, wedge, mean pulmonary artery pressure. CI, CO: cardiac "
    "index, output. SVR, PVR: systemic, pulmonary vascular resistance. HR: heart rate. SV: stroke volume. EF: left "
    "ejection fraction."
)
READ_AS = {
    "mean arterial pressure": "MAP",
    "central venous pressure": "CVP",
    "pulmonary capillary wedge pressure": "PCWP",
    "mean pulmonary artery pressure": "mPAP",
    "heart rate": "HR",
    "cardiac output": "CO",
    "cardiac index": "CI",
    "left ventricular ejection fraction": "LVEF",
    "right ventricular ejection fraction": "RVEF",
}
"""Readings by their short names; any other by its own."""
FULL = "'inotrope plan ... --full', the page of '--html' and '--json' hold them."
OF_EVERY_CASE = ("measurements",)
"""What a refusal may name that tells a reader nothing: a key of the case."""
NOT_THE_DOSE = "Nothing else in this plan depends on it."
_DECIMALS = {"L/min/m2": 1, "L/min": 1, "dyn s/cm5": -1}
"""As a bedside reads them; every other unit is told without decimals."""


def course_section(course: CirculationCourse, *, brief: bool, more: str = FULL) -> Section:
    """Return the section.

    Args:
        course: What is foreseen, or why nothing is.
        brief: Leave out figures, the quantities that are read second, and what nobody knows, and say so.
        more: Where that stands which is left out.
    """
    if course.status is CourseStatus.REFUSED:
        return Section(TITLE, (_refused(course),))
    # What must be read with numbers stands above them.
    blocks: list[Block] = [Paragraph(course.says[0]), _head(course, brief=brief), Paragraph(_key(course))]
    blocks.append(_hours(course))
    if not brief:
        blocks += [*course_figures(course), _others(course), *_without(course)]
    blocks += [*_load(course, brief=brief), *_rates(course, brief=brief), *_models(course)]
    blocks.append(Lines(course.says[1:], "What must be read with it"))
    if brief:
        says = f"Left out here: the figures, the other pressures and flows, and what nobody knows of it. {more}"
        blocks.append(Paragraph(says))
    else:
        blocks.append(Lines(course.unknown, "Not known"))
    return Section(TITLE, tuple(blocks))


def told_sources(sources: Iterable[SourceReference]) -> tuple[str, ...]:
    """Return each text once, with how sure the numbers are that stand on it."""
    each: dict[str, tuple[str, dict[Status, None]]] = {}
    for item in sources:
        where = f"; {item.where}" if item.where else ""
        each.setdefault(item.id, (f"{item.title}{where}", {}))[1][item.status] = None
    return tuple(f"{text} ({', '.join(kinds)})" for text, kinds in each.values())


def as_read(value: Quantity) -> str:
    """Return a reading as a bedside tells it: one of another unit or of others has decimals that nobody measured."""
    return value.shown(2 if value.dimension == "flow" or value.unit == "L/min/m2" else 1)


def sources_section(course: CirculationCourse) -> Section:
    """Return every number's place, text by text: they are too many for a number each."""
    each: dict[tuple[str, Status], list[str]] = {}
    for item in course.sources:
        each.setdefault((item.title, item.status), []).append(item.place)
    lines = tuple(f"{title} ({status}): {'; '.join(places)}" for (title, status), places in each.items())
    return Section("Numbers behind heart and vessels", (Lines(lines),) if lines else ())


def _refused(course: CirculationCourse) -> Rows:
    rows = []
    for refusal in course.refusals:
        rows.append(Row("Refused", refusal.says, mark=Mark.REFUSED))
        needs = [need for need in refusal.needs if need not in refusal.says and need not in OF_EVERY_CASE]
        rows += [Row("Needs", ", ".join(needs))] if needs else []
    rows += [Row("Read", says) for says in _readings(course)]
    rows += [Row("Follows", says) for says in course.says]
    rows += [Row("Left out", says, mark=Mark.ASK) for says in course.left_out]
    return Rows((*rows, Row("To know", NOT_THE_DOSE)))


def _head(course: CirculationCourse, *, brief: bool) -> Rows:
    given = course.regimen or "nothing"
    rows = [Row("", course.headline, strong=True), Row("Supposed", f"{course.supposes}: {given}")]
    rows += [Row("Read", says) for says in _readings(course)]
    rows += [Row("Left out", says, mark=Mark.ASK) for says in course.left_out]
    rows += [Row("To know", says, mark=Mark.WARN) for says in course.unlike]
    rows.append(Row("Taken as", course.heart))
    rows += [] if brief else [Row("How", course.learned)]
    return Rows((*rows, Row("Model", course.levels_by)))


def _readings(course: CirculationCourse) -> Iterator[str]:
    """Yield the readings of each time, the latest first."""
    for at in sorted({item.at for item in course.readings}, reverse=True):
        here = [item for item in course.readings if item.at == at]
        on = "on the drug" if any(item.on_the_drug for item in here) else "before the drug"
        told = ", ".join(f"{READ_AS.get(item.what, item.what)} {as_read(item.value)}" for item in here)
        yield f"{moment(at)}, {on}: {told}"


def _key(course: CirculationCourse) -> str:
    return (
        f"Median of {course.draws:,} draws of what this patient may be, and where 90 % of them lie. Level: where the "
        f"drug acts, some minutes behind the blood. {KEY}"
    )


def _number(value: Decimal | float, unit: str) -> str:
    return plain_number(round_half_up(Decimal(str(value)), _DECIMALS.get(unit, 0)))


def _ends(low: Decimal | float, high: Decimal | float, unit: str) -> str:
    ends = _number(low, unit), _number(high, unit)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _ninety(value: Likely) -> str:
    return _ends(value.ninety_from.value, value.ninety_to.value, value.median.unit)


def _whole(value: Likely, *, unit: bool = True) -> str:
    """Return a number with its interval: `74 mmHg (58 to 85)`."""
    behind = f" {value.median.unit}" if unit else ""
    return f"{_number(value.median.value, value.median.unit)}{behind} ({_ninety(value)})"


def _hours(course: CirculationCourse) -> Table:
    """Return level, pressure, output and filling at a few hours, each with its interval in a line of its own."""
    at = _places(course)
    curves = {item.short: item.curve for item in course.quantities}
    lines = [] if course.level is None else _two("Level", course.level, at)
    lines += _two("MAP", curves["MAP"], at)
    if course.below is not None:
        chances = (chance(Quantity(Decimal(str(course.below.so_far.values[place])), "%")) for place in at)
        lines.append((_below(course.below), *chances))
    for short in READ_FIRST[1:]:
        lines += _two(short, curves[short], at) if short in curves else []
    lines += [_two(short, curves[short], at)[0] for short in MEDIAN_ALONE]
    until = "" if course.below is None else "; a chance is that of any time until then"
    return Table(f"What is expected{until}", _heads(course, at), tuple(lines))


def _others(course: CirculationCourse) -> Table:
    """Return at the same hours what is read second, each with its interval."""
    at = _places(course)
    others = [item for item in course.quantities if item.short not in READ_FIRST]
    lines = [line for item in others for line in _two(item.short, item.curve, at)]
    return Table("What else is expected", _heads(course, at), tuple(lines))


def _places(course: CirculationCourse) -> list[int]:
    return [place for place, hour in enumerate(course.time.values) if hour in HOURS]


def _heads(course: CirculationCourse, at: list[int]) -> tuple[str, ...]:
    hours = (course.time.values[place] for place in at)
    return ("", *("Now" if not hour else f"In {hour:g} h" for hour in hours))


def _below(below: PressureBelow) -> str:
    return f"MAP below {below.limit}"


def _two(short: str, curve: Intervals, at: list[int]) -> list[tuple[str, ...]]:
    """Return the medians, and under them where 90 % of the draws lie."""
    unit = curve.median.unit
    medians = (_number(curve.median.values[place], unit) for place in at)
    ninety = (_ends(curve.lowest.values[place], curve.highest.values[place], unit) for place in at)
    return [(f"{short}, {unit}", *medians), (f"{short}, 90 %", *ninety)]


def _without(course: CirculationCourse) -> list[Block]:
    """Return every quantity without the drug, beside now, where the drug is in the patient already."""
    if course.level is None or not course.level.median.values[0]:
        return []
    lines = tuple(
        (f"{item.short}, {item.before.median.unit}", _whole(item.before, unit=False), _at(item, 0))
        for item in course.quantities
    )
    return [Table("Without the drug, as the readings leave it", ("", "Without the drug", "Now"), lines)]


def _at(item: QuantityCourse, place: int) -> str:
    """Return a quantity at one time, with its interval."""
    unit, curve = item.before.median.unit, item.curve
    ends = _ends(curve.lowest.values[place], curve.highest.values[place], unit)
    return f"{_number(curve.median.values[place], unit)} ({ends})"


def _load(course: CirculationCourse, *, brief: bool) -> list[Block]:
    """Return the hour with the load beside the hour without it."""
    load = course.load
    if load is None:
        return []
    ways = (load.with_load, load.without)
    rows: list[tuple[str, ...]] = []
    if course.below is not None:
        rows.append((_below(course.below), *("not known" if way.below is None else chance(way.below) for way in ways)))
    rows.append(("lowest MAP", *(_whole(way.lowest) for way in ways)))
    for short in READ_FIRST:
        rows += _after(load, short)
    only = ""
    if load.below_only_with is not None and course.below is not None:
        share = chance(load.below_only_with)
        only = f" In {share} MAP falls below {course.below.limit} with the load and would not without it."
    says = f"In the same patient the load makes the lowest MAP of the hour lower by {_whole(load.lower_by)}.{only}"
    given = f"With the load: {load.with_load.regimen}. Without it: {load.without.regimen}."
    told = Lines((load.says, given, says), "The load against none, over the next hour")
    table = Table("", ("", "With the load", "Without it"), tuple(rows))
    return [told, table, *(() if brief else load_figures(course, load))]


def _after(load: LoadBeside, short: str) -> Iterator[tuple[str, ...]]:
    """Yield one quantity at a few minutes, both ways."""
    both = [item for way in (load.with_load, load.without) for item in way.quantities if item.short == short]
    for place, minute in enumerate(load.time.values if both else ()):
        if minute in MINUTES:
            unit = both[0].before.median.unit
            yield (f"{short} after {minute:g} min, {unit}", *(_at(item, place) for item in both))


def _rates(course: CirculationCourse, *, brief: bool) -> list[Block]:
    """Return what each permitted rate is expected to do, with what must be read with it before the numbers."""
    if not course.rates:
        return [Paragraph(course.rates_say)] if course.rates_say else []
    units = {item.short: item.value.median.unit for one in course.rates for item in one.quantities}
    names = [short for short in (*READ_FIRST, *(() if brief else MEDIAN_ALONE)) if short in units]
    chances = () if course.below is None else ("Chance",)
    head = ("Rate", *chances, "Level, ng/mL", *(f"{short}, {units[short]}" for short in names))
    lines = [line for one in course.rates for line in _rate(one, names, chances=bool(chances))]
    title = f"For information: what permitted rates are expected to do in {course.time.values[-1]:g} h"
    told = [course.rates_say]
    told += [] if course.below is None else [f"Chance: of {_below(course.below)} at any time until then."]
    return [Lines(tuple(told), title), Table("", head, tuple(lines))]


def _rate(one: RateExpected, names: list[str], *, chances: bool) -> Iterator[tuple[str, ...]]:
    """Yield the medians of one rate, and under them where 90 % of the draws lie."""
    values = {item.short: item.value for item in one.quantities}
    told = [one.because]
    told += [f"from {one.starts.shown(1)} on"] if one.starts.value else []
    told += [f"{chance(one.extrapolated)} extrapolated"] if one.extrapolated.value >= 1 else []
    first = ("no limit" if one.below is None else chance(one.below),) if chances else ()
    medians = ("no answer" if short not in values else _whole_median(values[short]) for short in names)
    ninety = ("" if short not in values else _ninety(values[short]) for short in names)
    yield (one.rate.shown(4), *first, _whole_median(one.level), *medians)
    yield (", ".join(told), *("" for _ in first), _ninety(one.level), *ninety)


def _whole_median(value: Likely) -> str:
    return _number(value.median.value, value.median.unit)


def _models(course: CirculationCourse) -> list[Block]:
    if all(item.first for item in course.models):
        return []
    heads = () if course.below is None else (_below(course.below),)
    lines = tuple((_named(item), *_pressure(item, chances=bool(heads))) for item in course.models)
    caption = "The same by every model of the level: they stand side by side and are never averaged"
    return [Table(caption, ("Model of the level", *heads, "Lowest MAP"), lines)]


def _named(item: ModelPressure) -> str:
    return f"{short_name(item.model)}{' (shown above)' if item.first else ''}"


def _pressure(item: ModelPressure, *, chances: bool) -> tuple[str, ...]:
    if item.lowest is None:
        return (*(("no answer",) if chances else ()), item.refused or "no answer")
    below = "not known" if item.below is None else chance(item.below)
    return (*((below,) if chances else ()), _whole(item.lowest))
