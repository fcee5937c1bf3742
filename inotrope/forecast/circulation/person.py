"""All that one patient may be: draws of heart, vessels and answer to the drug, each beside a draw of the kinetics.

Knows which levels belong to which draw. Whether the readings told of the kinetics too, so that draws of another model
must not take their place, is known here; how draws are found is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation import Drive
from inotrope.circulation.arrays import Array
from inotrope.errors import RequestError
from inotrope.estimation.response import Learned, Target
from inotrope.estimation.response.target import Indices
from inotrope.forecast.circulation.misses import Misses, misses_of
from inotrope.population.response import Ensemble, Patients


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Draws of one patient.

    Attributes:
        ensemble: Whom he comes from.
        deviates: (draws, names), of the ensemble.
        members: (draws,), by place in the ensemble.
        patients: The same as `circulation` takes them; all are sound.
        kinetics: (draws,), by place among the kinetic draws.
        of: How many kinetic draws there are.
        drive: How fast the heart makes cAMP, now and when the bedside was read.
        told: Whether a reading on the drug told of the kinetics.
        misses: By how much each misses the model on the drug; None where nobody does.
    """

    ensemble: Ensemble
    deviates: Array
    members: Indices
    patients: Patients
    kinetics: Indices
    of: int
    drive: Drive
    told: bool
    misses: Misses | None = None

    @classmethod
    def learned(cls, learned: Learned, target: Target, *, misses_seed: int | None = None) -> Person:
        """Return the draws that readings left.

        Args:
            learned: The draws.
            target: What was asked.
            misses_seed: Of the numbers by which each misses the model on the drug; None for patients as the model has
                them, without a miss.

        Raises:
            RequestError: The readings left none.
        """
        if learned.refused:
            raise RequestError(f"Nothing is foreseen of a patient who was not learned: {learned.refused}.")
        return cls(
            ensemble=target.ensemble,
            deviates=learned.deviates,
            members=learned.members,
            patients=learned.patients(target),
            kinetics=learned.kinetics,
            of=len(target.levels),
            drive=target.drive,
            told=bool(target.readings.on_drug[target.readings.moments].any()),
            misses=None
            if misses_seed is None
            else misses_of(target, learned.deviates, learned.members, learned.kinetics, seed=misses_seed),
        )

    @property
    def draws(self) -> int:
        """How many there are."""
        return int(self.kinetics.size)

    def taken(self, draws: Indices) -> Person:
        """Return some of the draws, by their indices."""
        deviates, members = self.deviates[draws], self.members[draws]
        patients = self.ensemble.patients(deviates, members)
        misses = None if self.misses is None else self.misses.taken(draws)
        kinetics = self.kinetics[draws]
        return replace(self, deviates=deviates, members=members, patients=patients, kinetics=kinetics, misses=misses)

    def levels(self, levels_ng_per_ml: ArrayLike, *, of_another_model: bool = False) -> Array:
        """Return the levels of each draw, (times, draws), of those of the kinetic draws, (kinetic draws, times).

        Args:
            levels_ng_per_ml: Of the kinetic draws that the patient was learned with.
            of_another_model: They are of another model's kinetics. Then each draw of the patient meets any of these:
                fair as long as no reading told of the kinetics.

        Raises:
            RequestError: Levels of other kinetic draws, or one that is below zero or not finite; another model's where
                a reading told of the kinetics.
        """
        levels = np.asarray(levels_ng_per_ml, dtype=np.float64)
        if levels.ndim != 2 or not (len(levels) == self.of or (of_another_model and len(levels))):  # noqa: PLR2004
            raise RequestError("Levels to come are those of the same kinetic draws.", value=str(levels.shape))
        if of_another_model and self.told:
            raise RequestError(
                "Readings on the drug told of one model's kinetics: another's need a patient of their own."
            )
        if not (np.isfinite(levels) & (levels >= 0)).all():
            raise RequestError("A level is a finite number of 0 or above.")
        places = np.arange(self.draws) % len(levels) if of_another_model else self.kinetics
        return np.ascontiguousarray(levels[places].T)
