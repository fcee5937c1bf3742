"""Shares of models by their marginal likelihoods: by hand, and where nothing can be weighed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import Levels, Posterior, Problem, average_models, find_mode, problem_of, sample_posterior
from inotrope.kinetics import Timeline
from inotrope.population import load_model, typical_values
from tests.estimation.exact import by_grid, linear
from tests.estimation.models import write_model


def fit(log_marginal: float, sd: float = 0.0, draws: int = 1000, refused: str = "") -> Posterior:
    etas = np.zeros((0 if refused else draws, 3))
    return Posterior(etas, "importance", 0.1, 0.8, 800.0, log_marginal, sd, refused)


PROBLEM = linear()[0]


def test_shares_by_hand() -> None:
    """Marginals as 6 : 3 : 1, also where the marginals themselves are far below the least float."""
    given = {"six": math.log(6), "three": math.log(3), "one": 0.0}
    for far in (0.0, -5000.0):
        found = average_models({name: (PROBLEM, fit(value + far)) for name, value in given.items()})
        assert [weighed.share for weighed in found.models.values()] == pytest.approx([0.6, 0.3, 0.1])
        assert [weighed.draws for weighed in found.models.values()] == [600, 300, 100]
        assert found.models["six"].log_marginal == pytest.approx(math.log(6) + far)
        assert found.refused is None and not found.left_out and list(found.models) == list(given)


def test_the_error_of_a_share() -> None:
    """Two models: d share / d log marginal is share x (1 - share), for each of the two."""
    found = average_models({"a": (PROBLEM, fit(math.log(3), 0.1)), "b": (PROBLEM, fit(0.0, 0.2))})
    assert found.models["a"].share_sd == pytest.approx(0.75 * 0.25 * math.hypot(0.1, 0.2))
    assert found.models["b"].share_sd == pytest.approx(found.models["a"].share_sd)


def test_the_draws_add_up() -> None:
    values = np.random.default_rng(0).standard_normal(7)
    fits = {str(place): (PROBLEM, fit(value, draws=997 + place)) for place, value in enumerate(values)}
    found = average_models(fits).models.values()
    assert sum(weighed.draws for weighed in found) == 997
    assert all(abs(weighed.draws - 997 * weighed.share) <= 1 for weighed in found)


def test_a_model_without_a_posterior_is_left_out_by_name() -> None:
    found = average_models({"a": (PROBLEM, fit(0.0)), "b": (PROBLEM, fit(math.nan, refused="it did not settle"))})
    assert found.left_out == {"b": "it did not settle"}
    assert found.models["a"].share == 1
    none = average_models({"b": (PROBLEM, fit(math.nan, refused="it did not settle"))})
    assert none.refused is not None and not none.models and none.left_out


@pytest.mark.parametrize("weight", [0.0, None])
def test_without_a_level_priors_are_never_averaged(weight: float | None) -> None:
    times = PROBLEM.levels.time_h
    levels = Levels.none() if weight is None else Levels.of(times, PROBLEM.levels.level_ng_per_ml, weight=weight)
    problem = Problem(PROBLEM.names, PROBLEM.omega, levels, PROBLEM.error, PROBLEM.predict)
    found = average_models({"a": (problem, replace(fit(0.0), method="prior"))})
    assert found.refused is not None and "each stands by itself" in found.refused.says and not found.models


def test_models_of_other_levels_cannot_be_weighed() -> None:
    levels = PROBLEM.levels
    order = [2, 0, 3, 1]
    mixed = Levels.of(levels.time_h[order], levels.level_ng_per_ml[order])
    again = Problem(PROBLEM.names, PROBLEM.omega, mixed, PROBLEM.error, PROBLEM.predict)
    assert average_models({"a": (PROBLEM, fit(0.0)), "b": (again, fit(0.0))}).models["a"].share == 0.5
    half = Levels.of(levels.time_h, levels.level_ng_per_ml, weight=0.5)
    for other in (Levels.of(levels.time_h[:3], levels.level_ng_per_ml[:3]), half):
        problem = Problem(PROBLEM.names, PROBLEM.omega, other, PROBLEM.error, PROBLEM.predict)
        with pytest.raises(RequestError, match="same levels"):
            average_models({"a": (PROBLEM, fit(0.0)), "b": (problem, fit(0.0))})
    with pytest.raises(RequestError, match="no model"):
        average_models({})


def test_two_models_of_one_patient_by_quadrature(tmp_path: Path) -> None:
    """One with a clearance twice as high as the other's, and a level between the two: shares by a grid."""
    fits, exact = {}, []
    for clearance in (5, 10):
        model = load_model(
            write_model(
                tmp_path,
                typical={"clearance": clearance, "volume": 12},
                omegas={"clearance": 0.3, "volume": 0.3},
                name=f"paper_{2000 + clearance}.toml",
            )
        )
        problem = problem_of(
            model,
            timeline=Timeline.of_rates([0.0], [2000.0]),
            typical=typical_values(model, {"weight": np.array([70.0])}),
            levels=Levels.of([4.0, 20.0], [240.0, 230.0]),
        )
        fits[str(clearance)] = (problem, sample_posterior(problem, find_mode(problem)))
        exact.append(math.exp(by_grid(problem).log_marginal))
    found = average_models(fits)
    for place, weighed in enumerate(found.models.values()):
        assert weighed.share == pytest.approx(exact[place] / sum(exact), abs=4 * weighed.share_sd)
        assert 0.1 < weighed.share < 0.9 and 0 < weighed.share_sd < 0.03
