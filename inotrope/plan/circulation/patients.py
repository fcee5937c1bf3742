"""How patients with one and the same bedside differ in their answer to the drug: drawn around every member of the fit.

Knows that the bedside numbers and what calibration assumes stay those of the members, that the answer to the drug
and the reflex are drawn as the response file spreads them, and that a patient on the drug misses the model besides, as
he does in a course: all of it judgement. Where another kind of heart is asked about nobody said how such patients
differ, and nothing is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.circulation import Bedside, Heart, Reflex, Response, act, attempt_to_settle
from inotrope.circulation.arrays import Array, Mask
from inotrope.forecast.circulation import Misses, missed
from inotrope.plan.circulation.members import Members
from inotrope.plan.forecast_numbers import SEED
from inotrope.population.response import draw, ensemble_of

COUNT = 1000
NINETY = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Answers:
    """So many patients with this bedside; arrays `(patients,)`.

    Attributes:
        members: Whose patient it is.
        heart: Before the drug, each by the member around which he was drawn.
        reflex: His gains.
        response: His answer to the drug.
        misses: By how much he misses the model on the drug.
    """

    members: Members
    heart: Heart
    reflex: Reflex
    response: Response
    misses: Misses

    def at(self, level_ng_per_ml: float) -> tuple[Bedside, Mask]:
        """Return what they show at a level, and who has a steady state there with veins that are filled."""
        chain = act(level_ng_per_ml, self.members.file.enzyme, self.response, self.members.drive)
        found, _ = attempt_to_settle(
            self.heart.changed(chain.changes), self.reflex, set_point_mmhg=self.members.set_point_mmhg
        )
        return missed(found, self.misses, level_ng_per_ml), np.asarray(found.solved & found.filled)


def answers_of(members: Members) -> Answers | None:
    """Return patients with this bedside; None for a kind of heart that the fit is not of."""
    if members.kind.name != members.file.heart.name:
        return None
    ensemble = ensemble_of(members.file)
    drawn = draw(ensemble, patients=np.arange(COUNT), seed=SEED)
    places = np.array([members.ids.index(name) for name in ensemble.ids])[drawn.members]
    heart, misses = _taken(members.heart, places), Misses.unread(members.file, COUNT, seed=SEED)
    return Answers(members, heart, drawn.patients.reflex, drawn.patients.response, misses)


def ninety(values: Array, answered: Mask) -> tuple[float, float] | None:
    """Return where 90 % of those lie who have an answer; None where hardly anybody has one."""
    if answered.mean() < NINETY[1]:
        return None
    low, high = np.quantile(values[answered], NINETY)
    return float(low), float(high)


def _taken(item: Any, places: NDArray[np.int64]) -> Any:
    """Return a heart of members as one of patients, each with the numbers of his member."""
    if is_dataclass(item):
        kind: Any = type(item)
        return kind(**{each.name: _taken(getattr(item, each.name), places) for each in fields(item)})
    return item[places] if np.ndim(item) else item
