"""Moving kidneys as a model asks for them: a walk of a case, read as the clearance covariates on stretches of time.

Knows in which unit a model takes a clearance. It estimates nothing itself
(`kidney_of_case.py`) and draws no level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from inotrope.estimation.kidney_of_case import KidneyOfCase
from inotrope.estimation.kidney_path import ML_PER_MIN, KidneyAhead, Walk
from inotrope.estimation.problem import Floats
from inotrope.population import Model, Series
from inotrope.population.model import CLEARANCES

INDEXED, OWN = CLEARANCES
UNIT, OWN_UNIT = "mL/min/1.73 m2", "mL/min"
NO_HEIGHT = "Without a height no clearance per body surface follows from the creatinines: the kidneys are held."


@dataclass(frozen=True, slots=True, eq=False)
class MovingKidneys:
    """The walk of a case, for models.

    Attributes:
        of_case: What the creatinines of the case say.
        walk: Its draws.
    """

    of_case: KidneyOfCase
    walk: Walk

    @classmethod
    def of(cls, found: KidneyOfCase) -> MovingKidneys | None:
        """Return the kidneys that a case tells of; None without a walk, or without a height to index it by."""
        if found.walk is None or found.surface_m2 is None:
            return None
        return cls(found, found.walk)

    @property
    def alone(self) -> Walk:
        """The most probable path as the one and only draw."""
        return replace(self.walk, log_clearance_l_per_h=self.walk.mode_log_clearance_l_per_h[None])

    def most_probable(
        self, model: Model, ahead: KidneyAhead = KidneyAhead.UNCHANGED
    ) -> dict[str, Callable[[Floats], Floats]]:
        """Return for each covariate of a model that the kidneys give its most probable path on stretches of time.

        Args:
            model: Which covariates.
            ahead: How the path goes on after now.
        """
        alone = self.alone.going_on(ahead)
        named = [name for name in CLEARANCES if name in model.covariates]

        def path(name: str) -> Callable[[Floats], Floats]:
            return lambda begin: self.covariate(model, name, alone, begin)[0]

        return {name: path(name) for name in named}

    def drawn(self, model: Model, walk: Walk, begin_h: ArrayLike) -> dict[str, Floats]:
        """Return those covariates for each draw of a walk, (draws, stretches) in the model's units."""
        return {name: self.covariate(model, name, walk, begin_h) for name in CLEARANCES if name in model.covariates}

    def covariate(self, model: Model, name: str, walk: Walk, begin_h: ArrayLike) -> Floats:
        """Return one covariate of each draw on stretches of time, (draws, stretches) in the model's unit."""
        clearance = walk.on_stretches(begin_h)
        found, unit = (self.indexed(clearance), UNIT) if name == INDEXED else (clearance * ML_PER_MIN, OWN_UNIT)
        series = Series(unit, np.zeros(found.shape[-1]), found)
        return np.asarray(series.in_unit_of(model.covariates[name]))

    def indexed(self, clearance_l_per_h: Floats) -> Floats:
        """Return clearances of creatinine in mL/min per 1.73 m2."""
        found = self.of_case.indexed(clearance_l_per_h)
        assert found is not None  # without a height there are no such kidneys
        return found

    def at(self, walk: Walk, times_h: ArrayLike) -> Floats:
        """Return the clearance of creatinine of each draw at some times, (draws, times) mL/min per 1.73 m2."""
        return self.indexed(walk.clearance_at(times_h))

    def now(self, walk: Walk) -> Floats:
        """Return the clearance of creatinine now of each draw, (draws,) mL/min per 1.73 m2."""
        return np.asarray(self.at(walk, [0.0])[:, 0])
