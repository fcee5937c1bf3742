"""Even draws: standard normal deviates that lie as evenly as so few can, for the intervals of one patient's forecast.

Knows how to spread n draws over several deviates: each deviate takes the middle of each of n equal shares once, and the
order in which they meet is that of a sequence of the golden ratio, so that no corner is left empty. 200 plain draws put
the upper end of 90 % up to a tenth too low or too high, the same for every patient of a seed; these put it within about
2 %. A draw stands in relation to all others: it is no patient of his own, and virtual patients are drawn by place
(`randoms.py`).

Sources: McKay, Beckman and Conover 1979, Technometrics 21:239 (one draw in each share); Niederreiter 1992, Random
number generation and quasi-Monte Carlo methods, chapter 3 (multiples of an irrational number). The golden ratio of
several dimensions, x^(d + 1) = x + 1, is a judgement: it was measured against 100,000 plain draws (`test_even.py`).
"""

from __future__ import annotations

import numpy as np

from inotrope.population.virtual.normal import Floats, normal_of_shares
from inotrope.population.virtual.randoms import whole

_SEEDS = 2**20
"""Beginnings of the sequence; of a later one the product with the step would lose the digits that count."""
_TURNS = 64
"""Of the iteration to the golden ratio; each turn more than halves what is left."""


def even_normals(seed: int, draws: int, count: int) -> Floats:
    """Return standard normal deviates that lie evenly, alone and together.

    Args:
        seed: 0 or more: where the sequence begins. Another seed pairs the same deviates in another way.
        draws: How many draws, 1 or more.
        count: How many deviates each has.

    Returns:
        (draws, count). Each column holds the deviates of the shares (k + 1/2) / draws, each once.

    Raises:
        RequestError: A seed, draws or count that is no whole number of 0 or more.
    """
    many, first = whole("number of draws", draws), whole("seed", seed) % _SEEDS
    place = np.arange(many)
    order = np.empty((many, whole("count of numbers", count)))
    for column in range(order.shape[1]):
        met = place if column == 0 else (first + place) * golden(order.shape[1] - 1) ** -column % 1
        order[np.argsort(met, kind="stable"), column] = place
    return normal_of_shares((order + 0.5) / many)


def golden(dimensions: int) -> float:
    """Return the number above 1 with x^(d + 1) = x + 1; the golden ratio for one dimension."""
    found = 1.0
    for _ in range(_TURNS):
        found = (1 + found) ** (1 / (dimensions + 1))
    return found
