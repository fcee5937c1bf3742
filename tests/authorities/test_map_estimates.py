"""The most probable parameters of 25 patients, against minima polished elsewhere to full precision.

Where the numbers come from: `map_estimates/README.md`.
"""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.estimation import Mode, Problem, find_mode, objective
from inotrope.population import load_model
from tests.estimation.models import write_model
from tests.estimation.reference import Reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.read()


@pytest.fixture(scope="module", params=["one by one", "together"])
def found(
    request: pytest.FixtureRequest, reference: Reference, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Problem], list[Mode], dict[str, np.ndarray]]:
    model = load_model(write_model(tmp_path_factory.mktemp("model")))
    together = request.param == "together"
    problems = [reference.together(model)] if together else [reference.problem(model, place) for place in range(25)]
    modes = [find_mode(problem) for problem in problems]
    join = np.concatenate if together else np.stack
    names = ("etas", "objective", "covariance", "converged", "distinct", "gradient")
    return problems, modes, {name: join([getattr(mode, name) for mode in modes]) for name in names}


Found = tuple[list[Problem], list[Mode], dict[str, np.ndarray]]


def test_all_hundred_etas_within_1e_9(found: Found, reference: Reference) -> None:
    assert found[2]["converged"].all()
    assert np.abs(found[2]["etas"] - reference.etas).max() < 1e-9


def test_each_objective_within_1e_9(found: Found, reference: Reference) -> None:
    assert np.abs(found[2]["objective"] - reference.objective).max() < 1e-9


def test_each_covariance_within_1e_6_of_its_largest_entry(found: Found, reference: Reference) -> None:
    apart = np.abs(found[2]["covariance"] - reference.covariance).max(axis=(1, 2))
    assert (apart / np.abs(reference.covariance).max(axis=(1, 2))).max() < 1e-6


def test_no_patient_has_a_second_minimum(found: Found) -> None:
    """The README says so of eight random restarts."""
    assert (found[2]["distinct"] == 1).all()


def test_the_objective_at_the_polished_etas(found: Found, reference: Reference) -> None:
    problems = found[0]
    values = [objective(problem, reference.etas[place]) for place, problem in enumerate(problems)]
    at = objective(problems[0], reference.etas) if len(problems) == 1 else np.stack(values)
    assert np.abs(at - reference.objective).max() < 1e-11


def test_predictions_of_mapbayr(found: Found, reference: Reference) -> None:
    """Typical ones to the digits that were printed; individual ones to where its optimizer stopped."""
    problems, modes, _ = found
    zero = [problem.predict(np.zeros_like(mode.etas)) for problem, mode in zip(problems, modes, strict=True)]
    own = [problem.predict(mode.etas) for problem, mode in zip(problems, modes, strict=True)]
    assert np.reshape(zero, (25, 4)) == pytest.approx(reference.typical, rel=1e-9)
    assert np.reshape(own, (25, 4)) == pytest.approx(reference.individual, rel=5e-4)
