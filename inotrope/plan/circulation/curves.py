"""How every link of the chain, and the circulation at its end, goes with the level: one axis, every member.

Knows the axis and what is drawn over it. Percentages are against before.
"""

from __future__ import annotations

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.plan.circulation.members import Members
from inotrope.plan.circulation.moments import OF_CIRCULATION
from inotrope.plan.circulation.record import Curve, DoseResponse
from inotrope.plan.forecast_numbers import LEVEL
from inotrope.population.response import ResponseFile

POINTS = 126
BEYOND = 1.25
"""How far an axis goes beyond the levels that can be told, so that its end is seen."""
HIGHEST_NG_PER_ML = 2000.0
"""No axis goes further: nothing was ever fitted near it."""
OF_CHANGE, OF_SHARE = "change", "share"


def top_of(file: ResponseFile, levels_ng_per_ml: list[float]) -> float:
    """Return the end of the axis: beyond what was studied, and beyond every level that is told."""
    studied = float(file.studied_to.value.in_unit(LEVEL))
    return min(BEYOND * max(studied, *levels_ng_per_ml), HIGHEST_NG_PER_ML)


def response_of(members: Members, top_ng_per_ml: float) -> DoseResponse:
    """Return every curve of one patient up to a level."""
    levels = np.linspace(0.0, top_ng_per_ml, POINTS)
    chain = members.act(levels[:, None])
    answer, _ = members.at(levels[:, None])
    before, _ = members.at(0.0)
    factors = chain.changes
    shape = (POINTS, len(members.ids))
    curves = [_curve("PDE3 occupied", 100 * chain.occupied, shape, OF_SHARE)]
    for name, factor in (
        ("cAMP of the heart", chain.camp / chain.camp_calibrated),
        ("force of the left ventricle", factors.left_elastance),
        ("force of the right ventricle", factors.right_elastance),
        ("resistance of the arteries", factors.systemic_resistance),
        ("stressed blood volume", factors.stressed_volume),
        ("rate before the reflex", factors.rate),
    ):
        curves.append(_curve(name, 100 * (factor - 1), shape, OF_CHANGE))
    for name, _, read, _ in OF_CIRCULATION:
        change = 100 * (read(answer) / read(before) - 1)
        curves.append(_curve(name, np.where(answer.solved, change, np.nan), shape, OF_CHANGE))
    observed = [item.level for item in members.file.observed]
    return DoseResponse(
        level_ng_per_ml=tuple(round(float(level), 3) for level in levels),
        studied_from=min(item.value for item in observed),
        studied_to=max(item.value for item in observed),
        extrapolated_from=members.file.studied_to.value,
        curves=tuple(curves),
    )


def _curve(what: str, percent: Array, shape: tuple[int, int], of: str) -> Curve:
    whole = np.broadcast_to(percent, shape)
    return Curve(what, of, _told(whole[:, 0]), _told(whole.min(axis=1)), _told(whole.max(axis=1)))


def _told(values: Array) -> tuple[float | None, ...]:
    return tuple(round(float(value), 3) if np.isfinite(value) else None for value in values)
