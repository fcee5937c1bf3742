"""The sheet of a circulation before and during the drug: whose numbers, what becomes of them, and what it is not for.

Knows words and order only. As text it has tables; a page has the figures too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inotrope.display.circulation_course import OF_EVERY_CASE, as_read, course_section, told_sources
from inotrope.display.circulation_figures import (
    by_name,
    chain_figures,
    level_of,
    loop_figure,
    of_moments,
    response_figures,
)
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Section, Sheet, Table, moment
from inotrope.errors import shorten
from inotrope.plan.circulation.record import (
    BEFORE,
    DURING,
    CirculationForecast,
    CirculationStatus,
    Foreseen,
    Loop,
    Step,
)
from inotrope.units import Quantity, plain_number, round_half_up

SHORT = {
    "mean arterial pressure": "MAP",
    "central venous pressure": "CVP",
    "wedge pressure": "PCWP",
    "mean pulmonary artery pressure": "mPAP",
    "systemic vascular resistance": "SVR",
    "pulmonary vascular resistance": "PVR",
    "left ejection fraction": "LVEF",
    "right ejection fraction": "RVEF",
}
KEY = (
    "MAP, CVP, PCWP, mPAP: mean arterial, central venous, wedge and mean pulmonary artery pressure. SVR, PVR: systemic "
    "and pulmonary vascular resistance. LVEF, RVEF: left and right ejection fraction."
)
OF_LOOPS: tuple[tuple[str, Callable[[Loop], float]], ...] = (
    ("largest volume, mL", lambda loop: max(loop.volume_ml)),
    ("smallest volume, mL", lambda loop: min(loop.volume_ml)),
    ("highest pressure, mmHg", lambda loop: max(loop.pressure_mmhg)),
    ("stroke work, mmHg mL", lambda loop: loop.stroke_work_mmhg_ml),
)
"""What is told of each loop as text."""
MORE = "'--plot FILE.html' and '--json' hold them."
"""Where that stands which a terminal leaves out of the course."""
SPREADS = (
    "That counts any time of the day, with level and readings uncertain. Every share below of one moment is as if its "
    "level and the readings were exact."
)
UNKNOWN = "What the model does not know"
"""A part of its own where nothing is predicted."""
NO_CHANGE = ("unbound drug", "PDE3 occupied")
"""Steps of the chain that are told as they are; every other one is a change."""
LEVELS = 6
"""Levels of the dose-response as text, even over the axis."""


def circulation_sheet(found: CirculationForecast, *, figures: bool = False) -> Sheet:
    """Return the sheet.

    Args:
        found: What came out, or the refusal.
        figures: Whether figures stand in it; a terminal has the tables alone.
    """
    sections = [_before(found)] if found.readings else []
    predicted = found.status is CirculationStatus.PREDICTED
    told = predicted or found.has_course
    if predicted:
        sections.append(_during(found))
    if found.course is not None:
        sections.append(course_section(found.course, brief=not figures, more=MORE))
    if predicted:
        sections += [_chain(found, figures=figures), _response(found, figures=figures)]
        sections.append(_loops(found, figures=figures))
    sections += [Section("To read with it", _beside(found, figures=figures))]
    if figures and found.unknown and not told:
        sections.append(Section(UNKNOWN, (Lines(found.unknown),)))
    if found.members:
        sections.append(Section("The fits that stand side by side, the default one first", (Lines(found.members),)))
    if told or figures:
        sources = (*found.sources, *(() if found.course is None else found.course.sources))
        sections.append(Section("Sources", (Lines(told_sources(sources)),)))
    versions = found.versions
    return Sheet(
        title=f"{found.drug}: heart and vessels before and during",
        subtitle=moment(found.made_for),
        status=_status(found),
        sections=tuple(sections),
        versions=(
            Row("Inotrope", versions.inotrope),
            Row("Drug folder", shorten(versions.drug_folder, 16)),
            Row("Vocabulary", shorten(versions.vocabulary, 16)),
        ),
        notice=found.notice,
        alerts=_alerts(found),
    )


def _status(found: CirculationForecast) -> Card:
    refused = []
    for item in found.refusals:
        refused.append(Row("", item.says))
        refused += [Row("", f"- {need}") for need in item.needs if need not in OF_EVERY_CASE]
    if found.status is CirculationStatus.REFUSED and not found.has_course:
        return Card(Mark.REFUSED, "Nothing is predicted", "", tuple(refused))
    rows = []
    if found.course is not None:
        rows.append(Row("", found.course.headline, strong=found.has_course))
        rows += [Row("", SPREADS)] if found.has_course and not refused else []
        rows += [Row("", found.course.levels_by)] if found.has_course else []
    if refused:
        rows += [Row("", "The day under the regimen is told below. Before and during are not:"), *refused]
    else:
        rows.append(Row("", f"Of a {found.patient.sex} patient of {found.patient.weight}; given: {found.given}."))
        rows.append(Row("", found.says[1]))
    return Card(Mark.INFORM, "It explains and warns; it selects no rate", "", tuple(rows))


def _alerts(found: CirculationForecast) -> tuple[Card, ...]:
    cards = []
    assumed = [item for item in found.readings if item.assumed]
    if assumed:
        listed = ", ".join(f"{item.what} {as_read(item.value)}" for item in assumed)
        says = Row("", f"Not measured here, taken from {assumed[0].assumed}: {listed}.")
        whole = len(assumed) == len(found.readings)
        title = "A typical heart, and not this patient's" if whole else "Partly a typical heart, and not this patient's"
        cards.append(Card(Mark.ASSUMED, title, "", (says,)))
    if found.warnings:
        cards.append(Card(Mark.WARN, "The model and this patient", "", tuple(Row("", text) for text in found.warnings)))
    for when, texts in of_moments(found):
        cards.append(Card(Mark.WARN, f"{when[0].upper()}{when[1:]}", "", tuple(Row("", text) for text in texts)))
    return tuple(cards)


def _before(found: CirculationForecast) -> Section:
    rows = []
    for item in found.readings:
        source = "assumed" if item.assumed else ""
        source = moment(item.at) if item.at is not None else source
        source += f", from {item.derived_from}" if item.derived_from else ""
        rows.append((item.what, as_read(item.value), source))
    table = Table("", ("before the drug", "value", "measured"), tuple(rows))
    return Section("What it is calibrated with", (table, Paragraph(f"Assumptions and reflex: {found.heart}.")))


def _during(found: CirculationForecast) -> Section:
    """Return what becomes of the circulation at every moment: by the default member, and as changes by all."""
    heads, lines = _heads(found), list(zip(*(item.foreseen for item in found.moments), strict=True))  # by quantity
    values = tuple((_short(line[0].what), f"{line[0].before}", *(f"{each.during}" for each in line)) for line in lines)
    changing = [line for line in lines if not line[0].what.endswith("fraction")]
    changes = tuple((_short(line[0].what), *map(told_change, line)) for line in changing)
    blocks = (
        Table(f"By the default fit, {_default(found)}", ("", "before", *heads), values),
        Table(
            "Change against before: by the default fit, and the lowest and highest of all fits",
            ("", *heads),
            changes,
        ),
        *_of_patients(changing, heads),
        Paragraph(KEY),
    )
    return Section("Before and during", blocks, loud=True)


def _heads(found: CirculationForecast) -> tuple[str, ...]:
    """Return the head of a column for each moment."""
    return tuple(f"{item.says}, {level_of(item)}" for item in found.moments)


def _of_patients(lines: Sequence[Sequence[Foreseen]], heads: tuple[str, ...]) -> tuple[Block, ...]:
    """Return where 90 % of patients with the same bedside are expected; nothing where nobody said how they differ."""
    rows = tuple((_short(line[0].what), *map(_ninety, line)) for line in lines)
    if all(each.ninety_from is None for line in lines for each in line):
        return ()
    caption = "Change in 90 % of patients with these numbers before: how they differ, and miss the model, is judgement"
    return (Table(caption, ("", *heads), rows),)


def _ninety(each: Foreseen) -> str:
    if each.ninety_from is None or each.ninety_to is None:
        return "too few have an answer"
    return f"{_whole(each.ninety_from)} to {_whole(each.ninety_to)} %"


def _short(what: str) -> str:
    return SHORT.get(what, what)


def told_change(each: Foreseen) -> str:
    """Return a change against before by the default fit, with the lowest and highest of all in brackets."""
    low, high = (_whole(item) for item in (each.least_change, each.most_change))
    return f"{_whole(each.change)} %" + ("" if low == high else f" ({low} to {high})")


def _whole(percent: Quantity) -> str:
    """Return a change as a whole number with its sign."""
    value = int(round_half_up(percent.value, 0))
    return f"{value:+d}" if value else "0"


def _chain(found: CirculationForecast, *, figures: bool) -> Section:
    heads, lines = _heads(found), list(zip(*(item.steps for item in found.moments), strict=True))
    rows = tuple((line[0].what, *(told_step(each) for each in line)) for line in lines)
    caption = (
        "By the default fit, and where fits differ the lowest and highest. What has a sign is a change against before; "
        "resistance and heart rate are of the drug alone, before the reflex answers, and Before and during has both"
    )
    drawn = chain_figures(found) if figures else ()
    last = (Paragraph(f"8. {found.loops_of}"),) if figures and not found.loops else ()
    return Section("The chain, from PDE3 to the loop", (Table(caption, ("step", *heads), rows), *drawn, *last))


def _default(found: CirculationForecast) -> str:
    """Return the name of the fit that stands for all where one number must."""
    return found.members[0].partition(":")[0]


def told_step(each: Step) -> str:
    """Return a step of the chain by the default fit, with the lowest and highest of all in brackets."""
    plus = "" if each.what in NO_CHANGE else "+"
    value, low, high = (
        f"{plus if item.value > 0 else ''}{plain_number(item.value)}"
        for item in (each.value, each.lowest, each.highest)
    )
    ends = "" if low == high else f" ({low} to {high})"
    return f"{value} {each.value.unit}{ends}"


def _response(found: CirculationForecast, *, figures: bool) -> Section:
    response = found.response
    assert response is not None  # of a prediction there is one
    curves = by_name(response)
    names = ("cardiac output", "systemic vascular resistance", "wedge pressure", "mean arterial pressure")
    short = ("CI or CO", "SVR", "PCWP", "MAP")
    axis = response.level_ng_per_ml
    places = [round(place * (len(axis) - 1) / (LEVELS - 1)) for place in range(1, LEVELS)]
    rows = []
    for place in places:
        cells = []
        for name in names:
            middle, low, high = (
                line[place]
                for line in (curves[name].percent, curves[name].lowest_percent, curves[name].highest_percent)
            )
            none = middle is None or low is None or high is None
            cells.append("no steady state" if none else f"{middle:+.0f} % ({low:+.0f} to {high:+.0f})")
        rows.append((f"{axis[place]:.0f} ng/mL", *cells))
    begin = str(response.studied_from).partition(" ")[0]
    studied = (
        f"Studied: {begin} to {response.studied_to}, the levels that the label's rates are taken to give. Above "
        f"{response.extrapolated_from} it is extrapolation. Every change is against before."
    )
    table = Table("", ("level", *short), tuple(rows))
    return Section("Dose-response", (table, Paragraph(studied), *(response_figures(found) if figures else ())))


def _loops(found: CirculationForecast, *, figures: bool) -> Section:
    if not found.loops:
        return Section("Loops", (Paragraph(found.loops_of),))
    rows = []
    for side in ("left", "right"):
        of_side = [loop for loop in found.loops if loop.side == side]
        for name, read in OF_LOOPS:
            cells = []
            for when in (BEFORE, DURING):
                values = [read(loop) for loop in of_side if loop.when == when]
                cells.append(f"{values[0]:,.0f} ({min(values):,.0f} to {max(values):,.0f})")
            rows.append((f"{side} ventricle, {name}", *cells))
    blocks: list[Block] = [Table(f"Beat by beat, {found.loops_of}", ("", "before", "during"), tuple(rows))]
    drawn = [loop_figure(found, side) for side in ("left", "right")]
    if figures:
        blocks += [one for one in drawn if one is not None]
    else:
        blocks.append(Paragraph("Drawn with --plot FILE.svg or --plot FILE.html."))
    return Section("Loops", tuple(blocks))


def _beside(found: CirculationForecast, *, figures: bool) -> tuple[Block, ...]:
    told = Lines(found.says)
    if found.status is CirculationStatus.REFUSED and not found.has_course:
        beside = Paragraph("What the model does not know, and its sources: '--json' holds them.")
        return (told,) if figures else (told, beside)
    unknown = Lines(found.unknown, title="Not known")
    return (told, unknown) if found.unknown else (told,)
