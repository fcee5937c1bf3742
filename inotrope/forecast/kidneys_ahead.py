"""The kidneys of a forecast where they move: a path of clearance for each draw, and the ways in which it may go on.

Knows how the draws of a walk meet the draws of patients. It estimates nothing (`estimation/kidney_of_case.py`); the
ways ahead are a judgement and no forecast of the kidneys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inotrope.estimation.kidney_covariates import NO_HEIGHT, MovingKidneys
from inotrope.estimation.kidney_of_case import kidney_of_case
from inotrope.estimation.kidney_path import KidneyAhead, Walk
from inotrope.forecast.record import Floats
from inotrope.population import Model

if TYPE_CHECKING:
    from inotrope.patient import Case

DRAWN_FOR_ONE = 5
"""Paths that are drawn for each one that is kept: every fifth in the order of the clearance ahead, so that the few that
are kept spread as the many do."""
_ROOT, _SEEDS = 2**0.5, 2**20
"""Of a later seed the product would lose the digits that count."""
OTHER_WAYS = (KidneyAhead.RECOVERING, KidneyAhead.WORSENING)


@dataclass(frozen=True, slots=True, eq=False)
class KidneysAhead:
    """Moving kidneys.

    Attributes:
        moving: The walk of the case.
        walk: Its draws in the order in which they meet the draws of patients.
    """

    moving: MovingKidneys
    walk: Walk

    @property
    def other_ways(self) -> tuple[KidneyAhead, ...]:
        """What stands beside the forecast, in which the kidneys go on unchanged."""
        return OTHER_WAYS

    def named(self, model: Model) -> tuple[str, ...]:
        """Return the covariates of a model that the kidneys give."""
        return tuple(self.moving.most_probable(model))

    def drawn(self, model: Model, begin_h: Floats, ahead: KidneyAhead | None = None) -> dict[str, Floats]:
        """Return those covariates of each draw, (draws, stretches) in the model's units; None goes on unchanged."""
        return self.moving.drawn(model, self.walk.going_on(ahead or KidneyAhead.UNCHANGED), begin_h)

    def typical(self, model: Model, begin_h: Floats, ahead: KidneyAhead | None = None) -> dict[str, Floats]:
        """Return those of the most probable path, (stretches,)."""
        paths = self.moving.most_probable(model, ahead or KidneyAhead.UNCHANGED)
        return {name: path(begin_h) for name, path in paths.items()}


def kidneys_ahead(case: Case, *, ahead_h: float, draws: int, seed: int) -> KidneysAhead | tuple[str, ...]:
    """Return the moving kidneys of a case, or in words why there is no walk where one was wanted.

    Args:
        case: The patient.
        ahead_h: How long after now the draws go on, h.
        draws: How many.
        seed: Of the draws.
    """
    found = kidney_of_case(case, ahead_h=ahead_h, draws=DRAWN_FOR_ONE * draws, seed=seed)
    moving = MovingKidneys.of(found)
    if moving is None:
        return tuple(item.says for item in found.refusals) or (NO_HEIGHT,)
    walk = moving.walk
    ahead = walk.log_clearance_l_per_h[:, walk.knot_h >= walk.now_h].mean(axis=1)
    thinned = np.argsort(ahead, kind="stable")[DRAWN_FOR_ONE // 2 :: DRAWN_FOR_ONE]
    # Even draws of patients follow the golden ratio; with multiples of another root no corner is left empty either.
    place = np.argsort(np.argsort((seed % _SEEDS + np.arange(draws)) * _ROOT % 1.0, kind="stable"), kind="stable")
    return KidneysAhead(moving, walk.taken(thinned[place]))
