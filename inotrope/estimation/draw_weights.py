"""Joint draws of a prior weighed by levels: which of them go on, and how many they are worth.

Knows the weights of draws whose every part, the path of a clearance and the etas, was drawn before any level was seen:
the likelihood alone. It predicts no level, and does not smooth: where few draws carry the weight, it says so.

Source: Owen, Monte Carlo theory, methods and examples, chapter 9 (self-normalized importance sampling, effective sample
size); systematic resampling after Kitagawa 1996, J Comput Graph Stat 5:1, with the middle of each stratum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import RequestError
from inotrope.estimation.problem import Floats
from inotrope.estimation.psis import normalized

FEWEST = 100.0
"""Draws' worth, a judgement: with fewer the ends of a 90 % range rest on five draws each."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """What levels left of some draws.

    Attributes:
        indices: (draws,), ascending: the draws that go on, each as often as its weight says; equally weighted now.
        weights: (draws,) of the draws as they came, with a sum of 1.
        effective: 1 / sum of the squared weights: as many independent draws would say as much.
        log_marginal: Logarithm of the mean likelihood: how probable the levels were before they were measured.
    """

    indices: NDArray[np.int64]
    weights: Floats
    effective: float
    log_marginal: float

    @property
    def enough(self) -> bool:
        """Whether enough draws are left for a 90 % range; where not, draw more, or sample another way."""
        return self.effective >= FEWEST


def weigh_draws(log_likelihood: ArrayLike, *, draws: int | None = None) -> Weighed:
    """Return what levels leave of draws from the prior.

    Args:
        log_likelihood: (draws,), natural logarithms of the likelihood of all levels for each draw; minus infinity for a
            draw that cannot be.
        draws: How many go on; None keeps the count.

    Raises:
        RequestError: No draw, a likelihood that is no number or infinite, none that is possible, or none to go on.
    """
    given = np.atleast_1d(np.asarray(log_likelihood, dtype=np.float64))
    if given.ndim != 1 or not given.size or np.isnan(given).any() or not np.isfinite(given.max()):
        raise RequestError("Draws are weighed by one logarithm each, of which at least one is above minus infinity.")
    count = given.size if draws is None else draws
    if count < 1:
        raise RequestError(f"{count} draws say nothing. Keep 1 or more.", value=str(count))
    weights, log_marginal = normalized(given)
    ends = np.cumsum(weights)
    ends[-1] = 1.0
    indices = np.searchsorted(ends, (np.arange(count) + 0.5) / count, side="right")
    return Weighed(
        indices=indices,
        weights=weights,
        effective=float(1 / (weights * weights).sum()),
        log_marginal=log_marginal,
    )
