"""Minima against 40 digits of other arithmetic, several minima, and ends that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpmath import mp

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels, Problem, find_mode, newton, problem_of
from inotrope.estimation.derivatives import derivatives
from inotrope.kinetics import Timeline
from inotrope.population import ResidualForm, load_model, typical_values
from tests.estimation.independent import CLEARANCE, DOSE_MCG, SECOND_H, VOLUME, Question
from tests.estimation.models import ROOT, SUM, write_model
from tests.estimation.stress import stress

TIMES, LEVELS, LIMIT = [0.3, 1.0, 2.5, 6.0], [230.0, 90.0, 61.0, 10.0], [False, False, False, True]
WEIGHTS = [1.0, 0.5, 2.0, 1.0]
ERRORS = {
    ROOT: lambda level: mp.sqrt(mp.mpf("25") + (mp.mpf("0.15") * level) ** 2),
    SUM: lambda level: 5 + mp.mpf("0.15") * level,
}


@pytest.mark.parametrize("form", [ROOT, SUM])
@pytest.mark.parametrize("occasions", [False, True])
def test_the_minimum_with_everything_at_once(tmp_path: Path, form: str, occasions: bool) -> None:
    """Correlated omegas, weights, a level below its limit, both errors, with and without occasions."""
    model = load_model(
        write_model(
            tmp_path,
            typical={"clearance": CLEARANCE, "volume": VOLUME},
            omegas={"clearance": 0.4, "volume": 0.25},
            correlations={("clearance", "volume"): 0.6},
            occasions={"clearance": 0.3},
            error=(form, 5, 15),
        )
    )
    problem = problem_of(
        model,
        timeline=Timeline.of_rates([0.0, SECOND_H], [0.0, 0.0], [DOSE_MCG, 0.0], row=[0, 1]),
        typical=typical_values(model, {"weight": np.array([70.0, 70.0])}),
        levels=Levels.of(TIMES, LEVELS, below=LIMIT, weight=WEIGHTS),
        row_of_occasion=[0, 1] if occasions else None,
    )
    mode = find_mode(problem)
    assert mode.converged and mode.distinct == 1
    question = Question(TIMES, LEVELS, LIMIT, WEIGHTS, problem.omega, ERRORS[form], occasions)
    etas, objective, covariance = question.polished(mode.etas)
    assert mode.etas == pytest.approx(etas, abs=1e-11)
    assert mode.objective == pytest.approx(objective, abs=1e-11)
    assert mode.covariance == pytest.approx(covariance, abs=1e-7 * covariance.max())
    assert mode.step < 1e-9
    assert mode.gradient < newton.STILL * np.abs(mode.hessian).sum()  # as it was before the last step


def test_a_level_far_below_its_limit_and_one_far_above(tmp_path: Path) -> None:
    """The typical level is 250 ng/mL; below 2 with an error of 6 is 41 SDs out; the minimum is found all the same."""
    model = load_model(write_model(tmp_path, typical={"clearance": 8, "volume": 12}, omegas={"volume": 0.3}))
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 6.0, 0.001)
    problem = problem_of(
        model,
        timeline=Timeline.of_rates([0.0], [0.0], [DOSE_MCG]),
        typical=typical_values(model, {"weight": np.array([70.0])}),
        levels=Levels.of(0.0, 2.0, below=True),
        error=error,
    )
    mode = find_mode(problem)
    assert mode.converged
    slope = derivatives(problem, mode.etas)
    assert abs(slope.gradient[0]) < 1e-9 * slope.hessian[0, 0]
    with mp.workdps(40):
        sd = lambda level: mp.sqrt(36 + (level / 1000) ** 2)  # noqa: E731
        objective = lambda eta: (  # noqa: E731
            eta**2 / mp.mpf("0.09")
            - 2 * mp.log(mp.erfc((250 * mp.exp(-eta) - 2) / sd(250 * mp.exp(-eta)) / mp.sqrt(2)) / 2)
        )
        exact = mp.findroot(lambda eta: mp.diff(objective, eta), float(mode.etas[0]))
    assert mode.etas[0] == pytest.approx(float(exact), abs=1e-11)


def test_several_minima_are_found_and_told_apart(tmp_path: Path) -> None:
    """Levels known to 3 % in patients who differ by 100 %: numerics.md counts several minima in 12 % of them."""
    problem = stress(tmp_path, cv=1.0, b=0.03, times=[0.5, 5.5, 23.5, 47.0], patients=30)
    mode = find_mode(problem)
    assert mode.converged.all() and (mode.step < 1e-6).all()
    several = mode.distinct > 1
    assert 1 <= several.sum() < 20
    assert mode.rises[0].tolist() == [0.0] * 30
    assert (mode.rises[1][several] > 0).all()
    assert np.isnan(mode.rises[1][~several]).all() and np.isnan(mode.minima[1][~several]).all()
    assert (mode.minima[0] == mode.etas).all()
    for rank in range(len(mode.minima)):
        there = np.isfinite(mode.rises[rank])
        at = derivatives(problem, np.where(there[:, None], mode.minima[rank], 0.0))
        assert (np.linalg.eigvalsh(at.hessian)[there] > 0).all()
        assert at.value[there] == pytest.approx((mode.objective + mode.rises[rank])[there], abs=1e-9)
    more = find_mode(problem, starts=30, seed=5)
    assert mode.objective == pytest.approx(more.objective, abs=1e-9)


@pytest.mark.parametrize("wrong", [0, 3])
def test_a_level_that_is_three_times_too_high(tmp_path: Path, wrong: int) -> None:
    """60 % CV: 8 starts end where 30 do, each in a minimum."""
    problem = stress(tmp_path, cv=0.6, b=0.15, times=[0.5, 5.5, 23.5, 47.0], patients=20, wrong=wrong)
    mode, more = find_mode(problem), find_mode(problem, starts=30, seed=11)
    assert mode.converged.all() and (mode.ended == 8).all()
    assert mode.objective == pytest.approx(more.objective, abs=1e-9)
    assert mode.etas == pytest.approx(more.etas, abs=1e-9)


def made(predict: object, level: float = 100.0, *, error: ErrorModel | None = None, weight: float = 1.0) -> Problem:
    """Return a problem of one eta with omega 0.3 and a curve of the test's own."""
    own = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 1.0, 0.0) if error is None else error
    return Problem(("clearance",), np.array([[0.09]]), Levels.of(1.0, level, weight=weight), own, predict)  # type: ignore[arg-type]


def test_a_hilltop_is_no_answer() -> None:
    """f = 100 + 90 eta^2 with 130 measured has two minima and a hilltop at 0, where the first start stays."""
    problem = made(lambda etas: 100 + 90 * etas**2, 130.0)
    alone = find_mode(problem, starts=1)
    assert not alone.converged and not alone.on_boundary
    assert np.isnan(alone.covariance).all() and np.isnan(alone.step)
    assert (alone.etas, alone.ended, alone.distinct) == (0, 0, 0)
    both = find_mode(problem)
    assert both.converged and both.distinct == 2
    assert np.sort(both.minima[:, 0]) == pytest.approx([-abs(both.etas[0]), abs(both.etas[0])])
    assert both.rises == pytest.approx([0, 0], abs=1e-9)


def test_an_end_at_the_boundary_is_no_answer() -> None:
    """An error in proportion alone and a level of 0: log(v) falls for ever, 8 SDs of the prior are the end."""
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.0, 0.1)
    mode = find_mode(made(lambda etas: 100 * np.exp(-etas), 0.0, error=error, weight=1000.0))
    assert mode.on_boundary and not mode.converged
    assert mode.etas[0] == pytest.approx(8 * 0.3)


def test_a_curve_that_contradicts_its_own_derivative_ends_the_search() -> None:
    """The step leads up however short it is."""
    mode = find_mode(made(lambda etas: 150 * np.exp(-np.conj(etas))))
    assert not mode.converged and not mode.on_boundary


def test_a_search_that_is_cut_short_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = made(lambda etas: 200 * np.exp(-etas))
    monkeypatch.setattr(newton, "MOST_STEPS", 1)
    mode = find_mode(problem, starts=2)
    assert not mode.converged
    assert mode.iterations == 1
    monkeypatch.undo()
    assert find_mode(problem, starts=2).converged


def test_a_level_that_has_washed_out_to_nothing() -> None:
    """Its predicted variance is below the least float; the prior decides, and no number is lost."""
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.0, 0.1)
    mode = find_mode(made(lambda etas: 1e-200 * np.exp(-etas), 0.0, error=error))
    assert mode.converged
    assert mode.etas == pytest.approx([0], abs=1e-12)


def test_a_narrow_and_curved_valley(tmp_path: Path) -> None:
    """A level known to 0.1 ng/mL beside four etas: far better than any laboratory, and still an answer."""
    problem = stress(tmp_path, cv=0.6, b=0.15, times=[5.5], patients=3)
    exact = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.1, 0.0)
    mode = find_mode(Problem(problem.names, problem.omega, problem.levels, exact, problem.predict))
    assert mode.converged.all()
    assert problem.predict(mode.etas) == pytest.approx(problem.levels.level_ng_per_ml, abs=1e-3)


@pytest.mark.parametrize("starts", [0, -1, 2.5])
def test_what_is_no_count_of_starts(starts: object) -> None:
    with pytest.raises(RequestError, match="start"):
        find_mode(made(lambda etas: etas), starts=starts)  # type: ignore[arg-type]
