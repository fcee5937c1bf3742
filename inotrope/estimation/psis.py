"""Importance weights whose largest are smoothed, and how far they can be trusted: k-hat.

Knows weights alone, as logarithms. The largest of them are replaced by what a generalized Pareto distribution fitted to
them expects in their places; its shape k-hat tells how heavy their tail is: above 0.5 their variance is hardly finite,
above 0.7 no mean of them is worth much. k-hat sees only what was drawn: a second mode where nothing was drawn leaves it
low (`posterior.py` asks for more).

Source: Vehtari and others 2024, Pareto smoothed importance sampling, J Mach Learn Res 25:72; the fit: Zhang and
Stephens 2009, Technometrics 51:316, with the weak prior of the former, appendix C.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from inotrope.errors import RequestError
from inotrope.estimation.problem import Floats

LARGEST_SHARE, LARGEST_ROOTS = 0.2, 3.0
"""The tail: the largest fifth, and not more than 3 sqrt(draws). Vehtari 2024, section 3.2."""
FEWEST = 5
"""Weights to which a tail can be fitted. Vehtari 2024, section 3.2."""
_PRIOR_K, _PRIOR_WEIGHS = 0.5, 10.0  # as if ten weights with k = 0.5 had been seen: Vehtari 2024, appendix C
_PRIOR_SCALE = 3.0  # Zhang and Stephens 2009, section 3
_GRID = 30  # the same


class Smoothed(NamedTuple):
    """Weights after smoothing.

    Attributes:
        log_weights: (draws,), natural logarithms on the scale of those given; none above the largest of those.
        k_hat: The shape of the tail; infinite where no tail can be fitted, minus infinity where all largest are equal.
    """

    log_weights: Floats
    k_hat: float


def smooth(log_weights: Floats) -> Smoothed:
    """Return importance weights with a smoothed tail.

    Args:
        log_weights: (draws,), natural logarithms of target / proposal, up to a constant; minus infinity weighs nothing.

    Raises:
        RequestError: Not one row, or a weight that is no number or infinite, or all weigh nothing.
    """
    if log_weights.ndim != 1 or not (log_weights < math.inf).all() or not (log_weights > -math.inf).any():
        raise RequestError("Weights are one row of logarithms below infinity, of which one is finite.")
    largest = float(log_weights.max())
    scaled, count = log_weights - largest, log_weights.size
    wanted = math.ceil(min(LARGEST_SHARE * count, LARGEST_ROOTS * math.sqrt(count)))
    order = scaled.argsort(kind="stable")
    cut = max(float(scaled[order[max(count - wanted - 1, 0)]]), math.log(np.finfo(np.float64).tiny))
    tail = order[scaled[order] > cut]
    if tail.size < FEWEST:
        return Smoothed(log_weights.copy(), math.inf if tail.size else -math.inf)
    shape, scale = fit_pareto(np.exp(scaled[tail]) - math.exp(cut))
    expected = _quantiles((np.arange(tail.size) + 0.5) / tail.size, shape, scale)
    found = log_weights.copy()
    found[tail] = np.minimum(np.log(expected + math.exp(cut)), 0.0) + largest
    return Smoothed(found, shape)


def normalized(log_weights: Floats) -> tuple[Floats, float]:
    """Return weights whose sum is 1, and the natural logarithm of the mean of those given.

    Args:
        log_weights: (draws,), natural logarithms, of which one is finite; minus infinity weighs nothing.
    """
    largest = log_weights.max()
    weights = np.exp(log_weights - largest)
    return weights / weights.sum(), float(largest + np.log(weights.mean()))


def effective_share(log_weights: Floats) -> float:
    """Return the effective number of weighted draws as a share of all: (sum w)^2 / (draws x sum w^2). Kish 1965."""
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights.size * (weights * weights).sum()))


def fit_pareto(excesses: Floats) -> tuple[float, float]:
    """Return shape k and scale of a generalized Pareto distribution, 1 - (1 + k x / scale)^(-1/k).

    Args:
        excesses: (n,) above 0, ascending.

    Returns:
        The shape drawn weakly toward 0.5, and the scale. Zhang and Stephens 2009; their k has the opposite sign.
    """
    count = excesses.size
    grid = _GRID + math.isqrt(count)
    places = 1 - np.sqrt(grid / (np.arange(grid) + 0.5))
    places = places / (_PRIOR_SCALE * excesses[int(count / 4 + 0.5) - 1]) + 1 / excesses[-1]
    shapes = np.log1p(-places[:, None] * excesses).mean(axis=1)
    profile = count * (np.log(-places / shapes) - shapes - 1)
    weights = np.exp(profile - profile.max())
    place = float((places * weights).sum() / weights.sum())
    shape = float(np.log1p(-place * excesses).mean())
    toward = (count * shape + _PRIOR_WEIGHS * _PRIOR_K) / (count + _PRIOR_WEIGHS)
    return toward, -shape / place


def _quantiles(shares: Floats, shape: float, scale: float) -> Floats:
    """Return the excesses below which the shares of a generalized Pareto distribution lie."""
    bent = shape or math.ulp(0.0) * 2**60  # of a shape of 0 the limit
    return np.asarray(scale * np.expm1(-bent * np.log1p(-shares)) / bent)
