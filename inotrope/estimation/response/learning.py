"""What readings leave open of one patient: equally weighted draws of patient, member and kinetics, or a refusal.

Knows when weighted draws are the answer (no few of them count for the rest, and most of them count), and what comes
after: a second proposal as the first draws show it, moves of the weighted draws, tempering from the prior, a refusal.
Without a reading the prior is the answer, patient for patient as the ensemble draws it. It proposes no dose.

Limits: those of `estimation/posterior.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation import Drive
from inotrope.circulation.arrays import Array
from inotrope.errors import RequestError
from inotrope.estimation.posterior import HIGHEST_K_HAT, LEAST_DRAWS, LEAST_FRACTION, strided
from inotrope.estimation.refusal_texts import refusal
from inotrope.estimation.response.modes import find_modes
from inotrope.estimation.response.swarm import Settled, move, temper
from inotrope.estimation.response.target import Indices, Target
from inotrope.estimation.response.weighing import Weighted, refined, weigh
from inotrope.estimation.tempering import Way, resampled, uniform
from inotrope.findings import Refusal
from inotrope.population import Stream, standard_normals
from inotrope.population.response import Expected, Patients, draw, expect
from inotrope.population.virtual.randoms import whole

LEAST_MOVED = 0.1
"""Effective draws as a share from which weighted draws are moved: below it too few families are left. A judgement."""
_ROUNDING = 99
"""The turn of the one number that resampling takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Draws of one patient, with how they were found.

    Attributes:
        deviates: (draws, names), equally weighted; each first part of them is as fair. (0, names) where refused.
        members: (draws,), by place in the ensemble.
        kinetics: (draws,), by place among the kinetic draws: draw k of patient goes with these levels.
        method: `prior`, `importance`, `moved` (weighted draws, then moved) or `tempered`; the last also where refused.
        k_hat: Of the weighted draws, also where they were not accepted; nan where none were made.
        effective_fraction: Of the draws that were made, how many independent ones they are worth, as a share.
        log_marginal: Natural logarithm of the integral of likelihood x prior; 0 without a reading, nan where refused.
        refused: Why there are no draws; empty where there are.
    """

    deviates: Array
    members: Indices
    kinetics: Indices
    method: str
    k_hat: float
    effective_fraction: float
    log_marginal: float
    refused: str = ""

    def patients(self, target: Target) -> Patients:
        """Return the draws as `circulation` takes them."""
        return target.ensemble.patients(self.deviates, self.members)

    def expected(self, target: Target, levels_ng_per_ml: ArrayLike, drive: Drive | None = None) -> Expected:
        """Return what is expected of this patient at levels to come: each draw at those of its own kinetics.

        Args:
            target: What was asked.
            levels_ng_per_ml: (kinetic draws, times), at the site of effect.
            drive: How fast the heart makes cAMP then, and when the bedside was read; by default as it was learned.

        Raises:
            RequestError: Levels of other kinetic draws.
            CirculationError: As `population.response.expect`.
        """
        levels = np.asarray(levels_ng_per_ml, dtype=np.float64)
        if levels.shape[:1] != target.levels.shape[:1]:
            raise RequestError("Levels to come are those of the same kinetic draws.", value=str(levels.shape))
        own = levels[self.kinetics].T
        return expect(target.ensemble, self.patients(target), own, target.drive if drive is None else drive)


def learn(target: Target, *, draws: int = 1000, seed: int = 0) -> Learned:
    """Return draws of one patient.

    Args:
        target: What is asked.
        draws: How many to return, 1 or more.
        seed: Of the random numbers: the same seed, the same draws.

    Returns:
        See `Learned`; where no way leads to an answer, `refused` says why.

    Raises:
        RequestError: No draw, or a seed that is none.
    """
    if whole("count of draws", draws) == 0:
        raise RequestError("An answer without a draw says nothing. Ask for 1 or more.", value="0")
    if not target.readings.count:
        found = draw(target.ensemble, patients=np.arange(draws), seed=seed)
        kinetics = np.arange(draws) % len(target.levels)
        return Learned(found.deviates, found.members, kinetics, "prior", math.nan, 1.0, 0.0)
    made, modes = max(draws, LEAST_DRAWS), find_modes(target)
    weighted = weigh(target, modes, draws=made, seed=seed)
    tried = [weighted]
    if not _is_sound(weighted):
        weighted = weigh(target, refined(modes, weighted), draws=made, seed=seed, turn=1)
        tried.append(weighted)
    if _is_sound(weighted):
        return _of_weighted(weighted, draws, seed)
    # No few draws count for the rest, and too few of them count: moves make them worth enough, in less time than going
    # all the way from the prior.
    even = [item for item in tried if item.k_hat <= HIGHEST_K_HAT and item.effective_fraction >= LEAST_MOVED]
    if even:
        best = max(even, key=lambda item: item.effective_fraction)
        settled = move(target, best, seed=seed)
        if settled.way.good:
            return _of_settled(settled, draws, best.k_hat, "moved")
    return _of_settled(temper(target, particles=made, seed=seed), draws, weighted.k_hat, "tempered")


def judge_learned(learned: Learned) -> Refusal | None:
    """Return why there are no draws of a patient; None where there are."""
    return refusal("response-uncertain", why=learned.refused) if learned.refused else None


def _is_sound(weighted: Weighted) -> bool:
    return weighted.k_hat <= HIGHEST_K_HAT and weighted.effective_fraction >= LEAST_FRACTION


def _of_weighted(weighted: Weighted, draws: int, seed: int) -> Learned:
    at = uniform(standard_normals(seed, [0], 2, Stream.LEARNING, turn=_ROUNDING)[0])
    kept = resampled(weighted.weights, draws, at)[strided(draws)]
    return Learned(
        weighted.deviates[kept],
        weighted.members[kept],
        weighted.kinetics[kept],
        "importance",
        weighted.k_hat,
        weighted.effective_fraction,
        weighted.log_marginal,
    )


def _of_settled(settled: Settled, draws: int, k_hat: float, method: str) -> Learned:
    refused = _why_not(settled.way)
    kept = strided(len(settled.deviates))[: 0 if refused else draws]
    return Learned(
        settled.deviates[kept],
        settled.members[kept],
        settled.kinetics[kept],
        method,
        k_hat,
        settled.way.effective_fraction,
        math.nan if refused else settled.way.log_marginal,
        refused,
    )


def _why_not(way: Way) -> str:
    """Return why draws by tempering are no answer; empty where they are one."""
    if way.power < 1:
        return (
            f"the readings count only with the power {way.power:.2g} of their likelihood: no patient of this kind "
            "shows them, or they are said to be exact beyond what draws can follow"
        )
    return way.unsettled
