"""The figures of a circulation: the chain from PDE3 to the loop, the dose-response, and the loops of both ventricles.

Knows axes, layers and words. It computes nothing that is not where a shape lies. Every curve over levels bears the
levels that were studied and the spread of all members of the fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from inotrope.display.circulation_course import READ_AS, as_read
from inotrope.display.figure import Axis, Figure, Layer, figures_alone
from inotrope.display.shapes import Shape
from inotrope.display.sheet import Mark, clean, moment
from inotrope.display.ticks import rounded_top, step_of
from inotrope.plan.circulation.label import OF_LABEL, LabelTable
from inotrope.plan.circulation.moments import BELOW_IT
from inotrope.plan.circulation.record import (
    BEFORE,
    DURING,
    CirculationForecast,
    Curve,
    DoseResponse,
    Loop,
    Moment,
    Reading,
)

ROOM = 1.02
"""An axis ends so much beyond what is drawn."""
UNSEEN = 0.02
"""Of a step of an axis: so little beyond its end is drawn at the end, and makes no axis longer."""
EVERY = 5
"""Of the points of another member's loop every fifth is marked."""
COLUMNS = 3
RESPONSES = (
    ("cardiac output", "Cardiac output or index"),
    ("systemic vascular resistance", "Systemic vascular resistance"),
    ("wedge pressure", "Wedge pressure (PCWP)"),
    ("mean arterial pressure", "Mean arterial pressure (MAP)"),
    ("central venous pressure", "Central venous pressure (not in the label)"),
    ("mean pulmonary artery pressure", "Mean pulmonary pressure (not in the label)"),
)
"""The dose-response, each with its title. The index changes as the output does: the body's surface stays."""
SPREAD = "lowest to highest of all fits"
DEFAULT = "default fit"


def chain_figures(found: CirculationForecast) -> tuple[Figure, ...]:
    """Return the chain from the enzyme to the loop of the left ventricle, in the order of cause and effect."""
    if found.response is None:
        return ()
    curves = by_name(found.response)

    def over(title: str, *shown: tuple[str, str], banded: int | None = None) -> Figure:
        return _over_levels(found, title, [(curves[name], words) for name, words in shown], banded)

    chain = [
        over("1. The drug sits on PDE3", ("PDE3 occupied", "PDE3 occupied")),
        over("2. cAMP is left over in the heart", ("cAMP of the heart", "cAMP")),
        over("3. The left ventricle contracts with more force", ("force of the left ventricle", "Ees")),
        over("4. The arteries widen", ("resistance of the arteries", "resistance before the reflex")),
        over("5. The veins widen", ("stressed blood volume", "stressed blood volume")),
        over(
            "6. The heart beats faster",
            ("heart rate", "with the reflex"),
            ("rate before the reflex", "the drug alone"),
            banded=1,
        ),
        over(
            "7. Output rises, pressures fall",
            ("cardiac output", "output"),
            ("mean arterial pressure", "MAP"),
            ("wedge pressure", "PCWP"),
        ),
    ]
    loop = loop_figure(found, "left", "8. The loop of the left ventricle moves")
    return tuple(chain) if loop is None else (*chain, loop)


def response_figures(found: CirculationForecast) -> tuple[Figure, ...]:
    """Return the dose-response: output, resistance and pressures, each alone."""
    if found.response is None:
        return ()
    curves = by_name(found.response)
    return tuple(_over_levels(found, title, [(curves[name], name)]) for name, title in RESPONSES)


def loop_figure(found: CirculationForecast, side: str, title: str | None = None) -> Figure | None:
    """Return the loop of one ventricle before and during; None where loops were not computed."""
    loops = [loop for loop in found.loops if loop.side == side]
    if not loops:
        return None
    member = loops[0].member
    own = {loop.when: loop for loop in loops if loop.member == member}
    layers = [_closed(Shape.DASHED, "before", own[BEFORE]), _closed(Shape.LINE, "during", own[DURING])]
    others = [loop for loop in loops if loop.member != member and loop.when == DURING]
    for place, loop in enumerate(others):
        words = "" if place else "during, other fits"
        layers.append(Layer(Shape.RING, words, loop.volume_ml[::EVERY], loop.pressure_mmhg[::EVERY]))
    top = rounded_top(ROOM * max(max(loop.pressure_mmhg) for loop in loops))
    wide = rounded_top(ROOM * max(max(loop.volume_ml) for loop in loops))
    for place, loop in enumerate((own[BEFORE], own[DURING])):
        end = min(top, loop.end_systolic_mmhg_per_ml * (wide - loop.v0_ml))
        reach = loop.v0_ml + end / loop.end_systolic_mmhg_per_ml
        words = "" if place else "end-systolic lines; during is the steeper"
        layers.append(Layer(Shape.DOTTED, words, (loop.v0_ml, reach), (0.0, end)))
    work = ", ".join(f"{when} {own[when].stroke_work_mmhg_ml:,.0f}" for when in (BEFORE, DURING))
    says = f"{side} ventricle, pressure against volume over one beat; work in mmHg mL: {work}."
    return Figure(
        title=title or f"Loop of the {side} ventricle",
        across=Axis("volume of the ventricle", "mL", 0.0, wide),
        up=Axis("its pressure", "mmHg", 0.0, top),
        layers=tuple(layers),
        says=f"{says[0].upper()}{says[1:]}",
        remark=f"{clean(found.loops_of)}. Stroke work in mmHg mL: {work}.",
    )


def circulation_svg(found: CirculationForecast) -> str:
    """Return everything as one SVG file: the chain with both loops at its end, and the dose-response."""
    right = loop_figure(found, "right")
    figures = (*chain_figures(found), *(() if right is None else (right,)), *response_figures(found))
    title = f"{clean(found.drug).capitalize()}: from PDE3 to the pressure-volume loop"
    return figures_alone(figures, title, columns=COLUMNS, remarks=remarks(found), loud=warned(found))


def label_svg(table: LabelTable) -> str:
    """Return the label's table as one SVG file: what is printed over what every member says."""
    curves = by_name(table.response)
    figures = []
    for short, name, _ in OF_LABEL.values():
        rows = [row for row in table.rows if row.what == short]
        curve, axis = curves[name], table.response.level_ng_per_ml
        low, high = _span([*_ends(curve), *(end for row in rows for end in (row.low, row.high))])
        levels = tuple(row.level_ng_per_ml for row in rows)
        middles = tuple((row.low + row.high) / 2 for row in rows)
        halves = tuple((row.high - row.low) / 2 for row in rows)
        layers = (
            _studied(table.response, low, high),
            _band(curve, SPREAD, axis),
            Layer(Shape.LINE, f"{short}, {DEFAULT} ({table.default})", axis, _numbers(curve.percent)),
            Layer(Shape.CIRCLE, "the label, a span with its ends", levels, middles, errors=halves),
        )
        figures.append(
            Figure(
                title=f"{short}: the label's table and the fit",
                across=Axis("level that the fit takes the rate to give", "ng/mL", 0.0, axis[-1]),
                up=Axis("change against before", "%", low, high),
                layers=layers,
                says=f"{short} by level, with the label's three numbers.",
            )
        )
    title = f"{clean(table.drug).capitalize()}: the label's hemodynamic table, and what the fit makes of it"
    recalled = (
        "The table is recalled, not read; its patients were not seen, and its levels are computed from a clearance."
    )
    return figures_alone(figures, title, columns=2, remarks=(recalled, table.says))


def by_name(response: DoseResponse) -> dict[str, Curve]:
    """Return every curve by what it shows."""
    return {curve.what: curve for curve in response.curves}


def remarks(found: CirculationForecast) -> tuple[str, ...]:
    """Return what stands on every picture: what it is for, whose numbers it shows, what it does not know."""
    loops = f" Loops: {found.loops_of}." if found.loops else f" {found.loops_of}"
    levels = "; ".join(f"{item.says}: {level_of(item)}" for item in found.moments)
    own = [item for item in found.readings if not item.assumed]
    assumed = [item for item in found.readings if item.assumed]
    sex, weight, when = found.patient.sex, found.patient.weight, moment(found.made_for)
    who = f"A {sex} patient of {weight}, {when}; given: {found.given}."
    who += f" Before the drug: {_listed(own)}." if own else ""
    who += f" Not measured, taken from {assumed[0].assumed}: {_listed(assumed)}." if assumed else ""
    return (clean(who), *found.says[:2], f"Marked: {levels}.{loops}")


def _listed(readings: Sequence[Reading]) -> str:
    return ", ".join(f"{READ_AS.get(item.what, item.what)} {as_read(item.value)}" for item in readings)


def warned(found: CirculationForecast) -> tuple[str, ...]:
    """Return every warning once: of the patient, of each moment, and last what every moment has."""
    sign = Mark.WARN.sign
    told = [*found.warnings, *(f"{says}: {' '.join(texts)}" for says, texts in of_moments(found))]
    return tuple(f"{sign} {clean(text[0].upper() + text[1:])}" for text in told)


def level_of(item: Moment) -> str:
    """Return the level of a moment as a reader needs it: without decimals from 100 on."""
    return item.level.shown(0 if item.level.value >= 100 else 1)  # noqa: PLR2004 - as said


def of_moments(found: CirculationForecast) -> list[tuple[str, list[str]]]:
    """Return the warnings of each moment that has any; what a low pressure means stands at the first alone."""
    told, said = [], False
    for item in found.moments:
        texts = [text for text in item.warnings if not said or text != BELOW_IT]
        said = said or BELOW_IT in texts
        told += [(f"{item.says}, {level_of(item)}", texts)] if texts else []
    return told


def _closed(shape: Shape, words: str, loop: Loop) -> Layer:
    """Return a loop as a line that comes back to where it began."""
    return Layer(shape, words, (*loop.volume_ml, loop.volume_ml[0]), (*loop.pressure_mmhg, loop.pressure_mmhg[0]))


def _over_levels(
    found: CirculationForecast, title: str, shown: Sequence[tuple[Curve, str]], banded: int | None = None
) -> Figure:
    """Return curves over levels, the first `banded` of them with what lies between all fits; by default each."""
    response = found.response
    assert response is not None  # both callers have looked
    axis = response.level_ng_per_ml
    low, high = _span([end for curve, _ in shown for end in _ends(curve)])
    layers = [_studied(response, low, high)]
    wide = any(_apart(curve) for curve, _ in shown)
    if wide:  # bands that overlap are told apart by nobody, so a figure may have those of its first curves alone
        of = f"{shown[0][1]}, {SPREAD}" if banded else SPREAD
        layers += [_band(curve, "" if place else of, axis) for place, (curve, _) in enumerate(shown[:banded])]
    for (curve, words), shape in zip(shown, (Shape.LINE, Shape.DASHED, Shape.DOTTED), strict=False):
        by = f", {DEFAULT}" if wide and len(shown) == 1 else ""
        layers.append(Layer(shape, f"{words}{by}", axis, _numbers(curve.percent)))
    edge = float(response.extrapolated_from.in_unit("ng/mL"))
    words = f"right of it, above {response.extrapolated_from}: extrapolation"
    layers.append(Layer(Shape.EDGE, words, (edge, edge), (low, high)))
    levels = tuple(float(item.level.in_unit("ng/mL")) for item in found.moments)
    for place, (curve, _) in enumerate(shown):
        marks = tuple(_read(axis, curve.percent, level) for level in levels)
        layers.append(Layer(Shape.DISK, "" if place else _marked(found), levels, marks))
    change = shown[0][0].of == "change"
    names = " and ".join(words for _, words in shown)
    return Figure(
        title=title,
        across=Axis("level at the site of effect", "ng/mL", 0.0, axis[-1]),
        up=Axis("change against before" if change else names, "%", low, high),
        layers=tuple(layers),
        says=f"{title}: {names} by level up to {axis[-1]:.0f} ng/mL.",
    )


def _marked(found: CirculationForecast) -> str:
    """Return the levels that are marked, in words."""
    levels = [level_of(item).partition(" ")[0] for item in found.moments]
    return f"at {', '.join(levels)} ng/mL"


def _studied(response: DoseResponse, low: float, high: float) -> Layer:
    begin, end = (float(item.in_unit("ng/mL")) for item in (response.studied_from, response.studied_to))
    return Layer(Shape.RANGE, "levels of the label's rates", (begin,), (low,), (high,), (end,))


def _ends(curve: Curve) -> list[float]:
    """Return the lowest and highest of all members wherever there is a steady state."""
    return [value for line in (curve.lowest_percent, curve.highest_percent) for value in line if value is not None]


def _band(curve: Curve, words: str, axis: tuple[float, ...]) -> Layer:
    return Layer(Shape.LIGHT, words, axis, _numbers(curve.lowest_percent), _numbers(curve.highest_percent))


def _span(values: Sequence[float]) -> tuple[float, float]:
    """Return round ends of an axis that holds zero and every value."""
    low, high = min([0.0, *values]), max([0.0, *values])
    step = step_of(max(high - low, 1.0), 4)
    return step * math.floor(low / step + UNSEEN), step * math.ceil(high / step - UNSEEN)


def _apart(curve: Curve) -> bool:
    return any(
        low is not None and high is not None and high - low > 0.05  # noqa: PLR2004 - of a percent: no eye sees it
        for low, high in zip(curve.lowest_percent, curve.highest_percent, strict=True)
    )


def _numbers(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(math.nan if value is None else value for value in values)


def _read(axis: Sequence[float], values: Sequence[float | None], level: float) -> float:
    """Return a curve at a level between two of its points, on the straight line."""
    step = axis[1] - axis[0]
    place = min(int(level / step), len(axis) - 2)
    low, high = values[place], values[place + 1]
    if low is None or high is None:
        return math.nan
    return low + (high - low) * (level - axis[place]) / step
