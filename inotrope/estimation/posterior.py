"""What the levels leave open of one patient: equally weighted draws of his etas, or a refusal.

Knows when weighted draws around the minima are the posterior: when no few of them count for the rest (k-hat), most of
them count (the effective fraction), and the answer is about what the Hessians had promised, so that nothing much lies
where nothing was drawn. Otherwise the draws come by degrees from the prior; and where these do not settle either, there
are none. Without a level the prior is the answer, drawn as every forecast draws it.

Limits by two trials with known answers. 32 hard cases: of 17 wrong answers by weighting 3 had a k-hat below 0.5, and
each an effective fraction below 0.34. 336 patients with two etas: with these two limits alone 6 of 533 accepted answers
were wrong by more than 0.08 SDs or 15 % of an SD, one with k-hat 0.2 and a fraction of 0.73; with a wider proposal and
the third limit none of 700, the worst by 0.05 SDs and 5 %. By degrees from the prior: two of 336 refused, the others
within 0.05 SDs and 5 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.importance import GOLDEN, Weighted, weigh
from inotrope.estimation.mode import Mode
from inotrope.estimation.problem import Floats, Problem
from inotrope.estimation.swarm import Tempered, temper
from inotrope.estimation.tempering import Indices, Way, resampled, uniform
from inotrope.population import Stream, standard_normals
from inotrope.population.virtual.normal import correlated
from inotrope.population.virtual.randoms import whole

HIGHEST_K_HAT = 0.5
LEAST_FRACTION = 0.6
FARTHEST_SHIFT, LARGEST_STRETCH = 0.4, 0.2
"""Of a weighted mean, in SDs, and of an SD, as a share, from what the Hessians promise: 0.25 and 0.09 are the largest
of the reference patients."""
LEAST_DRAWS = 4000
"""Are made, also where fewer are asked for: with fewer the limits above mean little."""
LARGEST_MARGINAL_ERROR = 0.25
"""Of the log marginal by tempering: all draws then descend from 16 of the prior, and nothing is known of the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws of one patient's etas, with how they were found.

    Attributes:
        etas: (draws, k), equally weighted; each first part of them is as fair. (0, k) where refused.
        method: `prior`, `importance` or `tempered`; the last also where refused.
        k_hat: Of the weighted draws, also where they were not accepted; nan where none were made.
        effective_fraction: Of the draws that were made, how many independent ones they are worth, as a share.
        effective_draws: How many independent draws those returned are worth.
        log_marginal: Natural logarithm of the integral of likelihood x prior, in 1/(ng/mL) for each level seen; 0
            without a level. Comparable between models with the same levels; nan where refused.
        log_marginal_sd: Its standard error.
        refused: Why there are no draws; empty where there are.
    """

    etas: Floats
    method: str
    k_hat: float
    effective_fraction: float
    effective_draws: float
    log_marginal: float
    log_marginal_sd: float
    refused: str = ""


def sample_posterior(problem: Problem, mode: Mode, *, draws: int = 4000, seed: int = 0) -> Posterior:
    """Return draws of the posterior of one patient.

    Without a level that weighs anything they are those of `population.draw_etas` for patients 0, 1, ... of this seed,
    bit for bit, where all that spreads is needed for the curve and no occasions are told apart.

    Args:
        problem: Of one patient.
        mode: What was found for it; a search that did not converge costs time and no answer.
        draws: How many to return, 1 or more.
        seed: Of the random numbers: the same seed, the same draws.

    Returns:
        See `Posterior`; where neither way leads to an answer, `refused` says why.

    Raises:
        RequestError: A problem of many patients, another problem's mode, no draw, or a seed that is none.
        KineticsError: As `log_likelihood`.
    """
    if problem.patients or mode.etas.shape != (problem.count,):
        raise RequestError("A posterior is that of one patient. Give his problem alone, with the mode found for it.")
    if whole("count of draws", draws) == 0:
        raise RequestError("A posterior without a draw says nothing. Ask for 1 or more.", value="0")
    if not (problem.levels.weight > 0).any():
        return _prior(problem, draws, seed)
    made, k_hat = max(draws, LEAST_DRAWS), math.nan
    if mode.converged:
        weighted = weigh(problem, mode, draws=made, seed=seed)
        k_hat = weighted.k_hat
        if _is_sound(weighted):
            return _of_weighted(weighted, draws, seed)
    return _of_tempered(temper(problem, particles=made, seed=seed), draws, k_hat)


def draw_prior(omega: Floats, *, draws: int, seed: int) -> Floats:
    """Return etas before any level, (draws, k), from their covariance (k, k): draw k is patient k of this seed."""
    numbers = standard_normals(seed, np.arange(draws), len(omega), Stream.SUBJECT)
    return np.stack(correlated(omega, numbers), axis=-1)


def _prior(problem: Problem, draws: int, seed: int) -> Posterior:
    etas = draw_prior(problem.omega, draws=draws, seed=seed)
    return Posterior(etas, "prior", math.nan, 1.0, float(draws), 0.0, 0.0)


def _is_sound(weighted: Weighted) -> bool:
    """Tell whether weighted draws are the posterior; see above."""
    even = weighted.k_hat <= HIGHEST_K_HAT and weighted.effective_fraction >= LEAST_FRACTION
    return even and weighted.shift <= FARTHEST_SHIFT and weighted.stretch <= LARGEST_STRETCH


def _of_weighted(weighted: Weighted, draws: int, seed: int) -> Posterior:
    """Return equally weighted draws; what rounding the weights to whole numbers costs is counted."""
    made = len(weighted.etas)
    kept = resampled(weighted.weights, draws, uniform(standard_normals(seed, [made], 2, Stream.POSTERIOR)[0]))
    rest = weighted.weights * draws % 1.0
    variance = 1 / (weighted.effective_fraction * made) + float((rest * (1 - rest)).sum()) / draws**2
    return Posterior(
        etas=weighted.etas[kept[strided(draws)]],
        method="importance",
        k_hat=weighted.k_hat,
        effective_fraction=weighted.effective_fraction,
        effective_draws=min(1 / variance, float(draws)),
        log_marginal=weighted.log_marginal,
        log_marginal_sd=weighted.log_marginal_sd,
    )


def _of_tempered(tempered: Tempered, draws: int, k_hat: float) -> Posterior:
    (made, count), way = tempered.etas.shape, tempered.way
    refused = _why_not(way)
    variance = 1 / (way.effective_fraction * made) + 1 / draws - 1 / made
    return Posterior(
        etas=np.empty((0, count)) if refused else tempered.etas[strided(made)[:draws]],
        method="tempered",
        k_hat=k_hat,
        effective_fraction=way.effective_fraction,
        effective_draws=0.0 if refused else min(1 / variance, float(draws)),
        log_marginal=math.nan if refused else way.log_marginal,
        log_marginal_sd=math.nan if refused else way.log_marginal_sd,
        refused=refused,
    )


def _why_not(way: Way) -> str:
    """Return why draws by tempering are no answer; empty where they are one."""
    if way.power < 1:
        return (
            f"after {way.steps} steps the levels count only with the power {way.power:.2g} of their "
            "likelihood: they are said to be exact beyond what draws can follow"
        )
    if not way.good:
        return way.unsettled
    if way.log_marginal_sd > LARGEST_MARGINAL_ERROR:
        return (
            f"all draws descend from {way.families} of the prior, most of them from "
            f"{1 / way.log_marginal_sd**2:.0f}: too few patients of this model are like this one"
        )
    return ""


def strided(count: int) -> Indices:
    """Return 0 ... count - 1 in an order that spreads neighbors far apart: each first part of it is a fair sample."""
    stride = max(round(count * GOLDEN), 1)
    while math.gcd(stride, count) > 1:
        stride += 1
    return np.arange(count) * stride % count
