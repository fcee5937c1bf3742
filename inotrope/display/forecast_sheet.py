"""The forecast as a part of a plan's sheet: a chart of the model that fits first, and every model beside it.

Knows the order: what is supposed, the highest first, the chart, all models in one table, the chances, then what
speaks against it. It computes nothing and averages nothing.
"""

from __future__ import annotations

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.forecast_kidneys import kidney_blocks, kidney_rows, leaving_blocks
from inotrope.display.sheet import Block, Lines, Mark, Paragraph, References, Row, Rows, Section, Table
from inotrope.display.what_if_sheet import short_name, span, what_if_blocks
from inotrope.plan.forecast_record import THIS_SITE, BandChance, HighestLevel, LevelForecast, ModelLevels
from inotrope.units import plain_number

_WHAT = (
    "What published models say of the level in the blood. No dose is chosen from it. Models stand side by side and are "
    "never averaged: while no level is measured, nobody knows which one is right for this patient."
)
_RANGE = "A studied range is what publications looked at. Nobody has shown that staying in it is better or safer."
_EVEN = (
    "The draws lie evenly. Against 100,000 plain draws of each adult model the ends of 90 % were within 2.5 % while an "
    "infusion ran and within 5 % after its end, a chance within 3 in 100: how exact the numbers are, not the models."
)
_SEEN = 0.02
"""A peak that is higher than a curve by no more than this share is seen in it."""
_OWN = "This site's band is what its own file sets."


def forecast_section(forecast: LevelForecast | None, references: References, *, brief: bool) -> Section:
    """Return the forecast; empty where there is none."""
    if forecast is None:
        return Section("Forecast of the level", ())
    answering = [model for model in forecast.models if not model.refused]
    rows = [Row("Supposed", f"{forecast.supposes}: {forecast.regimen or 'nothing'}")]
    rows += kidney_rows(forecast)
    rows += [Row("To know", says, mark=Mark.INFORM) for says in forecast.says]
    rows += [Row("Refused", refusal.says, mark=Mark.REFUSED) for refusal in forecast.refusals]
    if forecast.highest_steady is not None:
        highest = forecast.highest_steady
        rows.append(Row("Highest", f"{highest.level.shown(0)} in the end, {_by(highest, answering)}", strong=True))
    if forecast.highest_peak is not None:
        rows.append(Row("Peak", _peak(forecast.highest_peak, answering)))
    blocks: list[Block] = [Paragraph(_WHAT), Rows(tuple(rows))]
    first = next((model for model in answering if model.model == forecast.first), None)
    drawn = [model for model in answering if model.curve is not None]
    shown = [first] if brief and first is not None else sorted(drawn, key=lambda model: model is not first)
    for model in shown:
        blocks.append(_chart(forecast, model, shown))
        blocks += _peak_between(forecast, model)
        blocks += leaving_blocks(forecast, model)
    blocks += kidney_blocks(forecast, references, brief=brief)
    if answering:
        blocks.append(_models(answering, references))
        if not brief and any(model.chances for model in answering):
            blocks.append(Paragraph(_EVEN))
    if first is not None:
        blocks += _chances(forecast, first)
    blocks += _against(forecast, answering, first, brief=brief)
    blocks += what_if_blocks(forecast)
    refusing = [model for model in forecast.models if model.refused]
    if brief and refusing:
        blocks.append(Paragraph(f"{len(refusing)} models do not answer; '--full' says why."))
    elif refusing:
        blocks.append(Lines(tuple(f"{short_name(item.model)}: {item.refused}" for item in refusing), "Do not answer"))
    return Section("Forecast of the level", tuple(blocks))


def _peak(highest: HighestLevel, answering: list[ModelLevels]) -> str:
    """Say the highest level that a curve comes to, and when that is."""
    when = next((model.peak_at for model in answering if model.model == highest.model), None)
    at = "" if when is None else f", at {when}"
    return f"{highest.level.shown(0)} within the chart{at}, {_by(highest, answering)}"


def _peak_between(forecast: LevelForecast, model: ModelLevels) -> list[Block]:
    """Say which peak a curve does not show, since it lies between two of its points; nothing where it shows it."""
    if model.peak is None or model.peak_at is None or model.curve is None:
        return []
    drawn, peak = max(model.curve.typical.values), float(model.peak.typical.value)
    if peak <= drawn * (1 + _SEEN):
        return []
    every = 60 * (forecast.time.values[1] - forecast.time.values[0])
    return [
        Paragraph(
            f"The curve has a point every {every:g} min and leaves out its peak between two of them: "
            f"{span(model.peak)}, at {model.peak_at}."
        )
    ]


def _by(highest: HighestLevel, answering: list[ModelLevels]) -> str:
    """Name the model of a level, and whether it rests on numbers that nobody read."""
    recalled = any(model.unconfirmed for model in answering if model.model == highest.model)
    return f"by {short_name(highest.model)}" + (", which rests on recalled numbers" if recalled else "")


def _chart(forecast: LevelForecast, model: ModelLevels, beside: list[ModelLevels]) -> Chart:
    """Return the chart of one model, on the scale of all that stand beside it."""
    assert model.curve is not None  # the caller chose models with a curve
    spread = model.curve.intervals
    curves = [curve for item in beside for curve in (item.curve, *(way.curve for way in item.ahead)) if curve]
    highest = max(max((curve.intervals.highest if curve.intervals else curve.typical).values) for curve in curves)
    ways = {way.kidneys: way.curve.intervals.median.values for way in model.ahead if way.curve.intervals}
    end = "" if model.at_the_end is None else f", {span(model.at_the_end)} at {forecast.time.values[-1]:g} h"
    title = f"{model.title}: level over {forecast.time.values[-1]:g} h"
    band = forecast.bands[0]
    name = "this site's band" if band.id == THIS_SITE else "the studied range"
    ends = (float(band.low.in_unit("ng/mL")), float(band.high.in_unit("ng/mL")))
    return Chart(
        title=title,
        time_h=forecast.time.values,
        middle=model.curve.typical.values if spread is None else spread.median.values,
        half=None if spread is None else (spread.lower.values, spread.upper.values),
        ninety=None if spread is None else (spread.lowest.values, spread.highest.values),
        band=ends,
        top=rounded_top(max(highest, ends[1] * 1.05)),
        says=f"{title}{end}. {name[0].upper()}{name[1:]}: {band.low} to {band.high}.",
        band_is=name,
        middle_is="median, kidneys unchanged ahead" if ways else "median",
        other=ways.get("worsening"),
        other_is="median if they worsen",
        third=ways.get("recovering"),
        third_is="median if they recover",
    )


def _models(answering: list[ModelLevels], references: References) -> Table:
    lines = tuple(
        (
            f"{short_name(item.model)} {references.bare(item.sources[:1])}",
            _standing(item),
            "no curve" if item.curve is None else "not known" if item.now is None else span(item.now),
            "no curve" if item.at_the_end is None else span(item.at_the_end),
            "none" if item.steady is None else _steady(item),
        )
        for item in answering
    )
    caption = "All models that answer: median and the ends of 90 % of the draws, or the typical patient alone"
    return Table(caption, ("Model", "Fits", "Now", "After the chart", "In the end"), lines)


def _standing(item: ModelLevels) -> str:
    return f"{item.standing}, recalled numbers" if item.unconfirmed else item.standing


def _steady(item: ModelLevels) -> str:
    assert item.steady is not None  # the caller looked
    sd = "" if item.printed_deviation is None else f", SD {item.printed_deviation.shown(0)} as printed"
    return span(item.steady) + sd


def _chances(forecast: LevelForecast, first: ModelLevels) -> list[Block]:
    if not first.chances:
        return []
    moments = tuple(dict.fromkeys(item.when for item in first.chances))
    by_place = {(item.band, item.when): item for item in first.chances}
    lines = []
    for band in forecast.bands:
        low = plain_number(band.low.in_unit(band.high.unit))
        cells = [_three(by_place[band.id, when]) for when in moments]
        lines.append((f"{low} to {band.high} ({'this site' if band.id == THIS_SITE else band.id})", *cells))
    head = ("Range", *(f"{when[0].upper()}{when[1:]}" for when in moments))
    caption = f"Chance of being below, in and above, by {short_name(first.model)}, {forecast.draws} draws"
    says = f"{_RANGE} {_OWN}" if forecast.bands[0].id == THIS_SITE else _RANGE
    return [Paragraph(says), Table(caption, head, tuple(lines))]


def _three(chance: BandChance) -> str:
    return f"below {chance.below.shown(0)}, in {chance.within.shown(0)}, above {chance.above.shown(0)}"


def _against(
    forecast: LevelForecast, answering: list[ModelLevels], first: ModelLevels | None, *, brief: bool
) -> list[Block]:
    """Return what speaks against the models: known conflicts, and what nobody knows.

    The brief sheet says all of it of the model that is drawn and of the highest, every conflict, and counts the rest.
    """
    named = {item.model for item in (first, forecast.highest_steady) if item is not None}
    lines, more = [], 0
    for item in answering:
        lines += [f"{short_name(item.model)}: {says}" for says in item.conflicts]
        rest = (*item.unknown, *item.says, *(() if brief else item.remarks))
        if brief and item.model not in named:
            more += len(rest)
        else:
            lines += [f"{short_name(item.model)}: {says}" for says in rest]
    if more:
        lines.append(f"{more} more that nobody knows, of the other models: '--full' says what.")
    return [Lines(tuple(lines), "What speaks against them, and what nobody knows")] if lines else []
