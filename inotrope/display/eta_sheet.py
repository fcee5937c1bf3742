"""How far a patient lies from the typical one, with the covariance, as part of a fit's sheet.

Knows one table for the deviations and one for their pairs. It computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from inotrope.display.sheet import Block, Paragraph, Section, Table
from inotrope.display.what_if_sheet import short_name
from inotrope.plan.fitting.record import FittedEtas, ModelFit

_TITLE = "Deviations from the typical patient"
_WHAT = (
    "Eta is the natural logarithm of this patient's parameter over the typical one. The most probable patient has the "
    "covariance of the curvature there; the draws count moving kidneys too."
)
_DEVIATIONS = ("Model", "Eta of", "SD before", "Most probable", "SD there", "Mean of draws", "SD of draws")
_PAIRS = ("Model", "Eta of", "By", "Covariance", "Correlation")


def eta_section(answering: Sequence[ModelFit]) -> Section:
    """Return the deviations of every model that was fitted; empty where no level was."""
    fitted = [(short_name(model.model), model.etas) for model in answering if model.etas is not None]
    if not fitted:
        return Section(_TITLE, ())
    deviations = [row for name, etas in fitted for row in _deviations(name, etas)]
    pairs = [row for name, etas in fitted for row in _pairs(name, etas)]
    blocks: list[Block] = [Paragraph(_WHAT), Table("", _DEVIATIONS, tuple(deviations))]
    if pairs:
        blocks.append(Table("How two of them go together", _PAIRS, tuple(pairs)))
    return Section(_TITLE, tuple(blocks))


def _deviations(name: str, etas: FittedEtas) -> list[tuple[str, ...]]:
    return [
        (
            name,
            parameter,
            _number(etas.omega[place]),
            _number(etas.most_probable[place]),
            _number(etas.covariance[place][place] ** 0.5),
            _number(etas.draws_mean[place]),
            _number(etas.draws_covariance[place][place] ** 0.5),
        )
        for place, parameter in enumerate(etas.of)
    ]


def _pairs(name: str, etas: FittedEtas) -> list[tuple[str, ...]]:
    ways = (
        ("curvature", etas.covariance, etas.correlation),
        ("draws", etas.draws_covariance, etas.draws_correlation),
    )
    return [
        (name, f"{etas.of[row]}, {etas.of[column]}", by, _number(covariance[row][column]), _number(both[row][column]))
        for row, column in combinations(range(len(etas.of)), 2)
        for by, covariance, both in ways
    ]


def _number(value: float) -> str:
    return f"{value:.3g}"
