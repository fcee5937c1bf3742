"""What is true of every posterior, by whichever way it was found."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.estimation import Levels, Mode, Posterior, Problem, find_mode, problem_of, sample_posterior
from inotrope.kinetics import Timeline
from inotrope.population import load_model, typical_values
from tests.estimation.exact import by_grid
from tests.estimation.models import write_model
from tests.estimation.reference import BEGIN_H, RATE_PER_KG

TIMES, MEASURED = np.array([0.5, 5.5, 23.5, 47.0]), np.array([380.0, 210.0, 150.0, 420.0])
Asked = Callable[..., Problem]


@pytest.fixture(params=[("clearance",), ("clearance", "v2")], ids=["one eta", "two etas"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Asked:
    """Give a patient of 70 kg in whom one or two parameters vary, by 60 %, with levels of the caller's choice."""
    model = load_model(write_model(tmp_path, omegas=dict.fromkeys(request.param, 0.55)))
    typical = typical_values(model, {"weight": np.array([70.0])})

    def ask(times: np.ndarray = TIMES, levels: np.ndarray = MEASURED, weight: object = 1.0) -> Problem:
        timeline = Timeline.of_rates(BEGIN_H, 70 * RATE_PER_KG)
        return problem_of(model, timeline=timeline, typical=typical, levels=Levels.of(times, levels, weight=weight))

    return ask


def both(problem: Problem, seed: int = 0) -> list[Posterior]:
    """Return the answer by weighting, and by degrees from the prior, to which an unfinished search leads."""
    mode: Mode = find_mode(problem)
    found = [sample_posterior(problem, one, seed=seed) for one in (mode, replace(mode, converged=np.array(False)))]
    assert [one.method for one in found] == ["importance", "tempered"]
    return found


def apart(one: Posterior, other: Posterior) -> float:
    """Return how far two means are apart, in standard errors by their effective draws; the largest."""
    errors = np.sqrt(one.etas.var(axis=0) / one.effective_draws + other.etas.var(axis=0) / other.effective_draws)
    return float(np.abs((one.etas.mean(axis=0) - other.etas.mean(axis=0)) / errors).max())


def test_the_log_marginal_is_that_of_the_quadrature_by_both_ways(asked: Asked, uncounted: None) -> None:
    problem = asked()
    exact = by_grid(problem)
    one, other = both(problem)
    for found in (one, other):
        assert abs(found.log_marginal - exact.log_marginal) < 4 * found.log_marginal_sd < 0.3
        assert np.abs((found.etas.mean(axis=0) - exact.mean) / exact.sd).max() < 4 / math.sqrt(found.effective_draws)
        assert found.etas.std(axis=0) == pytest.approx(exact.sd, rel=4 / math.sqrt(2 * found.effective_draws))
    assert abs(one.log_marginal - other.log_marginal) < 4 * math.hypot(one.log_marginal_sd, other.log_marginal_sd)


def test_two_seeds_agree_within_their_errors(asked: Asked, uncounted: None) -> None:
    problem = asked()
    for one, other in zip(both(problem, seed=1), both(problem, seed=2), strict=True):
        assert 0 < apart(one, other) < 4
        assert abs(one.log_marginal - other.log_marginal) < 4 * math.hypot(one.log_marginal_sd, other.log_marginal_sd)


def test_a_seed_gives_the_same_draws_again(asked: Asked, uncounted: None) -> None:
    for one, other in zip(both(asked(), seed=7), both(asked(), seed=7), strict=True):
        assert (one.etas == other.etas).all() and one.log_marginal == other.log_marginal


def test_the_order_of_the_levels_is_irrelevant(asked: Asked, uncounted: None) -> None:
    order = [2, 0, 3, 1]
    for one, other in zip(both(asked()), both(asked(TIMES[order], MEASURED[order])), strict=True):
        assert other.etas == pytest.approx(one.etas, abs=1e-9)
        assert other.log_marginal == pytest.approx(one.log_marginal, abs=1e-9)


def test_a_level_that_weighs_nothing_is_no_level(asked: Asked, uncounted: None) -> None:
    three = both(asked(TIMES[:3], MEASURED[:3]))
    for one, other in zip(three, both(asked(weight=np.array([1.0, 1.0, 1.0, 0.0]))), strict=True):
        assert other.etas == pytest.approx(one.etas, abs=1e-9)
        assert other.log_marginal == pytest.approx(one.log_marginal, abs=1e-9)


def test_two_identical_levels_beat_one(asked: Asked, uncounted: None) -> None:
    """What is known of the clearance, by the levels of a long infusion."""
    one, two = asked(TIMES[2:3], MEASURED[2:3]), asked(TIMES[[2, 2]], MEASURED[[2, 2]])
    spreads = [sample_posterior(problem, find_mode(problem)).etas[:, 0].std() for problem in (one, two)]
    assert spreads[1] < spreads[0]


def test_without_a_level_the_seed_alone_decides(asked: Asked) -> None:
    problem = asked(np.empty(0), np.empty(0))
    found = sample_posterior(problem, find_mode(problem), seed=3)
    again = sample_posterior(problem, find_mode(problem, seed=8), seed=3)
    assert found.method == "prior" and (found.etas == again.etas).all()
    assert np.atleast_2d(np.cov(found.etas, rowvar=False)) == pytest.approx(problem.omega, abs=0.03)
