"""Ends of a search that are no answer, in words: a refusal is a value and never an exception.

Knows what a person can do about each. Levels that should not be fitted at all are judged before (`plausibility.py`).
"""

from __future__ import annotations

from inotrope.errors import RequestError
from inotrope.estimation.mode import FARTHEST, Mode
from inotrope.estimation.posterior import Posterior
from inotrope.estimation.problem import Problem
from inotrope.estimation.refusal_texts import refusal
from inotrope.findings import Refusal


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
        return refusal("fit-on-boundary", farthest=f"{FARTHEST:g}", parameter=problem.names[farthest])
    return refusal("fit-not-converged")


def judge_posterior(posterior: Posterior) -> Refusal | None:
    """Return why there are no draws of a patient; None where there are."""
    if not posterior.refused:
        return None
    return refusal("posterior-uncertain", why=posterior.refused)
