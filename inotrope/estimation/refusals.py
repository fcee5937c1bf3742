"""Ends of a search that are no answer, in words: a refusal is a value and never an exception.

Knows what a person can do about each. Levels that should not be fitted at all are judged before (`plausibility.py`).
"""

from __future__ import annotations

from inotrope.errors import RequestError
from inotrope.estimation.mode import FARTHEST, Mode
from inotrope.estimation.posterior import Posterior
from inotrope.estimation.problem import Problem
from inotrope.findings import Refusal

_NEEDS = ("concentration", "administrations")


def judge_mode(problem: Problem, mode: Mode) -> Refusal | None:
    """Return why a search for the most probable patient has no answer; None where it has one.

    Args:
        problem: Of one patient.
        mode: What was found.

    Raises:
        RequestError: A problem of many patients.
    """
    if problem.patients:
        raise RequestError("A fit is judged for one patient. Give his problem alone.")
    if mode.converged:
        return None
    if mode.on_boundary:
        farthest = max(
            range(problem.count), key=lambda place: abs(mode.etas[place]) / problem.omega[place, place] ** 0.5
        )
        return Refusal(
            "fit-on-boundary",
            f"The most probable patient would lie {FARTHEST:g} SDs from the typical one or farther, first of all in "
            f"{problem.names[farthest]}. Nobody is such a patient: check units, times and places of the levels, and "
            "the dose history; or the model is not for him.",
            _NEEDS,
        )
    return Refusal(
        "fit-not-converged",
        "No start of the search ended in a minimum, so that there is no most probable patient to show. Check the "
        "levels and the dose history; levels said to be exact to less than a part in a thousand cannot be fitted.",
        _NEEDS,
    )


def judge_posterior(posterior: Posterior) -> Refusal | None:
    """Return why there are no draws of a patient; None where there are."""
    if not posterior.refused:
        return None
    return Refusal(
        "posterior-uncertain",
        f"How sure the answer is cannot be told: {posterior.refused}. Check the levels and the dose history, and "
        "whether an error of the measurement this small is meant.",
        _NEEDS,
    )
