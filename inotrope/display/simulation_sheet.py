"""The sheet of a simulation: of whom, by which model, the levels at some times, and what must be read beside them.

Knows words and rounding only. It says what a model does not know before it says how sure the model is.
"""

from __future__ import annotations

import numpy as np

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.model_notes import notes_of
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table
from inotrope.population import AGES, Standing
from inotrope.simulation import Simulation
from inotrope.simulation.answer import Floats, factor, many
from inotrope.simulation.between import DRAWN, even_places

MOST_LINES = 13
"""Lines of the table of levels; the file that `--out` writes has every time."""
_DIGITS = 4
_PERCENTILES = (5, 50, 95)
_SAME_H = 1e-9
"""h. Two times that differ by less are one."""


def simulation_sheet(found: Simulation, *, notice: str) -> Sheet:
    """Return the sheet of one simulation.

    Args:
        found: What came out, or the refusal.
        notice: The notice that stays on everything shown.
    """
    about = found.about
    head = [Row("Model", f"{about.model}: {about.title}"), Row("Given", found.given), Row("Of", found.patient)]
    head += [] if found.seed is None else [Row("Seed", str(found.seed))]
    head += [Row("Note", about.note)] if about.note else []
    sections = [Section("What was asked", (Rows(tuple(head)),))]
    if not found.refused:
        drawn = chart(found)
        charts = () if drawn is None else (drawn,)
        sections.append(Section("Levels", (*charts, *_turns(found), *_levels(found)), loud=True))
    told = [f"{remark.standing.value}: {remark.says}" for remark in found.remarks]
    told += [*found.says, *notes_of(about)]
    sections.append(Section("To read beside it", (Lines(tuple(told)) if told else Paragraph("Nothing."),)))
    return Sheet(
        title=f"{about.drug}: levels over time",
        subtitle="",
        status=_status(found),
        sections=tuple(sections),
        versions=(Row("Model file", about.digest),),
        notice=notice,
    )


def chart(found: Simulation) -> Chart | None:
    """Return the curve as a chart; None where there is none to draw: a table, one time, other quantiles than `DRAWN`.

    No studied range stands in it: a model may be of any drug.
    """
    drawn = found.drawn
    if drawn is None or drawn.time_h[-1] <= drawn.time_h[0] or drawn.shares not in ((), DRAWN):
        return None
    times, unit = drawn.time_h, found.about.units.concentration
    lines = [tuple((line * factor("ng/mL", unit)).tolist()) for line in drawn.lines_ng_per_ml]
    highest = max(max(line) for line in lines)
    return Chart(
        title=f"{found.about.model}, {found.patient}",
        time_h=tuple(times.tolist()),
        middle=lines[len(lines) // 2],
        half=(lines[1], lines[3]) if len(lines) > 1 else None,
        ninety=(lines[0], lines[-1]) if len(lines) > 1 else None,
        band=None,
        top=rounded_top(highest),
        says=f"Levels over {_number(times[-1])} h, up to {_number(highest)} {unit}: {found.given}",
        unit=unit,
        alone="one patient, and no interval",
        turns=True,
    )


def _status(found: Simulation) -> Card | None:
    if found.refused:
        return Card(Mark.REFUSED, "No level is computed", "", (Row("", found.refused),))
    unknown = " ".join(item.says for item in found.remarks if item.standing is Standing.UNKNOWN and item.of in AGES)
    rows = (Row("Not known", unknown),) if unknown else ()
    if found.standing is Standing.EXTRAPOLATION:
        says = " ".join(item.says for item in found.remarks if item.standing is Standing.EXTRAPOLATION)
        return Card(Mark.WARN, "Beyond those who were studied", "", (Row("", says), *rows), "EXTRAPOLATION")
    if rows:
        title = "Whether the model holds for this age is not known"
        return Card(Mark.WARN, title, "", (Row("", unknown),), "AGE NOT KNOWN")
    return None


def _turns(found: Simulation) -> tuple[Block, ...]:
    """Return the highest level of each line, also between the times that were asked for."""
    drawn = found.drawn
    if drawn is None:
        return ()
    if drawn.highest is not None:
        rows = [Row("Highest", f"{_at(found, *drawn.highest)}{_apart(found, [drawn.highest[1]])}", strong=True)]
        rows += [] if drawn.lowest is None else [Row("Lowest", f"{_at(found, *drawn.lowest)}, after it")]
    else:
        told = [round(100 * share) in _PERCENTILES or drawn.shares != DRAWN for share in drawn.shares]
        lines = [line for line, one in zip(drawn.lines_ng_per_ml, told, strict=True) if one]
        shares = [share for share, one in zip(drawn.shares, told, strict=True) if one]
        tops = [(float(line.max()), float(drawn.time_h[np.argmax(line)])) for line in lines]
        listed = "; ".join(f"{100 * share:.10g} %: {_at(found, *top)}" for share, top in zip(shares, tops, strict=True))
        rows = [Row("Highest", f"{listed}{_apart(found, [hour for _, hour in tops])}", strong=True)]
    blocks: tuple[Block, ...] = (Rows(tuple(rows)),)
    if drawn.whole:
        return blocks
    says = (
        "Of the times asked for alone: between them levels may lie higher. Ask for a smaller step, or fewer patients."
    )
    return (*blocks, Paragraph(says))


def _at(found: Simulation, level: float, hour: float) -> str:
    """Return a level and its time."""
    unit = found.about.units.concentration
    return f"{_number(level * factor('ng/mL', unit))} {unit} at {_number(hour)} h"


def _apart(found: Simulation, hours: list[float]) -> str:
    """Return whether one of the hours lies between the times that were asked for, in words."""
    assert found.time_h is not None  # there is an answer
    apart = [float(np.abs(found.time_h - hour).min()) for hour in hours]
    return ", between the times asked for" if max(apart) > _SAME_H else ""


def _levels(found: Simulation) -> tuple[Block, ...]:
    assert found.time_h is not None  # there is an answer
    times, unit = found.time_h, found.about.units.concentration
    scale = factor("ng/mL", unit)
    if found.table and found.identity is not None:
        subjects = many(len(set(found.identity.tolist())), "subject")
        return (Paragraph(f"{many(found.rows, 'level')} of {subjects}."), _few(found))
    if found.quantiles_ng_per_ml is not None:
        heads = tuple(f"{100 * share:.10g} %" for share in found.shares)
        columns = [found.quantiles_ng_per_ml[:, place] * scale for place in range(len(heads))]
        return (_table(found, f"Quantiles over all patients{_measured(found)}", heads, times, columns),)
    levels = _shown(found)
    assert levels is not None  # it is one or the other
    if levels.ndim == 1:
        return (_table(found, "", ("level",), times, [levels * scale]),)
    heads = tuple(f"{share} %" for share in _PERCENTILES)
    columns = list(np.percentile(levels * scale, _PERCENTILES, axis=0)) if levels.size else [times] * len(heads)
    return (_table(found, f"Percentiles over all patients{_measured(found)}", heads, times, columns),)


def _shown(found: Simulation) -> Floats | None:
    """Return the levels that are shown: measured ones where they were asked for."""
    return found.concentration_ng_per_ml if found.measured_ng_per_ml is None else found.measured_ng_per_ml


def _measured(found: Simulation) -> str:
    return ", as measured" if found.of_measured or found.measured_ng_per_ml is not None else ""


def _table(found: Simulation, caption: str, heads: tuple[str, ...], times: Floats, columns: list[Floats]) -> Table:
    unit = found.about.units.concentration
    places = even_places(times.size, MOST_LINES)
    rows = tuple(
        (f"{_number(times[place])} h", *(f"{_number(column[place])} {unit}" for column in columns)) for place in places
    )
    return Table(caption, ("time", *heads), rows)


def _few(found: Simulation) -> Table:
    units, columns = found.units, found.columns(0, MOST_LINES)
    shown = tuple(name for name in ("ID", "TIME", "CP", "DV") if name in units)
    rows = zip(*(columns[name].tolist() for name in shown), strict=True)
    cells = tuple(
        tuple(f"{_number(value)} {units[name]}".strip() for name, value in zip(shown, row, strict=True)) for row in rows
    )
    return Table("The first of them", shown, cells)


def _number(value: float) -> str:
    """Round for the eye; the file has every digit."""
    return f"{float(value):,.{_DIGITS}g}" if abs(value) < 10**_DIGITS else f"{float(value):,.0f}"
