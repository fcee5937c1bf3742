"""The forecast as a part of a plan's sheet: a chart of the model that fits first, and every model beside it.

Knows the order: what is supposed, the highest first, the chart, all models in one table, the chances, then what
speaks against it. It computes nothing and averages nothing.
"""

from __future__ import annotations

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.sheet import Block, Lines, Mark, Paragraph, References, Row, Rows, Section, Table
from inotrope.plan.forecast_record import BandChance, LevelForecast, ModelLevels, Spreading
from inotrope.units import plain_number, round_half_up

_WHAT = (
    "What published models say of the level in the blood. No dose is chosen from it. Models stand side by side and are "
    "never averaged: while no level is measured, nobody knows which one is right for this patient."
)
_RANGE = "A studied range is what publications looked at. Nobody has shown that staying in it is better or safer."


def forecast_section(forecast: LevelForecast | None, references: References, *, brief: bool) -> Section:
    """Return the forecast; empty where there is none."""
    if forecast is None:
        return Section("Forecast of the level", ())
    answering = [model for model in forecast.models if not model.refused]
    rows = [Row("Supposed", f"{forecast.supposes}: {forecast.regimen or 'nothing'}")]
    rows += [Row("To know", says, mark=Mark.ASK) for says in forecast.says]
    rows += [Row("Refused", refusal.says, mark=Mark.REFUSED) for refusal in forecast.refusals]
    if forecast.highest_steady is not None:
        highest = forecast.highest_steady
        recalled = any(model.unconfirmed for model in answering if model.model == highest.model)
        says = f"{highest.level.shown(0)} in the end, by {_short(highest.model)}"
        says += ", which rests on recalled numbers" if recalled else ""
        rows.append(Row("Highest", says, strong=True))
    blocks: list[Block] = [Paragraph(_WHAT), Rows(tuple(rows))]
    first = next((model for model in answering if model.model == forecast.first), None)
    drawn = [model for model in answering if model.curve is not None]
    shown = [first] if brief and first is not None else sorted(drawn, key=lambda model: model is not first)
    blocks += [_chart(forecast, model, shown) for model in shown]
    if answering:
        blocks.append(_models(answering, references))
    if first is not None:
        blocks += _chances(forecast, first)
    blocks += _against(answering, first, brief=brief)
    refusing = [model for model in forecast.models if model.refused]
    if brief and refusing:
        blocks.append(Paragraph(f"{len(refusing)} models do not answer; '--full' says why."))
    elif refusing:
        blocks.append(Lines(tuple(f"{_short(item.model)}: {item.refused}" for item in refusing), "Do not answer"))
    return Section("Forecast of the level", tuple(blocks))


def _short(model: str) -> str:
    return model.rpartition("/")[2]


def _chart(forecast: LevelForecast, model: ModelLevels, beside: list[ModelLevels]) -> Chart:
    """Return the chart of one model, on the scale of all that stand beside it."""
    assert model.curve is not None  # the caller chose models with a curve
    spread = model.curve.intervals
    highest = max(
        max((item.curve.intervals.highest if item.curve.intervals else item.curve.typical).values)
        for item in beside
        if item.curve is not None
    )
    end = "" if model.at_the_end is None else f", {_span(model.at_the_end)} at {forecast.time.values[-1]:g} h"
    title = f"{model.title}: level over {forecast.time.values[-1]:g} h"
    band = forecast.bands[0]
    ends = (float(band.low.in_unit("ng/mL")), float(band.high.in_unit("ng/mL")))
    return Chart(
        title=title,
        time_h=forecast.time.values,
        middle=model.curve.typical.values if spread is None else spread.median.values,
        half=None if spread is None else (spread.lower.values, spread.upper.values),
        ninety=None if spread is None else (spread.lowest.values, spread.highest.values),
        band=ends,
        top=rounded_top(max(highest, ends[1] * 1.05)),
        says=f"{title}{end}. Studied range {band.low} to {band.high}.",
    )


def _span(level: Spreading) -> str:
    """Say a level with the interval of 90 % of the draws, or that of the typical patient alone."""
    if level.median is None or level.ninety_from is None or level.ninety_to is None:
        return f"{level.typical.shown(0)}, typical"
    if level.ninety_from == level.ninety_to:  # all draws agree, as before the first dose
        return level.median.shown(0)
    ends = f"{plain_number(round_half_up(level.ninety_from.value, 0))} to {level.ninety_to.shown(0)}"
    return f"{level.median.shown(0)}, {ends}"


def _models(answering: list[ModelLevels], references: References) -> Table:
    lines = tuple(
        (
            f"{_short(item.model)} {references.bare(item.sources[:1])}",
            _standing(item),
            "no curve" if item.curve is None else "not known" if item.now is None else _span(item.now),
            "no curve" if item.at_the_end is None else _span(item.at_the_end),
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
    return _span(item.steady) + sd


def _chances(forecast: LevelForecast, first: ModelLevels) -> list[Block]:
    if not first.chances:
        return []
    moments = tuple(dict.fromkeys(item.when for item in first.chances))
    by_place = {(item.band, item.when): item for item in first.chances}
    lines = []
    for band in forecast.bands:
        low = plain_number(band.low.in_unit(band.high.unit))
        cells = [_three(by_place[band.id, when]) for when in moments]
        lines.append((f"{low} to {band.high} ({band.id})", *cells))
    head = ("Studied range", *(f"{when[0].upper()}{when[1:]}" for when in moments))
    caption = f"Chance of below, in and above, by {_short(first.model)}, {forecast.draws} draws"
    return [Paragraph(_RANGE), Table(caption, head, tuple(lines))]


def _three(chance: BandChance) -> str:
    return ", ".join(share.shown(0) for share in (chance.below, chance.within, chance.above))


def _against(answering: list[ModelLevels], first: ModelLevels | None, *, brief: bool) -> list[Block]:
    """Return what speaks against the models: known conflicts, and what nobody knows."""
    chosen = [first] if brief and first is not None else answering
    lines = [
        f"{_short(item.model)}: {says}"
        for item in chosen
        for says in (*item.conflicts, *item.unknown, *item.says, *(() if brief else item.remarks))
    ]
    return [Lines(tuple(lines), "What speaks against them, and what nobody knows")] if lines else []
