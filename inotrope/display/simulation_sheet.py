"""The sheet of a simulation: of whom, by which model, the levels at some times, and what must be read beside them.

Knows words and rounding only. It says what a model does not know before it says how sure the model is.
"""

from __future__ import annotations

import numpy as np

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table
from inotrope.population import Standing
from inotrope.simulation import Simulation
from inotrope.simulation.answer import Floats, factor, many

MOST_LINES = 13
"""Lines of the table of levels; the file that `--out` writes has every time."""
_DIGITS = 4
_PERCENTILES = (5, 50, 95)
DRAWN = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that a chart is drawn from, the lowest first."""
_POINTS = 481
"""Points of a chart's curve: more lie closer than a pixel."""


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
        sections.append(Section("Levels", (*charts, *_levels(found)), loud=True))
    told = [f"{remark.standing.value}: {remark.says}" for remark in found.remarks]
    told += [*found.says, *(f"Known conflict: {item.says}" for item in about.conflicts)]
    told += [f"Not known: {text}" for text in about.unknown]
    told += [f"Recalled and never read: {', '.join(about.unconfirmed)}."] if about.unconfirmed else []
    told += [f"This project's choice: {', '.join(about.judged)}."] if about.judged else []
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
    times, levels = found.time_h, _shown(found)
    if found.table or times is None or times.size < 2 or times[-1] <= 0:  # noqa: PLR2004 - a line has two ends
        return None
    places = _places(times.size, _POINTS)
    unit, curves = found.about.units.concentration, None
    if found.quantiles_ng_per_ml is not None:
        if found.shares != DRAWN:
            return None
        curves = found.quantiles_ng_per_ml[places].T
    elif levels is not None and levels.ndim > 1:
        curves = np.quantile(levels[:, places], DRAWN, axis=0)
    elif levels is not None:
        curves = levels[None, places]
    assert curves is not None  # there is an answer
    lines = [tuple((line * factor("ng/mL", unit)).tolist()) for line in curves]
    highest = max(max(line) for line in lines)
    return Chart(
        title=f"{found.about.model}, {found.patient}",
        time_h=tuple(times[places].tolist()),
        middle=lines[len(lines) // 2],
        half=(lines[1], lines[3]) if len(lines) > 1 else None,
        ninety=(lines[0], lines[-1]) if len(lines) > 1 else None,
        band=None,
        top=rounded_top(highest),
        says=f"Levels over {_number(times[-1])} h, up to {_number(highest)} {unit}: {found.given}",
        unit=unit,
        alone="one patient, and no interval",
    )


def _status(found: Simulation) -> Card | None:
    if found.refused:
        return Card(Mark.REFUSED, "No level is computed", "", (Row("", found.refused),))
    if found.standing is Standing.EXTRAPOLATION:
        says = " ".join(item.says for item in found.remarks if item.standing is Standing.EXTRAPOLATION)
        return Card(Mark.WARN, "Beyond those who were studied", "", (Row("", says),), "EXTRAPOLATION")
    return None


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
        peak = int(np.argmax(levels)) if levels.size else 0
        blocks: tuple[Block, ...] = (_table(found, "", ("level",), times, [levels * scale]),)
        if levels.size:
            at = f"{_number(levels[peak] * scale)} {unit} at {_number(times[peak])} h"
            blocks = (Rows((Row("Highest", f"{at}, of the times asked for", strong=True),)), *blocks)
        return blocks
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
    places = _places(times.size, MOST_LINES)
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


def _places(count: int, most: int) -> list[int]:
    """Return places of so many at most, even, with the first and the last of them."""
    if count <= most:
        return list(range(count))
    return [round(place * (count - 1) / (most - 1)) for place in range(most)]


def _number(value: float) -> str:
    """Round for the eye; the file has every digit."""
    return f"{float(value):,.{_DIGITS}g}" if abs(value) < 10**_DIGITS else f"{float(value):,.0f}"
