"""How the kidneys of a case are taken in a fit: as a walk through the creatinines where these change, else held.

Knows when a walk is wanted, and how its clearance becomes what a model asks for. It estimates nothing itself
(`estimation/kidney_of_case.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from inotrope.estimation.kidney_of_case import KidneyOfCase, kidney_of_case
from inotrope.estimation.kidney_path import ML_PER_MIN, Walk
from inotrope.estimation.problem import Floats
from inotrope.findings import Truth
from inotrope.patient import Case, Kidney
from inotrope.plan.fitting.numbers import of_draws
from inotrope.plan.fitting.record import KidneyFit
from inotrope.population import Model, Series
from inotrope.population.model import CLEARANCES

INDEXED, OWN = CLEARANCES
ASSUMED = "The clearance is ASSUMED to be {clearance} and held over time; no creatinine of the case is used."
NO_HEIGHT = "Without a height no clearance per body surface follows from the creatinines: the kidneys are held."


@dataclass(frozen=True, slots=True, eq=False)
class Kidneys:
    """The kidneys as they are taken: `of_case` is None where they are held at the value of now."""

    of_case: KidneyOfCase | None
    told: KidneyFit

    @property
    def walk(self) -> Walk | None:
        """The draws; None where the kidneys are held."""
        return None if self.of_case is None else self.of_case.walk

    def most_probable(self, model: Model) -> dict[str, Callable[[Floats], Floats]]:
        """Return for each covariate of a model that the kidneys give its most probable path on stretches of time."""
        walk = self.walk
        assert walk is not None  # nobody asks where the kidneys are held
        alone = replace(walk, log_clearance_l_per_h=walk.mode_log_clearance_l_per_h[None])
        named = [name for name in CLEARANCES if name in model.covariates]

        def path(name: str) -> Callable[[Floats], Floats]:
            return lambda begin: self.covariate(model, name, alone, begin)[0]

        return {name: path(name) for name in named}

    def drawn(self, model: Model, walk: Walk, begin_h: ArrayLike) -> dict[str, Floats]:
        """Return those covariates for each draw of a walk, (draws, stretches) in the model's units."""
        return {name: self.covariate(model, name, walk, begin_h) for name in CLEARANCES if name in model.covariates}

    def covariate(self, model: Model, name: str, walk: Walk, begin_h: ArrayLike) -> Floats:
        """Return one covariate of each draw on stretches of time, (draws, stretches) in the model's unit."""
        assert self.of_case is not None  # a walk comes from it
        clearance = walk.on_stretches(begin_h)
        indexed = self.of_case.indexed(clearance)
        assert indexed is not None  # without a height no walk is taken
        unit, found = ("mL/min/1.73 m2", indexed) if name == INDEXED else ("mL/min", clearance * ML_PER_MIN)
        series = Series(unit, np.zeros(found.shape[-1]), found)
        return np.asarray(series.in_unit_of(model.covariates[name]))

    def now(self, walk: Walk) -> Floats:
        """Return the clearance of creatinine now of each draw, (draws,) mL/min per 1.73 m2."""
        assert self.of_case is not None
        found = self.of_case.indexed(walk.clearance_at([0.0])[:, 0])
        assert found is not None
        return found


def kidneys_of(case: Case, kidney: Kidney, *, ahead_h: float, draws: int, seed: int) -> Kidneys:
    """Return how the kidneys of a case are taken.

    A walk is wanted where the creatinine changes, and where no creatinine is fresh enough for a value of now. What
    somebody assumes is held, whatever the creatinines say.

    Args:
        case: The patient.
        kidney: The kidney function of now.
        ahead_h: How long after now the draws go on, h.
        draws: How many.
        seed: Of the draws.
    """
    if kidney.assumed:
        return Kidneys(None, KidneyFit(False, (ASSUMED.format(clearance=kidney.clearance),), None, (), (), ()))
    if kidney.changing is not Truth.PRESENT and kidney.clearance is not None:
        held = "The creatinine is not known to change: the clearance of now is held over time."
        return Kidneys(None, KidneyFit(False, (held,), None, (), (), ()))
    found = kidney_of_case(case, ahead_h=ahead_h, draws=draws, seed=seed)
    because = kidney.changing_because or ("no creatinine gives the kidney function of now",)
    if found.walk is None or found.surface_m2 is None:
        says = () if found.walk is None else (NO_HEIGHT,)
        return Kidneys(None, KidneyFit(False, because, None, (), found.refusals, says))
    told = KidneyFit(True, because, None, tuple(item.as_written for item in found.used), (), found.says)
    kidneys = Kidneys(found, told)
    now = of_draws("creatinine clearance", kidneys.now(found.walk), "mL/min/1.73 m2")
    return replace(kidneys, told=replace(told, now=now))
