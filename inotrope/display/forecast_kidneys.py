"""Moving kidneys and a range that is left, as part of the forecast on a plan's sheet.

Knows which line, table and chart tells what. It computes nothing.
"""

from __future__ import annotations

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.sheet import Block, Lines, References, Row, Rows, Table
from inotrope.display.what_if_sheet import short_name, span
from inotrope.plan.forecast_record import Band, KidneyCourse, LevelForecast, ModelLevels, RangeLeft, Spreading
from inotrope.units import plain_number

UNCHANGED, ABOVE, BELOW = "unchanged", "above", "below"
_NOTHING = 0.05
"""%: what is rounded to nothing."""


def kidney_rows(forecast: LevelForecast) -> list[Row]:
    """Return what is said of kidneys that move; nothing where they are held."""
    course = forecast.kidney
    if course is None:
        return []
    now = course.now
    assert now.median is not None and now.ninety_from is not None and now.ninety_to is not None  # a walk has draws
    ends = f"{plain_number(now.ninety_from.value)} to {now.ninety_to}"
    found = f"move: clearance now {now.median}, 90 % {ends}, by the walk through {'; '.join(course.creatinines)}"
    each = "Each draw has its own path and goes on unchanged; the plan's rate stands on the estimate under Kidney."
    return [Row("Kidneys", f"{found}. {each}")]


def leaving_blocks(forecast: LevelForecast, model: ModelLevels) -> list[Block]:
    """Return when the first range is left by one model: a line, or a table of the ways that moving kidneys may go."""
    band = forecast.bands[0]
    if not model.leaves:
        return []
    until = f"{forecast.time.values[-1]:g} h"
    if not model.ahead:
        return [Rows((Row("Leaving", _in_a_line(model, band, until)),))]
    assert model.at_the_end is not None  # a model with draws has a curve
    ways = [(UNCHANGED, model.at_the_end, model.leaves)]
    ways += [(way.kidneys, way.at_the_end, way.leaves) for way in model.ahead]
    above, below = f"Above {band.high} by then", f"Below {band.low} again"
    head = ("Kidneys", f"Level at {until}", above, "5 % by", "Half by", below)
    caption = f"When {_range(band)} is left by {short_name(model.model)}, as the kidneys go on: no forecast of them"
    return [Table(caption, head, tuple(_way(name, end, _sides(left, band), until) for name, end, left in ways))]


def _way(name: str, end: Spreading, sides: tuple[RangeLeft, RangeLeft], until: str) -> tuple[str, ...]:
    above, below = sides
    times = (f"not by {until}" if hour is None else str(hour) for hour in (above.by_5_percent, above.by_half))
    return (name, span(end), above.chance.shown(0), *times, below.chance.shown(0))


def _in_a_line(model: ModelLevels, band: Band, until: str) -> str:
    above, below = _sides(model.leaves, band)
    parts = [f"no draw comes above it within {until}"]
    if above.chance.value >= _NOTHING:
        told = (("5 %", above.by_5_percent), ("half", above.by_half))
        when = [f"{share} by {hour}" for share, hour in told if hour is not None and hour.value > 0]
        already = f", {above.now.shown(0)} now" if above.now.value >= _NOTHING else ""
        times = f" ({', '.join(when)})" if when else ""
        parts = [f"{above.chance.shown(0)} of the draws come above it within {until}{already}{times}"]
    if below.chance.value >= _NOTHING:
        parts.append(f"{below.chance.shown(0)} fall below it from within")
    return f"of {_range(band)}, by {short_name(model.model)}: {'; '.join(parts)}."


def _sides(leaves: tuple[RangeLeft, ...], band: Band) -> tuple[RangeLeft, RangeLeft]:
    found = {item.side: item for item in leaves if item.band == band.id}
    return found[ABOVE], found[BELOW]


def _range(band: Band) -> str:
    return f"{plain_number(band.low.in_unit(band.high.unit))} to {band.high}"


def kidney_blocks(forecast: LevelForecast, references: References, *, brief: bool) -> list[Block]:
    """Return the paths of clearance and what a reader must know of them; nothing where the kidneys are held."""
    course = forecast.kidney
    if course is None:
        return []
    lines = Lines((*course.says, f"These judgements: {references.bare(course.sources)}."), "Of the kidneys")
    return [lines] if brief else [_chart(course), lines]


def _chart(course: KidneyCourse) -> Chart:
    paths = {path.kidneys: path for path in course.paths}
    own = paths.pop(UNCHANGED).intervals
    worse, better = (paths[way].intervals.median.values for way in ("worsening", "recovering"))
    first, last = course.time.values[0], course.time.values[-1]
    unit = own.median.unit
    title = f"Creatinine clearance by the walk through the creatinines, {first:g} to {last:g} h from now"
    ends = "; ".join(
        f"{path.kidneys} {path.intervals.median.values[-1]:g} {unit} at {last:g} h" for path in course.paths
    )
    return Chart(
        title=title,
        time_h=course.time.values,
        middle=own.median.values,
        half=(own.lower.values, own.upper.values),
        ninety=(own.lowest.values, own.highest.values),
        band=None,
        top=rounded_top(max(own.highest.values)),
        says=f"{title}. Medians: {ends}.",
        unit=unit,
        middle_is="median, unchanged ahead of now",
        other=worse,
        other_is="median if they worsen",
        third=better,
        third_is="median if they recover",
    )
