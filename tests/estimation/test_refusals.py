"""Ends of a search that are no answer, said in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels, Problem, find_mode, judge_mode
from inotrope.population import ResidualForm


def problem(level: object, *, weight: float = 1.0) -> Problem:
    """Two etas, of which the second moves the level; an error in proportion alone."""
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.0, 0.1)
    levels = Levels.of(1.0, level, weight=weight)  # type: ignore[arg-type]
    return Problem(
        ("clearance", "volume"), np.diag([0.09, 0.04]), levels, error, lambda etas: 100 * np.exp(-etas[..., 1:])
    )


def test_an_answer_is_no_refusal() -> None:
    given = problem(90.0)
    assert judge_mode(given, find_mode(given)) is None


def test_a_patient_at_the_boundary_is_nobody() -> None:
    given = problem(0.0, weight=1000.0)
    refusal = judge_mode(given, find_mode(given))
    assert refusal is not None
    assert refusal.id == "fit-on-boundary"
    assert "first of all in volume" in refusal.says


def test_no_minimum() -> None:
    given = problem(90.0)
    mode = find_mode(given)
    refusal = judge_mode(given, replace(mode, converged=np.asarray(False)))
    assert refusal is not None
    assert refusal.id == "fit-not-converged"
    assert "No start" in refusal.says


def test_one_patient_at_a_time() -> None:
    given = problem([[90.0], [80.0]])
    with pytest.raises(RequestError, match="one patient"):
        judge_mode(given, find_mode(given))
