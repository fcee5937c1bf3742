"""How the kidneys of a case are taken in a fit: as a walk through the creatinines where these change, else held.

Knows how that is told. What a model makes of a walk, `estimation/kidney_covariates.py` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from inotrope.estimation.kidney_covariates import INDEXED, NO_HEIGHT, UNIT, MovingKidneys
from inotrope.estimation.kidney_of_case import kidney_of_case
from inotrope.estimation.kidney_path import Walk
from inotrope.estimation.problem import Floats
from inotrope.patient import Case, Kidney
from inotrope.plan.fitting.numbers import of_draws
from inotrope.plan.fitting.record import KidneyFit
from inotrope.population import Model

HELD = (
    "The creatinine is not known to change: the clearance of now is held over time, and kidneys that begin to fail are "
    "not counted."
)
ASSUMED = "The clearance is ASSUMED to be {clearance} and held over time; no creatinine of the case is used."


@dataclass(frozen=True, slots=True, eq=False)
class Kidneys:
    """The kidneys as they are taken: `moving` is None where they are held at the value of now."""

    moving: MovingKidneys | None
    told: KidneyFit

    @property
    def walk(self) -> Walk | None:
        """The draws; None where the kidneys are held."""
        return None if self.moving is None else self.moving.walk

    def most_probable(self, model: Model) -> dict[str, Callable[[Floats], Floats]]:
        """Return the most probable path of a model's covariates; see `MovingKidneys`."""
        assert self.moving is not None  # nobody asks where the kidneys are held
        return self.moving.most_probable(model)

    def drawn(self, model: Model, walk: Walk, begin_h: ArrayLike) -> dict[str, Floats]:
        """Return those covariates for each draw of a walk, (draws, stretches) in the model's units."""
        assert self.moving is not None
        return self.moving.drawn(model, walk, begin_h)

    def now(self, walk: Walk) -> Floats:
        """Return the clearance of creatinine now of each draw, (draws,) mL/min per 1.73 m2."""
        assert self.moving is not None
        return self.moving.now(walk)


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
    if not kidney.moves:
        return Kidneys(None, KidneyFit(False, (HELD,), None, (), (), ()))
    found = kidney_of_case(case, ahead_h=ahead_h, draws=draws, seed=seed)
    because = kidney.changing_because or ("no creatinine gives the kidney function of now",)
    moving = MovingKidneys.of(found)
    if moving is None:
        says = () if found.walk is None else (NO_HEIGHT,)
        return Kidneys(None, KidneyFit(False, because, None, (), found.refusals, says))
    now = of_draws(INDEXED, moving.now(moving.walk), UNIT)
    creatinines = tuple(item.as_written for item in found.used)
    return Kidneys(moving, KidneyFit(True, because, now, creatinines, (), found.says))
