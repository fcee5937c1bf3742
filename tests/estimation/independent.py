"""One compartment after a bolus, in mpmath: objectives, minima and covariances with 40 digits, by other arithmetic.

Level at t after a bolus D: D / V exp(-k t), k = CL / V. On a second occasion, from t2 on, the clearance is another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from mpmath import mp

DOSE_MCG, CLEARANCE, VOLUME, SECOND_H = 3_000, 8, 12, 1.0


@dataclass(frozen=True)
class Question:
    """Levels with their limits and weights, and how patients differ."""

    times: Sequence[float]
    levels: Sequence[float]
    below: Sequence[bool]
    weights: Sequence[float]
    omega: np.ndarray
    sd: Callable[[object], object]
    occasions: bool = False

    def levels_at(self, etas: Sequence[object]) -> list[object]:
        volume = VOLUME * mp.exp(etas[1])
        first = second = CLEARANCE * mp.exp(etas[0]) / volume
        if self.occasions:
            first, second = first * mp.exp(etas[2]), second * mp.exp(etas[3])
        passed = [(min(time, SECOND_H), max(time - SECOND_H, 0)) for time in self.times]
        return [DOSE_MCG / volume * mp.exp(-first * one - second * two) for one, two in passed]

    def objective(self, *etas: object) -> object:
        vector = mp.matrix(list(etas))
        total = (vector.T * mp.matrix(self.omega.tolist()) ** -1 * vector)[0]
        rows = zip(self.levels_at(etas), self.levels, self.below, self.weights, strict=True)
        for predicted, level, below, weight in rows:
            sd = self.sd(predicted)
            away = (level - predicted) / sd
            total += weight * (-2 * mp.log(mp.erfc(-away / mp.sqrt(2)) / 2) if below else 2 * mp.log(sd) + away**2)
        return total

    def polished(self, near: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
        """Return the minimum near a place, the objective there, and the inverse of half its Hessian."""
        count = len(near)

        def slope(*etas: object) -> list[object]:
            return [
                mp.diff(self.objective, etas, tuple(int(own == other) for other in range(count)))
                for own in range(count)
            ]

        def second(one: int, other: int, at: Sequence[object]) -> object:
            return mp.diff(self.objective, tuple(at), tuple(int(p == one) + int(p == other) for p in range(count)))

        with mp.workdps(40):
            at = mp.matrix([mp.mpf(float(value)) for value in near])
            for _ in range(3):  # Newton, with a Hessian by differences
                hessian = mp.matrix(count, count)
                for one in range(count):
                    for other in range(one, count):
                        hessian[one, other] = hessian[other, one] = second(one, other, list(at))
                at = at - mp.lu_solve(hessian, mp.matrix(slope(*at)))
            covariance = 2 * hessian**-1
            size = max(abs(value) for value in slope(*at))
            assert size < mp.mpf(10) ** -15
            return (
                np.array([float(value) for value in at]),
                float(self.objective(*at)),
                np.array([[float(covariance[one, other]) for other in range(count)] for one in range(count)]),
            )
