"""The shipped hearts by name: a kind of patient whose numbers can stand in for those that nobody measured.

Knows names alone. What such a heart stands for is said by `predict_circulation` on everything that it shows.
"""

from __future__ import annotations

from inotrope.population.response import list_hearts


def typical_hearts() -> tuple[str, ...]:
    """Return the names of the shipped hearts, as `predict_circulation` takes them."""
    return tuple(list_hearts())
