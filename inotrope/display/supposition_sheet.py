"""One change that is supposed, as parts of a page: the curve then over the curve as planned, the chances, all models.

Knows the order: what is supposed and that it is no order, the chart of the model that is shown first, the chances by
it; every model stands apart, for a page that folds it. It computes nothing.
"""

from __future__ import annotations

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Table
from inotrope.display.what_if_sheet import NO_ORDER, short_name, what_if_of
from inotrope.plan.forecast_record import THIS_SITE, BandChance, LevelCurve
from inotrope.plan.supposing.record import LevelsThen, Supposition
from inotrope.units import plain_number

PLANNED = "as planned"


def supposition_blocks(found: Supposition) -> list[Block]:
    """Return what a change would do to the levels by the model shown first; a refusal alone where it cannot be told."""
    if found.change.refused:
        return [Card(Mark.REFUSED, found.change.asked, "", (Row("", found.change.refused),), "NOT TOLD:")]
    rows = [Row("Supposed", found.change.regimen or "nothing more is given")]
    rows += [Row(_capital(PLANNED), f"{found.supposes}: {found.regimen or 'nothing'}")]
    rows += [Row("To know", says, mark=Mark.WARN) for says in found.change.says]
    rows += [Row("To know", says, mark=Mark.INFORM) for says in found.change.notes]
    rows.append(Row("", NO_ORDER))
    blocks: list[Block] = [Card(Mark.INFORM, found.change.asked, "", tuple(rows), "WHAT IF:")]
    shown = _shown(found)
    if shown is None:
        blocks.append(Paragraph("No model draws a curve of it."))
    else:
        blocks += [_chart(found, shown), *_chances(found, shown)]
    return blocks


def every_model(found: Supposition) -> list[Block]:
    """Return what every model says of the change, and which do not answer then."""
    return what_if_of(found.change)


def _shown(found: Supposition) -> LevelsThen | None:
    """Return the model whose curve is drawn: the first of the forecast, else one that draws one after the change."""
    drawn = [item for item in found.models if item.curve is not None]
    return next((item for item in drawn if item.model == found.first), drawn[0] if drawn else None)


def _chart(found: Supposition, shown: LevelsThen) -> Chart:
    assert shown.curve is not None and shown.before is not None  # it draws one after, so it drew one before
    spread, band = shown.curve.intervals, found.bands[0]
    title = f"{shown.title}: level over {found.time.values[-1]:g} h, {found.change.asked}"
    highest = max(_highest(shown.curve), _highest(shown.before))
    ends = (float(band.low.in_unit("ng/mL")), float(band.high.in_unit("ng/mL")))
    then, planned = _middle(shown.curve), _middle(shown.before)
    says = (
        f"{title}. At the end {then[-1]:,.0f} ng/mL, {PLANNED} {planned[-1]:,.0f} ng/mL. "
        f"Range: {band.low} to {band.high}."
    )
    return Chart(
        title=title,
        time_h=found.time.values,
        middle=then,
        half=None if spread is None else (spread.lower.values, spread.upper.values),
        ninety=None if spread is None else (spread.lowest.values, spread.highest.values),
        band=ends,
        top=rounded_top(max(highest, ends[1] * 1.05)),
        says=says,
        band_is="this site's band" if band.id == THIS_SITE else "the studied range",
        middle_is="median then",
        other=planned,
        other_is=PLANNED if spread is None else f"median {PLANNED}",
        now=found.made_for,
    )


def _highest(curve: LevelCurve) -> float:
    return max((curve.intervals.highest if curve.intervals else curve.typical).values)


def _middle(curve: LevelCurve) -> tuple[float, ...]:
    return curve.typical.values if curve.intervals is None else curve.intervals.median.values


def _chances(found: Supposition, shown: LevelsThen) -> list[Block]:
    """Return the chances after the change beside those without it; nothing where no spread is known."""
    if not shown.chances:
        return []
    before = {(item.band, item.when): item for item in shown.chances_before}
    bands = {band.id: band for band in found.bands}
    rows = []
    for item in shown.chances:
        band, old = bands[item.band], before.get((item.band, item.when))
        low = plain_number(band.low.in_unit(band.high.unit))
        name = f"{low} to {band.high} ({'this site' if band.id == THIS_SITE else band.id}), {item.when}"
        rows.append((name, "none" if old is None else _three(old), _three(item)))
    caption = f"Chance of being below, in and above a range, by {short_name(shown.model)}, {found.draws} draws"
    told: list[Block] = [Table(caption, ("Range", _capital(PLANNED), "Then"), tuple(rows))]
    if shown.recalled:
        told.append(Lines((f"{short_name(shown.model)} rests on recalled numbers.",)))
    return told


def _three(chance: BandChance) -> str:
    return f"below {chance.below.shown(0)}, in {chance.within.shown(0)}, above {chance.above.shown(0)}"


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
