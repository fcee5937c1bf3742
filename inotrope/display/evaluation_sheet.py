"""The sheet of a model held against a table of measured levels: its parameters, how near it comes, and its figures.

Knows the order: what was asked, the parameters with their shrinkage, how predictions agree, the foresight, the figures,
and what must be read beside them. A terminal is given the sheet without figures, a page with them: they say more than
characters can. It computes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inotrope.display.check_table import check_says, check_table
from inotrope.display.evaluation_figures import (
    check_figures,
    curve_figures,
    level_scale,
    predicted_figures,
    residual_figures,
)
from inotrope.display.figure import Figure, figures_alone
from inotrope.display.model_notes import notes_of
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table, clean
from inotrope.evaluation import Prospective, TableFit
from inotrope.evaluation.agreement import agreement, residuals
from inotrope.evaluation.curves import SubjectCurve
from inotrope.evaluation.predictive_check import PredictiveCheck
from inotrope.population import omega_matrix
from inotrope.simulation.answer import About, many

_DIGITS = 3
_SPREAD = (5, 50, 95)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What figures are drawn from: the plain check, after it the corrected one, and the curves of a few subjects."""

    checks: tuple[PredictiveCheck, ...]
    curves: tuple[SubjectCurve, ...]


def evaluation_sheet(
    fit: TableFit,
    *,
    notice: str,
    pictures: Pictures | None = None,
    figures: bool = True,
    prospective: Prospective | None = None,
) -> Sheet:
    """Return the sheet of one fit.

    Args:
        fit: Of the table.
        notice: The notice that stays on everything shown.
        pictures: What figures are drawn from; None draws none.
        figures: Whether they are drawn; else the check is told as a table.
        prospective: How well later levels were foreseen from earlier ones, where that was asked for.
    """
    model = fit.model
    head = [Row("Model", f"{model.name}: {model.title}"), Row("Table", fit.title)]
    head += [Row("Error", _error(fit)), Row("Seed", str(fit.seed))] if not fit.refused else []
    head += [Row("Note", model.note)] if model.note else []
    sections = [Section("What was asked", (Rows(tuple(head)),))]
    if not fit.refused:
        sections += [_parameters(fit), _agreement(fit)]
        sections += [] if prospective is None else [_foresight(prospective)]
        if pictures is not None:
            sections += _figures(fit, pictures) if figures else _check(fit, pictures.checks)
    sections.append(
        Section("To read beside it", (Lines(_told(fit, prospective, () if pictures is None else pictures.checks)),))
    )
    return Sheet(
        title=f"{model.drug}: a model held against measured levels",
        subtitle="",
        status=_status(fit),
        sections=tuple(sections),
        versions=(Row("Model file", model.digest),),
        notice=notice,
    )


def evaluation_svg(fit: TableFit, pictures: Pictures) -> str:
    """Return every figure as one SVG file, ending in a line feed.

    Args:
        fit: Of the table; not refused, with a level.
        pictures: What figures are drawn from.
    """
    figures = [one for _, _, few in _parts(fit, pictures) for one in few]
    return figures_alone(figures, clean(f"{fit.model.name}: {fit.title}"))


def _status(fit: TableFit) -> Card:
    if fit.refused:
        return Card(Mark.REFUSED, "No subject is fitted", "", (Row("", fit.refused),))
    failed = int(np.count_nonzero(~fit.modes.converged))
    if failed:
        says = f"{many(failed, 'subject')} of {len(fit.ids):,} without an answer, named below."
        return Card(Mark.WARN, "Not every subject is fitted", "", (Row("", says),), "FITTED IN PART")
    says = "The model is taken as it was published: its typical values and its spread are not estimated anew."
    return Card(Mark.PLAN, f"{many(len(fit.ids), 'subject')}, one by one", "", (Row("", says),), "FITTED")


def _error(fit: TableFit) -> str:
    error = fit.error
    own = "as the model states it" if fit.error_is_own else "not the model's own"
    scale, unit = level_scale(fit)
    parts = f"a = {error.a_ng_per_ml * scale:.6g} {unit}, b = {100 * error.b:g} %"
    return f"one SD of a measured level: {error.form.value}, {parts}; {own}"


def _parameters(fit: TableFit) -> Section:
    """Return each parameter over all subjects, and how far the estimates shrank to the typical patient."""
    names, omega = omega_matrix(fit.model)
    omegas = dict(zip(names, np.sqrt(np.diagonal(omega)).tolist(), strict=True))
    rows = []
    for name, values in fit.parameters.items():
        unit, own = "L" if name.startswith("v") else "L/h", values[np.isfinite(values)]
        shown = [f"{_number(one)} {unit}" for one in np.percentile(own, _SPREAD)] if own.size else [""] * len(_SPREAD)
        spread = f"{_number(omegas[name])}" if name in omegas else "none"
        rows.append((name, *shown, spread, _share(fit.shrinkage.get(name, math.nan))))
    later = [name for name in fit.shrinkage if name not in fit.parameters]
    rows += [(name, *[""] * len(_SPREAD), "", _share(fit.shrinkage[name])) for name in later]
    rows.append(("weighted residuals", *[""] * len(_SPREAD), "1", _share(fit.residual_shrinkage)))
    head = ("Of the subjects", *(f"{share} %" for share in _SPREAD), "SD in the model", "Shrinkage")
    says = (
        "Shrinkage: near 0 % the levels tell the subjects apart; near 100 % every estimate stays at the typical "
        "patient, and no plot of estimates then shows whether the model holds (Savic and Karlsson 2009)."
    )
    return Section("Parameters", (Table("", head, tuple(rows)), Paragraph(says)), loud=True)


def _agreement(fit: TableFit) -> Section:
    rows = []
    for words, predicted in (("typical prediction", fit.rows.pred), ("individual prediction", fit.rows.ipred)):
        found = agreement(fit, predicted)
        if found is not None:
            errors = (found.median_error, found.median_absolute_error, found.rms_error)
            rows.append((words, f"{found.levels:,}", *map(_share, errors)))
    blocks: list[Block] = []
    if rows:
        head = ("Of the", "Levels", "Median error", "Median size of it", "RMS error")
        blocks.append(Table("", head, tuple(rows)))
        blocks.append(Paragraph("Errors are (predicted - measured) / measured; above 0 the model expects too much."))
    weighted = residuals(fit)
    if weighted is not None:
        text = (
            f"mean {weighted.mean:+.2f}, SD {weighted.sd:.2f}, {_share(weighted.beyond)} more than 1.96 SD off (5 % "
            "are expected, fewer the more the estimates follow the levels)"
        )
        blocks.append(Rows((Row("Residuals", text),)))
    return Section("How near it comes", tuple(blocks) or (Paragraph("No level can be counted."),))


def _foresight(prospective: Prospective) -> Section:
    rows = tuple(
        (
            str(one.used),
            f"{one.subjects:,}",
            f"{one.levels:,}",
            _share(one.median_error),
            _share(one.median_absolute_error),
            _share(one.rms_error),
            _share(one.within_20),
            _share(one.within_30),
            _share(one.within_interval),
        )
        for one in prospective.by_used
    )
    head = ("Known", "Subjects", "Foreseen", "Median", "Size", "RMS", "In 20 %", "In 30 %", "In 90 % range")
    says = (
        "Each subject is fitted to his first levels alone ('Known'), and every later one is foreseen. Median: the "
        "middle of the errors, (predicted - measured) / measured; size: the middle of their sizes; RMS: the root of "
        "their mean square; then the shares within 20 % and 30 %, and inside the range that was to hold 90 %."
    )
    return Section("Later levels foreseen from earlier ones", (Table("", head, rows), Paragraph(says)), loud=True)


def _parts(fit: TableFit, pictures: Pictures) -> list[tuple[str, str, Sequence[Figure]]]:
    """Return the figures in parts, each with a title and what it is."""
    checks = tuple(figure for check in pictures.checks for figure in check_figures(fit, check))
    found: list[tuple[str, str, Sequence[Figure]]] = [
        ("Measured against predicted", "", predicted_figures(fit)),
        ("Weighted residuals", "", residual_figures(fit)),
        ("Predictive check", check_says(pictures.checks) if checks else "", checks),
    ]
    says = "Evenly chosen, from the subject who is described best to the one who is described worst."
    found.append(("Individual against population curve", says, curve_figures(fit, pictures.curves)))
    return [part for part in found if part[2]]


def _figures(fit: TableFit, pictures: Pictures) -> list[Section]:
    found = []
    for title, says, figures in _parts(fit, pictures):
        found.append(Section(title, (*((Paragraph(says),) if says else ()), *figures)))
    return found


def _check(fit: TableFit, checks: Sequence[PredictiveCheck]) -> list[Section]:
    """Return the last check as a table: the prediction-corrected one, if there is one; it holds for all doses alike."""
    blocks = (Paragraph(check_says(checks)), check_table(fit, checks[-1])) if checks else ()
    return [Section("Predictive check", blocks)] if blocks else []


def _told(fit: TableFit, prospective: Prospective | None, checks: Sequence[PredictiveCheck]) -> tuple[str, ...]:
    told = [*fit.says, *(() if prospective is None else prospective.says)]
    told += dict.fromkeys(text for check in checks for text in check.says)
    return (*told, *notes_of(About.of(fit.model)))


def _share(value: float) -> str:
    return "not known" if math.isnan(value) else f"{100 * value:.0f} %"


def _number(value: float) -> str:
    return f"{float(value):,.{_DIGITS}g}"
