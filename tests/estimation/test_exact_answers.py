"""The posterior beside exact answers: means within 0.08 SD and SDs within 15 % (median 4 %), or an explicit refusal.

By brute force from the prior (slow), and by a grid where two etas vary. These limits are the project's promise for the
25 patients of `map_estimates` and for four hard designs; an answer outside them that is no refusal would be a silent
failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from inotrope.estimation import Posterior, Problem, find_mode, sample_posterior
from inotrope.population import Model
from tests.estimation.exact import Exact, by_brute_force, by_grid
from tests.estimation.reference import Reference
from tests.estimation.stress import DESIGNS, one_by_one

MEAN, SD, MEDIAN = 0.08, 0.15, 0.04
ENOUGH = 4_000
"""Effective draws of the judge: its own error is then 0.016 SD at most, a fifth of the limit."""


def prove(answers: Sequence[tuple[Posterior, Exact]], *, refused: int) -> None:
    """Prove that every answer is within the limits, and that no more than so many were refused."""
    given = [(posterior, exact) for posterior, exact in answers if not posterior.refused]
    assert len(answers) - len(given) <= refused
    means = np.array([np.abs(posterior.etas.mean(axis=0) - exact.mean) / exact.sd for posterior, exact in given])
    spreads = np.array([np.abs(posterior.etas.std(axis=0) / exact.sd - 1) for posterior, exact in given])
    methods = [posterior.method for posterior, _ in given]
    print(
        f"{len(given)} answers, {methods.count('importance')} by weighting, means within {means.max():.3f} SD (median "
        f"{np.median(means):.3f}), SDs within {spreads.max():.1%} (median {np.median(spreads):.1%})"
    )
    assert means.max() <= MEAN
    assert spreads.max() <= SD
    assert np.median(spreads) <= MEDIAN


def asked(problem: Problem, seed: int = 0) -> Posterior:
    return sample_posterior(problem, find_mode(problem), seed=seed)


@pytest.mark.parametrize("design", DESIGNS)
def test_hard_designs_where_clearance_and_one_volume_vary(tmp_path: Path, uncounted: None, design: str) -> None:
    """By a grid, exact to six digits."""
    problems = one_by_one(tmp_path, patients=5, vary=("clearance", "v2"), **DESIGNS[design])
    prove([(asked(problem), by_grid(problem, points=201)) for problem in problems], refused=0)


@pytest.mark.slow
def test_the_25_patients_of_the_reference(model: Model) -> None:
    reference, answers = Reference.read(), []
    for patient in range(25):
        problem = reference.problem(model, patient)
        exact = by_brute_force([problem], 200_000, seed=patient)[0]
        assert exact.effective > ENOUGH
        answers.append((asked(problem, seed=patient), exact))
    prove(answers, refused=0)


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_hard_designs(tmp_path: Path, design: str) -> None:
    problems = one_by_one(tmp_path, patients=30, **DESIGNS[design])
    known = by_brute_force(problems, 1_000_000)
    assert min(exact.effective for exact in known) > ENOUGH
    prove([(asked(problem, seed=place), known[place]) for place, problem in enumerate(problems)], refused=1)
