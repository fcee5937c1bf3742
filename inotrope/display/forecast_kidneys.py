"""Moving kidneys and a range that is left, as part of the forecast on a plan's sheet.

Knows which line, table and chart tells what. It computes nothing.
"""

from __future__ import annotations

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.leaving import leaving_line, leaving_table
from inotrope.display.sheet import Block, Lines, References, Row
from inotrope.display.what_if_sheet import short_name, span
from inotrope.plan.forecast_record import KidneyCourse, LevelForecast, ModelLevels
from inotrope.units import plain_number

UNCHANGED = "unchanged"
TWO_NUMBERS = (
    "It is another number than the kidney function that limits the rate: that is one estimate, the lowest of all where "
    "the kidneys change; this is what the creatinines together make probable, and how far it may be off."
)


def kidney_rows(forecast: LevelForecast) -> list[Row]:
    """Return what is said of kidneys that move; nothing where they are held."""
    course = forecast.kidney
    if course is None:
        return []
    now = course.now
    assert now.median is not None and now.ninety_from is not None and now.ninety_to is not None  # a walk has draws
    ends = f"{plain_number(now.ninety_from.value)} to {now.ninety_to}"
    found = f"move: clearance now {now.median}, 90 % {ends}, by the walk through {'; '.join(course.creatinines)}"
    each = "Each draw has its own path and goes on unchanged; no rate of the plan stands on it."
    return [Row("Kidneys", f"{found}. {each} {TWO_NUMBERS}")]


def leaving_blocks(forecast: LevelForecast, model: ModelLevels) -> list[Block]:
    """Return when the first range is left by one model: a line, or a table of the ways that moving kidneys may go."""
    band, until = forecast.bands[0], f"{forecast.time.values[-1]:g} h"
    if not model.leaves:
        return []
    if not model.ahead:
        return [leaving_line(short_name(model.model), model.leaves, band, until)]
    assert model.at_the_end is not None  # a model with draws has a curve
    ways = [(UNCHANGED, span(model.at_the_end), model.leaves)]
    ways += [(way.kidneys, span(way.at_the_end), way.leaves) for way in model.ahead]
    return [leaving_table(short_name(model.model), ways, band, until)]


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
