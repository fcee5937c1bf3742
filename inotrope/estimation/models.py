"""Several models of one patient: how well each foresaw his levels, and the draws of all in proportion to that.

Knows marginal likelihoods: how probable the levels were under each model before they were measured, over all patients
that the model knows. Without a level no model foresaw anything, and each stands by itself: their priors are never
averaged. It chooses no model for a patient; which apply is told before (`population.judge_domain`).

Source: Hoeting and others 1999, Bayesian model averaging, Stat Sci 14:382; of dosing models: Uster and others 2021,
Clin Pharmacol Ther 109:175.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.posterior import Posterior
from inotrope.estimation.problem import Levels, Problem
from inotrope.estimation.psis import normalized
from inotrope.estimation.refusal_texts import refusal
from inotrope.findings import Refusal


@dataclass(frozen=True, slots=True)
class WeighedModel:
    """One model among others.

    Attributes:
        share: Its probability, given the levels, among the models weighed, which were equally probable before.
        share_sd: Standard error of the share, from those of the log marginals.
        log_marginal: See `Posterior`.
        draws: How many of the averaged draws are its own: the first so many of its posterior.
    """

    share: float
    share_sd: float
    log_marginal: float
    draws: int


@dataclass(frozen=True, slots=True)
class ModelAverage:
    """Models side by side, with how much each counts.

    Attributes:
        models: By name, in the order given; empty where refused.
        left_out: By name, why a model has no posterior and so no share.
        refused: Why there is no average; None where there is one.
    """

    models: Mapping[str, WeighedModel]
    left_out: Mapping[str, str]
    refused: Refusal | None = None


def average_models(fits: Mapping[str, tuple[Problem, Posterior]]) -> ModelAverage:
    """Return how much each model counts, by its marginal likelihood, and how many draws of each make the average.

    The average over models of anything is that over the first `draws` draws of each. A model whose posterior was
    refused is left out by name.

    Args:
        fits: By model, the problem and its posterior; of the same levels.

    Returns:
        See `ModelAverage`; refused without a level, or without a posterior.

    Raises:
        RequestError: No model, or models with different levels or other weights of them.
    """
    if not fits:
        raise RequestError("There is no model to weigh. Give one or more.")
    (first, _), *others = fits.values()
    if any(not _same(first.levels, problem.levels) for problem, _ in others):
        raise RequestError("Models are weighed by the same levels. Give all of them the same, with the same weights.")
    left_out = {name: posterior.refused for name, (_, posterior) in fits.items() if posterior.refused}
    kept = {name: posterior for name, (_, posterior) in fits.items() if not posterior.refused}
    if not (first.levels.weight > 0).any():
        return ModelAverage({}, left_out, refusal("not-averaged-without-a-level"))
    if not kept:
        return ModelAverage({}, left_out, refusal("not-averaged-without-a-posterior"))
    marginals = np.array([posterior.log_marginal for posterior in kept.values()])
    shares, _ = normalized(marginals)
    variances = np.array([posterior.log_marginal_sd**2 for posterior in kept.values()])
    slopes = shares[:, None] * (np.eye(len(shares)) - shares)  # of a share by each log marginal
    errors = np.sqrt((slopes * slopes * variances).sum(axis=-1))
    # The ends of the shares, rounded: so the counts add up.
    total = min(len(posterior.etas) for posterior in kept.values())
    counts = np.diff(np.floor(np.concatenate([[0.0], shares.cumsum() / shares.sum()]) * total + 0.5)).astype(int)
    return ModelAverage(
        {
            name: WeighedModel(float(share), float(error), posterior.log_marginal, int(count))
            for (name, posterior), share, error, count in zip(kept.items(), shares, errors, counts, strict=True)
        },
        left_out,
    )


def _same(one: Levels, other: Levels) -> bool:
    """Tell whether two sets of levels are the same, in whatever order."""
    return _rows(one) == _rows(other)


def _rows(levels: Levels) -> list[tuple[float, ...]]:
    columns = (levels.time_h, levels.level_ng_per_ml, levels.below, levels.weight)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))
