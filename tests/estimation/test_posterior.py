"""Which way leads to the draws, when none does, and that they are fair in any number. How right they are: beside."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import Levels, Problem, find_mode, judge_posterior, posterior, sample_posterior
from inotrope.estimation.importance import weigh
from inotrope.estimation.swarm import temper
from inotrope.population import Model, draw_etas
from tests.estimation.exact import linear
from tests.estimation.reference import Reference
from tests.estimation.stress import one_by_one


@pytest.fixture
def problem(model: Model) -> Problem:
    return Reference.read().problem(model, 3)


def test_weighting_where_it_is_sound(problem: Problem) -> None:
    mode = find_mode(problem)
    found, weighted = sample_posterior(problem, mode, seed=2), weigh(problem, mode, draws=4000, seed=2)
    assert found.method == "importance" and not found.refused and judge_posterior(found) is None
    assert (found.k_hat, found.effective_fraction) == (weighted.k_hat, weighted.effective_fraction)
    assert (found.log_marginal, found.log_marginal_sd) == (weighted.log_marginal, weighted.log_marginal_sd)
    assert found.etas.shape == (4000, 4)
    places = {tuple(eta): place for place, eta in enumerate(weighted.etas)}
    times = np.bincount([places[tuple(eta)] for eta in found.etas], minlength=4000)
    assert np.abs(times - 4000 * weighted.weights).max() < 1 + 1e-9
    assert 0.5 * 4000 < found.effective_draws < found.effective_fraction * 4000


@pytest.mark.parametrize(
    "change", [{"k_hat": 0.51}, {"effective_fraction": 0.59}, {"shift": 0.41}, {"stretch": 0.21}], ids=str
)
def test_tempering_where_it_is_not(problem: Problem, monkeypatch: pytest.MonkeyPatch, change: dict[str, float]) -> None:
    mode = find_mode(problem)
    weighted = weigh(problem, mode, draws=4000, seed=2)._replace(**change)
    monkeypatch.setattr(posterior, "weigh", lambda *_, **__: weighted)
    found, tempered = sample_posterior(problem, mode, seed=2), temper(problem, particles=4000, seed=2)
    assert found.method == "tempered" and found.k_hat == weighted.k_hat
    assert np.array_equal(np.sort(found.etas, axis=0), np.sort(tempered.etas, axis=0))
    assert found.effective_fraction == tempered.way.effective_fraction
    assert found.effective_draws == pytest.approx(4000 * tempered.way.effective_fraction)
    assert (found.log_marginal, found.log_marginal_sd) == (tempered.way.log_marginal, tempered.way.log_marginal_sd)


def test_a_hard_design_takes_the_second_way(tmp_path: Path) -> None:
    """Two levels known to 5 % in patients who differ by 100 %: a ridge."""
    hard = one_by_one(tmp_path, patients=1, cv=1.0, b=0.05, times=[5.5, 23.5])[0]
    assert sample_posterior(hard, find_mode(hard)).method == "tempered"


def test_a_search_that_did_not_converge_is_not_needed(problem: Problem) -> None:
    mode = replace(find_mode(problem), converged=np.array(False))
    found = sample_posterior(problem, mode, seed=1)
    assert found.method == "tempered" and math.isnan(found.k_hat) and not found.refused


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"power": 0.25, "steps": 60}, "after 60 steps the levels count only with the power 0.25"),
        ({"good": False, "moves": 360, "mean_error": 0.31, "sd_error": 0.12}, "uncertain by 0.31 SDs (allowed: 0.025)"),
        ({"log_marginal_sd": 0.5, "families": 9}, "descend from 9 of the prior, most of them from 4"),
    ],
    ids=["power", "errors", "families"],
)
def test_a_refusal_names_its_criterion(
    problem: Problem, monkeypatch: pytest.MonkeyPatch, change: dict[str, float], says: str
) -> None:
    tempered = temper(problem, particles=4000, seed=0)
    tempered = tempered._replace(way=tempered.way._replace(**change))
    monkeypatch.setattr(posterior, "temper", lambda *_, **__: tempered)
    found = sample_posterior(problem, replace(find_mode(problem), converged=np.array(False)))
    assert says in found.refused
    assert found.etas.shape == (0, 4) and found.effective_draws == 0
    assert math.isnan(found.log_marginal) and math.isnan(found.log_marginal_sd)
    refusal = judge_posterior(found)
    assert refusal is not None and refusal.id == "posterior-uncertain" and says in refusal.says


@pytest.mark.parametrize("converged", [True, False])
def test_fewer_and_more_draws(problem: Problem, converged: bool) -> None:
    """400 and 6,000; each first part is as fair as the whole."""
    mode = replace(find_mode(problem), converged=np.array(converged))
    many, few = (sample_posterior(problem, mode, draws=draws, seed=4) for draws in (6000, 400))
    sd = many.etas.std(axis=0)
    for part in (few.etas, many.etas[:400], many.etas[:1000]):
        assert np.abs((part.mean(axis=0) - many.etas.mean(axis=0)) / sd).max() < 4 / math.sqrt(len(part))
        assert part.std(axis=0) == pytest.approx(sd, rel=0.2)
    assert few.etas.shape == (400, 4) and many.etas.shape == (6000, 4)
    assert 300 < few.effective_draws <= 400
    assert 2000 < many.effective_draws <= 6000


def test_without_a_level_the_prior_bit_for_bit(model: Model, problem: Problem) -> None:
    none = lambda etas: problem.predict(etas)[..., :0]  # noqa: E731
    nothing = Problem(problem.names, problem.omega, Levels.none(), problem.error, none)
    weightless = Levels.of(problem.levels.time_h, problem.levels.level_ng_per_ml, weight=0.0)
    for levels in (nothing, Problem(problem.names, problem.omega, weightless, problem.error, problem.predict)):
        found = sample_posterior(levels, find_mode(levels), draws=700, seed=9)
        drawn = draw_etas(model, patients=np.arange(700), seed=9)
        assert list(drawn) == list(levels.names)
        assert (found.etas == np.concatenate(list(drawn.values()), axis=1)).all()
        assert (found.method, found.log_marginal, found.effective_draws) == ("prior", 0.0, 700.0)


def test_the_order_of_the_draws_leaves_none_out() -> None:
    for count in (1, 2, 3, 10, 987, 4000, 6000):
        assert sorted(posterior.strided(count)) == list(range(count))


def test_what_is_no_question(model: Model, problem: Problem) -> None:
    mode, together = find_mode(problem), Reference.read().together(model)
    with pytest.raises(RequestError, match="one patient"):
        sample_posterior(together, find_mode(together, starts=1))
    with pytest.raises(RequestError, match="mode found for it"):
        sample_posterior(problem, find_mode(linear()[0]))
    with pytest.raises(RequestError, match="without a draw"):
        sample_posterior(problem, mode, draws=0)
    for wrong in ({"draws": 2.5}, {"seed": -1}):
        with pytest.raises(RequestError):
            sample_posterior(problem, mode, **wrong)  # type: ignore[arg-type]
